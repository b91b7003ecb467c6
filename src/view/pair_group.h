/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* Groups: many namespaces that look alike (containers of one user, tabs of one browser) are drawn
 * as one node with their number. */

enum { COLLAPSE_ABOVE = 8 };

struct collapse_options {
	uint64_t selected; /* tag of a namespace that is never in a group; 0: none */
	/* A group is left open if this is true for any member. NULL: no group is open. */
	bool (*is_open)(const void *data, uint64_t tag);
	const void *data;
};

/* What nodes have beside `struct node`: one value for each node. */
struct pair_group_nodes {
	const uint64_t *owners; /* owners are compared by it; NULL: by the tag of the owner */
	const bool *is_apart;   /* never in a group, like the selected one; NULL: none */
};

/* Replaces more than COLLAPSE_ABOVE leaves of one parent that look alike by one node, the group, in
 * the place of the first of them. Alike are those of the same type, owner, set of types of owned
 * namespaces, kind of the first holder and mark, whatever the names of their processes; such nodes
 * get the same `look`. A leaf has nothing below it but details: these are dropped in a group, and
 * listed in its `details`. `alike` has the members in their order, `names` their names. The
 * selected one stays out of it. O(n log n). */
void pair_group_collapse(struct hierarchy *hierarchy, const struct collapse_options *options,
        const struct pair_group_nodes *nodes);

/* True if two leaves or groups of one hierarchy looked alike to pair_group_collapse, and have one
 * parent. */
bool pair_group_is_alike(const struct node *a, const struct node *b);
