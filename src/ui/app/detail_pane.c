/* SPDX-License-Identifier: Apache-2.0 */

/* The state of the detail pane: the page that is open, the line and reference selected on it. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/app/screens.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the page ---------------------------------------------------------------------------- */

/* The page is built before facts_settle has seen another selection. */
static bool is_reading(const struct app *app, const struct node *node)
{
	return app->inside.state == INSIDE_LATE && node->ns && node->mark != MARK_GONE &&
	       node->ns->tag == app->inside.tag;
}

struct detail_source detail_pane_source(const struct app *app, const struct node *node)
{
	const struct detail_pane *pane = &app->detail;
	const struct model *model = state_selected_model(app);
	const struct process *process = detail_target_process(&pane->page, model);
	const bool has_facts = process && pane->has_facts && pane->facts.pid == process->pid &&
	                       pane->facts.started == process->started;

	return (struct detail_source){
	        .model = model,
	        .ns = node->ns,
	        .is_unknown = node->is_unknown,
	        .is_unread = node->is_unread,
	        .lack = node->lack,
	        .container = node->container,
	        .mount = node->mount,
	        .pin = node->pin,
	        .is_numberless = node->is_numberless,
	        .mnt = app->tree.view.kind == VIEW_MOUNTS ? app->tree.hierarchy.nodes[0].ns : NULL,
	        /* A mount of the list is one of those that the list has. */
	        .mounts = app->tree.view.kind == VIEW_MOUNTS
	                          ? app->tree.hierarchy.mounts
	                          : facts_store_mounts(&app->inside.store, model),
	        .group = node->group,
	        .pod = node->pod,
	        .process = process,
	        .facts = has_facts ? &pane->facts : NULL,
	        .inside = &app->inside.store,
	        .is_reading = is_reading(app, node),
	        .can_ask = app->is_live,
	        .names = app->names,
	        .self = app->self,
	        .is_gone = node->mark == MARK_GONE,
	        .utc_offset = app->utc_offset,
	        .columns = state_geometry(app).detail.columns,
	        .is_ascii = app->is_ascii,
	        .with_cmdlines = state_shows_cmdlines(app),
	        .unfolded = &app->unfolded,
	};
}

/* What can differ between two pages that are built for one event. */
static bool is_same(const struct detail_source *a, const struct detail_source *b)
{
	return a->model == b->model && a->ns == b->ns && a->process == b->process &&
	       a->container == b->container && a->group == b->group && a->pod == b->pod &&
	       a->pin == b->pin && a->is_numberless == b->is_numberless && a->mount == b->mount &&
	       a->mounts == b->mounts && a->mnt == b->mnt && a->is_unknown == b->is_unknown &&
	       a->lack == b->lack && a->facts == b->facts && a->is_gone == b->is_gone &&
	       a->is_reading == b->is_reading && a->columns == b->columns &&
	       a->is_ascii == b->is_ascii && a->with_cmdlines == b->with_cmdlines;
}

void detail_pane_drop(struct app *app)
{
	if (app->detail.is_built)
		detail_release(&app->detail.built);
	app->detail.is_built = false;
}

const struct detail *detail_pane_page(struct app *app)
{
	struct detail_pane *pane = &app->detail;
	const struct node *node = tree_selected(&app->tree);

	if (!node)
		return NULL;
	const struct detail_source source = detail_pane_source(app, node);
	if (pane->is_built && is_same(&pane->built.source, &source))
		return &pane->built;
	detail_pane_drop(app);
	detail_build(&pane->built, &source);
	pane->is_built = true;
	return &pane->built;
}

/* A match of the page ends with the page, or when another line is selected. */
static void end_match(struct app *app)
{
	if (app->match.is_in_pane)
		match_end(app);
}

