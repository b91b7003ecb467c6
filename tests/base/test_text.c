/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"
#include "tests/unit.h"

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
	        cmocka_unit_test(digits_of_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
