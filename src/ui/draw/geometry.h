/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>

/* Which part of the screen stands where. What has no rows is not shown. */

struct rect {
	int row;
	int column;
	int rows;
	int columns;
};

struct geometry {
	struct rect header;
	struct rect titles; /* the names of the columns */
	struct rect list;
	struct rect divider; /* over the details */
	struct rect detail;
	struct rect footer;
	bool is_right; /* the details stand beside the list: a line is to be drawn before them */
};

/* Where the details stand when there is room for both. */
enum split {
	SPLIT_AUTO, /* below the list, from GEOMETRY_RIGHT_COLUMNS beside it */
	SPLIT_BOTTOM,
	SPLIT_RIGHT,
};

struct panes {
	enum split split;
	bool is_detail_focused;
	bool is_detail_hidden;
	bool is_detail_maximised;
	int detail_rows; /* wanted below the list, and beside it; 0: as is usual */
	int detail_columns;
};

enum { GEOMETRY_SPLIT_COLUMNS = 60, GEOMETRY_SPLIT_ROWS = 14, GEOMETRY_RIGHT_COLUMNS = 120 };

/* For a screen of that size (at least 1x1): the list, and the details below it or beside it; on a
 * screen too small for both, the one that has the focus. */
void geometry_compute(struct geometry *ret, int rows, int columns, const struct panes *panes);
