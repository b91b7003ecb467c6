/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdio.h>

/* A string that is written as a stream, for what view/words.h writes. */

struct text {
	FILE *out;
	char *bytes;
	size_t len;
};

/* Begins one; release it at the end. */
void text_init(struct text *text);
void text_release(struct text *text);

/* What has been written so far; valid until the next writing. */
const char *text_get(struct text *text) __attribute__((returns_nonnull));

#define _cleanup_text_ __attribute__((cleanup(text_release)))
