/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* Groups of similar leaves: hundreds of namespaces that look alike (containers of one image, tabs
 * of one browser) are drawn as one node with their number. */

enum { COLLAPSE_ABOVE = 8 };

struct collapse_options {
	uint64_t selected; /* tag of a namespace that is never in a group; 0: none */
	/* A group is left open if this is true for any member. NULL: no group is open. */
	bool (*is_open)(const void *data, uint64_t tag);
	const void *data;
};

/* Replaces more than COLLAPSE_ABOVE leaves of one parent that look alike (type, name of the leader,
 * owner, kind of the first holder, mark) by one node, the group, in the place of the first of them;
 * `alike` has the members in their order. The selected one stays out of it. A node with anything
 * below it is never in a group. O(n log n). */
void collapse_hierarchy(struct hierarchy *hierarchy, const struct collapse_options *options);

/* True if two leaves or groups of one hierarchy look alike and have one parent. */
bool collapse_is_alike(const struct node *a, const struct node *b);
