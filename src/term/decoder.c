/* SPDX-License-Identifier: Apache-2.0 */
#include "term/decoder.h"

#include "base/attributes.h"
#include "base/utf8.h"

#include <string.h>

enum { BEL = 7, CAN = 0x18, SUB = 0x1a, ESC = 0x1b, DEL = 0x7f };

void decoder_init(struct decoder *decoder, const struct decoder_key *keys, size_t n_keys)
{
	*decoder = (struct decoder){.keys = keys, .n_keys = n_keys, .escape_ms = DECODER_ESCAPE_MS};
}

/* --- events ------------------------------------------------------------------------------ */

static void emit(struct decoder *decoder, struct event event)
{
	if (decoder->n_events < DECODER_EVENTS)
		decoder->events[decoder->n_events++] = event;
}

/* Of what was pasted only text counts. */
static void emit_key(struct decoder *decoder, uint32_t key)
{
	if (!decoder->is_pasting)
		emit(decoder, (struct event){.kind = EVENT_KEY, .key = key});
	else if (key >= 0x20 && key != DEL && key < NSB_KEY_UP)
		emit(decoder, (struct event){.kind = EVENT_PASTE, .key = key});
}

static void restart(struct decoder *decoder)
{
	decoder->state = DECODER_GROUND;
	decoder->n = 0;
	decoder->is_told = false;
}

static void keep(struct decoder *decoder, unsigned char byte)
{
	/* What is longer is not known anyway; its end is still looked for. */
	if (decoder->n < DECODER_BYTES)
		decoder->bytes[decoder->n++] = (char)byte;
}

/* The key that the bytes kept so far are; 0: none. */
static uint32_t known_key(const struct decoder *decoder)
{
	for (size_t i = 0; i < decoder->n_keys; i++) {
		const char *bytes = decoder->keys[i].bytes;

		if (strncmp(bytes, decoder->bytes, decoder->n) == 0 && !bytes[decoder->n])
			return decoder->keys[i].key;
	}
	return 0;
}

static void finish_key(struct decoder *decoder)
{
	const uint32_t key = known_key(decoder);

	if (key)
		emit_key(decoder, key);
	restart(decoder);
}

/* --- characters ----------------------------------------------------------------------------- */

