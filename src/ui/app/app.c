/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/app.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/words.h"
#include "view/words_container.h"

#include <stdlib.h>

enum { ESC = 27, ESC_DIGIT_MS = 1000 };

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
	app->saves_cmdlines = options->saves_cmdlines;
	app->is_live = options->is_live;
	app->reads_facts = options->is_live && options->reads_facts;
	app->reads_links = options->reads_links;
	app->self = options->self;
	app->utc_offset = options->utc_offset;
	app->is_reading = true;
	app->names = names_new();
	app_set_save_stem(app, options->save_stem ? options->save_stem : "nsbrowse");
	app->save.is_by_dot = options->is_by_dot;
	app->graph.is_first = options->is_graph;
	app->is_view_auto = options->settings.values[SETTING_VIEW] == SETTINGS_VIEW_AUTO;
	app->panes.split = (enum split)options->settings.values[SETTING_SPLIT];
	app->panes.is_detail_hidden = !options->settings.values[SETTING_PANE];
	view.is_collapsed = options->is_collapsed;
	view.with_all_details = options->with_all_details;
	view.mnt = options->mnt;
	tree_init(&app->tree, &view);
	app->tree.columns = options->settings.values[SETTING_COLUMNS];
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

/* --- keys and the mouse ------------------------------------------------------------------- */

static const struct {
	key_handler *handle;
	long argument;
} actions[ACTIONS] = {
#define KEY(modes, action, handler, argument, keys, footer, text) [action] = {handler, argument},
#include "ui/input/keys.def"
#undef KEY
};

/* A digit soon after Esc is an F-key, for terminals that use the F-keys themselves; but not after
 * an Esc that closed something: a number may be typed then. */
static uint32_t as_f_key(const struct app *app, uint32_t key, uint64_t now)
{
	const bool is_soon = app->idle_at && now - app->idle_at <= ESC_DIGIT_MS;

	if (!is_soon || key < '0' || key > '9')
		return key;
	return NSB_KEY_F0 + (key == '0' ? 10 : key - '0');
}

/* Types a character into the prompt; ignores it if no prompt is open. */
static unsigned type(struct app *app, uint32_t key)
{
	const bool is_text = screens_top(app)->takes_text && prompt_insert(&app->prompt, key);

	return is_text ? EFFECT_REDRAW : 0;
}

static unsigned on_key(struct app *app, const struct event *event)
{
	app->is_second_escape = app->is_first_escape && event->key == ESC;
	app->is_first_escape = false;
	app->key = as_f_key(app, event->key, event->now_ms);
	const enum action action = keys_action(&app->keys, screens_mode(app), app->key);
	unsigned effects = app->message || !app->has_key ? EFFECT_REDRAW : 0;

	app->has_key = true;
	state_say(app, false, NULL);
	app->is_idle_escape = false;
	app->is_prepared = false;
	if (action == ACTION_NONE)
		effects |= type(app, app->key);
	else
		effects |= actions[action].handle(app, actions[action].argument);
	app->idle_at = app->is_idle_escape ? event->now_ms : 0;
	return effects;
}

static unsigned on_paste(struct app *app, const struct event *event)
{
	return type(app, event->key);
}

/* A click ends the message like a key; if there was one, the footer was not in view. */
static unsigned on_mouse(struct app *app, const struct event *event)
{
	const struct screen *screen = screens_top(app);
	const struct mouse *mouse = &event->mouse;
	const struct rect footer = state_geometry(app).footer;
	const bool had_message = app->message;
	unsigned effects = 0, number = 0;

	if (!screen->mouse)
		return 0;
	if (mouse->kind == MOUSE_PRESS) {
		effects = had_message || !app->has_key ? EFFECT_REDRAW : 0;
		app->has_key = true;
		state_say(app, false, NULL);
	}
	if (mouse->kind != MOUSE_PRESS || !geometry_has(&footer, mouse->row, mouse->column))
		return effects | screen->mouse(app, mouse);
	if (!had_message)
		number = status_footer_key(app, screen->mode, mouse->column);
	if (!number)
		return effects;
	return effects |
	       on_key(app, &(struct event){.kind = EVENT_KEY, .key = NSB_KEY_F0 + number});
}

