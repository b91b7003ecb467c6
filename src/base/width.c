/* SPDX-License-Identifier: Apache-2.0 */
#include "base/width.h"

#include "base/utf8.h"

#include <limits.h>
#include <wchar.h>

/* Columns of the character that `text` begins with, *ret_len its bytes. */
static int next_columns(const char *text, size_t len, size_t *ret_len)
{
	char32_t c;

	*ret_len = 1;
	if ((unsigned char)text[0] < 0x80)
		return 1;
	const size_t n = utf8_decode(text, len, &c);
	if (n == 0)
		return 1;
	*ret_len = n;
	const int columns = wcwidth((wchar_t)c);
	return columns < 0 ? 1 : columns;
}

size_t width_clip(const char *text, size_t len, int columns, int *ret_columns)
{
	int used = 0;
	size_t i = 0;

	for (size_t n; i < len; i += n) {
		const int wanted = next_columns(text + i, len - i, &n);

		if (wanted > columns - used)
			break;
		used += wanted;
	}
	if (ret_columns)
		*ret_columns = used;
	return i;
}

int width_columns(const char *text, size_t len)
{
	int columns;

	width_clip(text, len, INT_MAX, &columns);
	return columns;
}
