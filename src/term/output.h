/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <termios.h>

/* The bytes for the terminal: the queue between ncurses and the terminal, the bytes that give the
 * terminal back in a signal handler, and the strings of terminfo(5). term.h has the picture. */

/* --- the queue -------------------------------------------------------------------------------- */

struct output {
	int fd;              /* writes to the terminal */
	bool is_nonblocking; /* false: only a write of one byte after poll(2) cannot block */
	int canvas;          /* what ncurses writes is read from here: a memory file or a pipe */
	bool is_pipe;
	int writer;    /* ncurses writes to it; -EBADF after output_stream_out */
	size_t room;   /* bytes that ncurses may write before output_collect */
	bool is_ansi;  /* needless sequences of ncurses are left out; set by the caller */
	bool is_ascii; /* of these: the character set is ASCII already */
	char *bytes;   /* queued; those from `at` on are not written yet */
	size_t n;
	size_t at;
	size_t capacity;
};

/* Opens the queue to the terminal fd, which stays the caller's. Returns 0 or a negative errno
 * (-EFBIG: the limit of file sizes prevents a memory file, and there is no large pipe). */
_must_check_ int output_open(struct output *output, int fd);
void output_close(struct output *output);

/* Return the streams for ncurses, which reads nothing from the first; NULL with errno set. The
 * caller closes them. output_stream_out may be called once. */
FILE *output_stream_in(const struct output *output);
FILE *output_stream_out(struct output *output);

/* Queues what ncurses has written since the last call, which ends with a whole sequence. If the
 * terminal is an ANSI one, without attributes that the next sequence resets, and without the choice
 * of a character set that is chosen already: ncurses writes ESC [39m ESC (B ESC [m at the end of
 * each coloured text. */
void output_collect(struct output *output);

/* The character set is not known any more: another program may have written to the terminal. */
void output_forget_charset(struct output *output);

/* Queues len bytes. */
void output_add(struct output *output, const char *bytes, size_t len);

/* Drops what is queued. */
void output_drop(struct output *output);

/* Returns true while queued bytes are not written. */
bool output_is_busy(const struct output *output);

/* Writes as much as the terminal accepts without blocking. Returns 0, even if bytes are left; -EIO
 * if the terminal hung up. */
_must_check_ int output_flush(struct output *output);

/* Writes all that is queued, for at most this long. Returns false if bytes are left. */
bool output_drain(struct output *output, int milliseconds);

/* --- giving the terminal back ----------------------------------------------------------------- */

/* Stores what output_restore needs: the descriptor fd (which must stay open), the bytes `also`, the
 * reset strings of the selected terminfo entry, and the terminal modes to return to. */
void output_arm_restore(int fd, const struct termios *modes, const char *also);
void output_disarm_restore(void);

/* Writes the stored bytes and sets the stored modes; does nothing if nothing is stored.
 * Async-signal-safe. */
void output_restore(void);

/* --- terminfo(5) ------------------------------------------------------------------------------ */

/* Returns 0 if the terminal type TERM is known and can address the cursor; -EOPNOTSUPP: it cannot;
 * -EINVAL: it is not known; -EMFILE, -ENFILE: its entry could not be opened. Writes nothing to fd,
 * a terminal. */
_must_check_ int output_check_type(int fd);

/* Returns a string capability of the entry that newterm(3X) selected (such as "rmcup"); NULL if
 * that has none. */
const char *output_capability(const char *name);

/* Returns the string that makes all rows of the terminal the scrolling region (and moves the
 * cursor); NULL if there is none. Valid until the next call. */
const char *output_scroll_region(int rows);

/* Copies a string capability (NULL: an empty one) without its padding, such as `$<5>`, which only
 * hardware terminals need. Writes at most `size` bytes to ret, without a zero; returns how many. */
size_t output_unpadded(const char *capability, char *ret, size_t size);

/* Returns true if the terminal uses ANSI sequences (ESC [). It accepts or ignores the modes of
 * xterm then. */
bool output_is_ansi(void);
