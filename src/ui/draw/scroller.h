/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"

/* Lines (or columns) of which a part is in view, and the divider that shows which part. */

struct scroller {
	size_t top;      /* the first line in view */
	size_t selected; /* stays in view; unused where no line is selected */
	size_t n;        /* lines */
	size_t page;     /* lines in view, at least 1 */
};

/* `from` moved by so many lines, from 0 to n - 1 (0 if there are none). */
size_t scroller_moved(size_t from, long lines, size_t n);

/* After a change of `n`, `page` or `selected`: both ends of the view are inside the lines, and so
 * is the selected line, which is moved into view by as little as possible. */
void scroller_settle(struct scroller *scroller);

/* The same without a selected line. */
void scroller_settle_top(struct scroller *scroller);

/* Moves the view as little as possible to contain `n` lines from `first` on; if they are more than
 * the view has, it contains the first ones. */
void scroller_show(struct scroller *scroller, size_t first, size_t n);

/* Moves the selected line; with `is_paging` the view moves along. */
void scroller_move(struct scroller *scroller, long lines, bool is_paging);

/* Moves the view only. */
void scroller_move_top(struct scroller *scroller, long lines);

enum divider_focus {
	DIVIDER_PLAIN,
	DIVIDER_FOCUS, /* over the lines that have the focus */
	DIVIDER_SELECTED, /* and the title itself is selected, as if it were a line: `━━>TITLE ━` */
};

/* `── TITLE ──── FIRST-LAST/ALL ──`: the numbers only if not all lines are in view. The cursor is
 * put on a title that is selected. */
void scroller_draw_divider(const struct scroller *scroller, struct frame *frame,
        const struct rect *rect, const char *title, enum divider_focus focus, bool is_ascii);
