/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/app.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/app_internal.h"
#include "ui/pages/help.h"
#include "ui/pages/problems.h"
#include "view/words.h"

enum { ESC_DIGIT_MS = 1000 };

struct app *app_new(const struct app_options *options)
{
	struct app *app = memory_new(sizeof(*app));

	app->options = *options;
	app->save_stem = memory_strdup(options->save_stem ? options->save_stem : "nsbrowse");
	app->options.save_stem = app->save_stem;
	app->rows = 24;
	app->columns = 80;
	app->is_reading = true;
	app->names = names_new();
	keys_init(&app->keys);
	app->settings = options->settings;
	app->save.is_by_dot = options->is_by_dot;
	app->must_be_ascii = options->is_ascii;
	app->options.is_ascii |= options->settings.values[SETTING_ASCII];
	app->split = options->settings.values[SETTING_SPLIT];
	app->is_detail_hidden = !options->settings.values[SETTING_PANE];
	struct view_options view = settings_view(&options->settings);
	view.is_collapsed = options->is_collapsed;
	tree_init(&app->tree, &view);
	if (options->is_graph)
		app_graph_open(app);
	return app;
}

void app_free(struct app *app)
{
	if (!app)
		return;
	tree_release(&app->tree);
	marks_release(&app->marks);
	jump_history_release(&app->jumps);
	name_queue_release(&app->name_queue);
	prompt_close(&app->prompt);
	menu_close(&app->menu);
	finder_release(&app->finder);
	filter_release(&app->filter);
	names_free(app->names);
	keys_release(&app->keys);
	model_unref(app->current);
	free(app->message);
	free(app->copied);
	app_save_release(app);
	graph_release(&app->graph);
	free(app->save_stem);
	free(app);
}

/* --- what app_internal.h promises ------------------------------------------------- */

enum key_mode app_mode(const struct app *app)
{
	if (app->save.question)
		return MODE_QUESTION;
	if (prompt_is_open(&app->prompt))
		return MODE_PROMPT;
	if (app->menu.use != MENU_NONE)
		return app->menu.use == MENU_OPTIONS ? MODE_OPTIONS : MODE_MENU;
	if (app->is_help || app->is_problems_open)
		return MODE_HELP;
	if (app->graph.is_shown)
		return MODE_GRAPH;
	return app->is_detail_focused ? MODE_DETAIL : MODE_TREE;
}

struct tree_source app_source(const struct app *app)
{
	return (struct tree_source){app->current, &app->marks, app->names, &app->filter};
}

void app_geometry(const struct app *app, struct geometry *ret)
{
	const struct panes panes = {
	        .split = app->split,
	        .is_detail_focused = app->is_detail_focused,
	        .is_detail_hidden = app->is_detail_hidden,
	        .is_detail_maximised = app->is_detail_maximised,
	        .detail_rows = app->detail_rows,
	        .detail_columns = app->detail_columns,
	};

	geometry_compute(ret, app->rows, app->columns, &panes);
}

void app_say(struct app *app, bool is_error, char *text)
{
	free(app->message);
	app->message = text;
	app->is_error = is_error;
}

size_t app_page(const struct app *app)
{
	struct geometry geometry;
	int rows;

	app_geometry(app, &geometry);
	if (app->menu.use != MENU_NONE)
		rows = (int)menu_page(&app->menu, app->rows);
	else if (app->is_help || app->is_problems_open)
		rows = app->rows - geometry.header.rows - geometry.footer.rows;
	else if (app->graph.is_shown)
		rows = (int)app_graph_page(app);
	else if (app->is_detail_focused)
		rows = geometry.detail.rows;
	else
		rows = geometry.list.rows;
	return rows > 1 ? (size_t)rows : 1;
}

/* Moves the top of `n` lines of which `page` are in view. */
static void move_top(size_t *top, long lines, size_t page, size_t n)
{
	const size_t most = n > page ? n - page : 0;
	const size_t step = lines < 0 ? (size_t)-lines : (size_t)lines;

	if (lines < 0)
		*top = *top > step ? *top - step : 0;
	else
		*top += step;
	if (*top > most)
		*top = most;
}

