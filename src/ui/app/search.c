/* SPDX-License-Identifier: Apache-2.0 */

/* Search, go-to and filter: prompts that act with each key. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/screens.h"
#include "view/go_to.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NO_NUMBER "no such PID or number here"

/* How to search on the topmost screen that can be searched. */
static const struct search_place *place_of(const struct app *app)
{
	size_t i = app->n_screens - 1;

	while (!app->screens[i]->search)
		i--;
	return app->screens[i]->search;
}

static struct search_query *query_of(struct app *app)
{
	return place_of(app)->has_page_query ? &app->search.page_query : &app->search.query;
}

/* Only the help and other pages have text before the first model. */
static bool has_text(const struct app *app)
{
	return app->current || screens_mode(app) == MODE_HELP;
}

static void mark_found(struct app *app, const char *query)
{
	if (place_of(app)->mark)
		place_of(app)->mark(app, query);
}

/* Says what was found if neither the row nor the detail pane shows it, unless the message would
 * cover the row. */
static void say_if_hidden(struct app *app)
{
	const struct geometry geometry = state_geometry(app);
	const struct scroller *list = &app->tree.scroller;
	const int row = geometry.list.row + (int)(list->selected - list->top);
	const char *words = match_hidden_words(app);

	if (words && !geometry.detail.rows && row < app->rows - 2)
		state_inform(app, words);
}

/* --- with each key ----------------------------------------------------------------------- */

static struct target target_of(const struct app *app, const struct go_to *candidate)
{
	return candidate->process ? detail_to_process(candidate->process)
	                          : detail_to_ns(place_of(app)->ns_at(app, candidate->node));
}

static void select_number(struct app *app, struct go_to_place *place, const struct go_to_list *list,
        size_t index, const char *digits)
{
	const struct go_to *candidate = &list->all[index];

	*place = (struct go_to_place){place->from, target_of(app, candidate), index, list->n};
	place_of(app)->select(app, candidate->node);
	place_of(app)->mark_number(app, candidate->process, digits);
}

/* Selects the best meaning of the number that is typed; false if it has none. */
static bool select_first_number(struct app *app)
{
	const struct search_place *place = place_of(app);
	struct prompt *prompt = &app->prompt;
	struct go_to_list list;

	app->search.typed = (struct go_to_place){.from = place->from(app)};
	place->find_numbers(app, prompt->text, app->search.typed.from, &list);
	const bool is_any = list.n > 0;
	if (is_any) {
		select_number(app, &app->search.typed, &list, 0, prompt->text);
		say_if_hidden(app);
		snprintf(prompt->note, sizeof(prompt->note), "1 of %zu", list.n);
	}
	go_to_release(&list);
	return is_any;
}

/* True if it is the list that is searched: network namespaces are read for it, not for the graph or
 * a page. */
static bool is_list(const struct app *app)
{
	return place_of(app) == panes_list.search;
}

/* What the prompt says if nothing is found in the list. */
static void note_nothing(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	const struct ns *ns = is_list(app) ? net_search_elsewhere(app, prompt->text) : NULL;
	size_t n, n_unknown;

	if (ns)
		snprintf(prompt->note, sizeof(prompt->note), "Enter: net:[%" PRIu64 "]", ns->inode);
	else if (net_search_is_on(app))
		snprintf(prompt->note, sizeof(prompt->note), "%s", net_search_words(app));
	else if (is_list(app) && read_mounts_begin(app, prompt->text))
		snprintf(prompt->note, sizeof(prompt->note), "mounts are read");
	else if (is_list(app) && (n = read_mounts_count_elsewhere(app, prompt->text)) > 0)
		snprintf(prompt->note, sizeof(prompt->note), "Enter: %zu in view mnt", n);
	else if (is_list(app) && (n_unknown = read_mounts_count_unknown(app, prompt->text, &n)) > 0)
		snprintf(prompt->note, sizeof(prompt->note), "not found, unknown in %zu of %zu",
		        n_unknown, n);
	else if (is_list(app) && (n_unknown = net_search_count_unknown(app, prompt->text, &n)) > 0)
		snprintf(prompt->note, sizeof(prompt->note), "not found, unknown in %zu of %zu",
		        n_unknown, n);
	else
		snprintf(prompt->note, sizeof(prompt->note), "not found");
}

