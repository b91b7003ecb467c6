/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* Which node a namespace is, or which one stands for it. */

struct node_index {
	struct node_index_entry *entries; /* by tag */
	size_t n;
};

/* Details (is_owned) are left out: only what is a line of the hierarchy itself is found. The caller
 * releases it. */
void node_index_build(struct node_index *ret, const struct hierarchy *hierarchy);
void node_index_release(struct node_index *index);

/* The node with that tag, or that stands for it; NODE_NO_PARENT if there is none. O(log n). */
size_t node_index_find(const struct node_index *index, uint64_t tag);
