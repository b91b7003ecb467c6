/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/pages/settings.h"

/* Draws frames on the screen of ncurses, and knows how each style looks. */

/* --- themes ----------------------------------------------------------------------------------- */

/* The looks use the 16 colours of a terminal's palette and its default colours. No fact is shown by
 * colour alone: its place, a word or a mark says the same. */

enum look_attribute {
	LOOK_BOLD = 1 << 0,
	LOOK_UNDERLINE = 1 << 1,
	LOOK_REVERSE = 1 << 2,
};

enum { LOOK_DEFAULT = -1 }; /* the default colour of the terminal */

struct look {
	unsigned attributes; /* bits of enum look_attribute */
	short foreground;    /* 0 to 15, or LOOK_DEFAULT */
	short background;
};

/* Resolves THEME_AUTO by the value of the environment variable COLORFGBG (NULL: not set): returns
 * THEME_DARK or THEME_LIGHT if that names the background, else THEME_AUTO, which is readable on
 * any. Returns each other theme as it is. */
enum theme screen_resolve_theme(enum theme theme, const char *colorfgbg);

/* Returns the look of a style on a terminal with this number of colours. Without colours every
 * theme is THEME_MONO; below 16, bright colours are the dark ones in bold, and THEME_CONTRAST,
 * which needs all 16, is THEME_MONO. */
struct look screen_look(enum theme theme, enum style style, int colors);

/* --- drawing ---------------------------------------------------------------------------------- */

/* (ncurses has a struct screen.) */
struct term_screen {
	int colors; /* how many may be used */
	struct drawn_look {
		unsigned long attributes; /* attr_t of ncurses */
		short pair;
	} looks[STYLES];
	int cursor_visibility; /* last argument of curs_set(3X); -1: unknown */
};

/* Prepares the colours of the screen that newterm(3X) made. */
void screen_init(struct term_screen *screen, bool is_color, enum theme theme);

/* From the next frame on. */
void screen_set_theme(struct term_screen *screen, enum theme theme);

/* Draws a frame: ncurses writes what differs from the frame before. */
void screen_draw(struct term_screen *screen, const struct frame *frame);

/* The terminal shows something else now: the next frame is written whole. */
void screen_invalidate(struct term_screen *screen);
