/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/help.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "ui/draw/line.h"

#include <stdlib.h>

enum { KEYS_COLUMN = 3, TEXT_COLUMN = 20 };

/* The title of a mode and its rows, unless a mode of `done` has all of them. */
static void add_mode(struct help *help, enum key_mode mode, unsigned done)
{
	bool has_title = false;
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (!keys_is_listed(&rows[i], mode, done))
			continue;
		if (!has_title)
			MEMORY_APPEND(help->lines, help->n, help->capacity) =
			        (struct help_line){.mode = mode};
		has_title = true;
		MEMORY_APPEND(help->lines, help->n, help->capacity) =
		        (struct help_line){mode, &rows[i]};
	}
}

void help_build(struct help *ret, enum key_mode from)
{
	unsigned done = from;

	*ret = (struct help){0};
	add_mode(ret, from, 0);
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		if (done & mode)
			continue;
		add_mode(ret, (enum key_mode)mode, done);
		done |= mode;
	}
}

void help_release(struct help *help)
{
	free(help->lines);
	*help = (struct help){0};
}

void help_draw(const struct help *help, struct frame *frame, const struct rect *rect, size_t top,
        bool is_ascii)
{
	for (int i = 0; i < rect->rows && top + (size_t)i < help->n; i++) {
		const struct help_line *of = &help->lines[top + (size_t)i];
		struct line line;

		line_init(&line, rect->columns, is_ascii);
		line_add(&line, STYLE_PLAIN, " ");
		if (of->row) {
			line_pad(&line, KEYS_COLUMN);
			line_add(&line, STYLE_KEY, of->row->keys);
			line_pad(&line, MAX(line.columns + 1, TEXT_COLUMN));
			line_add(&line, STYLE_PLAIN, of->row->text);
		} else {
			line_add(&line, STYLE_TITLE, keys_mode_text(of->mode));
		}
		line_take(&line, &frame->lines[rect->row + i]);
	}
}
