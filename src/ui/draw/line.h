/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "view/needle.h"

/* One row of the screen while it is written: text from left to right, each piece with its style,
 * at most `limit` columns. All clipping of ui/ is here. */

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

/* Glyphs of the program that are not ASCII, and their replacements in ASCII. */
struct glyphs {
	const char *open;   /* a row with its children shown */
	const char *closed; /* a row with its children hidden */
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

const struct glyphs *line_glyphs(bool is_ascii);

/* An empty line; the caller releases it, or passes it on with line_take. */
void line_init(struct line *line, int limit, bool is_ascii);
void line_release(struct line *line);

/* A copy of a line, which the caller releases or passes on likewise. */
void line_copy(struct line *ret, const struct line *from);

/* Adds escaped text (base/escape.h). Text that does not fit is cut, and ends in `…`. In an ASCII
 * line other characters become \u{NNNN}. */
void line_add(struct line *line, enum style style, const char *text);

/* Adds a raw name, escaped; no more of it is escaped than fits. */
void line_add_name(struct line *line, enum style style, const char *raw);

/* line_add in at most `width` columns. */
void line_add_within(struct line *line, enum style style, const char *text, int width);

/* Adds numbers and ASCII words of the program. */
void line_printf(struct line *line, enum style style, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Adds blanks up to `column`; nothing if the line is longer. */
void line_pad(struct line *line, int column);

/* Adds `text` in a field of `width` columns: cut, or padded with blanks; aligned to the right with
 * `is_right`. */
void line_field(struct line *line, enum style style, const char *text, int width, bool is_right);

/* Repeats a glyph of one column up to `column`. */
void line_rule(struct line *line, enum style style, const char *glyph, int column);

/* Gives all of the text one style. */
void line_restyle(struct line *line, enum style style);

/* Sets the style of `len` bytes from `start` on. */
void line_highlight(struct line *line, size_t start, size_t len, enum style style);

/* needle_set for the text of lines: in ASCII lines other characters are \u{NNNN}. */
void line_set_needle(struct needle *ret, enum needle_kind kind, const char *query, bool is_ascii);

/* Sets the style of each place from byte `from` to byte `end` where the needle is found; returns
 * how many there are. */
size_t line_mark(
        struct line *line, const struct needle *needle, size_t from, size_t end, enum style style);

/* Sets the style of those bytes that are plain. */
void line_fill(struct line *line, size_t start, size_t len, enum style style);

/* Moves text and spans to a row of a frame, without trailing blanks. The line is empty then. */
void line_take(struct line *line, struct frame_row *ret);

/* The columns that `text` takes in a line. */
int line_width(const char *text, bool is_ascii);
