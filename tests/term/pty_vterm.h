/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Runs a program on a terminal of its own, with libvterm as the one who looks at it. No sleeps:
 * what a key causes is waited for with the sync key (NSBROWSE_TEST_SYNC, term.h), what comes by
 * itself by looking for it until a deadline. Whatever cannot be done ends the test. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct pty;

struct pty_options {
	int rows;
	int columns;
	const char *const *argv; /* the program and its arguments, ends with NULL */
	const char *term;        /* TERM; NULL: xterm-256color */
	/* "NAME=VALUE" to set and "NAME" to unset, ends with NULL; may be NULL. LC_ALL is C.UTF-8,
	 * NSBROWSE_TEST_SYNC is 1, and there is no config file, unless said here. */
	const char *const *environment;
};

struct pty *pty_start(const struct pty_options *options);

/* Ends the program if it still runs, and forgets it. */
void pty_free(struct pty *pty);

pid_t pty_pid(const struct pty *pty);

/* Sends bytes as if they were typed. */
void pty_send(struct pty *pty, const void *bytes, size_t len);
void pty_type(struct pty *pty, const char *keys);

/* Waits until the program has answered all that was sent: false when it ended or takes more than
 * 20 s. */
bool pty_sync(struct pty *pty);

/* Puts bytes on the terminal, as if the program had written them. */
void pty_put(struct pty *pty, const char *bytes);

/* pty_type and pty_sync; ends the test if there is no answer. */
void pty_press(struct pty *pty, const char *keys);

/* Waits until `text` is to be seen (or is not any more): false after 20 s, or when it ended. */
bool pty_wait_for(struct pty *pty, const char *text);
bool pty_wait_without(struct pty *pty, const char *text);

/* Takes what the program wrote in the next `milliseconds`: for showing that nothing comes. */
void pty_listen(struct pty *pty, int milliseconds);

/* How many bytes that were typed the program has not read yet; how many that it wrote stand in the
 * line, as far as can be seen. */
size_t pty_typed_ahead(const struct pty *pty);
size_t pty_unread(const struct pty *pty);

/* A new size for the terminal; the program gets SIGWINCH. */
void pty_resize(struct pty *pty, int rows, int columns);

/* The terminal goes away: the program gets SIGHUP, and EIO. */
void pty_hang_up(struct pty *pty);

/* Waits for the end of the program; its status as waitpid gives it. False after 20 s. */
bool pty_wait_end(struct pty *pty, int *ret_status);

/* Waits until the program is stopped by a signal. */
bool pty_wait_stopped(struct pty *pty);

/* The screen: rows without trailing blanks, each with `|` before it and a newline behind. Valid
 * until the next call. */
const char *pty_screen(struct pty *pty);

/* One row of it, without trailing blanks. Valid until the next call. */
const char *pty_row(struct pty *pty, int row);

/* True if `text` is to be seen. */
bool pty_shows(struct pty *pty, const char *text);

void pty_cursor(const struct pty *pty, int *ret_row, int *ret_column);
bool pty_is_cursor_visible(const struct pty *pty);
bool pty_is_alternate(const struct pty *pty);

void pty_size(const struct pty *pty, int *ret_rows, int *ret_columns);

/* What can be seen of a cell; colours are numbers of the palette, -1 the terminal's own. A blank
 * has neither bold nor a foreground, unless it is underlined or reversed: whether ncurses sets them
 * there depends on its version. */
struct pty_look {
	bool is_bold;
	bool is_underlined;
	bool is_reverse;
	int foreground;
	int background;
};

void pty_look(const struct pty *pty, int row, int column, struct pty_look *ret);

/* All bytes that the program wrote, but for the markers. */
const char *pty_output(const struct pty *pty, size_t *ret_len);

/* Which mouse events it was asked for: 0 none, 1 clicks, 2 drags too, 3 moves too. */
int pty_mouse_mode(const struct pty *pty);

/* What is not as it was before the program started, in words: settings, alternate screen, cursor,
 * mouse, cursor keys, brackets around what is pasted, look of what is written next, what scrolls.
 * NULL if it all is. */
const char *pty_left_behind(const struct pty *pty);
