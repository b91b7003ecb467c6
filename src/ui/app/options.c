/* SPDX-License-Identifier: Apache-2.0 */

/* The options: a list of the settings. A change takes effect at once, in view above the list. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"
#include "view/words_watching.h"

/* The settings that are not here take effect in the caller (EFFECT_SETTINGS). */
static void apply(struct app *app, enum setting setting, uint64_t value)
{
	switch (setting) {
	case SETTING_ASCII:
		app->is_ascii = value || app->must_be_ascii;
		if (app->must_be_ascii)
			state_inform(app, "this terminal or locale supports only ASCII");
		break;
	case SETTING_VIEW:
		app->is_view_auto = value == SETTINGS_VIEW_AUTO;
		if (!app->is_view_auto)
			views_set_kind(app, (enum view_kind)value);
		break;
	case SETTING_DETAILS:
		views_toggle_owned(app, 0);
		break;
	case SETTING_SORT:
		views_set_order(app, (enum view_sort)value, app->tree.view.is_inverted);
		break;
	case SETTING_INVERT:
		views_set_order(app, app->tree.view.sort, value);
		break;
	case SETTING_PANE:
		app->panes.is_detail_hidden = !value;
		screens_focus(app, value && app->panes.is_detail_focused);
		break;
	case SETTING_CMDLINE:
		state_measure(app);
		break;
	case SETTING_SPLIT:
		app->panes.split = (enum split)value;
		break;
	default:
		break;
	}
}

/* A source of a snapshot is what the model has. */
static uint64_t value_of(const struct app *app, enum setting setting)
{
	enum source source;

	if (!app->is_live && settings_is_source(setting, &source))
		return app->current && app->current->host.sources >> source & 1;
	return app_settings(app).values[setting];
}

/* True if the model lacks a source that is wanted. */
static bool is_missing(const struct app *app, enum setting setting)
{
	enum source source;

	return settings_is_source(setting, &source) && value_of(app, setting) && app->is_whole &&
	       !(app->current->host.sources >> source & 1);
}

/* The line of a setting. That of the delay has what the delay does not change: by events or not,
 * and how old the oldest part is. */
static char *line_of(const struct app *app, enum setting setting)
{
	_cleanup_text_ struct text text;
	_cleanup_free_ char *line = settings_line(setting, value_of(app, setting));

	text_init(&text);
	words_watching_short(text.out, &app->watching);
	if (setting == SETTING_DELAY && *text_get(&text))
		return memory_printf("%.*sseconds; %s", SETTINGS_LINE_TEXT, line, text_get(&text));
	return memory_printf("%s%s", line, is_missing(app, setting) ? "; not read" : "");
}

static void list(struct app *app, enum setting selected)
{
	menu_open(&app->menu, "options: Space changes a value, w writes all", false);
	for (enum setting i = 0; i < SETTINGS; i++)
		menu_add(&app->menu, line_of(app, i), i, i == selected);
}

unsigned options_toggle(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &options_screen))
		return screens_close_menu(app);
	list(app, 0);
	return screens_open(app, &options_screen);
}

unsigned options_return_to_columns(struct app *app)
{
	list(app, SETTING_COLUMNS);
	return screens_open(app, &options_screen);
}

unsigned options_change(struct app *app, long step)
{
	const enum setting setting = (enum setting)app->menu.items[app->menu.list.selected].value;
	const size_t top = app->menu.list.top;

	if (setting == SETTING_COLUMNS) {
		screens_close_menu(app);
		return views_open_menu(app, MENU_COLUMNS);
	}
	if (settings_is_source(setting, NULL)) {
		if (!app->is_live)
			return state_inform(app, "a snapshot is not scanned");
		/* The caller scans again, also while paused. */
		app->is_reading = true;
		app->percent = 0;
	}
	const uint64_t value = settings_next(setting, app_settings(app).values[setting], step < 0);

	app->settings.values[setting] = value;
	apply(app, setting, value);
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

/* Which sources were read changes with the model. */
static void settle(struct app *app)
{
	const size_t top = app->menu.list.top;

	list(app, (enum setting)app->menu.items[app->menu.list.selected].value);
	app->menu.list.top = top;
	screens_settle_menu(app);
}

const struct screen options_screen = {
        .mode = MODE_OPTIONS,
        .place = SCREEN_OVER,
        .draw = screens_draw_menu,
        .settle = settle,
        .page = screens_menu_page,
        .scroll = screens_scroll_menu,
        .mouse = mouse,
        .close = screens_close_menu,
        .quit = screens_close_menu,
};

/* --- the config file --------------------------------------------------------------------- */

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