static void scroll_problems(struct app *app, long lines)
{
	struct problems problems;

	problems_build(&problems, app->current);
	move_top(&app->problems_top, lines, app_page(app), problems.n);
	problems_release(&problems);
}

void app_scroll(struct app *app, long lines, bool is_paging)
{
	if (app->menu.use != MENU_NONE) {
		menu_move(&app->menu, lines, app->rows);
	} else if (app->is_help) {
		move_top(&app->help_top, lines, app_page(app), help_count(app->help_from));
	} else if (app->is_problems_open) {
		scroll_problems(app, lines);
	} else if (app->graph.is_shown) {
		graph_pan(&app->graph, lines, 0);
	} else if (!app->is_detail_focused) {
		tree_move(&app->tree, lines, is_paging);
	} else {
		app_detail_move(app, lines, is_paging);
	}
}

/* --- after each event --------------------------------------------------------------- */

/* The names of the users of the processes in view are wanted. */
static void want_users(struct app *app)
{
	const struct tree *tree = &app->tree;

	if (!app->options.is_live || tree->view.kind != VIEW_PROCESSES)
		return;
	for (size_t i = tree->scroller.top;
	        i < tree->rows.n && i < tree->scroller.top + tree->scroller.page; i++) {
		const struct node *node = &tree->hierarchy.nodes[tree->rows.all[i].node];

		if (node->process && node->process->is_uid_known)
			name_queue_add(&app->name_queue, app->names, node->process->uid);
	}
}

static void settle(struct app *app)
{
	struct geometry geometry;

	if (!app->is_detail_focused)
		app->is_detail_maximised = false;
	app_geometry(app, &geometry);
	if (geometry.list.rows)
		tree_set_page(&app->tree, (size_t)geometry.list.rows);
	app_detail_settle(app, &geometry);
	app_graph_settle(app);
	want_users(app);
	if (app->menu.use != MENU_NONE)
		menu_move(&app->menu, 0, app->rows);
	if (app->is_help)
		move_top(&app->help_top, 0, app_page(app), help_count(app->help_from));
	if (app->is_problems_open)
		scroll_problems(app, 0);
}

/* --- events ----------------------------------------------------------------------------- */

/* A digit soon after Esc is an F-key, for terminals that keep those for themselves. */
static uint32_t as_f_key(struct app *app, uint32_t key, uint64_t now)
{
	const bool is_soon = app->escaped_at && now - app->escaped_at <= ESC_DIGIT_MS;

	app->escaped_at = key == 27 ? now : 0;
	if (!is_soon || key < '0' || key > '9')
		return key;
	return NSB_KEY_F0 + (key == '0' ? 10 : key - '0');
}

static unsigned on_key(struct app *app, const struct event *event)
{
	app->is_second_escape = app->escaped_at && event->key == 27;
	const uint32_t key = as_f_key(app, event->key, event->now_ms);
	const enum key_mode mode = app_mode(app);
	const enum action action = keys_action(&app->keys, mode, key);
	unsigned effects = app->message ? EFFECT_REDRAW : 0;

	app->key = key;
	app_say(app, false, NULL);
	if (action != ACTION_NONE)
		effects |= app_do(app, action);
	else if (mode == MODE_PROMPT && prompt_insert(&app->prompt, key))
		effects |= EFFECT_REDRAW;
	return effects;
}

unsigned app_press(struct app *app, uint32_t key)
{
	return on_key(app, &(struct event){.kind = EVENT_KEY, .key = key});
}

/* Only where text is asked for. */
static unsigned on_paste(struct app *app, const struct event *event)
{
	const bool is_text =
	        app_mode(app) == MODE_PROMPT && prompt_insert(&app->prompt, event->key);

	return is_text ? EFFECT_REDRAW : 0;
}

static unsigned on_resize(struct app *app, const struct event *event)
{
	app->rows = event->size.rows > 0 ? event->size.rows : 1;
	app->columns = event->size.columns > 0 ? event->size.columns : 1;
	return EFFECT_REDRAW;
}

static void say_gone(struct app *app, const struct node *node)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (node->process)
		words_process(text.out, node->process);
	else
		words_ns(text.out, node->ns);
	fputs(node->process ? " has ended" : " is gone", text.out);
	app_say(app, false, memory_strdup(text_get(&text)));
}

