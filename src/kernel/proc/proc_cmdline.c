/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc_cmdline.h"

#include <stdbool.h>
#include <string.h>

static const char ELLIPSIS[] = "\xe2\x80\xa6";

char *proc_cmdline_name(struct arena *arena, const char *text, size_t len, const char *comm)
{
	const size_t argument = strnlen(text, len);
	const char *name = text;
	const char *slash;
	size_t comm_len;
	char *brackets;

	if (argument > 0 && *name == '-')
		name++;
	slash = memrchr(name, '/', (size_t)(text + argument - name));
	if (slash)
		name = slash + 1;
	if (name < text + argument)
		return arena_copy(arena, name, (size_t)(text + argument - name));

	comm_len = strlen(comm);
	brackets = arena_alloc(arena, comm_len + 3);
	brackets[0] = '[';
	memcpy(brackets + 1, comm, comm_len);
	brackets[comm_len + 1] = ']';
	return brackets;
}

/* How many arguments there are; the last one may lack its NUL. */
static size_t count_arguments(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t at = 0; at < len; n++)
		at += strnlen(text + at, len - at) + 1;
	return n;
}

const char *const *proc_cmdline_split(struct arena *arena, const char *text, size_t len)
{
	const bool is_cut = len > PROC_CMDLINE_MAX;
	const size_t kept = is_cut ? PROC_CMDLINE_MAX : len;
	const size_t n = count_arguments(text, kept);
	const char **const arguments = arena_array(arena, n + 1, sizeof(*arguments));
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		const size_t argument = strnlen(text + at, kept - at);

		if (is_cut && i == n - 1) {
			char *const last = arena_alloc(arena, argument + sizeof(ELLIPSIS));

			memcpy(last, text + at, argument);
			memcpy(last + argument, ELLIPSIS, sizeof(ELLIPSIS));
			arguments[i] = last;
		} else {
			arguments[i] = arena_copy(arena, text + at, argument);
		}
		at += argument + 1;
	}
	return arguments;
}
