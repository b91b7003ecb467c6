/* SPDX-License-Identifier: Apache-2.0 */
#include "view/pair_layout.h"

#include "base/attributes.h"
#include "base/memory.h"

/* Returns where the last column ends. */
static int place_columns(struct pair_tree *tree, const struct pair_spacing *spacing)
{
	const struct hierarchy *hierarchy = &tree->hierarchy;
	unsigned n = 0; /* columns */

	for (size_t i = 0; i < hierarchy->n; i++)
		n = MAX(n, hierarchy->nodes[i].depth + 1);
	_cleanup_free_ int *widths = memory_new((n + 1) * sizeof(*widths));
	_cleanup_free_ int *starts = memory_new((n + 1) * sizeof(*starts));

	for (size_t i = 0; i < hierarchy->n; i++) {
		int *width = &widths[hierarchy->nodes[i].depth];

		*width = MAX(*width, tree->boxes[i].width);
	}
	starts[0] = spacing->x;
	for (unsigned c = 0; c < n; c++)
		starts[c + 1] = starts[c] + widths[c] + spacing->column_gap;
	for (size_t i = 0; i < hierarchy->n; i++) {
		const unsigned column = hierarchy->nodes[i].depth;

		tree->boxes[i].x = starts[column];
		if (spacing->is_widened)
			tree->boxes[i].width = widths[column];
	}
	return n ? starts[n] - spacing->column_gap : spacing->x;
}

/* Returns where the last row ends. In preorder a row ends with a leaf: the node behind a parent is
 * its first child, which stands in the same row. */
static int place_rows(struct pair_tree *tree, const struct pair_spacing *spacing)
{
	const struct hierarchy *hierarchy = &tree->hierarchy;
	int y = spacing->y, height = 0;

	for (size_t i = 0; i < hierarchy->n; i++) {
		struct pair_box *box = &tree->boxes[i];

		box->y = y;
		height = MAX(height, box->height);
		if (hierarchy->nodes[i].end != i + 1)
			continue;
		y += height + spacing->row_gap;
		height = 0;
	}
	return hierarchy->n ? y - spacing->row_gap : y;
}

void pair_layout_place(
        struct pair_tree *tree, const struct pair_spacing *spacing, int *ret_right, int *ret_bottom)
{
	*ret_right = place_columns(tree, spacing);
	*ret_bottom = place_rows(tree, spacing);
}
