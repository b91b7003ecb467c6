/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "ui/app/app_internal.h"
#include "ui/app/status.h"
#include "ui/draw/scroller.h"
#include "ui/list/tree_pane.h"
#include "ui/pages/help.h"
#include "ui/pages/problems.h"
#include "view/words.h"

static void draw_header(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct tree_source source = app_source(app);
	const struct status status = {
	        .tree = &app->tree,
	        .source = &source,
	        .is_reading = app->is_reading,
	        .percent = app->percent,
	        .is_paused = app->is_paused,
	        .is_ascii = app->options.is_ascii,
	};

	status_header(frame, &geometry->header, &status);
}

static void draw_list(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct tree_source source = app_source(app);
	const bool is_ascii = app->options.is_ascii;

	tree_pane_titles(frame, &geometry->titles, &app->tree, is_ascii);
	tree_pane_draw(
	        frame, &geometry->list, &app->tree, &source, is_ascii, !app->is_detail_focused);
}

static void write_title(const struct app *app, FILE *out)
{
	const struct node *node = tree_selected(&app->tree);

	if (app->detail.page.kind == TARGET_PROCESS)
		fprintf(out, "process %jd", (intmax_t)app->detail.page.pid);
	else if (node && node->ns)
		words_ns(out, node->ns);
	else
		fputs(node ? WORDS_OUTSIDE : "", out);
}

/* The lines of the pane, and the cursor where the selected reference is. */
static void draw_detail_lines(
        const struct app *app, struct detail *detail, const struct rect *rect, struct frame *frame)
{
	const struct detail_pane *pane = &app->detail;
	const size_t n = detail_count(detail);
	struct detail_ref ref;

	for (size_t i = 0; i < (size_t)rect->rows && pane->top + i < n; i++) {
		const size_t index = pane->top + i;
		const int row = rect->row + (int)i;
		const bool is_current = app->is_detail_focused && index == pane->line;
		const bool has_ref = is_current && detail_ref(detail, index, pane->ref, &ref);

		detail_draw(detail, index, is_current, has_ref ? &ref : NULL, &frame->lines[row]);
		if (!is_current)
			continue;
		frame->cursor_row = row;
		frame->cursor_column = has_ref && ref.column < rect->columns ? ref.column : 0;
	}
}

/* On a frame of its own, from its first row on, or on the whole screen. */
static void draw_detail_on(const struct app *app, const struct rect *divider,
        const struct rect *rect, struct frame *frame)
{
	_cleanup_text_ struct text title;
	struct detail detail;
	size_t n = 0;

	text_init(&title);
	write_title(app, title.out);
	if (app->is_detail_focused) {
		frame->cursor_row = rect->row;
		frame->cursor_column = 0;
		frame->is_cursor_visible = true;
	}
	if (rect->rows && app_detail(app, &detail)) {
		n = detail_count(&detail);
		draw_detail_lines(app, &detail, rect, frame);
		detail_release(&detail);
	}
	const struct scroller list = {.top = app->detail.top, .page = (size_t)rect->rows, .n = n};
	scroller_draw_divider(&list, frame, divider, text_get(&title), app->is_detail_focused,
	        app->options.is_ascii);
}

static void draw_detail(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct rect divider = {0, 0, 1, geometry->divider.columns};
	const struct rect rect = {1, 0, geometry->detail.rows, geometry->detail.columns};
	struct frame pane;

	if (!geometry->detail.rows)
		return;
	if (!geometry->is_right) {
		draw_detail_on(app, &geometry->divider, &geometry->detail, frame);
		return;
	}
	frame_init(&pane, rect.rows + 1, rect.columns);
	draw_detail_on(app, &divider, &rect, &pane);
	frame_put_beside(frame, &pane, geometry->divider.row, geometry->list.columns,
	        glyphs_get(app->options.is_ascii)->edge);
	frame_release(&pane);
}

