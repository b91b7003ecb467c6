/* SPDX-License-Identifier: Apache-2.0 */

/* The table of settings, and the config file's text. */

#include "base/memory.h"
#include "tests/base/random.h"
#include "tests/ui/model_text.h"
#include "tests/unit.h"
#include "ui/draw/geometry.h"
#include "ui/pages/settings.h"
#include "view/node.h"

#include <string.h>

static const bool none_given[SETTINGS];

/* What `text` was complained of, a line each. */
struct complaints {
	char *text;
	size_t len;
	FILE *out;
};

static void note(void *data, unsigned line, const char *what, const char *why)
{
	struct complaints *complaints = data;

	fprintf(complaints->out, "%u %s: %s\n", line, what, why);
}

/* Reads it; the caller frees what was said. */
static char *read_text(const char *text, size_t len, struct settings *settings)
{
	struct complaints complaints = {0};

	complaints.out = open_memstream(&complaints.text, &complaints.len);
	assert_non_null(complaints.out);
	settings_read(text, len, settings, none_given, note, &complaints);
	assert_int_equal(fclose(complaints.out), 0);
	return complaints.text;
}

static char *written(const char *text, const struct settings *settings)
{
	char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	settings_write(out, text, strlen(text), settings);
	assert_int_equal(fclose(out), 0);
	return bytes;
}

static char *value_text(enum setting setting, uint64_t value)
{
	char *bytes = NULL;
	size_t len;
	FILE *out = open_memstream(&bytes, &len);

	assert_non_null(out);
	settings_write_value(setting, value, out);
	assert_int_equal(fclose(out), 0);
	return bytes;
}

/* --- the table ------------------------------------------------------------------------------ */

static void test_each_initial_value_can_be_read(void **state)
{
	(void)state;
	for (enum setting i = 0; i < SETTINGS; i++) {
		uint64_t value;

		assert_int_equal(settings_parse(i, settings_row(i)->initial, &value), 0);
		_cleanup_free_ char *text = value_text(i, value);
		assert_string_equal(text, settings_row(i)->initial);
		enum setting found;
		assert_true(settings_from_name(
		        settings_row(i)->name, strlen(settings_row(i)->name), &found));
		assert_int_equal(found, i);
	}
}

/* All values, forward and back: each can be written and read, and one comes round again. */
static void test_values_go_round(void **state)
{
	(void)state;
	for (enum setting i = 0; i < SETTINGS; i++) {
		struct settings settings;
		uint64_t value;
		unsigned n = 0;

		/* They are chosen in a menu. */
		if (i == SETTING_COLUMNS)
			continue;
		settings_init(&settings);
		value = settings.values[i];
		do {
			const uint64_t next = settings_next(i, value, false);
			_cleanup_free_ char *text = value_text(i, next);
			uint64_t again;

			assert_int_equal(settings_next(i, next, true), value);
			assert_int_equal(settings_parse(i, text, &again), 0);
			assert_int_equal(again, next);
			value = next;
		} while (value != settings.values[i] && ++n < 100);
		assert_uint_in_range(n, 1, 20);
	}
}

static void test_words_are_the_enums(void **state)
{
	(void)state;
	for (enum view_kind kind = 0; kind < VIEW_KINDS; kind++) {
		_cleanup_free_ char *text = value_text(SETTING_VIEW, kind);

		assert_string_equal(text, view_kind_row(kind)->name);
	}
	for (enum view_sort sort = 0; sort < VIEW_SORTS; sort++) {
		_cleanup_free_ char *text = value_text(SETTING_SORT, sort);

		assert_string_equal(text, view_sort_name(sort));
	}
	_cleanup_free_ char *mono = value_text(SETTING_THEME, THEME_MONO);
	assert_string_equal(mono, "mono");
	_cleanup_free_ char *right = value_text(SETTING_SPLIT, SPLIT_RIGHT);
	assert_string_equal(right, "right");
}

static void test_delays(void **state)
{
	static const struct {
		uint64_t value, next, previous;
	} rows[] = {{0, 500, 60000}, {2000, 5000, 1000}, {3000, 5000, 2000}, {60000, 0, 30000},
	        {86400000, 0, 60000}};
	static const char *const bad[] = {"", "x", "1x", "-1", "nan", "inf", "86401", "1 2"};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(settings_next(SETTING_DELAY, rows[i].value, false), rows[i].next);
		assert_int_equal(
		        settings_next(SETTING_DELAY, rows[i].value, true), rows[i].previous);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_true(settings_parse(SETTING_DELAY, bad[i], &value) < 0);
	assert_int_equal(settings_parse(SETTING_DELAY, "0.25", &value), 0);
	assert_int_equal(value, 250);
}

/* --- reading -------------------------------------------------------------------------------- */

