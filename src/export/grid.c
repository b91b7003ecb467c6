/* SPDX-License-Identifier: Apache-2.0 */
#include "export/grid.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2 };

void grid_init(struct grid *grid, unsigned n_columns, unsigned right, bool is_ascii)
{
	*grid = (struct grid){.n_columns = n_columns, .right = right, .is_ascii = is_ascii};
	text_init(&grid->text);
}

void grid_release(struct grid *grid)
{
	for (size_t i = 0; i < grid->n; i++)
		free(grid->cells[i]);
	free(grid->cells);
	text_release(&grid->text);
}

static void end_cell(struct grid *grid)
{
	if (!grid->has_cell)
		return;
	char *cell = memory_strdup(text_get(&grid->text));
	if (grid->is_ascii) {
		escape_write_ascii(text_restart(&grid->text), cell, strlen(cell));
		free(cell);
		cell = memory_strdup(text_get(&grid->text));
	}
	MEMORY_APPEND(grid->cells, grid->n, grid->capacity) = cell;
	grid->has_cell = false;
}

FILE *grid_cell(struct grid *grid)
{
	end_cell(grid);
	grid->has_cell = true;
	return text_restart(&grid->text);
}

static int width_of(const char *cell)
{
	return utf8_columns(cell, strlen(cell));
}

/* Without blanks at the end. */
static void write_row(const struct grid *grid, FILE *out, char *const *row, const int *widths)
{
	int gap = 0;

	for (unsigned i = 0; i < grid->n_columns; i++) {
		const int blanks = widths[i] - width_of(row[i]);
		const bool is_right = grid->right >> i & 1;

		if (*row[i]) {
			fprintf(out, "%*s%s", gap + (is_right ? blanks : 0), "", row[i]);
			gap = GAP + (is_right ? 0 : blanks);
		} else {
			gap += GAP + blanks;
		}
	}
	fputc('\n', out);
}

void grid_write(struct grid *grid, FILE *out)
{
	int widths[GRID_COLUMNS_MAX] = {0};

	end_cell(grid);
	for (size_t i = 0; i < grid->n; i++) {
		int *const width = &widths[i % grid->n_columns];

		*width = MAX(*width, width_of(grid->cells[i]));
	}
	for (size_t i = 0; i + grid->n_columns <= grid->n; i += grid->n_columns)
		write_row(grid, out, grid->cells + i, widths);
}
