/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/input/keys.h"

/* The keys, from the one table: first those that work where help was called from. */

/* How many lines it has. */
size_t help_count(enum key_mode from);

/* Draws it, from line `top` on, into the rows of `rect`. */
void help_draw(struct frame *frame, const struct rect *rect, enum key_mode from, size_t top,
        bool is_ascii);
