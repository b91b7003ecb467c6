/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/successor.h"

#include "view/node.h"

/* The first child of `parent`, or the first top. */
static size_t first_child(size_t parent)
{
	return parent == NODE_NO_PARENT ? 0 : parent + 1;
}

/* The child of `parent` that comes after `gone` and is shown, else the one before, else the
 * parent. */
static size_t neighbour(const struct hierarchy *hierarchy, const struct rows_rule *rule,
        size_t parent, const struct node *gone)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t end = parent == NODE_NO_PARENT ? hierarchy->n : nodes[parent].end;
	size_t best = parent;

	for (size_t i = first_child(parent); i < end; i = nodes[i].end) {
		if (nodes[i].mark == MARK_GONE || !rows_is_shown(hierarchy, rule, i))
			continue;
		best = i;
		if (node_compare(&hierarchy->options, &nodes[i], gone) >= 0)
			break;
	}
	return best;
}

size_t successor_find(const struct hierarchy *now, const struct rows_rule *rule,
        const struct hierarchy *before, size_t index)
{
	const struct node *nodes = before->nodes;
	size_t best = 0;

	for (size_t i = index; i != NODE_NO_PARENT; i = nodes[i].parent) {
		const size_t was = nodes[i].parent;
		const size_t parent = was == NODE_NO_PARENT
		                              ? NODE_NO_PARENT
		                              : hierarchy_find(now, node_tag(&nodes[was]));

		if (was != NODE_NO_PARENT &&
		        (parent == NODE_NO_PARENT || now->nodes[parent].mark == MARK_GONE))
			continue;
		/* The line over several tops has no number to be compared. */
		if (nodes[i].ns || nodes[i].process)
			best = neighbour(now, rule, parent, &nodes[i]);
		break;
	}
	return best == NODE_NO_PARENT ? 0 : best;
}