void detail_pane_open(struct app *app, const struct target *page)
{
	const struct node *node = tree_selected(&app->tree);
	const bool is_own = page->kind == TARGET_NONE && node && node->process;

	end_match(app);
	detail_pane_drop(app);
	app->detail = (struct detail_pane){
	        .tag = node_tag(node),
	        .page = is_own ? detail_to_process(node->process) : *page,
	};
	app->detail.needs_facts = app->is_live && app->detail.page.kind == TARGET_PROCESS;
}

bool detail_pane_is_own(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const struct target own = detail_to_process(node ? node->process : NULL);

	return detail_is_same(&app->detail.page, &own);
}

bool detail_pane_close_page(struct app *app)
{
	if (detail_pane_is_own(app))
		return false;
	detail_pane_open(app, &detail_nowhere);
	return true;
}

bool detail_pane_set_facts(struct app *app, const struct process_facts *facts)
{
	struct detail_pane *pane = &app->detail;

	if (pane->page.kind != TARGET_PROCESS || pane->page.pid != facts->pid ||
	        pane->page.started != facts->started)
		return false;
	pane->facts = *facts;
	pane->has_facts = true;
	return true;
}

/* --- moving the selection ---------------------------------------------------------------- */

int detail_pane_rows(const struct app *app)
{
	return state_geometry(app).detail.rows;
}

static void keep_in_view(struct app *app, const struct detail *detail)
{
	const int rows = detail_pane_rows(app);

	app->detail.list.n = detail_count(detail);
	app->detail.list.page = rows > 1 ? (size_t)rows : 1;
	scroller_settle(&app->detail.list);
}

/* Remembers where the selected reference leads, to find it in the next model. */
static void remember(struct detail_pane *pane, const struct detail *detail)
{
	struct detail_ref ref;

	pane->at = detail_nowhere;
	if (pane->is_off_title && detail_ref(detail, pane->list.selected, pane->ref, &ref))
		pane->at = ref.target;
}

struct detail_place detail_pane_leave(const struct app *app)
{
	const struct detail_pane *pane = &app->detail;

	return (struct detail_place){
	        .page = pane->page,
	        .is_off_title = pane->is_off_title,
	        .top = pane->list.top,
	        .line = pane->list.selected,
	        .ref = pane->ref,
	};
}

void detail_pane_return(struct app *app, const struct detail_place *place)
{
	struct detail_pane *pane = &app->detail;

	if (pane->tag != node_tag(tree_selected(&app->tree)) ||
	        !detail_is_same(&pane->page, &place->page))
		detail_pane_open(app, &place->page);
	pane->is_off_title = place->is_off_title;
	pane->list.top = place->top;
	pane->list.selected = place->line;
	pane->ref = place->ref;
	const struct detail *detail = detail_pane_page(app);
	if (detail)
		remember(pane, detail);
}

void detail_pane_scroll(struct app *app, long lines, bool is_paging)
{
	struct detail_pane *pane = &app->detail;
	const struct detail *detail = detail_pane_page(app);
	const bool is_up = lines < 0;

	if (!detail)
		return;
	end_match(app);
	keep_in_view(app, detail);
	/* The title is above the first line. */
	if (!pane->is_off_title && !is_up && !is_paging)
		lines--;
	pane->is_off_title = is_up ? pane->is_off_title && pane->list.selected >= (size_t)-lines
	                           : pane->is_off_title || detail_count(detail) > 0;
	scroller_move(&pane->list, lines, is_paging);
	pane->ref = 0;
	remember(pane, detail);
}

/* The reference of line `index` at `column`; the line of a process is one as a whole. */
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

bool detail_pane_point(struct app *app, int row, int column)
{
	struct detail_pane *pane = &app->detail;
	const struct detail *detail = detail_pane_page(app);
	const size_t line = pane->list.top + (size_t)row;
	size_t number = 0;

	if (!detail || line >= detail_count(detail))
		return false;
	end_match(app);
	const bool is_ref = ref_at(detail, line, column, &number);
	const bool was_selected =
	        is_ref && pane->is_off_title && pane->list.selected == line && pane->ref == number;
	pane->is_off_title = true;
	pane->list.selected = line;
	pane->ref = number;
	remember(pane, detail);
	return was_selected;
}

