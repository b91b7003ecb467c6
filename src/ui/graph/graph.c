/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/graph.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "view/pair_plan.h"

/* --- panning ------------------------------------------------------------------------------ */

/* Keeps the view inside the picture, which includes the lines to owners that are drawn. */
static void settle(struct graph *graph)
{
	graph->rows.n = (size_t)graph->plan.rows;
	graph->columns.n = graph_lines_columns(graph);
	scroller_settle_top(&graph->rows);
	scroller_settle_top(&graph->columns);
}

void graph_pan(struct graph *graph, long rows, long columns)
{
	scroller_move_top(&graph->rows, rows);
	scroller_move_top(&graph->columns, columns);
}

static void show_selected(struct graph *graph)
{
	const struct pair_box *box = graph_plan_box(&graph->plan, graph->selected);

	if (!box)
		return;
	scroller_show(&graph->rows, (size_t)box->y, (size_t)box->height);
	scroller_show(&graph->columns, (size_t)box->x, (size_t)box->width);
	settle(graph);
}

/* Moves the view like the selected node, which was at x and y in the plan before. */
static void follow_selected(struct graph *graph, int x, int y)
{
	const struct pair_box *box = graph_plan_box(&graph->plan, graph->selected);

	if (box) {
		graph->rows.top = (size_t)MAX((long)graph->rows.top + box->y - y, 0L);
		graph->columns.top = (size_t)MAX((long)graph->columns.top + box->x - x, 0L);
	}
}

/* Fits zoom and names; the selected node keeps its place on the screen. */
static void fit(struct graph *graph, bool with_zoom)
{
	const struct pair_box *box = graph_plan_box(&graph->plan, graph->selected);
	const struct pair_box before = box ? *box : (struct pair_box){0};

	graph_fit(graph, with_zoom);
	if (box)
		follow_selected(graph, before.x, before.y);
	settle(graph);
}

void graph_set_size(struct graph *graph, int rows, int columns)
{
	const bool is_same =
	        graph->rows.page == (size_t)rows && graph->columns.page == (size_t)columns;

	graph->rows.page = (size_t)rows;
	graph->columns.page = (size_t)columns;
	if (!is_same)
		fit(graph, true);
	settle(graph);
}

/* --- the selection ------------------------------------------------------------------------ */

const struct node *graph_selected(const struct graph *graph)
{
	return graph_plan_node(&graph->plan, graph->selected);
}

static uint64_t selected_tag(const struct graph *graph)
{
	return node_tag(graph_selected(graph));
}

static const struct graph_at nowhere = {.node = NODE_NO_PARENT};

static size_t count(const struct graph *graph, enum pair_part part)
{
	return graph_plan_hierarchy(&graph->plan, part)->n;
}

/* The line without a namespace that has that tag, which graph_plan_find does not find; the first
 * node of its part, if it is gone. */
static struct graph_at find_heading(const struct graph *graph, enum pair_part part, uint64_t tag)
{
	const size_t i = hierarchy_find(graph_plan_hierarchy(&graph->plan, part), tag);

	return (struct graph_at){part, i == NODE_NO_PARENT ? 0 : i};
}

void graph_select(struct graph *graph, struct graph_at at)
{
	graph->selected = at;
	show_selected(graph);
}

void graph_walk(struct graph *graph, bool is_back)
{
	/* All nodes are one list, the PID hierarchy first. */
	const size_t n_pids = count(graph, PAIR_PID);
	const size_t n = n_pids + count(graph, PAIR_USER);
	size_t number = is_back ? n - 1 : 0;

	if (!n)
		return;
	if (graph_selected(graph)) {
		number = graph->selected.node + (graph->selected.part == PAIR_PID ? 0 : n_pids);
		number = (number + (is_back ? n - 1 : 1)) % n;
	}
	graph_select(graph, number < n_pids ? (struct graph_at){PAIR_PID, number}
	                                    : (struct graph_at){PAIR_USER, number - n_pids});
}

bool graph_point(struct graph *graph, int row, int column)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const struct pair_box *boxes = graph->plan.pair.trees[part].boxes;
		const size_t n = count(graph, part);

		for (size_t i = graph_plan_first(&graph->plan, part, row);
		        i < n && boxes[i].y <= row; i++) {
			if (row >= boxes[i].y + boxes[i].height || column < boxes[i].x ||
			        column >= boxes[i].x + boxes[i].width)
				continue;
			graph->selected = (struct graph_at){part, i};
			return true;
		}
	}
	return false;
}

/* --- building the plan -------------------------------------------------------------------- */

