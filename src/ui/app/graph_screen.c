/* SPDX-License-Identifier: Apache-2.0 */

/* The graph screen: its keys, the mouse and searches on it. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/partial.h"

#include <stdlib.h>

enum { PAN_COLUMNS = 8 };

static struct graph_look look_of(const struct app *app)
{
	return (struct graph_look){
	        .model = app->current,
	        .marks = &app->marks,
	        .names = app->names,
	        .is_whole = app->is_whole,
	        .view = app->tree.view,
	        .is_ascii = app->is_ascii,
	};
}

/* --- opening and closing ----------------------------------------------------------------- */

enum { TAGS_MAX = 2 };

/* The selected namespace of the list, then the nearest one that is in the graph. */
static size_t selected_tags(const struct app *app, uint64_t tags[static TAGS_MAX])
{
	const struct node *node = tree_selected(&app->tree);
	const struct ns *near[TAGS_MAX] = {0};
	size_t n = 0;

	if (node && node->process) {
		near[0] = node->process->ns[NS_PID];
		near[1] = node->process->ns[NS_USER];
	} else if (node && node->ns) {
		near[0] = node->ns;
		near[1] = node->ns->owner.ns;
	}
	for (size_t i = 0; i < TAGS_MAX; i++) {
		if (near[i])
			tags[n++] = near[i]->tag;
	}
	return n;
}

unsigned graph_screen_open(struct app *app, _unused_ long argument)
{
	const struct graph_look look = look_of(app);
	const struct rect rect = state_body(app);
	uint64_t tags[TAGS_MAX];
	const size_t n = selected_tags(app, tags);

	graph_set_size(&app->graph.graph, rect.rows, rect.columns);
	graph_open(&app->graph.graph, &look, tags, n);
	return screens_open(app, &graph_screen);
}

static unsigned close_graph(struct app *app)
{
	graph_close(&app->graph.graph);
	return screens_close_top(app);
}

static unsigned quit(struct app *app)
{
	return app->graph.is_first ? EFFECT_QUIT : close_graph(app);
}

/* A group is represented by its first namespace. */
unsigned graph_screen_show_in_list(struct app *app, _unused_ long argument)
{
	const struct node *node = graph_selected(&app->graph.graph);
	const uint64_t tag = node && node->ns ? node->ns->tag : 0;

	if (!tag)
		return state_inform(app, "nothing to show in the list");
	return graph_screen_show_tag(app, tag);
}

unsigned graph_screen_show_tag(struct app *app, uint64_t tag)
{
	close_graph(app);
	jumps_visit(app);
	screens_focus(app, false);
	if (!jumps_show_ns(app, tag))
		state_inform(app, "no view shows that namespace");
	return EFFECT_REDRAW;
}

/* --- moving ------------------------------------------------------------------------------ */

struct pan_step graph_screen_pan_step(long direction)
{
	static const struct pan_step steps[] = {
	        [PAN_UP] = {-1, 0},
	        [PAN_DOWN] = {1, 0},
	        [PAN_LEFT] = {0, -PAN_COLUMNS},
	        [PAN_RIGHT] = {0, PAN_COLUMNS},
	        [PAN_START] = {-INT_MAX, -INT_MAX},
	        [PAN_END] = {INT_MAX, INT_MAX},
	};

	return steps[direction];
}

unsigned graph_screen_pan(struct app *app, long direction)
{
	const struct pan_step step = graph_screen_pan_step(direction);

	graph_pan(&app->graph.graph, step.rows, step.columns);
	return EFFECT_REDRAW;
}

static int page(const struct app *app)
{
	return state_body(app).rows;
}

static void scroll(struct app *app, long lines, _unused_ bool is_paging)
{
	graph_pan(&app->graph.graph, lines, 0);
}

unsigned graph_screen_step(struct app *app, long step)
{
	graph_step(&app->graph.graph, (enum graph_step)step);
	return EFFECT_REDRAW;
}

unsigned graph_screen_walk(struct app *app, long step)
{
	graph_walk(&app->graph.graph, step < 0);
	return EFFECT_REDRAW;
}

/* --- zoom, owners, groups ---------------------------------------------------------------- */

/* One step in (1) or out (-1), or (0) to names only. */
unsigned graph_screen_zoom(struct app *app, long step)
{
	const long zoom = step ? (long)app->graph.graph.zoom + step : GRAPH_NAMES;

	if (zoom < 0 || zoom >= GRAPH_ZOOMS)
		return 0;
	graph_set_zoom(&app->graph.graph, (enum graph_zoom)zoom);
	return EFFECT_REDRAW;
}

