/* SPDX-License-Identifier: Apache-2.0 */
#include "term/theme.h"

#include <stdlib.h>
#include <string.h>

/* The palette, in its order. */
enum {
	BLACK,
	RED,
	GREEN,
	YELLOW,
	BLUE,
	MAGENTA,
	CYAN,
	WHITE,
	BRIGHT,
	BRIGHT_RED = BRIGHT + RED,
	BRIGHT_GREEN = BRIGHT + GREEN,
	BRIGHT_YELLOW = BRIGHT + YELLOW,
	BRIGHT_MAGENTA = BRIGHT + MAGENTA,
	BRIGHT_CYAN = BRIGHT + CYAN,
	BRIGHT_WHITE = BRIGHT + WHITE,
	PALETTE = 16,
};

#define LOOK(attributes, foreground, background)                                                   \
	{                                                                                          \
		attributes, foreground, background                                                 \
	}
#define PLAIN             LOOK(0, LOOK_DEFAULT, LOOK_DEFAULT)
#define WITH(attributes)  LOOK(attributes, LOOK_DEFAULT, LOOK_DEFAULT)
#define IN(color)         LOOK(0, color, LOOK_DEFAULT)
#define BOLD_IN(color)    LOOK(LOOK_BOLD, color, LOOK_DEFAULT)
#define ON(color, ground) LOOK(0, color, ground)
#define FOUND_ON(ground)  LOOK(LOOK_UNDERLINE, BLACK, ground)

/* What a search found can stand in the selected row: without colours, bold and underlined text
 * differ from the reverse of that. Most of a screen is lines and numbers. These are plain in every
 * theme: attributes on each line would double the bytes. */
#define COMMON                                                                                     \
	[STYLE_PLAIN] = PLAIN, [STYLE_HEADER] = WITH(LOOK_BOLD),                                   \
	[STYLE_COLUMNS] = WITH(LOOK_BOLD), [STYLE_SELECTED] = WITH(LOOK_REVERSE),                  \
	[STYLE_DIM] = PLAIN, [STYLE_USER] = PLAIN, [STYLE_PID] = PLAIN, [STYLE_FLAT] = PLAIN,      \
	[STYLE_KEY] = PLAIN, [STYLE_LABEL] = WITH(LOOK_REVERSE), [STYLE_PROMPT] = PLAIN

static const struct look looks[THEME_NAMES][STYLES] = {
        /* Only red and magenta are readable on black and on white. */
        [THEME_AUTO] = {COMMON, [STYLE_NEW] = IN(MAGENTA), [STYLE_GONE] = IN(RED),
                [STYLE_ERROR] = IN(RED), [STYLE_TITLE] = IN(MAGENTA),
                [STYLE_MATCH] = FOUND_ON(CYAN), [STYLE_OWNER] = WITH(LOOK_BOLD),
                [STYLE_HOLDER] = IN(MAGENTA), [STYLE_LEAKED] = BOLD_IN(RED)},
        [THEME_DARK] = {COMMON, [STYLE_NEW] = IN(BRIGHT_GREEN), [STYLE_GONE] = IN(BRIGHT_RED),
                [STYLE_ERROR] = IN(BRIGHT_YELLOW), [STYLE_TITLE] = IN(BRIGHT_CYAN),
                [STYLE_MATCH] = FOUND_ON(CYAN), [STYLE_OWNER] = IN(CYAN),
                [STYLE_HOLDER] = IN(GREEN), [STYLE_LEAKED] = IN(BRIGHT_MAGENTA)},
        [THEME_LIGHT] = {COMMON, [STYLE_NEW] = IN(BLUE), [STYLE_GONE] = IN(RED),
                [STYLE_ERROR] = IN(RED), [STYLE_TITLE] = IN(BLUE), [STYLE_MATCH] = FOUND_ON(CYAN),
                [STYLE_OWNER] = BOLD_IN(BLUE), [STYLE_HOLDER] = IN(MAGENTA),
                [STYLE_LEAKED] = BOLD_IN(RED)},
        /* No colour has a contrast of 7:1 on black and on white, so each sets a background. */
        [THEME_CONTRAST] = {COMMON, [STYLE_NEW] = ON(BLACK, BRIGHT_GREEN),
                [STYLE_GONE] = ON(BLACK, BRIGHT_CYAN), [STYLE_ERROR] = ON(BLACK, BRIGHT_YELLOW),
                [STYLE_TITLE] = WITH(LOOK_BOLD), [STYLE_MATCH] = FOUND_ON(BRIGHT_WHITE),
                [STYLE_OWNER] = WITH(LOOK_BOLD), [STYLE_HOLDER] = WITH(LOOK_UNDERLINE),
                [STYLE_LEAKED] = LOOK(LOOK_BOLD, BLACK, BRIGHT_YELLOW)},
        [THEME_MONO] = {COMMON, [STYLE_NEW] = WITH(LOOK_BOLD), [STYLE_GONE] = WITH(LOOK_UNDERLINE),
                [STYLE_ERROR] = WITH(LOOK_BOLD | LOOK_UNDERLINE), [STYLE_TITLE] = PLAIN,
                [STYLE_MATCH] = WITH(LOOK_BOLD | LOOK_UNDERLINE | LOOK_REVERSE),
                [STYLE_OWNER] = WITH(LOOK_BOLD), [STYLE_HOLDER] = WITH(LOOK_UNDERLINE),
                [STYLE_LEAKED] = WITH(LOOK_BOLD | LOOK_UNDERLINE)},
};

/* COLORFGBG is `FOREGROUND;BACKGROUND` or `FOREGROUND;OTHER;BACKGROUND` (rxvt, Konsole). White and
 * bright white are light backgrounds, all others count as dark. */
enum theme theme_resolve(enum theme theme, const char *colorfgbg)
{
	const char *last = colorfgbg ? strrchr(colorfgbg, ';') : NULL;
	char *end;

	if (theme != THEME_AUTO || !last || last[1] < '0' || last[1] > '9')
		return theme;
	const unsigned long background = strtoul(last + 1, &end, 10);
	if (*end || background >= PALETTE)
		return theme;
	return background == WHITE || background == BRIGHT_WHITE ? THEME_LIGHT : THEME_DARK;
}

struct look theme_look(enum theme theme, enum style style, int colors)
{
	const bool needs_all = theme == THEME_CONTRAST;

	if (colors < BRIGHT || (needs_all && colors < PALETTE))
		theme = THEME_MONO;
	struct look look = looks[theme][style];
	if (colors < PALETTE && look.foreground >= BRIGHT) {
		look.foreground = (short)(look.foreground - BRIGHT);
		look.attributes |= LOOK_BOLD;
	}
	return look;
}
