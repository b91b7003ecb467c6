/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/graph_plan.h"

#include "base/memory.h"
#include "ui/list/rows.h"
#include "view/collapse.h"

#include <stdlib.h>

enum { BORDER = 1 };

static const enum view_kind views[GRAPH_PARTS] = {[GRAPH_PID] = VIEW_PID, [GRAPH_USER] = VIEW_USER};

static bool has_border(const struct graph_look *look)
{
	return look->zoom == GRAPH_BOXES;
}

int graph_box_anchor(const struct graph_box *box)
{
	return box->row + (box->rows > 1 ? BORDER : 0);
}

/* --- what is in it ---------------------------------------------------------------------------- */

/* What went long ago is not shown any more. */
static void drop_gone(struct hierarchy *hierarchy, const struct marks *marks)
{
	static const struct u64_set none = {0};
	const struct rows_rule rule = {.marks = marks, .closed = &none};
	bool *is_dropped;

	if (!marks->baseline)
		return;
	is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));
	for (size_t i = 0; i < hierarchy->n; i++)
		is_dropped[i] = !rows_is_shown(hierarchy, &rule, i);
	hierarchy_drop(hierarchy, is_dropped);
	free(is_dropped);
}

static bool is_open(const void *opened, uint64_t tag)
{
	return u64_set_has(opened, tag);
}

static void build_hierarchy(struct hierarchy *ret, const struct graph_look *look,
        enum view_kind kind, const struct u64_set *opened)
{
	const struct view_options view = {
	        .kind = kind, .sort = look->view.sort, .is_inverted = look->view.is_inverted};

	hierarchy_build(ret, look->model, look->marks->baseline, &view);
	drop_gone(ret, look->marks);
	hierarchy_collapse(
	        ret, &(struct collapse_options){
	                     .selected = look->apart, .is_open = is_open, .data = opened});
}

/* --- where it stands -------------------------------------------------------------------------- */

static void measure(struct graph_part *part, const struct graph_look *look)
{
	for (size_t i = 0; i < part->hierarchy.n; i++) {
		const struct node *node = &part->hierarchy.nodes[i];
		struct graph_box *box = &part->boxes[i];
		const int lines = graph_box_lines(look, node);
		const bool is_ruled = graph_box_compartment(look, node) < lines;

		for (int k = 0; k < lines; k++) {
			struct line line;

			graph_box_line(&line, look, node, k);
			if (box->columns < line.columns)
				box->columns = line.columns;
			line_release(&line);
		}
		box->rows = lines;
		if (has_border(look)) {
			box->rows += 2 * BORDER + is_ruled;
			box->columns += 2 * (BORDER + 1);
		}
	}
}

/* Returns where the last column ends. With a border all boxes of a column are equally wide. */
static int place_columns(struct graph_part *part, const struct graph_look *look)
{
	const struct layout *layout = &part->layout;
	int *widths = memory_new((layout->columns + 1) * sizeof(*widths));
	int *starts = memory_new((layout->columns + 1) * sizeof(*starts));

	for (size_t i = 0; i < layout->n; i++) {
		int *width = &widths[layout->places[i].column];

		if (*width < part->boxes[i].columns)
			*width = part->boxes[i].columns;
	}
	for (unsigned c = 0; c < layout->columns; c++)
		starts[c + 1] = starts[c] + widths[c] + GRAPH_GAP;
	for (size_t i = 0; i < layout->n; i++) {
		part->boxes[i].column = starts[layout->places[i].column];
		if (has_border(look))
			part->boxes[i].columns = widths[layout->places[i].column];
	}
	const int end = layout->columns ? starts[layout->columns] - GRAPH_GAP : 0;
	free(widths);
	free(starts);
	return end;
}

/* From row `row` on; returns the row behind the last. What stands in one row of the layout comes
 * together, since it is in preorder. */
static int place_rows(struct graph_part *part, int row)
{
	const struct layout *layout = &part->layout;

	for (size_t i = 0, end; i < layout->n; i = end) {
		int rows = 0;

		for (end = i; end < layout->n && layout->places[end].row == layout->places[i].row;
		        end++) {
			part->boxes[end].row = row;
			if (rows < part->boxes[end].rows)
				rows = part->boxes[end].rows;
		}
		row += rows;
	}
	return row;
}

