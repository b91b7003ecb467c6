/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "tests/unit.h"
#include "view/needle.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>

/* All places of the needle in `text`, as `START+LENGTH` with blanks between. */
static void assert_found(
        enum needle_kind kind, const char *query, const char *text, const char *expected)
{
	struct needle needle = {0};
	size_t from = 0, start, len, n = 0;
	char found[128] = "";

	needle_set(&needle, kind, query);
	while (needle_find(&needle, text, strlen(text), from, &start, &len)) {
		n += (size_t)snprintf(
		        found + n, sizeof(found) - n, "%s%zu+%zu", n ? " " : "", start, len);
		from = start + len;
	}
	needle_release(&needle);
	if (strcmp(found, expected) != 0)
		fail_msg("%s in %s: %s, not %s", query, text, found, expected);
}

static void test_text(void **state)
{
	(void)state;
	assert_found(NEEDLE_TEXT, "web", "Web web WEB we", "0+3 4+3 8+3");
	assert_found(NEEDLE_TEXT, "Web", "Web web WEB", "0+3");
	assert_found(NEEDLE_TEXT, "aa", "aaaaa", "0+2 2+2");
	assert_found(NEEDLE_TEXT, "", "web", "");
	assert_found(NEEDLE_TEXT, "web", "", "");
	assert_found(NEEDLE_TEXT, "\u00e4r", "\u00c4r \u00e4R", "0+3 4+3");
	assert_found(NEEDLE_TEXT, "\u00c4r", "\u00c4r \u00e4r", "0+3");
	/* The Kelvin sign has three bytes, its lower case one. */
	assert_found(NEEDLE_TEXT, "k", "a\u212ab", "1+3");
	assert_found(NEEDLE_TEXT, "\u212a", "akb", "");
	assert_found(NEEDLE_TEXT, "\u212b", "a\u00e5b", "");
	assert_found(NEEDLE_TEXT, "\u00e9", "\xc3\xc3\xa9\xc3", "1+2");
}

static void test_numbers(void **state)
{
	(void)state;
	assert_found(NEEDLE_PID, "93", "93 193 931 93/2 (93)", "0+2 11+2 17+2");
	assert_found(NEEDLE_END, "93", "93 193 931 user:[4093]", "0+2 4+2 19+2");
	assert_found(NEEDLE_PID, "1", "11", "");
}

static void test_a_zeroed_one(void **state)
{
	const struct needle needle = {0};
	size_t start, len;

	(void)state;
	assert_false(needle_find(&needle, "web", 3, 0, &start, &len));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_text),
	        cmocka_unit_test(test_numbers),
	        cmocka_unit_test(test_a_zeroed_one),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
