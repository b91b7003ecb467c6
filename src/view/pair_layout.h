/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/pair_plan.h"

/* The places of the boxes of a hierarchy. It is laid out in layers: a column for each depth, a row
 * for each leaf; a parent stands in the row of its first child. Iterative, in whole numbers, and
 * linear. */

/* How boxes are placed. */
struct pair_spacing {
	int x, y;        /* of the first box */
	int column_gap;  /* between two columns */
	int row_gap;     /* between two rows */
	bool is_widened; /* all boxes of a column get the width of the widest */
};

/* Places the boxes by their sizes. Returns where the last column ends (without its gap), and where
 * the last row does; of an empty hierarchy the x and y of `spacing`. */
void pair_layout_place(struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right,
        int *ret_bottom);
