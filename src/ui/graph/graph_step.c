/* SPDX-License-Identifier: Apache-2.0 */

/* From the selected node to those beside it. */

#include "ui/graph/graph.h"

/* The next node above or below (step -1 or 1) `from` in its column, or SIZE_MAX if there is none. A
 * column has the nodes of one depth, in the order of their rows. */
static size_t next_in_column(const struct hierarchy *hierarchy, size_t from, int step)
{
	const struct node *nodes = hierarchy->nodes;

	for (size_t i = from + (size_t)step; i < hierarchy->n; i += (size_t)step) {
		if (nodes[i].depth == nodes[from].depth)
			return i;
	}
	return SIZE_MAX;
}

/* The node that ends the row above or below, if no row in that direction has a node in the column
 * of `from`; SIZE_MAX if there is no such row. */
static size_t end_of_next_row(const struct hierarchy *hierarchy, size_t from, int step)
{
	const struct node *nodes = hierarchy->nodes;
	size_t i = from;

	if (step > 0) {
		for (i = nodes[from].end; i < hierarchy->n && nodes[i].end != i + 1; i++)
			;
		return i < hierarchy->n ? i : SIZE_MAX;
	}
	/* A row ends with a leaf: above the row of `from`, the first one before it. */
	while (i-- > 0) {
		if (nodes[i].end == i + 1)
			return i;
	}
	return SIZE_MAX;
}

/* The first node (with step -1 the last one) of the column, or of the nearest one further left. */
static size_t first_in_column(const struct hierarchy *hierarchy, unsigned column, int step)
{
	size_t best = SIZE_MAX;

	for (size_t i = 0; i < hierarchy->n; i++) {
		const unsigned depth = hierarchy->nodes[i].depth;
		const unsigned most = best == SIZE_MAX ? 0 : hierarchy->nodes[best].depth;

		if (depth <= column &&
		        (best == SIZE_MAX || depth > most || (depth == most && step < 0)))
			best = i;
	}
	return best;
}

/* The node above or below the selected one. */
static struct graph_at node_beside(const struct graph *graph, int step)
{
	const struct graph_at from = graph->selected;
	const struct hierarchy *hierarchy = graph_plan_hierarchy(&graph->plan, from.part);
	const enum pair_part other = from.part == PAIR_PID ? PAIR_USER : PAIR_PID;
	size_t node = next_in_column(hierarchy, from.node, step);

	if (node == SIZE_MAX)
		node = end_of_next_row(hierarchy, from.node, step);
	if (node != SIZE_MAX)
		return (struct graph_at){from.part, node};
	if (other != (step > 0 ? PAIR_USER : PAIR_PID))
		return (struct graph_at){.node = NODE_NO_PARENT};
	return (struct graph_at){other, first_in_column(graph_plan_hierarchy(&graph->plan, other),
	                                        hierarchy->nodes[from.node].depth, step)};
}

void graph_step(struct graph *graph, enum graph_step step)
{
	const struct node *node = graph_selected(graph);
	struct graph_at at = graph->selected;

	if (!node) {
		graph_walk(graph, false);
		return;
	}
	if (step == STEP_PARENT)
		at.node = node->parent;
	else if (step == STEP_CHILD)
		at.node = node->end > at.node + 1 ? at.node + 1 : NODE_NO_PARENT;
	else
		at = node_beside(graph, step == STEP_UP ? -1 : 1);
	if (graph_plan_node(&graph->plan, at))
		graph_select(graph, at);
}
