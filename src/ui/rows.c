/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/rows.h"

#include "base/memory.h"

#include <stdlib.h>

bool rows_is_shown(const struct node *node, const struct marks *marks)
{
	return node->mark != MARK_GONE || marks_get(marks, node_tag(node)) == MARK_GONE;
}

static size_t count_below(
        const struct hierarchy *hierarchy, const struct marks *marks, size_t index, size_t most)
{
	const struct node *nodes = hierarchy->nodes;
	size_t n = 0;

	for (size_t i = index + 1; i < nodes[index].end && n < most; i++)
		n += rows_is_shown(&nodes[i], marks);
	return n;
}

void rows_build(struct rows *ret, const struct hierarchy *hierarchy, const struct marks *marks,
        const struct tags *closed)
{
	ret->n = 0;
	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];
		struct row row = {.node = i};

		if (!rows_is_shown(node, marks)) {
			i++;
			continue;
		}
		row.has_below = node->has_children && count_below(hierarchy, marks, i, 1);
		const bool is_closed = row.has_below && tags_has(closed, node_tag(node));
		if (is_closed)
			row.n_below = count_below(hierarchy, marks, i, SIZE_MAX);
		ret->all = memory_grow(ret->all, &ret->capacity, ret->n + 1, sizeof(row));
		ret->all[ret->n++] = row;
		i = is_closed ? node->end : i + 1;
	}
}

void rows_release(struct rows *rows)
{
	free(rows->all);
	*rows = (struct rows){0};
}

bool rows_is_last(const struct hierarchy *hierarchy, const struct marks *marks, size_t index)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t parent = nodes[index].parent;
	const size_t end = parent == NODE_NO_PARENT ? hierarchy->n : nodes[parent].end;

	for (size_t i = nodes[index].end; i < end; i = nodes[i].end) {
		if (rows_is_shown(&nodes[i], marks))
			return false;
	}
	return true;
}

size_t rows_find_node(const struct rows *rows, size_t node)
{
	size_t low = 0;

	for (size_t high = rows->n; low < high;) {
		const size_t middle = low + (high - low) / 2;

		if (rows->all[middle].node <= node)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : 0;
}