void detail_pane_select_page(struct app *app)
{
	struct detail_pane *pane = &app->detail;

	pane->is_off_title = false;
	pane->list.selected = 0;
	pane->ref = 0;
	pane->at = detail_nowhere;
}

/* Goes to the next line with a reference in that direction; false if there is none. */
static bool to_line_with_ref(struct detail_pane *pane, const struct detail *detail, bool is_next)
{
	const size_t n = detail_count(detail);

	for (size_t i = pane->list.selected; is_next ? i + 1 < n : i > 0;) {
		i = is_next ? i + 1 : i - 1;
		const size_t refs = detail_count_refs(detail, i);

		if (!refs)
			continue;
		pane->list.selected = i;
		pane->ref = is_next ? 0 : refs - 1;
		return true;
	}
	return false;
}

/* The title comes before the first reference. */
unsigned detail_pane_step_ref(struct app *app, long step)
{
	struct detail_pane *pane = &app->detail;
	const struct detail *detail = detail_pane_page(app);

	if (!detail)
		return 0;
	end_match(app);
	const size_t refs = detail_count_refs(detail, pane->list.selected);
	if (!pane->is_off_title)
		pane->is_off_title = step > 0 && (refs || to_line_with_ref(pane, detail, true));
	else if (step > 0 && pane->ref + 1 < refs)
		pane->ref++;
	else if (step < 0 && refs && pane->ref > 0)
		pane->ref--;
	else if (!to_line_with_ref(pane, detail, step > 0) && step < 0)
		detail_pane_select_page(app);
	keep_in_view(app, detail);
	remember(pane, detail);
	return EFFECT_REDRAW;
}

void detail_pane_select(struct app *app, size_t line, const struct needle *needle)
{
	struct detail_pane *pane = &app->detail;
	const struct detail *detail = detail_pane_page(app);

	pane->is_off_title = true;
	pane->list.selected = line;
	pane->ref = detail_ref_with(detail, line, needle);
	remember(pane, detail);
}

unsigned detail_pane_fold(struct app *app, uint64_t tag)
{
	if (u64_set_has(&app->unfolded, tag))
		u64_set_remove(&app->unfolded, tag);
	else
		u64_set_add(&app->unfolded, tag);
	detail_pane_drop(app);
	/* If the selected process is not shown any more, the line that has its number is. */
	const struct detail *detail = detail_pane_page(app);
	if (detail && process_table_hides(detail, &app->detail.at))
		app->detail.at = (struct target){.kind = TARGET_FOLD, .tag = tag};
	return EFFECT_REDRAW;
}

/* --- after each event -------------------------------------------------------------------- */

/* The lines may have moved: selects the line that has the reference that was selected. */
static void find_again(struct detail_pane *pane, const struct detail *detail)
{
	const size_t offset = pane->list.selected - pane->list.top;
	struct detail_ref ref;
	size_t line;

	if (pane->at.kind == TARGET_NONE)
		return;
	if (detail_ref(detail, pane->list.selected, pane->ref, &ref) &&
	        detail_is_same(&ref.target, &pane->at))
		return;
	if (!detail_find(detail, &pane->at, &line))
		return;
	pane->list.selected = line;
	/* If the first line is in view, it stays in its place. */
	if (pane->list.top > 0)
		pane->list.top = line > offset ? line - offset : 0;
	pane->ref = 0;
	for (size_t i = 0; detail_ref(detail, line, i, &ref); i++) {
		if (detail_is_same(&ref.target, &pane->at))
			pane->ref = i;
	}
}

/* True if the page has such a part, and it is folded. */
static bool is_folded(struct app *app, uint64_t tag)
{
	const struct target fold = {.kind = TARGET_FOLD, .tag = tag};
	const struct detail *detail = detail_pane_page(app);
	size_t line;

	return !u64_set_has(&app->unfolded, tag) && detail && detail_find(detail, &fold, &line);
}