static void test_reading(void **state)
{
	static const char text[] = "# a comment\n"
	                           "\n"
	                           "theme = dark\r\n"
	                           "  mouse=yes  # and why\n"
	                           "delay = 0.5\n"
	                           "theme = light";
	struct settings settings;

	(void)state;
	settings_init(&settings);
	_cleanup_free_ char *said = read_text(text, strlen(text), &settings);
	assert_string_equal(said, "");
	assert_int_equal(settings.values[SETTING_THEME], THEME_LIGHT);
	assert_int_equal(settings.values[SETTING_MOUSE], true);
	assert_int_equal(settings.values[SETTING_DELAY], 500);
	assert_int_equal(settings.values[SETTING_PANE], true);
}

static void test_complaints(void **state)
{
	static const char text[] = "theme dark\n"
	                           "colour = dark\n"
	                           "theme = blue\n"
	                           "theme =\n"
	                           "= dark\n"
	                           "mouse = yes\0no\n"
	                           "THEME = dark\n"
	                           "split = right\n";
	struct settings settings, before;

	(void)state;
	settings_init(&before);
	settings = before;
	_cleanup_free_ char *said = read_text(text, sizeof(text) - 1, &settings);
	assert_string_equal(said, "1 theme dark: not `key = value`\n"
	                          "2 colour = dark: no such option\n"
	                          "3 theme = blue: no such value\n"
	                          "4 theme: no such value\n"
	                          "5  = dark: no such option\n"
	                          "6 mouse = yes?no: no such value\n"
	                          "7 THEME = dark: no such option\n");
	before.values[SETTING_SPLIT] = SPLIT_RIGHT;
	assert_memory_equal(&settings, &before, sizeof(settings));
}

static void test_the_command_line_is_stronger(void **state)
{
	static const char text[] = "theme = dark\nsplit = right\n";
	const bool is_given[SETTINGS] = {[SETTING_THEME] = true};
	struct settings settings;

	(void)state;
	settings_init(&settings);
	settings.values[SETTING_THEME] = THEME_MONO;
	settings_read(text, strlen(text), &settings, is_given, NULL, NULL);
	assert_int_equal(settings.values[SETTING_THEME], THEME_MONO);
	assert_int_equal(settings.values[SETTING_SPLIT], SPLIT_RIGHT);
}

/* --- writing -------------------------------------------------------------------------------- */

static void test_example_is_what_is_written_at_first(void **state)
{
	_cleanup_free_ char *example = read_source_file("data/config.example");
	struct settings settings;

	(void)state;
	settings_init(&settings);
	_cleanup_free_ char *text = written("", &settings);
	assert_non_null(example);
	assert_string_equal(example, text);
	_cleanup_free_ char *again = written(text, &settings);
	assert_string_equal(again, text);
}

static void test_what_somebody_wrote_stays(void **state)
{
	static const char before[] = "# mine\n"
	                             "mouse=yes # I like it\n"
	                             "\n"
	                             "colour = dark\n"
	                             "theme = dark # at night\n"
	                             "sort = no\n"
	                             "view";
	static const char after[] = "# mine\n"
	                            "mouse=yes # I like it\n"
	                            "\n"
	                            "colour = dark\n"
	                            "theme = light\n"
	                            "sort = number\n"
	                            "view\n"
	                            "\n# ";
	struct settings settings, read;

	(void)state;
	settings_init(&settings);
	settings.values[SETTING_MOUSE] = true;
	settings.values[SETTING_THEME] = THEME_LIGHT;
	_cleanup_free_ char *text = written(before, &settings);
	text[strlen(text) > strlen(after) ? strlen(after) : 0] = '\0';
	assert_string_equal(text, after);
	_cleanup_free_ char *whole = written(before, &settings);
	settings_init(&read);
	free(read_text(whole, strlen(whole), &read));
	assert_memory_equal(&read, &settings, sizeof(read));
}

/* Whatever the settings are and the file was: it then says them. */
static void test_what_is_written_is_read(void **state)
{
	uint64_t seed = 20161127;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		_cleanup_free_ char *before = memory_strdup("");
		struct settings settings, read;

		settings_init(&settings);
		for (int round = 0; round < 2; round++) {
			for (uint32_t n = random_below(&seed, 20); n > 0; n--) {
				const enum setting s = random_below(&seed, SETTINGS);

				settings.values[s] = settings_next(
				        s, settings.values[s], random_below(&seed, 2));
			}
			char *text = written(before, &settings);
			free(before);
			before = text;
		}
		settings_init(&read);
		_cleanup_free_ char *said = read_text(before, strlen(before), &read);
		assert_string_equal(said, "");
		assert_memory_equal(&read, &settings, sizeof(read));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_each_initial_value_can_be_read),
	        cmocka_unit_test(test_values_go_round),
	        cmocka_unit_test(test_words_are_the_enums),
	        cmocka_unit_test(test_delays),
	        cmocka_unit_test(test_reading),
	        cmocka_unit_test(test_complaints),
	        cmocka_unit_test(test_the_command_line_is_stronger),
	        cmocka_unit_test(test_example_is_what_is_written_at_first),
	        cmocka_unit_test(test_what_somebody_wrote_stays),
	        cmocka_unit_test(test_what_is_written_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
