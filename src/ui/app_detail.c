/* SPDX-License-Identifier: Apache-2.0 */

/* The detail pane as far as it has state: which page, what is selected on it, where its references
 * lead, and the places visited. */

#include "base/memory.h"
#include "ui/app_internal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct detail_pane *pane_of(struct app *app)
{
	return &app->detail;
}

/* --- the page ----------------------------------------------------------------------- */

static const struct model *model_of(const struct app *app, const struct node *node)
{
	return node->mark == MARK_GONE ? app->marks.baseline : app->current;
}

bool app_detail(const struct app *app, struct detail *ret)
{
	const struct node *node = tree_selected(&app->tree);
	struct geometry geometry;

	if (!node)
		return false;
	app_geometry(app, &geometry);
	const struct model *model = model_of(app, node);
	const struct process *process = target_process(&app->detail.page, model);
	const bool has_facts = process && app->has_facts && app->facts.pid == process->pid &&
	                       app->facts.started == process->started;
	const struct detail_source source = {
	        .model = model,
	        .ns = node->ns,
	        .process = process,
	        .facts = has_facts ? &app->facts : NULL,
	        .names = app->names,
	        .self = app->options.self,
	        .is_gone = node->mark == MARK_GONE,
	        .is_live = app->options.is_live,
	        .utc_offset = app->options.utc_offset,
	        .columns = geometry.detail.columns,
	        .is_ascii = app->options.is_ascii,
	};
	detail_build(ret, &source);
	return true;
}

/* The page of what is now selected in the tree, from its top. */
static void open_page(struct app *app, const struct target *page)
{
	const struct node *node = tree_selected(&app->tree);
	const bool is_own = page->kind == TARGET_NONE && node && node->process;

	app->detail = (struct detail_pane){
	        .tag = node ? node_tag(node) : 0,
	        .page = is_own ? target_of_process(node->process) : *page,
	};
	app->has_facts = false;
	app->is_facts_wanted = app->options.is_live && app->detail.page.kind == TARGET_PROCESS;
}

bool app_next_process(struct app *app, pid_t *ret_pid, uint64_t *ret_started)
{
	if (!app->is_facts_wanted)
		return false;
	app->is_facts_wanted = false;
	*ret_pid = app->detail.page.pid;
	*ret_started = app->detail.page.started;
	return true;
}

bool app_detail_learn(struct app *app, const struct process_facts *facts)
{
	const struct target *page = &app->detail.page;

	if (page->kind != TARGET_PROCESS || page->pid != facts->pid ||
	        page->started != facts->started)
		return false;
	app->facts = *facts;
	app->has_facts = true;
	return true;
}

bool app_detail_close_page(struct app *app)
{
	static const struct target none = {.kind = TARGET_NONE};
	const struct node *node = tree_selected(&app->tree);
	const struct target own = target_of_process(node ? node->process : NULL);

	if (target_is_same(&app->detail.page, &own))
		return false;
	open_page(app, &none);
	return true;
}

/* --- moving about on it ---------------------------------------------------------------- */

static void keep_in_view(struct detail_pane *pane, size_t page, size_t n)
{
	const size_t most = n > page ? n - page : 0;

	if (pane->line >= n)
		pane->line = n ? n - 1 : 0;
	if (pane->top > most)
		pane->top = most;
	if (pane->top > pane->line)
		pane->top = pane->line;
	if (pane->line >= pane->top + page)
		pane->top = pane->line - page + 1;
}

static size_t moved(size_t from, long by, size_t n)
{
	const size_t step = by < 0 ? (size_t)-by : (size_t)by;

	if (by < 0)
		return from > step ? from - step : 0;
	return step < n && from < n - step ? from + step : n ? n - 1 : 0;
}

/* What is selected there, so that it can be found again in the next model. */
static void remember(struct detail_pane *pane, const struct detail *detail)
{
	struct detail_ref ref;

	pane->at = (struct target){.kind = TARGET_NONE};
	if (detail_ref(detail, pane->line, pane->ref, &ref))
		pane->at = ref.target;
}

void app_detail_move(struct app *app, long lines, bool is_paging)
{
	struct detail_pane *pane = pane_of(app);
	struct detail detail;

	if (!app_detail(app, &detail))
		return;
	const size_t n = detail_count(&detail);
	pane->line = moved(pane->line, lines, n);
	pane->ref = 0;
	if (is_paging)
		pane->top = moved(pane->top, lines, n);
	keep_in_view(pane, app_page(app), n);
	remember(pane, &detail);
	detail_release(&detail);
}

/* To the next line with a reference in that direction; false if there is none. */
static bool to_line_with_ref(struct detail_pane *pane, const struct detail *detail, bool is_next)
{
	const size_t n = detail_count(detail);

	for (size_t i = pane->line; is_next ? i + 1 < n : i > 0;) {
		i = is_next ? i + 1 : i - 1;
		const size_t refs = detail_count_refs(detail, i);

		if (!refs)
			continue;
		pane->line = i;
		pane->ref = is_next ? 0 : refs - 1;
		return true;
	}
	return false;
}