/* --- from the host ------------------------------------------------------------------------ */

/* Requests the names of the owners of all user namespaces, and of the user of the host. */
static void request_names(struct app *app)
{
	const struct model *model = app->current;

	if (model->host.euid_state == REL_KNOWN)
		state_request_name(app, model->host.euid);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->owner_uid_state == REL_KNOWN)
			state_request_name(app, ns->owner_uid);
	}
}

static void say_gone(struct app *app, const struct node *node)
{
	struct text text;

	text_init(&text);
	if (node->process)
		words_process(text.out, node->process);
	else if (node->ns)
		words_ns(text.out, node->ns);
	else if (node->container)
		words_container(text.out, node->container);
	else
		words_container_line(text.out, node);
	fputs(node->process ? " has exited" : " is gone", text.out);
	state_say(app, false, text_take(&text));
}

/* Builds the list, the graph and the detail pane again. The model before must still exist. */
static void show_model(struct app *app)
{
	const struct tree_source source = state_source(app);
	struct node gone;
	struct node gone_in_graph;
	const bool has_gone = tree_refresh(&app->tree, &source, &gone);
	const bool has_gone_in_graph = graph_screen_refresh(app, &gone_in_graph);

	network_screen_refresh(app);
	detail_pane_refresh(app);
	if (has_gone_in_graph)
		say_gone(app, &gone_in_graph);
	else if (has_gone && !app->graph.graph.is_shown)
		say_gone(app, &gone);
}

/* In a scan the leaders have theirs from the first model on. */
static bool has_cmdlines(const struct model *model)
{
	for (size_t i = 0; i < model->n_processes; i++) {
		if (model->processes[i]->cmdline || model->processes[i]->cmdline_error)
			return true;
	}
	return false;
}

/* Of a quick model. */
static bool has_unread_containers(const struct model *model)
{
	for (size_t i = 0; i < model->n_processes; i++) {
		if (model->processes[i]->container_state == REL_UNREAD)
			return true;
	}
	return false;
}

static unsigned on_model(struct app *app, const struct event *event)
{
	const struct model *previous = app->current;
	const struct model *baseline = app->marks.baseline;
	const enum view_kind kind = app->tree.view.kind;
	const bool is_answer = app->is_reading && !event->scan.is_unrequested;

	/* After a whole model a partial one would show namespaces as gone. While paused, only a
	 * model that `r` requested is shown. */
	if (previous && app->is_whole &&
	        (!event->scan.is_whole || (app->is_paused && !is_answer))) {
		model_unref(event->scan.model);
		return 0;
	}
	/* The list points into the baseline until it is built again. */
	if (baseline)
		model_ref(baseline);
	app->current = event->scan.model;
	if (previous && app->is_whole)
		marks_update(&app->marks, previous, app->current, event->now_ms);
	if (event->scan.is_whole && (is_answer || !app->is_whole))
		app->is_reading = false;
	app->is_whole = event->scan.is_whole;
	app->has_cmdlines = app->has_cmdlines || has_cmdlines(app->current);
	names_add_model(app->names, app->current);
	names_forget_failed(app->names, app->current);
	request_names(app);
	if (!previous || (!app->has_key && has_unread_containers(previous)))
		views_choose_first(app);
	show_model(app);
	if (app->tree.view.kind != kind && app->tree.rows.n > 0)
		tree_select(&app->tree, &app->marks, 0);
	if (app->is_whole) {
		facts_refresh(app, event->scan.is_unrequested);
		read_mounts_refresh(app, event->scan.is_unrequested);
	}
	model_unref(previous);
	model_unref(baseline);
	return EFFECT_REDRAW;
}

/* Ends the marks whose time is over: no model need come for that. */
static unsigned end_marks(struct app *app)
{
	const struct model *baseline = app->marks.baseline;

	if (baseline)
		model_ref(baseline);
	marks_update(&app->marks, app->current, app->current, app->now);
	show_model(app);
	model_unref(baseline);
	return EFFECT_REDRAW;
}

