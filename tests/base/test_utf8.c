/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/utf8.h"
#include "tests/unit.h"

#include <string.h>

static void every_character_survives(void **state)
{
	(void)state;
	for (char32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		char32_t again = c + 1;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		const size_t n = utf8_encode(c, bytes);
		assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
		assert_int_equal(utf8_decode(bytes, n, &again), n);
		assert_int_equal(again, c);
		assert_true(utf8_is_valid(bytes, n));
		for (size_t cut = 1; cut < n; cut++)
			assert_int_equal(utf8_decode(bytes, cut, &again), 0);
	}
}

static void invalid_is_refused(void **state)
{
	static const char *const invalid[] = {
	        "\x80",
	        "\xbf",
	        "\xc0\x80",
	        "\xc1\xbf", /* alone; overlong */
	        "\xe0\x80\x80",
	        "\xe0\x9f\xbf", /* overlong */
	        "\xf0\x80\x80\x80",
	        "\xf0\x8f\xbf\xbf", /* overlong */
	        "\xed\xa0\x80",
	        "\xed\xbf\xbf", /* surrogates */
	        "\xf4\x90\x80\x80",
	        "\xf5\x80\x80\x80", /* above U+10FFFF */
	        "\xf8\x88\x80\x80\x80",
	        "\xfe",
	        "\xff", /* never were */
	        "\xc3",
	        "\xe2\x82",
	        "\xf0\x9f\x98", /* cut off */
	        "\xc3(",
	        "\xe2(\xa1",
	        "\xe2\x82(",
	        "\xf0\x9f\x98(",
	        "\xc3\xc3",
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(invalid); i++) {
		char32_t c = 'x';

		assert_int_equal(utf8_decode(invalid[i], strlen(invalid[i]), &c), 0);
		assert_int_equal(c, 'x');
		assert_false(utf8_is_valid(invalid[i], strlen(invalid[i])));
	}
	assert_true(utf8_is_valid("", 0));
	assert_true(utf8_is_valid("a\0b", 3));
	assert_false(utf8_is_valid("ok \xff", 4));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(every_character_survives),
	        cmocka_unit_test(invalid_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
