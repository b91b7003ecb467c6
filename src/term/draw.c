/* SPDX-License-Identifier: Apache-2.0 */
#include "term/draw.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "term/theme.h"

#include <curses.h>
#include <stdlib.h>
#include <string.h>

static attr_t attributes_of(unsigned look)
{
	static const struct {
		enum look_attribute look;
		attr_t curses;
	} rows[] = {{LOOK_BOLD, A_BOLD}, {LOOK_UNDERLINE, A_UNDERLINE}, {LOOK_REVERSE, A_REVERSE}};
	attr_t attributes = A_NORMAL;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		attributes |= look & rows[i].look ? rows[i].curses : A_NORMAL;
	return attributes;
}

static bool has_color(const struct look *look)
{
	return look->foreground != LOOK_DEFAULT || look->background != LOOK_DEFAULT;
}

void draw_set_theme(struct draw *draw, enum theme theme)
{
	theme = theme_settle(theme, getenv("COLORFGBG"));
	for (enum style style = 0; style < STYLES; style++) {
		const struct look look = theme_look(theme, style, draw->colors);
		const short pair = has_color(&look) ? (short)(style + 1) : 0;

		if (pair)
			init_pair(pair, look.foreground, look.background);
		draw->looks[style] = (struct drawn_look){attributes_of(look.attributes), pair};
	}
	frame_release(&draw->shown);
}

void draw_init(struct draw *draw, bool is_color, enum theme theme)
{
	*draw = (struct draw){.cursor_visibility = -1};
	if (is_color && has_colors() && start_color() != ERR && use_default_colors() != ERR)
		draw->colors = COLORS;
	draw_set_theme(draw, theme);
}

void draw_release(struct draw *draw)
{
	frame_release(&draw->shown);
}

static void set_look(const struct draw *draw, enum style style)
{
	const struct drawn_look *look = &draw->looks[style];

	attr_set((attr_t)look->attributes, look->pair, NULL);
}

static void put(const struct draw *draw, const char *text, size_t len, enum style style)
{
	if (!len)
		return;
	set_look(draw, style);
	addnstr(text, (int)len);
}

static void draw_row(const struct draw *draw, int y, const struct frame_row *row)
{
	size_t at = 0;

	move(y, 0);
	clrtoeol();
	for (size_t i = 0; i < row->n_spans; i++) {
		const struct span *span = &row->spans[i];

		put(draw, row->text + at, span->start - at, STYLE_PLAIN);
		put(draw, row->text + span->start, span->len, span->style);
		at = span->start + span->len;
	}
	put(draw, row->text + at, row->len - at, STYLE_PLAIN);
	set_look(draw, STYLE_PLAIN);
}

static bool is_same_row(const struct frame_row *a, const struct frame_row *b)
{
	if (a->len != b->len || a->n_spans != b->n_spans)
		return false;
	if (a->len && memcmp(a->text, b->text, a->len) != 0)
		return false;
	for (size_t i = 0; i < a->n_spans; i++) {
		const struct span *x = &a->spans[i], *y = &b->spans[i];

		if (x->start != y->start || x->len != y->len || x->style != y->style)
			return false;
	}
	return true;
}

static void copy_row(struct frame_row *to, const struct frame_row *from)
{
	struct span *spans = NULL;

	if (from->n_spans) {
		spans = memory_new(from->n_spans * sizeof(*spans));
		memcpy(spans, from->spans, from->n_spans * sizeof(*spans));
	}
	free(to->text);
	free(to->spans);
	*to = *from;
	to->text = memory_strdup(from->text);
	to->spans = spans;
}

static void show_cursor(struct draw *draw, const struct frame *frame)
{
	const int visibility = frame->is_cursor_visible;

	if (draw->cursor_visibility != visibility)
		curs_set(visibility);
	draw->cursor_visibility = visibility;
	move(frame->cursor_row < LINES ? frame->cursor_row : LINES - 1,
	        frame->cursor_column < COLS ? frame->cursor_column : COLS - 1);
}

void draw_frame(struct draw *draw, const struct frame *frame)
{
	const bool is_other_size =
	        draw->shown.rows != frame->rows || draw->shown.columns != frame->columns;

	if (is_other_size) {
		frame_release(&draw->shown);
		frame_init(&draw->shown, frame->rows, frame->columns);
		erase();
	}
	for (int y = 0; y < frame->rows && y < LINES; y++) {
		const struct frame_row *row = &frame->lines[y];

		if (!is_other_size && is_same_row(row, &draw->shown.lines[y]))
			continue;
		draw_row(draw, y, row);
		copy_row(&draw->shown.lines[y], row);
	}
	show_cursor(draw, frame);
	refresh();
}

void draw_forget(struct draw *draw)
{
	clearok(curscr, TRUE);
	draw->cursor_visibility = -1;
}
