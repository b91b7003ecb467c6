/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "ui/draw/frame.h"
#include "ui/input/event.h"
#include "ui/pages/settings.h"

#include <stdbool.h>

/* The terminal: the only code that uses ncurses. Draws frames, turns bytes into events, and gives
 * the terminal back as it was. There is one struct term at a time.
 *
 *     struct frame                                              struct event
 *          |  term.c: addnstr(3X), refresh(3X)                       ^
 *     ncurses: compares with what it drew last                       |  keys.c: decodes sequences
 *          |  writes the difference                                  |  that terminfo(5) has
 *     memory file, memfd_create(2)                              read(2)
 *          |  output.c: output_collect                               |
 *     queue  <-- term.c: paste, mouse, clipboard                     |
 *          |  output.c: output_flush, write(2) without blocking      |
 *     ================================ terminal =================================
 *          ^  output.c: output_restore, from signal handlers
 *
 * ncurses writes to a memory file, because its refresh(3X) blocks while a terminal does not read (a
 * stalled SSH connection), and then no signal, key or scan would be handled. From the queue
 * only as much is written as the terminal accepts, and no frame is drawn until the queue is empty.
 * If files may not be large enough (RLIMIT_FSIZE), a pipe replaces the memory file, and a frame
 * that it cannot hold is drawn in parts. ncurses does not read keys either: if the rest of a
 * sequence arrives late, its getch(3X) reports each byte of it as a key. */

struct term;

struct term_options {
	bool is_color; /* use colours if the terminal has them */
	enum theme theme;
	bool has_mouse; /* report the mouse; the selection of the terminal does not work then */
};

/* Takes the terminal with the descriptors `input` and `output`, which stay the caller's. C-c,
 * C-\ and C-z still make signals; C-s and C-q are keys. Returns 0, or before anything is written a
 * negative errno: -ENOTTY if one is not a terminal; -EINVAL if TERM is unknown; -EOPNOTSUPP if that
 * type cannot address the cursor; -EFBIG if the limit of file sizes prevents a screen; others. */
_must_check_ int term_open(
        int input, int output, const struct term_options *options, struct term **ret);

/* Gives the terminal back: modes, cursor, colours, alternate screen. If the terminal does not read
 * for TERM_PATIENCE_MS, the queue is dropped and only the reset sequences are written. Accepts
 * NULL. */
enum { TERM_PATIENCE_MS = 200 };
void term_close(struct term *term);

/* Before and after a stop (C-z). Between them only term_close may be called; it does not touch the
 * terminal then. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Gives the terminal back from a handler of a fatal signal, or when memory runs out:
 * async-signal-safe. Does nothing if no terminal is taken. */
void term_emergency_restore(void);

/* Reads the size of the terminal, in rows and columns, at most TERM_SIZE_MAX. Call it after
 * SIGWINCH. If the terminal does not tell its size, LINES and COLUMNS do, if they are such numbers,
 * else its entry in terminfo(5). */
enum { TERM_SIZE_MAX = 2048 }; /* coordinates of ncurses are of type short */
void term_size(struct term *term, int *ret_rows, int *ret_columns);

/* Draws a frame: queues what differs from the frame before. Call it only if term_is_busy is
 * false. */
void term_draw(struct term *term, const struct frame *frame);

/* term_is_busy returns true while queued bytes are not written: poll(2) term_output_fd for writing,
 * then call term_flush. It returns 0, or -EIO if the terminal hung up. */
bool term_is_busy(const struct term *term);
int term_output_fd(const struct term *term);
_must_check_ int term_flush(struct term *term);

/* Change the options, from the next frame on. */
void term_set_theme(struct term *term, enum theme theme);
void term_set_mouse(struct term *term, bool has_mouse);

/* The next frame is written whole. */
void term_repaint(struct term *term);

/* Gets the next key, pasted character or mouse event without waiting. Returns 1 and the event, with
 * the time now_ms; 0 if there is none; -EIO if the terminal hung up. */
_must_check_ int term_next_event(struct term *term, uint64_t now_ms, struct event *ret);

/* Returns the monotonic time in ms at which term_next_event has an event even if the terminal sends
 * nothing more: bytes are not decoded yet, or an ESC becomes the Esc key. 0: at no time. */
uint64_t term_wakes_at(const struct term *term);

/* Copies text to the clipboard of the terminal (OSC 52), and inside tmux also to that of the
 * terminal outside. Terminals may ignore it without an error. */
void term_copy(struct term *term, const char *text);

/* The test protocol (environment NSBROWSE_TEST_SYNC=1): after the key TERM_SYNC_KEY, which
 * term_next_event returns like any other, the program draws and then writes TERM_SYNC_MARKER. */
#define TERM_SYNC_KEY    0x1f
#define TERM_SYNC_MARKER "\033]7717;nsbrowse-sync\a"

/* Queues the marker. */
void term_answer_sync(struct term *term);
