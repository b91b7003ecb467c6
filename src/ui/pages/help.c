/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/help.h"

#include "ui/draw/line.h"

enum { KEYS_COLUMN = 3, TEXT_COLUMN = 20 };

/* A place among the lines: the title of a mode, or one of its rows. */
struct cursor {
	enum key_mode from;
	unsigned done; /* modes that were listed */
	enum key_mode mode;
	size_t row; /* of the table; 0 is the title, row i is i - 1 */
};

static enum key_mode next_mode(const struct cursor *cursor)
{
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		if (!(cursor->done & mode))
			return (enum key_mode)mode;
	}
	return (enum key_mode)0;
}

static bool has_rows(const struct cursor *cursor)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (keys_is_listed(&rows[i], cursor->mode, cursor->done))
			return true;
	}
	return false;
}

/* The next line: true with the title's mode (and no row) or a row; false at the end. */
static bool next_line(struct cursor *cursor, const struct key_row **ret_row)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	while (cursor->mode) {
		*ret_row = NULL;
		if (cursor->row == 0 && has_rows(cursor)) {
			cursor->row++;
			return true;
		}
		cursor->row += cursor->row == 0;
		while (cursor->row <= n) {
			*ret_row = &rows[cursor->row++ - 1];
			if (keys_is_listed(*ret_row, cursor->mode, cursor->done))
				return true;
		}
		cursor->done |= cursor->mode;
		cursor->mode = next_mode(cursor);
		cursor->row = 0;
	}
	return false;
}

size_t help_count(enum key_mode from)
{
	struct cursor cursor = {.from = from, .mode = from};
	const struct key_row *row;
	size_t n = 0;

	while (next_line(&cursor, &row))
		n++;
	return n;
}

static void draw_line(struct line *line, enum key_mode mode, const struct key_row *row)
{
	line_add(line, STYLE_PLAIN, " ");
	if (!row) {
		line_add(line, STYLE_TITLE, keys_mode_text(mode));
		return;
	}
	line_pad(line, KEYS_COLUMN);
	line_add(line, STYLE_KEY, row->keys);
	line_pad(line, line->columns + 1 > TEXT_COLUMN ? line->columns + 1 : TEXT_COLUMN);
	line_add(line, STYLE_PLAIN, row->text);
}

void help_draw(
        struct frame *frame, const struct rect *rect, enum key_mode from, size_t top, bool is_ascii)
{
	struct cursor cursor = {.from = from, .mode = from};
	const size_t end = top + (size_t)rect->rows;
	const struct key_row *row;

	for (size_t i = 0; i < end && next_line(&cursor, &row); i++) {
		struct line line;

		if (i < top)
			continue;
		line_init(&line, rect->columns, is_ascii);
		draw_line(&line, cursor.mode, row);
		line_take(&line, &frame->lines[(size_t)rect->row + i - top]);
	}
}
