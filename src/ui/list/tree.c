/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/tree.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/draw/line.h"
#include "ui/list/successor.h"

#include <stdlib.h>
#include <string.h>

static struct u64_set *closed_of(struct tree *tree)
{
	return tree->filtered ? &tree->closed_filtered : &tree->closed[tree->view.kind];
}

struct rows_rule tree_rule(const struct tree *tree, const struct marks *marks)
{
	return (struct rows_rule){
	        .marks = marks,
	        .closed = tree->filtered ? &tree->closed_filtered : &tree->closed[tree->view.kind],
	        .filtered = tree->filtered,
	};
}

static void make_rows(struct tree *tree, const struct marks *marks)
{
	const struct rows_rule rule = tree_rule(tree, marks);

	rows_build(&tree->rows, &tree->hierarchy, &rule);
}

void tree_init(struct tree *tree, const struct view_options *view)
{
	*tree = (struct tree){.view = *view, .page = 1};
}

void tree_release(struct tree *tree)
{
	for (size_t i = 0; i < VIEW_KINDS; i++)
		u64_set_release(&tree->closed[i]);
	u64_set_release(&tree->closed_filtered);
	hierarchy_release(&tree->hierarchy);
	rows_release(&tree->rows);
	haystack_free(tree->haystack);
	free(tree->filtered);
}

static const struct node *node_of_row(const struct tree *tree, size_t row)
{
	return &tree->hierarchy.nodes[tree->rows.all[row].node];
}

const struct node *tree_selected(const struct tree *tree)
{
	return tree->rows.n ? node_of_row(tree, tree->selected) : NULL;
}

/* Keeps the selection in the list, and both in view. */
static void settle(struct tree *tree)
{
	const size_t n = tree->rows.n;

	if (tree->selected >= n)
		tree->selected = n ? n - 1 : 0;
	if (tree->top + tree->page > n)
		tree->top = n > tree->page ? n - tree->page : 0;
	if (tree->top > tree->selected)
		tree->top = tree->selected;
	if (tree->selected >= tree->top + tree->page)
		tree->top = tree->selected - tree->page + 1;
}

/* --- the columns -------------------------------------------------------------- */

static void grow(int *width, int wanted)
{
	if (*width < wanted)
		*width = wanted;
}

static int digits(uint64_t number)
{
	int n = 1;

	for (; number >= 10; number /= 10)
		n++;
	return n;
}

static int compare_uids(const void *a, const void *b)
{
	const uid_t x = *(const uid_t *)a, y = *(const uid_t *)b;

	return (x > y) - (x < y);
}

/* Each name is measured once, however many namespaces it owns. */
static void measure_owners(
        struct tree_widths *widths, uid_t *uids, size_t n, const struct names *names)
{
	if (n)
		qsort(uids, n, sizeof(*uids), compare_uids);
	for (size_t i = 0; i < n; i++) {
		if (i && uids[i] == uids[i - 1])
			continue;
		const char *name = names_get(names, uids[i]);
		_cleanup_free_ char *text = name ? escape_text(name) : NULL;

		grow(&widths->owner, text ? line_width(text, false) : digits(uids[i]));
	}
}

/* Most names are plain, and there are thousands of them. */
static int name_width(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (*c < ' ' || *c > '~' || *c == '\\') {
			_cleanup_free_ char *text = escape_text(name);

			return line_width(text, false);
		}
	}
	return (int)strlen(name);
}

static void measure_process(struct tree_widths *widths, const struct process *process)
{
	const pid_t inside = process->n_nspid > 1 ? process->nspid[process->n_nspid - 1] : 0;

	grow(&widths->label, name_width(process->name ? process->name : "") +
	                             digits((uint64_t)process->pid) + 3);
	grow(&widths->processes, digits((uint64_t)inside));
}

static void measure_ns(struct tree_widths *widths, const struct ns *ns)
{
	grow(&widths->label, (int)strlen(nstype_name(ns->type)) + digits(ns->inode) + 3);
	grow(&widths->processes, digits(ns->n_processes));
}

