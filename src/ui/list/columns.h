/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/list/rows.h"
#include "view/filter.h"
#include "view/names.h"

/* The columns of the list: one table in columns.c. A new column is a row there and a function that
 * writes its text. */

enum {
	COLUMNS_MAX = 16,   /* rows of the table at most */
	COLUMNS_GUTTER = 3, /* before the first column: the cursor and the mark */
	COLUMNS_LEVEL = 2,  /* of a level of the tree, and of the fold mark with its blank */
};

/* Where the text of the list comes from. */
struct tree_source {
	const struct model *model;
	const struct marks *marks;
	const struct names *names;
	const struct filter *filter;
	bool with_cmdlines;          /* command lines are shown */
	const struct needle *needle; /* to highlight in the selected row; NULL: nothing */
};

/* A row of the table. */
struct column {
	unsigned views; /* 1 << VIEW_*: the views that have the column */
	const char *title;
	/* The width is that of the widest text, at least that of the title and `least`, at most
	 * `most` (0: no limit). The first column of a view, the tree, has room for its levels
	 * besides; the last one has the rest of the row. */
	int least, most;
	int gap;         /* blanks between it and the next one */
	bool is_right;   /* aligned to the right */
	bool is_cmdline; /* only there if command lines are shown */
	/* Writes the text of a node: escaped, errors stay in the stream. In the views of namespaces
	 * node->ns is set, in that of processes node->process. Only the first column of a view, the
	 * tree, is written for the line over several tops too, where both are NULL. A node that is
	 * gone (MARK_GONE) has the facts of source->marks->baseline; its counts are written as 0.
	 */
	void (*write)(FILE *out, const struct tree_source *source, const struct node *node);
	/* The width of the widest text; NULL: the text of each node is written and measured. */
	int (*measure)(const struct hierarchy *hierarchy, const struct tree_source *source);
};

/* Widths of the content, for one view. */
struct columns_widths {
	int depth; /* the deepest level */
	bool with_cmdlines;
	int widths[COLUMNS_MAX];
};

/* Measures what is in `hierarchy`. Widths only grow, so that nothing moves at a refresh. */
void columns_measure(struct columns_widths *widths, const struct hierarchy *hierarchy,
        const struct tree_source *source);

/* Where the columns of a view stand. */
struct columns {
	size_t n;
	struct column_place {
		const struct column *column;
		int start, width;
	} all[COLUMNS_MAX];
	int levels; /* so many levels of the tree have room */
};

/* Places the columns of a view in a row of `limit` columns of the terminal. */
void columns_place(
        struct columns *ret, const struct columns_widths *widths, enum view_kind view, int limit);
