/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "tests/unit.h"
#include "view/words_watching.h"

#include <string.h>

static void write_line(void *data, const char *line)
{
	struct text *const text = data;

	fprintf(text->out, "%s\n", line);
}

static void assert_lines(const struct watching *watching, const char *wanted)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	words_watching_lines(watching, write_line, &text);
	assert_string_equal(text_get(&text), wanted);
}

static void test_age(void **state)
{
	static const struct {
		enum watching_mode mode;
		int64_t age;
		const char *text;
	} wanted[] = {
	        {WATCHING_NONE, 48000, ""},
	        {WATCHING_EVENTS, -1, ""},
	        {WATCHING_EVENTS, 48000, "events, descriptors read within the last 48 s"},
	        {WATCHING_EVENTS, 47001, "events, descriptors read within the last 48 s"},
	        {WATCHING_EVENTS, 0, "events, descriptors read within the last 1 s"},
	        {WATCHING_LIST, 120000, "no events, descriptors read within the last 120 s"},
	        {WATCHING_LIST, 120001, "no events, descriptors read within the last 3 min"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++) {
		_cleanup_text_ struct text text;

		text_init(&text);
		words_watching_short(
		        text.out, &(struct watching){.mode = wanted[i].mode, .age = wanted[i].age});
		assert_string_equal(text_get(&text), wanted[i].text);
	}
}

static void test_events(void **state)
{
	(void)state;
	assert_lines(&(struct watching){.mode = WATCHING_EVENTS, .age = 48000, .n_records = 7},
	        "changes are read when events of the kernel tell of them\n"
	        "descriptors read within the last 48 s\n"
	        "events: 7\n");
	assert_lines(&(struct watching){.mode = WATCHING_EVENTS,
	                     .age = -1,
	                     .n_records = 1234,
	                     .n_foreign = 1200,
	                     .n_lost = 5,
	                     .is_lossy = true},
	        "changes are read when events of the kernel tell of them\n"
	        "events: 1234, of these 1200 about processes outside of the PID namespace, and 5 "
	        "lost\n"
	        "events are lost or come too fast: everything is read again and again\n");
}

static void test_reasons(void **state)
{
	const struct {
		int error;
		const char *text;
	} wanted[] = {
	        {EACCES, "perf_event_paranoid"},
	        {EPERM, "lockdown"},
	        {EXDEV, "/proc is that of another PID namespace"},
	        {ECANCELED, "--no-events"},
	        {EPIPE, "no helper process"},
	        {ENOSYS, "the kernel has none"},
	        {ENODEV, "the kernel has none"},
	        {EOPNOTSUPP, "the kernel has none"},
	        {EINVAL, "Linux 4.12"},
	        {EMFILE, strerror(EMFILE)},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		assert_non_null(strstr(words_watching_reason(wanted[i].error), wanted[i].text));
	assert_lines(
	        &(struct watching){
	                .mode = WATCHING_LIST, .error = ECANCELED, .age = 1500, .delay = 2500},
	        "a list of PIDs is read every 2.5 s; no events: --no-events\n"
	        "descriptors read within the last 2 s\n");
	assert_lines(&(struct watching){.mode = WATCHING_NONE}, "");
	assert_lines(&(struct watching){.mode = WATCHING_NONE, .age = 48000},
	        "nothing is read by itself (paused, or delay 0); r reads all\n"
	        "descriptors read within the last 48 s\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_age),
	        cmocka_unit_test(test_events),
	        cmocka_unit_test(test_reasons),
	};

	return cmocka_run_group_tests_name("view/words_watching", tests, NULL, NULL);
}
