/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"

#include <stdbool.h>

/* A table of a few columns as text, in memory until it is written: cells are aligned, with two
 * blanks between. */

enum { GRID_COLUMNS_MAX = 16 };

struct grid {
	unsigned n_columns;
	unsigned right; /* 1 << column: aligned to the right */
	bool is_ascii;  /* cells have no characters beyond ASCII */
	char **cells;   /* row by row */
	size_t n, capacity;
	struct text text; /* of the cell that is written */
	bool has_cell;
};

void grid_init(struct grid *grid, unsigned n_columns, unsigned right, bool is_ascii);
void grid_release(struct grid *grid);

/* Begins the next cell, of the next row after the last column. Returns the stream for its text,
 * escaped (base/escape.h); valid until the next call. */
FILE *grid_cell(struct grid *grid);

/* Writes the rows. The table is complete: no cell is added after that. */
void grid_write(struct grid *grid, FILE *out);
