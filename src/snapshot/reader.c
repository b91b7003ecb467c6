/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/reader.h"

#include "base/arena.h"

#include <stdarg.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

/* What the parser sees at once. */
#define ELEMENT_MAX MIB

void reader_init(
        struct reader *reader, const char *text, size_t len, struct snapshot_problem *problem)
{
	*reader = (struct reader){
	        .text = text,
	        .len = len,
	        .builder = builder_new(),
	        .problem = problem,
	        /* What we write has 12 bytes or more for each value; the tightest JSON has 2, at
	         * 90 bytes of memory each. */
	        .values_left = MIB + len / 8,
	        /* With the text itself, the parser's tree and the rest of the program this stays
	         * below twice the file and 64 MiB. */
	        .memory_max = len + 36 * MIB,
	};
}

void reader_release(struct reader *reader)
{
	builder_free(reader->builder);
	free(reader->namespaces);
	free(reader->processes);
	free(reader->scratch);
}

static size_t line_of(const struct reader *reader, size_t offset)
{
	const char *at = reader->text;
	const char *const end = at + (offset < reader->len ? offset : reader->len);
	size_t line = 1;

	while (at < end && (at = memchr(at, '\n', (size_t)(end - at)))) {
		line++;
		at++;
	}
	return line;
}

int reader_fail(struct reader *reader, size_t offset, const char *format, ...)
{
	struct snapshot_problem *problem = reader->problem;
	va_list args;

	problem->offset = offset < reader->len ? offset : reader->len;
	const int n = snprintf(
	        problem->what, sizeof(problem->what), "line %zu: ", line_of(reader, offset));
	va_start(args, format);
	vsnprintf(problem->what + n, sizeof(problem->what) - (size_t)n, format, args);
	va_end(args);
	return -EBADMSG;
}

int reader_fail_scan(struct reader *reader, const struct json_scan *scan)
{
	return reader_fail(reader, scan->at, "%s", scan->problem);
}

/* The library's own text quotes the file: not for a terminal. */
static const char *words_of(const json_error_t *error)
{
	switch (json_error_code(error)) {
	case json_error_invalid_utf8:
		return "not valid UTF-8";
	case json_error_duplicate_key:
		return "a key is there twice";
	case json_error_numeric_overflow:
		return "a number is too large";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a string holds a NUL";
	default:
		return "not valid JSON";
	}
}

int reader_parse(struct reader *reader, const struct json_span *span, const char *json, size_t len,
        json_t **ret_json)
{
	json_error_t error;

	if (len > ELEMENT_MAX)
		return reader_fail(reader, span->start, "an element of more than 1 MiB");
	if (span->values > reader->values_left)
		return reader_fail(reader, span->start, "too many values for a file of this size");
	reader->values_left -= span->values;
	json_t *parsed = json_loadb(json, len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (!parsed) {
		const size_t within = error.position > 0 ? (size_t)error.position : 0;

		return reader_fail(reader, span->start + (within < span->len ? within : span->len),
		        "%s", words_of(&error));
	}
	*ret_json = parsed;
	return 0;
}

int reader_parse_span(struct reader *reader, const struct json_span *span, json_t **ret_json)
{
	return reader_parse(reader, span, reader->text + span->start, span->len, ret_json);
}

int reader_charge(struct reader *reader, size_t offset, size_t bytes)
{
	reader->charged += bytes;
	if (reader->charged + arena_size(builder_arena(reader->builder)) > reader->memory_max)
		return reader_fail(reader, offset, "too many things for a file of this size");
	return 0;
}

int reader_each(struct reader *reader, const struct json_span *span,
        int (*read)(struct reader *reader, const struct json_span *element, void *data), void *data)
{
	struct json_scan scan = json_scan_span(reader->text, span);
	struct json_span element;
	bool is_first = true;
	int r = json_scan_open(&scan, '[');

	if (r < 0)
		return reader_fail_scan(reader, &scan);
	while ((r = json_scan_element(&scan, &is_first, &element)) > 0) {
		r = read(reader, &element, data);
		if (r < 0)
			return r;
	}
	return r < 0 ? reader_fail_scan(reader, &scan) : 0;
}
