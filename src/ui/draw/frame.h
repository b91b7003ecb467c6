/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A screen as data: rows of UTF-8 text with styled spans, and where the cursor rests. Made anew
 * for each drawing (frame_render in app.h); term/ finds out what changed. */

enum style {
	STYLE_PLAIN,
	STYLE_HEADER,   /* the top line */
	STYLE_COLUMNS,  /* the names of the columns */
	STYLE_SELECTED, /* the label of the selected row */
	STYLE_NEW,      /* mark + */
	STYLE_GONE,     /* mark x, and the row of what is gone */
	STYLE_ERROR,    /* mark !, what could not be read, errors */
	STYLE_DIM,      /* tree lines, ancestors that do not match */
	STYLE_USER,     /* a user namespace's number */
	STYLE_PID,      /* a PID namespace's number */
	STYLE_FLAT,     /* any other type's */
	STYLE_TITLE,    /* dividers, names of fields */
	STYLE_KEY,      /* the key in the footer */
	STYLE_LABEL,    /* what it does */
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
	struct span *spans; /* ascending, no overlap; what is not in one is plain */
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

/* Puts what stands in `from` onto `to`, `row` rows down and behind `column`: what is there up to
 * that column stays (it is no wider), with `edge`, a glyph of one column, between the two. */
void frame_put_beside(
        struct frame *to, const struct frame *from, int row, int column, const char *edge);
