/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "tests/base/random.h"
#include "tests/unit.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

enum { N_RANDOM = 1000 * 1000 };

#define WIDE "\xe6\xbc\xa2" /* U+6F22, two columns */
#define MARK "\xcc\x81"     /* U+0301, none */

static void by_the_table(void **state)
{
	static const struct {
		const char *text;
		int columns;
	} table[] = {
	        {"", 0}, {"abc", 3}, {"gr\xc3\xbc\xc3\x9f", 4}, {WIDE WIDE, 4}, {"e" MARK "x", 2},
	        {"\xf0\x9f\x98\x80", 2}, {"\xe2\x96\xbe", 1}, {"\xe2\x94\x9c\xe2\x94\x80", 2},
	        {"\xf3\x90\x80\x80", 1}, {"\xff\xfe", 2}, /* unknown to the locale: one each */
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		assert_int_equal(
		        utf8_columns(table[i].text, strlen(table[i].text)), table[i].columns);
	assert_int_equal(utf8_columns("abc", 2), 2);
}

static void clip_by_the_table(void **state)
{
	static const struct {
		const char *text;
		int columns;
		size_t bytes;
		int used;
	} table[] = {
	        {"abc", 2, 2, 2},
	        {"abc", 3, 3, 3},
	        {"abc", 9, 3, 3},
	        {"abc", 0, 0, 0},
	        {"abc", -1, 0, 0},
	        {WIDE WIDE, 3, 3, 2},
	        {WIDE, 1, 0, 0},
	        {"e" MARK MARK "x", 1, 5, 1},
	        {"a" WIDE MARK, 2, 1, 1},
	        {"a" WIDE MARK, 3, 6, 3},
	        {"", 5, 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int used = -1;

		assert_int_equal(
		        utf8_clip(table[i].text, strlen(table[i].text), table[i].columns, &used),
		        table[i].bytes);
		assert_int_equal(used, table[i].used);
	}
	assert_int_equal(utf8_clip("abc", 3, 2, NULL), 2);
}

/* The C library's own decoder and widths, one character after the other. */
static int libc_columns(const char *text)
{
	mbstate_t shift = {0};
	int columns = 0;
	wchar_t c;

	for (size_t n; (n = mbrtowc(&c, text, MB_CUR_MAX, &shift)) != 0; text += n) {
		assert_true(n <= 4);
		const int width = wcwidth(c);
		columns += width < 0 ? 1 : width;
	}
	return columns;
}

static void assert_clips(const char *text, size_t len, int columns)
{
	int used;
	const size_t cut = utf8_clip(text, len, columns, &used);
	const int whole = utf8_columns(text, len);

	assert_true(used <= columns && used >= (columns < whole ? columns - 1 : whole));
	assert_true(utf8_is_valid(text, cut));
	assert_int_equal(utf8_columns(text, cut), used);
	if (cut == len)
		return;
	char32_t c;
	const size_t n = utf8_decode(text + cut, len - cut, &c);
	assert_true(n > 0 && wcwidth((wchar_t)c) != 0);
	assert_true(used + utf8_columns(text + cut, n) > columns);
}

static void random_text_has_its_width(void **state)
{
	uint64_t seed = 20161123;
	char raw[128];

	(void)state;
	for (int i = 0; i < N_RANDOM; i++) {
		random_nasty(&seed, raw);
		_cleanup_free_ char *text = escape_text(raw);
		const size_t len = strlen(text);
		const int columns = utf8_columns(text, len);

		assert_int_equal(columns, libc_columns(text));
		assert_clips(text, len, (int)random_below(&seed, (uint32_t)columns + 2));
	}
	print_message(
	        "# R4: %d random names: columns are the sum of wcwidth(3), 0 characters cut\n",
	        N_RANDOM);
}

/* The C library's tables are of another version of Unicode: they may differ in characters that were
 * added or changed since. */
static void tables_agree_with_the_locale(void **state)
{
	int differ = 0;

	(void)state;
	for (char32_t c = 0xa0; c <= 0x10ffff; c++) {
		const bool is_combining = utf8_is_combining(c);
		const int width = wcwidth((wchar_t)c);

		assert_false(is_combining && utf8_is_invisible(c));
		if (width < 0 || utf8_is_invisible(c) || (width == 0) == is_combining)
			continue;
		differ++;
		print_message("U+%04X: width %d\n", (unsigned)c, width);
	}
	assert_true(differ <= 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(by_the_table),
	        cmocka_unit_test(clip_by_the_table),
	        cmocka_unit_test(random_text_has_its_width),
	        cmocka_unit_test(tables_agree_with_the_locale),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		print_message("no locale C.UTF-8\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
