/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/term/pty_vterm.h"

/* The driver (driver.c: the ui on a terminal, with models from files) on a pty. */

#define UP    "\033OA"
#define DOWN  "\033OB"
#define RIGHT "\033OC"
#define LEFT  "\033OD"
#define PGDN  "\033[6~"
#define END   "\033OF"
#define DEL   "\033[3~"
#define F1    "\033OP"
#define F5    "\033[15~"
#define F8    "\033[19~"
#define F10   "\033[21~"

/* Starts it with up to four arguments (NULL ends them) and an environment (pty_vterm.h). */
struct pty *drive_with(
        int rows, int columns, const char *const arguments[4], const char *const *environment);

/* Starts it with a model, then picture-later.model; returns after the first frame. */
struct pty *drive(int rows, int columns, const char *model);

/* Returns how many bytes the keys make the program write. */
size_t bytes_of(struct pty *pty, const char *keys);

/* Asserts that this row of the screen is the selected one of the list. */
void assert_selected(struct pty *pty, int row);

void assert_given_back(struct pty *pty);

/* Asserts that the keys end the program with status 0 and the terminal restored; frees the pty. */
void assert_quits(struct pty *pty, const char *keys);