static unsigned on_model(struct app *app, const struct event *event)
{
	const struct model *previous = app->current;
	/* The list still points into it. */
	const struct model *baseline = app->marks.baseline;

	/* What a quick model leaves out is not gone; and who pauses wants no other picture. */
	if (previous && app->is_whole &&
	        (!event->scan.is_whole || (app->is_paused && !app->is_reading))) {
		model_unref(event->scan.model);
		return 0;
	}
	if (baseline)
		model_ref(baseline);
	app->current = event->scan.model;
	if (previous && app->is_whole)
		marks_update(&app->marks, previous, app->current, event->now_ms);
	app->is_whole = event->scan.is_whole;
	if (app->is_whole)
		app->is_reading = false;
	names_learn_model(app->names, app->current);
	if (app->options.is_live)
		name_queue_add_model(&app->name_queue, app->names, app->current);
	const struct tree_source source = app_source(app);
	struct node gone;
	struct node gone_in_graph;
	const bool has_gone = tree_refresh(&app->tree, &source, &gone);
	const bool has_gone_in_graph = app_graph_refresh(app, &gone_in_graph);
	app_detail_refresh(app);
	if (app->graph.is_shown && has_gone_in_graph)
		say_gone(app, &gone_in_graph);
	else if (!app->graph.is_shown && has_gone)
		say_gone(app, &gone);
	model_unref(previous);
	model_unref(baseline);
	return EFFECT_REDRAW;
}

static unsigned on_name(struct app *app, const struct event *event)
{
	const struct tree_source source = app_source(app);

	struct node gone;

	names_learn(app->names, event->user.uid, event->user.name);
	tree_measure(&app->tree, &source);
	app_graph_refresh(app, &gone);
	return EFFECT_REDRAW;
}

static unsigned on_progress(struct app *app, const struct event *event)
{
	if (!app->is_reading || app->percent == event->percent)
		return 0;
	app->percent = event->percent;
	return EFFECT_REDRAW;
}

static unsigned on_warning(struct app *app, const struct event *event)
{
	app_say(app, true, escape_text(event->warning));
	return EFFECT_REDRAW;
}

static unsigned on_facts(struct app *app, const struct event *event)
{
	return app_detail_learn(app, event->facts) ? EFFECT_REDRAW : 0;
}

/* What is told beside the prompt goes with what stands in it; what is searched for only with its
 * text: a cursor that moves finds nothing new. */
static void settle_prompt(struct app *app, unsigned edits_before)
{
	if (app_mode(app) != MODE_PROMPT)
		return;
	if (app->prompt.edits != edits_before)
		app_find_changed(app);
	app_save_changed(app);
}

unsigned app_handle(struct app *app, const struct event *event)
{
	static unsigned (*const handlers[])(struct app *, const struct event *) = {
	        [EVENT_KEY] = on_key,
	        [EVENT_PASTE] = on_paste,
	        [EVENT_MOUSE] = app_mouse,
	        [EVENT_RESIZE] = on_resize,
	        [EVENT_MODEL] = on_model,
	        [EVENT_NAME] = on_name,
	        [EVENT_SAVED] = app_save_answer,
	        [EVENT_CONFIG] = app_config_answer,
	        [EVENT_COMPLETED] = app_save_completed,
	        [EVENT_FACTS] = on_facts,
	        [EVENT_PROGRESS] = on_progress,
	        [EVENT_WARNING] = on_warning,
	};
	const unsigned edits = app->prompt.edits;
	unsigned effects = handlers[event->kind](app, event);

	settle_prompt(app, edits);
	settle(app);
	if (!name_queue_is_empty(&app->name_queue))
		effects |= EFFECT_NAMES;
	if (app->is_facts_wanted)
		effects |= EFFECT_ASK;
	return effects;
}

/* --- what the caller asks ------------------------------------------------------------------ */

bool app_is_reading(const struct app *app)
{
	return app->is_reading;
}

bool app_next_uid(struct app *app, uid_t *ret_uid)
{
	return name_queue_next(&app->name_queue, ret_uid);
}
