/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"

/* One row of the screen while it is written: text from left to right, each piece with its style,
 * never beyond `limit` columns. All clipping of the ui is here (by base/utf8.h). */

struct line {
	char *text;
	size_t len;
	size_t capacity;
	struct span *spans;
	size_t n_spans;
	size_t span_capacity;
	int columns; /* used so far */
	int limit;
	bool is_ascii;
};

/* The characters of our own that are not ASCII, and what stands for them. */
struct glyphs {
	const char *open;   /* a row whose children are shown */
	const char *closed; /* and one whose are not */
	const char *branch; /* two columns each */
	const char *last;
	const char *guide;
	const char *none;
	const char *owned;
	const char *left_out; /* levels too deep to be drawn */
	const char *rule;
	const char *rule_focus;
	const char *edge; /* between two panes side by side */
	const char *ellipsis;
	const char *reading;
};

const struct glyphs *glyphs_get(bool is_ascii);

/* An empty line; release it, or give it away with line_take. */
void line_init(struct line *line, int limit, bool is_ascii);
void line_release(struct line *line);

/* A copy of a line, likewise to be released or given away. */
void line_copy(struct line *ret, const struct line *from);

/* Adds escaped text (base/escape.h) or our own. What does not fit is cut, and ends in `…`. Where
 * only ASCII may be, other characters become \u{NNNN}. */
void line_add(struct line *line, enum style style, const char *text);

/* The same in at most `width` columns. */
void line_add_within(struct line *line, enum style style, const char *text, int width);

/* Adds a number or our own ASCII words. */
void line_printf(struct line *line, enum style style, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Blanks up to `column` (the next thing stands there); nothing if the line is beyond it. */
void line_pad(struct line *line, int column);

/* `text` in a field of `width` columns: cut, or filled up with blanks; to the right if asked. */
void line_field(struct line *line, enum style style, const char *text, int width, bool is_right);

/* Repeats a glyph of one column up to `column`. */
void line_rule(struct line *line, enum style style, const char *glyph, int column);

/* One style for all of it: an attribute that changes with each word costs bytes. */
void line_restyle(struct line *line, enum style style);

/* That style for `len` bytes from `start` on, whatever they had before. */
void line_highlight(struct line *line, size_t start, size_t len, enum style style);

/* Gives the text and spans to a row of a frame, without trailing blanks. The line is released. */
void line_take(struct line *line, struct frame_row *ret);

/* Columns that `text` takes once it is in a line. */
int line_width(const char *text, bool is_ascii);
