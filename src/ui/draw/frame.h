/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A screen as data: rows of UTF-8 text with styled spans, and the place of the cursor. A new frame
 * is made for each drawing (app_render); term/ writes the differences to the terminal. */

enum style {
	STYLE_PLAIN,
	STYLE_HEADER,   /* the top line */
	STYLE_COLUMNS,  /* the names of the columns */
	STYLE_SELECTED, /* the selected row, or its label */
	STYLE_MATCH,    /* the text that a search found */
	STYLE_NEW,      /* mark + */
	STYLE_GONE,     /* mark x, and the row of a namespace that is gone */
	STYLE_ERROR,    /* mark !, errors */
	STYLE_OWNER,    /* a user namespace above those that it owns */
	STYLE_HOLDER,   /* what holds a namespace without processes */
	STYLE_LEAKED,   /* a namespace that only descriptors, mounts or sockets hold */
	STYLE_DIM,      /* tree lines, ancestors that do not match */
	STYLE_USER,     /* the number of a user namespace */
	STYLE_PID,      /* the number of a PID namespace */
	STYLE_FLAT,     /* the number of another namespace */
	STYLE_TITLE,    /* dividers, names of fields */
	STYLE_KEY,      /* the key in the footer */
	STYLE_LABEL,    /* the word after the key */
	STYLE_PROMPT,
	STYLES,
};

struct span {
	size_t start; /* bytes into the row's text */
	size_t len;
	enum style style;
};

struct frame_row {
	char *text; /* no trailing blanks; never wider than the frame */
	size_t len;
	struct span *spans; /* ascending, no overlap; the rest is plain */
	size_t n_spans;
};

struct frame {
	int rows;
	int columns;
	struct frame_row *lines; /* `rows` of them */
	int cursor_row;
	int cursor_column;
	bool is_cursor_visible;
};

/* An empty frame of that size (both at least 1). */
void frame_init(struct frame *frame, int rows, int columns);
void frame_release(struct frame *frame);

/* Shows the cursor there. */
void frame_set_cursor(struct frame *frame, int row, int column);

/* Draws `from` onto `to`, `row` rows down and right of `column`, with `edge`, a glyph of one
 * column, between the two. The rows of `to` are not wider than `column` there. */
void frame_put_beside(
        struct frame *to, const struct frame *from, int row, int column, const char *edge);
