/* SPDX-License-Identifier: Apache-2.0 */
#include "snapshot/errno_name.h"
#include "snapshot/fields.h"

#include <limits.h>

enum { COST_NOTE = 64 };

/* A name, null for none, or the number of an errno that has no name. */
static int read_errno(struct fields *f)
{
	const struct json_span value = fields_value(f, "errno");

	if (f->error || f->reader->text[value.start] != '"')
		return (int)fields_number_or_null(f, "errno", 1, INT_MAX);
	const int error = errno_from_name(fields_text(f, "errno"));
	if (!error)
		fields_fail(f, "errno", "is not the name of an error");
	return error;
}

static int read_note(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"pid", "what", "errno", NULL};
	struct fields f = fields_of(reader, span, keys);
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
	return reader_each(reader, span, read_note);
}
