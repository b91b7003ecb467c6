/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/input/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes from a terminal into keys, the mouse and what was pasted. Pure: no descriptor, no clock.
 *
 * A sequence is one key however it is cut: after ESC [ the terminal certainly sends more, so its
 * end is waited for much longer than the one for an ESC alone. What is not known, not whole or not
 * UTF-8 is dropped, and never acts as other keys. */

enum {
	DECODER_ESCAPE_MS = 25,     /* then ESC alone is the key */
	DECODER_SEQUENCE_MS = 1000, /* then the rest of a sequence does not come any more */
	DECODER_BYTES = 32,         /* no sequence of ours is longer */
	DECODER_EVENTS = 4,         /* of a single byte, at most */
};

enum decoder_state {
	DECODER_GROUND,
	DECODER_CHARACTER, /* UTF-8 */
	DECODER_ESCAPE,    /* ESC */
	DECODER_SS3,       /* ESC O */
	DECODER_CSI,       /* ESC [ */
	DECODER_X10_MOUSE, /* ESC [ M: three bytes follow, whatever they are */
	DECODER_STRING,    /* ESC ] P _ ^ X: up to BEL or ESC \ */
	DECODER_STRING_ESCAPE,
};

/* A sequence that is a key. */
struct decoder_key {
	const char *bytes;
	uint32_t key; /* event.h */
};

struct decoder {
	const struct decoder_key *keys; /* the first that fits counts */
	size_t n_keys;
	bool has_mouse; /* it is asked for: else nothing is told of it */
	unsigned escape_ms;
	enum decoder_state state;
	bool is_pasting;
	char bytes[DECODER_BYTES]; /* of what is not whole yet */
	size_t n;
	uint64_t last_ms;  /* when the last of them came */
	uint64_t ended_ms; /* when the ESC came that was a key at last; 0: not the last byte */
	bool is_told;      /* the ESC of this sequence was a key already */
	struct event events[DECODER_EVENTS];
	size_t n_events;
};

/* `keys` must stay. */
void decoder_init(struct decoder *decoder, const struct decoder_key *keys, size_t n_keys);

/* Takes one byte, that came now. The events it makes must be taken before the next one. */
void decoder_put(struct decoder *decoder, unsigned char byte, uint64_t now_ms);

/* When what is not whole ends by itself, monotonic ms; 0: not by itself. */
uint64_t decoder_ends_at(const struct decoder *decoder);

/* Nothing more has come up to then: what is not whole ends now. */
void decoder_end(struct decoder *decoder);

/* The next event (without its time); false if there is none. */
bool decoder_take(struct decoder *decoder, struct event *ret);
