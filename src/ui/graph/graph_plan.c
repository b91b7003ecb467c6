/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/graph_plan.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

enum { BORDER = 1 };

static bool has_border(const struct graph_look *look)
{
	return look->zoom == GRAPH_BOXES;
}

int graph_plan_anchor(const struct pair_box *box)
{
	return box->y + (box->height > 1 ? BORDER : 0);
}

/* True for a namespace that is gone and whose mark has expired. */
static bool is_left_out(const void *marks, const struct node *node)
{
	return node->mark == MARK_GONE && marks_get(marks, node_tag(node)) != MARK_GONE;
}

static bool is_open(const void *opened, uint64_t tag)
{
	return u64_set_has(opened, tag);
}

/* The size of each box, from its words. */
static void measure(struct pair_tree *tree, const struct graph_look *look)
{
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];
		struct pair_box *box = &tree->boxes[i];
		const int lines = graph_box_lines(look, node);
		const bool is_ruled = graph_box_compartment(look, node) < lines;

		for (int k = 0; k < lines; k++) {
			struct line line;

			graph_box_line(&line, look, node, k);
			box->width = MAX(box->width, line.columns);
			line_release(&line);
		}
		box->height = lines;
		if (has_border(look)) {
			box->height += 2 * BORDER + is_ruled;
			box->width += 2 * (BORDER + 1);
		}
	}
}

/* Fills in `last`: of the children the last one comes last. */
static void find_last(struct graph_part *part, const struct pair_tree *tree)
{
	part->last = memory_new((tree->hierarchy.n + 1) * sizeof(*part->last));
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const size_t parent = tree->hierarchy.nodes[i].parent;

		part->last[i] = graph_plan_anchor(&tree->boxes[i]);
		if (parent != NODE_NO_PARENT)
			part->last[parent] = part->last[i];
	}
}

/* Places a part below the parts before it. */
static void place_part(struct graph_plan *plan, const struct graph_look *look, enum pair_part kind)
{
	struct graph_part *part = &plan->parts[kind];
	struct pair_tree *tree = &plan->pair.trees[kind];
	int columns;

	part->title = plan->rows + (kind > 0);
	measure(tree, look);
	pair_plan_place(tree,
	        &(struct pair_spacing){.y = part->title + 1,
	                .column_gap = GRAPH_GAP,
	                .is_widened = has_border(look)},
	        &columns, &plan->rows);
	plan->columns = MAX(plan->columns, columns);
	find_last(part, tree);
}

void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened)
{
	const struct pair_options options = {
	        .model = look->model,
	        .baseline = look->marks->baseline,
	        .view = {.sort = look->view.sort,
	                .is_inverted = look->view.is_inverted,
	                .is_collapsed = true},
	        .collapse = {.selected = look->apart, .is_open = is_open, .data = opened},
	        .is_left_out = look->marks->baseline ? is_left_out : NULL,
	        .data = look->marks,
	};

	*ret = (struct graph_plan){0};
	pair_plan_build(&ret->pair, &options);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		place_part(ret, look, part);
}

void graph_plan_release(struct graph_plan *plan)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		free(plan->parts[part].last);
	pair_plan_release(&plan->pair);
	*plan = (struct graph_plan){0};
}

/* --- nodes ------------------------------------------------------------------------------------ */

const struct hierarchy *graph_plan_hierarchy(const struct graph_plan *plan, enum pair_part part)
{
	return &plan->pair.trees[part].hierarchy;
}

struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag)
{
	struct graph_at at = {.node = NODE_NO_PARENT};

	for (at.part = 0; tag && at.part < PAIR_PARTS; at.part++) {
		at.node = pair_plan_find(&plan->pair.trees[at.part], tag);
		if (at.node != NODE_NO_PARENT)
			return at;
	}
	return (struct graph_at){.node = NODE_NO_PARENT};
}

static bool is_there(const struct graph_plan *plan, struct graph_at at)
{
	return at.node < graph_plan_hierarchy(plan, at.part)->n;
}

const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &graph_plan_hierarchy(plan, at.part)->nodes[at.node] : NULL;
}

const struct pair_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &plan->pair.trees[at.part].boxes[at.node] : NULL;
}

size_t graph_plan_lane(const struct graph_plan *plan, size_t lane)
{
	return lane + (plan->pair.n_lines > plan->pair.n_drawn);
}

size_t graph_plan_first(const struct graph_plan *plan, enum pair_part part, int row)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	size_t low = LOWER_BOUND(tree->hierarchy.n, i, tree->boxes[i].y < row);

	/* The row of the layout before that one may reach into the view. */
	const int before = low > 0 ? tree->boxes[low - 1].y : 0;
	while (low > 0 && tree->boxes[low - 1].y == before)
		low--;
	return low;
}
