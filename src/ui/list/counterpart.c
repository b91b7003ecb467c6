/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/counterpart.h"

static const struct ns *first_owned(const struct ns *user, enum nstype type)
{
	for (size_t i = 0; i < user->n_owned; i++) {
		if (user->owned[i]->type == type)
			return user->owned[i];
	}
	return NULL;
}

static const struct ns *find_from(const struct ns *ns, enum nstype type)
{
	while (ns) {
		if (ns->leader && ns->leader->ns[type])
			return ns->leader->ns[type];
		const struct ns *owned = first_owned(ns, type);
		if (owned)
			return owned;
		ns = ns->type == NS_USER ? ns->parent.ns : ns->owner.ns;
	}
	return NULL;
}

const struct ns *counterpart_find(const struct ns *ns, enum nstype type)
{
	if (ns->type == type)
		return ns;
	return type == NS_USER ? ns->owner.ns : find_from(ns, type);
}
