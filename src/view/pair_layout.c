/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_layout.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

/* The columns of the layers, one for each depth. */
struct layers {
	unsigned n;
	int *widths;
	int *starts; /* one more than layers */
};

static void measure_layers(
        struct layers *ret, const struct pair_tree *tree, const struct pair_spacing *spacing)
{
	const struct hierarchy *hierarchy = &tree->hierarchy;
	unsigned n = 0;

	for (size_t i = 0; i < hierarchy->n; i++)
		n = MAX(n, hierarchy->nodes[i].depth + 1);
	ret->n = n;
	ret->widths = memory_new((n + 1) * sizeof(*ret->widths));
	ret->starts = memory_new((n + 1) * sizeof(*ret->starts));
	for (size_t i = 0; i < hierarchy->n; i++) {
		int *width = &ret->widths[hierarchy->nodes[i].depth];

		*width = MAX(*width, tree->boxes[i].width);
	}
	ret->starts[0] = spacing->x;
	for (unsigned d = 0; d < n; d++)
		ret->starts[d + 1] = ret->starts[d] + ret->widths[d] + spacing->column_gap;
}

/* The end of the run of leaves that begins with a node; of a parent, the node itself. */
static size_t end_of_run(const struct hierarchy *hierarchy, size_t first)
{
	const struct node *nodes = hierarchy->nodes;
	size_t i = first;

	while (i < hierarchy->n && nodes[i].end == i + 1 &&
	        nodes[i].parent == nodes[first].parent &&
	        nodes[i].is_owned == nodes[first].is_owned)
		i++;
	return i;
}

static size_t rows_of(size_t n, int room, int width, int gap)
{
	const size_t n_columns = room > width + gap ? (size_t)((room + gap) / (width + gap)) : 1;

	return (n + n_columns - 1) / n_columns;
}

/* The rows that a run takes, and the width of its columns: that of the layer, unless more columns
 * fit if they are as narrow as the boxes of the run. */
static size_t measure_run(int *ret_width, const struct pair_tree *tree, const struct layers *layers,
        const struct pair_spacing *spacing, size_t first, size_t n)
{
	const unsigned depth = tree->hierarchy.nodes[first].depth;
	const int room = spacing->wrap - layers->starts[depth];
	int width = 0;

	*ret_width = layers->widths[depth];
	if (n < PAIR_RUN || spacing->wrap == 0)
		return n;
	for (size_t i = first; i < first + n; i++)
		width = MAX(width, tree->boxes[i].width);
	const size_t n_rows = rows_of(n, room, width, spacing->column_gap);

	if (n_rows < rows_of(n, room, *ret_width, spacing->column_gap))
		*ret_width = width;
	return n_rows;
}

static void put(
        struct pair_tree *tree, const struct pair_spacing *spacing, size_t i, size_t row, int x)
{
	struct pair_box *box = &tree->boxes[i];
	const bool is_hanging = spacing->hangs && spacing->hangs[i];

	box->x = x;
	tree->row_of[i] = row;
	tree->rows[row].last = i;
	if (!is_hanging)
		tree->rows[row].height = MAX(tree->rows[row].height, box->height);
}

/* From the top down, column by column. Returns where the last one ends. */
static int place_run(struct pair_tree *tree, const struct layers *layers,
        const struct pair_spacing *spacing, size_t first, size_t n, size_t *row)
{
	const int start = layers->starts[tree->hierarchy.nodes[first].depth];
	int width;
	const size_t n_rows = measure_run(&width, tree, layers, spacing, first, n);

	for (size_t k = 0; k < n; k++) {
		put(tree, spacing, first + k, *row + k % n_rows,
		        start + (int)(k / n_rows) * (width + spacing->column_gap));
		if (spacing->is_widened)
			tree->boxes[first + k].width = width;
	}
	tree->rows[*row].is_grid = n_rows < n;
	*row += n_rows;
	return tree->boxes[first + n - 1].x + width;
}

/* In preorder a row ends with a leaf: the node behind a parent is its first child, which stands in
 * the same row. */
void pair_layout_columns(struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right)
{
	const struct hierarchy *hierarchy = &tree->hierarchy;
	struct layers layers;
	size_t row = 0;
	int right = spacing->x;

	measure_layers(&layers, tree, spacing);
	for (size_t i = 0; i < hierarchy->n; i++)
		tree->rows[i] = (struct pair_row){0};
	for (size_t i = 0, end; i < hierarchy->n; i = end) {
		const unsigned depth = hierarchy->nodes[i].depth;

		end = end_of_run(hierarchy, i);
		if (end > i) {
			right = MAX(right, place_run(tree, &layers, spacing, i, end - i, &row));
			continue;
		}
		put(tree, spacing, i, row, layers.starts[depth]);
		if (spacing->is_widened)
			tree->boxes[i].width = layers.widths[depth];
		end = i + 1;
	}
	tree->n_rows = row;
	*ret_right = right;
	free(layers.widths);
	free(layers.starts);
}

/* Where a row ends, with the boxes that hang down to it. */
static int bottom_of(const struct pair_row *row)
{
	return MAX(row->y + row->height + row->below, row->hanging);
}

/* The last row of a subtree: the node behind it begins the next one. */
static struct pair_row *last_row(struct pair_tree *tree, size_t node)
{
	const size_t end = tree->hierarchy.nodes[node].end;

	return &tree->rows[(end < tree->hierarchy.n ? tree->row_of[end] : tree->n_rows) - 1];
}

/* In preorder, all that hangs down to a row precedes the first node of the next row. */
void pair_layout_rows(struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_bottom)
{
	size_t n = 0; /* rows that are placed */

	for (size_t r = 0; r < tree->n_rows; r++)
		tree->rows[r].hanging = 0;
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		for (; n <= tree->row_of[i]; n++)
			tree->rows[n].y = (n ? bottom_of(&tree->rows[n - 1]) + spacing->row_gap
			                     : spacing->y) +
			                  (tree->rows[n].is_grid ? spacing->grid_gap : 0);
		struct pair_box *box = &tree->boxes[i];

		box->y = tree->rows[tree->row_of[i]].y;
		if (!spacing->hangs || !spacing->hangs[i])
			continue;
		struct pair_row *last = last_row(tree, i);

		last->hanging = MAX(last->hanging, box->y + box->height);
	}
	*ret_bottom = n ? bottom_of(&tree->rows[n - 1]) : spacing->y;
}

void pair_layout_place(
        struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right, int *ret_bottom)
{
	pair_layout_columns(tree, spacing, ret_right);
	pair_layout_rows(tree, spacing, ret_bottom);
}
