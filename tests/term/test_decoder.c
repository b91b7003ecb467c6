/* SPDX-License-Identifier: Apache-2.0 */

/* The decoder: bytes into events, with the time set by the test. */

#include "base/memory.h"
#include "term/keys.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

static const struct keys_sequence keys[] = {
        {"\033A", NSB_KEY_UP}, /* a VT52 */
        {"\013", NSB_KEY_UP},  /* a terminal whose terminfo says so */
        {"\033[A", NSB_KEY_UP}, {"\033OB", NSB_KEY_DOWN}, {"\033[5~", NSB_KEY_PAGE_UP},
        {"\033[24~", NSB_KEY_F0 + 12}, {"\033[[A", NSB_KEY_F0 + 1},
        {"\033[M", NSB_KEY_F0 + 2}, /* some say so; it is the mouse */
};

/* Events as words: `k:41`, `p:41` (hexadecimal), `m:KIND,ROW,COLUMN`. */
static void write_events(struct keys_decoder *decoder, FILE *out)
{
	struct event event;

	while (keys_decoder_take(decoder, &event)) {
		if (event.kind == EVENT_MOUSE)
			fprintf(out, "m:%d,%d,%d ", event.mouse.kind, event.mouse.row,
			        event.mouse.column);
		else
			fprintf(out, "%c:%x ", event.kind == EVENT_PASTE ? 'p' : 'k', event.key);
	}
}

/* Returns the events of the bytes, each `gap` ms after the one before, and of a long pause. */
static char *decode(const char *bytes, size_t len, bool has_mouse, uint64_t gap)
{
	struct keys_decoder decoder;
	uint64_t now = 1000;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	keys_decoder_init(&decoder, keys, ARRAY_SIZE(keys));
	decoder.has_mouse = has_mouse;
	for (size_t i = 0; i <= len; i++) {
		const uint64_t ends_at = keys_decoder_ends_at(&decoder);

		now += i < len ? gap : 100000;
		if (ends_at && now >= ends_at)
			keys_decoder_end(&decoder);
		write_events(&decoder, out);
		if (i < len)
			keys_decoder_put(&decoder, (unsigned char)bytes[i], now);
		write_events(&decoder, out);
	}
	assert_int_equal(keys_decoder_ends_at(&decoder), 0);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_decodes_after(
        const char *bytes, size_t len, bool has_mouse, uint64_t gap, const char *wanted)
{
	_cleanup_free_ char *seen = decode(bytes, len, has_mouse, gap);

	assert_string_equal(seen, wanted);
}

#define assert_decodes(bytes, wanted)                                                              \
	assert_decodes_after(bytes, sizeof(bytes) - 1, true, 0, wanted)

static void test_characters(void **state)
{
	(void)state;
	assert_decodes("aB~ ", "k:61 k:42 k:7e k:20 ");
	assert_decodes("\r\n\b\177\t\001\037", "k:d k:d k:7f k:7f k:9 k:1 k:1f ");
	assert_decodes("\0", "");
	assert_decodes("\u00e9\u65e5\U0001f600", "k:e9 k:65e5 k:1f600 ");
	assert_decodes("\xff\xc3"
	               "a\x80"
	               "b\xe6\x97"
	               "c\xed\xa0\x80"
	               "d\xc3\033[A\x9b"
	               "e",
	        "k:61 k:62 k:63 k:64 k:200000 k:65 ");
}

static void test_escape(void **state)
{
	(void)state;
	assert_decodes("\033", "k:1b ");
	assert_decodes("\033\033", "k:1b k:1b ");
	/* Alt and a digit: ui/app makes an F-key of it, if nothing is open. */
	assert_decodes("\0335", "k:1b k:35 ");
	assert_decodes("\033\037", "k:1b k:1f ");
	assert_decodes("\033\u00e9", "k:1b k:e9 ");
	assert_decodes("\033\033[A", "k:1b k:200000 ");
	/* Keys, if nothing follows for a second. */
	assert_decodes("\033O", "k:1b k:4f ");
	assert_decodes("\033[", "k:1b k:5b ");
	assert_decodes("\033O\033[A", "k:1b k:4f k:200000 ");
}

static void test_sequences(void **state)
{
	(void)state;
	assert_decodes("\033[A\033OB\033[5~\033[24~\033[[Ax",
	        "k:200000 k:200001 k:200006 k:200016 k:20000b k:78 ");
	assert_decodes("\033A\013", "k:200000 k:200000 ");
}

/* The end of a sequence is awaited much longer than 25 ms. */
static void test_sequences_cut_at_every_byte(void **state)
{
	static const char *const cut[] = {"\033[A", "\033OB", "\033[5~", "\033[24~", "\033[[A"};
	static const char *const wanted[] = {
	        "k:200000 ", "k:200001 ", "k:200006 ", "k:200016 ", "k:20000b "};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cut); i++) {
		assert_decodes_after(cut[i], strlen(cut[i]), false, 24, wanted[i]);
		/* Time matters only after the first byte. */
		struct keys_decoder decoder;
		struct event event;

		keys_decoder_init(&decoder, keys, ARRAY_SIZE(keys));
		for (size_t j = 0; cut[i][j]; j++) {
			const uint64_t now = 1000 + (j > 1 ? 999 * (j - 1) : 0);

			assert_true(j < 2 || now < keys_decoder_ends_at(&decoder));
			keys_decoder_put(&decoder, (unsigned char)cut[i][j], now);
		}
		assert_true(keys_decoder_take(&decoder, &event));
		assert_false(keys_decoder_take(&decoder, &event));
	}
	assert_decodes_after("\033[A", 3, false, 25, "k:1b k:200000 ");
	assert_decodes_after("\033[5~", 4, false, 49, "k:1b k:200006 ");
	assert_decodes_after("\033OB", 3, false, 49, "k:1b k:200001 ");
	/* [ and O are keys, too: they do not wait for long. */
	assert_decodes_after("\033[]", 3, false, 50, "k:1b k:5b k:5d ");
	assert_decodes_after("\033OA", 3, false, 50, "k:1b k:4f k:41 ");
	assert_decodes_after("\033[", 2, false, 999, "k:1b k:5b ");
	assert_decodes_after("\033[A", 3, false, 1001, "k:1b k:5b k:41 ");
	assert_decodes_after("\033x[", 3, false, 30, "k:1b k:78 k:5b ");
}

