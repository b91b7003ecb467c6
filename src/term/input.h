/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

/* Bytes from the terminal into keys. */

struct input {
	int fd;
	void *pad;     /* curses reads through it: reading from a window would draw that */
	char bytes[4]; /* of a character that is not whole yet */
	size_t n_bytes;
};

/* Once curses has taken the terminal. */
void input_init(struct input *input, int fd);
void input_release(struct input *input);

/* As term_next_key. */
_must_check_ int input_next(struct input *input, uint32_t *ret_key);
