/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/tree.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* --- which nodes are closed --------------------------------------------------------------- */

static const struct u64_set *toggled_of(const struct tree *tree)
{
	return tree->filtered ? &tree->toggled_filtered : &tree->toggled[tree->view.kind];
}

static struct u64_set *own_toggled(struct tree *tree)
{
	return tree->filtered ? &tree->toggled_filtered : &tree->toggled[tree->view.kind];
}

static bool is_kernel(const struct node *node)
{
	return node->process && node->process->is_kernel;
}

/* Kernel threads are children of kthreadd. On a host they are most of the processes. */
static bool heads_kernel(const struct tree *tree, const struct node *node)
{
	const struct node *nodes = tree->hierarchy.nodes;

	return tree->view.kind == VIEW_PROCESSES && is_kernel(node) && node->has_children &&
	       (node->parent == NODE_NO_PARENT || !is_kernel(&nodes[node->parent]));
}

bool tree_is_kernel(const struct tree *tree, const struct node *node)
{
	return !tree->filtered && heads_kernel(tree, node);
}

/* At first, without a filter: kernel threads, and all in the list of containers but pods. */
static bool starts_closed_unfiltered(const struct tree *tree, const struct node *node)
{
	if (tree->view.kind == VIEW_CONTAINERS)
		return node->group != GROUP_POD;
	return heads_kernel(tree, node);
}

static bool starts_closed(const struct tree *tree, const struct node *node)
{
	return !tree->filtered && starts_closed_unfiltered(tree, node);
}

static bool is_closed(const struct tree *tree, const struct node *node)
{
	return starts_closed(tree, node) != u64_set_has(toggled_of(tree), node_tag(node));
}

static void set_closed(struct tree *tree, const struct node *node, bool closed)
{
	if (closed != starts_closed(tree, node))
		u64_set_add(own_toggled(tree), node_tag(node));
	else
		u64_set_remove(own_toggled(tree), node_tag(node));
}

struct rows_rule tree_rule(const struct tree *tree, const struct marks *marks)
{
	return (struct rows_rule){.marks = marks, .filtered = tree->filtered};
}

/* --- rows --------------------------------------------------------------------------------- */

static bool has_below(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	for (size_t i = index + 1; i < hierarchy->nodes[index].end; i++) {
		if (rows_is_shown(hierarchy, rule, i))
			return true;
	}
	return false;
}

/* Counts what a closed row hides. */
static void count_below(
        const struct hierarchy *hierarchy, const struct rows_rule *rule, struct row *row)
{
	for (size_t i = row->node + 1; i < hierarchy->nodes[row->node].end; i++) {
		if (!rows_is_shown(hierarchy, rule, i))
			continue;
		const enum node_mark mark =
		        rule->marks->n ? marks_get(rule->marks, node_tag(&hierarchy->nodes[i]))
		                       : MARK_NONE;

		row->n_below++;
		row->n_kernel += is_kernel(&hierarchy->nodes[i]);
		row->n_new += mark == MARK_NEW;
		row->n_gone += mark == MARK_GONE;
	}
}

/* Builds the rows, in linear time. */
static void make_rows(struct tree *tree, const struct marks *marks)
{
	const struct rows_rule rule = tree_rule(tree, marks);
	const struct hierarchy *hierarchy = &tree->hierarchy;
	struct rows *rows = &tree->rows;

	rows->n = 0;
	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];
		struct row row = {.node = i};

		/* The line of a container has the number of its processes. */
		row.is_counted = tree->view.kind != VIEW_CONTAINERS || node->ns || node->process;

		if (!rows_is_shown(hierarchy, &rule, i)) {
			i++;
			continue;
		}
		row.has_below = node->has_children && has_below(hierarchy, &rule, i);
		const bool is_folded = row.has_below && is_closed(tree, node);
		if (is_folded)
			count_below(hierarchy, &rule, &row);
		MEMORY_APPEND(rows->all, rows->n, rows->capacity) = row;
		i = is_folded ? node->end : i + 1;
	}
	tree->scroller.n = rows->n;
}