static void find_text(struct app *app)
{
	const struct search_place *place = place_of(app);
	struct prompt *prompt = &app->prompt;

	place->come_back(app);
	app->search.has_found = false;
	app->search.typed = (struct go_to_place){0};
	if (!prompt->len || (place->takes_digits && select_first_number(app)))
		return;
	const struct finding finding = place->find(app, prompt->text, false, false);
	app->search.has_found = finding.n;
	/* Also if it is found: that may be outdated. */
	if (is_list(app) && net_search_is_form(prompt->text))
		net_search_begin(app);
	if (is_list(app))
		read_mounts_begin(app, prompt->text);
	if (!finding.n) {
		note_nothing(app);
		return;
	}
	place->select(app, finding.index);
	mark_found(app, prompt->text);
	say_if_hidden(app);
	snprintf(prompt->note, sizeof(prompt->note), "%zu of %zu", finding.place, finding.n);
}

static void find_number(struct app *app)
{
	struct prompt *prompt = &app->prompt;

	place_of(app)->come_back(app);
	if (!select_first_number(app) && prompt->len)
		snprintf(prompt->note, sizeof(prompt->note), NO_NUMBER);
}

/* True if that is another text than before. */
static bool set_filter_text(struct app *app, const char *text)
{
	const char *now = app->filter.text ? app->filter.text : "";

	if (strcmp(now, text) == 0)
		return false;
	free(app->filter.text);
	app->filter.text = *text ? memory_strdup(text) : NULL;
	return true;
}

static void filter_text(struct app *app)
{
	struct prompt *prompt = &app->prompt;

	if (set_filter_text(app, prompt->text))
		state_filter(app, app->search.from.selected);
	if (app->tree.filtered)
		snprintf(prompt->note, sizeof(prompt->note), "%zu found", app->tree.count.n);
	if (app->tree.filtered && read_mounts_begin(app, prompt->text) && !app->tree.count.n)
		snprintf(prompt->note, sizeof(prompt->note), "mounts are read");
	if (!app->tree.filtered || !net_search_is_form(prompt->text))
		return;
	net_search_begin(app);
	if (!app->tree.count.n && net_search_is_on(app))
		snprintf(prompt->note, sizeof(prompt->note), "%s", net_search_words(app));
}

static unsigned accept_text(struct app *app);
static unsigned accept_number(struct app *app);
static unsigned accept_filter(struct app *app);

static const struct {
	const char *title;
	void (*changed)(struct app *app);
	unsigned (*accept)(struct app *app);
} uses[SEARCH_USES] = {
        [SEARCH_TEXT] = {"Search: ", find_text, accept_text},
        [SEARCH_NUMBER] = {"Go to: ", find_number, accept_number},
        [SEARCH_FILTER] = {"Filter: ", filter_text, accept_filter},
};

static void act(struct app *app)
{
	app->search.edits = app->prompt.edits;
	*app->prompt.note = '\0';
	uses[app->search.use].changed(app);
}

const char *search_typed(const struct app *app)
{
	const bool is_searched = screens_is_top(app, &search_prompt) && is_list(app);

	return is_searched && app->search.use != SEARCH_NUMBER ? app->prompt.text : NULL;
}

void search_type_again(struct app *app)
{
	if (screens_is_top(app, &search_prompt))
		act(app);
}

/* Acts only if the text has changed, not if only the cursor has moved. */
static void settle(struct app *app)
{
	if (app->prompt.edits != app->search.edits)
		act(app);
}

/* --- opening and closing ----------------------------------------------------------------- */

unsigned search_open(struct app *app, long use)
{
	const char digit[] = {(char)app->key, '\0'};
	const char *filter = app->filter.text ? app->filter.text : "";

	if (!has_text(app))
		return state_inform(app, "nothing to search yet");
	const unsigned effects = net_search_stop(app, false) | read_mounts_stop(app, false);

	app->inside.store.round++;
	app->search.is_from_detail = app->panes.is_detail_focused;
	if (use != SEARCH_TEXT)
		screens_focus(app, false);
	place_of(app)->begin(app);
	app->search.use = (enum search_use)use;
	app->search.edits = 0;
	free(app->search.filter_before);
	app->search.filter_before = memory_strdup(filter);
	prompt_open(&app->prompt, uses[use].title,
	        use == SEARCH_FILTER   ? filter
	        : use == SEARCH_NUMBER ? digit
	                               : "");
	/* Facts may have come since the text of the list was prepared. */
	state_add_facts(app);
	return effects | screens_open(app, &search_prompt);
}