static void measure(struct tree *tree, const struct tree_source *source)
{
	struct tree_widths *widths = &tree->widths[tree->view.kind];
	_cleanup_free_ uid_t *uids = memory_new((tree->hierarchy.n + 1) * sizeof(*uids));
	size_t n = 0;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];

		grow(&widths->depth, (int)node->depth);
		if (node->process)
			measure_process(widths, node->process);
		else if (node->ns)
			measure_ns(widths, node->ns);
		n += filter_owner_of(node, &uids[n]);
	}
	measure_owners(widths, uids, n, source->names);
}

/* --- a new model, another view ------------------------------------------------ */

const struct haystack *tree_haystack(struct tree *tree, const struct tree_source *source)
{
	if (!tree->haystack)
		tree->haystack = haystack_new(
		        &tree->hierarchy, source->model, source->marks->baseline, source->names);
	return tree->haystack;
}

/* Applies the filter to the hierarchy as it is now. */
static void apply_filter(struct tree *tree, const struct tree_source *source)
{
	const struct filter *filter = source->filter;
	const bool has_text = filter && filter->text && *filter->text;

	free(tree->filtered);
	tree->filtered = NULL;
	if (!filter || !filter_is_on(filter))
		return;
	tree->filtered = memory_new(tree->hierarchy.n + 1);
	tree->count = filter_apply(filter, &tree->hierarchy,
	        has_text ? tree_haystack(tree, source) : NULL, tree->filtered);
}

static void count_marks(struct tree *tree, const struct marks *marks)
{
	tree->n_new = 0;
	tree->n_gone = 0;
	for (size_t i = 0; marks->n && i < tree->hierarchy.n; i++) {
		const uint64_t tag = node_tag(&tree->hierarchy.nodes[i]);
		const enum node_mark mark = tag ? marks_get(marks, tag) : MARK_NONE;

		tree->n_new += mark == MARK_NEW;
		tree->n_gone += mark == MARK_GONE;
	}
}

static void rebuild(struct tree *tree, const struct tree_source *source)
{
	hierarchy_build(&tree->hierarchy, source->model, source->marks->baseline, &tree->view);
	haystack_free(tree->haystack);
	tree->haystack = NULL;
	apply_filter(tree, source);
	make_rows(tree, source->marks);
	count_marks(tree, source->marks);
	measure(tree, source);
}

/* Selects a node, opening what hides it. */
static void select_node(struct tree *tree, const struct marks *marks, size_t index)
{
	const struct node *nodes = tree->hierarchy.nodes;
	bool is_changed = false;

	for (size_t i = nodes[index].parent; i != NODE_NO_PARENT; i = nodes[i].parent) {
		if (!u64_set_has(closed_of(tree), node_tag(&nodes[i])))
			continue;
		u64_set_remove(closed_of(tree), node_tag(&nodes[i]));
		is_changed = true;
	}
	if (is_changed)
		make_rows(tree, marks);
	tree->selected = rows_find_node(&tree->rows, index);
}

void tree_select(struct tree *tree, const struct marks *marks, size_t index)
{
	select_node(tree, marks, index);
	settle(tree);
}

/* The row of the first namespace that was in view, from the row `top` on, and still is. */
static void keep_top(struct tree *tree, const struct hierarchy *before, const struct rows *rows,
        const struct marks *marks)
{
	const struct rows_rule rule = tree_rule(tree, marks);
	const size_t end = tree->top + tree->page < rows->n ? tree->top + tree->page : rows->n;

	for (size_t i = tree->top; i < end; i++) {
		const uint64_t tag = node_tag(&before->nodes[rows->all[i].node]);
		const size_t index = hierarchy_find(&tree->hierarchy, tag);

		if (index == NODE_NO_PARENT || !rows_is_shown(&tree->hierarchy, &rule, index))
			continue;
		const size_t row = rows_find_node(&tree->rows, index);
		if (tree->rows.all[row].node != index)
			continue;
		tree->top = row > i - tree->top ? row - (i - tree->top) : 0;
		return;
	}
}

/* The first node that is in, from `index` on, else the last one before it, else `index`. */
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