/* Counts the rows at first, in linear time. */
static size_t count_at_first(const struct tree *tree, const struct marks *marks)
{
	const struct rows_rule rule = {.marks = marks};
	const struct hierarchy *hierarchy = &tree->hierarchy;
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];

		n += rows_is_shown(hierarchy, &rule, i);
		i = starts_closed_unfiltered(tree, node) ? node->end : i + 1;
	}
	return n;
}

/* The row of node `index`; if it is not shown, the row above its place. */
static size_t find_row(const struct rows *rows, size_t index)
{
	const size_t next = LOWER_BOUND(rows->n, i, rows->all[i].node <= index);

	return next ? next - 1 : 0;
}

void tree_init(struct tree *tree, const struct view_options *view)
{
	*tree = (struct tree){.view = *view, .scroller.page = 1};
}

void tree_release(struct tree *tree)
{
	for (size_t i = 0; i < VIEW_KINDS; i++)
		u64_set_release(&tree->toggled[i]);
	u64_set_release(&tree->toggled_filtered);
	hierarchy_release(&tree->hierarchy);
	kept_views_release(&tree->kept);
	free(tree->rows.all);
	haystack_free(tree->haystack);
	free(tree->filtered);
}

const struct node *tree_selected(const struct tree *tree)
{
	return tree->rows.n ? &tree->hierarchy.nodes[tree->rows.all[tree->scroller.selected].node]
	                    : NULL;
}

/* --- a new model, another view ------------------------------------------------------------ */

/* Sets `ret` for each node: whether it is marked. */
static void find_marked(const struct tree *tree, const struct marks *marks, bool *ret)
{
	for (size_t i = 0; i < tree->hierarchy.n; i++)
		ret[i] = marks->n &&
		         marks_get(marks, node_tag(&tree->hierarchy.nodes[i])) != MARK_NONE;
}

/* Filters the current hierarchy, and makes the rows of what is left. */
static void apply_filter(struct tree *tree, const struct tree_source *source)
{
	const struct filter *filter = source->filter;
	_cleanup_free_ bool *changed = NULL;

	free(tree->filtered);
	tree->filtered = NULL;
	if (filter && filter_is_on(filter)) {
		tree->filtered = memory_new(tree->hierarchy.n + 1);
		if (filter->only_changed) {
			changed = memory_new(tree->hierarchy.n + 1);
			find_marked(tree, source->marks, changed);
		}
		tree->count = filter_apply(filter, &tree->hierarchy,
		        filter->text ? tree_search_haystack(tree, source) : NULL, changed,
		        tree->filtered);
	}
	make_rows(tree, source->marks);
}

/* Makes the columns as wide as the hierarchy needs. `view` may have its widths. */
static void measure(
        struct tree *tree, const struct tree_source *source, const struct kept_view *view)
{
	tree->measured = (struct column_widths){0};
	if (view && view->is_measured)
		tree->measured = view->widths;
	else
		column_widths_measure(&tree->measured, tree->columns, &tree->hierarchy, source);
	column_widths_add(&tree->widths[tree->view.kind], &tree->measured, source);
}

static void rebuild(struct tree *tree, const struct tree_source *source)
{
	struct kept_view view;

	tree->view.mounts = facts_store_mounts(source->inside, source->model);
	kept_views_keep(&tree->kept, source);
	kept_views_take(&tree->kept, source, &tree->view, &view);
	tree->hierarchy = view.hierarchy;
	if (tree->haystack)
		haystack_set_facts(tree_search_haystack(tree, source), source->inside);
	apply_filter(tree, source);
	tree->n_at_first = count_at_first(tree, source->marks);
	measure(tree, source, &view);
}

/* Keeps the hierarchy, to be shown again, unless the models are others. */
static void leave_hierarchy(struct tree *tree, const struct tree_source *source)
{
	const struct kept_view view = {
	        .hierarchy = tree->hierarchy, .widths = tree->measured, .is_measured = true};

	if (kept_views_is_of(&tree->kept, source))
		kept_views_put(&tree->kept, &view);
	else
		hierarchy_release(&tree->hierarchy);
	tree->hierarchy = (struct hierarchy){0};
}

