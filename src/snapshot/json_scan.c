/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/json_scan.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

static const char ends_early[] = "unexpected end of the snapshot";

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

/* The character here after white space; -EBADMSG at the end of the text. */
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

/* From the opening quote to behind the closing one. */
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

/* What is open, innermost in the lowest bit: 1 for an object. */
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

/* The characters that matter outside strings. */
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

/* A number or word: to the next character that cannot be in one. */
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

/* Before an element: 1 if one comes, 0 if the list is closed. */
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