/* How long a character with that first byte is; 0: there is none. */
static size_t length_of(unsigned char first)
{
	return first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

static void put_control(struct decoder *decoder, unsigned char byte)
{
	keep(decoder, byte);
	const uint32_t known = known_key(decoder);

	if (known)
		emit_key(decoder, known);
	else if (byte)
		emit_key(decoder, byte == '\b' ? DEL : byte == '\n' ? '\r' : byte);
	restart(decoder);
}

static void put_ground(struct decoder *decoder, unsigned char byte)
{
	if (byte == ESC) {
		decoder->state = DECODER_ESCAPE;
		keep(decoder, byte);
	} else if (byte < 0x20) {
		put_control(decoder, byte);
	} else if (byte < 0x80) {
		emit_key(decoder, byte);
	} else if (length_of(byte)) {
		decoder->state = DECODER_CHARACTER;
		keep(decoder, byte);
	}
}

static void put_afresh(struct decoder *decoder, unsigned char byte)
{
	restart(decoder);
	put_ground(decoder, byte);
}

static void put_character(struct decoder *decoder, unsigned char byte)
{
	char32_t c;

	if (byte < 0x80 || byte >= 0xc0) {
		put_afresh(decoder, byte);
		return;
	}
	keep(decoder, byte);
	const size_t wanted = length_of((unsigned char)decoder->bytes[0]);
	if (decoder->n < wanted)
		return;
	if (utf8_decode(decoder->bytes, wanted, &c) == wanted)
		emit_key(decoder, c);
	restart(decoder);
}

/* --- sequences ------------------------------------------------------------------------------ */

static void put_escape(struct decoder *decoder, unsigned char byte)
{
	static const struct {
		char byte;
		enum decoder_state state;
	} introducers[] = {
	        {'[', DECODER_CSI},
	        {'O', DECODER_SS3},
	        {']', DECODER_STRING},
	        {'P', DECODER_STRING},
	        {'_', DECODER_STRING},
	        {'^', DECODER_STRING},
	        {'X', DECODER_STRING},
	};

	keep(decoder, byte);
	for (size_t i = 0; i < ARRAY_SIZE(introducers); i++) {
		if (introducers[i].byte == (char)byte) {
			decoder->state = introducers[i].state;
			return;
		}
	}
	if (known_key(decoder)) {
		finish_key(decoder);
		return;
	}
	/* It was the key, and this is the next one. */
	emit_key(decoder, ESC);
	put_afresh(decoder, byte);
}

/* No sequence goes on like that. */
static void break_off(struct decoder *decoder, unsigned char byte)
{
	decoder_end(decoder);
	put_ground(decoder, byte);
}

static void put_ss3(struct decoder *decoder, unsigned char byte)
{
	if (byte < 0x20 || byte >= DEL) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	/* Modifiers stand before the letter: ESC O 5 P. */
	if (byte >= 0x40)
		finish_key(decoder);
}

/* The numbers of `ESC [ < B ; X ; Y M`: false if it is not that. */
static bool read_mouse(const struct decoder *decoder, unsigned numbers[static 3])
{
	size_t n = 0;

	memset(numbers, 0, 3 * sizeof(*numbers));
	for (size_t i = 3; i + 1 < decoder->n; i++) {
		const char c = decoder->bytes[i];

		if (c == ';' && ++n < 3)
			continue;
		if (c < '0' || c > '9' || numbers[n] > 99999)
			return false;
		numbers[n] = numbers[n] * 10 + (unsigned)(c - '0');
	}
	return n == 2 && decoder->n < DECODER_BYTES && numbers[1] && numbers[2];
}

/* What is held with it (Shift, Alt, Ctrl) makes no difference. */
static void finish_mouse(struct decoder *decoder, bool is_release)
{
	static const struct {
		unsigned button;
		enum mouse_kind kind;
	} kinds[] = {
	        {0, MOUSE_PRESS},
	        {32, MOUSE_DRAG},
	        {64, MOUSE_WHEEL_UP},
	        {65, MOUSE_WHEEL_DOWN},
	};
	const unsigned held = 4 | 8 | 16;
	unsigned numbers[3];

	if (!decoder->has_mouse || decoder->is_pasting || !read_mouse(decoder, numbers))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].button != (numbers[0] & ~held))
			continue;
		if (is_release && kinds[i].kind != MOUSE_PRESS)
			return;
		emit(decoder, (struct event){.kind = EVENT_MOUSE,
		                      .mouse = {
		                              .kind = is_release ? MOUSE_RELEASE : kinds[i].kind,
		                              .row = (int)numbers[2] - 1,
		                              .column = (int)numbers[1] - 1,
		                      }});
	}
}

static bool is_sequence(const struct decoder *decoder, const char *bytes)
{
	return decoder->n == strlen(bytes) && memcmp(decoder->bytes, bytes, decoder->n) == 0;
}

static void finish_csi(struct decoder *decoder, unsigned char last)
{
	if (is_sequence(decoder, "\033[200~")) {
		decoder->is_pasting = true;
	} else if (is_sequence(decoder, "\033[201~")) {
		decoder->is_pasting = false;
	} else if (is_sequence(decoder, "\033[M")) {
		decoder->state = DECODER_X10_MOUSE;
		return;
	} else if (decoder->bytes[2] == '<' && (last == 'M' || last == 'm')) {
		finish_mouse(decoder, last == 'm');
	} else {
		finish_key(decoder);
		return;
	}
	restart(decoder);
}

