/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Text in the SVG. What comes in is escaped (base/escape.h). */

enum { SVG_TEXT_SIZE = 12 };

struct svg_line {
	const char *text; /* escaped, not quoted */
	size_t len;
	int width; /* if it was measured: svg_text_width */
	int x, y;  /* the start of its baseline; in a box, from the corner of the box */
};

/* A line that is always the same. */
struct svg_line svg_text_line(const char *text);

/* An upper estimate of the pixels that text takes at a font size, from the columns that it takes in
 * a terminal: the viewer chooses the font. */
int svg_text_width(const char *text, size_t len, int size);

/* The same for a title, which is bold and proportional: not an upper limit, a name of nothing but
 * wide letters takes a third more. */
int svg_text_title_width(const char *text, size_t len, int size);

/* Writes text with the markup of XML quoted. */
void svg_text_quote(FILE *out, const char *text, size_t len);

/* Writes a <text> with its baseline at `x` and `y`; its own `x` and `y` do not matter. `attributes`
 * begin with a blank. */
void svg_text_write(FILE *out, int x, int y, const char *attributes, const struct svg_line *line);
