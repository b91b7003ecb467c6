/* SPDX-License-Identifier: Apache-2.0 */
#include "base/escape.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum {
	MARKS_MAX = 8,
	/* One byte becomes at most \xNN; other escapes are shorter for each byte. */
	GROWTH = 4,
	PIECE_MAX = sizeof("\\u{10ffff}"),
	RUN_MAX = 256, /* bytes that are written before the next look for an error */
};

#define ELLIPSIS "…"

struct escaper {
	char quote;
	bool ascii_only;
	int marks_left; /* combining marks that may follow the last character */
};

static const char digits[] = "0123456789abcdef";

static size_t write_byte(unsigned char byte, char out[static PIECE_MAX])
{
	memcpy(out, "\\x", 2);
	out[2] = digits[byte >> 4];
	out[3] = digits[byte & 0xf];
	return 4;
}

/* \u{NNNN}, with at least four digits. */
static size_t write_number(char32_t c, char out[static PIECE_MAX])
{
	const int n = c > 0xfffff ? 6 : c > 0xffff ? 5 : 4;

	memcpy(out, "\\u{", 3);
	for (int i = 0; i < n; i++)
		out[3 + i] = digits[c >> 4 * (n - 1 - i) & 0xf];
	out[3 + n] = '}';
	return (size_t)n + 4;
}

/* True if a character beyond ASCII needs no escape in this place. */
static bool is_fine(struct escaper *escaper, char32_t c)
{
	if (escaper->ascii_only || utf8_is_noncharacter(c) || utf8_is_invisible(c))
		return false;
	if (utf8_is_combining(c))
		return escaper->marks_left-- > 0;
	escaper->marks_left = MARKS_MAX;
	return true;
}

static size_t escape_ascii_byte(struct escaper *escaper, char c, char out[static PIECE_MAX])
{
	if (c < ' ' || c == 0x7f) {
		escaper->marks_left = 0;
		return write_byte((unsigned char)c, out);
	}
	size_t n = 0;
	if (c == '\\' || (escaper->quote && c == escaper->quote))
		out[n++] = '\\';
	out[n++] = c;
	escaper->marks_left = MARKS_MAX;
	return n;
}

/* Escapes the first character, or invalid byte, of `raw` into `out`. Returns the bytes written;
 * *ret_read is the bytes read. */
static size_t escape_next(struct escaper *escaper, const char *raw, size_t len,
        char out[static PIECE_MAX], size_t *ret_read)
{
	char32_t c;
	const size_t n = utf8_decode(raw, len, &c);

	*ret_read = n ? n : 1;
	if (n == 1)
		return escape_ascii_byte(escaper, raw[0], out);
	if (n > 1 && is_fine(escaper, c)) {
		memcpy(out, raw, n);
		return n;
	}
	escaper->marks_left = 0;
	return n ? write_number(c, out) : write_byte((unsigned char)raw[0], out);
}

/* How many bytes at the start of `raw` need no escape: most texts are nothing else. */
static size_t plain_len(struct escaper *escaper, const char *raw, size_t len)
{
	size_t n = 0;

	while (n < len && raw[n] >= ' ' && raw[n] <= '~' && raw[n] != '\\' &&
	        (!escaper->quote || raw[n] != escaper->quote))
		n++;
	if (n)
		escaper->marks_left = MARKS_MAX;
	return n;
}

static bool is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static bool is_lead(char c)
{
	return (unsigned char)c >= 0xc0;
}

/* How many bytes of a name are shown; no character is cut. */
static size_t name_len(const char *raw)
{
	size_t len = strnlen(raw, ESCAPE_NAME_MAX + 1);

	if (len <= ESCAPE_NAME_MAX)
		return len;
	for (len = ESCAPE_NAME_MAX; len > ESCAPE_NAME_MAX - 3 && is_continuation(raw[len]);)
		len--;
	return is_lead(raw[len]) ? len : ESCAPE_NAME_MAX;
}