/* Selects a node and opens its ancestors. */
static void select_node(struct tree *tree, const struct marks *marks, size_t index)
{
	const struct node *nodes = tree->hierarchy.nodes;
	bool is_changed = false;

	for (size_t i = nodes[index].parent; i != NODE_NO_PARENT; i = nodes[i].parent) {
		if (!is_closed(tree, &nodes[i]))
			continue;
		set_closed(tree, &nodes[i], false);
		is_changed = true;
	}
	if (is_changed)
		make_rows(tree, marks);
	tree->scroller.selected = find_row(&tree->rows, index);
}

void tree_select(struct tree *tree, const struct marks *marks, size_t index)
{
	select_node(tree, marks, index);
	scroller_settle(&tree->scroller);
}

/* Scrolls the selected row to row `offset` of the view. */
static void show_selected_at(struct tree *tree, size_t offset)
{
	struct scroller *scroller = &tree->scroller;

	scroller->top = scroller->selected > offset ? scroller->selected - offset : 0;
	scroller_settle(scroller);
}

/* Keeps the first row of the view that is still there in its place on the screen. */
static void keep_top(struct tree *tree, const struct hierarchy *before, const struct rows *rows,
        const struct marks *marks)
{
	const struct rows_rule rule = tree_rule(tree, marks);
	const size_t top = tree->scroller.top;
	const size_t end = MIN(top + tree->scroller.page, rows->n);

	for (size_t i = top; i < end; i++) {
		const uint64_t tag = node_tag(&before->nodes[rows->all[i].node]);
		const size_t index = hierarchy_find(&tree->hierarchy, tag);

		if (index == NODE_NO_PARENT || !rows_is_shown(&tree->hierarchy, &rule, index))
			continue;
		const size_t row = find_row(&tree->rows, index);
		if (tree->rows.all[row].node != index)
			continue;
		tree->scroller.top = row > i - top ? row - (i - top) : 0;
		return;
	}
}

/* The first match from node `index` on, else the last one before it, else `index`. */
static size_t nearest_in(const struct tree *tree, size_t index)
{
	for (size_t i = index; i < tree->hierarchy.n; i++) {
		if (tree->filtered[i] == FILTERED_IN)
			return i;
	}
	for (size_t i = index; i-- > 0;) {
		if (tree->filtered[i] == FILTERED_IN)
			return i;
	}
	return index;
}

/* Selects node `index`, or the nearest match if the filter leaves it out. */
static void select_shown(struct tree *tree, const struct marks *marks, size_t index)
{
	if (tree->filtered && tree->filtered[index] == FILTERED_OUT)
		index = nearest_in(tree, index);
	select_node(tree, marks, index);
}

/* The same for a tag; does nothing if no node has it. */
static void select_tag(struct tree *tree, const struct marks *marks, uint64_t tag)
{
	const size_t index = hierarchy_find(&tree->hierarchy, tag);

	if (tree->rows.n && index != NODE_NO_PARENT)
		select_shown(tree, marks, index);
}

/* Selects the node that was selected before, or its successor. True if it is gone. */
static bool keep_selection(struct tree *tree, const struct tree_source *source,
        const struct hierarchy *before, size_t was)
{
	const struct rows_rule rule = tree_rule(tree, source->marks);
	const struct node *node = &before->nodes[was];
	size_t index = hierarchy_find(&tree->hierarchy, node_tag(node));
	const bool is_there =
	        index != NODE_NO_PARENT &&
	        (node->process || !node->ns || model_find_tag(source->model, node->ns->tag));
	/* Of a mount nothing is left to name it. */
	const bool has_gone =
	        node->mark != MARK_GONE && !node_is_heading(node) && !node->mount && !is_there;

	if (is_there && tree->filtered && tree->filtered[index] == FILTERED_OUT)
		index = nearest_in(tree, index);
	else if (has_gone || index == NODE_NO_PARENT ||
	         !rows_is_shown(&tree->hierarchy, &rule, index))
		index = rows_successor(&tree->hierarchy, &rule, before, was);
	select_node(tree, source->marks, index);
	return has_gone;
}

