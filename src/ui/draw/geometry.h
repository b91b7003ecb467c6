/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

/* The places of the parts of the screen. A part without rows is not shown. */

struct rect {
	int row;
	int column;
	int rows;
	int columns;
};

/* True if that cell of the screen is in the part. */
bool geometry_has(const struct rect *rect, int row, int column);

struct geometry {
	struct rect header;
	struct rect titles; /* the titles of the columns */
	struct rect list;
	struct rect divider; /* above the details */
	struct rect detail;
	struct rect footer;
	bool is_right; /* the details are beside the list, with a line between them */
};

/* The place of the details if there is room for both. */
enum split {
	SPLIT_AUTO, /* beside the list if both have enough columns, else below it */
	SPLIT_BOTTOM,
	SPLIT_RIGHT,
};

struct panes {
	enum split split;
	bool is_detail_focused;
	bool is_detail_hidden;
	bool is_detail_maximised;
	int detail_rows; /* the size below the list, and beside it; 0: the default */
	int detail_columns;
	int list_rows; /* that the list should have room for; 0: not known */
};

enum { GEOMETRY_SPLIT_COLUMNS = 60, GEOMETRY_SPLIT_ROWS = 14 };

/* Places list and details on a screen of that size (at least 1x1); on a screen too small for both,
 * the one that has the focus. The list shows all with `list` columns. */
struct geometry geometry_compute(int rows, int columns, const struct panes *panes, int list);