static unsigned step_ref(struct app *app, bool is_next)
{
	struct detail_pane *pane = pane_of(app);
	struct detail detail;

	if (!app_detail(app, &detail))
		return 0;
	const size_t refs = detail_count_refs(&detail, pane->line);
	if (is_next && pane->ref + 1 < refs)
		pane->ref++;
	else if (!is_next && refs && pane->ref > 0)
		pane->ref--;
	else
		to_line_with_ref(pane, &detail, is_next);
	keep_in_view(pane, app_page(app), detail_count(&detail));
	remember(pane, &detail);
	detail_release(&detail);
	return EFFECT_REDRAW;
}

unsigned app_do_next_ref(struct app *app)
{
	return step_ref(app, true);
}

unsigned app_do_previous_ref(struct app *app)
{
	return step_ref(app, false);
}

/* The lines may have moved: the selected one is where its reference is. */
static void find_again(struct detail_pane *pane, const struct detail *detail)
{
	struct detail_ref ref;
	size_t line;

	if (pane->at.kind == TARGET_NONE)
		return;
	if (detail_ref(detail, pane->line, pane->ref, &ref) &&
	        target_is_same(&ref.target, &pane->at))
		return;
	if (!detail_find(detail, &pane->at, &line))
		return;
	const size_t offset = pane->line - pane->top;
	pane->line = line;
	pane->top = line > offset ? line - offset : 0;
	pane->ref = 0;
	for (size_t i = 0; detail_ref(detail, line, i, &ref); i++) {
		if (target_is_same(&ref.target, &pane->at))
			pane->ref = i;
	}
}

/* On a new page the first reference in view is selected: Enter follows it. */
static void settle_first(struct detail_pane *pane, const struct detail *detail, size_t page)
{
	if (pane->is_settled)
		return;
	pane->is_settled = true;
	if (!detail_count_refs(detail, 0) && to_line_with_ref(pane, detail, true) &&
	        pane->line >= page)
		pane->line = 0;
	remember(pane, detail);
}

/* The names of those in view are wanted. */
static void want_names(struct app *app, const struct detail *detail, size_t page)
{
	const struct process *own = detail->source.process;

	if (!app->options.is_live)
		return;
	if (own && own->is_uid_known)
		wanted_add(&app->wanted, app->names, own->uid);
	for (size_t i = 0; i < page; i++) {
		const struct process *process = detail_process(detail, app->detail.top + i);

		if (process && process->is_uid_known)
			wanted_add(&app->wanted, app->names, process->uid);
	}
}

void app_detail_refresh(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const struct target *page = &app->detail.page;

	if (!node || node_tag(node) != app->detail.tag)
		return;
	if (page->kind == TARGET_PROCESS && !target_process(page, model_of(app, node))) {
		app_say(app, false, memory_printf("process %jd has ended", (intmax_t)page->pid));
		app_detail_close_page(app);
	}
	app->is_facts_wanted = app->options.is_live && page->kind == TARGET_PROCESS;
}

void app_detail_settle(struct app *app, const struct geometry *geometry)
{
	static const struct target none = {.kind = TARGET_NONE};
	const struct node *node = tree_selected(&app->tree);
	const size_t page = (size_t)geometry->detail.rows;
	struct detail detail;

	if (!app->is_detail_focused)
		app->is_detail_maximised = false;
	if (node && node_tag(node) != app->detail.tag)
		open_page(app, &none);
	if (!node || !page || !app_detail(app, &detail))
		return;
	settle_first(pane_of(app), &detail, page);
	find_again(pane_of(app), &detail);
	keep_in_view(pane_of(app), page, detail_count(&detail));
	want_names(app, &detail, page);
	detail_release(&detail);
}

bool app_detail_selected(const struct app *app, struct target *ret)
{
	struct detail detail;
	struct detail_ref ref;

	if (!app->is_detail_focused || !app_detail(app, &detail))
		return false;
	const bool has_ref = detail_ref(&detail, app->detail.line, app->detail.ref, &ref);
	if (has_ref)
		*ret = ref.target;
	detail_release(&detail);
	return has_ref;
}

char *app_detail_line(const struct app *app)
{
	struct frame_row row = {0};
	struct detail detail;

	if (!app->is_detail_focused || !app_detail(app, &detail))
		return NULL;
	if (app->detail.line < detail_count(&detail))
		detail_draw(&detail, app->detail.line, false, NULL, &row);
	detail_release(&detail);
	free(row.spans);
	if (row.text)
		memmove(row.text, row.text + strspn(row.text, " "),
		        row.len + 1 - strspn(row.text, " "));
	return row.text;
}

/* --- the panes --------------------------------------------------------------------------- */

unsigned app_do_split(struct app *app)
{
	struct geometry geometry;

	app_geometry(app, &geometry);
	app->split = geometry.is_right ? SPLIT_BOTTOM : SPLIT_RIGHT;
	app->is_detail_hidden = false;
	return EFFECT_REDRAW;
}

unsigned app_do_hide_detail(struct app *app)
{
	app->is_detail_hidden = !app->is_detail_hidden;
	if (app->is_detail_hidden)
		app->is_detail_focused = false;
	return EFFECT_REDRAW;
}

