/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* A string that is written like a file, again and again: for text that must be measured or cut
 * before it is written. */

struct scratch {
	FILE *file;
	char *text; /* valid from scratch_end to the next scratch_begin; NUL-terminated */
	size_t len;
};

void scratch_init(struct scratch *scratch);
void scratch_release(struct scratch *scratch);

/* Starts a new text: the stream to write it to. */
FILE *scratch_begin(struct scratch *scratch);

/* Ends it: `text` and `len` are there. */
void scratch_end(struct scratch *scratch);
