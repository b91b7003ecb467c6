/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_scan.h"

#include "base/utf8.h"

#include <errno.h>
#include <string.h>

static const char ends_early[] = "unexpected end of the snapshot";
static const char not_json[] = "not valid JSON";

static int fail(struct json_scan *scan, const char *problem)
{
	scan->problem = problem;
	return -EBADMSG;
}

struct json_scan json_scan_span(const char *text, const struct json_span *span)
{
	return (struct json_scan){.text = text, .len = span->start + span->len, .at = span->start};
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static void skip_space(struct json_scan *scan)
{
	while (scan->at < scan->len && is_space(scan->text[scan->at]))
		scan->at++;
}

/* Skips white space. Returns the next character; -EBADMSG at the end of the text. */
static int peek(struct json_scan *scan)
{
	skip_space(scan);
	if (scan->at == scan->len)
		return fail(scan, ends_early);
	return (unsigned char)scan->text[scan->at];
}

int json_scan_open(struct json_scan *scan, char bracket)
{
	const int c = peek(scan);

	if (c < 0)
		return c;
	if (c != bracket)
		return fail(scan, bracket == '{' ? "an object is missing" : "a list is missing");
	scan->at++;
	return 0;
}

/* From the opening quote to after the closing one. */
static int skip_string(struct json_scan *scan)
{
	const char *const text = scan->text;

	for (size_t i = scan->at + 1; i < scan->len; i++) {
		if (text[i] == '\\') {
			i++;
		} else if (text[i] == '"') {
			scan->at = i + 1;
			return 0;
		}
	}
	scan->at = scan->len;
	return fail(scan, ends_early);
}

/* The open brackets: a bit each, the innermost in the lowest, 1 for an object. */
struct nesting {
	uint64_t objects;
	unsigned depth;
};

static int nest(struct json_scan *scan, struct nesting *nesting, char c)
{
	if (c == '{' || c == '[') {
		if (nesting->depth == JSON_SCAN_DEPTH_MAX)
			return fail(scan, "nested deeper than 64");
		nesting->objects = nesting->objects << 1 | (c == '{');
		nesting->depth++;
		return 0;
	}
	if ((nesting->objects & 1) != (c == '}'))
		return fail(scan, "mismatched bracket");
	nesting->objects >>= 1;
	nesting->depth--;
	return 0;
}

/* The characters that change the nesting or begin a string. */
static const bool is_special[256] = {
        ['"'] = true,
        ['{'] = true,
        ['['] = true,
        ['}'] = true,
        [']'] = true,
};

static int skip_container(struct json_scan *scan)
{
	struct nesting nesting = {0, 0};

	for (;;) {
		size_t at = scan->at;

		while (at < scan->len && !is_special[(unsigned char)scan->text[at]])
			at++;
		scan->at = at;
		if (at == scan->len)
			return fail(scan, ends_early);
		const bool is_string = scan->text[at] == '"';
		const int r = is_string ? skip_string(scan) : nest(scan, &nesting, scan->text[at]);
		if (r < 0)
			return r;
		if (is_string)
			continue;
		scan->at++;
		if (nesting.depth == 0)
			return 0;
	}
}

/* A number, true, false or null: to the next character that cannot be part of one. */
static int skip_scalar(struct json_scan *scan)
{
	const size_t start = scan->at;

	while (scan->at < scan->len && !is_space(scan->text[scan->at]) &&
	        !memchr(",:]}[{\"", scan->text[scan->at], 7))
		scan->at++;
	if (scan->at == start)
		return fail(scan, "a value is missing");
	return 0;
}

static int scan_value(struct json_scan *scan, struct json_span *ret)
{
	struct json_span span;
	const int c = peek(scan);
	int r;

	if (c < 0)
		return c;
	span.start = scan->at;
	if (c == '{' || c == '[')
		r = skip_container(scan);
	else if (c == '"')
		r = skip_string(scan);
	else
		r = skip_scalar(scan);
	if (r < 0)
		return r;
	span.len = scan->at - span.start;
	*ret = span;
	return 0;
}

/* Skips what precedes an element. Returns 1 if one follows, 0 after the closing bracket. */
static int scan_separator(struct json_scan *scan, char close, bool *is_first)
{
	const int c = peek(scan);

	if (c < 0)
		return c;
	if (c == close) {
		scan->at++;
		return 0;
	}
	if (!*is_first) {
		if (c != ',')
			return fail(scan, "a comma is missing");
		scan->at++;
	}
	*is_first = false;
	return 1;
}

int json_scan_element(struct json_scan *scan, bool *is_first, struct json_span *ret)
{
	const int more = scan_separator(scan, ']', is_first);

	if (more <= 0)
		return more;
	const int r = scan_value(scan, ret);
	return r < 0 ? r : 1;
}

int json_scan_member(struct json_scan *scan, bool *is_first, struct json_span *ret_key,
        struct json_span *ret_value)
{
	const int more = scan_separator(scan, '}', is_first);
	int r;

