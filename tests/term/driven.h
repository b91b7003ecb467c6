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

/* With these arguments, up to four (NULL: no more), and this environment (pty_vterm.h). */
struct pty *drive_with(
        int rows, int columns, const char *const arguments[4], const char *const *environment);

/* With that model, and picture-later.model behind it; its first frame stands. */
struct pty *drive(int rows, int columns, const char *model);

/* Bytes written because of those keys. */
size_t bytes_of(struct pty *pty, const char *keys);

/* That row of the screen is the one of the list that is selected. */
void assert_selected(struct pty *pty, int row);

void assert_given_back(struct pty *pty);

/* Those keys end it, with status 0 and the terminal given back; the pty is freed. */
void assert_quits(struct pty *pty, const char *keys);
