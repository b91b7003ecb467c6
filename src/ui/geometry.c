/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/geometry.h"

enum { DETAIL_ENOUGH = 10 };

/* The next `rows` rows of the screen. */
static struct rect take(int *row, int rows, int columns)
{
	const struct rect rect = {*row, 0, rows, columns};

	*row += rows;
	return rect;
}

/* Half of a small screen, less of a large one: what changes with each key costs bytes. */
static int detail_rows(int rest)
{
	const int part = rest * 2 / 5 > DETAIL_ENOUGH ? rest * 2 / 5 : DETAIL_ENOUGH;

	return part < rest / 2 ? part : rest / 2;
}

void geometry_compute(struct geometry *ret, int rows, int columns, bool is_detail_focused)
{
	const bool is_split = columns >= GEOMETRY_SPLIT_COLUMNS && rows >= GEOMETRY_SPLIT_ROWS;
	const bool is_detail = is_detail_focused || is_split;
	const bool is_list = !is_detail_focused || is_split;
	const int header = rows >= 2;
	const int footer = rows >= 3;
	const int titles = is_list && rows >= 5;
	const int divider = is_detail && rows >= 4;
	const int rest = rows - header - footer - titles - divider;
	const int detail = !is_detail ? 0 : is_list ? detail_rows(rest) : rest;
	int row = 0;

	ret->header = take(&row, header, columns);
	ret->titles = take(&row, titles, columns);
	ret->list = take(&row, rest - detail, columns);
	ret->divider = take(&row, divider, columns);
	ret->detail = take(&row, detail, columns);
	ret->footer = take(&row, footer, columns);
}
