/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app/screens.h"

#include "base/attributes.h"

#include <assert.h>

enum { WHEEL_LINES = 3 };

/* --- the stack --------------------------------------------------------------------------- */

const struct screen *screens_top(const struct app *app)
{
	return app->screens[app->n_screens - 1];
}

enum key_mode screens_mode(const struct app *app)
{
	return screens_top(app)->mode;
}

bool screens_is_top(const struct app *app, const struct screen *screen)
{
	return screens_top(app) == screen;
}

unsigned screens_open(struct app *app, const struct screen *screen)
{
	assert(app->n_screens < SCREENS_OPEN_MAX);
	app->screens[app->n_screens++] = screen;
	return EFFECT_REDRAW;
}

unsigned screens_close_top(struct app *app)
{
	assert(app->n_screens > 1);
	app->n_screens--;
	return EFFECT_REDRAW;
}

unsigned screens_focus(struct app *app, bool is_detail)
{
	app->panes.is_detail_focused = is_detail;
	app->screens[0] = is_detail ? &panes_detail : &panes_list;
	return EFFECT_REDRAW;
}

/* --- keys that mean the same on several screens ------------------------------------------ */

static long lines_in_view(const struct app *app)
{
	const int lines = screens_top(app)->page(app);

	return lines > 1 ? lines : 1;
}

unsigned screens_move_lines(struct app *app, long lines)
{
	screens_top(app)->scroll(app, lines, false);
	return EFFECT_REDRAW;
}

unsigned screens_move_pages(struct app *app, long pages)
{
	screens_top(app)->scroll(app, pages * lines_in_view(app), true);
	return EFFECT_REDRAW;
}

unsigned screens_move_half_pages(struct app *app, long halves)
{
	screens_top(app)->scroll(app, halves * ((lines_in_view(app) + 1) / 2), true);
	return EFFECT_REDRAW;
}

unsigned screens_wheel(struct app *app, const struct mouse *mouse)
{
	if (mouse->kind == MOUSE_WHEEL_UP)
		return screens_move_lines(app, -WHEEL_LINES);
	if (mouse->kind == MOUSE_WHEEL_DOWN)
		return screens_move_lines(app, WHEEL_LINES);
	return 0;
}

unsigned screens_accept(struct app *app, _unused_ long argument)
{
	return screens_top(app)->accept(app);
}

unsigned screens_close(struct app *app, _unused_ long argument)
{
	return screens_top(app)->close(app);
}

unsigned screens_quit(struct app *app, _unused_ long argument)
{
	const struct screen *top = screens_top(app);

	return top->quit ? top->quit(app) : EFFECT_QUIT;
}

unsigned screens_edit(struct app *app, long edit)
{
	prompt_edit(&app->prompt, (enum prompt_edit)edit);
	return EFFECT_REDRAW;
}

unsigned screens_repaint(_unused_ struct app *app, _unused_ long argument)
{
	return EFFECT_REPAINT | EFFECT_REDRAW;
}

/* --- parts that several screens share ---------------------------------------------------- */

void screens_draw_prompt(const struct app *app, struct frame *frame)
{
	const int last = app->rows - 1;

	if (app->message && last > 0)
		status_message(app, frame, last - 1);
	prompt_draw(&app->prompt, frame, last, app->is_ascii);
}

unsigned screens_close_prompt(struct app *app)
{
	prompt_close(&app->prompt);
	return screens_close_top(app);
}

void screens_draw_menu(const struct app *app, struct frame *frame)
{
	menu_draw(&app->menu, frame, app->is_ascii);
}

void screens_settle_menu(struct app *app)
{
	menu_move(&app->menu, 0, app->rows);
}

int screens_menu_page(const struct app *app)
{
	return (int)menu_page(&app->menu, app->rows);
}

void screens_scroll_menu(struct app *app, long lines, _unused_ bool is_paging)
{
	menu_move(&app->menu, lines, app->rows);
}

unsigned screens_close_menu(struct app *app)
{
	menu_close(&app->menu);
	return screens_close_top(app);
}
