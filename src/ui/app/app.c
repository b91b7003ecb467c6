/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/app.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/screens.h"

#include <stdlib.h>

enum { ESC_DIGIT_MS = 1000 };

struct app *app_new(const struct app_options *options)
{
	struct app *app = memory_new(sizeof(*app));
	struct view_options view = settings_view(&options->settings);

	keys_init(&app->keys);
	app->rows = 24;
	app->columns = 80;
	app->settings = options->settings;
	app->must_be_ascii = options->is_ascii;
	app->is_ascii = options->is_ascii || options->settings.values[SETTING_ASCII];
	app->is_live = options->is_live;
	app->self = options->self;
	app->utc_offset = options->utc_offset;
	app->is_reading = true;
	app->names = names_new();
	app->save.stem = memory_strdup(options->save_stem ? options->save_stem : "nsbrowse");
	app->save.is_by_dot = options->is_by_dot;
	app->graph.is_first = options->is_graph;
	app->panes.split = options->settings.values[SETTING_SPLIT];
	app->panes.is_detail_hidden = !options->settings.values[SETTING_PANE];
	view.is_collapsed = options->is_collapsed;
	tree_init(&app->tree, &view);
	screens_open(app, &panes_list);
	if (options->is_graph)
		graph_screen_open(app, 0);
	return app;
}

void app_free(struct app *app)
{
	if (app)
		state_release(app);
	free(app);
}

/* --- keys -------------------------------------------------------------------------------- */

static const struct {
	key_handler *handle;
	long argument;
} actions[ACTIONS] = {
#define KEY(modes, action, handler, argument, keys, footer, text) [action] = {handler, argument},
#include "ui/input/keys.def"
#undef KEY
};

/* A digit soon after Esc is an F-key, for terminals that use the F-keys themselves. */
static uint32_t as_f_key(struct app *app, uint32_t key, uint64_t now)
{
	const bool is_soon = app->escaped_at && now - app->escaped_at <= ESC_DIGIT_MS;

	app->escaped_at = key == 27 ? now : 0;
	if (!is_soon || key < '0' || key > '9')
		return key;
	return NSB_KEY_F0 + (key == '0' ? 10 : key - '0');
}

/* Text for the prompt, if one is open. */
static unsigned type(struct app *app, uint32_t key)
{
	const bool is_text = screens_top(app)->takes_text && prompt_insert(&app->prompt, key);

	return is_text ? EFFECT_REDRAW : 0;
}

static unsigned on_key(struct app *app, const struct event *event)
{
	app->is_second_escape = app->escaped_at && event->key == 27;
	app->key = as_f_key(app, event->key, event->now_ms);
	const enum action action = keys_action(&app->keys, screens_mode(app), app->key);
	const unsigned effects = app->message ? EFFECT_REDRAW : 0;

	state_say(app, false, NULL);
	if (action == ACTION_NONE)
		return effects | type(app, app->key);
	return effects | actions[action].handle(app, actions[action].argument);
}

static unsigned on_paste(struct app *app, const struct event *event)
{
	return type(app, event->key);
}

/* --- the mouse --------------------------------------------------------------------------- */

static bool is_on_footer(const struct app *app, const struct mouse *mouse)
{
	struct geometry geometry;

	state_geometry(app, &geometry);
	return geometry.footer.rows && mouse->kind == MOUSE_PRESS &&
	       mouse->row == geometry.footer.row && mouse->column >= 0 &&
	       mouse->column < geometry.footer.columns;
}

/* A click ends the message like a key; if there was one, the footer was not in view. */
static unsigned on_mouse(struct app *app, const struct event *event)
{
	const struct screen *screen = screens_top(app);
	const struct mouse *mouse = &event->mouse;
	const bool had_message = app->message;
	unsigned effects = 0, number = 0;

	if (!screen->mouse)
		return 0;
	if (mouse->kind == MOUSE_PRESS) {
		effects = had_message ? EFFECT_REDRAW : 0;
		state_say(app, false, NULL);
	}
	if (!is_on_footer(app, mouse))
		return effects | screen->mouse(app, mouse);
	if (!had_message)
		number = status_footer_key(app, screen->mode, mouse->column);
	if (!number)
		return effects;
	return effects |
	       on_key(app, &(struct event){.kind = EVENT_KEY, .key = NSB_KEY_F0 + number});
}