/* Selects node `index`, or what is nearest to it where the filter leaves it out. */
static void select_shown(struct tree *tree, const struct marks *marks, size_t index)
{
	if (tree->filtered && tree->filtered[index] == FILTERED_OUT)
		index = nearest_in(tree, index);
	select_node(tree, marks, index);
}

/* The same for a tag; nothing if there is none of it. */
static void select_tag(struct tree *tree, const struct marks *marks, uint64_t tag)
{
	const size_t index = hierarchy_find(&tree->hierarchy, tag);

	if (tree->rows.n && index != NODE_NO_PARENT)
		select_shown(tree, marks, index);
}

/* Selects what was selected, or who takes over. True if it went. */
static bool keep_selection(struct tree *tree, const struct tree_source *source,
        const struct hierarchy *before, size_t was)
{
	const struct rows_rule rule = tree_rule(tree, source->marks);
	const struct node *node = &before->nodes[was];
	size_t index = hierarchy_find(&tree->hierarchy, node_tag(node));
	const bool is_there =
	        index != NODE_NO_PARENT &&
	        (node->process || !node->ns || model_find_tag(source->model, node->ns->tag));
	const bool has_gone = node->mark != MARK_GONE && (node->ns || node->process) && !is_there;

	if (is_there && tree->filtered && tree->filtered[index] == FILTERED_OUT)
		index = nearest_in(tree, index);
	else if (has_gone || index == NODE_NO_PARENT ||
	         !rows_is_shown(&tree->hierarchy, &rule, index))
		index = successor_find(&tree->hierarchy, &rule, before, was);
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
		const size_t was = rows.all[tree->selected].node;

		*ret_gone = before.nodes[was];
		has_gone = keep_selection(tree, source, &before, was);
		keep_top(tree, &before, &rows, source->marks);
	} else if (rows.n) {
		tree->unseen = node_tag(&before.nodes[rows.all[tree->selected].node]);
	} else {
		select_tag(tree, source->marks, tree->unseen);
	}
	settle(tree);
	hierarchy_release(&before);
	rows_release(&rows);
	return has_gone;
}

void tree_set_view_of(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, const uint64_t *tags, size_t n)
{
	/* The selected row stays where it is on the screen. */
	const size_t offset = tree->selected - tree->top;
	size_t index = NODE_NO_PARENT;

	tree->view = *view;
	u64_set_clear(&tree->closed_filtered);
	hierarchy_release(&tree->hierarchy);
	rebuild(tree, source);
	for (size_t i = 0; i < n && index == NODE_NO_PARENT; i++)
		index = hierarchy_find(&tree->hierarchy, tags[i]);
	tree->selected = 0;
	if (tree->rows.n && index != NODE_NO_PARENT)
		select_shown(tree, source->marks, index);
	else if (tree->rows.n && tree->filtered)
		select_node(tree, source->marks, nearest_in(tree, 0));
	else if (!tree->rows.n && n)
		tree->unseen = tags[0];
	tree->top = tree->selected > offset ? tree->selected - offset : 0;
	settle(tree);
}

void tree_set_view(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, uint64_t tag)
{
	tree_set_view_of(tree, source, view, &tag, 1);
}

void tree_filter(struct tree *tree, const struct tree_source *source, uint64_t tag)
{
	const size_t offset = tree->selected - tree->top;

	tree->unseen = tag;
	u64_set_clear(&tree->closed_filtered);
	apply_filter(tree, source);
	make_rows(tree, source->marks);
	const size_t index = hierarchy_find(&tree->hierarchy, tag);
	if (tree->rows.n && tree->filtered)
		select_node(
		        tree, source->marks, nearest_in(tree, index == NODE_NO_PARENT ? 0 : index));
	else
		select_tag(tree, source->marks, tag);
	tree->top = tree->selected > offset ? tree->selected - offset : 0;
	settle(tree);
}

