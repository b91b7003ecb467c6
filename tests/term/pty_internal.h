/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "tests/term/pty_vterm.h"

#include <termios.h>
#include <vterm.h>

/* struct pty, for the files pty_*.c. */

struct pty {
	pid_t pid;
	bool has_ended;
	int status;
	int master;
	int slave; /* kept open, so that the modes can be read after the end */
	struct termios before;
	int rows;
	int columns;
	VTerm *vterm;
	VTermScreen *screen;
	VTermPos cursor;
	bool is_cursor_visible;
	bool is_alternate;
	int mouse;
	char held[16]; /* bytes that may begin REP; the rest is 0 */
	size_t n_held;
	char last; /* byte before them */
	char *output;
	size_t n_output;
	size_t capacity;
	unsigned markers; /* seen */
	unsigned syncs;   /* requested */
	char *text;       /* that the last call returned */
};

/* Writes bytes of the program to the emulator. */
void pty_feed(struct pty *pty, const char *bytes, size_t n);
