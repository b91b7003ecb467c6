/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/canvas.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/draw/line.h"

#include <stdlib.h>
#include <string.h>

/* The sides of a cell to which a line leads. */
enum {
	UP = 1 << 0,
	RIGHT = 1 << 1,
	DOWN = 1 << 2,
	LEFT = 1 << 3,
	SIDES = UP | RIGHT | DOWN | LEFT,
	DASHED_SHIFT = 4, /* dashed lines have the upper four bits */
};

void canvas_init(struct canvas *canvas, int top, int left, const struct rect *rect, bool is_ascii)
{
	*canvas = (struct canvas){
	        .top = top,
	        .left = left,
	        .rows = rect->rows,
	        .columns = rect->columns,
	        .is_ascii = is_ascii,
	        .cells = memory_new((size_t)rect->rows * (size_t)rect->columns + 1),
	};
}

void canvas_release(struct canvas *canvas)
{
	for (size_t i = 0; i < canvas->n_words; i++)
		free(canvas->words[i].text);
	free(canvas->words);
	free(canvas->cells);
	*canvas = (struct canvas){0};
}

static void add_sides(struct canvas *canvas, int row, int column, int sides, enum stroke stroke)
{
	row -= canvas->top;
	column -= canvas->left;
	if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
		return;
	canvas->cells[row * canvas->columns + column] |=
	        (uint8_t)(stroke == STROKE_DASHED ? sides << DASHED_SHIFT : sides);
}

void canvas_across(struct canvas *canvas, int row, int from, int to, enum stroke stroke)
{
	const int first = MIN(from, to), last = MAX(from, to);
	const int start = MAX(first, canvas->left - 1);
	const int end = MIN(last, canvas->left + canvas->columns);

	if (row < canvas->top || row >= canvas->top + canvas->rows)
		return;
	for (int column = start; column <= end; column++)
		add_sides(canvas, row, column,
		        (column > first ? LEFT : 0) | (column < last ? RIGHT : 0), stroke);
}

void canvas_down(struct canvas *canvas, int column, int from, int to, enum stroke stroke)
{
	const int first = MIN(from, to), last = MAX(from, to);
	const int start = MAX(first, canvas->top - 1);
	const int end = MIN(last, canvas->top + canvas->rows);

	if (column < canvas->left || column >= canvas->left + canvas->columns)
		return;
	for (int row = start; row <= end; row++)
		add_sides(canvas, row, column, (row > first ? UP : 0) | (row < last ? DOWN : 0),
		        stroke);
}

void canvas_word(
        struct canvas *canvas, int row, int column, enum style style, const char *text, int columns)
{
	row -= canvas->top;
	column -= canvas->left;
	if (row < 0 || row >= canvas->rows || column >= canvas->columns || column + columns <= 0)
		return;
	const struct canvas_word word = {
	        .text = memory_strdup(text),
	        .row = row,
	        .column = column,
	        .style = style,
	        .number = canvas->n_words,
	};
	MEMORY_APPEND(canvas->words, canvas->n_words, canvas->capacity) = word;
}

int canvas_past_lines(const struct canvas *canvas, int row, int column, int columns)
{
	if (row < canvas->top || row >= canvas->top + canvas->rows)
		return column;
	const uint8_t *cells = canvas->cells + (row - canvas->top) * canvas->columns;

	for (int x = MAX(column - canvas->left, 0);
	        x < MIN(column + columns - canvas->left, canvas->columns); x++) {
		if (cells[x] & SIDES)
			column = canvas->left + x + 1;
	}
	return column;
}

/* --- into a frame ------------------------------------------------------------------------- */

static const char *glyph_of(uint8_t cell, bool is_ascii)
{
	static const char *const solid[] = {
	        " ", "╵", "╶", "└", "╷", "│", "┌", "├", "╴", "┘", "─", "┴", "┐", "┤", "┬", "┼"};
	static const char *const ascii[] = {
	        " ", "|", "-", "+", "|", "|", "+", "+", "-", "+", "-", "+", "+", "+", "+", "+"};
	const unsigned sides = cell & SIDES, dashed = cell >> DASHED_SHIFT;
	const bool is_across = !(dashed & (UP | DOWN)), is_down = !(dashed & (LEFT | RIGHT));

	if (sides || !dashed)
		return is_ascii ? ascii[sides] : solid[sides];
	if (is_across)
		return is_ascii ? "." : "╌";
	if (is_down)
		return is_ascii ? ":" : "┊";
	return is_ascii ? "+" : solid[dashed];
}

static int by_place(const void *a, const void *b)
{
	const struct canvas_word *x = a, *y = b;
	int r = COMPARE(x->row, y->row);

	r = r ? r : COMPARE(x->column, y->column);
	return r ? r : COMPARE(x->number, y->number);
}

static void draw_cells(const struct canvas *canvas, struct line *line, int row, int end)
{
	while (line->columns < end) {
		const uint8_t cell = canvas->cells[row * canvas->columns + line->columns];

		line_add(line, cell ? STYLE_DIM : STYLE_PLAIN, glyph_of(cell, canvas->is_ascii));
	}
}

/* The part of a word that is in the window; half of a wide character becomes a blank. */
static void draw_word(struct line *line, const struct canvas_word *word)
{
	const char *text = word->text;

	if (word->column < 0) {
		int skipped;
		const size_t len = strlen(text);

		text += utf8_clip(text, len, -word->column, &skipped);
		if (skipped < -word->column) {
			text += utf8_clip(text, strlen(text), 2, NULL);
			line_pad(line, 1);
		}
	}
	line_add(line, word->style, text);
}

void canvas_draw(struct canvas *canvas, struct frame *frame, const struct rect *rect)
{
	size_t next = 0;

	if (canvas->n_words)
		qsort(canvas->words, canvas->n_words, sizeof(*canvas->words), by_place);
	for (int row = 0; row < canvas->rows; row++) {
		struct line line;

		line_init(&line, canvas->columns, canvas->is_ascii);
		for (; next < canvas->n_words && canvas->words[next].row == row; next++) {
			draw_cells(canvas, &line, row, canvas->words[next].column);
			draw_word(&line, &canvas->words[next]);
		}
		draw_cells(canvas, &line, row, canvas->columns);
		line_take(&line, &frame->lines[rect->row + row]);
	}
}
