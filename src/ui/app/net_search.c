/* SPDX-License-Identifier: Apache-2.0 */

/* A search or filter for an address, a port or an interface, or one that finds nothing: reads what
 * is in the network namespaces, in the background, and goes to the first match as it comes. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/app/screens.h"
#include "view/net_query.h"
#include "view/words.h"

#include <stdlib.h>

bool net_search_is_form(const char *query)
{
	return net_query_of(query).kind != NET_QUERY_TEXT;
}

/* --- asking ------------------------------------------------------------------------------- */

static uint64_t selected_tag(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return node ? node_tag(node) : 0;
}

bool net_search_begin(struct app *app)
{
	struct net_search *search = &app->net_search;

	if (net_search_is_on(app))
		return true;
	if (!app->reads_facts || !app->current)
		return false;
	search->n = 0;
	for (size_t i = 0; i < app->current->n_namespaces; i++) {
		const struct ns *ns = app->current->namespaces[i];

		if (ns->type != NS_NET || facts_store_is_new(&app->inside.store, ns))
			continue;
		facts_request(app, ns, 0);
		u64_set_add(&search->waiting, ns->tag);
		search->n++;
	}
	search->goal = search->n ? NET_SEARCH_TYPED : NET_SEARCH_OFF;
	return search->n > 0;
}

bool net_search_is_on(const struct app *app)
{
	return app->net_search.waiting.n > 0;
}

const char *net_search_words(struct app *app)
{
	struct net_search *search = &app->net_search;

	snprintf(search->words, sizeof(search->words), "asked %zu of %zu",
	        search->n - search->waiting.n, search->n);
	return search->words;
}

unsigned net_search_stop(struct app *app, bool is_said)
{
	const bool was_on = net_search_is_on(app);

	if (was_on && is_said)
		state_say(app, false, memory_printf("stopped: %s", net_search_words(app)));
	u64_set_clear(&app->net_search.waiting);
	app->net_search.goal = NET_SEARCH_OFF;
	return was_on ? EFFECT_DROP_NS_FACTS | EFFECT_REDRAW : 0;
}

/* --- matches ------------------------------------------------------------------------------ */

static bool has_match(
        const struct app *app, const struct ns *ns, const char *text, struct net_hit *ret)
{
	const struct net_facts *facts = facts_store_net(&app->inside.store, ns);
	const struct net_query query = net_query_of(text);

	return facts && net_query_match(&query, facts, 0, ret);
}

/* The first network namespace that matches. */
static const struct ns *first_match(
        const struct app *app, const char *query, struct net_hit *ret_hit)
{
	for (size_t i = 0; app->current && i < app->current->n_namespaces; i++) {
		const struct ns *ns = app->current->namespaces[i];

		if (has_match(app, ns, query, ret_hit))
			return ns;
	}
	return NULL;
}

const struct ns *net_search_elsewhere(const struct app *app, const char *query)
{
	struct net_hit hit;

	return first_match(app, query, &hit);
}

/* Whether what is known of it does not say that it has no match. Of one that was not asked that is
 * so if the query has a form: other text is searched for elsewhere. */
static bool is_unknown(const struct app *app, const struct ns *ns, const struct net_query *query)
{
	const struct net_facts *const facts = facts_store_net(&app->inside.store, ns);

	if (!facts && !facts_store_get(&app->inside.store, ns))
		return query->kind != NET_QUERY_TEXT;
	return !facts || !net_query_is_known(query, facts);
}

size_t net_search_count_unknown(const struct app *app, const char *text, size_t *ret_n)
{
	const struct net_query query = net_query_of(text);
	size_t n = 0, n_unknown = 0;

	for (size_t i = 0; app->current && i < app->current->n_namespaces; i++) {
		const struct ns *ns = app->current->namespaces[i];

		n += ns->type == NS_NET;
		n_unknown += ns->type == NS_NET && is_unknown(app, ns, &query);
	}
	*ret_n = n;
	return n_unknown;
}

/* `10.0.0.5: net:[4026532212], eth0 10.0.0.5/24`. */
static unsigned say_match(
        struct app *app, const char *query, const struct ns *ns, const struct net_hit *hit)
{
	_cleanup_free_ char *escaped = escape_text(query);
	struct text text;

	text_init(&text);
	fprintf(text.out, "%s: ", escaped);
	words_ns(text.out, ns);
	fputs(", ", text.out);
	net_query_write_hit(text.out, hit);
	return state_say(app, false, text_take(&text));
}

bool net_search_show(struct app *app, const char *query)
{
	const struct search_place *place = panes_list.search;
	struct net_hit hit;

	state_add_facts(app);
	const struct finding finding = place->find(app, query, false, false);
	const struct ns *ns = first_match(app, query, &hit);

	if (!ns)
		return false;
	jumps_visit(app);
	if (finding.n)
		place->select(app, finding.index);
	else if (!jumps_show_ns(app, ns->tag))
		return false;
	match_in_row(app, query);
	if (finding.n)
		search_say_found(app, &finding);
	else
		say_match(app, query, ns, &hit);
	return true;
}

/* --- answers ------------------------------------------------------------------------------ */

