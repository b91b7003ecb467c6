/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"

#include <stdint.h>

/* A window on a picture of lines and words in the cells of a terminal. What is drawn may lie
 * anywhere in the picture; only what is in the window is kept. Lines join where they meet: each
 * cell has a bit for each of its four sides, and the bits choose the glyph. Words hide the lines
 * behind them; dashed lines pass behind the others. */

enum stroke {
	STROKE_SOLID,
	STROKE_DASHED,
};

struct canvas_word {
	char *text; /* escaped, or our own */
	int row;    /* in the window */
	int column; /* in the window; negative: it begins before that */
	int columns;
	enum style style;
	size_t number; /* in the order in which they came */
};

struct canvas {
	int top, left; /* where the window is in the picture */
	int rows, columns;
	bool is_ascii;
	uint8_t *cells; /* rows x columns */
	struct canvas_word *words;
	size_t n_words;
	size_t capacity;
};

/* An empty window; release it. */
void canvas_init(struct canvas *canvas, int top, int left, const struct rect *rect, bool is_ascii);
void canvas_release(struct canvas *canvas);

/* A line from the middle of one cell to the middle of another, in one row or one column. */
void canvas_across(struct canvas *canvas, int row, int from, int to, enum stroke stroke);
void canvas_down(struct canvas *canvas, int column, int from, int to, enum stroke stroke);

/* Words from that cell on, on one row; `columns` wide (line_width). Later ones do not hide earlier
 * ones: they must not meet. */
void canvas_word(struct canvas *canvas, int row, int column, enum style style, const char *text,
        int columns);

/* Puts what is in the window into the rows of `rect`, which it was made for. */
void canvas_draw(struct canvas *canvas, struct frame *frame, const struct rect *rect);
