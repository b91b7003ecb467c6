/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/pair_plan.h"

/* The places of the boxes of a hierarchy. It is laid out in layers: a column for each depth, a row
 * for each leaf; a parent stands in the row of its first child. Siblings that are leaves and follow
 * each other are a run; with `wrap` in the spacing, a run is wrapped into a grid of several
 * columns, which is filled from the top down, the first column at the place of its layer.
 * Iterative, in whole numbers, and linear. */

/* Leaves of a run that is wrapped, at least: two look like parent and child. */
enum { PAIR_RUN = 3 };

/* How boxes are placed. */
struct pair_spacing {
	int x, y;       /* of the first box */
	int column_gap; /* between two columns */
	int row_gap;    /* between two rows */
	int grid_gap;   /* more of it above a grid: for the connector to its columns */
	int wrap;       /* columns of grids end at this x, if the layers do; 0: no grids */
	/* For each node: its box may be higher than its row, beside the rows of its children; only
	 * for parents. NULL: a row is as high as its highest box. */
	const bool *hangs;
	bool is_widened; /* all boxes of a column get the width of the widest */
};

/* Places the boxes by their sizes. Returns where the last column ends (without its gap), and where
 * the last row does; of an empty hierarchy the x and y of `spacing`. The same as the next two. */
void pair_layout_place(struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right,
        int *ret_bottom);

/* The first half: columns, and which node stands in which row. */
void pair_layout_columns(
        struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right);

/* The second half: rows. The caller may change `below` of each row before. */
void pair_layout_rows(struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_bottom);
