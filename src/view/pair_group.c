/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_group.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* --- which leaves look alike ----------------------------------------------------------------- */

struct leaf {
	const struct node *node;
	size_t index;
	uint64_t owner;
	unsigned kind;
	unsigned types; /* 1 << NS_*: of the owned namespaces */
	const char *name;
};

/* A number for what holds it: 0 for processes, then the kinds of holders, at last nothing that is
 * known, listed by the kernel or not. */
static unsigned kind_of(const struct ns *ns)
{
	if (ns->n_processes)
		return 0;
	if (ns->n_holders)
		return 1 + (unsigned)ns->holders[0].kind;
	return 1 + HOLDER_KINDS + ns->is_listed_only;
}

/* All types that it owns, shown or not: then groups are the same with and without details. */
static unsigned owned_types(const struct ns *ns)
{
	unsigned types = 0;

	for (size_t i = 0; i < ns->n_owned; i++)
		types |= 1u << ns->owned[i]->type;
	return types;
}

static struct leaf make_leaf(
        const struct hierarchy *h, size_t index, const struct pair_group_nodes *nodes)
{
	const struct node *node = &h->nodes[index];
	const struct ns *ns = node->ns;
	struct leaf leaf = {
	        .node = node,
	        .index = index,
	        .kind = kind_of(ns),
	        .types = owned_types(ns),
	        .name = ns->leader && ns->leader->name ? ns->leader->name : "",
	};

	if (nodes->owners)
		leaf.owner = nodes->owners[index];
	else if (ns->owner.ns)
		leaf.owner = ns->owner.ns->tag;
	return leaf;
}

/* 0 if they look alike. User namespaces differ by the user who created them: the namespace that
 * owns them is their parent. */
static int compare_looks(const struct leaf *a, const struct leaf *b)
{
	const struct ns *x = a->node->ns, *y = b->node->ns;
	int r = COMPARE(a->node->parent, b->node->parent);

	r = r ? r : COMPARE(a->node->is_owned, b->node->is_owned);
	r = r ? r : COMPARE(a->node->is_above, b->node->is_above);
	r = r ? r : COMPARE((int)a->node->mark, (int)b->node->mark);
	r = r ? r : COMPARE(x->type, y->type);
	r = r ? r : COMPARE(a->kind, b->kind);
	r = r ? r : COMPARE(a->types, b->types);
	r = r ? r : COMPARE(x->owner_uid_state, y->owner_uid_state);
	if (r == 0 && x->owner_uid_state == REL_KNOWN)
		r = COMPARE(x->owner_uid, y->owner_uid);
	r = r ? r : COMPARE(x->owner.state, y->owner.state);
	return r ? r : COMPARE(a->owner, b->owner);
}

static int compare_leaves(const void *a, const void *b)
{
	const struct leaf *x = a, *y = b;
	int r = compare_looks(x, y);

	r = r ? r : strcmp(x->name, y->name);
	return r ? r : COMPARE(x->index, y->index);
}

bool pair_group_is_alike(const struct node *a, const struct node *b)
{
	return a->look && a->look == b->look;
}

/* --- groups ---------------------------------------------------------------------------------- */

/* The leaves of one look: a part of the sorted ones. */
struct group {
	const struct leaf *leaves;
	size_t n;
	const struct ns **alike;
	struct node_names *names;
	struct node *head; /* NULL: not met yet */
	bool is_folded;
};

struct collapse {
	struct hierarchy *h;
	const struct collapse_options *options;
	const struct pair_group_nodes *nodes;
	struct leaf *leaves; /* sorted by look, then by name */
	size_t n_leaves;
	struct group *groups; /* of look 1, 2, ... */
	size_t n_groups;
	bool *is_dropped;
};

static bool is_apart(const struct collapse *collapse, size_t index)
{
	const uint64_t selected = collapse->options->selected;

	return (selected && node_tag(&collapse->h->nodes[index]) == selected) ||
	       (collapse->nodes->is_apart && collapse->nodes->is_apart[index]);
}

/* Details are leaves too, where they are nodes. */
static void find_leaves(struct collapse *collapse)
{
	const struct hierarchy *h = collapse->h;

	for (size_t i = 0; i < h->n; i++) {
		const struct node *node = &h->nodes[i];
		size_t below = i + 1;

		if (!node->ns || node->parent == NODE_NO_PARENT)
			continue;
		while (below < node->end && h->nodes[below].is_owned)
			below++;
		if (below == node->end)
			collapse->leaves[collapse->n_leaves++] = make_leaf(h, i, collapse->nodes);
	}
	if (collapse->n_leaves)
		qsort(collapse->leaves, collapse->n_leaves, sizeof(*collapse->leaves),
		        compare_leaves);
}

static bool is_folded(const struct collapse *collapse, const struct group *group)
{
	const struct collapse_options *options = collapse->options;
	size_t n = 0;

	if (group->n <= COLLAPSE_ABOVE)
		return false;
	for (size_t i = 0; i < group->n; i++) {
		const struct leaf *leaf = &group->leaves[i];

		if (options->is_open && options->is_open(options->data, node_tag(leaf->node)))
			return false;
		n += !is_apart(collapse, leaf->index);
	}
	return n > 1;
}

