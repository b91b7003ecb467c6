/* SPDX-License-Identifier: Apache-2.0 */
/* The classes of characters beside those of utf8proc, where that is installed. */
#include "base/utf8.h"
#include "tests/unit.h"

#ifdef HAVE_UTF8PROC
#include <string.h>
#include <utf8proc.h>

static bool is_joining_hangul(char32_t c)
{
	return (c >= 0x1161 && c <= 0x11ff) || (c >= 0xd7b0 && c <= 0xd7fb);
}

/* By the rule in unicode.awk. */
static void characters_have_the_class_of_utf8proc(void **state _unused_)
{
	/* A version newer than that of the tables may have changed a few characters. */
	const bool is_newer = strverscmp(utf8proc_unicode_version(), "17.0.0") > 0;
	unsigned n_invisible = 0, n_combining = 0, differ = 0;

	for (char32_t c = 0xa0; c <= 0x10ffff; c++) {
		const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)c);
		const utf8proc_category_t category = property->category;
		const bool is_invisible = category == UTF8PROC_CATEGORY_CF ||
		                          category == UTF8PROC_CATEGORY_ZL ||
		                          category == UTF8PROC_CATEGORY_ZP || property->ignorable;
		const bool is_combining = category == UTF8PROC_CATEGORY_MN ||
		                          category == UTF8PROC_CATEGORY_ME ||
		                          is_joining_hangul(c) || c == 0x1171e;

		if (category == UTF8PROC_CATEGORY_CN)
			continue;
		n_invisible += is_invisible;
		n_combining += is_combining && !is_invisible;
		if (utf8_is_invisible(c) == is_invisible &&
		        utf8_is_combining(c) == (is_combining && !is_invisible))
			continue;
		differ++;
		print_message("U+%04X: category %s\n", (unsigned)c,
		        utf8proc_category_string((utf8proc_int32_t)c));
	}
	print_message("utf8proc %s (Unicode %s): %u invisible, %u combining\n", utf8proc_version(),
	        utf8proc_unicode_version(), n_invisible, n_combining);
	assert_true(n_invisible > 400 && n_combining > 1900);
	assert_true(differ <= (is_newer ? 64 : 0));
}
#endif

static void noncharacters_are_66(void **state _unused_)
{
	unsigned n = 0;

	for (char32_t c = 0; c <= 0x10ffff; c++)
		n += utf8_is_noncharacter(c);
	assert_int_equal(n, 66);
}

static void classes_exclude_each_other(void **state _unused_)
{
	for (char32_t c = 0; c <= 0x10ffff; c++)
		assert_true(
		        utf8_is_noncharacter(c) + utf8_is_invisible(c) + utf8_is_combining(c) <= 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(noncharacters_are_66),
	        cmocka_unit_test(classes_exclude_each_other),
#ifdef HAVE_UTF8PROC
	        cmocka_unit_test(characters_have_the_class_of_utf8proc),
#endif
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL);

#ifndef HAVE_UTF8PROC
	if (failed == 0) {
		print_message("no utf8proc to compare with\n");
		return 77;
	}
#endif
	return failed;
}
