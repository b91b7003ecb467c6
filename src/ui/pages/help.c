/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "ui/pages/page.h"

enum { KEYS_COLUMN = 3, TEXT_COLUMN = 20 };

/* The title of a mode and its rows, unless a mode of `done` has all of them. */
static void write_mode(struct page *page, enum key_mode mode, unsigned done)
{
	bool has_title = false;
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (!keys_is_listed(&rows[i], mode, done))
			continue;
		if (!has_title)
			line_add(page_add(page), STYLE_TITLE, keys_mode_text(mode));
		has_title = true;
		struct line *line = page_add(page);
		line_pad(line, KEYS_COLUMN);
		line_add(line, STYLE_KEY, rows[i].keys);
		line_pad(line, MAX(line->columns + 1, TEXT_COLUMN));
		line_add(line, STYLE_PLAIN, rows[i].text);
	}
}

void help_write(struct page *page, enum key_mode from)
{
	unsigned done = from;

	write_mode(page, from, 0);
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		if (done & mode)
			continue;
		write_mode(page, (enum key_mode)mode, done);
		done |= mode;
	}
}
