/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "ui/draw/geometry.h"
#include "ui/draw/line.h"
#include "ui/input/keys.h"
#include "view/names.h"

/* Lines of text: the help, what could not be read, and the facts of the detail pane. They are
 * written again after each event, for the size that the screen has then. */

struct page {
	struct line *lines;
	size_t n;
	size_t capacity;
	int columns;
	bool is_ascii;
};

/* Empties a page (or a zeroed one), to be written for that many columns. Release it. */
void page_restart(struct page *page, int columns, bool is_ascii);
void page_release(struct page *page);

/* Adds a line, which begins with a blank. Valid until the next one. */
struct line *page_add(struct page *page);

/* Removes `n` lines from line `index` on. */
void page_remove(struct page *page, size_t index, size_t n);

/* Adds ASCII text to the newest line, wrapped at blanks: further lines begin at `column`. A word
 * that is longer than a line is cut. */
void page_add_words(struct page *page, int column, const char *text);

/* Draws the lines from `top` on, and highlights where they have the needle; `>` is before line
 * `found`, if that has it. */
void page_draw(const struct page *page, struct frame *frame, const struct rect *rect, size_t top,
        const struct needle *needle, size_t found);

/* True if line `index` has the needle. */
bool page_has(const struct page *page, size_t index, const struct needle *needle);

/* --- the pages ---------------------------------------------------------------------------- */

/* Writes the help: signs and columns, the keys of daily work, then all rows of keys.def by mode,
 * beginning with `from`, and at last the other columns. */
void help_write(struct page *page, enum key_mode from);

/* Writes what could not be read, and why: the limits of the whole view, then each reason with its
 * processes, the namespaces with unknown parts, and the users whose names could not be looked up.
 * `model` is NULL before the first. */
void problems_write(struct page *page, const struct model *model, const struct names *names);