static void build(struct graph *graph)
{
	graph->look.zoom = graph->zoom;
	graph->look.columns = graph->name_columns;
	graph->look.with_all_owners = graph->with_all_owners;
	graph->look.apart = graph->apart;
	graph_plan_release(&graph->plan);
	if (!graph->look.model)
		return;
	graph_plan_build(&graph->plan, &graph->look, &graph->opened);
	graph_fit_again(graph);
}

/* Builds the plan of the same model again; the selected node keeps its place on the screen. */
static void rebuild(struct graph *graph)
{
	const uint64_t tag = selected_tag(graph);
	const struct pair_box *was = graph_plan_box(&graph->plan, graph->selected);
	const struct pair_box before = was ? *was : (struct pair_box){0};

	build(graph);
	graph->selected = graph_plan_find(&graph->plan, tag);
	if (was)
		follow_selected(graph, before.x, before.y);
	settle(graph);
}

bool graph_is_stale(const struct graph *graph, const struct graph_look *look)
{
	const struct graph_look *was = &graph->look;

	return was->model != look->model || was->is_ascii != look->is_ascii ||
	       was->view.sort != look->view.sort ||
	       was->view.is_inverted != look->view.is_inverted ||
	       was->view.with_details != look->view.with_details;
}

/* The node to select in the new plan if the selected one is gone. */
static struct graph_at successor(const struct graph *graph, const struct graph_plan *before)
{
	const struct rows_rule rule = {.marks = graph->look.marks};
	const enum pair_part part = graph->selected.part;
	const struct hierarchy *now = graph_plan_hierarchy(&graph->plan, part);

	if (!graph_plan_node(before, graph->selected) || !now->n)
		return nowhere;
	return (struct graph_at){
	        part, rows_successor(now, &rule, graph_plan_hierarchy(before, part),
	                      graph->selected.node)};
}

/* The node in the new plan for one of the old plan: for a group that of any member. */
static struct graph_at find_again(const struct graph *graph, const struct node *node)
{
	struct graph_at at = graph_plan_find(&graph->plan, node_tag(node));

	for (size_t i = 0; i < node->n_alike; i++) {
		const struct node *now = graph_plan_node(&graph->plan, at);

		if (now && now->mark != MARK_GONE)
			break;
		at = graph_plan_find(&graph->plan, node->alike[i]->tag);
	}
	return node->ns ? at : find_heading(graph, graph->selected.part, node_tag(node));
}

/* Selects in the new plan the node that was selected in the old one, or its successor. True if it
 * is gone. */
static bool carry_selection(
        struct graph *graph, const struct graph_plan *before, struct node *ret_gone)
{
	const struct node *node = graph_plan_node(before, graph->selected);
	const struct graph_at at = node ? find_again(graph, node) : nowhere;
	const struct node *now = graph_plan_node(&graph->plan, at);
	const bool was_gone = node && node->mark == MARK_GONE;
	const bool is_lost = node && (!now || (now->mark == MARK_GONE && !was_gone));

	graph->selected = is_lost ? successor(graph, before) : at;
	if (is_lost)
		*ret_gone = *node;
	return is_lost && node->ns && !was_gone;
}

bool graph_update(struct graph *graph, const struct graph_look *look, struct node *ret_gone)
{
	const struct pair_box *was = graph_plan_box(&graph->plan, graph->selected);
	const struct node *node = graph_selected(graph);
	const struct graph_look look_before = graph->look;
	struct graph_plan before = graph->plan;

	/* The selected node stays outside a group that similar nodes may form now. */
	if (node && !node->n_alike)
		graph->apart = node_tag(node);
	graph->plan = (struct graph_plan){0};
	graph->look = *look;
	graph_search_release(graph);
	build(graph);
	if (!look_before.is_whole || look_before.is_ascii != look->is_ascii ||
	        look_before.view.with_details != look->view.with_details)
		graph_fit(graph, !look_before.is_whole);
	const bool has_gone = carry_selection(graph, &before, ret_gone);
	if (was)
		follow_selected(graph, was->x, was->y);
	settle(graph);
	graph_plan_release(&before);
	if (!graph_selected(graph))
		graph_walk(graph, false);
	return has_gone;
}

/* --- opening and closing the screen ------------------------------------------------------- */

bool graph_select_tag(struct graph *graph, uint64_t tag)
{
	struct graph_at at = graph_plan_find(&graph->plan, tag);
	const struct node *node = graph_plan_node(&graph->plan, at);

	if (!node)
		return false;
	if (node->n_alike) {
		graph->apart = tag;
		build(graph);
		at = graph_plan_find(&graph->plan, tag);
	}
	graph_select(graph, at);
	return true;
}

