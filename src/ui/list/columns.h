/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/column_widths.h"

/* The columns of the list: which ones are shown, and how wide they are. What they are is in
 * view/columns.def. */

enum { COLUMNS_GUTTER = 3 /* before the first column: the cursor and the mark */ };

/* So many columns of the terminal show all of a view but very long names and deep levels. */
int columns_wanted(const struct column_widths *widths, uint64_t choice, enum view_kind view);

/* Where the columns of a view stand. */
struct columns {
	size_t n;
	struct column_place {
		const struct column *column;
		int start, width;
	} all[COLUMN_IDS];
	int levels; /* so many levels of the tree have room */
};

/* Places the columns of a choice in a row of `limit` columns of the terminal. If there is room,
 * others are added to the default (choice 0); if there is none, titles, long names, then levels of
 * the tree, then columns are left out. The last column has the rest of the row. */
void columns_place(struct columns *ret, const struct column_widths *widths, uint64_t choice,
        enum view_kind view, int limit);
