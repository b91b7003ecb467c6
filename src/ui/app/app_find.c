/* SPDX-License-Identifier: Apache-2.0 */

/* Search, go-to and filter: prompts that act with each key. */

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "ui/app/app_internal.h"

#include <stdlib.h>
#include <string.h>

/* --- where to look ---------------------------------------------------------------------------- */

static void leave_list(struct app *app)
{
	tree_leave(&app->tree, &app->finder.from);
}

static void come_back_to_list(struct app *app)
{
	tree_return(&app->tree, &app->marks, &app->finder.from);
}

static struct finding find_in_list(struct app *app, const char *query, bool is_next, bool is_back)
{
	const struct tree_source source = app_source(app);

	return finder_find(&app->tree, &source, query, is_next, is_back);
}

static void take_in_list(struct app *app, size_t index)
{
	tree_select(&app->tree, &app->marks, index);
}

/* What was found stays selected; where it began is a place visited. */
static void keep_in_list(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const uint64_t tag = node ? node_tag(node) : 0;

	if (!node || tag == app->finder.from.selected)
		return;
	tree_return(&app->tree, &app->marks, &app->finder.from);
	app_visit(app);
	tree_go_tag(&app->tree, &app->marks, tag);
}

static const struct app_search *search_of(const struct app *app)
{
	static const struct app_search in_list = {
	        leave_list, come_back_to_list, find_in_list, take_in_list, keep_in_list};

	return app->graph.is_shown ? &app_graph_search : &in_list;
}

/* --- the prompts ------------------------------------------------------------------------------ */

static unsigned open_prompt(struct app *app, enum finder_use use, const char *title, char *text)
{
	if (!app->current) {
		app_say(app, false, memory_strdup("nothing to look at yet"));
		free(text);
		return EFFECT_REDRAW;
	}
	app->is_detail_focused = false;
	app->finder.use = use;
	search_of(app)->leave(app);
	prompt_open(&app->prompt, title, text);
	free(text);
	return EFFECT_REDRAW;
}

bool app_find_is_open(const struct app *app)
{
	return app->finder.use != FINDER_NONE && prompt_is_open(&app->prompt);
}

static void close_prompt(struct app *app)
{
	prompt_close(&app->prompt);
	app->finder.use = FINDER_NONE;
}

unsigned app_do_search(struct app *app)
{
	return open_prompt(app, FINDER_SEARCH, "Search: ", memory_strdup(""));
}

unsigned app_do_go_to(struct app *app)
{
	const char digit[] = {(char)app->key, '\0'};
	const unsigned effects = open_prompt(app, FINDER_NUMBER, "Go to: ", memory_strdup(digit));

	app_find_changed(app);
	return effects;
}

unsigned app_do_filter(struct app *app)
{
	const char *text = app->filter.text ? app->filter.text : "";

	free(app->finder.filter_before);
	app->finder.filter_before = memory_strdup(text);
	return open_prompt(app, FINDER_FILTER, "Filter: ", memory_strdup(text));
}

/* --- as one types --------------------------------------------------------------------------- */

static void search_changed(struct app *app)
{
	const struct app_search *search = search_of(app);
	struct prompt *prompt = &app->prompt;

	search->come_back(app);
	if (!prompt->len)
		return;
	const struct finding finding = search->find(app, prompt->text, false, false);
	if (!finding.n) {
		snprintf(prompt->note, sizeof(prompt->note), "not found");
		return;
	}
	search->take(app, finding.index);
	snprintf(prompt->note, sizeof(prompt->note), "%zu of %zu", finding.place, finding.n);
}

#define NO_NUMBER "no such PID or number here"

static void number_changed(struct app *app)
{
	struct prompt *prompt = &app->prompt;

	tree_return(&app->tree, &app->marks, &app->finder.from);
	if (!prompt->len)
		return;
	const size_t index =
	        match_number(&app->tree.hierarchy, app->current, prompt->text, app->tree.filtered);
	if (index == NODE_NO_PARENT)
		snprintf(prompt->note, sizeof(prompt->note), NO_NUMBER);
	else
		tree_select(&app->tree, &app->marks, index);
}

void app_filter_changed(struct app *app, uint64_t tag)
{
	const struct tree_source source = app_source(app);

	if (app->current)
		tree_filter(&app->tree, &source, tag);
}

static void set_filter_text(struct app *app, const char *text)
{
	free(app->filter.text);
	app->filter.text = text && *text ? memory_strdup(text) : NULL;
}

static void filter_changed(struct app *app)
{
	struct prompt *prompt = &app->prompt;
	const char *now = app->filter.text ? app->filter.text : "";

	if (strcmp(now, prompt->text) != 0) {
		set_filter_text(app, prompt->text);
		app_filter_changed(app, app->finder.from.selected);
	}
	if (app->tree.filtered)
		snprintf(prompt->note, sizeof(prompt->note), "%zu found", app->tree.count.n);
}

