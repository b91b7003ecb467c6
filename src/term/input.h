/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "term/decoder.h"

/* What the terminal sends, as events. */

struct input {
	int fd;
	struct decoder decoder;
	struct decoder_key *keys; /* that the decoder knows */
	unsigned char bytes[1024];
	size_t n;
	size_t at; /* the first of them that the decoder has not had */
	bool is_gone;
};

/* Once curses has taken the terminal; with `has_mouse`, if it is to be told of the mouse. */
void input_init(struct input *input, int fd, bool has_mouse);
void input_set_mouse(struct input *input, bool has_mouse);
void input_release(struct input *input);

/* As term_next_event and term_wakes_at. */
_must_check_ int input_next(struct input *input, uint64_t now_ms, struct event *ret);
uint64_t input_wakes_at(const struct input *input);
