/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/app_internal.h"
#include "ui/help.h"
#include "ui/status.h"
#include "ui/text.h"
#include "ui/tree_pane.h"
#include "view/words.h"

static void draw_header(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct tree_source source = app_source(app);
	const struct status status = {
	        .tree = &app->tree,
	        .source = &source,
	        .is_reading = app->is_reading,
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

static void draw_detail(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const struct node *node = tree_selected(&app->tree);
	const struct rect *rect = &geometry->detail;
	_cleanup_text_ struct text title;
	struct detail detail;
	size_t n = 0;

	text_init(&title);
	if (node && node->ns)
		words_ns(title.out, node->ns);
	else
		fputs(node ? WORDS_OUTSIDE : "", title.out);
	if (rect->rows && app_detail(app, &detail)) {
		n = detail_count(&detail);
		for (size_t i = 0; i < (size_t)rect->rows && app->detail_top + i < n; i++)
			detail_draw(
			        &detail, app->detail_top + i, &frame->lines[(size_t)rect->row + i]);
		detail_release(&detail);
	}
	status_divider(frame, &geometry->divider, text_get(&title), app->detail_top,
	        (size_t)rect->rows, n, app->is_detail_focused, app->options.is_ascii);
	if (app->is_detail_focused) {
		frame->cursor_row = rect->row;
		frame->cursor_column = 0;
		frame->is_cursor_visible = true;
	}
}

static void draw_help(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const size_t n = help_count(app->help_from);
	const int above = geometry->header.rows;
	const int rows = app->rows - above - geometry->footer.rows;
	const struct rect all = {above, 0, rows, app->columns};

	help_draw(frame, &all, app->help_from, app->help_top, app->options.is_ascii);
	if (geometry->header.rows)
		status_divider(frame, &geometry->header, "keys", app->help_top, (size_t)rows, n,
		        true, app->options.is_ascii);
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

/* The last line: the prompt with the message above it, else the message, else the keys. */
static void draw_bottom(const struct app *app, const struct geometry *geometry, struct frame *frame)
{
	const int last = app->rows - 1;

	if (prompt_is_open(&app->prompt)) {
		if (app->message && last > 0)
			draw_message(app, frame, last - 1);
		prompt_draw(&app->prompt, frame, last, app->options.is_ascii);
	} else if (app->message && last > 0) {
		draw_message(app, frame, last);
	} else {
		status_footer(frame, &geometry->footer, app_mode(app), app->tree.view.kind,
		        app->options.is_ascii);
	}
}

void app_render(const struct app *app, struct frame *ret)
{
	struct geometry geometry;

	frame_init(ret, app->rows, app->columns);
	app_geometry(app, &geometry);
	if (app->is_help) {
		draw_help(app, &geometry, ret);
	} else {
		draw_header(app, &geometry, ret);
		draw_list(app, &geometry, ret);
		draw_detail(app, &geometry, ret);
	}
	draw_bottom(app, &geometry, ret);
}
