/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What goes to the terminal, without ever waiting for it. Curses writes into a file in memory; what
 * it wrote is handed on as fast as the terminal takes it. */

struct output {
	int fd;           /* to the terminal */
	bool is_waitless; /* writing to it never waits; else only one byte at a time is sure not to
	                   */
	int canvas;       /* where curses writes */
	char *bytes;      /* taken from there, not written yet from `at` on */
	size_t n;
	size_t at;
	size_t capacity;
};

/* For a terminal on `fd`, which stays the caller's. Returns 0 or a negative errno. */
_must_check_ int output_open(struct output *output, int fd);
void output_close(struct output *output);

/* A stream onto the canvas, for curses; NULL with errno set. The caller closes it. */
FILE *output_stream(const struct output *output, const char *mode);

/* Queues what curses has written since. */
void output_collect(struct output *output);

/* Queues bytes of our own. */
void output_add(struct output *output, const char *bytes, size_t len);

/* Forgets what was queued. */
void output_drop(struct output *output);

/* True while the terminal has not taken all that was queued. */
bool output_is_busy(const struct output *output);

/* Writes what the terminal takes now. 0, also when not all went; -EIO when it is gone. */
_must_check_ int output_flush(struct output *output);

/* The same until all is written, at most so long: false if it is not. */
bool output_drain(struct output *output, int milliseconds);