/* While models come by themselves. Else what is shown stays as it is until the user wants it
 * otherwise. */
static bool is_watched(const struct app *app)
{
	return app->is_live && app->is_whole && !app->is_paused &&
	       app->settings.values[SETTING_DELAY];
}

uint64_t app_wakes_at(const struct app *app)
{
	const uint64_t times[] = {
	        facts_wakes_at(app), read_mounts_wakes_at(app), marks_end_at(&app->marks)};
	uint64_t at = 0;

	for (size_t i = 0; is_watched(app) && i < ARRAY_SIZE(times); i++) {
		if (times[i] && (!at || times[i] < at))
			at = times[i];
	}
	return at;
}

static unsigned on_time(struct app *app, const struct event *event)
{
	const uint64_t facts_at = facts_wakes_at(app), marks_at = marks_end_at(&app->marks);
	const uint64_t mounts_at = read_mounts_wakes_at(app);
	unsigned effects = 0;

	if (!is_watched(app))
		return 0;
	if (facts_at && event->now_ms >= facts_at)
		facts_read_again(app);
	if (mounts_at && event->now_ms >= mounts_at)
		read_mounts_again(app);
	if (marks_at && event->now_ms >= marks_at)
		effects |= end_marks(app);
	return effects;
}

bool app_shows_watching(const struct app *app)
{
	for (size_t i = 0; i < app->n_screens; i++) {
		if (app->screens[i] == &options_screen || app->screens[i] == &pages_problems)
			return true;
	}
	return false;
}

static unsigned on_watching(struct app *app, const struct event *event)
{
	app->watching = event->watching;
	return app_shows_watching(app) ? EFFECT_REDRAW : 0;
}

static unsigned on_name(struct app *app, const struct event *event)
{
	struct node gone;

	if (!event->user.is_failed)
		names_add(app->names, event->user.uid, event->user.name);
	else if (!names_fail(app->names, event->user.uid))
		return 0;
	state_measure(app);
	graph_screen_refresh(app, &gone);
	return EFFECT_REDRAW;
}

static unsigned on_retry(struct app *app, _unused_ const struct event *event)
{
	struct u64_set failed = {0};

	names_get_failed(app->names, &failed);
	for (size_t i = 0; i < failed.n; i++)
		state_queue_name(app, (uid_t)failed.items[i]);
	u64_set_release(&failed);
	return 0;
}

static unsigned on_facts(struct app *app, const struct event *event)
{
	return detail_pane_set_facts(app, event->facts) ? EFFECT_REDRAW : 0;
}

static unsigned on_progress(struct app *app, const struct event *event)
{
	if (!app->is_reading ||
	        (app->percent == event->progress.percent && app->bytes == event->progress.bytes))
		return 0;
	app->percent = event->progress.percent;
	app->bytes = event->progress.bytes;
	return EFFECT_REDRAW;
}

/* --- rescan ------------------------------------------------------------------------------- */

unsigned app_rescan(struct app *app, _unused_ long argument)
{
	if (!app->is_live)
		return state_inform(app, "a snapshot cannot be rescanned");
	app->is_reading = true;
	app->percent = 0;
	return EFFECT_RESCAN | EFFECT_REDRAW;
}

