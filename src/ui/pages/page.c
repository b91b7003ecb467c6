/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/pages/page.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

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
	free(page->entries);
	*page = (struct page){0};
}

static struct line *add_line(struct page *page, size_t entry)
{
	struct line *line = &MEMORY_APPEND(page->lines, page->n, page->capacity);
	size_t n = page->n - 1;

	MEMORY_APPEND(page->entries, n, page->entry_capacity) = entry;
	line_init(line, page->columns, page->is_ascii);
	line_pad(line, 1);
	return line;
}

size_t page_count(const struct page *page)
{
	return page->n ? page->entries[page->n - 1] + 1 : 0;
}

struct line *page_add(struct page *page)
{
	return add_line(page, page_count(page));
}

void page_remove(struct page *page, size_t index, size_t n)
{
	for (size_t i = index; i < index + n; i++)
		line_release(&page->lines[i]);
	page->n -= n;
	memmove(page->lines + index, page->lines + index + n,
	        (page->n - index) * sizeof(*page->lines));
	memmove(page->entries + index, page->entries + index + n,
	        (page->n - index) * sizeof(*page->entries));
}

/* The bytes of `text` up to the last blank before which all fits in `columns`; 0: none. */
static size_t wrap_at(const char *text, int columns)
{
	size_t end = utf8_clip(text, strlen(text), MAX(columns, 0), NULL);

	while (end > 0 && text[end] != ' ')
		end--;
	return end;
}

static char *as_ascii(const char *text)
{
	struct text ascii;

	text_init(&ascii);
	escape_write_ascii(ascii.out, text, strlen(text));
	return text_take(&ascii);
}

void page_add_words(struct page *page, int column, const char *text)
{
	struct line *line = &page->lines[page->n - 1];
	_cleanup_free_ char *ascii = line->is_ascii ? as_ascii(text) : NULL;

	text = ascii ? ascii : text;
	while (utf8_clip(text, strlen(text), line->limit - line->columns, NULL) < strlen(text)) {
		const size_t end = wrap_at(text, line->limit - line->columns);

		if (!end && line->columns <= column)
			break;
		_cleanup_free_ char *piece = memory_printf("%.*s", (int)end, text);
		line_add(line, STYLE_PLAIN, piece);
		text += end ? end + 1 : 0;
		line = add_line(page, page_count(page) - 1);
		line_pad(line, column);
	}
	line_add(line, STYLE_PLAIN, text);
}

/* --- searching ---------------------------------------------------------------------------- */

size_t page_first_line(const struct page *page, size_t entry)
{
	const size_t n = page_count(page), wanted = n ? MIN(entry, n - 1) : 0;

	return LOWER_BOUND(page->n, i, page->entries[i] < wanted);
}

/* The bytes before the text of a line that continues another. */
static size_t indent(const struct page *page, size_t index)
{
	const bool is_first = !index || page->entries[index - 1] != page->entries[index];

	return is_first ? 0 : strspn(page->lines[index].text, " ");
}

/* The lines of an entry as one text, with a blank where it was wrapped. *ret_joined, which the
 * caller frees, is NULL if it is one line. */
static const char *entry_text(const struct page *page, size_t entry, char **ret_joined)
{
	const size_t first = page_first_line(page, entry);
	struct text text;

	*ret_joined = NULL;
	if (first + 1 == page->n || page->entries[first + 1] != entry)
		return page->lines[first].text;
	text_init(&text);
	for (size_t i = first; i < page->n && page->entries[i] == entry; i++)
		fprintf(text.out, "%s%s", indent(page, i) ? " " : "",
		        page->lines[i].text + indent(page, i));
	return *ret_joined = text_take(&text);
}

/* Where the text of line `index` begins in that of its entry. */
static size_t start_of(const struct page *page, size_t index)
{
	size_t start = 0;

	for (size_t i = page_first_line(page, page->entries[index]); i < index; i++)
		start += page->lines[i].len - indent(page, i) + 1;
	return start;
}

bool page_find(const struct page *page, size_t entry, const struct needle *needle, size_t *ret_line)
{
	_cleanup_free_ char *joined = NULL;
	const char *text = entry_text(page, entry, &joined);
	size_t i = page_first_line(page, entry), start, len;

	if (!needle_find(needle, text, strlen(text), 0, &start, &len))
		return false;
	while (i + 1 < page->n && page->entries[i + 1] == entry && start_of(page, i + 1) <= start)
		i++;
	*ret_line = i;
	return true;
}

/* Highlights in `line`, a copy of line `index`, what its entry has of the needle there. */
static void mark(
        const struct page *page, size_t index, const struct needle *needle, struct line *line)
{
	_cleanup_free_ char *joined = NULL;
	const char *text = entry_text(page, page->entries[index], &joined);
	const size_t skipped = indent(page, index), from = start_of(page, index);
	const size_t end = from + line->len - skipped;
	size_t start, len;

	for (size_t at = 0; needle_find(needle, text, strlen(text), at, &start, &len);
	        at = start + len) {
		const size_t first = MAX(start, from), last = MIN(start + len, end);

		if (first < last)
			line_highlight(line, first - from + skipped, last - first, STYLE_MATCH);
	}
}

void page_draw(const struct page *page, struct frame *frame, const struct rect *rect, size_t top,
        const struct needle *needle, size_t found)
{
	for (int i = 0; i < rect->rows && top + (size_t)i < page->n; i++) {
		const size_t index = top + (size_t)i;
		struct line line;

		line_copy(&line, &page->lines[index]);
		mark(page, index, needle, &line);
		if (index == found)
			line.text[0] = '>';
		line_take(&line, &frame->lines[rect->row + i]);
	}
}
