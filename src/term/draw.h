/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/frame.h"

/* Frames onto the screen of curses. */

struct draw {
	struct frame shown; /* what stands there; rows 0: unknown */
	bool is_color;
	int cursor_visibility; /* as given to curs_set; -1: unknown */
};

/* Prepares the colours of the screen that curses has just taken. */
void draw_init(struct draw *draw, bool is_color);
void draw_release(struct draw *draw);

/* Writes what differs from the frame before. */
void draw_frame(struct draw *draw, const struct frame *frame);

/* The screen holds something else: the next frame is written as a whole. */
void draw_forget(struct draw *draw);
