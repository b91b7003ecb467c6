/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/rows.h"
#include "view/column.h"
#include "view/filter.h"

/* How wide the texts in the columns of the list are. All are measured before a view is shown, also
 * with 100,000 namespaces, so most widths are computed without writing the text. */

enum { COLUMN_WIDTHS_LEVEL = 2 /* of a level of the tree, and of the fold mark with its blank */ };

/* Behind the path of a mount that is hidden by another one. */
#define COLUMN_WIDTHS_COVERED " (covered)"

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

/* The argument of the functions that write columns (view/column.h); it borrows all of `source`. */
struct column_source column_widths_source(const struct tree_source *source);

/* The columns that are added if there is room, in this order. */
enum { COLUMN_WIDTHS_ADDED = 5 };
extern const enum column_id column_widths_added[COLUMN_WIDTHS_ADDED];

/* False for a column that is not added to that view. */
bool column_widths_is_addable(enum column_id id, enum view_kind view);

/* Widths of the content, for one view. */
struct column_widths {
	int depth;              /* the deepest level */
	int tree;               /* the widest row of the tree: levels, fold mark and label */
	bool with_cmdlines;     /* command lines are shown, and some are known */
	int widths[COLUMN_IDS]; /* without the titles; of the tree without levels and fold mark */
};

/* Measures what is in `hierarchy`, in the columns of `choice` (column_choice_list) and those that
 * may be added to it, in one walk. Widths only grow, so that nothing moves at a refresh. */
void column_widths_measure(struct column_widths *widths, uint64_t choice,
        const struct hierarchy *hierarchy, const struct tree_source *source);

/* Makes `widths` as wide as `measured`, too: the same as to measure that hierarchy again. */
void column_widths_add(struct column_widths *widths, const struct column_widths *measured,
        const struct tree_source *source);
