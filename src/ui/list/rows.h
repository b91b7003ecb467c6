/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64_set.h"
#include "ui/list/marks.h"
#include "view/hierarchy.h"

/* Which nodes of a hierarchy are to be seen: not what is below a closed one, not what went so
 * long ago that its mark is over, and not what a filter leaves out. */

struct row {
	size_t node;    /* index in the hierarchy */
	size_t n_below; /* how many are hidden below it, 0 when it is open */
	size_t n_new;   /* how many of them are marked as new */
	size_t n_gone;  /* and as gone */
	bool has_below; /* there is something to fold */
};

struct rows {
	struct row *all;
	size_t n;
	size_t capacity;
};

/* What it depends on. */
struct rows_rule {
	const struct marks *marks;
	const struct u64_set *closed;
	const unsigned char *filtered; /* enum filtered for each node; NULL: no filter */
};

/* Builds them anew in `ret` (zeroed at first, or filled before). Linear. */
void rows_build(struct rows *ret, const struct hierarchy *hierarchy, const struct rows_rule *rule);
void rows_release(struct rows *rows);

/* True unless the node is of what went and its mark is over, or filtered out. */
bool rows_is_shown(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* True if no sibling of node `index` is shown after it. */
bool rows_is_last(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index);

/* Index of the row of node `index`; if that is not shown, of the row above its place. */
size_t rows_find_node(const struct rows *rows, size_t node);
