/* SPDX-License-Identifier: Apache-2.0 */

/* The detail pane as far as it has state: which page, what is selected on it, where its references
 * lead. */

#include "base/memory.h"
#include "ui/app/app_internal.h"

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

void app_detail_open(struct app *app, const struct target *page)
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
	app_detail_open(app, &none);
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

/* The reference of line `index` that stands at `column`; a process's line is one as a whole. */
static bool ref_at(const struct detail *detail, size_t index, int column, size_t *ret_number)
{
	struct detail_ref ref;

	for (size_t i = 0; detail_ref(detail, index, i, &ref); i++) {
		if (detail_process(detail, index) ||
		        (column >= ref.column && column < ref.column + (int)ref.len)) {
			*ret_number = i;
			return true;
		}
	}
	return false;
}

bool app_detail_point(struct app *app, int row, int column)
{
	struct detail_pane *pane = pane_of(app);
	const size_t line = pane->top + (size_t)row;
	bool was_selected = false;
	struct detail detail;
	size_t number = 0;

	if (!app_detail(app, &detail))
		return false;
	if (line < detail_count(&detail)) {
		const bool is_ref = ref_at(&detail, line, column, &number);

		was_selected = is_ref && pane->line == line && pane->ref == number;
		pane->line = line;
		pane->ref = number;
		remember(pane, &detail);
	}
	detail_release(&detail);
	return was_selected;
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
	/* Where nobody has scrolled, the first line stays the first. */
	if (pane->top > 0)
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
		name_queue_add(&app->name_queue, app->names, own->uid);
	for (size_t i = 0; i < page; i++) {
		const struct process *process = detail_process(detail, app->detail.top + i);

		if (process && process->is_uid_known)
			name_queue_add(&app->name_queue, app->names, process->uid);
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

	if (node && node_tag(node) != app->detail.tag)
		app_detail_open(app, &none);
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
