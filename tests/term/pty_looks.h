/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/term/pty_vterm.h"

/* A screen with its attributes as text, for golden files. */

/* Return true if the foreground of a cell is not the default; if the cell is reversed. */
bool pty_is_colored(const struct pty *pty, int row, int column);
bool pty_is_reverse(const struct pty *pty, int row, int column);

/* Returns the rows of pty_screen. Below each row with attributes, a row that begins with `:` has a
 * letter for each cell with attributes; the end has the meaning of the letters and the place of the
 * cursor. The caller frees it. */
char *pty_looks(struct pty *pty);

/* The texts of a golden file, each with the names of the cases that gave it, in the order in which
 * they were added. */
struct golden;

struct golden *golden_new(void);
void golden_add(struct golden *golden, const char *name, const char *text);

/* Asserts that the texts are those of the file `path` below top_srcdir, or writes them there if
 * UPDATE_SCREENS=1: read the difference before you commit it. Clears the golden. */
void golden_check(struct golden *golden, const char *path);
