/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/frame_text.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static bool is_printable(const struct frame_row *row, bool is_ascii)
{
	for (size_t i = 0; i < row->len; i++) {
		const unsigned char c = (unsigned char)row->text[i];

		if (c < ' ' || c == 0x7f || (is_ascii && c >= 0x80))
			return false;
	}
	return utf8_is_valid(row->text, row->len);
}

/* The spans ascend, do not overlap, and begin and end between characters. */
static bool has_good_spans(const struct frame_row *row)
{
	size_t at = 0;

	for (size_t i = 0; i < row->n_spans; i++) {
		const struct span *span = &row->spans[i];

		if (span->start < at || !span->len || span->start + span->len > row->len ||
		        !utf8_is_valid(row->text + at, span->start - at) ||
		        !utf8_is_valid(row->text + span->start, span->len))
			return false;
		at = span->start + span->len;
	}
	return true;
}

const char *frame_fault(const struct frame *frame, bool is_ascii)
{
	for (int i = 0; i < frame->rows; i++) {
		const struct frame_row *row = &frame->lines[i];

		if (strlen(row->text) != row->len)
			return "a row's length is wrong";
		if (!is_printable(row, is_ascii))
			return "a row is not printable";
		if (utf8_columns(row->text, row->len) > frame->columns)
			return "a row is too wide";
		if (row->len && row->text[row->len - 1] == ' ')
			return "a row ends in blanks";
		if (!has_good_spans(row))
			return "spans are wrong";
	}
	if (frame->cursor_row < 0 || frame->cursor_row >= frame->rows || frame->cursor_column < 0 ||
	        frame->cursor_column >= frame->columns)
		return "the cursor is outside";
	return NULL;
}

char *frame_text(const struct frame *frame)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		memory_exhausted();
	for (int i = 0; i < frame->rows; i++)
		fprintf(out, "|%s\n", frame->lines[i].text);
	if (fclose(out) != 0)
		memory_exhausted();
	return text;
}
