/* SPDX-License-Identifier: Apache-2.0 */

/* The help, the page of what could not be read, and that of translated IDs: text over the whole
 * screen. */

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/app/app.h"
#include "ui/app/screens.h"
#include "view/sharing.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int page_rows(const struct app *app)
{
	return state_body(app).rows;
}

/* A line that is not in view is shown in the upper third: what follows it is of interest too. */
static void show(struct scroller *list, size_t line)
{
	const size_t above = list->page / 3;

	if (line < list->top || line >= list->top + list->page)
		list->top = line > above ? line - above : 0;
}

/* The entry of the first line in view. */
static size_t entry_in_view(const struct page_state *state)
{
	const struct page *page = &state->page;

	return page->n ? page->entries[MIN(state->list.top, page->n - 1)] : 0;
}

/* Empties the page. If the width has changed, lines are wrapped elsewhere: returns the entry that
 * is to be the first in view, SIZE_MAX if the lines stay. */
static size_t restart(const struct app *app, struct page_state *state)
{
	const bool is_wrapped_again = state->page.n && state->page.columns != app->columns;
	const size_t entry = is_wrapped_again ? entry_in_view(state) : SIZE_MAX;

	page_restart(&state->page, app->columns, app->is_ascii);
	return entry;
}

static bool is_in_view(const struct page_state *state)
{
	const struct scroller *list = &state->list;

	return state->found_line >= list->top && state->found_line < list->top + list->page;
}

/* What was found stays in view if the screen becomes smaller. */
static void settle(const struct app *app, struct page_state *state, size_t first)
{
	struct scroller *list = &state->list;
	const bool must_show = !state->is_shown || is_in_view(state);

	list->n = state->page.n;
	list->page = (size_t)MAX(page_rows(app), 1);
	if (first != SIZE_MAX)
		list->top = page_first_line(&state->page, first);
	scroller_settle_top(list);
	if (!state->needle.text ||
	        !page_find(&state->page, state->found, &state->needle, &state->found_line))
		state->found_line = SIZE_MAX;
	else if (must_show)
		show(list, state->found_line);
	state->is_shown = true;
	scroller_settle_top(list);
}

/* The page with its title over it, and the cursor on its first line. */
static void draw_page(const struct app *app, const struct page_state *state, const char *title,
        struct frame *frame)
{
	const struct rect body = state_body(app);
	const struct rect header = {0, 0, body.row, app->columns};
	const size_t found = state->found_line;
	struct scroller shown = state->list;

	page_draw(&state->page, frame, &body, shown.top, &state->needle, found);
	shown.page = (size_t)body.rows;
	scroller_draw_divider(&shown, frame, &header, title, DIVIDER_FOCUS, app->is_ascii);
	frame_set_cursor(frame, body.row + (is_in_view(state) ? (int)(found - shown.top) : 0), 0);
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

	while (app->screens[i]->place != SCREEN_WHOLE)
		i--;
	if (app->screens[i] == &pages_translation)
		return &app->translation.page;
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

/* From the entry on that was found before, else from the first in view. */
static struct finding find(struct app *app, const char *query, bool is_next, bool is_back)
{
	struct page_state *state = page_of(app);
	const size_t n = page_count(&state->page);
	const bool has_found = state->needle.text && state->found < n;
	_cleanup_free_ bool *hits = memory_new(n + 1);
	struct needle needle = {0};
	size_t line;

	line_set_needle(&needle, NEEDLE_TEXT, query, app->is_ascii);
	for (size_t i = 0; i < n; i++)
		hits[i] = page_find(&state->page, i, &needle, &line);
	needle_release(&needle);
	return rows_match(hits, n, has_found ? state->found : entry_in_view(state),
	        is_next && has_found, is_back);
}

static void select_found(struct app *app, size_t index)
{
	page_of(app)->found = index;
	page_of(app)->is_shown = false;
}

static void mark_found(struct app *app, const char *query)
{
	match_end(app);
	line_set_needle(&page_of(app)->needle, NEEDLE_TEXT, query, app->is_ascii);
}

static const struct search_place text_search = {
        .begin = begin_search,
        .come_back = come_back,
        .find = find,
        .select = select_found,
        .mark = mark_found,
        .is_page = true,
        .has_page_query = true,
};

/* --- the help ----------------------------------------------------------------------------- */

unsigned pages_toggle_help(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &pages_help))
		return screens_close_top(app);
	const bool wants_interfaces = app->is_live && !app->has_wanted_interfaces;

	app->has_wanted_interfaces |= wants_interfaces;
	app->help_from = screens_mode(app);
	reopen(&app->help);
	return screens_open(app, &pages_help) | (wants_interfaces ? EFFECT_INTERFACES : 0);
}