/* --- events ------------------------------------------------------------------------------- */

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
	        [EVENT_MODEL] = on_model,
	        [EVENT_NAME] = on_name,
	        [EVENT_RETRY] = on_retry,
	        [EVENT_SAVED] = save_answer,
	        [EVENT_CONFIG] = options_written,
	        [EVENT_COMPLETED] = save_completed,
	        [EVENT_FACTS] = on_facts,
	        [EVENT_NS_FACTS] = facts_come,
	        [EVENT_MOUNTS] = read_mounts_come,
	        [EVENT_RESTED] = facts_rested,
	        [EVENT_PROGRESS] = on_progress,
	        [EVENT_WARNING] = on_warning,
	        [EVENT_TIME] = on_time,
	        [EVENT_WATCHING] = on_watching,
	        [EVENT_INTERFACES] = pages_set_interfaces,
	};

	app->now = event->now_ms;
	detail_pane_drop(app);
	unsigned effects = handlers[event->kind](app, event);
	/* From the top down: a search selects in the list below, which is then settled. */
	for (size_t i = app->n_screens; i-- > 0;) {
		if (app->screens[i]->settle)
			app->screens[i]->settle(app);
	}
	effects |= facts_settle(app);
	effects |= read_mounts_settle(app);
	if (app->name_queue.first < app->name_queue.n)
		effects |= EFFECT_NAMES;
	if (app->detail.needs_facts)
		effects |= EFFECT_FACTS;
	if (app->facts_queue.first < app->facts_queue.n)
		effects |= EFFECT_NS_FACTS;
	return effects;
}

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

/* --- work ahead ----------------------------------------------------------------------- */

/* Namespaces and processes; with fewer all is quick enough. */
enum { PREPARE_MIN = 20000 };

bool app_prepare(struct app *app)
{
	const struct tree_source source = state_source(app);
	const struct model *model = app->current;
	const bool with_all = screens_is_top(app, &views_menu_screen);
	const bool with_text = screens_is_top(app, &search_prompt);

	if (app->is_live || app->is_prepared || !app->is_whole || !app->has_key)
		return false;
	app->is_prepared = model->n_namespaces + model->n_processes < PREPARE_MIN ||
	                   !tree_search_prepare(&app->tree, &source, with_all, with_text);
	return !app->is_prepared;
}

/* --- the interface for the caller --------------------------------------------------------- */

struct settings app_settings(const struct app *app)
{
	const struct view_options *view = &app->tree.view;
	struct settings settings = app->settings;

	settings.values[SETTING_VIEW] = app->is_view_auto ? SETTINGS_VIEW_AUTO : view->kind;
	settings.values[SETTING_DETAILS] = view->with_details;
	settings.values[SETTING_SORT] = view->sort;
	settings.values[SETTING_INVERT] = view->is_inverted;
	settings.values[SETTING_COLUMNS] = app->tree.columns;
	settings.values[SETTING_PANE] = !app->panes.is_detail_hidden;
	settings.values[SETTING_SPLIT] = app->panes.split;
	return settings;
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
	struct name_queue *queue = &app->name_queue;

	if (queue->first == queue->n)
		return false;
	*ret_uid = queue->uids[queue->first++];
	if (queue->first == queue->n)
		queue->first = queue->n = 0;
	return true;
}

bool app_next_process(struct app *app, pid_t *ret_pid, uint64_t *ret_started)
{
	const bool is_needed = app->detail.needs_facts;

	app->detail.needs_facts = false;
	if (is_needed) {
		app->inside.requested_at = app->now;
		*ret_pid = app->detail.page.pid;
		*ret_started = app->detail.page.started;
	}
	return is_needed;
}

bool app_next_ns(struct app *app, const struct model **ret_model, const struct ns **ret_ns,
        unsigned *ret_what)
{
	struct facts_queue *const queue = &app->facts_queue;

	while (queue->first < queue->n) {
		const struct facts_request request = queue->requests[queue->first++];
		const struct ns *const ns =
		        app->current ? model_find_tag(app->current, request.tag) : NULL;

		if (!ns)
			continue;
		*ret_model = app->current;
		*ret_ns = ns;
		*ret_what = request.what;
		return true;
	}
	queue->first = queue->n = 0;
	return false;
}

bool app_next_mounts(struct app *app, const struct model **ret_model)
{
	const bool is_needed = app->mounts.is_needed && app->current;

	app->mounts.is_needed = false;
	*ret_model = app->current;
	return is_needed;
}

const char *app_complete_prefix(const struct app *app)
{
	return app->save.prefix;
}

const char *app_copy_text(const struct app *app)
{
	return app->copied;
}
