/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/errno_name.h"
#include "snapshot/fields.h"

#include <limits.h>

enum { COST_NOTE = 64 };

/* A name, null for none, or the number of an errno that has no name. */
static int read_errno(struct fields *f)
{
	const json_t *value = fields_has(f, "errno") ? json_object_get(f->object, "errno") : NULL;
	const char *name = json_string_value(value);
	int error;

	if (!name)
		return (int)fields_number_or_null(f, "errno", 1, INT_MAX);
	error = errno_from_name(name);
	if (!error)
		fields_fail(f, "errno", "is not the name of an error");
	return error;
}

static int read_note(struct reader *reader, const struct json_span *span, void *data _unused_)
{
	_cleanup_json_ json_t *json = NULL;
	const int r = reader_parse_span(reader, span, &json);

	if (r < 0)
		return r;
	struct fields f = fields_of(reader, json, span->start);
	const pid_t pid = (pid_t)fields_number_or_null(&f, "pid", 1, INT_MAX);
	const char *what = fields_text(&f, "what");
	const int error = read_errno(&f);
	if (f.error)
		return f.error;
	builder_note(reader->builder, pid, what, error);
	return reader_charge(reader, span->start, COST_NOTE);
}

int read_notes(struct reader *reader, const struct json_span *span)
{
	return reader_each(reader, span, read_note, NULL);
}
