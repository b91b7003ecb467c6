/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "ui/draw/frame.h"
#include "ui/input/event.h"
#include "ui/pages/settings.h"

#include <stdbool.h>

/* The terminal: the only code that knows curses. Draws frames, turns bytes into events, and gives
 * the terminal back as it was. It never waits for the terminal: what that does not take at once is
 * kept and written by term_flush, and meanwhile nothing is to be drawn. One at a time. */

struct term;

struct term_options {
	bool is_color; /* if the terminal has any */
	enum theme theme;
	bool has_mouse; /* it is told of; the terminal's own selection does not work then */
};

/* Takes the terminal on `input` and `output` (descriptors of a terminal) in raw-ish mode: C-c and
 * C-z still make signals, C-s and C-q do not stop it. Returns 0; -ENOTTY if they are no terminal;
 * -EINVAL if TERM is unknown or cannot address the cursor (nothing was written then). */
_must_check_ int term_open(
        int input, int output, const struct term_options *options, struct term **ret);

/* Gives it back: modes, cursor, colours, alternate screen. A terminal that takes nothing is waited
 * for a moment (TERM_PATIENCE_MS); then what it has not taken is thrown away, and it gets what it
 * needs to be as it was. NULL is fine. */
enum { TERM_PATIENCE_MS = 200 };
void term_close(struct term *term);

/* For a stop (C-z) and after it. In between it may only be closed, and is not touched then. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Bytes that give the terminal back, written with async-signal-safe calls only: for the handlers
 * of crashes and the last words when memory runs out. Does nothing when no terminal is taken. */
void term_emergency_restore(void);

/* Asks the system for the size again (after SIGWINCH). */
void term_size(struct term *term, int *ret_rows, int *ret_columns);

/* Shows a frame: writes what differs from the one before, nothing if nothing does. Only while the
 * terminal is not busy. */
void term_draw(struct term *term, const struct frame *frame);

/* True while the terminal has not taken all of what was to be shown. It is to be flushed when
 * term_output_fd can be written to. -EIO when the terminal is gone, else 0. */
bool term_is_busy(const struct term *term);
int term_output_fd(const struct term *term);
_must_check_ int term_flush(struct term *term);

/* From the next drawing on: other colours; the mouse is told of, or not any more. */
void term_set_theme(struct term *term, enum theme theme);
void term_set_mouse(struct term *term, bool has_mouse);

/* The next drawing writes everything. */
void term_repaint(struct term *term);

/* The next key, piece of text pasted, or what the mouse did, without waiting: 1 and the event, at
 * `now_ms`; 0 when there is none; -EIO when the terminal is gone. */
_must_check_ int term_next_event(struct term *term, uint64_t now_ms, struct event *ret);

/* When term_next_event has something even if the terminal sends no more (it was not asked until it
 * had nothing; or what tells Esc from a sequence is that nothing follows), monotonic ms; 0: not by
 * itself. */
uint64_t term_wakes_at(const struct term *term);

/* Hands `text` to the clipboard of the terminal (OSC 52), inside tmux also past it. Terminals may
 * ignore that, and do not say so. */
void term_copy(struct term *term, const char *text);

/* The test protocol (NSBROWSE_TEST_SYNC=1): to the key TERM_SYNC_KEY, which term_next_event gives
 * like any other, the program answers with TERM_SYNC_MARKER once it has drawn what there was. */
#define TERM_SYNC_KEY    0x1f
#define TERM_SYNC_MARKER "\033]7717;nsbrowse-sync\a"

/* Writes the marker, behind all that was drawn. */
void term_answer_sync(struct term *term);
