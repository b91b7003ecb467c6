/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/term/pty_vterm.h"

/* What a screen looks like, as text that can be committed. */

/* The foreground of a cell is not the default one; it is shown in reverse. */
bool pty_is_colored(const struct pty *pty, int row, int column);
bool pty_is_reverse(const struct pty *pty, int row, int column);

/* The rows of pty_screen; below each one that is not all plain a row that begins with `:` and has a
 * letter below each such cell; at the end what the letters mean, and where the cursor is. The
 * caller frees. */
char *pty_looks(struct pty *pty);

/* Texts that are to be as they were committed, each with the names of those that came out like it,
 * in the order in which they were added. */
struct golden;

struct golden *golden_new(void);
void golden_add(struct golden *golden, const char *name, const char *text);

/* Fails the test unless they are what is in the file `path` below top_srcdir; with UPDATE_SCREENS=1
 * writes them there: look at the difference before you commit it. Forgets them. */
void golden_check(struct golden *golden, const char *path);
