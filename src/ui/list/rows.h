/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "ui/list/marks.h"
#include "view/hierarchy.h"

/* The rows of the list: the nodes of a hierarchy without those below a closed one, those that are
 * gone and whose mark has expired, and those that a filter leaves out. */

struct row {
	size_t node;    /* index in the hierarchy */
	size_t n_below; /* nodes hidden below it; 0: it is open */
	size_t n_new;   /* of these, marked as new */
	size_t n_gone;  /* of these, marked as gone */
	bool has_below; /* it can be folded */
};

struct rows {
	struct row *all;
	size_t n;
	size_t capacity;
};

/* What decides which nodes are shown. */
struct rows_rule {
	const struct marks *marks;
	const struct u64_set *closed;
	const unsigned char *filtered; /* enum filtered for each node; NULL: no filter */
};

/* Builds the rows in `ret`, which is zeroed or has rows, which are replaced. Linear. */
void rows_build(struct rows *ret, const struct hierarchy *hierarchy, const struct rows_rule *rule);
void rows_release(struct rows *rows);

/* False for a node that is gone and whose mark has expired, or that is filtered out. */
bool rows_is_shown(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* True if no sibling after node `index` is shown. */
bool rows_is_last(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* The row of node `index`; if it is not shown, the row above its place. */
size_t rows_find_node(const struct rows *rows, size_t node);
