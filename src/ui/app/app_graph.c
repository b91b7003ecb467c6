/* SPDX-License-Identifier: Apache-2.0 */

/* The graph screen: what its keys and the mouse do. */

#include "base/memory.h"
#include "ui/app/app_internal.h"

#include <limits.h>

enum { PAN_COLUMNS = 8, WHEEL_LINES = 3 };

static struct graph_look look_of(const struct app *app)
{
	return (struct graph_look){
	        .model = app->current,
	        .marks = &app->marks,
	        .names = app->names,
	        .view = app->tree.view,
	        .is_ascii = app->options.is_ascii,
	};
}

/* --- as the app goes on ----------------------------------------------------------------------- */

bool app_graph_refresh(struct app *app, struct node *ret_gone)
{
	const struct graph_look look = look_of(app);

	return app->graph.is_shown && graph_update(&app->graph, &look, ret_gone);
}

/* The whole screen without header and footer. */
static struct rect body(const struct app *app)
{
	struct geometry geometry;

	app_geometry(app, &geometry);
	return (struct rect){geometry.header.rows, 0,
	        app->rows - geometry.header.rows - geometry.footer.rows, app->columns};
}

void app_graph_settle(struct app *app)
{
	const struct graph_look look = look_of(app);
	const struct rect rect = body(app);
	struct node gone;

	if (!app->graph.is_shown)
		return;
	graph_set_size(&app->graph, rect.rows, rect.columns);
	if (graph_is_stale(&app->graph, &look))
		graph_update(&app->graph, &look, &gone);
}

size_t app_graph_page(const struct app *app)
{
	return (size_t)body(app).rows;
}

void app_graph_draw(const struct app *app, struct frame *frame)
{
	const struct rect rect = body(app);
	const struct rect header = {0, 0, rect.row, app->columns};
	const char *state = !app->current || app->is_reading
	                            ? glyphs_get(app->options.is_ascii)->reading
	                    : app->is_paused ? "paused"
	                                     : "";
	_cleanup_free_ char *text = memory_printf("%s%s", state, *state ? "  " : "");

	graph_draw_header(&app->graph, frame, &header, text);
	graph_draw(&app->graph, frame, &rect);
}

/* --- opening and closing
 * -------------------------------------------------------------------------- */

enum { TAGS_MAX = 2 };

/* What is selected in the list, or what of it is in the graph, the nearest first. */
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

void app_graph_open(struct app *app)
{
	const struct graph_look look = look_of(app);
	const struct rect rect = body(app);
	uint64_t tags[TAGS_MAX];
	const size_t n = selected_tags(app, tags);

	graph_set_size(&app->graph, rect.rows, rect.columns);
	graph_open(&app->graph, &look, tags, n);
}

unsigned app_do_graph(struct app *app)
{
	app_graph_open(app);
	return EFFECT_REDRAW;
}

unsigned app_do_list(struct app *app)
{
	graph_close(&app->graph);
	return EFFECT_REDRAW;
}

/* A group is shown by the first that is in it. */
unsigned app_do_show(struct app *app)
{
	const struct node *node = graph_selected(&app->graph);
	const uint64_t tag = node && node->ns ? node->ns->tag : 0;

	if (!tag) {
		app_say(app, false, memory_strdup("nothing to show in the list"));
		return EFFECT_REDRAW;
	}
	graph_close(&app->graph);
	app_visit(app);
	app->is_detail_focused = false;
	if (!app_show_ns(app, tag))
		app_say(app, false, memory_strdup("no view shows that namespace"));
	return EFFECT_REDRAW;
}

/* --- moving ----------------------------------------------------------------------------------- */

static unsigned pan(struct app *app, long rows, long columns)
{
	graph_pan(&app->graph, rows, columns);
	return EFFECT_REDRAW;
}

unsigned app_do_pan_up(struct app *app)
{
	return pan(app, -1, 0);
}

unsigned app_do_pan_down(struct app *app)
{
	return pan(app, 1, 0);
}

unsigned app_do_pan_left(struct app *app)
{
	return pan(app, 0, -PAN_COLUMNS);
}

unsigned app_do_pan_right(struct app *app)
{
	return pan(app, 0, PAN_COLUMNS);
}

unsigned app_do_corner(struct app *app)
{
	return pan(app, -INT_MAX, -INT_MAX);
}

unsigned app_do_far_corner(struct app *app)
{
	return pan(app, INT_MAX, INT_MAX);
}

unsigned app_do_next_node(struct app *app)
{
	graph_walk(&app->graph, false);
	return EFFECT_REDRAW;
}

unsigned app_do_previous_node(struct app *app)
{
	graph_walk(&app->graph, true);
	return EFFECT_REDRAW;
}

/* --- looks ------------------------------------------------------------------------------------ */

static unsigned zoom(struct app *app, int level)
{
	if (level < 0 || level >= GRAPH_ZOOMS)
		return 0;
	graph_set_zoom(&app->graph, (enum graph_zoom)level);
	return EFFECT_REDRAW;
}

unsigned app_do_zoom_in(struct app *app)
{
	return zoom(app, (int)app->graph.zoom + 1);
}

unsigned app_do_zoom_out(struct app *app)
{
	return zoom(app, (int)app->graph.zoom - 1);
}

unsigned app_do_zoom_reset(struct app *app)
{
	return zoom(app, GRAPH_NAMES);
}

unsigned app_do_owners(struct app *app)
{
	graph_toggle_owners(&app->graph);
	app_say(app, false,
	        memory_strdup(app->graph.with_all_owners
	                              ? "the lines to all owners"
	                              : "the line to the owner of the selected one"));
	return EFFECT_REDRAW;
}

unsigned app_do_group(struct app *app)
{
	if (!graph_toggle_group(&app->graph))
		app_say(app, false, memory_strdup("this is no group, and came from none"));
	return EFFECT_REDRAW;
}

/* --- the mouse -------------------------------------------------------------------------------- */

unsigned app_graph_mouse(struct app *app, const struct mouse *mouse)
{
	const struct rect rect = body(app);
	struct graph *graph = &app->graph;

	switch (mouse->kind) {
	case MOUSE_WHEEL_UP:
		return pan(app, -WHEEL_LINES, 0);
	case MOUSE_WHEEL_DOWN:
		return pan(app, WHEEL_LINES, 0);
	case MOUSE_PRESS:
		app->is_graph_held = mouse->row >= rect.row;
		app->graph_hold = *mouse;
		return graph_point(graph, graph->top + mouse->row - rect.row,
		               graph->left + mouse->column)
		               ? EFFECT_REDRAW
		               : 0;
	case MOUSE_DRAG:
		if (!app->is_graph_held)
			return 0;
		graph_pan(graph, app->graph_hold.row - mouse->row,
		        app->graph_hold.column - mouse->column);
		app->graph_hold = *mouse;
		return EFFECT_REDRAW;
	case MOUSE_RELEASE:
		app->is_graph_held = false;
	}
	return 0;
}

/* --- searching -------------------------------------------------------------------------------- */

static void leave(struct app *app)
{
	graph_leave(&app->graph, &app->graph_from);
}

static void come_back(struct app *app)
{
	graph_return(&app->graph, &app->graph_from);
}

static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	return graph_find(&app->graph, query, is_next, is_back);
}

static void take(struct app *app, size_t index)
{
	graph_take(&app->graph, index);
}

/* What was found stays selected, and there are no places visited here. */
static void keep(struct app *app)
{
	(void)app;
}

const struct app_search app_graph_search = {leave, come_back, find, take, keep};
