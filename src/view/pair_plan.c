/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_plan.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

const enum view_kind pair_views[PAIR_PARTS] = {[PAIR_PID] = VIEW_PID, [PAIR_USER] = VIEW_USER};

/* --- groups of similar leaves ---------------------------------------------------------------- */

struct leaf {
	const struct node *node;
	size_t index;
};

static const char *name_of(const struct ns *ns)
{
	return ns->leader && ns->leader->name ? ns->leader->name : "";
}

/* A number for what holds it: 0 for processes, then the kinds of holders, at last nothing. */
static unsigned kind_of(const struct ns *ns)
{
	if (ns->n_processes)
		return 0;
	return ns->n_holders ? 1 + (unsigned)ns->holders[0].kind : 1 + HOLDER_KINDS;
}

/* The tag of the user namespace that owns it. */
static uint64_t owner_of(const struct ns *ns)
{
	return ns->owner.ns ? ns->owner.ns->tag : 0;
}

/* 0 if they look alike. */
static int compare_looks(const struct node *a, const struct node *b)
{
	const struct ns *x = a->ns, *y = b->ns;
	int r = COMPARE(a->parent, b->parent);

	r = r ? r : COMPARE(a->is_owned, b->is_owned);
	r = r ? r : COMPARE(a->mark, b->mark);
	r = r ? r : COMPARE(x->type, y->type);
	r = r ? r : COMPARE(kind_of(x), kind_of(y));
	/* User namespaces differ by the user who created them: the namespace that owns them is
	 * their parent. */
	r = r ? r : COMPARE(x->owner_uid_state, y->owner_uid_state);
	if (r == 0 && x->owner_uid_state == REL_KNOWN)
		r = COMPARE(x->owner_uid, y->owner_uid);
	r = r ? r : COMPARE(owner_of(x), owner_of(y));
	return r ? r : strcmp(name_of(x), name_of(y));
}

bool pair_plan_is_alike(const struct node *a, const struct node *b)
{
	return compare_looks(a, b) == 0;
}

static int compare_leaves(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;
	const int r = compare_looks(x->node, y->node);

	return r ? r : COMPARE(x->index, y->index);
}

static bool is_any_open(const struct leaf *leaves, size_t n, const struct collapse_options *options)
{
	for (size_t i = 0; options->is_open && i < n; i++) {
		if (options->is_open(options->data, node_tag(leaves[i].node)))
			return true;
	}
	return false;
}

/* Makes the first of the leaves that is not selected the group; the others are dropped. */
static void make_group(struct hierarchy *h, const struct leaf *leaves, size_t n, uint64_t selected,
        const struct ns **alike, bool *is_dropped)
{
	struct node *group = NULL;

	for (size_t i = 0; i < n; i++) {
		struct node *node = &h->nodes[leaves[i].index];

		if (node_tag(node) == selected)
			continue;
		if (group)
			is_dropped[leaves[i].index] = true;
		else
			group = node;
		alike[group->n_alike++] = node->ns;
	}
	if (group)
		group->alike = alike;
}

void pair_plan_collapse(struct hierarchy *h, const struct collapse_options *options)
{
	_cleanup_free_ struct leaf *leaves = memory_new((h->n + 1) * sizeof(*leaves));
	_cleanup_free_ bool *is_dropped = memory_new((h->n + 1) * sizeof(*is_dropped));
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		if (node->ns && node->end == i + 1 && node->parent != NODE_NO_PARENT)
			leaves[n++] = (struct leaf){node, i};
	}
	if (n)
		qsort(leaves, n, sizeof(*leaves), compare_leaves);
	h->alike = memory_new((h->n + 1) * sizeof(*h->alike));
	for (size_t first = 0, end; first < n; first = end) {
		for (end = first + 1;
		        end < n && compare_looks(leaves[first].node, leaves[end].node) == 0; end++)
			;
		if (end - first > COLLAPSE_ABOVE &&
		        !is_any_open(leaves + first, end - first, options))
			make_group(h, leaves + first, end - first, options->selected,
			        h->alike + first, is_dropped);
	}
	hierarchy_drop(h, is_dropped);
}

/* --- finding a node by its tag --------------------------------------------------------------- */

struct pair_entry {
	uint64_t tag;
	size_t node;
};

static int compare_entries(const void *a, const void *b)
{
	const struct pair_entry *x = a, *y = b;

	return COMPARE(x->tag, y->tag);
}

/* How many namespaces a node is found by. */
static size_t count_members(const struct node *node)
{
	if (!node->ns)
		return 0;
	return node->n_alike ? node->n_alike : 1;
}

static void build_index(struct pair_tree *tree)
{
	const struct hierarchy *hierarchy = &tree->hierarchy;
	size_t n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n += count_members(&hierarchy->nodes[i]);
	tree->index = memory_new((n + 1) * sizeof(*tree->index));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const size_t n_members = count_members(node);

		for (size_t m = 0; m < n_members; m++)
			tree->index[tree->n_index++] = (struct pair_entry){
			        node->n_alike ? node->alike[m]->tag : node->ns->tag, i};
	}
	qsort(tree->index, tree->n_index, sizeof(*tree->index), compare_entries);
}

