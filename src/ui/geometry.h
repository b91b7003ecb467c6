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
	struct rect divider;
	struct rect detail;
	struct rect footer;
};

enum { GEOMETRY_SPLIT_COLUMNS = 60, GEOMETRY_SPLIT_ROWS = 14 };

/* For a screen of that size (at least 1x1): the list above, the details below it; on one too small
 * for both, the one that has the focus. */
void geometry_compute(struct geometry *ret, int rows, int columns, bool is_detail_focused);
