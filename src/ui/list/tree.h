/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/scroller.h"
#include "ui/list/columns.h"
#include "ui/list/list_selection.h"

/* The list of namespaces: what is in it, what is folded, selected and in view. What the user did
 * belongs to a namespace (its tag), not to a row, so that it outlives refreshes. */

struct tree {
	struct view_options view;
	struct u64_set closed[VIEW_KINDS];
	struct u64_set closed_filtered; /* instead, while a filter is on: it opens all at first */
	struct columns_widths widths[VIEW_KINDS];
	struct hierarchy hierarchy;
	struct rows rows;
	struct scroller scroller; /* of the rows */
	size_t n_new;             /* marked nodes */
	size_t n_gone;
	unsigned char *filtered;   /* enum filtered for each node; NULL: no filter is on */
	struct filter_count count; /* how many are in */
	uint64_t unseen;           /* what is selected while the filter leaves nothing */
	struct haystack *haystack; /* of the hierarchy; NULL: not needed yet */
};

void tree_init(struct tree *tree, const struct view_options *view);
void tree_release(struct tree *tree);

/* A new model (`source`; the ones before must still be there). Selection, folds and place stay;
 * if the selected one went, the next sibling is selected, else the one before, else the
 * parent. True, and what it was (of the model before), if the selected one went. */
bool tree_refresh(struct tree *tree, const struct tree_source *source, struct node *ret_gone);

/* Another view of the same model, with what has that tag selected if it is in it. */
void tree_set_view(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, uint64_t tag);

/* The same with the first of `n` tags that is in it. */
void tree_set_view_of(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, const uint64_t *tags, size_t n);

/* The filter is another one: all that is in is open, and what has that tag is selected, else what
 * is in after it, else before it. */
void tree_filter(struct tree *tree, const struct tree_source *source, uint64_t tag);

/* Measures the columns again, and filters again: names have come in. */
void tree_measure(struct tree *tree, const struct tree_source *source);

/* The first match of `query` (view/haystack.h) among what is shown, from the selected node on
 * (backwards if `is_back`); with `is_next` not that node. */
struct finding tree_find(struct tree *tree, const struct tree_source *source, const char *query,
        bool is_next, bool is_back);

/* What is shown, for rows.h. */
struct rows_rule tree_rule(const struct tree *tree, const struct marks *marks);

/* What the user was looking at, to come back to. */
struct tree_place {
	uint64_t selected;
	size_t offset; /* rows from the first in view */
	struct u64_set closed;
};

void tree_leave(const struct tree *tree, struct tree_place *ret);
void tree_return(struct tree *tree, const struct marks *marks, const struct tree_place *place);
void tree_place_release(struct tree_place *place);

/* Selects node `index` of the hierarchy, opening what hides it. */
void tree_select(struct tree *tree, const struct marks *marks, size_t index);

/* How many rows are in view from now on. */
void tree_set_page(struct tree *tree, size_t page);

/* The selected node; NULL when the tree is empty. */
const struct node *tree_selected(const struct tree *tree);

/* Moves by so many rows, stopping at the ends; with `is_paging` the view moves along. */
void tree_move(struct tree *tree, long rows, bool is_paging);

/* To row `row`, the last one if there are less. */
void tree_go(struct tree *tree, size_t row);

/* To the node with that tag, opening what hides it; false if it is not in this view. */
bool tree_go_tag(struct tree *tree, const struct marks *marks, uint64_t tag);

/* Opens or closes the selected node; nothing if there is nothing below it. */
void tree_fold(struct tree *tree, const struct marks *marks, bool is_closed);

/* True if the selected node has something below it, and it is open (or closed). */
bool tree_is_open(const struct tree *tree);
bool tree_is_closed(const struct tree *tree);

/* Selects the parent; false if there is none. */
bool tree_go_parent(struct tree *tree);

/* All open; when all are, all closed. */
void tree_fold_all(struct tree *tree, const struct marks *marks);
