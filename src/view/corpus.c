/* SPDX-License-Identifier: Apache-2.0 */
#include "view/corpus.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <wctype.h>

void corpus_release(struct corpus *corpus)
{
	free(corpus->text);
	free(corpus->starts);
	*corpus = (struct corpus){0};
}

/* --- writing ------------------------------------------------------------------------------ */

/* Where the next bytes go: there is room for `len`. */
static char *reserve(struct corpus *corpus, size_t len)
{
	if (corpus->len + len > corpus->capacity)
		corpus->text = memory_grow(corpus->text, &corpus->capacity, corpus->len + len, 1);
	return corpus->text + corpus->len;
}

void corpus_begin(struct corpus *corpus)
{
	MEMORY_APPEND(corpus->starts, corpus->n, corpus->starts_capacity) = corpus->len;
}

void corpus_end(struct corpus *corpus)
{
	corpus_add_char(corpus, '\0');
}

void corpus_add(struct corpus *corpus, const char *bytes, size_t len)
{
	/* The text may be NULL still: memcpy(3) takes none, not even of length 0. */
	if (len == 0)
		return;
	memcpy(reserve(corpus, len), bytes, len);
	corpus->len += len;
}

void corpus_add_char(struct corpus *corpus, char c)
{
	*reserve(corpus, 1) = c;
	corpus->len++;
}

void corpus_add_number(struct corpus *corpus, uint64_t number)
{
	char buffer[TEXT_DIGITS + 1];
	const char *const digits = text_digits(number, buffer);

	corpus_add(corpus, digits, (size_t)(buffer + TEXT_DIGITS - digits));
}

/* Most texts are plain ASCII, which needs no escaping. */
void corpus_add_text(struct corpus *corpus, const char *raw)
{
	const size_t len = raw ? strnlen(raw, ESCAPE_NAME_MAX + 1) : 0;
	char *to = reserve(corpus, len + 1);
	size_t n = 0;

	for (; n < len && len <= ESCAPE_NAME_MAX && raw[n] >= ' ' && raw[n] <= '~' &&
	        raw[n] != '\\';
	        n++)
		to[n] = raw[n];
	if (n == len) {
		corpus->len += len;
		return;
	}
	_cleanup_free_ char *text = escape_name(raw);
	corpus_add(corpus, text, strlen(text));
}

/* --- lower case --------------------------------------------------------------------------- */

/* A char has no sign on some machines. */
static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The ASCII characters at the start of the text. Returns how many. */
static size_t add_lower_ascii(struct corpus *corpus, const char *text, size_t len)
{
	char *to = reserve(corpus, len);
	size_t n = 0;

	for (; n < len && is_ascii(text[n]); n++)
		to[n] = lower(text[n]);
	corpus->len += n;
	return n;
}

static void add_lower(struct corpus *corpus, const char *text, size_t len)
{
	for (size_t i = 0, n; i < len; i += n) {
		char bytes[5];
		char32_t wide;

		if (is_ascii(text[i])) {
			n = add_lower_ascii(corpus, text + i, len - i);
		} else if ((n = utf8_decode(text + i, len - i, &wide)) > 0) {
			corpus_add(corpus, bytes, utf8_encode(towlower((wint_t)wide), bytes));
		} else {
			corpus_add_char(corpus, text[i]);
			n = 1;
		}
	}
}

/* The texts keep their places. */
static void lower_ascii(const struct corpus *corpus, struct corpus *ret)
{
	const char *const from = corpus->text;
	char *to = reserve(ret, corpus->len + 1);

	for (size_t i = 0; i < corpus->len; i++)
		to[i] = lower(from[i]);
	ret->len = corpus->len;
	ret->starts = memory_grow(NULL, &ret->starts_capacity, corpus->n + 1, sizeof(*ret->starts));
	if (corpus->n)
		memcpy(ret->starts, corpus->starts, corpus->n * sizeof(*ret->starts));
	ret->n = corpus->n;
}

void corpus_lower(const struct corpus *corpus, struct corpus *ret)
{
	unsigned char all = 0;

	for (size_t i = 0; i < corpus->len; i++)
		all |= (unsigned char)corpus->text[i];
	if (all < 0x80) {
		lower_ascii(corpus, ret);
		return;
	}
	for (size_t i = 0; i < corpus->n; i++) {
		const size_t end = i + 1 < corpus->n ? corpus->starts[i + 1] : corpus->len;

		corpus_begin(ret);
		add_lower(ret, corpus->text + corpus->starts[i], end - corpus->starts[i]);
	}
}

/* --- finding ------------------------------------------------------------------------------ */

void corpus_find(const struct corpus *corpus, const char *needle, size_t len, bool *hits)
{
	size_t entry = 0;

	if (!corpus->n)
		return;
	const char *end = corpus->text + corpus->len;
	memset(hits, 0, corpus->n * sizeof(*hits));
	while (entry < corpus->n) {
		const char *from = corpus->text + corpus->starts[entry];
		const char *found = memmem(from, (size_t)(end - from), needle, len);

		if (!found)
			return;
		while (entry + 1 < corpus->n && corpus->text + corpus->starts[entry + 1] <= found)
			entry++;
		hits[entry++] = true;
	}
}

const char *corpus_get(const struct corpus *corpus, size_t i)
{
	return corpus->text + corpus->starts[i];
}
