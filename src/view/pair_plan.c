/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_plan.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

	if (!tree->n_index)
		return NODE_NO_PARENT;
	const struct pair_entry *found =
	        bsearch(&key, tree->index, tree->n_index, sizeof(key), compare_entries);

	return found ? found->node : NODE_NO_PARENT;
}

/* --- hierarchies ----------------------------------------------------------------------------- */

bool pair_plan_is_elsewhere(const struct node *node, const struct view_options *view)
{
	return node->is_owned && node->ns->type == NS_PID && !view->is_single;
}

static void drop_nodes(struct hierarchy *hierarchy, const struct pair_options *options)
{
	_cleanup_free_ bool *is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		is_dropped[i] = pair_plan_is_elsewhere(node, &options->view) ||
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

/* Lists the details of each node: they follow it. Those that are gone count only if it is, too. */
static void list_details(struct hierarchy *h)
{
	/* Room for each twice: of a node and of its group. */
	h->details = memory_new((2 * h->n + 1) * sizeof(*h->details));
	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		if (!node->is_owned)
			continue;
		struct node *owner = &h->nodes[node->parent];
		if (node->mark == MARK_GONE && owner->mark != MARK_GONE)
			continue;
		if (!owner->n_details++)
			owner->details = h->details + h->n_details;
		h->details[h->n_details++] = node->ns;
	}
	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];

		if (node->n_details)
			node_sort_by_number(
			        h->details + (node->details - h->details), node->n_details);
	}
}

/* Drops the nodes of the details: they are in the boxes of their owners. */
static void drop_details(struct hierarchy *h)
{
	_cleanup_free_ bool *is_dropped = memory_new((h->n + 1) * sizeof(*is_dropped));

	for (size_t i = 0; i < h->n; i++)
		is_dropped[i] = h->nodes[i].is_owned;
	hierarchy_drop(h, is_dropped);
}

/* Details that are nodes are in no other box, but those of a group are. */
static void forget_details(struct hierarchy *h)
{
	for (size_t i = 0; i < h->n; i++) {
		if (!h->nodes[i].n_alike)
			h->nodes[i].n_details = 0;
	}
}

static void collapse_users(struct pair_tree *users, const struct pair_options *options)
{
	pair_group_collapse(&users->hierarchy, &options->collapse, &(struct pair_group_nodes){0});
}

/* The group that the node at `apart` would be in: NODE_NO_PARENT if there is none. */
static size_t group_of(const struct hierarchy *h, size_t apart)
{
	for (size_t i = 0; apart != NODE_NO_PARENT && i < h->n; i++) {
		if (h->nodes[i].n_alike && pair_group_is_alike(&h->nodes[i], &h->nodes[apart]))
			return i;
	}
	return NODE_NO_PARENT;
}

/* The members of a group are one owner. If a member stands outside its group, it counts as one for
 * the comparison, but what it owns stands outside, too: so the rest stays a group. */
static void collapse_pids(
        struct pair_tree *pids, const struct pair_tree *users, const struct pair_options *options)
{
	const struct hierarchy *h = &pids->hierarchy;
	const size_t apart = options->collapse.selected
	                             ? pair_plan_find(users, options->collapse.selected)
	                             : NODE_NO_PARENT;
	const size_t group = group_of(&users->hierarchy, apart);
	_cleanup_free_ uint64_t *owners = memory_new((h->n + 1) * sizeof(*owners));
	_cleanup_free_ bool *is_apart = memory_new((h->n + 1) * sizeof(*is_apart));

	for (size_t i = 0; i < h->n; i++) {
		const struct ns *owner = h->nodes[i].ns ? h->nodes[i].ns->owner.ns : NULL;
		size_t at = owner ? pair_plan_find(users, owner->tag) : NODE_NO_PARENT;

		is_apart[i] = group != NODE_NO_PARENT && at == apart;
		if (is_apart[i])
			at = group;
		if (at != NODE_NO_PARENT)
			owners[i] = node_tag(&users->hierarchy.nodes[at]);
		else if (owner)
			owners[i] = owner->tag;
	}
	pair_group_collapse(&pids->hierarchy, &options->collapse,
	        &(struct pair_group_nodes){.owners = owners, .is_apart = is_apart});
}

static void build_tree(
        struct pair_plan *plan, enum pair_part part, const struct pair_options *options)
{
	struct pair_tree *tree = &plan->trees[part];
	struct hierarchy *hierarchy = &tree->hierarchy;
	struct view_options view = options->view;

	view.kind = plan->kinds[part];
	view.without_pins = true;
	hierarchy_build(hierarchy, options->model, options->baseline, &view);
	if (view.with_details || options->is_left_out)
		drop_nodes(hierarchy, options);
	if (options->filter)
		filter_nodes(plan, hierarchy, options);
	if (view.with_details)
		list_details(hierarchy);
	if (view.with_details && !view.with_all_details)
		drop_details(hierarchy);
	if (view.is_collapsed && part == PAIR_USER)
		collapse_users(tree, options);
	else if (view.is_collapsed)
		collapse_pids(tree, &plan->trees[PAIR_USER], options);
	if (view.with_all_details)
		forget_details(hierarchy);
	tree->boxes = memory_new((hierarchy->n + 1) * sizeof(*tree->boxes));
	tree->rows = memory_new((hierarchy->n + 1) * sizeof(*tree->rows));
	tree->row_of = memory_new((hierarchy->n + 1) * sizeof(*tree->row_of));
	build_index(tree);
}

/* --- lines ----------------------------------------------------------------------------------- */

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
		plan->lines[plan->n_lines++] = (struct pair_line){
		        .pid = i,
		        .user = plan->owners[i],
		        .n = count_members(&pids->nodes[i]),
		};
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
	const bool is_single = options->view.is_single;

	*ret = (struct pair_plan){.kinds = {[PAIR_PID] = VIEW_PID, [PAIR_USER] = VIEW_USER}};
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		ret->has_part[part] =
		        !is_single || (part == PAIR_PID) == (options->view.kind == VIEW_PID);
	if (is_single && options->view.kind != VIEW_PID)
		ret->kinds[PAIR_USER] = options->view.kind;
	/* Groups of PID namespaces depend on those of their owners. */
	if (ret->has_part[PAIR_USER])
		build_tree(ret, PAIR_USER, options);
	if (ret->has_part[PAIR_PID])
		build_tree(ret, PAIR_PID, options);
	find_owners(ret);
}

void pair_plan_release(struct pair_plan *plan)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		struct pair_tree *tree = &plan->trees[part];

		hierarchy_release(&tree->hierarchy);
		free(tree->boxes);
		free(tree->rows);
		free(tree->row_of);
		free(tree->index);
	}
	free(plan->owners);
	free(plan->lines);
	*plan = (struct pair_plan){0};
}
