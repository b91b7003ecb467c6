/* SPDX-License-Identifier: Apache-2.0 */
#include "term/screen.h"

#include "base/attributes.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

/* --- themes ----------------------------------------------------------------------------------- */

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
	BRIGHT_CYAN = BRIGHT + CYAN,
	BRIGHT_WHITE = BRIGHT + WHITE,
	PALETTE = 16,
};

#define PLAIN                                                                                      \
	{                                                                                          \
		0, LOOK_DEFAULT, LOOK_DEFAULT                                                      \
	}
#define WITH(attributes)                                                                           \
	{                                                                                          \
		attributes, LOOK_DEFAULT, LOOK_DEFAULT                                             \
	}
#define IN(attributes, color)                                                                      \
	{                                                                                          \
		attributes, color, LOOK_DEFAULT                                                    \
	}
#define ON(attributes, color, ground)                                                              \
	{                                                                                          \
		attributes, color, ground                                                          \
	}

/* Most of a screen is lines and numbers. These are plain in every theme: attributes on each line
 * would double the bytes. */
#define COMMON                                                                                     \
	[STYLE_PLAIN] = PLAIN, [STYLE_HEADER] = WITH(LOOK_BOLD),                                   \
	[STYLE_COLUMNS] = WITH(LOOK_BOLD), [STYLE_SELECTED] = WITH(LOOK_REVERSE),                  \
	[STYLE_DIM] = PLAIN, [STYLE_USER] = PLAIN, [STYLE_PID] = PLAIN, [STYLE_FLAT] = PLAIN,      \
	[STYLE_KEY] = PLAIN, [STYLE_LABEL] = WITH(LOOK_REVERSE), [STYLE_PROMPT] = PLAIN

static const struct look looks[THEME_NAMES][STYLES] = {
        /* Only red and magenta are readable on black and on white. */
        [THEME_AUTO] = {COMMON, [STYLE_NEW] = IN(0, MAGENTA), [STYLE_GONE] = IN(0, RED),
                [STYLE_ERROR] = IN(0, RED), [STYLE_TITLE] = IN(0, MAGENTA)},
        [THEME_DARK] = {COMMON, [STYLE_NEW] = IN(0, BRIGHT_GREEN), [STYLE_GONE] = IN(0, BRIGHT_RED),
                [STYLE_ERROR] = IN(0, BRIGHT_YELLOW), [STYLE_TITLE] = IN(0, BRIGHT_CYAN)},
        [THEME_LIGHT] = {COMMON, [STYLE_NEW] = IN(0, BLUE), [STYLE_GONE] = IN(0, RED),
                [STYLE_ERROR] = IN(0, RED), [STYLE_TITLE] = IN(0, BLUE)},
        /* No colour has a contrast of 7:1 on black and on white, so each sets a background. */
        [THEME_CONTRAST] = {COMMON, [STYLE_NEW] = ON(0, BLACK, BRIGHT_GREEN),
                [STYLE_GONE] = ON(0, BLACK, BRIGHT_CYAN),
                [STYLE_ERROR] = ON(0, BLACK, BRIGHT_YELLOW), [STYLE_TITLE] = WITH(LOOK_BOLD)},
        [THEME_MONO] = {COMMON, [STYLE_NEW] = WITH(LOOK_BOLD), [STYLE_GONE] = WITH(LOOK_UNDERLINE),
                [STYLE_ERROR] = WITH(LOOK_BOLD | LOOK_UNDERLINE), [STYLE_TITLE] = PLAIN},
};

/* COLORFGBG is `FOREGROUND;BACKGROUND` or `FOREGROUND;OTHER;BACKGROUND` (rxvt, Konsole). White and
 * bright white are light backgrounds, all others count as dark. */
enum theme screen_resolve_theme(enum theme theme, const char *colorfgbg)
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

struct look screen_look(enum theme theme, enum style style, int colors)
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

/* --- drawing ---------------------------------------------------------------------------------- */

void screen_set_theme(struct term_screen *screen, enum theme theme)
{
	static const struct {
		enum look_attribute look;
		attr_t curses;
	} rows[] = {{LOOK_BOLD, A_BOLD}, {LOOK_UNDERLINE, A_UNDERLINE}, {LOOK_REVERSE, A_REVERSE}};

	theme = screen_resolve_theme(theme, getenv("COLORFGBG"));
	for (enum style style = 0; style < STYLES; style++) {
		const struct look look = screen_look(theme, style, screen->colors);
		struct drawn_look *drawn = &screen->looks[style];

		*drawn = (struct drawn_look){.attributes = A_NORMAL};
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			drawn->attributes |= look.attributes & rows[i].look ? rows[i].curses : 0;
		if (look.foreground == LOOK_DEFAULT && look.background == LOOK_DEFAULT)
			continue;
		drawn->pair = (short)(style + 1);
		init_pair(drawn->pair, look.foreground, look.background);
	}
}

void screen_init(struct term_screen *screen, bool is_color, enum theme theme)
{
	*screen = (struct term_screen){.cursor_visibility = -1};
	if (is_color && has_colors() && start_color() != ERR && use_default_colors() != ERR)
		screen->colors = COLORS;
	screen_set_theme(screen, theme);
}

static void set_look(const struct term_screen *screen, enum style style)
{
	const struct drawn_look *look = &screen->looks[style];

	attr_set((attr_t)look->attributes, look->pair, NULL);
}

static void put(const struct term_screen *screen, const char *text, size_t len, enum style style)
{
	if (!len)
		return;
	set_look(screen, style);
	addnstr(text, (int)len);
}

static void draw_row(const struct term_screen *screen, int y, const struct frame_row *row)
{
	size_t at = 0;

	move(y, 0);
	for (size_t i = 0; i < row->n_spans; i++) {
		const struct span *span = &row->spans[i];

		put(screen, row->text + at, span->start - at, STYLE_PLAIN);
		put(screen, row->text + span->start, span->len, span->style);
		at = span->start + span->len;
	}
	put(screen, row->text + at, row->len - at, STYLE_PLAIN);
	set_look(screen, STYLE_PLAIN);
}

void screen_draw(struct term_screen *screen, const struct frame *frame)
{
	const int visibility = frame->is_cursor_visible;

	erase();
	for (int y = 0; y < frame->rows && y < LINES; y++)
		draw_row(screen, y, &frame->lines[y]);
	if (screen->cursor_visibility != visibility)
		curs_set(visibility);
	screen->cursor_visibility = visibility;
	move(MIN(frame->cursor_row, LINES - 1), MIN(frame->cursor_column, COLS - 1));
	refresh();
}

void screen_invalidate(struct term_screen *screen)
{
	clearok(curscr, TRUE);
	screen->cursor_visibility = -1;
}
