/* SPDX-License-Identifier: Apache-2.0 */

/* The help, and the page of what could not be read: text over the whole screen. */

#include "base/attributes.h"
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

	page_draw(&state->page, frame, &body, shown.top);
	shown.page = (size_t)body.rows;
	scroller_draw_divider(&shown, frame, &header, title, DIVIDER_FOCUS, app->is_ascii);
	frame_set_cursor(frame, body.row, 0);
}

/* --- the help ----------------------------------------------------------------------------- */

unsigned pages_toggle_help(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &pages_help))
		return screens_close_top(app);
	app->help_from = screens_mode(app);
	app->help.list.top = 0;
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
	app->problems.list.top = 0;
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
        .mouse = screens_wheel,
        .close = screens_close_top,
        .quit = screens_close_top,
};
