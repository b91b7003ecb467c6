/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/tree.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/line.h"

#include <stdlib.h>
#include <string.h>

static struct tags *closed_of(struct tree *tree)
{
	return &tree->closed[tree->view.kind];
}

void tree_init(struct tree *tree, const struct view_options *view)
{
	*tree = (struct tree){.view = *view, .page = 1};
}

void tree_release(struct tree *tree)
{
	for (size_t i = 0; i < VIEW_KINDS; i++)
		tags_release(&tree->closed[i]);
	hierarchy_release(&tree->hierarchy);
	rows_release(&tree->rows);
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

void tree_measure(struct tree *tree, const struct tree_source *source)
{
	struct tree_widths *widths = &tree->widths[tree->view.kind];
	_cleanup_free_ uid_t *uids = memory_new((tree->hierarchy.n + 1) * sizeof(*uids));
	size_t n = 0;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];
		const struct ns *ns = node->ns;

		grow(&widths->depth, (int)node->depth);
		if (!ns)
			continue;
		grow(&widths->label, (int)strlen(ns_type_name(ns->type)) + digits(ns->inode) + 3);
		grow(&widths->processes, digits(ns->n_processes));
		const struct ns *user = ns->type == NS_USER ? ns : ns->owner.ns;
		if (user && user->owner_uid_state == REL_KNOWN)
			uids[n++] = user->owner_uid;
	}
	measure_owners(widths, uids, n, source->names);
}

/* --- a new model, another view ------------------------------------------------ */

static void rebuild(struct tree *tree, const struct tree_source *source)
{
	hierarchy_build(&tree->hierarchy, source->model, source->marks->baseline, &tree->view);
	rows_build(&tree->rows, &tree->hierarchy, source->marks, closed_of(tree));
	tree->n_new = 0;
	tree->n_gone = 0;
	for (size_t i = 0; source->marks->n && i < tree->hierarchy.n; i++) {
		const uint64_t tag = node_tag(&tree->hierarchy.nodes[i]);
		const enum node_mark mark = tag ? marks_get(source->marks, tag) : MARK_NONE;

		tree->n_new += mark == MARK_NEW;
		tree->n_gone += mark == MARK_GONE;
	}
	tree_measure(tree, source);
}

/* Selects a node, opening what hides it. */
static void select_node(struct tree *tree, const struct marks *marks, size_t index)
{
	const struct node *nodes = tree->hierarchy.nodes;
	bool is_changed = false;

	for (size_t i = nodes[index].parent; i != NODE_NO_PARENT; i = nodes[i].parent) {
		if (!tags_has(closed_of(tree), node_tag(&nodes[i])))
			continue;
		tags_remove(closed_of(tree), node_tag(&nodes[i]));
		is_changed = true;
	}
	if (is_changed)
		rows_build(&tree->rows, &tree->hierarchy, marks, closed_of(tree));
	tree->selected = rows_find_node(&tree->rows, index);
}

/* How siblings stand in the list: owned ones first, then by type and number. */
static int compare_siblings(const struct node *a, const struct node *b)
{
	if (a->is_owned != b->is_owned)
		return a->is_owned ? -1 : 1;
	if (a->ns->type != b->ns->type)
		return a->ns->type < b->ns->type ? -1 : 1;
	return (a->ns->inode > b->ns->inode) - (a->ns->inode < b->ns->inode);
}

/* The living child of `parent` that comes after `gone`, else the one before, else the parent. */
static size_t neighbour(const struct hierarchy *hierarchy, size_t parent, const struct node *gone)
{
	const struct node *nodes = hierarchy->nodes;
	size_t best = parent;

	for (size_t i = parent + 1; i < nodes[parent].end; i = nodes[i].end) {
		if (nodes[i].mark == MARK_GONE)
			continue;
		best = i;
		if (compare_siblings(&nodes[i], gone) >= 0)
			break;
	}
	return best;
}

/* Who takes the selection over from node `index` of the hierarchy before, which is not in the list
 * any more, or as something that went. The parent may have gone with it. */
