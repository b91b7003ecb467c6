/* SPDX-License-Identifier: Apache-2.0 */
#include "view/collapse.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

	if (r == 0)
		r = COMPARE(a->is_owned, b->is_owned);
	if (r == 0)
		r = COMPARE(a->mark, b->mark);
	if (r == 0)
		r = COMPARE(x->type, y->type);
	if (r == 0)
		r = COMPARE(kind_of(x), kind_of(y));
	/* User namespaces differ by the user who created them: the namespace that owns them is
	 * their parent. */
	if (r == 0)
		r = COMPARE(x->owner_uid_state, y->owner_uid_state);
	if (r == 0 && x->owner_uid_state == REL_KNOWN)
		r = COMPARE(x->owner_uid, y->owner_uid);
	if (r == 0)
		r = COMPARE(owner_of(x), owner_of(y));
	return r ? r : strcmp(name_of(x), name_of(y));
}

bool collapse_is_alike(const struct node *a, const struct node *b)
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

void collapse_hierarchy(struct hierarchy *h, const struct collapse_options *options)
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
