/* SPDX-License-Identifier: Apache-2.0 */
#include "view/layout.h"

#include "base/memory.h"

#include <stdlib.h>

/* In preorder a leaf uses up a row and a parent does not, so the next node, its first child,
 * comes to stand in the same row. */
void layout_build(struct layout *ret, const struct hierarchy *hierarchy)
{
	struct layout layout = {.n = hierarchy->n};

	layout.places = memory_new(hierarchy->n * sizeof(*layout.places));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		layout.places[i] = (struct layout_place){.column = node->depth, .row = layout.rows};
		if (node->depth >= layout.columns)
			layout.columns = node->depth + 1;
		if (node->end == i + 1)
			layout.rows++;
	}
	*ret = layout;
}

void layout_release(struct layout *layout)
{
	free(layout->places);
	*layout = (struct layout){0};
}