bool tree_refresh(struct tree *tree, const struct tree_source *source, struct node *ret_gone)
{
	struct hierarchy before = tree->hierarchy;
	struct rows rows = tree->rows;
	bool has_gone = false;

	tree->hierarchy = (struct hierarchy){0};
	tree->rows = (struct rows){0};
	rebuild(tree, source);
	if (rows.n && tree->rows.n) {
		const size_t was = rows.all[tree->scroller.selected].node;

		*ret_gone = before.nodes[was];
		has_gone = keep_selection(tree, source, &before, was);
		keep_top(tree, &before, &rows, source->marks);
	} else if (rows.n) {
		tree->unseen = node_tag(&before.nodes[rows.all[tree->scroller.selected].node]);
	} else {
		select_tag(tree, source->marks, tree->unseen);
	}
	scroller_settle(&tree->scroller);
	hierarchy_release(&before);
	free(rows.all);
	return has_gone;
}

void tree_set_view(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, const uint64_t *tags, size_t n)
{
	/* The selected row stays where it is on the screen. */
	const size_t offset = tree->scroller.selected - tree->scroller.top;
	size_t index;

	tree->view = *view;
	u64_set_clear(&tree->toggled_filtered);
	leave_hierarchy(tree, source);
	rebuild(tree, source);
	index = hierarchy_find_first(&tree->hierarchy, tags, n);
	tree->scroller.selected = 0;
	if (tree->rows.n && index != NODE_NO_PARENT)
		select_shown(tree, source->marks, index);
	else if (tree->rows.n && tree->filtered)
		select_node(tree, source->marks, nearest_in(tree, 0));
	else if (!tree->rows.n && n)
		tree->unseen = tags[0];
	show_selected_at(tree, offset);
}

void tree_filter(struct tree *tree, const struct tree_source *source, uint64_t tag)
{
	const size_t offset = tree->scroller.selected - tree->scroller.top;

	tree->unseen = tag;
	u64_set_clear(&tree->toggled_filtered);
	apply_filter(tree, source);
	const size_t index = hierarchy_find(&tree->hierarchy, tag);
	if (tree->rows.n && tree->filtered)
		select_node(
		        tree, source->marks, nearest_in(tree, index == NODE_NO_PARENT ? 0 : index));
	else
		select_tag(tree, source->marks, tag);
	show_selected_at(tree, offset);
}

/* Applies the same filter, whose text may match other nodes now. */
static void filter_again(struct tree *tree, const struct tree_source *source)
{
	const struct node *node = tree_selected(tree);
	const uint64_t tag = node ? node_tag(node) : tree->unseen;

	if (!tree->filtered || !source->filter->text)
		return;
	apply_filter(tree, source);
	select_tag(tree, source->marks, tag);
	scroller_settle(&tree->scroller);
}

void tree_measure(struct tree *tree, const struct tree_source *source)
{
	tree_search_forget(tree);
	kept_views_forget_widths(&tree->kept);
	measure(tree, source, NULL);
	filter_again(tree, source);
}

void tree_add_facts(struct tree *tree, const struct tree_source *source)
{
	if (tree->haystack)
		haystack_set_facts(tree_search_haystack(tree, source), source->inside);
	filter_again(tree, source);
}

struct finding tree_find_changed(const struct tree *tree, const struct marks *marks, bool is_back)
{
	const struct rows_rule rule = tree_rule(tree, marks);
	const struct node *selected = tree_selected(tree);
	const size_t n = tree->hierarchy.n;
	const size_t at = selected ? (size_t)(selected - tree->hierarchy.nodes) : 0;
	_cleanup_free_ bool *hits = memory_new(n + 1);

	find_marked(tree, marks, hits);
	for (size_t i = 0; i < n; i++)
		hits[i] = hits[i] && rows_is_shown(&tree->hierarchy, &rule, i);
	return rows_match(hits, n, at, true, is_back);
}

