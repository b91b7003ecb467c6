/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/page.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void page_restart(struct page *page, int columns, bool is_ascii)
{
	page_release(page);
	page->columns = columns;
	page->is_ascii = is_ascii;
}

void page_release(struct page *page)
{
	for (size_t i = 0; i < page->n; i++)
		line_release(&page->lines[i]);
	free(page->lines);
	*page = (struct page){0};
}

struct line *page_add(struct page *page)
{
	struct line *line = &MEMORY_APPEND(page->lines, page->n, page->capacity);

	line_init(line, page->columns, page->is_ascii);
	line_pad(line, 1);
	return line;
}

void page_remove(struct page *page, size_t index, size_t n)
{
	for (size_t i = index; i < index + n; i++)
		line_release(&page->lines[i]);
	page->n -= n;
	memmove(page->lines + index, page->lines + index + n,
	        (page->n - index) * sizeof(*page->lines));
}

void page_add_words(struct page *page, int column, const char *text)
{
	struct line *line = &page->lines[page->n - 1];

	while (strlen(text) > (size_t)MAX(line->limit - line->columns, 0)) {
		int end = MAX(line->limit - line->columns, 0);

		while (end > 0 && text[end] != ' ')
			end--;
		if (!end && line->columns <= column)
			break;
		_cleanup_free_ char *piece = memory_printf("%.*s", end, text);
		line_add(line, STYLE_PLAIN, piece);
		text += end ? end + 1 : 0;
		line = page_add(page);
		line_pad(line, column);
	}
	line_add(line, STYLE_PLAIN, text);
}

bool page_has(const struct page *page, size_t index, const struct needle *needle)
{
	const struct line *line = &page->lines[index];
	size_t start, len;

	return line->text && needle_find(needle, line->text, line->len, 0, &start, &len);
}

void page_draw(const struct page *page, struct frame *frame, const struct rect *rect, size_t top,
        const struct needle *needle, size_t found)
{
	for (int i = 0; i < rect->rows && top + (size_t)i < page->n; i++) {
		const size_t index = top + (size_t)i;
		struct line line;

		line_copy(&line, &page->lines[index]);
		if (line_mark(&line, needle, 0, line.len, STYLE_MATCH) && index == found)
			line.text[0] = '>';
		line_take(&line, &frame->lines[rect->row + i]);
	}
}
