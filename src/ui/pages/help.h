/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/input/keys.h"

/* The help: all rows of keys.def by mode, beginning with the mode that help was called from. */

struct help_line {
	enum key_mode mode;
	const struct key_row *row; /* NULL: the title of the mode */
};

struct help {
	struct help_line *lines;
	size_t n;
	size_t capacity;
};

/* Release it. */
void help_build(struct help *ret, enum key_mode from);
void help_release(struct help *help);

/* Draws the lines from `top` on. */
void help_draw(const struct help *help, struct frame *frame, const struct rect *rect, size_t top,
        bool is_ascii);
