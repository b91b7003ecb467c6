/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/geometry.h"

/* The next `rows` rows of the screen. */
static struct rect take(int *row, int rows, int columns)
{
	const struct rect rect = {*row, 0, rows, columns};

	*row += rows;
	return rect;
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
	const int detail = !is_detail ? 0 : is_list ? rest / 2 : rest;
	int row = 0;

	ret->header = take(&row, header, columns);
	ret->titles = take(&row, titles, columns);
	ret->list = take(&row, rest - detail, columns);
	ret->divider = take(&row, divider, columns);
	ret->detail = take(&row, detail, columns);
	ret->footer = take(&row, footer, columns);
}
