/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* A walk over JSON text by its brackets, quotes and commas alone: finds where a value ends, in one
 * pass and without memory, so that no tree of it is needed.
 * What is inside a value (numbers, escapes, UTF-8) is the parser's to judge. */

enum { JSON_SCAN_DEPTH_MAX = 64 };

struct json_scan {
	const char *text;
	size_t len;
	size_t at;
	const char *problem; /* static words, once a call has failed: what is wrong at `at` */
};

/* A value, or the inside of a key. */
struct json_span {
	size_t start; /* offset in the text */
	size_t len;   /* never 0 for a value */
};

/* A walk over the inside of a span. */
struct json_scan json_scan_span(const char *text, const struct json_span *span);

/* Goes into the object ('{') or array ('[') that begins here. 0 or -EBADMSG. */
_must_check_ int json_scan_open(struct json_scan *scan, char bracket);

/* The next element of an array: 1 and the element, 0 and past the end of the array, or
 * -EBADMSG. `*is_first` is true before the first call. */
_must_check_ int json_scan_element(struct json_scan *scan, bool *is_first, struct json_span *ret);

/* The next member of an object, likewise. The key is as it is written, without its quotes. */
_must_check_ int json_scan_member(struct json_scan *scan, bool *is_first, struct json_span *ret_key,
        struct json_span *ret_value);

/* Nothing but white space is left: 0, else -EBADMSG. */
_must_check_ int json_scan_end(struct json_scan *scan);