/* Of the children the last comes last. */
static void note_last(struct graph_part *part)
{
	for (size_t i = 0; i < part->hierarchy.n; i++) {
		const size_t parent = part->hierarchy.nodes[i].parent;
		const int anchor = graph_box_anchor(&part->boxes[i]);

		part->boxes[i].last = anchor;
		if (parent != NODE_NO_PARENT)
			part->boxes[parent].last = anchor;
	}
}

static void build_part(struct graph_plan *plan, const struct graph_look *look,
        enum graph_part_kind kind, const struct u64_set *opened)
{
	struct graph_part *part = &plan->parts[kind];
	int columns;

	build_hierarchy(&part->hierarchy, look, views[kind], opened);
	node_index_build(&part->index, &part->hierarchy);
	layout_build(&part->layout, &part->hierarchy);
	part->boxes = memory_new((part->hierarchy.n + 1) * sizeof(*part->boxes));
	measure(part, look);
	columns = place_columns(part, look);
	if (plan->columns < columns)
		plan->columns = columns;
	part->title = plan->rows + (kind > 0);
	plan->rows = place_rows(part, part->title + 1);
	note_last(part);
}

/* --- owners ----------------------------------------------------------------------------------- */

static int by_user(const void *a, const void *b)
{
	const struct graph_owner *x = a, *y = b;

	if (x->user != y->user)
		return x->user < y->user ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

static void find_owners(struct graph_plan *plan)
{
	const struct hierarchy *pids = &plan->parts[GRAPH_PID].hierarchy;

	plan->owners = memory_new((pids->n + 1) * sizeof(*plan->owners));
	for (size_t i = 0; i < pids->n; i++) {
		const struct ns *ns = pids->nodes[i].ns;
		const size_t user =
		        ns && ns->owner.ns
		                ? node_index_find(&plan->parts[GRAPH_USER].index, ns->owner.ns->tag)
		                : NODE_NO_PARENT;

		if (user != NODE_NO_PARENT)
			plan->owners[plan->n_owners++] = (struct graph_owner){i, user};
	}
	if (plan->n_owners)
		qsort(plan->owners, plan->n_owners, sizeof(*plan->owners), by_user);
}

/* --- the whole -------------------------------------------------------------------------------- */

void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened)
{
	*ret = (struct graph_plan){0};
	for (enum graph_part_kind kind = 0; kind < GRAPH_PARTS; kind++)
		build_part(ret, look, kind, opened);
	find_owners(ret);
}

void graph_plan_release(struct graph_plan *plan)
{
	for (enum graph_part_kind kind = 0; kind < GRAPH_PARTS; kind++) {
		struct graph_part *part = &plan->parts[kind];

		node_index_release(&part->index);
		layout_release(&part->layout);
		hierarchy_release(&part->hierarchy);
		free(part->boxes);
	}
	free(plan->owners);
	*plan = (struct graph_plan){0};
}

struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag)
{
	struct graph_at at = {.node = NODE_NO_PARENT};

	for (at.part = 0; tag && at.part < GRAPH_PARTS; at.part++) {
		at.node = node_index_find(&plan->parts[at.part].index, tag);
		if (at.node != NODE_NO_PARENT)
			return at;
	}
	return (struct graph_at){.node = NODE_NO_PARENT};
}

static bool is_there(const struct graph_plan *plan, struct graph_at at)
{
	return at.node < plan->parts[at.part].hierarchy.n;
}

const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &plan->parts[at.part].hierarchy.nodes[at.node] : NULL;
}

const struct graph_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &plan->parts[at.part].boxes[at.node] : NULL;
}

size_t graph_part_first(const struct graph_part *part, int row)
{
	size_t low = 0, high = part->hierarchy.n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (part->boxes[middle].row < row)
			low = middle + 1;
		else
			high = middle;
	}
	/* The row of the layout before that one may reach into the view. */
	const int before = low > 0 ? part->boxes[low - 1].row : 0;
	while (low > 0 && part->boxes[low - 1].row == before)
		low--;
	return low;
}
