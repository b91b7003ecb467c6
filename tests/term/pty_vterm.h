/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Runs a program on a pty with libvterm as the terminal. It does not sleep: the effect of a key is
 * awaited with the sync key (NSBROWSE_TEST_SYNC, term.h), other output by reading until a text
 * appears or a deadline passes. Errors end the test. */

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

/* Kills the program if it still runs, and frees the pty. */
void pty_free(struct pty *pty);

pid_t pty_pid(const struct pty *pty);

/* Sends bytes as typed input. */
void pty_send(struct pty *pty, const void *bytes, size_t len);
void pty_type(struct pty *pty, const char *keys);

/* Waits until the program has handled all input. Returns false if it ended or took more than
 * 20 s. */
bool pty_sync(struct pty *pty);

/* Writes bytes to the terminal as output of the program. */
void pty_put(struct pty *pty, const char *bytes);

/* pty_type and pty_sync; fails the test without an answer. */
void pty_press(struct pty *pty, const char *keys);

/* Wait until the screen shows `text` (or no longer does). Return false after 20 s, or if the
 * program ended. */
bool pty_wait_for(struct pty *pty, const char *text);
bool pty_wait_without(struct pty *pty, const char *text);

/* Reads the output of the next `milliseconds`: for asserting that there is none. */
void pty_listen(struct pty *pty, int milliseconds);

/* Returns how many bytes of input the program has not read. */
size_t pty_typed_ahead(const struct pty *pty);

/* Waits until the program has handled all input, and sleeps. Returns false after 20 s. */
bool pty_wait_idle(struct pty *pty);

/* Returns true if the program can write no more, until what it wrote is read. */
bool pty_is_full(const struct pty *pty);

/* Drops the output that was not read. */
void pty_drop_unread(struct pty *pty);

/* Resizes the terminal; the program gets SIGWINCH. */
void pty_resize(struct pty *pty, int rows, int columns);

/* Closes the terminal: the program gets SIGHUP, and EIO. */
void pty_hang_up(struct pty *pty);

/* Waits for the end of the program, with its status of waitpid(2). Returns false after 20 s. */
bool pty_wait_end(struct pty *pty, int *ret_status);

/* Waits until the program is stopped by a signal. */
bool pty_wait_stopped(struct pty *pty);

/* Returns the screen: rows without trailing blanks, each after `|` and with a newline. Valid until
 * the next call. */
const char *pty_screen(struct pty *pty);

/* Returns one row without trailing blanks. Valid until the next call. */
const char *pty_row(struct pty *pty, int row);

/* Returns true if the screen shows `text`. */
bool pty_shows(struct pty *pty, const char *text);

void pty_cursor(const struct pty *pty, int *ret_row, int *ret_column);
bool pty_is_cursor_visible(const struct pty *pty);
bool pty_is_alternate(const struct pty *pty);

void pty_size(const struct pty *pty, int *ret_rows, int *ret_columns);

/* The visible attributes of a cell; colours are numbers of the palette, or -1 for the default. A
 * blank has neither bold nor a foreground unless it is underlined or reversed: ncurses sets them
 * there in some versions only. */
struct pty_look {
	bool is_bold;
	bool is_underlined;
	bool is_reverse;
	int foreground;
	int background;
};

void pty_look(const struct pty *pty, int row, int column, struct pty_look *ret);

/* Returns all output of the program without the markers. */
const char *pty_output(const struct pty *pty, size_t *ret_len);

/* Returns the mouse events that the program enabled: 0 none, 1 clicks, 2 also drags, 3 also moves.
 */
int pty_mouse_mode(const struct pty *pty);

/* Returns what the program did not restore, in words: modes, alternate screen, cursor, mouse,
 * cursor keys, bracketed paste, attributes, scrolling region. NULL if it restored everything. */
const char *pty_left_behind(const struct pty *pty);
