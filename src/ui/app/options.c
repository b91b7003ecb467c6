/* SPDX-License-Identifier: Apache-2.0 */

/* The options: a list of the settings. A change takes effect at once, on what is in view above the
 * list. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/screens.h"

/* --- changing a setting -------------------------------------------------------------------------
 */

static void change_ascii(struct app *app, unsigned value)
{
	app->is_ascii = value || app->must_be_ascii;
	if (app->must_be_ascii)
		state_inform(app, "this terminal or locale has nothing but ASCII");
}

static void change_view(struct app *app, unsigned value)
{
	views_set_kind(app, (enum view_kind)value);
}

static void change_details(struct app *app, unsigned value)
{
	if (app->tree.view.with_details != (bool)value)
		views_toggle_owned(app, 0);
}

static void change_sort(struct app *app, unsigned value)
{
	views_set_order(app, (enum view_sort)value, app->tree.view.is_inverted);
}

static void change_invert(struct app *app, unsigned value)
{
	views_set_order(app, app->tree.view.sort, value);
}

static void change_pane(struct app *app, unsigned value)
{
	app->panes.is_detail_hidden = !value;
	screens_focus(app, value && app->panes.is_detail_focused);
}

static void change_split(struct app *app, unsigned value)
{
	app->panes.split = (enum split)value;
}

/* The settings without a function here take effect in the caller (EFFECT_SETTINGS). */
static void (*const changes[SETTINGS])(struct app *app, unsigned value) = {
        [SETTING_ASCII] = change_ascii,
        [SETTING_VIEW] = change_view,
        [SETTING_DETAILS] = change_details,
        [SETTING_SORT] = change_sort,
        [SETTING_INVERT] = change_invert,
        [SETTING_PANE] = change_pane,
        [SETTING_SPLIT] = change_split,
};

/* --- the list ------------------------------------------------------------------------------------
 */

static void list(struct app *app, enum setting selected)
{
	struct settings settings;

	state_settings(app, &settings);
	menu_open(&app->menu, "options: Space changes one, w writes them", false);
	for (enum setting i = 0; i < SETTINGS; i++)
		menu_add(&app->menu, setting_line(i, settings.values[i]), i, i == selected);
}

static unsigned close_list(struct app *app)
{
	menu_close(&app->menu);
	screens_close_top(app);
	return EFFECT_REDRAW;
}

unsigned options_toggle(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &options_screen))
		return close_list(app);
	list(app, 0);
	screens_open(app, &options_screen);
	return EFFECT_REDRAW;
}

unsigned options_change(struct app *app, long step)
{
	const enum setting setting = (enum setting)app->menu.items[app->menu.list.selected].value;
	const size_t top = app->menu.list.top;
	struct settings settings;

	state_settings(app, &settings);
	const unsigned value = setting_next(setting, settings.values[setting], step < 0);
	app->settings.values[setting] = value;
	if (changes[setting])
		changes[setting](app, value);
	list(app, setting);
	app->menu.list.top = top;
	return EFFECT_REDRAW | EFFECT_SETTINGS;
}

static unsigned mouse(struct app *app, const struct mouse *mouse)
{
	if (mouse->kind != MOUSE_PRESS)
		return screens_wheel(app, mouse);
	return menu_point(&app->menu, mouse->row, app->rows) ? options_change(app, 1) : 0;
}

const struct screen options_screen = {
        .mode = MODE_OPTIONS,
        .place = SCREEN_OVER,
        .draw = screens_draw_menu,
        .settle = screens_settle_menu,
        .page = screens_menu_page,
        .scroll = screens_scroll_menu,
        .mouse = mouse,
        .close = close_list,
        .quit = close_list,
};

/* --- the config file ----------------------------------------------------------------------------
 */

unsigned options_write(_unused_ struct app *app, _unused_ long argument)
{
	return EFFECT_CONFIG;
}

unsigned options_written(struct app *app, const struct event *event)
{
	const char *error = event->saved.error;
	_cleanup_free_ char *path = escape_text(event->saved.path);

	return state_say(app, error,
	        error ? memory_printf("%s: %s", path, error)
	              : memory_printf("options written to %s", path));
}
