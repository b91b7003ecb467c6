/* SPDX-License-Identifier: Apache-2.0 */

/* The zoom level and the width of names that the window has room for. */

#include "base/attributes.h"
#include "ui/graph/graph.h"

static bool is_whole(const struct graph *graph)
{
	return (size_t)graph->plan.rows <= graph->rows.page &&
	       graph_lines_columns(graph) <= graph->columns.page;
}

static void place(struct graph *graph, enum graph_zoom zoom, int columns)
{
	graph->zoom = graph->look.zoom = zoom;
	graph->name_columns = graph->look.columns = columns;
	graph_plan_place(&graph->plan, &graph->look);
}

/* The fewest rows of the picture: one of boxes for each leaf, and the titles. */
static size_t count_least_rows(const struct graph *graph, size_t box)
{
	size_t n = PAIR_PARTS;

	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const struct hierarchy *hierarchy = graph_plan_hierarchy(&graph->plan, part);

		for (size_t i = 0; i < hierarchy->n; i++)
			n += hierarchy->nodes[i].end == i + 1 ? box : 0;
	}
	return n;
}

/* The largest level at which the whole picture fits into the window, else the smallest. Levels that
 * have too many rows are not measured. */
static void fit_zoom(struct graph *graph)
{
	static const struct {
		enum graph_zoom zoom;
		size_t box; /* the fewest rows of one */
	} levels[] = {{GRAPH_BOXES, 3}, {GRAPH_NUMBERS, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		if (count_least_rows(graph, levels[i].box) > graph->rows.page)
			continue;
		place(graph, levels[i].zoom, graph_plan_least(levels[i].zoom));
		if (is_whole(graph))
			return;
	}
	place(graph, GRAPH_NAMES, graph_plan_least(GRAPH_NAMES));
}

/* The greatest width of names with which the picture fits; they have the least now. */
static void fit_names(struct graph *graph)
{
	const int columns = (int)graph->columns.page - (int)graph_lines_room(graph);

	if (graph->plan.columns > columns)
		return;
	const int fitted = graph_plan_fit(&graph->plan, &graph->look, columns);
	if (fitted > graph->name_columns)
		place(graph, graph->zoom, fitted);
}

void graph_fit(struct graph *graph, bool with_zoom)
{
	if (!graph->look.model)
		return;
	if (with_zoom && !graph->is_zoom_chosen)
		fit_zoom(graph);
	else
		place(graph, graph->zoom, graph_plan_least(graph->zoom));
	fit_names(graph);
}

void graph_fit_again(struct graph *graph)
{
	if (graph_lines_columns(graph) > graph->columns.page &&
	        graph->look.columns > graph_plan_least(graph->zoom)) {
		place(graph, graph->zoom, graph_plan_least(graph->zoom));
		fit_names(graph);
	}
}