void escape_write(FILE *out, const char *raw, size_t len, char quote)
{
	struct escaper escaper = {.quote = quote};
	char run[RUN_MAX];
	size_t i = 0;

	/* Streams are slow for a few bytes each. */
	do {
		size_t used = 0;

		for (size_t n; i < len && used + PIECE_MAX <= sizeof(run); i += n) {
			n = plain_len(&escaper, raw + i, MIN(len - i, sizeof(run) - used));
			memcpy(run + used, raw + i, n);
			used += n ? n : escape_next(&escaper, raw + i, len - i, run + used, &n);
		}
		fwrite(run, 1, used, out);
	} while (i < len && !ferror(out));
}

void escape_write_name(FILE *out, const char *raw, char quote)
{
	const size_t len = name_len(raw);

	escape_write(out, raw, len, quote);
	if (raw[len])
		fputs(ELLIPSIS, out);
}

void escape_write_ascii(FILE *out, const char *escaped, size_t len)
{
	for (size_t i = 0, n; i < len; i += n ? n : 1) {
		char32_t c;

		n = utf8_decode(escaped + i, len - i, &c);
		if (n > 1)
			fprintf(out, "\\u{%04x}", (unsigned)c);
		else if (n)
			fputc(escaped[i], out);
	}
}

/* Bytes of the character or escape (`\\`, `\"`, `\xNN`, `\u{NNNN}`) at the start of `text`, and how
 * many characters are seen. */
static size_t piece_length(const char *text, size_t len, size_t *ret_characters)
{
	size_t n = 1;
	char32_t c;

	*ret_characters = 1;
	if (text[0] != '\\') {
		if ((unsigned char)text[0] >= 0x80)
			n = utf8_decode(text, len, &c);
		return n ? n : 1;
	}
	if (len >= 4 && text[1] == 'x') {
		n = 4;
	} else if (len >= 3 && text[1] == 'u' && text[2] == '{') {
		const char *end = memchr(text, '}', len);

		n = end ? (size_t)(end - text) + 1 : len;
	} else {
		n = len < 2 ? len : 2;
	}
	*ret_characters = n;
	return n;
}

void escape_write_cut(FILE *out, const char *escaped, size_t len, size_t most, const char *ellipsis)
{
	size_t at = 0;
	size_t characters = 0;

	/* No text has more characters than bytes. */
	if (len <= most)
		at = len;
	while (at < len) {
		size_t wide;
		const size_t n = piece_length(escaped + at, len - at, &wide);

		if (characters + wide > most)
			break;
		characters += wide;
		at += n;
	}
	fwrite(escaped, 1, at, out);
	if (at < len)
		fputs(ellipsis, out);
}

/* Escapes `len` bytes of `raw`, and puts the string `end` behind them. */
static char *escape_string(const char *raw, size_t len, bool ascii_only, const char *end)
{
	struct escaper escaper = {.ascii_only = ascii_only};
	char piece[PIECE_MAX];
	size_t used = 0;

	if (len && !*end && plain_len(&escaper, raw, len) == len)
		return memory_strdup(raw);
	escaper.marks_left = 0;
	if (len > (SIZE_MAX - sizeof(ELLIPSIS)) / GROWTH)
		memory_exhausted();
	char *text = memory_new(len * GROWTH + sizeof(ELLIPSIS));
	for (size_t i = 0, n; i < len; i += n) {
		n = plain_len(&escaper, raw + i, len - i);
		if (n) {
			memcpy(text + used, raw + i, n);
			used += n;
			continue;
		}
		const size_t written = escape_next(&escaper, raw + i, len - i, piece, &n);

		memcpy(text + used, piece, written);
		used += written;
	}
	memcpy(text + used, end, strlen(end));
	return text;
}

char *escape_text(const char *raw)
{
	return escape_string(raw, raw ? strlen(raw) : 0, false, "");
}

char *escape_name(const char *raw)
{
	const size_t len = raw ? name_len(raw) : 0;

	return escape_string(raw, len, false, len && raw[len] ? ELLIPSIS : "");
}

char *escape_ascii(const char *raw)
{
	return escape_string(raw, raw ? strlen(raw) : 0, true, "");
}
