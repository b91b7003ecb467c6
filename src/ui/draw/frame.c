/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/draw/frame.h"

#include "base/memory.h"
#include "base/utf8.h"

#include <string.h>

void frame_init(struct frame *frame, int rows, int columns)
{
	*frame = (struct frame){.rows = rows, .columns = columns};
	frame->lines = memory_new((size_t)rows * sizeof(*frame->lines));
	for (int i = 0; i < rows; i++)
		frame->lines[i].text = memory_strdup("");
}

void frame_release(struct frame *frame)
{
	for (int i = 0; i < frame->rows; i++) {
		free(frame->lines[i].text);
		free(frame->lines[i].spans);
	}
	free(frame->lines);
	*frame = (struct frame){0};
}

void frame_set_cursor(struct frame *frame, int row, int column)
{
	frame->cursor_row = row;
	frame->cursor_column = column;
	frame->is_cursor_visible = true;
}

static char *append(char *end, const char *bytes, size_t len)
{
	if (len)
		memcpy(end, bytes, len);
	return end + len;
}

static void put_row(
        struct frame_row *to, const struct frame_row *from, int column, const char *edge)
{
	const int used = utf8_columns(to->text, to->len);
	const size_t gap = used < column ? (size_t)(column - used) : 0;
	const size_t shift = to->len + gap + strlen(edge);
	char *text = memory_new(shift + from->len + 1);
	struct span *spans = memory_new((to->n_spans + from->n_spans + 1) * sizeof(*spans));
	char *end = append(text, to->text, to->len);

	memset(end, ' ', gap);
	end = append(end + gap, edge, strlen(edge));
	append(end, from->text, from->len);
	for (size_t i = 0; i < to->n_spans; i++)
		spans[i] = to->spans[i];
	for (size_t i = 0; i < from->n_spans; i++) {
		spans[to->n_spans + i] = from->spans[i];
		spans[to->n_spans + i].start += shift;
	}
	free(to->text);
	free(to->spans);
	*to = (struct frame_row){text, shift + from->len, spans, to->n_spans + from->n_spans};
}

void frame_put_beside(
        struct frame *to, const struct frame *from, int row, int column, const char *edge)
{
	for (int i = 0; i < from->rows && row + i < to->rows; i++)
		put_row(&to->lines[row + i], &from->lines[i], column, edge);
	if (from->is_cursor_visible)
		frame_set_cursor(to, row + from->cursor_row, column + 1 + from->cursor_column);
}