static void draw_help(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const int above = geometry->header.rows;
	const int rows = app->rows - above - geometry->footer.rows;
	const struct rect all = {above, 0, rows, app->columns};
	const struct scroller list = {
	        .top = app->help_top, .page = (size_t)rows, .n = help_count(app->help_from)};

	help_draw(frame, &all, app->help_from, app->help_top, app->options.is_ascii);
	if (geometry->header.rows)
		scroller_draw_divider(
		        &list, frame, &geometry->header, "keys", true, app->options.is_ascii);
	frame->cursor_row = above;
	frame->is_cursor_visible = true;
}

static void draw_problems(
        const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const int above = geometry->header.rows;
	const int rows = app->rows - above - geometry->footer.rows;
	const struct rect all = {above, 0, rows, app->columns};
	struct problems problems;

	problems_build(&problems, app->current);
	problems_draw(frame, &all, &problems, app->problems_top, app->options.is_ascii);
	const struct scroller list = {
	        .top = app->problems_top, .page = (size_t)rows, .n = problems.n};
	scroller_draw_divider(&list, frame, &geometry->header, "what could not be read", true,
	        app->options.is_ascii);
	problems_release(&problems);
	frame->cursor_row = above;
	frame->is_cursor_visible = true;
}

static void draw_message(const struct app *app, struct frame *frame, int row)
{
	struct line line;

	line_init(&line, app->columns, app->options.is_ascii);
	line_add(&line, STYLE_PLAIN, " ");
	line_add(&line, app->is_error ? STYLE_ERROR : STYLE_PLAIN, app->message);
	line_take(&line, &frame->lines[row]);
}

/* All of it, or what fits. */
static const char *question_that_fits(const struct app *app)
{
	static const char *const shorter[] = {
	        "exists: o overwrite  r rename  Esc", "exists: o, r or Esc", "o/r/Esc"};
	const char *text = app->save.question;

	for (size_t i = 0; i < ARRAY_SIZE(shorter); i++) {
		if (line_width(text, false) <= app->columns)
			break;
		text = shorter[i];
	}
	return text;
}

/* Below the prompt that it is about. */
static void draw_question(const struct app *app, struct frame *frame, int row)
{
	struct line line;

	if (row > 0)
		prompt_draw(&app->prompt, frame, row - 1, app->options.is_ascii);
	line_init(&line, app->columns, app->options.is_ascii);
	line_add(&line, STYLE_PROMPT, question_that_fits(app));
	frame->cursor_row = row;
	frame->cursor_column = line.columns < app->columns ? line.columns : app->columns - 1;
	frame->is_cursor_visible = true;
	line_take(&line, &frame->lines[row]);
}

/* The last line: the prompt with the message above it, else the message, else the keys. */
static void draw_bottom(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const int last = app->rows - 1;

	if (app->save.question) {
		draw_question(app, frame, last);
	} else if (prompt_is_open(&app->prompt)) {
		if (app->message && last > 0)
			draw_message(app, frame, last - 1);
		prompt_draw(&app->prompt, frame, last, app->options.is_ascii);
	} else if (app->message && last > 0) {
		draw_message(app, frame, last);
	} else {
		status_footer(frame, &geometry->footer, &app->keys, app_mode(app),
		        app->tree.view.kind, app->options.is_ascii);
	}
}

void app_render(const struct app *app, struct frame *ret)
{
	struct geometry geometry;

	frame_init(ret, app->rows, app->columns);
	app_geometry(app, &geometry);
	if (app->is_help) {
		draw_help(app, &geometry, ret);
	} else if (app->is_problems_open) {
		draw_problems(app, &geometry, ret);
	} else if (app->graph.is_shown) {
		app_graph_draw(app, ret);
	} else {
		draw_header(app, &geometry, ret);
		draw_list(app, &geometry, ret);
		draw_detail(app, &geometry, ret);
	}
	draw_bottom(app, &geometry, ret);
	if (app->menu.use != MENU_NONE)
		menu_draw(&app->menu, ret, app->options.is_ascii);
}