void tree_leave(const struct tree *tree, struct tree_place *ret)
{
	const struct node *node = tree_selected(tree);

	tree_place_release(ret);
	ret->selected = node ? node_tag(node) : tree->unseen;
	ret->offset = tree->scroller.selected - tree->scroller.top;
	u64_set_copy(&ret->toggled, toggled_of(tree));
}

void tree_return(struct tree *tree, const struct marks *marks, const struct tree_place *place)
{
	struct u64_set *toggled = own_toggled(tree);

	if (!u64_set_is_same(toggled, &place->toggled)) {
		u64_set_copy(toggled, &place->toggled);
		make_rows(tree, marks);
	}
	select_tag(tree, marks, place->selected);
	show_selected_at(tree, place->offset);
}

void tree_place_release(struct tree_place *place)
{
	u64_set_release(&place->toggled);
	*place = (struct tree_place){0};
}

/* --- moving and folding ------------------------------------------------------------------- */

void tree_go(struct tree *tree, size_t row)
{
	tree->scroller.selected = row;
	scroller_settle(&tree->scroller);
}

bool tree_go_tag(struct tree *tree, const struct marks *marks, uint64_t tag)
{
	const size_t index = hierarchy_find(&tree->hierarchy, tag);
	const struct rows_rule rule = tree_rule(tree, marks);

	if (index == NODE_NO_PARENT || !rows_is_shown(&tree->hierarchy, &rule, index))
		return false;
	tree_select(tree, marks, index);
	return true;
}

static bool is_selected_closed(const struct tree *tree)
{
	return tree->rows.n && tree->rows.all[tree->scroller.selected].n_below > 0;
}

bool tree_is_open(const struct tree *tree)
{
	return tree->rows.n && tree->rows.all[tree->scroller.selected].has_below &&
	       !is_selected_closed(tree);
}

void tree_fold(struct tree *tree, const struct marks *marks, bool closed)
{
	if (closed ? !tree_is_open(tree) : !is_selected_closed(tree))
		return;
	set_closed(tree, tree_selected(tree), closed);
	make_rows(tree, marks);
	scroller_settle(&tree->scroller);
}

bool tree_go_parent(struct tree *tree)
{
	const struct node *node = tree_selected(tree);

	if (!node || node->parent == NODE_NO_PARENT)
		return false;
	tree_go(tree, find_row(&tree->rows, node->parent));
	return true;
}

/* Makes the rows again, with the selected row in view, or that above its place. */
static void show_folds(struct tree *tree, const struct marks *marks)
{
	const size_t index = tree->rows.all[tree->scroller.selected].node;

	make_rows(tree, marks);
	tree->scroller.selected = find_row(&tree->rows, index);
	scroller_settle(&tree->scroller);
}

void tree_fold_all(struct tree *tree, const struct marks *marks)
{
	struct u64_set *toggled = own_toggled(tree);
	bool is_opening = false;

	if (!tree->rows.n)
		return;
	for (size_t i = 0; i < tree->rows.n; i++)
		is_opening |= tree->rows.all[i].n_below > 0;
	u64_set_clear(toggled);
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];

		if (node->has_children && is_opening == starts_closed(tree, node))
			u64_set_push(toggled, node_tag(node));
	}
	u64_set_sort_unique(toggled);
	show_folds(tree, marks);
}

bool tree_fold_kernel(struct tree *tree, const struct marks *marks)
{
	bool is_opening = false;
	size_t n = 0;

	for (size_t turn = 0; tree->rows.n && turn < 2; turn++) {
		for (size_t i = 0; i < tree->hierarchy.n; i++) {
			const struct node *node = &tree->hierarchy.nodes[i];

			if (!tree_is_kernel(tree, node))
				continue;
			n++;
			if (turn == 0)
				is_opening |= is_closed(tree, node);
			else
				set_closed(tree, node, !is_opening);
		}
	}
	if (n)
		show_folds(tree, marks);
	return n > 0;
}
