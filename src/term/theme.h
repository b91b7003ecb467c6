/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/pages/settings.h"

/* How each style looks in each theme. The looks use the 16 colours of a terminal's palette and its
 * default colours. No fact is shown by colour alone: its place, a word or a mark shows it too. */

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
enum theme theme_resolve(enum theme theme, const char *colorfgbg);

/* Returns the look of a style on a terminal with this number of colours. Without colours every
 * theme is THEME_MONO; below 16, bright colours are the dark ones in bold, and THEME_CONTRAST,
 * which needs all 16, is THEME_MONO. */
struct look theme_look(enum theme theme, enum style style, int colors);
