/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/pages/settings.h"

/* What the styles of a frame look like: on the 16 colours of a terminal's palette and its default
 * colours. Colour alone never tells anything: place, words and marks do. */

enum look_attribute {
	LOOK_BOLD = 1 << 0,
	LOOK_UNDERLINE = 1 << 1,
	LOOK_REVERSE = 1 << 2,
};

enum { LOOK_DEFAULT = -1 }; /* the terminal's own colour */

struct look {
	unsigned attributes; /* enum look_attribute, as bits */
	short foreground;    /* 0 to 15, or LOOK_DEFAULT */
	short background;
};

/* THEME_AUTO with the environment's COLORFGBG (NULL: not set) is THEME_DARK or THEME_LIGHT if that
 * tells of the background, else itself: it can be read on any. The others are themselves. */
enum theme theme_settle(enum theme theme, const char *colorfgbg);

/* With `colors` colours: none is THEME_MONO; below 16 the bright ones are the others in bold, and
 * THEME_CONTRAST, which needs them all, has none. */
struct look theme_look(enum theme theme, enum style style, int colors);
