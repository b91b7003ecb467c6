/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/draw/geometry.h"

#include "base/attributes.h"

enum {
	DETAIL_ROWS = 10,
	DETAIL_COLUMNS = 54, /* of most lines of the details, and of their table of processes */
	DETAIL_WIDE = 80,    /* of all lines, but long command lines */
	LIST_ROWS = 6,       /* of a list with fewer rows */
	PANE_ROWS_MIN = 2,
	PANE_COLUMNS_MIN = 20,
};

bool geometry_has(const struct rect *rect, int row, int column)
{
	return row >= rect->row && row < rect->row + rect->rows && column >= rect->column &&
	       column < rect->column + rect->columns;
}

/* `wanted`, changed so that each of the two panes has at least `least` of the `rest`. */
static int share(int wanted, int rest, int least)
{
	return MIN(MAX(wanted, least), rest - least);
}

/* The next `rows` rows of the screen. */
static struct rect take(int *row, int rows, int columns)
{
	const struct rect rect = {*row, 0, rows, columns};

	*row += rows;
	return rect;
}

/* The details get half of a small screen and less of a large one: they change with each key, and
 * some connections are slow. They also get what a short list leaves. */
static int detail_rows(int rest, const struct panes *panes)
{
	const int list = MAX(panes->list_rows, (int)LIST_ROWS);
	const int usual = MIN(MAX(rest * 2 / 5, (int)DETAIL_ROWS), rest / 2);

	if (panes->detail_rows)
		return share(panes->detail_rows, rest, PANE_ROWS_MIN);
	return panes->list_rows ? MAX(usual, rest - list) : usual;
}

/* The list gets what its columns need, but leaves enough to the details; of a wide screen all that
 * the details do not need. */
static struct geometry place_right(int rows, int columns, int wanted, int needed)
{
	const int detail = MAX(DETAIL_WIDE, columns * 2 / 5);
	int list = MAX(MIN(needed, columns - 1 - DETAIL_COLUMNS), columns / 2);

	list = MAX(list, columns - 1 - detail);
	if (wanted)
		list = columns - 1 - share(wanted, columns - 1, PANE_COLUMNS_MIN);
	const int rest = rows - 2;

	return (struct geometry){
	        .header = {0, 0, 1, columns},
	        .titles = {1, 0, 1, list},
	        .list = {2, 0, rest - 1, list},
	        .divider = {1, list + 1, 1, columns - list - 1},
	        .detail = {2, list + 1, rest - 1, columns - list - 1},
	        .footer = {rows - 1, 0, 1, columns},
	        .is_right = true,
	};
}

struct geometry geometry_compute(int rows, int columns, const struct panes *panes, int list)
{
	const bool is_split = columns >= GEOMETRY_SPLIT_COLUMNS && rows >= GEOMETRY_SPLIT_ROWS &&
	                      !panes->is_detail_maximised && !panes->is_detail_hidden;
	const bool is_right = panes->split == SPLIT_RIGHT ||
	                      (panes->split == SPLIT_AUTO && columns > list + DETAIL_COLUMNS);
	const bool is_detail = is_split || panes->is_detail_focused;
	const bool is_list = is_split || !panes->is_detail_focused;
	const int header = rows >= 2;
	const int footer = rows >= 3;
	const int titles = is_list && rows >= 5;
	const int divider = is_detail && rows >= 4;
	const int rest = rows - header - footer - titles - divider;
	const int detail = !is_detail ? 0 : is_list ? detail_rows(rest, panes) : rest;
	int row = 0;

	if (is_split && is_right)
		return place_right(rows, columns, panes->detail_columns, list);
	struct geometry geometry = {.header = take(&row, header, columns)};
	geometry.titles = take(&row, titles, columns);
	geometry.list = take(&row, rest - detail, columns);
	geometry.divider = take(&row, divider, columns);
	geometry.detail = take(&row, detail, columns);
	geometry.footer = take(&row, footer, columns);
	return geometry;
}