static const char *query_of(const struct app *app)
{
	const char *text = app->net_search.goal == NET_SEARCH_TYPED    ? app->prompt.text
	                   : app->net_search.goal == NET_SEARCH_FILTER ? app->filter.text
	                                                               : app->search.query.text;

	return text ? text : "";
}

static unsigned say_progress(struct app *app)
{
	_cleanup_free_ char *query = escape_text(query_of(app));

	return state_say(app, false, memory_printf("%s: %s", net_search_words(app), query));
}

/* Adds `2 of 5 network namespaces`. */
static void add_unread(struct text *text, size_t n_unknown, size_t n, const char *what)
{
	if (n_unknown)
		fprintf(text->out, "%s%zu of %zu %s", text_get(text)[0] ? " and " : "", n_unknown,
		        n, what);
}

/* "2 of 5 network namespaces and 3 of 90 processes"; "" if all were read. A network namespace is
 * not known if no process in it could be read, and is not asked then. */
static char *unread_words(const struct app *app)
{
	_cleanup_text_ struct text text;
	const struct model *model = app->current;
	size_t n;
	size_t n_unknown = net_search_count_unknown(app, query_of(app), &n);

	text_init(&text);
	add_unread(&text, n_unknown, n, "network namespaces");
	n_unknown = read_mounts_count_unknown(app, query_of(app), &n);
	add_unread(&text, n_unknown, n, "mount namespaces");
	if (model)
		add_unread(&text, model->host.unreadable, model->n_processes, "processes");
	return memory_strdup(text_get(&text));
}

unsigned net_search_say_nothing(struct app *app)
{
	_cleanup_free_ char *query = escape_text(query_of(app));
	_cleanup_free_ char *unread = unread_words(app);

	if (!*unread)
		return state_say(app, true, memory_printf("not found: %s", query));
	return state_say(app, true, memory_printf("not found: %s (not read: %s)", query, unread));
}

/* If the user has selected another row since, that stays selected. */
static unsigned find_match(struct app *app, const struct ns *ns, const struct net_hit *hit)
{
	const char *query = query_of(app);

	if (selected_tag(app) != app->net_search.from)
		say_match(app, query, ns, hit);
	else
		net_search_show(app, query);
	app->net_search.goal = NET_SEARCH_OFF;
	return EFFECT_REDRAW;
}

static unsigned filter_match(struct app *app)
{
	state_add_facts(app);
	if (app->tree.filtered && !app->tree.count.n)
		views_show_all(app);
	return EFFECT_REDRAW;
}

static unsigned end(struct app *app)
{
	const bool is_found = app->net_search.goal == NET_SEARCH_OFF ||
	                      (app->net_search.goal == NET_SEARCH_FILTER && app->tree.count.n);
	const unsigned effects = is_found ? EFFECT_REDRAW : net_search_say_nothing(app);

	if (app->net_search.goal == NET_SEARCH_FILTER && is_found)
		state_say(app, false, memory_printf("%zu found", app->tree.count.n));
	app->net_search.goal = NET_SEARCH_OFF;
	return effects;
}

bool net_search_matches(const struct app *app, uint64_t tag)
{
	const struct ns *ns = app->current ? model_find_tag(app->current, tag) : NULL;
	struct net_hit hit;

	return ns && has_match(app, ns, query_of(app), &hit);
}

unsigned net_search_come(struct app *app, const struct ns_facts *facts, bool was_match)
{
	struct net_search *search = &app->net_search;
	const struct ns *ns = app->current ? model_find_tag(app->current, facts->tag) : NULL;
	struct net_hit hit;

	if (!u64_set_has(&search->waiting, facts->tag))
		return 0;
	u64_set_remove(&search->waiting, facts->tag);
	const bool is_match = ns && has_match(app, ns, query_of(app), &hit);
	if (search->goal == NET_SEARCH_TYPED) {
		if (is_match || was_match)
			state_add_facts(app);
		search_type_again(app);
		return EFFECT_REDRAW;
	}
	if (search->goal == NET_SEARCH_FIND && is_match)
		return find_match(app, ns, &hit);
	if (search->goal == NET_SEARCH_FILTER && (is_match || was_match))
		filter_match(app);
	if (!search->waiting.n)
		return end(app);
	return search->goal == NET_SEARCH_OFF ? 0 : say_progress(app);
}

void net_search_refresh(struct app *app)
{
	struct net_search *search = &app->net_search;

	for (size_t i = search->waiting.n; i-- > 0;) {
		const uint64_t tag = search->waiting.items[i];

		if (!model_find_tag(app->current, tag))
			u64_set_remove(&search->waiting, tag);
	}
	if (search->n && !search->waiting.n && search->goal > NET_SEARCH_TYPED)
		end(app);
}

void net_search_accepted(struct app *app)
{
	if (app->net_search.goal == NET_SEARCH_TYPED)
		app->net_search.goal = NET_SEARCH_OFF;
}

unsigned net_search_go_on(struct app *app, bool is_filter)
{
	app->net_search.goal = is_filter ? NET_SEARCH_FILTER : NET_SEARCH_FIND;
	app->net_search.from = selected_tag(app);
	return say_progress(app);
}
