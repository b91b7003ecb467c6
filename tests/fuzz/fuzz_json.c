/* SPDX-License-Identifier: Apache-2.0 */
/* Any text as JSON: the walk ends, values lie in the text, and a string that was read is the same
 * after it was written and read. */
#include "base/attributes.h"
#include "base/json_scan.h"
#include "base/json_write.h"
#include "base/memory.h"
#include "tests/fuzz/fuzz.h"

#include <errno.h>
#include <string.h>

static void check_string(const char *value, size_t len)
{
	size_t n, again_len;
	_cleanup_free_ char *text = memory_new(len + 1);
	_cleanup_free_ char *written = NULL;
	size_t written_len;
	struct json_writer writer;

	const char *const problem = json_scan_text(value, len, text, &n);
	CHECK((json_scan_text(value, len, NULL, &again_len) == NULL) == (problem == NULL));
	if (problem)
		return;
	CHECK(n == again_len && n < len && !memchr(text, '\0', n));
	FILE *out = open_memstream(&written, &written_len);
	CHECK(out);
	json_write_init(&writer, out);
	json_write_string(&writer, text);
	json_write_finish(&writer);
	CHECK(fclose(out) == 0);
	_cleanup_free_ char *again = memory_new(written_len + 1);
	CHECK(!json_scan_text(written, written_len, again, &again_len));
	CHECK(again_len == n && memcmp(text, again, n) == 0);
}

static void check_value(const char *text, const struct json_span *span)
{
	const char *const value = text + span->start;
	uint64_t number;

	CHECK(span->len > 0);
	const int r = json_scan_number(value, span->len, &number);
	CHECK(r == 0 || r == -EINVAL || r == -EDOM || r == -ERANGE);
	CHECK(r < 0 || number <= INT64_MAX);
	if (r != -EINVAL)
		CHECK(json_scan_is_value(value, span->len));
	if (*value == '"')
		check_string(value, span->len);
}

/* All levels, each span once: what is inside lies behind its start, so that the walk ends. */
static void walk(const char *text, size_t len, const struct json_span *outer, unsigned depth)
{
	struct json_scan scan = json_scan_span(text, outer);
	const bool is_object = text[outer->start] == '{';
	bool is_first = true;
	struct json_span key, span;

	if (depth == 8 || json_scan_open(&scan, is_object ? '{' : '[') < 0)
		return;
	for (;;) {
		const int r = is_object ? json_scan_member(&scan, &is_first, &key, &span)
		                        : json_scan_element(&scan, &is_first, &span);

		if (r <= 0) {
			CHECK(r == 0 || scan.problem);
			return;
		}
		CHECK(span.start > outer->start && span.start + span.len <= len);
		CHECK(!is_object || key.start + key.len < span.start);
		check_value(text, &span);
		if (text[span.start] == '{' || text[span.start] == '[')
			walk(text, len, &span, depth + 1);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json_span all = {0, size};

	if (size == 0)
		return 0;
	check_value((const char *)data, &all);
	walk((const char *)data, size, &all, 0);
	return 0;
}
