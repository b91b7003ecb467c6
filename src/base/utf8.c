/* SPDX-License-Identifier: Apache-2.0 */
#include "base/utf8.h"

#include "base/unicode_tables.h"

#include <limits.h>
#include <wchar.h>

enum { CHARACTER_MAX = 0x10ffff, SURROGATE_FIRST = 0xd800, SURROGATE_LAST = 0xdfff };

/* The smallest character of each length; a smaller one is an overlong form. */
static const char32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};

/* The bytes of a character whose first byte is `lead`; 0 if that begins no character. */
static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t utf8_decode(const char *bytes, size_t len, char32_t *ret_c)
{
	const unsigned char lead = (unsigned char)bytes[0];
	const size_t n = sequence_length(lead);

	if (n == 0 || n > len)
		return 0;
	char32_t c = n == 1 ? lead : lead & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		const unsigned char next = (unsigned char)bytes[i];

		if ((next & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (next & 0x3f);
	}
	if (c < smallest[n] || c > CHARACTER_MAX || (c >= SURROGATE_FIRST && c <= SURROGATE_LAST))
		return 0;
	*ret_c = c;
	return n;
}

size_t utf8_encode(char32_t c, char bytes[static 4])
{
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	const size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
	for (size_t i = n - 1; i > 0; i--) {
		bytes[i] = (char)(0x80 | (c & 0x3f));
		c >>= 6;
	}
	bytes[0] = (char)((0xf00u >> n & 0xff) | c);
	return n;
}

bool utf8_is_valid(const char *bytes, size_t len)
{
	char32_t c;

	for (size_t i = 0, n; i < len; i += n) {
		n = utf8_decode(bytes + i, len - i, &c);
		if (n == 0)
			return false;
	}
	return true;
}

/* --- classes of characters -------------------------------------------------------------------- */

_pure_ static bool is_in(char32_t c, const struct unicode_range *ranges, size_t n)
{
	const size_t i = LOWER_BOUND(n, at, ranges[at].last < c);

	return i < n && ranges[i].first <= c;
}

bool utf8_is_noncharacter(char32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

bool utf8_is_invisible(char32_t c)
{
	return is_in(c, unicode_invisible, ARRAY_SIZE(unicode_invisible));
}

bool utf8_is_combining(char32_t c)
{
	return c >= unicode_combining[0].first &&
	       is_in(c, unicode_combining, ARRAY_SIZE(unicode_combining));
}

/* --- columns ---------------------------------------------------------------------------------- */

/* The columns of the first character of `text`; its bytes in *ret_len. */
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

size_t utf8_clip(const char *text, size_t len, int columns, int *ret_columns)
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

int utf8_columns(const char *text, size_t len)
{
	int columns;

	utf8_clip(text, len, INT_MAX, &columns);
	return columns;
}

void utf8_locale_begin(struct utf8_locale *ret)
{
	*ret = (struct utf8_locale){.own = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0)};
	if (ret->own)
		ret->before = uselocale(ret->own);
}

void utf8_locale_end(struct utf8_locale *locale)
{
	if (!locale->own)
		return;
	uselocale(locale->before);
	freelocale(locale->own);
	*locale = (struct utf8_locale){0};
}
