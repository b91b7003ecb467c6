/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "model/watching.h"
#include "ui/draw/geometry.h"
#include "ui/draw/line.h"
#include "ui/input/keys.h"
#include "view/names.h"

/* Lines of text: the help, what could not be read, and the facts of the detail pane. They are
 * written again after each event, for the size that the screen has then. A line that was wrapped
 * and those that continue it are one entry: a search finds entries. */

struct page {
	struct line *lines;
	size_t *entries; /* of each line, counted from 0 */
	size_t n;
	size_t capacity;
	size_t entry_capacity;
	int columns;
	bool is_ascii;
};

/* Empties a page (or a zeroed one), to be written for that many columns. Release it. */
void page_restart(struct page *page, int columns, bool is_ascii);
void page_release(struct page *page);

/* Adds a line, the first of an entry, which begins with a blank. Valid until the next one. */
struct line *page_add(struct page *page);

/* Removes `n` lines from line `index` on. */
void page_remove(struct page *page, size_t index, size_t n);

/* Adds escaped text (base/escape.h) to the newest line, wrapped at blanks: further lines begin at
 * `column`. A word that is longer than a line is cut. */
void page_add_words(struct page *page, int column, const char *text);

/* The number of entries, and the first line of one (or of the last, if there are less). */
size_t page_count(const struct page *page);
size_t page_first_line(const struct page *page, size_t entry);

/* True if the entry has the needle: *ret_line is the line where that begins. */
bool page_find(
        const struct page *page, size_t entry, const struct needle *needle, size_t *ret_line);

/* Draws the lines from `top` on, and highlights where they have the needle; `>` is before line
 * `found` (SIZE_MAX: none). */
void page_draw(const struct page *page, struct frame *frame, const struct rect *rect, size_t top,
        const struct needle *needle, size_t found);

/* --- the pages ---------------------------------------------------------------------------- */

/* A line of the help about this run: a right of nsbrowse, or an interface of the kernel. */
struct help_row {
	const char *name;
	const char *text;
};

/* What the help says about this run. */
struct help_facts {
	const struct help_row *rights;
	size_t n_rights; /* 0: they are left out */
	const struct help_row *interfaces;
	size_t n_interfaces;
	const char *no_interfaces; /* why there are none */
};

/* Writes the help: signs and columns, the keys of daily work, then all rows of keys.def by mode,
 * beginning with `from`, and at last the other columns and the facts. */
void help_write(struct page *page, enum key_mode from, const struct help_facts *facts);

/* Writes what could not be read, and why: the limits of the whole view, then each reason with its
 * processes, the namespaces with unknown parts, and the users whose names could not be looked up.
 * `model` is NULL before the first. At the end how the model is kept up to date. */
void problems_write(struct page *page, const struct model *model, const struct names *names,
        const struct watching *watching);

/* What the page of translated IDs (view/id_map.h) is about. */
struct translation {
	const struct model *model;
	const struct ns *user; /* the user namespace; NULL: gone */
	bool has_id;           /* false: no number is typed yet */
	uint32_t id;
	const struct names *names;
};

/* Writes what an ID is in all user namespaces: first as an ID of the user namespace itself, then as
 * one of each around it. */
void translation_write(struct page *page, const struct translation *source);
