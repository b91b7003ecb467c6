/* SPDX-License-Identifier: Apache-2.0 */

/* The mounts of all mount namespaces: they are read when the view of mounts, or the page of a mount
 * namespace or of one without a number, is shown, or a search needs them; again when the model has
 * changed, and every 30 s, since a mount makes no new model. With many mounts that takes long: then
 * there are longer pauses between. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/screens.h"
#include "view/haystack.h"

enum {
	PAUSE_MS = 1000,      /* between two requests, at least; */
	PAUSE_TIMES = 20,     /* and so many times what the one before has taken */
	AGAIN_MS = 30 * 1000, /* if no model comes */
};

/* The page of a mount namespace is in view, and its other facts were requested. */
static bool is_page_shown(const struct app *app)
{
	const struct ns *ns = app->current && app->inside.tag
	                              ? model_find_tag(app->current, app->inside.tag)
	                              : NULL;

	return ns && ns->type == NS_MNT && app->inside.state != INSIDE_RESTING;
}

/* The page of a namespace without a number has lines that unmount what keeps it. */
static bool is_pin_selected(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return node && node->pin;
}

/* True if `query` is compared with mounts in the view that is shown. */
static bool is_form(const struct app *app, const char *query)
{
	return haystack_needs_mounts(app->tree.view.kind, query);
}

/* The text in the prompt is one that is compared with mounts. */
static bool is_typed(const struct app *app)
{
	const char *text = search_typed(app);

	return text && is_form(app, text);
}

static bool is_searched(const struct app *app)
{
	const char *filter = app->filter.text;

	return app->mounts.goal || (filter && is_form(app, filter)) || is_typed(app);
}

static bool is_wanted(const struct app *app)
{
	return app->is_live && app->is_whole &&
	       (app->tree.view.kind == VIEW_MOUNTS || is_searched(app) || is_page_shown(app) ||
	               is_pin_selected(app));
}

const struct mounts *read_mounts_shown(const struct app *app)
{
	if (!app->current)
		return NULL;
	return is_wanted(app) ? facts_store_mounts(&app->inside.store, app->current)
	                      : app->current->mounts;
}

static void request(struct app *app)
{
	app->mounts.is_needed = true;
	app->mounts.is_requested = true;
	app->mounts.is_outdated = false;
	app->mounts.round = app->inside.store.round;
	app->mounts.requested_at = app->now;
}

/* When they may be read again. */
static uint64_t pause_end(const struct app *app)
{
	const uint64_t pause = PAUSE_TIMES * app->mounts.took;

	return app->mounts.requested_at + MAX(pause, (uint64_t)PAUSE_MS);
}

/* What was read for an earlier prompt may be outdated: it is searched, and read again. */
static bool is_needed(const struct app *app)
{
	return !app->inside.store.mounts ||
	       (is_typed(app) && app->mounts.round != app->inside.store.round);
}

unsigned read_mounts_settle(struct app *app)
{
	if (is_wanted(app) && !app->mounts.is_requested && is_needed(app))
		request(app);
	return app->mounts.is_needed ? EFFECT_MOUNTS : 0;
}

void read_mounts_refresh(struct app *app, bool may_wait)
{
	app->mounts.is_outdated = app->inside.store.mounts || app->mounts.is_requested;
	if (is_wanted(app) && !app->mounts.is_requested &&
	        (!may_wait || app->now >= pause_end(app)))
		request(app);
}

uint64_t read_mounts_wakes_at(const struct app *app)
{
	const uint64_t again = MAX(app->settings.values[SETTING_DELAY], (uint64_t)AGAIN_MS);

	if (!is_wanted(app) || app->mounts.is_requested)
		return 0;
	return app->mounts.is_outdated ? pause_end(app) : app->mounts.requested_at + again;
}

void read_mounts_again(struct app *app)
{
	if (is_wanted(app) && !app->mounts.is_requested)
		request(app);
}

/* --- answers ------------------------------------------------------------------------------ */

/* Builds the list again. */
static void show(struct app *app)
{
	const struct tree_source source = state_source(app);
	struct node gone;

	tree_refresh(&app->tree, &source, &gone);
}

/* Searches for what was accepted, unless the user has selected another row since. */
static void find(struct app *app)
{
	if (node_tag(tree_selected(&app->tree)) == app->mounts.from)
		search_accepted_again(app);
}

