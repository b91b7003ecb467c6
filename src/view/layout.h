/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/hierarchy.h"

/* The layered tree layout, for the SVG and the graph screen: a column for each depth, a row for
 * each leaf; a parent stands in the row of its first child. Iterative, linear, whole numbers. */

struct layout_place {
	unsigned column;
	unsigned row;
};

struct layout {
	struct layout_place *places; /* one for each node of the hierarchy */
	size_t n;
	unsigned columns;
	unsigned rows;
};

/* The caller releases it. */
void layout_build(struct layout *ret, const struct hierarchy *hierarchy);
void layout_release(struct layout *layout);
