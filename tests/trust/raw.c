/* SPDX-License-Identifier: Apache-2.0 */

/* Counts what no output may have: control characters but newlines, bytes that are not UTF-8, C1,
 * characters that are not seen, noncharacters, and combining marks after the 8th.
 *
 * usage: raw <FILE     prints the number */

#include "base/descriptors.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MARKS_MAX = 8 };

static bool is_raw(char32_t c, int marks)
{
	return (c < ' ' && c != '\n') || (c >= 0x7f && c <= 0x9f) || utf8_is_noncharacter(c) ||
	       utf8_is_invisible(c) || marks > MARKS_MAX;
}

int main(void)
{
	size_t len, n_raw = 0;
	char *text;
	int marks = 0;
	char32_t c;

	if (descriptors_read_all(STDIN_FILENO, 1 << 28, NULL, &text, &len) < 0)
		return EXIT_FAILURE;
	for (size_t i = 0, n; i < len; i += n ? n : 1) {
		n = utf8_decode(text + i, len - i, &c);
		marks = n && utf8_is_combining(c) ? marks + 1 : 0;
		n_raw += !n || is_raw(c, marks);
	}
	printf("%zu\n", n_raw);
	free(text);
	return EXIT_SUCCESS;
}