/* The filter has been applied again. */
static void filter(struct app *app)
{
	const struct tree_source source = state_source(app);
	enum view_kind kind;

	if (app->tree.filtered && !app->tree.count.n && app->filter.text &&
	        tree_search_count(&app->tree, &source, app->filter.text, &kind))
		views_set_kind(app, kind);
	if (app->tree.filtered && !app->tree.count.n && net_search_begin(app))
		net_search_go_on(app, true);
	else if (app->tree.filtered)
		state_say(app, false, memory_printf("%zu found", app->tree.count.n));
}

static void reach_goal(struct app *app)
{
	const bool is_find = app->mounts.goal == MOUNTS_FIND;
	const bool is_filter = app->mounts.goal == MOUNTS_FILTER;

	app->mounts.goal = MOUNTS_NOTHING;
	if (is_find)
		find(app);
	else if (is_filter)
		filter(app);
}

unsigned read_mounts_come(struct app *app, const struct event *event)
{
	app->mounts.is_requested = false;
	app->mounts.took = app->now - app->mounts.requested_at;
	if (event->mounts)
		facts_store_put_mounts(&app->inside.store, event->mounts);
	if (event->mounts && app->current && app->tree.view.kind == VIEW_MOUNTS)
		show(app);
	if (!is_searched(app))
		return EFFECT_REDRAW;
	state_add_facts(app);
	search_type_again(app);
	reach_goal(app);
	return EFFECT_REDRAW;
}

/* --- searching ---------------------------------------------------------------------------- */

bool read_mounts_begin(struct app *app, const char *query)
{
	if (!app->is_live || !is_form(app, query))
		return false;
	if (app->is_whole && !app->mounts.is_requested && is_needed(app))
		request(app);
	return app->mounts.is_requested;
}

bool read_mounts_go_on(struct app *app, const char *query, bool is_filter)
{
	if (!app->mounts.is_requested || !is_form(app, query))
		return false;
	app->mounts.goal = is_filter ? MOUNTS_FILTER : MOUNTS_FIND;
	app->mounts.from = node_tag(tree_selected(&app->tree));
	_cleanup_free_ char *escaped = escape_text(query);
	state_say(app, false, memory_printf("mounts are read: %s", escaped));
	return true;
}

/* True if the view has rows for all mount namespaces, or for what is in them. */
static bool has_rows(const struct view_options *view)
{
	static const unsigned kinds =
	        1u << VIEW_MNT | 1u << VIEW_ALL | 1u << VIEW_CONTAINERS | 1u << VIEW_PROCESSES;

	return (kinds & 1u << view->kind) || (view->kind == VIEW_USER && view->with_details);
}

size_t read_mounts_count_elsewhere(struct app *app, const char *query)
{
	const struct tree_source source = state_source(app);

	if (has_rows(&app->tree.view) || app->tree.filtered || !is_form(app, query))
		return 0;
	return haystack_count_mounts(tree_search_haystack(&app->tree, &source), query);
}

bool read_mounts_show(struct app *app, const char *query)
{
	if (!read_mounts_count_elsewhere(app, query))
		return false;
	views_set_kind(app, VIEW_MNT);
	const struct finding finding = panes_list.search->find(app, query, false, false);
	if (!finding.n)
		return false;
	panes_list.search->select(app, finding.index);
	match_in_row(app, query);
	search_say_found(app, &finding);
	return true;
}

unsigned read_mounts_stop(struct app *app, bool is_said)
{
	const bool was_on = app->mounts.goal;

	app->mounts.goal = MOUNTS_NOTHING;
	if (was_on && is_said)
		state_inform(app, "stopped: mounts are not searched");
	return was_on ? EFFECT_REDRAW : 0;
}

size_t read_mounts_count_unknown(const struct app *app, const char *query, size_t *ret_n)
{
	size_t n = 0;

	*ret_n = 0;
	if (!app->current || !is_form(app, query))
		return 0;
	const struct mounts *mounts = facts_store_mounts(&app->inside.store, app->current);
	for (size_t i = 0; i < app->current->n_namespaces; i++) {
		const struct ns *ns = app->current->namespaces[i];
		const struct mount_table *table =
		        ns->type == NS_MNT ? mounts_find(mounts, ns->inode) : NULL;

		*ret_n += ns->type == NS_MNT;
		n += ns->type == NS_MNT && (!table || table->error || table->is_at_least);
	}
	return n;
}