void graph_open(struct graph *graph, const struct graph_look *look, const uint64_t *tags, size_t n)
{
	graph->is_shown = true;
	graph->look = *look;
	graph->apart = 0;
	graph->rows.top = graph->columns.top = 0;
	graph->selected = nowhere;
	build(graph);
	graph_fit(graph, true);
	for (size_t i = 0; i < n; i++) {
		if (graph_select_tag(graph, tags[i]))
			return;
	}
	graph_walk(graph, false);
}

void graph_close(struct graph *graph)
{
	graph->is_shown = false;
	graph_search_release(graph);
	graph_plan_release(&graph->plan);
	graph->look = (struct graph_look){0};
	graph->selected = nowhere;
}

void graph_release(struct graph *graph)
{
	graph_close(graph);
	u64_set_release(&graph->opened);
}

void graph_leave(const struct graph *graph, struct graph_place *ret)
{
	const struct node *node = graph_selected(graph);

	*ret = (struct graph_place){
	        .selected = node_tag(node),
	        .part = graph->selected.part,
	        .is_heading = node && !node->ns,
	        .apart = graph->apart,
	        .name_columns = graph->name_columns,
	        .rows = graph->rows,
	        .columns = graph->columns,
	};
}

void graph_return(struct graph *graph, const struct graph_place *place)
{
	/* Names were fitted to another window, if it has another size now. */
	const bool is_same_size =
	        graph->rows.page == place->rows.page && graph->columns.page == place->columns.page;
	const int name_columns = is_same_size ? place->name_columns : graph->name_columns;

	if (graph->apart != place->apart || graph->name_columns != name_columns) {
		graph->apart = place->apart;
		graph->name_columns = name_columns;
		build(graph);
	}
	graph->selected = place->is_heading ? find_heading(graph, place->part, place->selected)
	                                    : graph_plan_find(&graph->plan, place->selected);
	graph->rows.top = place->rows.top;
	graph->columns.top = place->columns.top;
	settle(graph);
	if (!graph_selected(graph))
		graph_walk(graph, false);
}

/* --- zoom, owners, groups ----------------------------------------------------------------- */

void graph_set_zoom(struct graph *graph, enum graph_zoom zoom)
{
	graph->zoom = graph->look.zoom = zoom;
	graph->is_zoom_chosen = true;
	fit(graph, false);
	graph->columns.top = 0; /* the ancestors are more useful than the old place */
	show_selected(graph);
}

void graph_toggle_owners(struct graph *graph)
{
	graph->with_all_owners = graph->look.with_all_owners = !graph->with_all_owners;
	fit(graph, false);
}

/* The group of the nodes similar to `node`, or NULL. */
static const struct node *group_beside(const struct hierarchy *hierarchy, const struct node *node)
{
	const struct node *nodes = hierarchy->nodes;

	if (node->parent == NODE_NO_PARENT)
		return NULL;
	for (size_t i = node->parent + 1; i < nodes[node->parent].end; i = nodes[i].end) {
		if (nodes[i].n_alike && pair_group_is_alike(&nodes[i], node))
			return &nodes[i];
	}
	return NULL;
}

static void close_group(struct graph *graph, const struct hierarchy *hierarchy, size_t index)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t parent = nodes[index].parent;

	for (size_t i = parent + 1; i < nodes[parent].end; i = nodes[i].end) {
		if (pair_group_is_alike(&nodes[i], &nodes[index]))
			u64_set_remove(&graph->opened, node_tag(&nodes[i]));
	}
	graph->apart = 0;
}

bool graph_toggle_group(struct graph *graph)
{
	const struct hierarchy *hierarchy =
	        graph_plan_hierarchy(&graph->plan, graph->selected.part);
	const struct node *node = graph_selected(graph);

	if (!node || !node->ns)
		return false;
	const struct node *group = node->n_alike ? node : group_beside(hierarchy, node);
	if (group) {
		for (size_t i = 0; i < group->n_alike; i++)
			u64_set_push(&graph->opened, group->alike[i]->tag);
		u64_set_sort_unique(&graph->opened);
	} else if (u64_set_has(&graph->opened, node_tag(node)) && node->parent != NODE_NO_PARENT) {
		close_group(graph, hierarchy, graph->selected.node);
	} else {
		return false;
	}
	rebuild(graph);
	show_selected(graph);
	return true;
}