	if (more <= 0)
		return more;
	r = peek(scan);
	if (r < 0)
		return r;
	if (r != '"')
		return fail(scan, "a key is missing");
	const size_t start = scan->at + 1;
	r = skip_string(scan);
	if (r < 0)
		return r;
	*ret_key = (struct json_span){.start = start, .len = scan->at - 1 - start};
	r = peek(scan);
	if (r < 0)
		return r;
	if (r != ':')
		return fail(scan, "a colon is missing");
	scan->at++;
	r = scan_value(scan, ret_value);
	return r < 0 ? r : 1;
}

int json_scan_end(struct json_scan *scan)
{
	skip_space(scan);
	return scan->at == scan->len ? 0 : fail(scan, "data after the snapshot");
}

/* --- numbers --------------------------------------------------------------------------------- */

static size_t count_digits(const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* The length of the whole number at the start of `text`, 0 if there is none. */
static size_t whole_length(const char *text, size_t len)
{
	const size_t sign = len > 0 && text[0] == '-';
	const size_t digits = count_digits(text + sign, len - sign);

	return digits == 0 || (digits > 1 && text[sign] == '0') ? 0 : sign + digits;
}

static bool is_number(const char *text, size_t len)
{
	size_t at = whole_length(text, len), digits;

	if (at == 0)
		return false;
	if (at < len && text[at] == '.') {
		digits = count_digits(text + at + 1, len - at - 1);
		if (digits == 0)
			return false;
		at += 1 + digits;
	}
	if (at < len && (text[at] == 'e' || text[at] == 'E')) {
		at++;
		at += at < len && (text[at] == '+' || text[at] == '-');
		digits = count_digits(text + at, len - at);
		if (digits == 0)
			return false;
		at += digits;
	}
	return at == len;
}

bool json_scan_is_value(const char *value, size_t len)
{
	static const char *const words[] = {"true", "false", "null"};

	if (memchr("{[\"", value[0], 3))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strlen(words[i]) == len && memcmp(words[i], value, len) == 0)
			return true;
	}
	return is_number(value, len);
}

int json_scan_number(const char *value, size_t len, uint64_t *ret)
{
	uint64_t number = 0;

	if (whole_length(value, len) != len)
		return -EINVAL;
	if (value[0] == '-')
		return -EDOM;
	for (size_t i = 0; i < len; i++) {
		const unsigned digit = (unsigned)(value[i] - '0');

		if (number > ((uint64_t)INT64_MAX - digit) / 10)
			return -ERANGE;
		number = number * 10 + digit;
	}
	*ret = number;
	return 0;
}

/* --- strings --------------------------------------------------------------------------------- */

/* The number of the \uXXXX at the start of `text`, -1 if there is none. */
static int32_t take_unit(const char *text, size_t len)
{
	int32_t unit = 0;

	if (len < 6 || text[0] != '\\' || text[1] != 'u')
		return -1;
	for (size_t i = 2; i < 6; i++) {
		const char c = text[i];

		if (c >= '0' && c <= '9')
			unit = unit * 16 + (c - '0');
		else if ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'))
			unit = unit * 16 + ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return unit;
}

/* Both decode what stands at the start of `text`: *ret_c is the character, *ret_n its bytes there.
 * They return NULL or the problem. */
static const char *take_unicode(const char *text, size_t len, char32_t *ret_c, size_t *ret_n)
{
	const int32_t unit = take_unit(text, len);

	if (unit < 0 || (unit >= 0xdc00 && unit <= 0xdfff))
		return not_json;
	if (unit == 0)
		return "a string contains a NUL";
	*ret_c = (char32_t)unit;
	*ret_n = 6;
	if (unit < 0xd800 || unit > 0xdfff)
		return NULL;
	const int32_t low = take_unit(text + 6, len - 6);
	if (low < 0xdc00 || low > 0xdfff)
		return not_json;
	*ret_c = (char32_t)(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
	*ret_n = 12;
	return NULL;
}

static const char *take_character(const char *text, size_t len, char32_t *ret_c, size_t *ret_n)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";

	if (text[0] != '\\') {
		*ret_n = utf8_decode(text, len, ret_c);
		return *ret_n == 0 ? "not valid UTF-8" : *ret_c < 0x20 ? not_json : NULL;
	}
	if (len < 2 || text[1] == 'u')
		return take_unicode(text, len, ret_c, ret_n);
	const char *letter = memchr(letters, text[1], sizeof(letters) - 1);
	if (!letter)
		return not_json;
	*ret_c = (char32_t)meanings[letter - letters];
	*ret_n = 2;
	return NULL;
}

const char *json_scan_text(const char *value, size_t len, char *out, size_t *ret_len)
{
	const size_t end = len - 1;
	size_t n = 0;

	for (size_t i = 1, taken; i < end; i += taken) {
		char bytes[4];
		char32_t c;
		const char *problem = take_character(value + i, end - i, &c, &taken);

		if (problem)
			return problem;
		const size_t written = utf8_encode(c, bytes);
		if (out)
			memcpy(out + n, bytes, written);
		n += written;
	}
	*ret_len = n;
	return NULL;
}