size_t pair_plan_find(const struct pair_tree *tree, uint64_t tag)
{
	const struct pair_entry key = {.tag = tag};
	const struct pair_entry *found =
	        bsearch(&key, tree->index, tree->n_index, sizeof(key), compare_entries);

	return found ? found->node : NODE_NO_PARENT;
}

/* --- hierarchies and lines ------------------------------------------------------------------- */

static void drop_nodes(struct hierarchy *hierarchy, const struct pair_options *options)
{
	_cleanup_free_ bool *is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		is_dropped[i] = (node->is_owned && node->ns->type == NS_PID) ||
		                (options->is_left_out && options->is_left_out(options->data, node));
	}
	/* A line without a namespace goes with the last node below it. */
	for (size_t i = 0; i < hierarchy->n; i++) {
		size_t below = i + 1;

		if (hierarchy->nodes[i].ns)
			continue;
		while (below < hierarchy->nodes[i].end && is_dropped[below])
			below++;
		is_dropped[i] = below == hierarchy->nodes[i].end;
	}
	hierarchy_drop(hierarchy, is_dropped);
}

static void filter_nodes(
        struct pair_plan *plan, struct hierarchy *hierarchy, const struct pair_options *options)
{
	const struct filter_count count =
	        filter_drop(options->filter, hierarchy, options->model, options->names);

	plan->count.n += count.n;
	plan->count.all += count.all;
}

static void build_tree(
        struct pair_plan *plan, enum pair_part part, const struct pair_options *options)
{
	struct pair_tree *tree = &plan->trees[part];
	struct view_options view = options->view;

	view.kind = pair_views[part];
	hierarchy_build(&tree->hierarchy, options->model, options->baseline, &view);
	if (view.with_details || options->is_left_out)
		drop_nodes(&tree->hierarchy, options);
	if (options->filter)
		filter_nodes(plan, &tree->hierarchy, options);
	if (view.is_collapsed)
		pair_plan_collapse(&tree->hierarchy, &options->collapse);
	tree->boxes = memory_new((tree->hierarchy.n + 1) * sizeof(*tree->boxes));
	build_index(tree);
}

static int compare_lines(const void *a, const void *b)
{
	const struct pair_line *x = a, *y = b;
	const int r = COMPARE(x->user, y->user);

	return r ? r : COMPARE(x->pid, y->pid);
}

/* Appends the lines that lead to the initial user namespace, or those that do not. */
static void add_lines(struct pair_plan *plan, bool to_initial)
{
	const struct hierarchy *pids = &plan->trees[PAIR_PID].hierarchy;
	const size_t first = plan->n_lines;

	for (size_t i = 0; i < pids->n; i++) {
		const struct ns *ns = pids->nodes[i].ns;

		if (plan->owners[i] == NODE_NO_PARENT ||
		        (ns->owner.ns->parent.state == REL_INITIAL) != to_initial)
			continue;
		plan->lines[plan->n_lines++] =
		        (struct pair_line){.pid = i, .user = plan->owners[i]};
	}
	if (plan->n_lines > first)
		qsort(plan->lines + first, plan->n_lines - first, sizeof(*plan->lines),
		        compare_lines);
}

static void find_owners(struct pair_plan *plan)
{
	const struct hierarchy *pids = &plan->trees[PAIR_PID].hierarchy;

	plan->owners = memory_new((pids->n + 1) * sizeof(*plan->owners));
	plan->lines = memory_new((pids->n + 1) * sizeof(*plan->lines));
	for (size_t i = 0; i < pids->n; i++) {
		const struct ns *ns = pids->nodes[i].ns;

		plan->owners[i] = ns && ns->owner.ns ? pair_plan_find(&plan->trees[PAIR_USER],
		                                               ns->owner.ns->tag)
		                                     : NODE_NO_PARENT;
	}
	add_lines(plan, false);
	plan->n_drawn = plan->n_lines;
	for (size_t i = 0; i < plan->n_drawn; i++) {
		plan->n_lanes += i == 0 || plan->lines[i].user != plan->lines[i - 1].user;
		plan->lines[i].lane = plan->n_lanes - 1;
	}
	add_lines(plan, true);
}

void pair_plan_build(struct pair_plan *ret, const struct pair_options *options)
{
	*ret = (struct pair_plan){0};
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		build_tree(ret, part, options);
	find_owners(ret);
}

void pair_plan_release(struct pair_plan *plan)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		struct pair_tree *tree = &plan->trees[part];

		hierarchy_release(&tree->hierarchy);
		free(tree->boxes);
		free(tree->index);
	}
	free(plan->owners);
	free(plan->lines);
	*plan = (struct pair_plan){0};
}
