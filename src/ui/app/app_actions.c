/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "ui/app/app_internal.h"
#include "ui/pages/help.h"

#include <limits.h>

/* --- moving --------------------------------------------------------------------- */

static unsigned scroll(struct app *app, long lines, bool is_paging)
{
	app_scroll(app, lines, is_paging);
	return EFFECT_REDRAW;
}

static unsigned do_up(struct app *app)
{
	return scroll(app, -1, false);
}

static unsigned do_down(struct app *app)
{
	return scroll(app, 1, false);
}

static unsigned do_page_up(struct app *app)
{
	return scroll(app, -(long)app_page(app), true);
}

static unsigned do_page_down(struct app *app)
{
	return scroll(app, (long)app_page(app), true);
}

static long half(const struct app *app)
{
	return (long)(app_page(app) + 1) / 2;
}

static unsigned do_half_up(struct app *app)
{
	return scroll(app, -half(app), true);
}

static unsigned do_half_down(struct app *app)
{
	return scroll(app, half(app), true);
}

static unsigned do_first(struct app *app)
{
	return scroll(app, -INT_MAX, false);
}

static unsigned do_last(struct app *app)
{
	return scroll(app, INT_MAX, false);
}

/* --- folding -------------------------------------------------------------------- */

static unsigned fold(struct app *app, bool is_closed)
{
	tree_fold(&app->tree, &app->marks, is_closed);
	return EFFECT_REDRAW;
}

static unsigned do_expand(struct app *app)
{
	return fold(app, false);
}

static unsigned do_collapse(struct app *app)
{
	return fold(app, true);
}

static unsigned do_toggle(struct app *app)
{
	return fold(app, tree_is_open(&app->tree));
}

static unsigned do_expand_or_child(struct app *app)
{
	if (tree_is_open(&app->tree))
		return do_down(app);
	return fold(app, false);
}

static unsigned do_collapse_or_parent(struct app *app)
{
	if (tree_is_open(&app->tree))
		return fold(app, true);
	return tree_go_parent(&app->tree) ? EFFECT_REDRAW : 0;
}

static unsigned do_collapse_parent(struct app *app)
{
	return tree_go_parent(&app->tree) ? fold(app, true) : 0;
}

static unsigned do_toggle_all(struct app *app)
{
	tree_fold_all(&app->tree, &app->marks);
	return EFFECT_REDRAW;
}

/* --- panes, views, files --------------------------------------------------------- */

static unsigned do_next_pane(struct app *app)
{
	app->is_detail_focused = !app->is_detail_focused;
	return EFFECT_REDRAW;
}

static unsigned do_help(struct app *app)
{
	if (!app->is_help) {
		app->help_from = app_mode(app);
		app->help_top = 0;
	}
	app->is_help = !app->is_help;
	return EFFECT_REDRAW;
}

static unsigned do_unread(struct app *app)
{
	app->is_problems_open = !app->is_problems_open || app->is_help;
	app->is_help = false;
	app->problems_top = 0;
	return EFFECT_REDRAW;
}

static unsigned do_rescan(struct app *app)
{
	if (!app->options.is_live) {
		app_say(app, false, memory_strdup("a snapshot: nothing to read again"));
		return EFFECT_REDRAW;
	}
	app->is_reading = true;
	app->percent = 0;
	return EFFECT_RESCAN | EFFECT_REDRAW;
}

static unsigned do_repaint(struct app *app)
{
	(void)app;
	return EFFECT_REPAINT | EFFECT_REDRAW;
}

/* Closes the newest of what is open. */
static unsigned do_close(struct app *app)
{
	if (app_find_is_open(app))
		return app_find_cancel(app);
	const unsigned effects = app_save_closed(app);

	app_save_close_question(app);
	if (prompt_is_open(&app->prompt))
		prompt_close(&app->prompt);
	else if (app->menu.use != MENU_NONE)
		menu_close(&app->menu);
	else if (app->is_help)
		app->is_help = false;
	else if (app->is_problems_open)
		app->is_problems_open = false;
	else if (app->graph.is_shown)
		graph_close(&app->graph);
	else if (app->is_detail_focused)
		app->is_detail_focused = app_detail_close_page(app);
	else
		return app_filter_escape(app);
	return effects | EFFECT_REDRAW;
}

/* Whoever came for the graph leaves from there. */
static unsigned do_quit(struct app *app)
{
	const bool is_open = app->is_help || app->is_problems_open || app->menu.use != MENU_NONE;
	const bool is_graph = app->graph.is_shown && !app->options.is_graph;

	return is_open || is_graph ? do_close(app) : EFFECT_QUIT;
}

/* --- the prompt ------------------------------------------------------------------- */

static unsigned do_accept(struct app *app)
{
	return app_find_is_open(app) ? app_find_accept(app) : app_do_accept_save(app);
}

