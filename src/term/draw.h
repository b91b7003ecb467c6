/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/pages/settings.h"

/* Frames onto the screen of curses. */

struct draw {
	struct frame shown; /* what stands there; rows 0: unknown */
	int colors;         /* that may be used */
	struct drawn_look {
		unsigned long attributes; /* curses's */
		short pair;
	} looks[STYLES];
	int cursor_visibility; /* as given to curs_set; -1: unknown */
};

/* Prepares the colours of the screen that curses has just taken. */
void draw_init(struct draw *draw, bool is_color, enum theme theme);
void draw_release(struct draw *draw);

/* The next frame looks so. */
void draw_set_theme(struct draw *draw, enum theme theme);

/* Writes what differs from the frame before. */
void draw_frame(struct draw *draw, const struct frame *frame);

/* The screen holds something else: the next frame is written as a whole. */
void draw_forget(struct draw *draw);
