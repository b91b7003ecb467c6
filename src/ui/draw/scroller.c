/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/draw/scroller.h"

#include "base/attributes.h"
#include "ui/draw/line.h"

#include <stdio.h>
#include <string.h>

enum { MARGIN = 2 };

size_t scroller_moved(size_t from, long lines, size_t n)
{
	const size_t step = lines < 0 ? -(size_t)lines : (size_t)lines;

	if (lines < 0)
		return from > step ? from - step : 0;
	return step < n && from < n - step ? from + step : n ? n - 1 : 0;
}

void scroller_settle_top(struct scroller *scroller)
{
	const size_t n = scroller->n, page = scroller->page;
	const size_t most = n > page ? n - page : 0;

	if (scroller->top > most)
		scroller->top = most;
}

void scroller_show(struct scroller *scroller, size_t first, size_t n)
{
	if (first + n > scroller->top + scroller->page)
		scroller->top = first + n - scroller->page;
	if (scroller->top > first)
		scroller->top = first;
}

void scroller_settle(struct scroller *scroller)
{
	if (scroller->selected >= scroller->n)
		scroller->selected = scroller->n ? scroller->n - 1 : 0;
	scroller_settle_top(scroller);
	scroller_show(scroller, scroller->selected, 1);
}

void scroller_move(struct scroller *scroller, long lines, bool is_paging)
{
	scroller->selected = scroller_moved(scroller->selected, lines, scroller->n);
	if (is_paging)
		scroller->top = scroller_moved(scroller->top, lines, scroller->n);
	scroller_settle(scroller);
}

void scroller_move_top(struct scroller *scroller, long lines)
{
	scroller->top = scroller_moved(scroller->top, lines, scroller->n);
	scroller_settle_top(scroller);
}

void scroller_draw_divider(const struct scroller *scroller, struct frame *frame,
        const struct rect *rect, const char *title, enum divider_focus focus, bool is_ascii)
{
	const struct glyphs *glyphs = line_glyphs(is_ascii);
	const char *rule = focus == DIVIDER_PLAIN ? glyphs->rule : glyphs->rule_focus;
	const bool is_selected = focus == DIVIDER_SELECTED;
	const size_t top = scroller->top, n = scroller->n;
	const size_t last = top + scroller->page < n ? top + scroller->page : n;
	char place[96] = "";
	struct line line;

	if (!rect->rows)
		return;
	if (last < n || top)
		snprintf(place, sizeof(place), " %zu-%zu/%zu ", top + 1, last, n);
	line_init(&line, rect->columns, is_ascii);
	line_rule(&line, STYLE_TITLE, rule, 2);
	if (*title) {
		line_add(&line, is_selected ? STYLE_PLAIN : STYLE_TITLE, is_selected ? ">" : " ");
		if (is_selected)
			frame_set_cursor(frame, rect->row, MIN(line.columns, rect->columns - 1));
		line_add(&line, is_selected ? STYLE_SELECTED : STYLE_TITLE, title);
		line_add(&line, STYLE_TITLE, " ");
	}
	const int start = rect->columns - MARGIN - (int)strlen(place);
	if (start > line.columns) {
		line_rule(&line, STYLE_TITLE, rule, start);
		line_add(&line, STYLE_PLAIN, place);
	}
	line_rule(&line, STYLE_TITLE, rule, rect->columns);
	line_take(&line, &frame->lines[rect->row]);
}
