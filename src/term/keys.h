/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "ui/input/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- bytes into events ------------------------------------------------------------------------ */

/* Decodes the bytes of a terminal into keys, mouse events and pasted text. Pure: it reads no
 * descriptor and no clock.
 *
 * A sequence is one key, however it is split into reads. After ESC [ the terminal always sends
 * more, so the end of a sequence is awaited much longer than the byte after an ESC alone. If the [
 * (or O) comes so late that the ESC was reported as a key, it is a key, too, unless more follows
 * soon: a user can type that, and a terminal sends the rest at once. Unknown and incomplete
 * sequences and invalid UTF-8 are dropped, and never act as other keys. */

enum {
	DECODER_ESCAPE_MS = 25,     /* ESC alone for this long is the Esc key */
	DECODER_SEQUENCE_MS = 1000, /* an incomplete sequence is dropped after this time */
	DECODER_LATE_MS = 50,       /* after a late [ or O, of which either is a key, too */
	DECODER_BYTES = 32,         /* longer than any known sequence */
	DECODER_EVENTS = 4,         /* most events that one byte can make */
};

enum decoder_state {
	DECODER_GROUND,
	DECODER_CHARACTER, /* inside a UTF-8 character */
	DECODER_ESCAPE,    /* after ESC */
	DECODER_SS3,       /* after ESC O */
	DECODER_CSI,       /* after ESC [ */
	DECODER_X10_MOUSE, /* after ESC [ M: three bytes of any value follow */
	DECODER_STRING,    /* after ESC ] P _ ^ X: up to BEL or ESC \ */
	DECODER_STRING_ESCAPE,
};

/* The bytes that one key sends. */
struct keys_sequence {
	const char *bytes;
	uint32_t key; /* event.h */
};

struct keys_decoder {
	const struct keys_sequence *sequences; /* the first that matches counts */
	size_t n_sequences;
	bool has_mouse; /* false: mouse sequences are dropped */
	unsigned escape_ms;
	enum decoder_state state;
	bool is_pasting;
	char bytes[DECODER_BYTES]; /* of the incomplete sequence or character */
	size_t n;
	uint64_t last_ms;  /* time of the last byte */
	uint64_t ended_ms; /* time of the last byte, if it was an ESC reported as a key; else 0 */
	bool is_reported;  /* the ESC of this sequence was reported as a key */
	struct event events[DECODER_EVENTS];
	size_t n_events;
};

/* The sequences are borrowed and must outlive the decoder. */
void keys_decoder_init(
        struct keys_decoder *decoder, const struct keys_sequence *sequences, size_t n_sequences);

/* Adds one byte that was read at now_ms. Take its events before the next byte is added. */
void keys_decoder_put(struct keys_decoder *decoder, unsigned char byte, uint64_t now_ms);

/* Returns the monotonic time in ms at which keys_decoder_end is due; 0 if nothing is incomplete. */
uint64_t keys_decoder_ends_at(const struct keys_decoder *decoder);

/* Ends an incomplete sequence: no byte arrived before keys_decoder_ends_at. */
void keys_decoder_end(struct keys_decoder *decoder);

/* Takes the next event, without its time; returns false if there is none. */
bool keys_decoder_take(struct keys_decoder *decoder, struct event *ret);

/* --- the keys of this terminal ---------------------------------------------------------------- */

/* Reads the terminal, and decodes with the sequences that terminfo(5) has for it. */
struct keys_input {
	int fd;
	struct keys_decoder decoder;
	struct keys_sequence *sequences;
	unsigned char bytes[1024];
	size_t n;
	size_t at; /* index of the first byte that is not decoded */
	bool is_gone;
};

/* Call after newterm(3X): it selects the terminfo entry. fd stays the caller's. The environment
 * variable ESCDELAY replaces DECODER_ESCAPE_MS. */
void keys_input_init(struct keys_input *input, int fd, bool has_mouse);
void keys_input_set_mouse(struct keys_input *input, bool has_mouse);
void keys_input_release(struct keys_input *input);

/* As term_next_event and term_wakes_at. */
_must_check_ int keys_input_next(struct keys_input *input, uint64_t now_ms, struct event *ret);
uint64_t keys_input_wakes_at(const struct keys_input *input);
