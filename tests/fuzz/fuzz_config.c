/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever stands in a config file, what is written into it says the settings, is read without a
 * complaint of ours, and is not changed by writing it again. */
#include "base/attributes.h"
#include "base/memory.h"
#include "tests/fuzz/fuzz.h"
#include "ui/pages/settings.h"

#include <stdlib.h>
#include <string.h>

static const bool none_given[SETTINGS];

static void count(void *data, unsigned line, const char *what, const char *why)
{
	unsigned *n = data;

	CHECK(line > *n && what && why); /* at most one a line, in their order */
	*n = line;
}

static char *written(const char *text, size_t len, const struct settings *settings, size_t *ret_len)
{
	char *bytes = NULL;
	FILE *out = open_memstream(&bytes, ret_len);

	CHECK(out);
	settings_write(out, text, len, settings);
	CHECK(fclose(out) == 0);
	return bytes;
}

/* The values before and behind one can be written and read. */
static void check_steps(enum setting setting, uint64_t value)
{
	const uint64_t before = settings_next(setting, value, true);
	const uint64_t next = settings_next(setting, value, false);
	uint64_t parsed;

	for (size_t i = 0; i < 2; i++) {
		_cleanup_free_ char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);

		CHECK(out);
		settings_write_value(setting, i ? next : before, out);
		CHECK(fclose(out) == 0);
		CHECK(settings_parse(setting, text, &parsed) == 0);
	}
}

static void check_values(const struct settings *settings)
{
	for (enum setting i = 0; i < SETTINGS; i++) {
		_cleanup_free_ char *text = NULL;
		size_t len;
		uint64_t value;
		FILE *out = open_memstream(&text, &len);

		CHECK(out);
		settings_write_value(i, settings->values[i], out);
		CHECK(fclose(out) == 0);
		CHECK(settings_parse(i, text, &value) == 0 && value == settings->values[i]);
		_cleanup_free_ char *line = settings_line(i, value);
		/* A list of columns is too long for the line, and has no next value. */
		CHECK(strstr(line, i == SETTING_COLUMNS && value ? "chosen" : text));
		if (i != SETTING_COLUMNS)
			check_steps(i, value);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct settings settings, again;
	size_t len, len_again;
	unsigned line = 0;

	settings_init(&settings);
	settings_read(text, size, &settings, none_given, count, &line);
	check_values(&settings);
	_cleanup_free_ char *first = written(text, size, &settings, &len);
	settings_init(&again);
	line = 0;
	settings_read(first, len, &again, none_given, count, &line);
	CHECK(memcmp(&again, &settings, sizeof(again)) == 0);
	_cleanup_free_ char *second = written(first, len, &settings, &len_again);
	CHECK(len == len_again && memcmp(first, second, len) == 0);
	return 0;
}
