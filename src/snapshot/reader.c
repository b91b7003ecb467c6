/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/reader.h"

#include "base/arena.h"

#include <stdarg.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

void reader_init(
        struct reader *reader, const char *text, size_t len, struct snapshot_problem *problem)
{
	*reader = (struct reader){
	        .text = text,
	        .len = len,
	        .builder = builder_new(),
	        .problem = problem,
	        /* With the text itself and the rest of the program this stays below twice the
	         * file and 64 MiB. */
	        .memory_max = len + 56 * MIB,
	};
}

void reader_release(struct reader *reader)
{
	builder_free(reader->builder);
	free(reader->namespaces);
	free(reader->processes);
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

int reader_has_room(struct reader *reader, size_t offset, size_t bytes)
{
	const size_t taken = reader->charged + arena_size(builder_arena(reader->builder));

	if (taken > reader->memory_max || bytes > reader->memory_max - taken)
		return reader_fail(reader, offset, "too many elements for a file of this size");
	return 0;
}

int reader_charge(struct reader *reader, size_t offset, size_t bytes)
{
	reader->charged += bytes;
	return reader_has_room(reader, offset, 0);
}

int reader_each(struct reader *reader, const struct json_span *span,
        int (*read)(struct reader *reader, const struct json_span *element))
{
	struct json_scan scan = json_scan_span(reader->text, span);
	struct json_span element;
	bool is_first = true;
	int r = json_scan_open(&scan, '[');

	if (r < 0)
		return reader_fail_scan(reader, &scan);
	while ((r = json_scan_element(&scan, &is_first, &element)) > 0) {
		r = read(reader, &element);
		if (r < 0)
			return r;
	}
	return r < 0 ? reader_fail_scan(reader, &scan) : 0;
}