/* Unfolds the command line if it was found, and is not in the lines that are shown. */
static const struct detail *show_command(struct app *app, const struct detail *detail)
{
	const struct needle *needle = &app->match.needle;
	size_t line;

	if (app->match.field != HAYSTACK_CMDLINE || !detail_pane_is_own(app) ||
	        !is_folded(app, DETAIL_FOLD_COMMAND) ||
	        detail_find_text(detail, "command", needle, &line))
		return detail;
	detail_pane_fold(app, DETAIL_FOLD_COMMAND);
	/* It may be across the end of a line. */
	if (!detail_find_text(detail_pane_page(app), "command", needle, &line))
		detail_pane_fold(app, DETAIL_FOLD_COMMAND);
	return detail_pane_page(app);
}

/* Unfolds kernel threads if one of them is to be selected, or was found. */
static const struct detail *show_hidden(struct app *app, const struct detail *detail)
{
	const bool is_new_match = match_is_on(app) && !app->match.is_shown;

	if (is_new_match)
		detail = show_command(app, detail);
	if (!process_table_hides(detail, &app->detail.at) &&
	        !(is_new_match && process_table_hides(detail, &app->match.process)))
		return detail;
	detail_pane_fold(app, DETAIL_FOLD_KERNEL);
	return detail_pane_page(app);
}

/* Requests the names of the users in view. */
static void request_names(struct app *app, const struct detail *detail, size_t rows)
{
	const struct process *own = detail->source.process;

	if (own && own->uid_state == REL_KNOWN)
		state_request_name(app, own->uid);
	for (size_t i = 0; i < rows; i++) {
		const struct process *process = detail_process(detail, app->detail.list.top + i);

		if (process && process->uid_state == REL_KNOWN)
			state_request_name(app, process->uid);
	}
}

void detail_pane_settle(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const size_t rows = (size_t)detail_pane_rows(app);

	if (node && node_tag(node) != app->detail.tag)
		detail_pane_open(app, &detail_nowhere);
	if (!node || !rows) {
		detail_pane_drop(app);
		return;
	}
	const struct detail *detail = show_hidden(app, detail_pane_page(app));
	find_again(&app->detail, detail);
	match_settle(app, detail);
	keep_in_view(app, detail);
	request_names(app, detail, rows);
}

void detail_pane_refresh(struct app *app)
{
	const struct node *node = tree_selected(&app->tree);
	const struct target *page = &app->detail.page;

	if (!node || node_tag(node) != app->detail.tag)
		return;
	if (page->kind == TARGET_PROCESS &&
	        !detail_target_process(page, state_selected_model(app))) {
		state_say(app, false, memory_printf("process %jd has exited", (intmax_t)page->pid));
		detail_pane_close_page(app);
	}
	app->detail.needs_facts = app->is_live && page->kind == TARGET_PROCESS;
}

/* --- the selection -------------------------------------------------------------------- */

bool detail_pane_selected(struct app *app, struct target *ret)
{
	const struct detail *detail = app->panes.is_detail_focused ? detail_pane_page(app) : NULL;
	struct detail_ref ref;

	if (!detail || !app->detail.is_off_title ||
	        !detail_ref(detail, app->detail.list.selected, app->detail.ref, &ref))
		return false;
	*ret = ref.target;
	return true;
}

char *detail_pane_line(struct app *app)
{
	const struct detail *detail = app->panes.is_detail_focused ? detail_pane_page(app) : NULL;
	struct frame_row row = {0};

	if (!detail || !app->detail.is_off_title)
		return NULL;
	if (app->detail.list.selected < detail_count(detail))
		detail_draw(detail, app->detail.list.selected, false, NULL, NULL, &row);
	free(row.spans);
	if (row.text)
		memmove(row.text, row.text + strspn(row.text, " "),
		        row.len + 1 - strspn(row.text, " "));
	return row.text;
}
