/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/rows.h"
#include "view/column.h"
#include "view/filter.h"

/* The columns of the list: which ones are shown, and how wide they are. What they are is in
 * view/columns.def. */

enum {
	COLUMNS_GUTTER = 3, /* before the first column: the cursor and the mark */
	COLUMNS_LEVEL = 2,  /* of a level of the tree, and of the fold mark with its blank */
};

/* Where the text of the list comes from. */
struct tree_source {
	const struct model *model;
	const struct marks *marks;
	const struct names *names;
	const struct filter *filter;
	long utc_offset;                  /* seconds east of UTC */
	bool with_cmdlines;               /* command lines are shown */
	const struct facts_store *inside; /* is searched, too; NULL: only the facts of the model */
	const struct needle *needle;      /* to highlight in the selected row; NULL: nothing */
	/* The whole selected row is highlighted, not only its label: that costs many bytes a key.
	 */
	bool with_whole_row;
};

/* What the functions that write columns (view/column.h) get; it borrows all of `source`. */
struct column_source columns_source(const struct tree_source *source);

/* Widths of the content, for one view. */
struct columns_widths {
	int depth;              /* the deepest level */
	int tree;               /* the widest row of the tree: levels, fold mark and label */
	bool with_cmdlines;     /* command lines are shown, and some are known */
	int widths[COLUMN_IDS]; /* without the titles; of the tree without levels and fold mark */
};

/* Measures what is in `hierarchy`, in the columns of `choice` (column_choice_list) and those that
 * may be added to it. Widths only grow, so that nothing moves at a refresh. */
void columns_measure(struct columns_widths *widths, uint64_t choice,
        const struct hierarchy *hierarchy, const struct tree_source *source);

/* So many columns of the terminal show all of a view but very long names and deep levels. */
int columns_wanted(const struct columns_widths *widths, uint64_t choice, enum view_kind view);

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
void columns_place(struct columns *ret, const struct columns_widths *widths, uint64_t choice,
        enum view_kind view, int limit);