unsigned app_do_maximise(struct app *app)
{
	app->is_detail_maximised = !app->is_detail_maximised;
	if (app->is_detail_maximised)
		app->is_detail_focused = true;
	return EFFECT_REDRAW;
}

/* --- going places -------------------------------------------------------------------------- */

static struct place here(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	return (struct place){
	        .view = app->tree.view,
	        .tag = node ? node_tag(node) : 0,
	        .page = app->detail.page,
	        .is_detail_focused = app->is_detail_focused,
	        .top = app->detail.top,
	        .line = app->detail.line,
	        .ref = app->detail.ref,
	};
}

void app_visit(struct app *app)
{
	const struct place place = here(app);

	if (tree_selected(&app->tree))
		places_visit(&app->places, &place);
}

static bool is_selected(const struct app *app, uint64_t tag)
{
	const struct node *node = tree_selected(&app->tree);

	return node && node_tag(node) == tag;
}

/* The view in which a namespace is to be seen: false if there is none. */
static bool view_for(const struct ns *ns, struct view_options *view)
{
	view->by_owner = false;
	if (ns->type == NS_USER || ns->type == NS_PID) {
		view->kind = ns->type == NS_USER ? VIEW_USER : VIEW_PID;
		return true;
	}
	view->kind = VIEW_USER;
	view->with_details = true;
	return ns->owner.ns;
}

bool app_show_ns(struct app *app, uint64_t tag)
{
	const struct ns *ns = model_find_tag(app->current, tag);
	const struct tree_source source = app_source(app);
	struct view_options view = app->tree.view;

	if (tree_go_tag(&app->tree, &app->marks, tag))
		return true;
	if (!ns || !view_for(ns, &view))
		return false;
	tree_set_view(&app->tree, &source, &view, tag);
	return is_selected(app, tag);
}

static unsigned follow_ns(struct app *app, uint64_t tag)
{
	static const struct target none = {.kind = TARGET_NONE};
	const struct place from = here(app);

	if (!app_show_ns(app, tag)) {
		app_say(app, false, memory_strdup("no view shows that namespace"));
		return EFFECT_REDRAW;
	}
	places_visit(&app->places, &from);
	open_page(app, &none);
	return EFFECT_REDRAW;
}

static unsigned follow_process(struct app *app, const struct target *target)
{
	app_visit(app);
	open_page(app, target);
	return EFFECT_REDRAW;
}

static unsigned follow_table(struct app *app)
{
	struct detail detail;

	if (!app_detail(app, &detail))
		return 0;
	const size_t first = detail.n_facts;
	detail_release(&detail);
	app_detail_move(app, (long)first - (long)app->detail.line, false);
	return EFFECT_REDRAW;
}

unsigned app_do_follow(struct app *app)
{
	struct target target;

	if (!app_detail_selected(app, &target)) {
		app_say(app, false, memory_strdup("nothing to follow on this line"));
		return EFFECT_REDRAW;
	}
	switch (target.kind) {
	case TARGET_NS:
		return follow_ns(app, target.tag);
	case TARGET_PROCESS:
		return follow_process(app, &target);
	case TARGET_TABLE:
		return follow_table(app);
	case TARGET_NONE:
		break;
	}
	return 0;
}

static bool is_same_view(const struct view_options *a, const struct view_options *b)
{
	return a->kind == b->kind && a->with_details == b->with_details &&
	       a->by_owner == b->by_owner;
}

/* False if what was there is gone. */
static bool restore(struct app *app, const struct place *place)
{
	const struct tree_source source = app_source(app);
	const struct view_options *now = &app->tree.view;

	if (is_same_view(now, &place->view)) {
		if (!tree_go_tag(&app->tree, &app->marks, place->tag))
			return false;
	} else {
		const struct place from = here(app);

		tree_set_view(&app->tree, &source, &place->view, place->tag);
		if (!is_selected(app, place->tag)) {
			tree_set_view(&app->tree, &source, &from.view, from.tag);
			return false;
		}
	}
	open_page(app, &place->page);
	app->detail.is_settled = true;
	app->is_detail_focused = place->is_detail_focused;
	app->detail.top = place->top;
	app->detail.line = place->line;
	app->detail.ref = place->ref;
	return true;
}

unsigned app_do_back(struct app *app)
{
	const struct place now = here(app);
	struct place place;

	while (app->current && places_back(&app->places, &now, &place)) {
		if (restore(app, &place))
			return EFFECT_REDRAW;
		places_forget_back(&app->places);
	}
	app_say(app, false, memory_strdup("no place before this one"));
	return EFFECT_REDRAW;
}

unsigned app_do_forward(struct app *app)
{
	const struct place now = here(app);
	struct place place;

	while (app->current && places_forward(&app->places, &now, &place)) {
		if (restore(app, &place))
			return EFFECT_REDRAW;
		places_forget_forward(&app->places);
	}
	app_say(app, false, memory_strdup("no place after this one"));
	return EFFECT_REDRAW;
}
