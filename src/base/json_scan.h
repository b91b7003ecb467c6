/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reading JSON (RFC 8259) without a tree: a walk over its brackets, quotes and commas finds where
 * each value ends, in one pass and without memory. The inside of a value is checked only when the
 * number or the string in it is taken.
 *
 * No library, because of the time for a snapshot of 64 MiB (tests/bench/bench_snapshot): this
 * way it takes 1.05 s; jansson 2.14 takes 2.45 s only to parse each namespace and process. */

enum { JSON_SCAN_DEPTH_MAX = 64 };

struct json_scan {
	const char *text;
	size_t len;
	size_t at;
	const char *problem; /* after a call has failed: static text, what is wrong at `at` */
};

/* The place of a value, or of a key without its quotes. */
struct json_span {
	size_t start; /* offset in the text */
	size_t len;   /* never 0 for a value */
};

/* A walk over the inside of a span. */
struct json_scan json_scan_span(const char *text, const struct json_span *span);

/* Enters the object ('{') or array ('[') that begins here. Returns 0 or -EBADMSG. */
_must_check_ int json_scan_open(struct json_scan *scan, char bracket);

/* The next element of an array: returns 1; 0 at its end, which is passed; or -EBADMSG. The caller
 * sets *is_first to true before the first call. */
_must_check_ int json_scan_element(struct json_scan *scan, bool *is_first, struct json_span *ret);

/* The next member of an object, in the same way. The key is not decoded. */
_must_check_ int json_scan_member(struct json_scan *scan, bool *is_first, struct json_span *ret_key,
        struct json_span *ret_value);

/* Returns 0 if only white space is left, else -EBADMSG. */
_must_check_ int json_scan_end(struct json_scan *scan);

/* --- one value, as the text of its span; never of length 0 ----------------------------------- */

/* True for an object, a list or a string (the inside is not checked), a valid number, true, false
 * or null. */
bool json_scan_is_value(const char *value, size_t len);

/* Takes a whole number without fraction and exponent. Returns 0; -EINVAL: it is not one; -EDOM:
 * it is negative; -ERANGE: it is above INT64_MAX. */
_must_check_ int json_scan_number(const char *value, size_t len, uint64_t *ret);

/* Decodes a string (a value that begins with a quote) into `out`, without NUL at its end. It takes
 * fewer bytes than `len`: *ret_len. `out` may be NULL, to get only *ret_len, and may be `value`.
 * Returns NULL, or the problem: "not valid JSON", "not valid UTF-8", "a string contains a NUL". */
_must_check_ const char *json_scan_text(const char *value, size_t len, char *out, size_t *ret_len);