static void put_csi(struct decoder *decoder, unsigned char byte)
{
	if (byte < 0x20 || byte >= DEL) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	/* The F-keys of the Linux console: ESC [ [ A. */
	const bool is_second_bracket = byte == '[' && decoder->n == 3;
	if (byte >= 0x40 && !is_second_bracket)
		finish_csi(decoder, byte);
}

static void put_x10_mouse(struct decoder *decoder, unsigned char byte)
{
	if (byte < 0x20) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	if (decoder->n == strlen("\033[Mbxy"))
		restart(decoder);
}

/* An answer to a question of somebody else. */
static void put_string(struct decoder *decoder, unsigned char byte)
{
	keep(decoder, byte);
	if (byte == BEL || byte == CAN || byte == SUB)
		restart(decoder);
	else if (byte == ESC)
		decoder->state = DECODER_STRING_ESCAPE;
	else if (byte < 0x20)
		break_off(decoder, byte);
}

static void put_string_escape(struct decoder *decoder, unsigned char byte)
{
	restart(decoder);
	if (byte == '\\')
		return;
	put_ground(decoder, ESC);
	put_escape(decoder, byte);
}

/* Behind an ESC that was taken for the key: on a line that slow it was not, and the rest is no
 * keys. Nobody types that. */
static bool is_late_bracket(const struct decoder *decoder, unsigned char byte, uint64_t now_ms)
{
	return byte == '[' && decoder->ended_ms && decoder->state == DECODER_GROUND &&
	       now_ms - decoder->ended_ms < DECODER_SEQUENCE_MS;
}

static void resume_escape(struct decoder *decoder)
{
	keep(decoder, ESC);
	decoder->state = DECODER_ESCAPE;
	decoder->is_told = true;
}

void decoder_put(struct decoder *decoder, unsigned char byte, uint64_t now_ms)
{
	static void (*const states[])(struct decoder *, unsigned char) = {
	        [DECODER_GROUND] = put_ground,
	        [DECODER_CHARACTER] = put_character,
	        [DECODER_ESCAPE] = put_escape,
	        [DECODER_SS3] = put_ss3,
	        [DECODER_CSI] = put_csi,
	        [DECODER_X10_MOUSE] = put_x10_mouse,
	        [DECODER_STRING] = put_string,
	        [DECODER_STRING_ESCAPE] = put_string_escape,
	};

	if (is_late_bracket(decoder, byte, now_ms))
		resume_escape(decoder);
	decoder->ended_ms = 0;
	decoder->last_ms = now_ms;
	states[decoder->state](decoder, byte);
}

/* --- time ----------------------------------------------------------------------------------- */

uint64_t decoder_ends_at(const struct decoder *decoder)
{
	/* What is pasted ends when it says so, however long that takes: else the rest would act. */
	if (decoder->is_pasting)
		return 0;
	switch (decoder->state) {
	case DECODER_GROUND:
	case DECODER_CHARACTER:
		return 0;
	case DECODER_ESCAPE:
		return decoder->last_ms + decoder->escape_ms;
	default:
		return decoder->last_ms + DECODER_SEQUENCE_MS;
	}
}

/* Of a sequence that has only begun, the two bytes were keys: Esc, and what was typed after it. */
void decoder_end(struct decoder *decoder)
{
	const bool is_escape = decoder->state == DECODER_ESCAPE;
	const bool is_begun = decoder->state != DECODER_CHARACTER && decoder->n == 2;
	const unsigned char second = (unsigned char)decoder->bytes[1];

	if (is_escape)
		decoder->ended_ms = decoder->last_ms;
	if ((is_escape || is_begun) && !decoder->is_told)
		emit_key(decoder, ESC);
	if (is_begun)
		emit_key(decoder, second);
	restart(decoder);
}

bool decoder_take(struct decoder *decoder, struct event *ret)
{
	if (!decoder->n_events)
		return false;
	*ret = decoder->events[0];
	decoder->n_events--;
	memmove(decoder->events, decoder->events + 1, decoder->n_events * sizeof(*decoder->events));
	return true;
}