static size_t successor(const struct hierarchy *now, const struct hierarchy *before, size_t index)
{
	const struct node *nodes = before->nodes;

	for (size_t i = index; nodes[i].parent != NODE_NO_PARENT; i = nodes[i].parent) {
		const uint64_t tag = node_tag(&nodes[nodes[i].parent]);
		const size_t parent = hierarchy_find(now, tag);

		if (parent != NODE_NO_PARENT && now->nodes[parent].mark != MARK_GONE)
			return neighbour(now, parent, &nodes[i]);
	}
	return 0;
}

/* The row of the first namespace that was in view, from the row `top` on, and still is. */
static void keep_top(struct tree *tree, const struct hierarchy *before, const struct rows *rows,
        const struct marks *marks)
{
	const size_t end = tree->top + tree->page < rows->n ? tree->top + tree->page : rows->n;

	for (size_t i = tree->top; i < end; i++) {
		const uint64_t tag = node_tag(&before->nodes[rows->all[i].node]);
		const size_t index = hierarchy_find(&tree->hierarchy, tag);

		if (index == NODE_NO_PARENT || !rows_is_shown(&tree->hierarchy.nodes[index], marks))
			continue;
		const size_t row = rows_find_node(&tree->rows, index);
		if (tree->rows.all[row].node != index)
			continue;
		tree->top = row > i - tree->top ? row - (i - tree->top) : 0;
		return;
	}
}

/* Selects what was selected, or who takes over. Returns what went. */
static const struct ns *keep_selection(struct tree *tree, const struct tree_source *source,
        const struct hierarchy *before, size_t was)
{
	const struct node *node = &before->nodes[was];
	const bool has_gone = node->ns && node->mark != MARK_GONE &&
	                      !model_find_tag(source->model, node->ns->tag);
	size_t index = hierarchy_find(&tree->hierarchy, node_tag(node));

	if (has_gone || index == NODE_NO_PARENT ||
	        !rows_is_shown(&tree->hierarchy.nodes[index], source->marks))
		index = successor(&tree->hierarchy, before, was);
	select_node(tree, source->marks, index);
	return has_gone ? node->ns : NULL;
}

const struct ns *tree_refresh(struct tree *tree, const struct tree_source *source)
{
	struct hierarchy before = tree->hierarchy;
	struct rows rows = tree->rows;
	const struct ns *gone = NULL;

	tree->hierarchy = (struct hierarchy){0};
	tree->rows = (struct rows){0};
	rebuild(tree, source);
	if (rows.n && tree->rows.n) {
		gone = keep_selection(tree, source, &before, rows.all[tree->selected].node);
		keep_top(tree, &before, &rows, source->marks);
	}
	settle(tree);
	hierarchy_release(&before);
	rows_release(&rows);
	return gone;
}

void tree_set_view(struct tree *tree, const struct tree_source *source,
        const struct view_options *view, uint64_t tag)
{
	/* The selected row stays where it is on the screen. */
	const size_t offset = tree->selected - tree->top;

	tree->view = *view;
	hierarchy_release(&tree->hierarchy);
	rebuild(tree, source);
	const size_t index = hierarchy_find(&tree->hierarchy, tag);
	tree->selected = 0;
	if (index != NODE_NO_PARENT)
		select_node(tree, source->marks, index);
	tree->top = tree->selected > offset ? tree->selected - offset : 0;
	settle(tree);
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

	if (index == NODE_NO_PARENT || !rows_is_shown(&tree->hierarchy.nodes[index], marks))
		return false;
	select_node(tree, marks, index);
	settle(tree);
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
		tags_add(closed_of(tree), tag);
	else
		tags_remove(closed_of(tree), tag);
	rows_build(&tree->rows, &tree->hierarchy, marks, closed_of(tree));
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
	struct tags *closed = closed_of(tree);
	const bool is_opening = is_any_closed(tree);

	if (!tree->rows.n)
		return;
	const size_t index = tree->rows.all[tree->selected].node;
	tags_clear(closed);
	for (size_t i = 0; !is_opening && i < tree->hierarchy.n; i++) {
		if (tree->hierarchy.nodes[i].has_children)
			tags_push(closed, node_tag(&tree->hierarchy.nodes[i]));
	}
	tags_sort(closed);
	rows_build(&tree->rows, &tree->hierarchy, marks, closed);
	tree->selected = rows_find_node(&tree->rows, index);
	settle(tree);
}
