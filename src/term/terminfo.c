/* SPDX-License-Identifier: Apache-2.0 */
#include "term/terminfo.h"

/* clang-format off: term.h needs curses.h */
#include <curses.h>
#include <term.h>
/* clang-format on */

#include <string.h>

/* tigetstr takes a char * that it does not write to. */
const char *terminfo_string(const char *name)
{
	union {
		const char *in;
		char *out;
	} pointer = {.in = name};
	const char *value = tigetstr(pointer.out);

	return value == (const char *)-1 ? NULL : value;
}

const char *terminfo_region(int rows)
{
	const char *region = terminfo_string("csr");

	return region ? tiparm(region, 0, rows - 1) : NULL;
}

bool terminfo_is_usable(int output)
{
	int error;

	if (setupterm(NULL, output, &error) != OK)
		return false;
	const bool is_usable = terminfo_string("cup");
	del_curterm(cur_term);
	return is_usable;
}

size_t terminfo_bytes(const char *string, char *ret, size_t size)
{
	size_t n = 0;

	while (string && *string && n < size) {
		const char *end = strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;

		if (end)
			string = end + 1;
		else
			ret[n++] = *string++;
	}
	return n;
}

bool terminfo_is_ansi(void)
{
	const char *address = terminfo_string("cup");

	return address && strncmp(address, "\033[", 2) == 0;
}
