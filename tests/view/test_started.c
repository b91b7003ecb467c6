/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "view/words.h"

static void test_started(void **state)
{
	/* 2026-11-20 15:00:00 UTC */
	enum { TAKEN = 1795186800, DAY = 86400 };
	static const struct {
		int64_t booted;
		unsigned hertz;
		uint64_t started;
		long utc_offset;
		const char *text;
	} wanted[] = {
	        {TAKEN - 3600, 100, 0, 0, "14:00"},
	        {TAKEN - 3600, 100, 59 * 6000, 0, "14:59"},
	        {TAKEN - 3600, 100, 0, 3600, "15:00"},
	        /* The day is that of the place. */
	        {TAKEN - 15 * 3600, 100, 0, 0, "00:00"},
	        {TAKEN - 15 * 3600 - 1, 100, 0, 0, "2026-11-19"},
	        {TAKEN - 15 * 3600 - 1, 100, 0, 3600, "00:59"},
	        {TAKEN - 15 * 3600, 100, 0, -60, "2026-11-19"},
	        {TAKEN - 400 * (int64_t)DAY, 100, 0, 0, "2025-10-16"},
	        /* What a snapshot may say. */
	        {TAKEN, 0, 5, 0, "unknown"},
	        {0, 100, 5, 0, "unknown"},
	        {INT64_MAX, 1, 5, 0, "unknown"},
	        {TAKEN, 1, UINT64_MAX, 0, "unknown"},
	        {INT64_MAX - 10, 1, 5, 0, "unknown"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		const struct host host = {
		        .booted = wanted[i].booted, .hertz = wanted[i].hertz, .taken = TAKEN};
		const struct process process = {.started = wanted[i].started, .state = 'S'};
		const struct process unread = {.started = wanted[i].started};
		const long utc_offset = wanted[i].utc_offset;
		_cleanup_text_ struct text text;

		text_init(&text);
		words_started(text.out, &host, &process, utc_offset, false);
		assert_string_equal(text_get(&text), wanted[i].text);
		words_started(text_restart(&text), &host, &unread, utc_offset, false);
		assert_string_equal(text_get(&text), "unknown");
	}
}

/* The day is there on the day of the model, too. */
static void test_long_times(void **state)
{
	static const struct {
		int64_t seconds;
		long utc_offset;
		const char *text;
	} wanted[] = {
	        {1795186800, 0, "2026-11-20 15:00"},
	        {1795186800, -60, "2026-11-20 14:59"},
	        {0, 0, "unknown"},
	        {INT64_MAX, 3600, "unknown"},
	};
	const struct host host = {.taken = 1795186800};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		_cleanup_text_ struct text text;

		text_init(&text);
		words_time(text.out, &host, wanted[i].seconds, wanted[i].utc_offset, true);
		assert_string_equal(text_get(&text), wanted[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_started), cmocka_unit_test(test_long_times)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
