/* SPDX-License-Identifier: Apache-2.0 */

/* The help, and the page of what could not be read: text over the whole screen. */

#include "base/attributes.h"
#include "ui/app/screens.h"

static int page_rows(const struct app *app)
{
	return state_body(app).rows;
}

static void settle_top(const struct app *app, struct scroller *list, size_t n)
{
	list->n = n;
	list->page = (size_t)MAX(page_rows(app), 1);
	scroller_settle_top(list);
}

/* The title over the page, and the cursor on its first line. */
static void draw_title(
        const struct app *app, struct frame *frame, const char *title, const struct scroller *list)
{
	const struct rect body = state_body(app);
	const struct rect header = {0, 0, body.row, app->columns};
	struct scroller shown = *list;

	shown.page = (size_t)body.rows;
	scroller_draw_divider(&shown, frame, &header, title, true, app->is_ascii);
	frame->cursor_row = body.row;
	frame->is_cursor_visible = true;
}

/* --- the help ---------------------------------------------------------------------------- */

unsigned pages_toggle_help(struct app *app, _unused_ long argument)
{
	if (screens_is_top(app, &pages_help))
		return screens_close_top(app);
	help_release(&app->help.page);
	help_build(&app->help.page, screens_mode(app));
	app->help.list.top = 0;
	return screens_open(app, &pages_help);
}

static void settle_help(struct app *app)
{
	settle_top(app, &app->help.list, app->help.page.n);
}

static void scroll_help(struct app *app, long lines, _unused_ bool is_paging)
{
	scroller_move_top(&app->help.list, lines);
}

static void draw_help(const struct app *app, struct frame *frame)
{
	const struct rect body = state_body(app);

	help_draw(&app->help.page, frame, &body, app->help.list.top, app->is_ascii);
	draw_title(app, frame, "keys", &app->help.list);
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

/* --- what could not be read -------------------------------------------------------------- */

/* From the help to this page. */
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
	problems_release(&app->problems.page);
	problems_build(&app->problems.page, app->current);
	settle_top(app, &app->problems.list, app->problems.page.n);
}

static void scroll_problems(struct app *app, long lines, _unused_ bool is_paging)
{
	scroller_move_top(&app->problems.list, lines);
}

static void draw_problems(const struct app *app, struct frame *frame)
{
	const struct rect body = state_body(app);

	problems_draw(&app->problems.page, frame, &body, app->problems.list.top, app->is_ascii);
	draw_title(app, frame, "what could not be read", &app->problems.list);
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
