/* SPDX-License-Identifier: Apache-2.0 */
#include "view/needle.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

/* The character at the start of `text`, and its bytes; a byte that is not UTF-8 counts as one. */
static char32_t character(const char *text, size_t len, size_t *ret_n)
{
	char32_t c;

	*ret_n = utf8_decode(text, len, &c);
	if (*ret_n)
		return c;
	*ret_n = 1;
	return (unsigned char)*text;
}

bool needle_is_exact(const char *query)
{
	const size_t len = strlen(query);

	for (size_t i = 0, n; i < len; i += n) {
		if (iswupper((wint_t)character(query + i, len - i, &n)))
			return true;
	}
	return false;
}

void needle_set(struct needle *needle, enum needle_kind kind, const char *text)
{
	needle_release(needle);
	*needle = (struct needle){
	        .text = memory_strdup(text),
	        .len = strlen(text),
	        .kind = kind,
	        .is_exact = needle_is_exact(text),
	};
}

void needle_release(struct needle *needle)
{
	free(needle->text);
	*needle = (struct needle){0};
}

/* The bytes of the needle at the start of `text`; 0 if it is not there. */
static size_t match(const struct needle *needle, const char *text, size_t len)
{
	size_t i = 0, k = 0;

	while (k < needle->len) {
		size_t wanted_n, n;

		if (i == len)
			return 0;
		const char32_t wanted = character(needle->text + k, needle->len - k, &wanted_n);
		const char32_t c = character(text + i, len - i, &n);
		if (c != wanted &&
		        (needle->is_exact || towlower((wint_t)c) != towlower((wint_t)wanted)))
			return 0;
		i += n;
		k += wanted_n;
	}
	return i;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* True if numbers end where the needle's kind wants it. */
static bool is_whole(
        const struct needle *needle, const char *text, size_t len, size_t start, size_t end)
{
	if (needle->kind == NEEDLE_TEXT)
		return true;
	if (end < len && is_digit(text[end]))
		return false;
	return needle->kind == NEEDLE_END || !start || !is_digit(text[start - 1]);
}

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* The first byte at or after `from` at which the needle may begin. Most texts are ASCII, and are
 * not decoded; other characters may be the same but for case. */
static size_t skip(const struct needle *needle, const char *text, size_t len, size_t from)
{
	const unsigned char first = lower(*needle->text);

	while (first < 0x80 && from < len && (unsigned char)text[from] < 0x80 &&
	        lower(text[from]) != first)
		from++;
	return from;
}

bool needle_find(const struct needle *needle, const char *text, size_t len, size_t from,
        size_t *ret_start, size_t *ret_len)
{
	for (size_t i = from, n; needle->len; i += n) {
		i = skip(needle, text, len, i);
		if (i >= len)
			return false;
		const size_t found = match(needle, text + i, len - i);

		if (found && is_whole(needle, text, len, i, i + found)) {
			*ret_start = i;
			*ret_len = found;
			return true;
		}
		character(text + i, len - i, &n);
	}
	return false;
}