void app_set_rights(struct app *app, const struct help_row *rights, size_t n)
{
	app->help_facts.rights = rights;
	app->help_facts.n_rights = n;
}

unsigned pages_set_interfaces(struct app *app, const struct event *event)
{
	app->help_facts.interfaces = event->interfaces.rows;
	app->help_facts.n_interfaces = event->interfaces.n;
	return EFFECT_REDRAW;
}

static void settle_help(struct app *app)
{
	const size_t first = restart(app, &app->help);

	app->help_facts.no_interfaces =
	        app->is_live ? "they are being tried" : "not tried: a snapshot is shown";
	help_write(&app->help.page, app->help_from, &app->help_facts);
	settle(app, &app->help, first);
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
        .search = &text_search,
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
	const size_t first = restart(app, &app->problems);

	problems_write(&app->problems.page, app->current, app->names, &app->watching);
	settle(app, &app->problems, first);
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
        .search = &text_search,
        .mouse = screens_wheel,
        .close = screens_close_top,
        .quit = screens_close_top,
};

/* --- translated IDs ----------------------------------------------------------------------- */

/* That of the page that is shown: of a process or container its own, of another namespace the one
 * that owns it. */
static const struct ns *selected_user(const struct app *app)
{
	const struct node *node = tree_selected(&app->tree);

	if (!node)
		return NULL;
	const struct process *process =
	        detail_target_process(&app->detail.page, state_selected_model(app));
	if (process)
		return process->ns[NS_USER];
	if (node->container)
		return sharing_ns(node->container, NS_USER);
	if (!node->ns || node->ns->type == NS_USER)
		return node->ns;
	return node->ns->owner.ns;
}

unsigned pages_open_translation(struct app *app, _unused_ long argument)
{
	const struct ns *user = selected_user(app);

	if (!user)
		return state_inform(app, "no user namespace is known here");
	app->translation.tag = user->tag;
	app->translation.edits = 0;
	app->translation.has_id = false;
	reopen(&app->translation.page);
	screens_open(app, &pages_translation);
	prompt_open(&app->prompt, "Translate uid or gid: ", "");
	return screens_open(app, &translation_prompt);
}

static void settle_translation(struct app *app)
{
	struct translation_state *state = &app->translation;
	const size_t first = restart(app, &state->page);
	const struct model *model = app->current;
	const struct ns *user = model_find_tag(model, state->tag);

	if (!user && app->marks.baseline) {
		model = app->marks.baseline;
		user = model_find_tag(model, state->tag);
	}
	translation_write(&state->page.page, &(struct translation){.model = model,
	                                             .user = user,
	                                             .has_id = state->has_id,
	                                             .id = state->id,
	                                             .names = app->names});
	settle(app, &state->page, first);
}

static void scroll_translation(struct app *app, long lines, _unused_ bool is_paging)
{
	scroller_move_top(&app->translation.page.list, lines);
}

static void draw_translation(const struct app *app, struct frame *frame)
{
	draw_page(app, &app->translation.page, "translate IDs", frame);
}

const struct screen pages_translation = {
        .mode = MODE_HELP,
        .draw = draw_translation,
        .settle = settle_translation,
        .page = page_rows,
        .scroll = scroll_translation,
        .search = &text_search,
        .mouse = screens_wheel,
        .close = screens_close_top,
        .quit = screens_close_top,
};

/* A number is an ID unless it is UINT32_MAX, which stands for none (user_namespaces(7)). */
static void settle_translation_prompt(struct app *app)
{
	struct translation_state *state = &app->translation;
	struct prompt *prompt = &app->prompt;
	char *end;

	if (prompt->edits == state->edits)
		return;
	state->edits = prompt->edits;
	state->page.list.top = 0;
	errno = 0;
	const unsigned long long id = strtoull(prompt->text, &end, 10);
	state->has_id = strspn(prompt->text, "0123456789") == prompt->len && prompt->len &&
	                errno == 0 && id < UINT32_MAX;
	state->id = (uint32_t)id;
	snprintf(prompt->note, sizeof(prompt->note), "%s",
	        state->has_id || !prompt->len ? "" : "not a user or group ID");
}

static unsigned accept_translation(struct app *app)
{
	screens_close_prompt(app);
	return app->translation.has_id ? EFFECT_REDRAW : screens_close_top(app);
}

static unsigned cancel_translation(struct app *app)
{
	screens_close_prompt(app);
	return screens_close_top(app);
}

const struct screen translation_prompt = {
        .mode = MODE_PROMPT,
        .place = SCREEN_LAST,
        .takes_text = true,
        .draw = screens_draw_prompt,
        .settle = settle_translation_prompt,
        .accept = accept_translation,
        .close = cancel_translation,
};
