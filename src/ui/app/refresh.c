/* SPDX-License-Identifier: Apache-2.0 */

/* What comes from the host: models, names of users, facts of processes, progress. And how the user
 * steers that: read again, pause, mark. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/words.h"

/* --- models ------------------------------------------------------------------------------ */

/* Looks up the owners of all user namespaces, and the user of the host. */
static void want_names(struct app *app)
{
	const struct model *model = app->current;

	state_want_name(app, model->host.euid);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->owner_uid_state == REL_KNOWN)
			state_want_name(app, ns->owner_uid);
	}
}

static void say_gone(struct app *app, const struct node *node)
{
	struct text text;

	text_init(&text);
	if (node->process)
		words_process(text.out, node->process);
	else
		words_ns(text.out, node->ns);
	fputs(node->process ? " has exited" : " is gone", text.out);
	state_say(app, false, text_take(&text));
}

/* The list, the graph and the detail pane, in place of those of the model before, which must still
 * be there. */
static void show_model(struct app *app)
{
	const struct tree_source source = state_source(app);
	struct node gone;
	struct node gone_in_graph;
	const bool has_gone = tree_refresh(&app->tree, &source, &gone);
	const bool has_gone_in_graph = graph_screen_refresh(app, &gone_in_graph);

	detail_pane_refresh(app);
	if (has_gone_in_graph)
		say_gone(app, &gone_in_graph);
	else if (has_gone && !app->graph.graph.is_shown)
		say_gone(app, &gone);
}

unsigned refresh_model(struct app *app, const struct event *event)
{
	const struct model *previous = app->current;
	const struct model *baseline = app->marks.baseline;

	/* After a whole model a part of the next one would show namespaces as gone. Paused, only
	 * the model that was asked for with `r` is taken. */
	if (previous && app->is_whole &&
	        (!event->scan.is_whole || (app->is_paused && !app->is_reading))) {
		model_unref(event->scan.model);
		return 0;
	}
	/* The list points into the baseline until it is built again. */
	if (baseline)
		model_ref(baseline);
	app->current = event->scan.model;
	if (previous && app->is_whole)
		marks_update(&app->marks, previous, app->current, event->now_ms);
	app->is_whole = event->scan.is_whole;
	if (app->is_whole)
		app->is_reading = false;
	names_learn_model(app->names, app->current);
	want_names(app);
	show_model(app);
	model_unref(previous);
	model_unref(baseline);
	return EFFECT_REDRAW;
}

/* --- names, facts, progress -------------------------------------------------------------- */

unsigned refresh_name(struct app *app, const struct event *event)
{
	const struct tree_source source = state_source(app);
	struct node gone;

	names_learn(app->names, event->user.uid, event->user.name);
	tree_measure(&app->tree, &source);
	graph_screen_refresh(app, &gone);
	return EFFECT_REDRAW;
}

unsigned refresh_facts(struct app *app, const struct event *event)
{
	return detail_pane_learn(app, event->facts) ? EFFECT_REDRAW : 0;
}

unsigned refresh_progress(struct app *app, const struct event *event)
{
	if (!app->is_reading || app->percent == event->percent)
		return 0;
	app->percent = event->percent;
	return EFFECT_REDRAW;
}

/* --- keys -------------------------------------------------------------------------------- */

unsigned refresh_rescan(struct app *app, _unused_ long argument)
{
	if (!app->is_live)
		return state_inform(app, "a snapshot cannot be rescanned");
	app->is_reading = true;
	app->percent = 0;
	return EFFECT_RESCAN | EFFECT_REDRAW;
}

/* Says why nothing can be marked or paused, if so. */
static bool is_refused(struct app *app)
{
	if (app->is_live && app->is_whole)
		return false;
	state_inform(app,
	        app->is_live ? "the first scan is not complete" : "a snapshot does not change");
	return true;
}

unsigned refresh_pause(struct app *app, _unused_ long argument)
{
	if (is_refused(app))
		return EFFECT_REDRAW;
	app->is_paused = !app->is_paused;
	return EFFECT_REDRAW | (app->is_paused ? 0 : EFFECT_RESCAN);
}

/* Marks what comes and goes since `model`; NULL: what came and went lately. */
static void fix_marks(struct app *app, const struct model *model)
{
	const struct tree_source source = state_source(app);
	const struct model *before = app->marks.baseline;
	struct node gone;

	/* The list points into the baseline until it is built again. */
	if (before)
		model_ref(before);
	marks_fix(&app->marks, model);
	tree_refresh(&app->tree, &source, &gone);
	graph_screen_refresh(app, &gone);
	model_unref(before);
}

unsigned refresh_mark(struct app *app, _unused_ long argument)
{
	if (is_refused(app))
		return EFFECT_REDRAW;
	const bool is_off = app->marks.is_fixed && app->marks.baseline == app->current;
	fix_marks(app, is_off ? NULL : app->current);
	return state_inform(
	        app, is_off ? "marks show recent changes" : "marks show all changes from now on");
}