static unsigned cancel(struct app *app)
{
	if (app->search.use == SEARCH_FILTER) {
		set_filter_text(app, app->search.filter_before);
		state_filter(app, app->search.from.selected);
	}
	place_of(app)->come_back(app);
	screens_focus(app, app->search.is_from_detail);
	return net_search_stop(app, false) | screens_close_prompt(app);
}

/* --- the result -------------------------------------------------------------------------- */

/* How many rows of another view match: in the user hierarchy a search for the name of a network
 * namespace finds nothing. */
static size_t count_elsewhere(struct app *app, const char *query, enum view_kind *ret)
{
	const struct tree_source source = state_source(app);

	return tree_search_count(&app->tree, &source, query, ret);
}

/* How to get to another view: there is no such key on the graph. */
static const char *keys_to_view(const struct app *app)
{
	if (screens_mode(app) == MODE_GRAPH)
		return " of the list";
	return app->tree.filtered ? " without the filter (Esc Esc V)" : " (V)";
}

static unsigned say_not_found(struct app *app)
{
	const char *text = query_of(app)->text;
	_cleanup_free_ char *query = escape_text(text);

	if (place_of(app)->is_page)
		return state_say(app, true, memory_printf("not found on this page: %s", query));
	if (is_list(app) && (net_search_show(app, text) || read_mounts_go_on(app, text, false) ||
	                            read_mounts_show(app, text)))
		return EFFECT_REDRAW;
	enum view_kind kind;
	const size_t n = count_elsewhere(app, text, &kind);

	if (is_list(app) && (!n || net_search_is_form(text)) && net_search_begin(app))
		return net_search_go_on(app, false);
	if (!n)
		return net_search_say_nothing(app);
	return state_say(app, true,
	        memory_printf("not found here, but %zu in view %s%s: %s", n,
	                view_kind_row(kind)->name, keys_to_view(app), query));
}

/* And what it is, if the row does not show it: that may be long, and comes last. */
static unsigned say_found(struct app *app, const struct finding *finding, bool is_back)
{
	const char *words = match_hidden_words(app);
	_cleanup_free_ char *query = escape_text(query_of(app)->text);

	return state_say(app, false,
	        memory_printf("%s: %zu of %zu%s%s%s", query, finding->place, finding->n,
	                !finding->has_wrapped ? ""
	                : is_back             ? ", continued from the end"
	                                      : ", continued from the top",
	                words ? ": " : "", words ? words : ""));
}

/* What the only match is, if the row does not show it. */
static unsigned say_words(struct app *app)
{
	const char *words = match_hidden_words(app);

	return words ? state_inform(app, words) : EFFECT_REDRAW;
}

/* The same; a path may be in a command line, and what is searched for are mounts. */
static unsigned say_also(struct app *app)
{
	const char *text = query_of(app)->text;
	const size_t n = is_list(app) ? read_mounts_count_elsewhere(app, text) : 0;
	_cleanup_free_ char *query = escape_text(text);

	if (!n)
		return say_words(app);
	return state_say(app, false,
	        memory_printf("%s: also mounts of %zu mount namespace%s, in view mnt (V)", query, n,
	                n == 1 ? "" : "s"));
}

static unsigned say_no_number(struct app *app, const char *digits)
{
	_cleanup_free_ char *text = escape_text(digits);

	return state_say(app, true, memory_printf("%s: " NO_NUMBER, text));
}

/* The place in the list of the candidate that was selected last; if it is gone, of the one that has
 * its place now. */
static size_t find_place(
        const struct app *app, const struct go_to_place *place, const struct go_to_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct target target = target_of(app, &list->all[i]);

		if (detail_is_same(&target, &place->at))
			return i;
	}
	return MIN(place->index, list->n - 1);
}

