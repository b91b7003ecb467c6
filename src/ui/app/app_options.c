/* SPDX-License-Identifier: Apache-2.0 */

/* The list of settings, changed where they stand and at once; what is behind it stays in view. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/app_internal.h"

void app_settings(const struct app *app, struct settings *ret)
{
	const struct view_options *view = &app->tree.view;

	*ret = app->settings;
	ret->values[SETTING_VIEW] = view->kind;
	ret->values[SETTING_DETAILS] = view->with_details;
	ret->values[SETTING_SORT] = view->sort;
	ret->values[SETTING_INVERT] = view->is_inverted;
	ret->values[SETTING_PANE] = !app->is_detail_hidden;
	ret->values[SETTING_SPLIT] = app->split;
}

bool app_is_ascii(const struct app *app)
{
	return app->options.is_ascii;
}

/* --- changing ------------------------------------------------------------------------------- */

static void change_ascii(struct app *app, unsigned value)
{
	app->options.is_ascii = value || app->must_be_ascii;
	if (app->must_be_ascii)
		app_say(app, false, memory_strdup("this terminal or locale has nothing but ASCII"));
}

static void change_view(struct app *app, unsigned value)
{
	app_set_kind(app, (enum view_kind)value);
}

static void change_details(struct app *app, unsigned value)
{
	if (app->tree.view.with_details != (bool)value)
		app_do_owned(app);
}

static void change_sort(struct app *app, unsigned value)
{
	app_set_order(app, (enum view_sort)value, app->tree.view.is_inverted);
}

static void change_invert(struct app *app, unsigned value)
{
	app_set_order(app, app->tree.view.sort, value);
}

static void change_pane(struct app *app, unsigned value)
{
	app->is_detail_hidden = !value;
	app->is_detail_focused &= (bool)value;
}

static void change_split(struct app *app, unsigned value)
{
	app->split = (enum split)value;
}

/* What has none is done by the caller, who is told. */
static void (*const changes[SETTINGS])(struct app *app, unsigned value) = {
        [SETTING_ASCII] = change_ascii,
        [SETTING_VIEW] = change_view,
        [SETTING_DETAILS] = change_details,
        [SETTING_SORT] = change_sort,
        [SETTING_INVERT] = change_invert,
        [SETTING_PANE] = change_pane,
        [SETTING_SPLIT] = change_split,
};

/* --- the list ------------------------------------------------------------------------------- */

static char *item_text(enum setting setting, unsigned value)
{
	const struct setting_row *row = setting_row(setting);
	_cleanup_text_ struct text text;

	text_init(&text);
	setting_write(setting, value, text.out);
	return memory_printf("%-8s %-9s  %s", row->name, text_get(&text), row->text);
}

static void list(struct app *app, enum setting selected)
{
	struct settings settings;

	app_settings(app, &settings);
	menu_open(&app->menu, MENU_OPTIONS, "options: Space changes one, w writes them", false);
	for (enum setting i = 0; i < SETTINGS; i++)
		menu_add(&app->menu, item_text(i, settings.values[i]), i, i == selected);
}

unsigned app_do_options(struct app *app)
{
	if (app->menu.use == MENU_OPTIONS)
		menu_close(&app->menu);
	else
		list(app, 0);
	return EFFECT_REDRAW;
}

static unsigned change(struct app *app, bool is_back)
{
	const enum setting setting = (enum setting)app->menu.items[app->menu.list.selected].value;
	const size_t top = app->menu.list.top;
	struct settings settings;

	app_settings(app, &settings);
	const unsigned value = setting_next(setting, settings.values[setting], is_back);
	app->settings.values[setting] = value;
	if (changes[setting])
		changes[setting](app, value);
	list(app, setting);
	app->menu.list.top = top;
	return EFFECT_REDRAW | EFFECT_SETTINGS;
}

unsigned app_do_option_next(struct app *app)
{
	return change(app, false);
}

unsigned app_do_option_previous(struct app *app)
{
	return change(app, true);
}

/* --- the config file ------------------------------------------------------------------------ */

unsigned app_do_option_write(struct app *app)
{
	(void)app;
	return EFFECT_CONFIG;
}

unsigned app_config_answer(struct app *app, const struct event *event)
{
	const char *error = event->saved.error;
	_cleanup_free_ char *path = escape_text(event->saved.path);

	app_say(app, error,
	        error ? memory_printf("%s: %s", path, error)
	              : memory_printf("options written to %s", path));
	return EFFECT_REDRAW;
}
