/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/fields.h"

#include <limits.h>
#include <string.h>
#include <time.h>

/* A number of `n` digits at `text`; -1 if it is none. */
static int digits(const char *text, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -1;
		value = value * 10 + (text[i] - '0');
	}
	return value;
}

/* "2026-11-23T15:04:00Z" and nothing else; 0 if it is not that. */
static int64_t time_from_text(const char *text)
{
	static const char shape[] = "0000-00-00T00:00:00Z";

	if (strlen(text) != sizeof(shape) - 1)
		return 0;
	for (size_t i = 0; i < sizeof(shape) - 1; i++) {
		if (shape[i] != '0' && text[i] != shape[i])
			return 0;
	}
	const struct tm given = {.tm_year = digits(text, 4) - 1900,
	        .tm_mon = digits(text + 5, 2) - 1,
	        .tm_mday = digits(text + 8, 2),
	        .tm_hour = digits(text + 11, 2),
	        .tm_min = digits(text + 14, 2),
	        .tm_sec = digits(text + 17, 2)};
	struct tm tm = given;
	const time_t seconds = timegm(&tm);

	/* timegm makes 30 February the 2 March. */
	if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday ||
	        tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min ||
	        tm.tm_sec != given.tm_sec)
		return 0;
	return seconds;
}

static int64_t read_time(struct fields *f, const char *key)
{
	const char *text = fields_text_or_null(f, key);
	const int64_t seconds = text ? time_from_text(text) : 0;

	if (text && seconds <= 0)
		fields_fail(f, key, "is not a time like 2026-11-23T15:04:00Z");
	return seconds;
}

/* What cannot be empty is "" in the model where it is unknown. */
static const char *read_name(struct fields *f, const char *key)
{
	const char *name = fields_text_or_null(f, key);

	return name ? name : "";
}

static void read_source(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	uint32_t *sources = data;
	const char *words[SOURCES];

	for (enum source source = 0; source < SOURCES; source++)
		words[source] = source_name(source);
	*sources |= UINT32_C(1) << fields_word_at(f, key, element, words, SOURCES);
}

int read_host(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"name", "kernel", "boot_id", "taken", "hertz", "booted",
	        "euid", "sources", "unreadable", "complete", NULL};
	struct host *host = builder_host(reader->builder);
	struct fields f = fields_of(reader, span, keys);

	host->name = read_name(&f, "name");
	host->kernel = read_name(&f, "kernel");
	host->boot_id = read_name(&f, "boot_id");
	host->taken = read_time(&f, "taken");
	host->hertz = (unsigned)fields_number_or_null(&f, "hertz", 1, UINT_MAX);
	host->booted = read_time(&f, "booted");
	host->euid = (uid_t)fields_number(&f, "euid", 0, UINT32_MAX);
	fields_list(&f, "sources", read_source, &host->sources);
	host->unreadable = fields_number(&f, "unreadable", 0, UINT32_MAX);
	host->is_complete = fields_bool(&f, "complete");
	return f.error;
}
