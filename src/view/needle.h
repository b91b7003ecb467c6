/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What is searched for, found again in a text as it is shown. */

enum needle_kind {
	NEEDLE_TEXT, /* anywhere; case matters if it has a capital letter */
	NEEDLE_PID,  /* digits: a whole number */
	NEEDLE_END,  /* digits: the end of a number */
};

/* A zeroed one is found nowhere. */
struct needle {
	char *text;
	size_t len;
	enum needle_kind kind;
	bool is_exact; /* case matters */
};

/* Sets the text (UTF-8, copied), and releases the one before: `needle` must be zeroed or set. The
 * caller releases it; it is zeroed then. */
void needle_set(struct needle *needle, enum needle_kind kind, const char *text);
void needle_release(struct needle *needle);

/* True if case matters: the query has a capital letter. */
bool needle_is_exact(const char *query);

/* The first place at or after byte `from`, where a character starts, of `text` (UTF-8, of `len`
 * bytes): false if there is none. Its length in bytes may be another one than that of the needle,
 * if case does not matter. */
bool needle_find(const struct needle *needle, const char *text, size_t len, size_t from,
        size_t *ret_start, size_t *ret_len);
