/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "ui/draw/scroller.h"
#include "ui/list/columns.h"
#include "ui/list/kept_views.h"
#include "ui/list/rows.h"

/* The list of namespaces or processes: its rows, which of them are folded, selected and in view.
 * Selection and folds are kept as tags, so that they outlive a refresh. */

/* A node of the hierarchy that is shown, and not below a closed one. */
struct row {
	size_t node;     /* index in the hierarchy */
	size_t n_below;  /* nodes hidden below it; 0: it is open */
	size_t n_new;    /* of these, marked as new */
	size_t n_gone;   /* of these, marked as gone */
	size_t n_kernel; /* of these, kernel threads */
	bool has_below;  /* it can be folded */
	bool is_counted; /* what is hidden is counted on it, also if nothing is new or gone */
};

struct rows {
	struct row *all;
	size_t n;
	size_t capacity;
};

struct tree {
	struct view_options view;
	uint64_t columns; /* a choice (view/column.h); tree_measure follows a change */
	/* The nodes that are not as they are at first: open, but for kernel threads and containers.
	 */
	struct u64_set toggled[VIEW_KINDS];
	struct u64_set toggled_filtered; /* while a filter is on; it opens all at first */
	struct column_widths widths[VIEW_KINDS];
	struct hierarchy hierarchy;
	struct column_widths measured; /* of the hierarchy alone */
	struct kept_views kept;        /* of the same model */
	struct rows rows;
	size_t n_at_first;         /* rows without a filter, folded as they are at first */
	struct scroller scroller;  /* of the rows; the caller sets its page */
	unsigned char *filtered;   /* enum filtered for each node; NULL: no filter is on */
	struct filter_count count; /* of the filter; valid if `filtered` is not NULL */
	uint64_t unseen;           /* tag to select when the filter matches again */
	struct haystack *haystack; /* of the model; NULL: not needed yet */
};

void tree_init(struct tree *tree, const struct view_options *view);
void tree_release(struct tree *tree);

/* Shows a new model (`source`; the models before must still exist). Selection, folds and place
 * stay. If the selected node is gone, the next sibling is selected, else the one before, else the
 * parent: returns true and the node that is gone (of the model before). */
bool tree_refresh(struct tree *tree, const struct tree_source *source, struct node *ret_gone);

/* Shows another view of the same model. Selects the node with the first of `n` tags that the view
 * has. */
void tree_set_view(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, const uint64_t *tags, size_t n);

/* Applies another filter: all matches are opened; the node with that tag is selected, else the next
 * match after it, else the last one before it. */
void tree_filter(struct tree *tree, const struct tree_source *source, uint64_t tag);

/* Measures and filters again after names of users have arrived, or command lines are shown or
 * hidden. */
void tree_measure(struct tree *tree, const struct tree_source *source);

/* Searches and filters with the facts of namespaces that have come since. */
void tree_add_facts(struct tree *tree, const struct tree_source *source);

/* The next node that is marked as new, gone or changed, as tree_search_find. */
struct finding tree_find_changed(const struct tree *tree, const struct marks *marks, bool is_back);

/* The rule of its rows. */
struct rows_rule tree_rule(const struct tree *tree, const struct marks *marks);

/* The selection and folds, to return to. Zeroed at first. */
struct tree_place {
	uint64_t selected;
	size_t offset; /* rows from the first in view */
	struct u64_set toggled;
};

/* Stores the place, instead of the one in *ret, which the caller releases; returns to it. */
void tree_leave(const struct tree *tree, struct tree_place *ret);
void tree_return(struct tree *tree, const struct marks *marks, const struct tree_place *place);
void tree_place_release(struct tree_place *place);

/* Selects node `index` of the hierarchy, and opens its ancestors. */
void tree_select(struct tree *tree, const struct marks *marks, size_t index);

/* The selected node; NULL if there are no rows. */
const struct node *tree_selected(const struct tree *tree);

/* Selects row `row`, or the last one if there are fewer. */
void tree_go(struct tree *tree, size_t row);

/* Selects the node with that tag, and opens its ancestors; false if the view does not have it. */
bool tree_go_tag(struct tree *tree, const struct marks *marks, uint64_t tag);

/* Opens or closes the selected node, if there is anything below it. */
void tree_fold(struct tree *tree, const struct marks *marks, bool closed);

/* True if there is something below the selected node, and it is open. */
bool tree_is_open(const struct tree *tree);

/* True for the first kernel thread, below which the others are, unless a filter is on. */
bool tree_is_kernel(const struct tree *tree, const struct node *node);

/* Shows all kernel threads, or folds them below the first; false if there are none. */
bool tree_fold_kernel(struct tree *tree, const struct marks *marks);

/* Selects the parent; false if there is none. */
bool tree_go_parent(struct tree *tree);

/* Opens all nodes; if all are open, closes all. */
void tree_fold_all(struct tree *tree, const struct marks *marks);

/* --- searching (tree_search.c) ------------------------------------------------------------- */

/* The text of the models, prepared when first needed; all views have the same. */
struct haystack *tree_search_haystack(struct tree *tree, const struct tree_source *source);

/* Names, or what is searched, have changed: prepares it again when it is needed. */
void tree_search_forget(struct tree *tree);

/* The next match of `query` (view/haystack.h) among what is shown, with `is_next` after the
 * selected node, before it if also `is_back`. Without both the first match from the selected node
 * on, but first those by a container if the query has at least 3 bytes. */
struct finding tree_search_find(struct tree *tree, const struct tree_source *source,
        const char *query, bool is_next, bool is_back);

/* Where `query` is found in the selected node: false if it is not. The caller frees ret->text. */
bool tree_search_explain(struct tree *tree, const struct tree_source *source, const char *query,
        struct haystack_place *ret);

/* How many rows of another view match, and which: that of all types, else that of containers, of
 * the view of mounts then that of mount namespaces; 0: none of these. */
size_t tree_search_count(struct tree *tree, const struct tree_source *source, const char *query,
        enum view_kind *ret);

/* Does a part of the work for the next key ahead: views that keys lead to (kept_views_prepare), and
 * `with_text` the text that is searched. False if nothing is left to do. */
bool tree_search_prepare(
        struct tree *tree, const struct tree_source *source, bool with_all, bool with_text);

/* --- drawing (tree_pane.c) ---------------------------------------------------------------- */

/* The titles of the columns. */
void tree_pane_titles(
        struct frame *frame, const struct rect *rect, const struct tree *tree, bool is_ascii);

/* Draws the rows in view, with the cursor in the selected one if the list has the focus. */
void tree_pane_draw(struct frame *frame, const struct rect *rect, const struct tree *tree,
        const struct tree_source *source, bool is_ascii, bool has_focus);

/* True if the selected row, drawn in so many columns, shows what source->needle is about. */
bool tree_pane_has_needle(
        const struct tree *tree, const struct tree_source *source, int columns, bool is_ascii);

/* True if the fold mark of row `index`, drawn in so many columns, is at `column`. */
bool tree_pane_is_fold_mark(const struct tree *tree, size_t index, int columns, int column);
