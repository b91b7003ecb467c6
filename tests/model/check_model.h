/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whether a frozen model is consistent. */

#include "model/model.h"

#include <errno.h>

static inline bool is_ascending(const struct ns *const *list, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		const struct ns *a = list[i - 1], *b = list[i];

		if (a->type > b->type || (a->type == b->type && a->inode > b->inode))
			return false;
	}
	return true;
}

static inline bool has_right_children(const struct ns *ns)
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

static inline bool has_right_processes(const struct ns *ns)
{
	for (size_t i = 0; i < ns->n_processes; i++) {
		if (ns->processes[i]->ns[ns->type] != ns)
			return false;
		if (i > 0 && ns->processes[i - 1]->pid >= ns->processes[i]->pid)
			return false;
	}
	return ns->n_processes ? ns->leader && ns->leader->ns[ns->type] == ns : !ns->leader;
}

/* Children, owned namespaces and processes are listed in the namespace they point to and in no
 * other, and the arrays are sorted. Returns 0 or -EINVAL. */
static inline int check_model(const struct model *model)
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
