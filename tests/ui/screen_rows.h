/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"

/* The rows of a frame as the scripts of tests/ui/screens write them: a number, or a range of rows
 * that are equal, and the text behind `|`.
 *
 * Titles and footers have names, given with their text in tests/ui/row_names.txt: the scripts show
 * the name, so that a change of a word of a title or of the footer changes that file and not each
 * script. What varies in such a row stays visible: its numbers, and the text in place of `*`. */

struct screen_rows {
	char **text;
	int n;
};

/* Fills ret_rows; names is the text of row_names.txt, or NULL to show each row as it is. */
void screen_rows_take(struct screen_rows *ret_rows, const struct frame *frame, const char *names);
void screen_rows_release(struct screen_rows *rows);

/* Rows first to last as text, owned by the caller. Left out are the rows that are as in before,
 * or, if that is NULL, the blank ones. */
char *screen_rows_text(
        const struct screen_rows *rows, int first, int last, const struct screen_rows *before);

/* Compares the ASCII frame with the UTF-8 frame, each line character of which is replaced by an
 * ASCII one. Returns the first row that differs, or -1. */
int screen_rows_ascii_fault(const struct frame *utf8, const struct frame *ascii);