/* --- events ------------------------------------------------------------------------------ */

static unsigned on_resize(struct app *app, const struct event *event)
{
	app->rows = MAX(event->size.rows, 1);
	app->columns = MAX(event->size.columns, 1);
	return EFFECT_REDRAW;
}

static unsigned on_warning(struct app *app, const struct event *event)
{
	return state_say(app, true, escape_text(event->warning));
}

unsigned app_handle(struct app *app, const struct event *event)
{
	static unsigned (*const handlers[])(struct app *, const struct event *) = {
	        [EVENT_KEY] = on_key,
	        [EVENT_PASTE] = on_paste,
	        [EVENT_MOUSE] = on_mouse,
	        [EVENT_RESIZE] = on_resize,
	        [EVENT_MODEL] = refresh_model,
	        [EVENT_NAME] = refresh_name,
	        [EVENT_SAVED] = save_answer,
	        [EVENT_CONFIG] = options_written,
	        [EVENT_COMPLETED] = save_completed,
	        [EVENT_FACTS] = refresh_facts,
	        [EVENT_PROGRESS] = refresh_progress,
	        [EVENT_WARNING] = on_warning,
	};

	detail_pane_drop(app);
	unsigned effects = handlers[event->kind](app, event);
	/* From the top down: a search selects in the list below before that is brought into view.
	 */
	for (size_t i = app->n_screens; i-- > 0;) {
		if (app->screens[i]->settle)
			app->screens[i]->settle(app);
	}
	if (app->name_queue.first < app->name_queue.n)
		effects |= EFFECT_NAMES;
	if (app->detail.is_facts_wanted)
		effects |= EFFECT_ASK;
	return effects;
}

/* --- drawing ----------------------------------------------------------------------------- */

void app_render(const struct app *app, struct frame *ret)
{
	const struct screen *top = screens_top(app);
	size_t whole = app->n_screens - 1;

	while (app->screens[whole]->place != SCREEN_WHOLE)
		whole--;
	frame_init(ret, app->rows, app->columns);
	app->screens[whole]->draw(app, ret);
	if (top->place != SCREEN_LAST)
		status_last_line(app, ret, top->mode);
	if (top->place != SCREEN_WHOLE)
		top->draw(app, ret);
}

/* --- the interface for the caller -------------------------------------------------------- */

void app_settings(const struct app *app, struct settings *ret)
{
	state_settings(app, ret);
}

bool app_is_paused(const struct app *app)
{
	return app->is_paused;
}

bool app_is_reading(const struct app *app)
{
	return app->is_reading;
}

bool app_next_uid(struct app *app, uid_t *ret_uid)
{
	return state_next_name(app, ret_uid);
}

bool app_next_process(struct app *app, pid_t *ret_pid, uint64_t *ret_started)
{
	const bool is_wanted = app->detail.is_facts_wanted;

	app->detail.is_facts_wanted = false;
	if (is_wanted) {
		*ret_pid = app->detail.page.pid;
		*ret_started = app->detail.page.started;
	}
	return is_wanted;
}

void app_save(const struct app *app, struct app_save *ret)
{
	*ret = (struct app_save){
	        .path = app->prompt.text ? app->prompt.text : "",
	        .model = app->current,
	        .names = app->names,
	        .view = app->tree.view,
	        .is_ascii = app->is_ascii,
	        .is_replacing = app->save.is_replacing,
	        .is_by_dot = app->save.is_by_dot,
	};
}

const char *app_complete_prefix(const struct app *app)
{
	return app->save.prefix;
}

const char *app_copy_text(const struct app *app)
{
	return app->copied;
}
