/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever a terminal sends, what comes out is a key, a character or a place; a paste is text; and
 * after a silence nothing is left of it. */
#include "base/attributes.h"
#include "term/keys.h"
#include "tests/fuzz/fuzz.h"

static const struct keys_sequence keys[] = {{"\013", NSB_KEY_UP}, {"\033A", NSB_KEY_UP},
        {"\033[A", NSB_KEY_UP}, {"\033OB", NSB_KEY_DOWN}};

static void check_event(const struct event *event, bool was_pasting)
{
	switch (event->kind) {
	case EVENT_KEY:
		CHECK(event->key > 0 && event->key <= NSB_KEY_SHIFT_RIGHT);
		break;
	case EVENT_PASTE:
		CHECK(was_pasting);
		CHECK(event->key >= 0x20 && event->key != 0x7f && event->key <= 0x10ffff);
		break;
	default:
		CHECK(event->kind == EVENT_MOUSE);
		CHECK(event->mouse.row >= 0 && event->mouse.column >= 0);
	}
}

static void take_all(struct keys_decoder *decoder, bool was_pasting)
{
	struct event event;

	while (keys_decoder_take(decoder, &event))
		check_event(&event, was_pasting);
}

/* A byte 0xfe, which no terminal sends, is a silence. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keys_decoder decoder;

	keys_decoder_init(&decoder, keys, ARRAY_SIZE(keys));
	decoder.has_mouse = true;
	for (size_t i = 0; i < size; i++) {
		const bool was_pasting = decoder.is_pasting;

		if (data[i] == 0xfe)
			keys_decoder_end(&decoder);
		else
			keys_decoder_put(&decoder, data[i], i);
		take_all(&decoder, was_pasting);
	}
	keys_decoder_end(&decoder);
	take_all(&decoder, decoder.is_pasting);
	CHECK(decoder.state == DECODER_GROUND && keys_decoder_ends_at(&decoder) == 0);
	return 0;
}
