/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* The lines that say why a view is a partial one: `partial view: 12 of 171 processes could not be
 * read (run as root to see all)`. */

enum { PARTIAL_LINES = 8, PARTIAL_SIZE = 160 };

struct partial {
	char lines[PARTIAL_LINES][PARTIAL_SIZE];
	size_t n; /* none for a whole view */
};

/* True for a note that limits the whole view, and so has a line there. */
bool partial_is_limit(const struct note *note);

void partial_write(const struct model *model, struct partial *ret);
