/* SPDX-License-Identifier: Apache-2.0 */
#include "base/shell_word.h"

#include "base/attributes.h"
#include "base/escape.h"

#include <stdlib.h>
#include <string.h>

bool shell_word_is_possible(const char *raw)
{
	_cleanup_free_ char *escaped = escape_text(raw);
	const char *c = escaped;

	for (; *raw && *c == *raw; raw++, c++) {
		if (*raw == '\\' && *++c != '\\')
			return false;
	}
	return !*raw && !*c;
}

bool shell_word_write(FILE *out, const char *raw)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789/._-";

	if (!shell_word_is_possible(raw))
		return false;
	if (!*raw)
		fputs("''", out);
	for (size_t n; *raw; raw += n) {
		n = strcspn(raw, "'\\");
		if (n && strspn(raw, plain) >= n) {
			fwrite(raw, 1, n, out);
		} else if (n) {
			fprintf(out, "'%.*s'", (int)n, raw);
		} else {
			fputs(*raw == '\'' ? "\"'\"" : "\"\\\\\"", out);
			n = 1;
		}
	}
	return true;
}