/* Editing is the prompt's own. */
static unsigned (*const actions[ACTIONS])(struct app *) = {
        [ACTION_UP] = do_up,
        [ACTION_DOWN] = do_down,
        [ACTION_PAGE_UP] = do_page_up,
        [ACTION_PAGE_DOWN] = do_page_down,
        [ACTION_HALF_UP] = do_half_up,
        [ACTION_HALF_DOWN] = do_half_down,
        [ACTION_FIRST] = do_first,
        [ACTION_LAST] = do_last,
        [ACTION_EXPAND_OR_CHILD] = do_expand_or_child,
        [ACTION_COLLAPSE_OR_PARENT] = do_collapse_or_parent,
        [ACTION_TOGGLE] = do_toggle,
        [ACTION_EXPAND] = do_expand,
        [ACTION_COLLAPSE] = do_collapse,
        [ACTION_TOGGLE_ALL] = do_toggle_all,
        [ACTION_COLLAPSE_PARENT] = do_collapse_parent,
        [ACTION_ENTER] = do_next_pane,
        [ACTION_NEXT_PANE] = do_next_pane,
        [ACTION_NEXT_REF] = app_do_next_ref,
        [ACTION_PREVIOUS_REF] = app_do_previous_ref,
        [ACTION_FOLLOW] = app_do_follow,
        [ACTION_BACK] = app_do_back,
        [ACTION_FORWARD] = app_do_forward,
        [ACTION_SPLIT] = app_do_split,
        [ACTION_HIDE_DETAIL] = app_do_hide_detail,
        [ACTION_MAXIMISE] = app_do_maximise,
        [ACTION_COPY_NUMBER] = app_do_copy_number,
        [ACTION_COPY_ROW] = app_do_copy_row,
        [ACTION_COPY_COMMAND] = app_do_copy_command,
        [ACTION_GRAPH] = app_do_graph,
        [ACTION_LIST] = app_do_list,
        [ACTION_PAN_UP] = app_do_pan_up,
        [ACTION_PAN_DOWN] = app_do_pan_down,
        [ACTION_PAN_LEFT] = app_do_pan_left,
        [ACTION_PAN_RIGHT] = app_do_pan_right,
        [ACTION_CORNER] = app_do_corner,
        [ACTION_FAR_CORNER] = app_do_far_corner,
        [ACTION_NEXT_NODE] = app_do_next_node,
        [ACTION_PREVIOUS_NODE] = app_do_previous_node,
        [ACTION_ZOOM_IN] = app_do_zoom_in,
        [ACTION_ZOOM_OUT] = app_do_zoom_out,
        [ACTION_ZOOM_RESET] = app_do_zoom_reset,
        [ACTION_SHOW] = app_do_show,
        [ACTION_OWNERS] = app_do_owners,
        [ACTION_GROUP] = app_do_group,
        [ACTION_HELP] = do_help,
        [ACTION_GRAPH_HELP] = do_help,
        [ACTION_PROBLEMS] = do_unread,
        [ACTION_OTHER_VIEW] = app_do_other_view,
        [ACTION_SEARCH] = app_do_search,
        [ACTION_SEARCH_NEXT] = app_do_search_next,
        [ACTION_SEARCH_PREVIOUS] = app_do_search_previous,
        [ACTION_GO_TO] = app_do_go_to,
        [ACTION_FILTER] = app_do_filter,
        [ACTION_ONLY_OWNER] = app_do_only_owner,
        [ACTION_ONLY_TYPES] = app_do_only_types,
        [ACTION_ONLY_LEAKED] = app_do_only_leaked,
        [ACTION_CHOOSE_VIEW] = app_do_choose_view,
        [ACTION_SORT] = app_do_sort,
        [ACTION_INVERT] = app_do_invert,
        [ACTION_MARK] = app_do_mark,
        [ACTION_PAUSE] = app_do_pause,
        [ACTION_OPTIONS] = app_do_options,
        [ACTION_GRAPH_OPTIONS] = app_do_options,
        [ACTION_OPTION_NEXT] = app_do_option_next,
        [ACTION_OPTION_PREVIOUS] = app_do_option_previous,
        [ACTION_OPTION_WRITE] = app_do_option_write,
        [ACTION_MENU_CHECK] = app_do_menu_check,
        [ACTION_MENU_ACCEPT] = app_do_menu_accept,
        [ACTION_SAVE] = app_do_save,
        [ACTION_OWNED] = app_do_owned,
        [ACTION_RESCAN] = do_rescan,
        [ACTION_REPAINT] = do_repaint,
        [ACTION_CLOSE] = do_close,
        [ACTION_QUIT] = do_quit,
        [ACTION_EDIT_ACCEPT] = do_accept,
        [ACTION_EDIT_COMPLETE] = app_do_complete,
        [ACTION_EDIT_LAYOUT] = app_do_layout,
        [ACTION_EDIT_OLDER] = app_do_older,
        [ACTION_EDIT_NEWER] = app_do_newer,
        [ACTION_OVERWRITE] = app_do_overwrite,
        [ACTION_RENAME] = app_do_rename,
};

bool app_has_handler(enum action action)
{
	return actions[action];
}

unsigned app_do(struct app *app, enum action action)
{
	if (actions[action])
		return actions[action](app);
	if (prompt_is_open(&app->prompt) && prompt_edit(&app->prompt, action))
		return EFFECT_REDRAW;
	return 0;
}