unsigned graph_screen_toggle_owners(struct app *app, _unused_ long argument)
{
	struct graph *graph = &app->graph.graph;
	const struct pair_plan *pair = &graph->plan.pair;
	const size_t n = pair->n_lanes;

	graph_toggle_owners(graph);
	if (!graph->with_all_owners)
		return state_inform(app, "owner lines of the selected node");
	if (!n)
		return state_inform(app, pair->n_lines > pair->n_drawn
		                                 ? "no owner lines; those to the initial user "
		                                   "namespace are not drawn"
		                                 : "no owner lines");
	if (n > GRAPH_LANES_MAX)
		return state_say(app, false,
		        memory_printf("owner lines to %d of %zu owners", GRAPH_LANES_MAX, n));
	return state_inform(app, "all owner lines");
}

unsigned graph_screen_toggle_group(struct app *app, _unused_ long argument)
{
	if (!graph_toggle_group(&app->graph.graph))
		state_inform(app, "neither a group nor a member of one");
	return EFFECT_REDRAW;
}

bool graph_screen_refresh(struct app *app, struct node *ret_gone)
{
	const struct graph_look look = look_of(app);

	return app->graph.graph.is_shown && graph_update(&app->graph.graph, &look, ret_gone);
}

static void settle(struct app *app)
{
	struct graph *graph = &app->graph.graph;
	const struct graph_look look = look_of(app);
	const struct rect rect = state_body(app);
	struct node gone;

	graph_set_size(graph, rect.rows, rect.columns);
	if (graph_is_stale(graph, &look))
		graph_update(graph, &look, &gone);
}

static void draw(const struct app *app, struct frame *frame)
{
	const struct rect rect = state_body(app);
	const struct rect header = {0, 0, rect.row, app->columns};
	_cleanup_text_ struct text state;

	text_init(&state);
	if (!app->current || app->is_reading)
		status_write_progress(state.out, app);
	else if (app->is_paused)
		fputs("paused", state.out);
	if (app->current && partial_reasons(app->current, app->names))
		fprintf(state.out, "%spartial", *text_get(&state) ? "  " : "");
	if (*text_get(&state))
		fputs("  ", state.out);
	graph_draw_header(&app->graph.graph, frame, &header, text_get(&state));
	graph_draw(&app->graph.graph, frame, &rect);
}

static unsigned mouse(struct app *app, const struct mouse *mouse)
{
	const struct rect rect = state_body(app);
	struct graph *graph = &app->graph.graph;
	struct mouse *hold = &app->graph.hold;

	switch (mouse->kind) {
	case MOUSE_WHEEL_UP:
	case MOUSE_WHEEL_DOWN:
		return screens_wheel(app, mouse);
	case MOUSE_PRESS:
		app->graph.is_held = mouse->row >= rect.row;
		*hold = *mouse;
		return graph_point(graph, (int)graph->rows.top + mouse->row - rect.row,
		               (int)graph->columns.top + mouse->column)
		               ? EFFECT_REDRAW
		               : 0;
	case MOUSE_DRAG:
		if (!app->graph.is_held)
			return 0;
		graph_pan(graph, hold->row - mouse->row, hold->column - mouse->column);
		*hold = *mouse;
		return EFFECT_REDRAW;
	case MOUSE_RELEASE:
		app->graph.is_held = false;
	}
	return 0;
}

/* --- searching --------------------------------------------------------------------------- */

static void begin_search(struct app *app)
{
	graph_leave(&app->graph.graph, &app->graph.search_from);
}

static void come_back(struct app *app)
{
	match_end(app);
	graph_return(&app->graph.graph, &app->graph.search_from);
}

static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	return graph_search_find(&app->graph.graph, query, is_next, is_back);
}

static void select_found(struct app *app, size_t index)
{
	graph_search_select(&app->graph.graph, index);
	app->graph.found = index;
}

/* Nothing is highlighted: the node is selected, and has no room for more than a name. */
static void mark_found(struct app *app, const char *query)
{
	struct haystack_place place;
	const struct node *node =
	        graph_search_explain(&app->graph.graph, app->graph.found, query, &place);

	match_in_graph(app, node, &place);
	if (node)
		free(place.text);
}

static void find_numbers(struct app *app, const char *digits, uint64_t from, struct go_to_list *ret)
{
	graph_search_numbers(&app->graph.graph, digits, from, ret);
}

static const struct ns *ns_at(const struct app *app, size_t node)
{
	return graph_search_node(&app->graph.graph, node)->ns;
}

static void mark_number(struct app *app, const struct process *process, const char *digits)
{
	match_number_in_graph(
	        app, graph_search_node(&app->graph.graph, app->graph.found), process, digits);
}

static uint64_t search_from(const struct app *app)
{
	return app->graph.search_from.selected;
}

static const struct search_place graph_search = {
        .begin = begin_search,
        .come_back = come_back,
        .find = find,
        .select = select_found,
        .mark = mark_found,
        .find_numbers = find_numbers,
        .ns_at = ns_at,
        .mark_number = mark_number,
        .from = search_from,
        .takes_digits = true,
};

const struct screen graph_screen = {
        .mode = MODE_GRAPH,
        .draw = draw,
        .settle = settle,
        .page = page,
        .scroll = scroll,
        .mouse = mouse,
        .close = close_graph,
        .quit = quit,
        .search = &graph_search,
};