static unsigned go_on(struct app *app, bool is_back)
{
	struct search_query *query = query_of(app);
	struct go_to_place *place = &query->place;
	struct finding finding = {0};
	struct go_to_list list;

	place_of(app)->find_numbers(app, query->text, place->from, &list);
	finding.n = list.n;
	if (list.n) {
		const size_t at = find_place(app, place, &list);
		const size_t next = is_back ? (at ? at : list.n) - 1 : (at + 1) % list.n;

		finding.place = next + 1;
		finding.has_wrapped = is_back ? next >= at : next <= at;
		select_number(app, place, &list, next, query->text);
	}
	go_to_release(&list);
	return finding.n ? say_found(app, &finding, is_back) : say_no_number(app, query->text);
}

unsigned search_again(struct app *app, long step)
{
	const struct search_place *place = place_of(app);
	const struct search_query *query = query_of(app);
	const bool is_back = step < 0;

	if (!query->text || !has_text(app))
		return state_inform(app, "no search yet (/)");
	if (query->is_number && place->find_numbers)
		return go_on(app, is_back);
	const struct finding finding = place->find(app, query->text, true, is_back);
	if (!finding.n)
		return say_not_found(app);
	place->select(app, finding.index);
	mark_found(app, query->text);
	return say_found(app, &finding, is_back);
}

unsigned search_say_found(struct app *app, const struct finding *finding)
{
	return say_found(app, finding, false);
}

void search_accepted_again(struct app *app)
{
	const char *text = app->search.query.text;
	const struct finding finding = panes_list.search->find(app, text, false, false);

	if (!finding.n) {
		say_not_found(app);
		return;
	}
	jumps_visit(app);
	panes_list.search->select(app, finding.index);
	match_in_row(app, text);
	say_found(app, &finding, false);
}

static void keep_found(struct app *app)
{
	if (place_of(app)->keep)
		place_of(app)->keep(app);
}

/* For n and N. */
static struct search_query *keep_query(struct app *app, bool is_number)
{
	struct search_query *query = query_of(app);

	free(query->text);
	query->text = memory_strdup(app->prompt.text);
	query->is_number = is_number;
	return query;
}

static unsigned accept_number(struct app *app)
{
	const struct finding first = {.place = 1, .n = app->search.typed.n};

	keep_found(app);
	if (first.n)
		keep_query(app, true)->place = app->search.typed;
	if (first.n > 1)
		say_found(app, &first, false);
	else if (first.n)
		say_words(app);
	else if (app->prompt.len)
		say_no_number(app, app->prompt.text);
	return screens_close_prompt(app);
}

/* An empty search repeats the last one. */
static unsigned accept_text(struct app *app)
{
	if (!app->prompt.len) {
		screens_close_prompt(app);
		return query_of(app)->text ? search_again(app, 1) : EFFECT_REDRAW;
	}
	if (app->search.typed.n)
		return accept_number(app);
	keep_query(app, false);
	keep_found(app);
	screens_close_prompt(app);
	return app->search.has_found ? say_also(app) : say_not_found(app);
}

/* More may match when network namespaces are read. */
static unsigned accept_filter(struct app *app)
{
	const char *text = app->filter.text;
	enum view_kind kind;

	screens_close_prompt(app);
	if (text && app->tree.filtered && !app->tree.count.n && read_mounts_go_on(app, text, true))
		return net_search_stop(app, false) | EFFECT_REDRAW;
	if (!text || !app->tree.filtered ||
	        (!net_search_is_form(text) && count_elsewhere(app, text, &kind)))
		return net_search_stop(app, false) | EFFECT_REDRAW;
	return net_search_begin(app) ? net_search_go_on(app, true) : EFFECT_REDRAW;
}

static unsigned accept(struct app *app)
{
	act(app);
	const unsigned effects = uses[app->search.use].accept(app);
	net_search_accepted(app);
	return effects;
}

const struct screen search_prompt = {
        .mode = MODE_PROMPT,
        .place = SCREEN_LAST,
        .takes_text = true,
        .draw = screens_draw_prompt,
        .settle = settle,
        .accept = accept,
        .close = cancel,
};
