/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "ui/event.h"
#include "ui/frame.h"

#include <stdbool.h>

/* The terminal: the only code that knows curses. Draws frames, turns bytes into key events, and
 * gives the terminal back as it was. One at a time. */

struct term;

struct term_options {
	bool is_color;
};

/* Takes the terminal on `input` and `output` (descriptors of a terminal) in raw-ish mode: C-c and
 * C-z still make signals, C-s and C-q do not stop it. Returns 0; -ENOTTY if they are no terminal;
 * -EINVAL if TERM is unknown or cannot address the cursor (nothing was written then). */
_must_check_ int term_open(
        int input, int output, const struct term_options *options, struct term **ret);

/* Gives it back: modes, cursor, colours, alternate screen. NULL is fine. Safe to call twice over
 * a suspension. */
void term_close(struct term *term);

/* For a stop (C-z) and after it. */
void term_suspend(struct term *term);
void term_resume(struct term *term);

/* Bytes that give the terminal back, written with async-signal-safe calls only: for the handlers
 * of crashes and the last words when memory runs out. Does nothing when no terminal is taken. */
void term_emergency_restore(void);

/* Asks the system for the size again (after SIGWINCH). */
void term_size(struct term *term, int *ret_rows, int *ret_columns);

/* Shows a frame: writes what differs from the one before, nothing if nothing does. */
void term_draw(struct term *term, const struct frame *frame);

/* The next drawing writes everything. */
void term_repaint(struct term *term);

/* The next key, without waiting (but for the 25 ms that tell Esc from a sequence): 1 and the key,
 * 0 when there is none, -EIO when the terminal is gone. */
_must_check_ int term_next_key(struct term *term, uint32_t *ret_key);

/* Hands `text` to the clipboard of the terminal (OSC 52), inside tmux also past it. Terminals may
 * ignore that, and do not say so. */
void term_copy(struct term *term, const char *text);

/* The test protocol (NSBROWSE_TEST_SYNC=1): to the key TERM_SYNC_KEY, which term_next_key gives
 * like any other, the program answers with TERM_SYNC_MARKER once it has drawn what there was. */
#define TERM_SYNC_KEY    0x1f
#define TERM_SYNC_MARKER "\033]7717;nsbrowse-sync\a"

/* Writes the marker, straight to the terminal. */
void term_answer_sync(struct term *term);
