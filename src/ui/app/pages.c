/* SPDX-License-Identifier: Apache-2.0 */

/* The help, and the page of what could not be read: text over the whole screen. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/app/screens.h"

static int page_rows(const struct app *app)
{
	return state_body(app).rows;
}

static void settle_top(const struct app *app, struct page_state *state)
{
	state->list.n = state->page.n;
	state->list.page = (size_t)MAX(page_rows(app), 1);
	scroller_settle_top(&state->list);
}

/* The page with its title over it, and the cursor on its first line. */
static void draw_page(const struct app *app, const struct page_state *state, const char *title,
        struct frame *frame)
{
	const struct rect body = state_body(app);
	const struct rect header = {0, 0, body.row, app->columns};
	struct scroller shown = state->list;

	page_draw(&state->page, frame, &body, shown.top, &state->needle, state->found);
	shown.page = (size_t)body.rows;
	scroller_draw_divider(&shown, frame, &header, title, DIVIDER_FOCUS, app->is_ascii);
	const bool is_found = state->needle.text && state->found >= shown.top &&
	                      state->found < shown.top + shown.page;
	frame_set_cursor(frame, body.row + (is_found ? (int)(state->found - shown.top) : 0), 0);
}

static void reopen(struct page_state *state)
{
	state->list.top = 0;
	needle_release(&state->needle);
}

/* --- searching a page --------------------------------------------------------------------- */

/* The page that is open, below the prompt. */
static struct page_state *page_of(struct app *app)
{
	size_t i = app->n_screens - 1;

	while (app->screens[i] != &pages_help && app->screens[i] != &pages_problems)
		i--;
	return app->screens[i] == &pages_help ? &app->help : &app->problems;
}

static void begin_search(struct app *app)
{
	app->search.page_top = page_of(app)->list.top;
}

static void come_back(struct app *app)
{
	struct page_state *state = page_of(app);

	state->list.top = app->search.page_top;
	needle_release(&state->needle);
}

/* From the line on that was found before, else from the first in view. */
static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	struct page_state *state = page_of(app);
	const size_t n = state->page.n;
	const bool has_found = state->needle.text && state->found < n;
	_cleanup_free_ bool *hits = memory_new(n + 1);
	struct needle needle = {0};

	needle_set(&needle, NEEDLE_TEXT, query);
	for (size_t i = 0; i < n; i++)
		hits[i] = page_has(&state->page, i, &needle);
	needle_release(&needle);
	return rows_match(hits, n, has_found ? state->found : MIN(state->list.top, n - 1),
	        is_next && has_found, is_back);
}

/* A line that is not in view is shown in the upper third: what follows it is of interest too. */
static void select_found(struct app *app, size_t index)
{
	struct page_state *state = page_of(app);
	struct scroller *list = &state->list;
	const size_t above = list->page / 3;

	state->found = index;
	if (index < list->top || index >= list->top + list->page)
		list->top = index > above ? index - above : 0;
}

static void mark_found(struct app *app, const char *query)
{
	match_end(app);
	needle_set(&page_of(app)->needle, NEEDLE_TEXT, query);
}

static const struct search_place page_search = {
        .begin = begin_search,
        .come_back = come_back,
        .find = find,
        .select = select_found,
        .mark = mark_found,
        .is_page = true,
};

/* --- the help ----------------------------------------------------------------------------- */

unsigned pages_toggle_help(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &pages_help))
		return screens_close_top(app);
	app->help_from = screens_mode(app);
	reopen(&app->help);
	return screens_open(app, &pages_help);
}

static void settle_help(struct app *app)
{
	page_restart(&app->help.page, app->columns, app->is_ascii);
	help_write(&app->help.page, app->help_from);
	settle_top(app, &app->help);
}

static void scroll_help(struct app *app, long lines, _unused_ bool is_paging)
{
	scroller_move_top(&app->help.list, lines);
}

static void draw_help(const struct app *app, struct frame *frame)
{
	draw_page(app, &app->help, "help", frame);
}

const struct screen pages_help = {
        .mode = MODE_HELP,
        .draw = draw_help,
        .settle = settle_help,
        .page = page_rows,
        .scroll = scroll_help,
        .search = &page_search,
        .mouse = screens_wheel,
        .close = screens_close_top,
        .quit = screens_close_top,
};

/* --- what could not be read --------------------------------------------------------------- */

/* If the help is open, this page replaces it. */
unsigned pages_toggle_problems(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &pages_problems))
		return screens_close_top(app);
	if (screens_is_top(app, &pages_help))
		screens_close_top(app);
	if (!screens_is_top(app, &pages_problems))
		screens_open(app, &pages_problems);
	reopen(&app->problems);
	return EFFECT_REDRAW;
}

static void settle_problems(struct app *app)
{
	page_restart(&app->problems.page, app->columns, app->is_ascii);
	problems_write(&app->problems.page, app->current, app->names);
	settle_top(app, &app->problems);
}

static void scroll_problems(struct app *app, long lines, _unused_ bool is_paging)
{
	scroller_move_top(&app->problems.list, lines);
}

static void draw_problems(const struct app *app, struct frame *frame)
{
	draw_page(app, &app->problems, "what could not be read", frame);
}

const struct screen pages_problems = {
        .mode = MODE_HELP,
        .draw = draw_problems,
        .settle = settle_problems,
        .page = page_rows,
        .scroll = scroll_problems,
        .search = &page_search,
        .mouse = screens_wheel,
        .close = screens_close_top,
        .quit = screens_close_top,
};