static void test_when_it_ends(void **state)
{
	struct keys_decoder decoder;

	(void)state;
	keys_decoder_init(&decoder, keys, ARRAY_SIZE(keys));
	assert_int_equal(keys_decoder_ends_at(&decoder), 0);
	keys_decoder_put(&decoder, 033, 5000);
	assert_int_equal(keys_decoder_ends_at(&decoder), 5000 + DECODER_ESCAPE_MS);
	keys_decoder_put(&decoder, '[', 5010);
	assert_int_equal(keys_decoder_ends_at(&decoder), 5010 + DECODER_SEQUENCE_MS);
	keys_decoder_end(&decoder);
	assert_int_equal(keys_decoder_ends_at(&decoder), 0);
}

/* These sequences are not keys, with any end, as a whole or in parts. */
static void test_unknown_sequences_are_no_keys(void **state)
{
	(void)state;
	assert_decodes("\033[1;5A\033[Z\033[?62;22c\033[I\033[O\033[99;1R\033[27;5;113~\033[q", "");
	assert_decodes("\033OZ\033O5P", "");
	assert_decodes(
	        "\033]11;rgb:0000/0000/0000\033\\\033]11;q\a\033P1$r0q\033\\\033_q\033\\", "");
	assert_decodes("\033]qqq\033[A", "k:200000 ");
	assert_decodes("\033]qqq\030x", "k:78 ");
	assert_decodes("\033]qqq\001\033[M \001", "k:1 k:1 ");
	assert_decodes("\033[12", "");
	assert_decodes("\033]never ended", "");
	assert_decodes("\033[1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1;1qx", "k:78 ");
	assert_decodes("\033[1\033[A\033[1\001", "k:200000 k:1 ");
}

static void test_paste_is_no_keys(void **state)
{
	(void)state;
	assert_decodes("q\033[200~s \rq\033[A\033\003\t\u00e9\033[201~q",
	        "k:71 p:73 p:20 p:71 p:e9 k:71 ");
	/* Also on a slow line. */
	assert_decodes_after("\033[200~q", 7, false, 24, "p:71 ");
	assert_decodes_after("\033[200~q\033[201~q", 14, false, 49, "k:1b p:71 k:71 ");
	assert_decodes_after("\033[200~q\033]q\033[201~q", 17, false, 24, "p:71 k:71 ");
	assert_decodes("\033[200~\033[<0;3;4Mq\033Oq\033[201~\033[<0;3;4M", "p:71 m:0,3,2 ");
}

static void test_mouse(void **state)
{
	(void)state;
	assert_decodes("\033[<0;1;1M\033[<32;80;24M\033[<0;80;24m", "m:0,0,0 m:1,23,79 m:2,23,79 ");
	assert_decodes("\033[<64;5;6M\033[<65;5;6M\033[<28;5;6M", "m:3,5,4 m:4,5,4 m:0,5,4 ");
	assert_decodes("\033[<1;5;6M\033[<2;5;6M\033[<35;5;6M\033[<64;5;6m", "");
	assert_decodes("\033[<0;0;1M\033[<0;1M\033[<0;1;2;3M\033[<;;M\033[<0;1;-1M", "");
	assert_decodes("\033[<0;99999999999;1M\033[<0;00000000000000000000000000001;1M", "");
	assert_decodes("\033[Mqqqq", "k:71 ");
	assert_decodes_after("\033[<0;1;1M", 9, false, 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_characters),
	        cmocka_unit_test(test_escape),
	        cmocka_unit_test(test_sequences),
	        cmocka_unit_test(test_sequences_cut_at_every_byte),
	        cmocka_unit_test(test_when_it_ends),
	        cmocka_unit_test(test_unknown_sequences_are_no_keys),
	        cmocka_unit_test(test_paste_is_no_keys),
	        cmocka_unit_test(test_mouse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
