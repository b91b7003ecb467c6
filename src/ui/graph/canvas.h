/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"

#include <stdint.h>

/* A window on a picture of lines and words in the cells of a terminal. Lines and words may be
 * anywhere in the picture; only those in the window are kept. Lines join where they meet: each cell
 * has a bit for each of its four sides, and the bits select the glyph. Words hide lines; solid
 * lines hide dashed ones. */

enum stroke {
	STROKE_SOLID,
	STROKE_DASHED,
};

struct canvas_word {
	char *text; /* escaped (base/escape.h) */
	int row;    /* in the window */
	int column; /* in the window; negative: it starts left of it */
	enum style style;
	size_t number; /* in the order of the calls */
};

struct canvas {
	int top, left; /* of the window in the picture */
	int rows, columns;
	bool is_ascii;
	uint8_t *cells; /* rows x columns */
	struct canvas_word *words;
	size_t n_words;
	size_t capacity;
};

/* An empty window, which the caller releases. */
void canvas_init(struct canvas *canvas, int top, int left, const struct rect *rect, bool is_ascii);
void canvas_release(struct canvas *canvas);

/* A line from the middle of one cell to the middle of another, in one row or one column. */
void canvas_across(struct canvas *canvas, int row, int from, int to, enum stroke stroke);
void canvas_down(struct canvas *canvas, int column, int from, int to, enum stroke stroke);

/* Words on one row from that cell on, `columns` wide (line_width). Two words must not overlap. */
void canvas_word(struct canvas *canvas, int row, int column, enum style style, const char *text,
        int columns);

/* The first column from `column` on where words of that width hide no solid line in the window. */
int canvas_past_lines(const struct canvas *canvas, int row, int column, int columns);

/* Draws the window into `rect`, which has its size. */
void canvas_draw(struct canvas *canvas, struct frame *frame, const struct rect *rect);
