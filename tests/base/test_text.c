/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/unit.h"

#include <locale.h>
#include <string.h>

static void grows_while_it_is_written(void **state _unused_)
{
	_cleanup_text_ struct text text = {0};

	text_init(&text);
	assert_string_equal(text_get(&text), "");
	assert_int_equal(text.len, 0);
	fputs("one", text.out);
	assert_string_equal(text_get(&text), "one");
	assert_string_equal(text_get(&text), "one");
	fputs(" two", text.out);
	assert_string_equal(text_get(&text), "one two");
	assert_int_equal(text.len, 7);
	for (int i = 0; i < 20000; i++)
		fputc('x', text.out);
	text_get(&text);
	assert_int_equal(text.len, 20007);
	assert_int_equal(strlen(text.bytes), 20007);
}

static void starts_again(void **state _unused_)
{
	_cleanup_text_ struct text text = {0};

	text_init(&text);
	fputs("a long text", text.out);
	text_get(&text);
	fputs("short", text_restart(&text));
	assert_string_equal(text_get(&text), "short");
	assert_int_equal(text.len, 5);
	fputs("er", text.out);
	assert_string_equal(text_get(&text), "shorter");
	text_restart(&text);
	assert_string_equal(text_get(&text), "");
	assert_int_equal(text.len, 0);
	fwrite("a\0b", 1, 3, text_restart(&text));
	text_get(&text);
	assert_int_equal(text.len, 3);
	assert_memory_equal(text.bytes, "a\0b", 4);
}

static void is_given_away(void **state _unused_)
{
	struct text text;

	text_init(&text);
	fputs("a long text", text.out);
	fputs("mine", text_restart(&text));
	_cleanup_free_ char *taken = text_take(&text);
	assert_string_equal(taken, "mine");
	assert_null(text.out);
	assert_null(text.bytes);
	text_release(&text);
}

/* Writes `raw` to a text of 4 columns. */
static void assert_within(struct text *text, const char *raw, const char *expected)
{
	escape_write(text_restart(text), raw, strlen(raw), 0);
	assert_string_equal(text_get(text), expected);
	assert_int_equal(text->len, strlen(expected));
	/* The same again, and nothing that follows if it was cut. */
	assert_string_equal(text_get(text), expected);
	if (strstr(expected, "…")) {
		fputs("more", text->out);
		assert_string_equal(text_get(text), expected);
	}
}

static void is_cut_at_its_columns(void **state _unused_)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, 4);
	assert_string_equal(text_get(&text), "");
	assert_within(&text, "abcd", "abcd");
	assert_within(&text, "abcde", "abcd…");
	assert_within(&text, "\x1b", "\\x1b");
	assert_within(&text, "\x1b\x1b", "\\x1b…");
	assert_within(&text, "日本", "日本");
	assert_within(&text, "日本語", "日本語");
	assert_within(&text, "日本語日本", "日本…");
	assert_within(&text, "e\xcc\x81\xcc\x81zzzz", "e\xcc\x81\xcc\x81zzz…");
	assert_within(&text, "", "");
	fputs("ab", text_restart(&text));
	fputs("cd", text.out);
	_cleanup_free_ char *taken = text_take(&text);
	assert_string_equal(taken, "abcd");
}

/* No more is escaped than a small part of it. */
static void a_long_name_is_not_escaped_whole(void **state _unused_)
{
	enum { LEN = 1 << 20, COLUMNS = 100 };
	_cleanup_free_ char *raw = memory_new(LEN + 1);
	_cleanup_text_ struct text text;

	memset(raw, '\x1b', LEN);
	text_init_within(&text, COLUMNS);
	escape_write(text.out, raw, LEN, 0);
	assert_true(ferror(text.out));
	assert_true(text.len < COLUMNS + 512);
	text_get(&text);
	assert_int_equal(text.len, COLUMNS + strlen("…"));
}

static void digits_of_numbers(void **state _unused_)
{
	char buffer[TEXT_DIGITS + 1];

	assert_string_equal(text_digits(0, buffer), "0");
	assert_string_equal(text_digits(9, buffer), "9");
	assert_string_equal(text_digits(10, buffer), "10");
	assert_string_equal(text_digits(4026531837, buffer), "4026531837");
	assert_string_equal(text_digits(UINT64_MAX, buffer), "18446744073709551615");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(grows_while_it_is_written),
	        cmocka_unit_test(starts_again),
	        cmocka_unit_test(is_given_away),
	        cmocka_unit_test(is_cut_at_its_columns),
	        cmocka_unit_test(a_long_name_is_not_escaped_whole),
	        cmocka_unit_test(digits_of_numbers),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
