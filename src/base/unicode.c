/* SPDX-License-Identifier: Apache-2.0 */
#include "base/unicode.h"

#include "base/unicode_tables.h"

_pure_ static bool is_in(char32_t c, const struct unicode_range *ranges, size_t n)
{
	const size_t i = LOWER_BOUND(n, at, ranges[at].last < c);

	return i < n && ranges[i].first <= c;
}

bool unicode_is_noncharacter(char32_t c)
{
	return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

bool unicode_is_invisible(char32_t c)
{
	return is_in(c, unicode_invisible, ARRAY_SIZE(unicode_invisible));
}

bool unicode_is_combining(char32_t c)
{
	return c >= unicode_combining[0].first &&
	       is_in(c, unicode_combining, ARRAY_SIZE(unicode_combining));
}
