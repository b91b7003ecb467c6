/* SPDX-License-Identifier: Apache-2.0 */
#include "model/check.h"

#include "model/builder_internal.h"

#include <limits.h>
#include <string.h>

static int problem(const struct ns *ns, const char *what, struct builder_problem *ret)
{
	*ret = (struct builder_problem){.type = ns->type, .inode = ns->inode, .what = what};
	return -EINVAL;
}

static int check_ends(const struct ns *ns, struct builder_problem *ret)
{
	if ((ns->parent.state == REL_KNOWN) != (ns->parent.ns != NULL) ||
	        (ns->owner.state == REL_KNOWN) != (ns->owner.ns != NULL))
		return problem(ns, "has a relation that is both known and unknown", ret);
	if (ns->parent.ns && (ns->parent.ns->type != ns->type || !nstype_is_hierarchical(ns->type)))
		return problem(ns, "has a parent of another type", ret);
	if (ns->owner.ns && ns->owner.ns->type != NS_USER)
		return problem(ns, "has an owner that is not a user namespace", ret);
	if (ns->type == NS_USER && ns->parent.ns && ns->owner.ns && ns->parent.ns != ns->owner.ns)
		return problem(ns, "has an owner that is not its parent", ret);
	return 0;
}

/* Walks up to the first ancestor whose depth is known, then sets the depths on the way down. */
static int set_depth(struct ns *ns, struct builder_problem *ret)
{
	unsigned steps = 0;
	const struct ns *top = ns;

	while (top->depth == UINT_MAX && top->parent.ns) {
		top = top->parent.ns;
		if (++steps > CHECK_DEPTH_MAX)
			return problem(ns, "is its own ancestor, or has more than 1,000", ret);
	}
	unsigned depth = (top->depth == UINT_MAX ? 0 : top->depth) + steps;
	if (depth > CHECK_DEPTH_MAX)
		return problem(ns, "is its own ancestor, or has more than 1,000", ret);
	for (struct ns *at = ns; at->depth == UINT_MAX; at = builder_own(at->parent.ns)) {
		at->depth = depth--;
		if (!at->parent.ns)
			break;
	}
	return 0;
}

int check_relations(struct ns *const *namespaces, size_t n, struct builder_problem *ret_problem)
{
	for (size_t i = 0; i < n; i++)
		namespaces[i]->depth = UINT_MAX;
	for (size_t i = 0; i < n; i++) {
		int r = check_ends(namespaces[i], ret_problem);

		if (r >= 0)
			r = set_depth(namespaces[i], ret_problem);
		if (r < 0)
			return r;
	}
	return 0;
}

static bool is_ascending(const struct ns *const *list, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct ns *a = list[i - 1], *b = list[i];

		if (a->type > b->type || (a->type == b->type && a->inode > b->inode))
			return false;
	}
	return true;
}

static bool has_right_children(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_children; i++) {
		if (ns->children[i]->parent.ns != ns || ns->children[i]->depth != ns->depth + 1)
			return false;
	}
	for (size_t i = 0; i < ns->n_owned; i++) {
		if (ns->owned[i]->owner.ns != ns || ns->owned[i]->type == NS_USER)
			return false;
	}
	return is_ascending(ns->children, ns->n_children) && is_ascending(ns->owned, ns->n_owned);
}

static bool has_right_processes(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		if (ns->processes[i]->ns[ns->type] != ns)
			return false;
		if (i > 0 && ns->processes[i - 1]->pid >= ns->processes[i]->pid)
			return false;
	}
	return ns->n_processes ? ns->leader && ns->leader->ns[ns->type] == ns : !ns->leader;
}

int check_model(const struct model *model)
{
	size_t members = 0, memberships = 0, related = 0, relations = 0;

	if (!is_ascending(model->namespaces, model->n_namespaces))
		return -EINVAL;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!has_right_children(ns) || !has_right_processes(ns))
			return -EINVAL;
		if (model_find_tag(model, ns->tag) != ns)
			return -EINVAL;
		members += ns->n_processes;
		related += ns->n_children + ns->n_owned;
		relations += (ns->parent.ns != NULL) + (ns->owner.ns && ns->type != NS_USER);
	}
	for (size_t i = 0; i < model->n_processes; i++) {
		if (i > 0 && model->processes[i - 1]->pid >= model->processes[i]->pid)
			return -EINVAL;
		for (enum nstype type = 0; type < NS_TYPES; type++)
			memberships += model->processes[i]->ns[type] != NULL;
	}
	return members == memberships && related == relations ? 0 : -EINVAL;
}
