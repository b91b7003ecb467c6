/* SPDX-License-Identifier: Apache-2.0 */

/* What the mouse does. Each screen has its own handler; wheel and footer are the same on all. */

#include "base/attributes.h"
#include "ui/app/app_internal.h"
#include "ui/app/status.h"
#include "ui/list/tree_pane.h"

enum { WHEEL_LINES = 3 };

static bool is_in(const struct rect *rect, const struct mouse *mouse)
{
	return mouse->row >= rect->row && mouse->row < rect->row + rect->rows &&
	       mouse->column >= rect->column && mouse->column < rect->column + rect->columns;
}

/* --- the panes ------------------------------------------------------------------------------ */

/* The line between the panes. */
static bool is_border(const struct geometry *geometry, const struct mouse *mouse)
{
	if (!geometry->list.rows || !geometry->detail.rows)
		return false;
	return is_in(&geometry->divider, mouse) ||
	       (geometry->is_right && mouse->column == geometry->list.columns &&
	               mouse->row > geometry->header.row && mouse->row < geometry->footer.row);
}

/* The smallest size is 1: 0 stands for the usual size. */
static void move_border(struct app *app, const struct geometry *geometry, const struct mouse *mouse)
{
	if (geometry->is_right)
		app->detail_columns = MAX(app->columns - 1 - mouse->column, 1);
	else
		app->detail_rows = MAX(geometry->footer.row - 1 - mouse->row, 1);
}

static void focus_under(struct app *app, const struct geometry *geometry, const struct mouse *mouse)
{
	if (is_in(&geometry->list, mouse))
		app->is_detail_focused = false;
	else if (is_in(&geometry->detail, mouse))
		app->is_detail_focused = true;
}

static void press_list(struct app *app, const struct rect *list, const struct mouse *mouse)
{
	const size_t row = app->tree.scroller.top + (size_t)(mouse->row - list->row);

	if (row >= app->tree.rows.n)
		return;
	tree_go(&app->tree, row);
	if (tree_pane_is_fold_mark(&app->tree, row, list->columns, mouse->column - list->column))
		tree_fold(&app->tree, &app->marks, tree_is_open(&app->tree));
}

/* A click on what is selected already follows it. */
static unsigned press_detail(struct app *app, const struct rect *detail, const struct mouse *mouse)
{
	if (app_detail_point(app, mouse->row - detail->row, mouse->column - detail->column))
		return app_do_follow(app);
	return EFFECT_REDRAW;
}

static unsigned press_panes(
        struct app *app, const struct geometry *geometry, const struct mouse *mouse)
{
	const bool was_focused = app->is_detail_focused;

	if (is_border(geometry, mouse)) {
		app->is_border_held = true;
		return 0;
	}
	focus_under(app, geometry, mouse);
	if (is_in(&geometry->list, mouse)) {
		press_list(app, &geometry->list, mouse);
	} else if (is_in(&geometry->detail, mouse)) {
		if (was_focused)
			return press_detail(app, &geometry->detail, mouse);
		app_detail_point(app, mouse->row - geometry->detail.row,
		        mouse->column - geometry->detail.column);
	}
	return EFFECT_REDRAW;
}

static unsigned on_panes(struct app *app, const struct mouse *mouse)
{
	struct geometry geometry;

	app_geometry(app, &geometry);
	switch (mouse->kind) {
	case MOUSE_WHEEL_UP:
	case MOUSE_WHEEL_DOWN:
		focus_under(app, &geometry, mouse);
		app_scroll(app, mouse->kind == MOUSE_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES, false);
		return EFFECT_REDRAW;
	case MOUSE_PRESS:
		return press_panes(app, &geometry, mouse);
	case MOUSE_DRAG:
		if (!app->is_border_held)
			return 0;
		move_border(app, &geometry, mouse);
		return EFFECT_REDRAW;
	case MOUSE_RELEASE:
		app->is_border_held = false;
	}
	return 0;
}

/* --- pages and lists of choices -------------------------------------------------------------- */

static unsigned on_page(struct app *app, const struct mouse *mouse)
{
	if (mouse->kind != MOUSE_WHEEL_UP && mouse->kind != MOUSE_WHEEL_DOWN)
		return 0;
	app_scroll(app, mouse->kind == MOUSE_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES, false);
	return EFFECT_REDRAW;
}

/* A click takes it, checks it where several can be, or changes it. */
static unsigned on_menu(struct app *app, const struct mouse *mouse)
{
	struct menu *menu = &app->menu;
	const size_t page = menu_page(menu, app->rows);
	const int first = menu_first_row(menu, app->rows);

	if (mouse->kind != MOUSE_PRESS)
		return on_page(app, mouse);
	if (mouse->row < first || mouse->row >= first + (int)page)
		return 0;
	menu->list.selected = menu->list.top + (size_t)(mouse->row - first);
	return app_do(app, keys_action(&app->keys, app_mode(app), ' '));
}

/* --- all screens ------------------------------------------------------------------------------ */

/* A new screen has its own line here. In a prompt there is nothing to point at. */
static const struct {
	enum key_mode mode;
	unsigned (*handle)(struct app *app, const struct mouse *mouse);
} screens[] = {
        {MODE_TREE, on_panes},
        {MODE_DETAIL, on_panes},
        {MODE_GRAPH, app_graph_mouse},
        {MODE_HELP, on_page},
        {MODE_MENU, on_menu},
        {MODE_OPTIONS, on_menu},
};

static bool is_footer(const struct app *app, const struct mouse *mouse)
{
	struct geometry geometry;

	app_geometry(app, &geometry);
	return mouse->kind == MOUSE_PRESS && is_in(&geometry.footer, mouse);
}

/* The footer is not to be seen below a message. */
static unsigned press_footer(struct app *app, enum key_mode mode, int column, bool had_message)
{
	const unsigned number = status_footer_key(&app->keys, column, mode, app->tree.view.kind);

	return number && !had_message ? app_press(app, NSB_KEY_F0 + number) : 0;
}

unsigned app_mouse(struct app *app, const struct event *event)
{
	const struct mouse *mouse = &event->mouse;
	const enum key_mode mode = app_mode(app);
	const bool had_message = app->message;
	unsigned effects = 0;

	if (mode == MODE_PROMPT || mode == MODE_QUESTION)
		return 0;
	if (mouse->kind == MOUSE_PRESS) {
		effects = had_message ? EFFECT_REDRAW : 0;
		app_say(app, false, NULL);
	}
	if (is_footer(app, mouse))
		return effects | press_footer(app, mode, mouse->column, had_message);
	for (size_t i = 0; i < ARRAY_SIZE(screens); i++) {
		if (screens[i].mode == mode)
			effects |= screens[i].handle(app, mouse);
	}
	return effects;
}
