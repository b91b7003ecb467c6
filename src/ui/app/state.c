/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/state.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

void state_release(struct app *app)
{
	tree_release(&app->tree);
	marks_release(&app->marks);
	filter_release(&app->filter);
	if (app->detail.is_built)
		detail_release(&app->detail.built);
	u64_set_release(&app->unfolded);
	free(app->jumps.all);
	graph_release(&app->graph.graph);
	network_release(&app->network.network);
	u64_set_release(&app->network.asked);
	u64_set_release(&app->network.waiting);
	page_release(&app->help.page);
	page_release(&app->problems.page);
	page_release(&app->translation.page.page);
	needle_release(&app->help.needle);
	needle_release(&app->problems.needle);
	needle_release(&app->translation.page.needle);
	menu_close(&app->menu);
	prompt_close(&app->prompt);
	tree_place_release(&app->search.from);
	u64_set_release(&app->search.unfolded_from);
	free(app->search.filter_before);
	free(app->search.query.text);
	free(app->search.page_query.text);
	needle_release(&app->match.needle);
	free(app->match.words);
	free(app->save.stem);
	free(app->save.page);
	free(app->save.page_title);
	u64_set_release(&app->save.changed);
	free(app->save.question);
	free(app->save.prefix);
	prompt_history_release(&app->save.history);
	free(app->name_queue.uids);
	free(app->facts_queue.requests);
	facts_store_release(&app->inside.store);
	u64_set_release(&app->inside.with_links);
	u64_set_release(&app->net_search.waiting);
	names_free(app->names);
	model_unref(app->current);
	free(app->message);
	free(app->copied);
	keys_release(&app->keys);
}

unsigned state_say(struct app *app, bool is_error, char *text)
{
	free(app->message);
	app->message = text;
	app->is_error = is_error;
	return EFFECT_REDRAW;
}

unsigned state_inform(struct app *app, const char *text)
{
	return state_say(app, false, memory_strdup(text));
}

/* What most lists need with command lines: the first models should not move the panes. */
enum { LIST_USUAL = 100 };

struct geometry state_geometry(const struct app *app)
{
	int list = LIST_USUAL;

	/* Of all views that were open, so that a change of the view does not move the panes. */
	for (enum view_kind view = 0; view < VIEW_KINDS; view++) {
		const struct column_widths *widths = &app->tree.widths[view];

		if (widths->tree)
			list = MAX(list, columns_wanted(widths, app->tree.columns, view));
	}
	return geometry_compute(app->rows, app->columns, &app->panes, list);
}

struct rect state_body(const struct app *app)
{
	const struct geometry geometry = state_geometry(app);

	return (struct rect){geometry.header.rows, 0,
	        app->rows - geometry.header.rows - geometry.footer.rows, app->columns};
}

bool state_shows_cmdlines(const struct app *app)
{
	return app->has_cmdlines && app->settings.values[SETTING_CMDLINE];
}

/* A PID inside is in no column of a namespace: the same number there is another PID. */
static const struct needle *needle_of_row(const struct app *app)
{
	const struct match *match = &app->match;
	const struct node *node = tree_selected(&app->tree);
	const bool is_inside = match->needle.kind == NEEDLE_PID && match->field == HAYSTACK_INSIDE;

	return match->is_in_pane || (is_inside && node && node->ns) ? NULL : &match->needle;
}

struct tree_source state_source(const struct app *app)
{
	return (struct tree_source){
	        .model = app->current,
	        .marks = &app->marks,
	        .names = app->names,
	        .filter = &app->filter,
	        .utc_offset = app->utc_offset,
	        .with_cmdlines = state_shows_cmdlines(app),
	        .inside = &app->inside.store,
	        .needle = needle_of_row(app),
	};
}

void state_filter(struct app *app, uint64_t tag)
{
	const struct tree_source source = state_source(app);

	if (app->current)
		tree_filter(&app->tree, &source, tag);
}

void state_measure(struct app *app)
{
	const struct tree_source source = state_source(app);

	if (app->current)
		tree_measure(&app->tree, &source);
}

void state_add_facts(struct app *app)
{
	const struct tree_source source = state_source(app);

	if (app->current)
		tree_add_facts(&app->tree, &source);
}

const struct model *state_selected_model(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return node && node->mark == MARK_GONE ? app->marks.baseline : app->current;
}

void state_queue_name(struct app *app, uid_t uid)
{
	struct name_queue *queue = &app->name_queue;

	MEMORY_APPEND(queue->uids, queue->n, queue->capacity) = uid;
}

void state_request_name(struct app *app, uid_t uid)
{
	if (app->is_live && names_request(app->names, uid))
		state_queue_name(app, uid);
}

void state_request_facts(struct app *app, const struct ns *ns, unsigned what)
{
	struct facts_queue *const queue = &app->facts_queue;

	if (app->is_live)
		MEMORY_APPEND(queue->requests, queue->n, queue->capacity) =
		        (struct facts_request){.tag = ns->tag, .what = what};
}