void app_find_changed(struct app *app)
{
	static void (*const changed[])(struct app *) = {
	        [FINDER_SEARCH] = search_changed,
	        [FINDER_NUMBER] = number_changed,
	        [FINDER_FILTER] = filter_changed,
	};

	if (!app_find_is_open(app))
		return;
	*app->prompt.note = '\0';
	changed[app->finder.use](app);
}

/* --- Enter and Esc ---------------------------------------------------------------------------- */

/* How many of all namespaces match, whatever the view: where nothing was found, who looks for the
 * name of a network namespace is to be told that there is one. */
static size_t count_everywhere(const struct app *app, const char *query)
{
	const struct model *baseline = app->marks.baseline;
	struct hierarchy all;
	size_t n = 0;

	hierarchy_build(&all, app->current, NULL, &(struct view_options){.kind = VIEW_ALL});
	struct haystack *haystack = haystack_new(&all, app->current, baseline, app->names);
	_cleanup_free_ bool *hits = memory_new(all.n + 1);
	haystack_find(haystack, query, hits);
	for (size_t i = 0; i < all.n; i++)
		n += hits[i];
	haystack_free(haystack);
	hierarchy_release(&all);
	return n;
}

static void say_not_found(struct app *app)
{
	_cleanup_free_ char *query = escape_text(app->finder.query);
	const size_t n = count_everywhere(app, app->finder.query);

	app_say(app, true,
	        n ? memory_printf("not found here, but %zu in the view of all (V): %s", n, query)
	          : memory_printf("not found: %s", query));
}

/* An empty search is the one before once more. */
static unsigned accept_search(struct app *app)
{
	if (!app->prompt.len) {
		close_prompt(app);
		return app->finder.query ? app_do_search_next(app) : EFFECT_REDRAW;
	}
	const bool is_found = strcmp(app->prompt.note, "not found") != 0;
	free(app->finder.query);
	app->finder.query = memory_strdup(app->prompt.text);
	search_of(app)->keep(app);
	close_prompt(app);
	if (!is_found)
		say_not_found(app);
	return EFFECT_REDRAW;
}

unsigned app_find_accept(struct app *app)
{
	app_find_changed(app);
	if (app->finder.use == FINDER_SEARCH)
		return accept_search(app);
	if (app->finder.use == FINDER_NUMBER) {
		search_of(app)->keep(app);
		if (*app->prompt.note) {
			_cleanup_free_ char *text = escape_text(app->prompt.text);

			app_say(app, true, memory_printf("%s: " NO_NUMBER, text));
		}
	}
	close_prompt(app);
	return EFFECT_REDRAW;
}

unsigned app_find_cancel(struct app *app)
{
	if (app->finder.use == FINDER_FILTER) {
		set_filter_text(app, app->finder.filter_before);
		app_filter_changed(app, app->finder.from.selected);
	}
	search_of(app)->come_back(app);
	close_prompt(app);
	return EFFECT_REDRAW;
}

/* --- what was sought before ------------------------------------------------------------------- */

static unsigned search_again(struct app *app, bool is_back)
{
	const struct app_search *search = search_of(app);

	if (!app->finder.query || !app->current) {
		app_say(app, false, memory_strdup("nothing was searched for yet (/)"));
		return EFFECT_REDRAW;
	}
	_cleanup_free_ char *query = escape_text(app->finder.query);
	const struct finding finding = search->find(app, app->finder.query, true, is_back);
	if (!finding.n) {
		say_not_found(app);
		return EFFECT_REDRAW;
	}
	search->take(app, finding.index);
	app_say(app, false,
	        memory_printf("%s: %zu of %zu%s", query, finding.place, finding.n,
	                !finding.has_wrapped ? ""
	                : is_back            ? ", on from the end"
	                                     : ", on from the top"));
	return EFFECT_REDRAW;
}

unsigned app_do_search_next(struct app *app)
{
	return search_again(app, false);
}

unsigned app_do_search_previous(struct app *app)
{
	return search_again(app, true);
}

/* --- the end of a filter
 * --------------------------------------------------------------------------- */

unsigned app_filter_escape(struct app *app)
{
	if (!filter_is_on(&app->filter))
		return 0;
	if (app->is_second_escape) {
		const struct node *node = tree_selected(&app->tree);

		filter_release(&app->filter);
		app_filter_changed(app, node ? node_tag(node) : app->tree.unseen);
	} else {
		app_say(app, false, memory_strdup("Esc once more shows everything again"));
	}
	return EFFECT_REDRAW;
}
