/* SPDX-License-Identifier: Apache-2.0 */

/* What is in the namespace whose page is shown: its facts are read when the selection rests on it,
 * again when the model has changed, but at most once a second, and every 30 s, since a change of
 * the facts makes no new model. What was read stays on the page until the next answer. */

#include "base/attributes.h"
#include "ui/app/screens.h"

/* Between two requests: if models follow each other, and if none comes. */
enum { PAUSE_MS = 1000, AGAIN_MS = 30 * 1000 };

/* False while another screen covers the panes. */
static bool is_pane_in_view(const struct app *app)
{
	for (size_t i = 1; i < app->n_screens; i++) {
		if (app->screens[i]->place == SCREEN_WHOLE)
			return false;
	}
	return detail_pane_rows(app) > 0;
}

/* The namespace whose page is in view; NULL: none, or that of a process. */
static const struct ns *shown_ns(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	if (!app->reads_facts || !node || !node->ns || node->mark == MARK_GONE)
		return NULL;
	if (app->detail.page.kind != TARGET_NONE || !is_pane_in_view(app))
		return NULL;
	return node->ns;
}

void facts_request(struct app *app, const struct ns *ns, unsigned what)
{
	const bool with_links = ns->type == NS_NET &&
	                        (app->reads_links || u64_set_has(&app->inside.with_links, ns->tag));

	state_request_facts(app, ns, what | (with_links ? NS_FACTS_LINKS : 0));
}

static void request_shown(struct app *app, const struct ns *ns)
{
	facts_request(app, ns, NS_FACTS_FIRST);
	app->inside.state = INSIDE_REQUESTED;
	app->inside.requested_at = app->now;
	app->inside.is_outdated = false;
}

unsigned facts_settle(struct app *app)
{
	const struct ns *ns = shown_ns(app);
	const uint64_t tag = ns ? ns->tag : 0;

	if (tag == app->inside.tag)
		return 0;
	app->inside.tag = tag;
	app->inside.state = INSIDE_RESTING;
	return tag ? EFFECT_REST : 0;
}

unsigned facts_rested(struct app *app, _unused_ const struct event *event)
{
	const struct ns *ns = shown_ns(app);

	if (!ns || ns->tag != app->inside.tag)
		return 0;
	if (app->inside.state == INSIDE_RESTING) {
		request_shown(app, ns);
		return EFFECT_REST;
	}
	if (app->inside.state != INSIDE_REQUESTED || facts_store_get(&app->inside.store, ns))
		return 0;
	app->inside.state = INSIDE_LATE;
	return EFFECT_REDRAW;
}

/* The namespace whose facts are to be read again; NULL: none, or the first answer has not come. */
static const struct ns *known_ns(const struct app *app)
{
	const struct ns *ns = shown_ns(app);
	const bool is_known = app->inside.state == INSIDE_KNOWN;

	return ns && is_known && ns->tag == app->inside.tag ? ns : NULL;
}

static bool is_process_shown(const struct app *app)
{
	return app->detail.page.kind == TARGET_PROCESS && is_pane_in_view(app);
}

uint64_t facts_wakes_at(const struct app *app)
{
	const uint64_t again = MAX(app->settings.values[SETTING_DELAY], (uint64_t)AGAIN_MS);

	if (!known_ns(app) && !is_process_shown(app))
		return 0;
	return app->inside.requested_at + (app->inside.is_outdated ? (uint64_t)PAUSE_MS : again);
}

void facts_read_again(struct app *app)
{
	const struct ns *ns = known_ns(app);

	if (ns)
		request_shown(app, ns);
	app->detail.needs_facts = app->detail.needs_facts || is_process_shown(app);
	app->inside.requested_at = app->now;
	app->inside.is_outdated = false;
}

void facts_refresh(struct app *app, bool may_wait)
{
	facts_store_forget(&app->inside.store, app->current);
	net_search_refresh(app);
	if (!may_wait || app->now >= app->inside.requested_at + PAUSE_MS)
		facts_read_again(app);
	else
		app->inside.is_outdated = true;
}

/* An answer to an older request, without what the network picture shows. */
static bool is_poorer(const struct app *app, const struct ns *ns, const struct ns_facts *facts)
{
	const struct ns_facts *const known = facts_store_get(&app->inside.store, ns);

	return app->network.network.is_shown && known && known->what & ~facts->what;
}

unsigned facts_come(struct app *app, const struct event *event)
{
	const struct ns_facts *facts = event->ns_facts;
	const bool was_match = net_search_matches(app, facts->tag);

	const struct ns *ns = app->current ? model_find_tag(app->current, facts->tag) : NULL;

	/* They may be of a namespace that has ended since. */
	if (ns && !is_poorer(app, ns, facts)) {
		facts_store_put(&app->inside.store, facts);
		network_screen_take(app, facts);
	}
	if (facts->tag == app->inside.tag)
		app->inside.state = INSIDE_KNOWN;
	return EFFECT_REDRAW | net_search_come(app, facts, was_match);
}

/* Requests the links of a network namespace, too, from now on in each scan while its page is shown.
 */
unsigned facts_ask_links(struct app *app, _unused_ long argument)
{
	const struct ns *ns = shown_ns(app);

	if (!app->is_live)
		return state_inform(app, "a snapshot cannot be asked");
	if (!ns || ns->type != NS_NET)
		return state_inform(app, "only a network namespace has interfaces");
	u64_set_add(&app->inside.with_links, ns->tag);
	request_shown(app, ns);
	return state_inform(app, "kinds, bridges and peers of its interfaces are read, too");
}
