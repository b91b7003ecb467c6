/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/frame.h"

#include "base/memory.h"

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