static void find_groups(struct collapse *collapse)
{
	for (size_t first = 0, end; first < collapse->n_leaves; first = end) {
		struct group *group = &collapse->groups[collapse->n_groups++];
		const struct leaf *leaves = &collapse->leaves[first];

		end = first + 1;
		while (end < collapse->n_leaves &&
		        compare_looks(leaves, &collapse->leaves[end]) == 0)
			end++;
		*group = (struct group){
		        .leaves = leaves,
		        .n = end - first,
		        .alike = collapse->h->alike + first,
		};
		group->is_folded = is_folded(collapse, group);
		for (size_t i = first; i < end; i++)
			collapse->h->nodes[collapse->leaves[i].index].look = collapse->n_groups;
	}
}

/* Puts a name that `n` members have in its place among the most frequent ones. */
static void add_name(struct node_names *names, const char *name, size_t n)
{
	size_t at = MIN(names->n, (size_t)NODE_NAMES);

	names->n++;
	for (; at > 0 && names->most[at - 1].n < n; at--) {
		if (at < NODE_NAMES)
			names->most[at] = names->most[at - 1];
	}
	if (at < NODE_NAMES) {
		names->most[at].name = name;
		names->most[at].n = n;
	}
}

/* Leaves of one look are sorted by name. */
static void count_names(const struct collapse *collapse, const struct group *group)
{
	for (size_t first = 0, end; first < group->n; first = end) {
		const char *name = group->leaves[first].name;
		size_t n = 0;

		for (end = first; end < group->n && strcmp(group->leaves[end].name, name) == 0;
		        end++)
			n += !is_apart(collapse, group->leaves[end].index);
		if (n)
			add_name(group->names, name, n);
	}
}

/* The leaves become groups in the order of the nodes. */
static void make_groups(struct collapse *collapse)
{
	struct hierarchy *h = collapse->h;
	size_t n_names = 0;

	for (size_t i = 0; i < h->n; i++) {
		struct node *node = &h->nodes[i];
		struct group *group = node->look ? &collapse->groups[node->look - 1] : NULL;

		if (!group || !group->is_folded || is_apart(collapse, i))
			continue;
		if (!group->head) {
			group->head = node;
			group->names = &h->names[n_names++];
			count_names(collapse, group);
			node->alike = group->alike;
			node->names = group->names;
		} else {
			collapse->is_dropped[i] = true;
		}
		group->alike[group->head->n_alike++] = node->ns;
	}
}

/* --- details --------------------------------------------------------------------------------- */

/* Lists the details of all members as those of their group. */
static void join_details(struct collapse *collapse)
{
	struct hierarchy *h = collapse->h;
	const struct ns **all = h->details + h->n_details;

	for (size_t g = 0; g < collapse->n_groups; g++) {
		const struct group *group = &collapse->groups[g];
		size_t n = 0;

		if (!group->head)
			continue;
		for (size_t i = 0; i < group->n; i++) {
			const struct leaf *leaf = &group->leaves[i];

			if (is_apart(collapse, leaf->index))
				continue;
			for (size_t k = 0; k < leaf->node->n_details; k++)
				all[n++] = leaf->node->details[k];
		}
		node_sort_by_number(all, n);
		group->head->details = all;
		group->head->n_details = n;
		all += n;
	}
}

/* Drops the details below groups and their members. */
static void drop_details(struct collapse *collapse)
{
	const struct hierarchy *h = collapse->h;

	for (size_t i = 0; i < h->n; i++) {
		const size_t parent = h->nodes[i].parent;

		if (h->nodes[i].is_owned &&
		        (collapse->is_dropped[parent] || h->nodes[parent].n_alike))
			collapse->is_dropped[i] = true;
	}
}

void pair_group_collapse(struct hierarchy *h, const struct collapse_options *options,
        const struct pair_group_nodes *nodes)
{
	_cleanup_free_ struct leaf *leaves = memory_new((h->n + 1) * sizeof(*leaves));
	_cleanup_free_ struct group *groups = memory_new((h->n + 1) * sizeof(*groups));
	_cleanup_free_ bool *is_dropped = memory_new((h->n + 1) * sizeof(*is_dropped));
	struct collapse collapse = {
	        .h = h,
	        .options = options,
	        .nodes = nodes,
	        .leaves = leaves,
	        .groups = groups,
	        .is_dropped = is_dropped,
	};

	h->alike = memory_new((h->n + 1) * sizeof(*h->alike));
	h->names = memory_new((h->n / COLLAPSE_ABOVE + 1) * sizeof(*h->names));
	find_leaves(&collapse);
	find_groups(&collapse);
	make_groups(&collapse);
	if (h->details) {
		join_details(&collapse);
		drop_details(&collapse);
	}
	hierarchy_drop(h, is_dropped);
}
