/* SPDX-License-Identifier: Apache-2.0 */
#include "model/limits.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* What a user namespace and its descendants own, and how many descendants it has. */
struct subtree {
	uint64_t n[NS_TYPES];
};

struct limits {
	struct subtree *subtrees; /* of each user namespace of the model */
	size_t first;             /* index of the first one in the model */
};

static struct subtree *subtree_of(const struct limits *limits, const struct ns *user_ns)
{
	return &limits->subtrees[user_ns->index - limits->first];
}

/* The initial namespaces are not counted, but for the mount namespace, which is made when the
 * kernel starts. */
static bool is_counted(const struct ns *ns)
{
	return ns->type == NS_MNT || !nstype_is_initial(ns->type, ns->inode);
}

struct limits *limits_new(const struct model *model)
{
	struct limits *const limits = memory_new(sizeof(*limits));
	const size_t n = model_count(model, NS_USER);

	while (limits->first < model->n_namespaces &&
	        model->namespaces[limits->first]->type < NS_USER)
		limits->first++;
	limits->subtrees = memory_new((n + 1) * sizeof(*limits->subtrees));
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];

		const struct relation *const by = ns->type == NS_USER ? &ns->parent : &ns->owner;

		if (!is_counted(ns))
			continue;
		for (const struct ns *at = by->ns; at; at = at->parent.ns)
			subtree_of(limits, at)->n[ns->type]++;
	}
	return limits;
}

void limits_free(struct limits *limits)
{
	if (!limits)
		return;
	free(limits->subtrees);
	free(limits);
}

/* --- one user namespace ----------------------------------------------------------------------- */

static int by_uid(const void *a, const void *b)
{
	const struct limits_user *const left = a, *const right = b;

	return COMPARE(left->uid, right->uid);
}

/* One item for each user: there was one for each child. */
static void merge_users(struct limits_counts *counts)
{
	struct limits_user *const users = counts->users;
	size_t n = 0;

	qsort(users, counts->n_users, sizeof(*users), by_uid);
	for (size_t i = 1; i < counts->n_users; i++) {
		if (users[i].uid != users[n].uid) {
			users[++n] = users[i];
			continue;
		}
		for (enum nstype type = 0; type < NS_TYPES; type++)
			users[n].counted[type] += users[i].counted[type];
	}
	counts->n_users = n + 1;
}

void limits_count(const struct limits *limits, const struct ns *user_ns, struct limits_counts *ret)
{
	*ret = (struct limits_counts){0};
	ret->users = memory_new((user_ns->n_children + 1) * sizeof(*ret->users));
	memcpy(ret->unknown, subtree_of(limits, user_ns)->n, sizeof(ret->unknown));
	for (size_t i = 0; i < user_ns->n_children; i++) {
		const struct ns *const child = user_ns->children[i];
		struct limits_user *const user = &ret->users[ret->n_users];

		if (child->owner_uid_state != REL_KNOWN)
			continue;
		*user = (struct limits_user){.uid = child->owner_uid, .name = child->owner_name};
		memcpy(user->counted, subtree_of(limits, child)->n, sizeof(user->counted));
		user->counted[NS_USER]++;
		for (enum nstype type = 0; type < NS_TYPES; type++)
			ret->unknown[type] -= user->counted[type];
		ret->n_users++;
	}
	if (ret->n_users > 0)
		merge_users(ret);
}

void limits_release(struct limits_counts *counts)
{
	free(counts->users);
}

size_t limits_top(const struct limits_counts *counts, enum nstype type,
        const struct limits_user **ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < counts->n_users; i++) {
		const struct limits_user *const user = &counts->users[i];
		size_t at = MIN(n, max);

		if (user->counted[type] == 0)
			continue;
		n++;
		for (; at > 0 && ret[at - 1]->counted[type] < user->counted[type]; at--) {
			if (at < max)
				ret[at] = ret[at - 1];
		}
		if (at < max)
			ret[at] = user;
	}
	return n;
}

enum limits_state limits_state(const struct limits_counts *counts, enum nstype type, uint64_t max)
{
	const struct limits_user *user;
	const uint64_t most = limits_top(counts, type, &user, 1) > 0 ? user->counted[type] : 0;

	if (most >= max)
		return LIMITS_REACHED;
	if (most + counts->unknown[type] >= max)
		return LIMITS_MAYBE_REACHED;
	return most >= max - max / 10 ? LIMITS_NEAR : LIMITS_FREE;
}