void tree_measure(struct tree *tree, const struct tree_source *source)
{
	haystack_free(tree->haystack);
	tree->haystack = NULL;
	measure(tree, source);
	if (tree->filtered && source->filter->text) {
		const struct node *node = tree_selected(tree);
		const uint64_t tag = node ? node_tag(node) : tree->unseen;

		apply_filter(tree, source);
		make_rows(tree, source->marks);
		select_tag(tree, source->marks, tag);
		settle(tree);
	}
}

void tree_leave(const struct tree *tree, struct tree_place *ret)
{
	const struct node *node = tree_selected(tree);
	const struct u64_set *closed = tree_rule(tree, NULL).closed;

	tree_place_release(ret);
	ret->selected = node ? node_tag(node) : tree->unseen;
	ret->offset = tree->selected - tree->top;
	for (size_t i = 0; i < closed->n; i++)
		u64_set_push(&ret->closed, closed->items[i]);
}

void tree_return(struct tree *tree, const struct marks *marks, const struct tree_place *place)
{
	struct u64_set *closed = closed_of(tree);

	u64_set_clear(closed);
	for (size_t i = 0; i < place->closed.n; i++)
		u64_set_push(closed, place->closed.items[i]);
	make_rows(tree, marks);
	select_tag(tree, marks, place->selected);
	tree->top = tree->selected > place->offset ? tree->selected - place->offset : 0;
	settle(tree);
}

void tree_place_release(struct tree_place *place)
{
	u64_set_release(&place->closed);
	*place = (struct tree_place){0};
}

/* --- moving and folding ------------------------------------------------------- */

void tree_set_page(struct tree *tree, size_t page)
{
	tree->page = page ? page : 1;
	settle(tree);
}

static size_t moved(size_t from, long by, size_t n)
{
	const size_t step = by < 0 ? (size_t)-by : (size_t)by;

	if (by < 0)
		return from > step ? from - step : 0;
	return from + step < n ? from + step : n ? n - 1 : 0;
}

void tree_move(struct tree *tree, long rows, bool is_paging)
{
	tree->selected = moved(tree->selected, rows, tree->rows.n);
	if (is_paging)
		tree->top = moved(tree->top, rows, tree->rows.n);
	settle(tree);
}

void tree_go(struct tree *tree, size_t row)
{
	tree->selected = row;
	settle(tree);
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

bool tree_is_closed(const struct tree *tree)
{
	return tree->rows.n && tree->rows.all[tree->selected].n_below > 0;
}

bool tree_is_open(const struct tree *tree)
{
	return tree->rows.n && tree->rows.all[tree->selected].has_below && !tree_is_closed(tree);
}

void tree_fold(struct tree *tree, const struct marks *marks, bool is_closed)
{
	if (is_closed ? !tree_is_open(tree) : !tree_is_closed(tree))
		return;
	const uint64_t tag = node_tag(tree_selected(tree));

	if (is_closed)
		u64_set_add(closed_of(tree), tag);
	else
		u64_set_remove(closed_of(tree), tag);
	make_rows(tree, marks);
	settle(tree);
}

bool tree_go_parent(struct tree *tree)
{
	const struct node *node = tree_selected(tree);

	if (!node || node->parent == NODE_NO_PARENT)
		return false;
	tree_go(tree, rows_find_node(&tree->rows, node->parent));
	return true;
}

static bool is_any_closed(const struct tree *tree)
{
	for (size_t i = 0; i < tree->rows.n; i++) {
		if (tree->rows.all[i].n_below)
			return true;
	}
	return false;
}

void tree_fold_all(struct tree *tree, const struct marks *marks)
{
	struct u64_set *closed = closed_of(tree);
	const bool is_opening = is_any_closed(tree);

	if (!tree->rows.n)
		return;
	const size_t index = tree->rows.all[tree->selected].node;
	u64_set_clear(closed);
	for (size_t i = 0; !is_opening && i < tree->hierarchy.n; i++) {
		if (tree->hierarchy.nodes[i].has_children)
			u64_set_push(closed, node_tag(&tree->hierarchy.nodes[i]));
	}
	u64_set_sort_unique(closed);
	make_rows(tree, marks);
	tree->selected = rows_find_node(&tree->rows, index);
	settle(tree);
}
