/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A string that is written as a stream (open_memstream(3)): for functions that write to a FILE when
 * the text must be measured, cut or kept. One text may be written again and again. */

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct text {
	FILE *out;   /* write here */
	char *bytes; /* see text_get */
	size_t len;
	struct text_limit *limit; /* NULL: none */
};

/* Begins an empty text; the caller releases it. */
void text_init(struct text *text);
void text_release(struct text *text);

/* The same for a sink that shows at most `columns` columns, of escaped text (escape.h): what is
 * written behind them is lost, and `out` has its error flag set (ferror(3)), so that escape_write
 * stops. A text that was cut ends with an ellipsis behind these columns; one of wide characters may
 * be wider, and whole. The struct must stay where it is. */
void text_init_within(struct text *text, int columns);

/* Drops what was written. Returns the stream for the new text. */
FILE *text_restart(struct text *text);

/* What was written since text_init or text_restart: a string of text->len bytes (plus NUL), also
 * in text->bytes. Valid until the next write. */
const char *text_get(struct text *text) __attribute__((returns_nonnull));

/* The same string, which the caller frees with free(); the text is released. */
char *text_take(struct text *text) __attribute__((returns_nonnull));

enum { TEXT_DIGITS = 20 }; /* of the largest number */

/* The decimal digits of a number, without leading zeros: a string at the end of `buffer`. printf(3)
 * takes three times as long. */
const char *text_digits(uint64_t number, char buffer[static TEXT_DIGITS + 1])
        __attribute__((returns_nonnull));

#define _cleanup_text_ _cleanup_(text_release)
