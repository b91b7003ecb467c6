/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/draw/line.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdint.h>
#include <string.h>

const struct glyphs *line_glyphs(bool is_ascii)
{
	static const struct glyphs utf8 = {
	        .open = "▾",
	        .closed = "▸",
	        .branch = "├─",
	        .last = "└─",
	        .guide = "│ ",
	        .none = "  ",
	        .owned = "⟜ ",
	        .left_out = "… ",
	        .rule = "─",
	        .rule_focus = "━",
	        .edge = "│",
	        .ellipsis = "…",
	        .reading = "reading…",
	};
	static const struct glyphs ascii = {
	        .open = "-",
	        .closed = "+",
	        .branch = "|-",
	        .last = "`-",
	        .guide = "| ",
	        .none = "  ",
	        .owned = "o ",
	        .left_out = "~ ",
	        .rule = "-",
	        .rule_focus = "=",
	        .edge = "|",
	        .ellipsis = "~",
	        .reading = "reading...",
	};

	return is_ascii ? &ascii : &utf8;
}

void line_init(struct line *line, int limit, bool is_ascii)
{
	*line = (struct line){.limit = limit, .is_ascii = is_ascii};
}

void line_release(struct line *line)
{
	free(line->text);
	free(line->spans);
	*line = (struct line){.limit = line->limit, .is_ascii = line->is_ascii};
}

void line_copy(struct line *ret, const struct line *from)
{
	*ret = *from;
	ret->text = NULL;
	ret->spans = NULL;
	ret->capacity = ret->span_capacity = 0;
	if (from->text) {
		ret->text = memory_grow(NULL, &ret->capacity, from->len + 1, 1);
		memcpy(ret->text, from->text, from->len + 1);
	}
	if (from->n_spans) {
		ret->spans =
		        memory_grow(NULL, &ret->span_capacity, from->n_spans, sizeof(*from->spans));
		memcpy(ret->spans, from->spans, from->n_spans * sizeof(*from->spans));
	}
}

static void append(struct line *line, enum style style, const char *bytes, size_t len)
{
	if (!len)
		return;
	line->text = memory_grow(line->text, &line->capacity, line->len + len + 1, 1);
	memcpy(line->text + line->len, bytes, len);
	if (style != STYLE_PLAIN) {
		struct span *last = line->n_spans ? &line->spans[line->n_spans - 1] : NULL;

		if (last && last->style == style && last->start + last->len == line->len) {
			last->len += len;
		} else {
			MEMORY_APPEND(line->spans, line->n_spans, line->span_capacity) =
			        (struct span){line->len, len, style};
		}
	}
	line->len += len;
	line->text[line->len] = '\0';
}

/* Escaped text in ASCII only; the caller frees. */
static char *as_ascii(const char *text, size_t len)
{
	struct text ascii;

	text_init(&ascii);
	escape_write_ascii(ascii.out, text, len);
	return text_take(&ascii);
}

static bool is_all_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] >= 0x80)
			return false;
	}
	return true;
}

/* A character of 4 bytes with as many marks as base/escape.h lets through. */
enum { BYTES_OF_COLUMN = 36 };

void line_add_within(struct line *line, enum style style, const char *text, int width)
{
	const int columns = MIN(width, line->limit - line->columns);
	const char *ellipsis = line_glyphs(line->is_ascii)->ellipsis;
	_cleanup_free_ char *ascii = NULL;
	int used = 0;

	if (columns <= 0)
		return;
	/* No more than this can be seen, and whether there is more. */
	size_t len = strnlen(text, ((size_t)columns + 1) * BYTES_OF_COLUMN);
	if (line->is_ascii && !is_all_ascii(text, len)) {
		text = ascii = as_ascii(text, len);
		len = strlen(text);
	}
	size_t fits = utf8_clip(text, len, columns, &used);
	if (fits == len) {
		append(line, style, text, len);
	} else {
		fits = utf8_clip(text, len, columns - 1, &used);
		append(line, style, text, fits);
		append(line, style, ellipsis, strlen(ellipsis));
		used++;
	}
	line->columns += used;
}

void line_add(struct line *line, enum style style, const char *text)
{
	line_add_within(line, style, text, line->limit);
}

void line_add_name(struct line *line, enum style style, const char *raw)
{
	_cleanup_text_ struct text text;

	text_init_within(&text, line->limit);
	escape_write_name(text.out, raw, 0);
	line_add(line, style, text_get(&text));
}

void line_printf(struct line *line, enum style style, const char *format, ...)
{
	char text[256];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	line_add(line, style, text);
}

void line_rule(struct line *line, enum style style, const char *glyph, int column)
{
	const int end = MIN(column, line->limit);

	for (; line->columns < end; line->columns++)
		append(line, style, glyph, strlen(glyph));
}

void line_pad(struct line *line, int column)
{
	line_rule(line, STYLE_PLAIN, " ", column);
}

void line_field(struct line *line, enum style style, const char *text, int width, bool is_right)
{
	const int end = line->columns + width;

	if (is_right)
		line_pad(line, end - line_width(text, line->is_ascii));
	line_add_within(line, style, text, end - line->columns);
	line_pad(line, end);
}

void line_restyle(struct line *line, enum style style)
{
	size_t start = 0;

	while (start < line->len && line->text[start] == ' ')
		start++;
	if (start == line->len)
		return;
	line->n_spans = 0;
	MEMORY_APPEND(line->spans, line->n_spans, line->span_capacity) =
	        (struct span){start, line->len - start, style};
}

static void push_span(struct line *line, size_t *n, size_t start, size_t end, enum style style)
{
	if (start >= end)
		return;
	MEMORY_APPEND(line->spans, *n, line->span_capacity) =
	        (struct span){start, end - start, style};
}

void line_highlight(struct line *line, size_t start, size_t len, enum style style)
{
	struct line was = *line;
	const size_t end = start + len;
	size_t n = 0;
	bool is_done = false;

	line->spans = NULL;
	line->span_capacity = 0;
	for (size_t i = 0; i <= was.n_spans; i++) {
		const struct span *span = i < was.n_spans ? &was.spans[i] : NULL;
		const size_t from = span ? span->start : SIZE_MAX;
		const size_t to = span ? span->start + span->len : SIZE_MAX;

		if (span)
			push_span(line, &n, from, MIN(to, start), span->style);
		if (!is_done && to >= start) {
			push_span(line, &n, start, end, style);
			is_done = true;
		}
		if (span)
			push_span(line, &n, MAX(from, end), to, span->style);
	}
	line->n_spans = n;
	free(was.spans);
}

void line_set_needle(struct needle *ret, enum needle_kind kind, const char *query, bool is_ascii)
{
	_cleanup_free_ char *ascii = is_ascii ? as_ascii(query, strlen(query)) : NULL;

	needle_set(ret, kind, is_ascii ? ascii : query);
}

size_t line_mark(
        struct line *line, const struct needle *needle, size_t from, size_t end, enum style style)
{
	size_t n = 0, start, len;

	for (end = MIN(end, line->len);
	        from < end && needle_find(needle, line->text, end, from, &start, &len); n++) {
		line_highlight(line, start, len, style);
		from = start + len;
	}
	return n;
}

void line_fill(struct line *line, size_t start, size_t len, enum style style)
{
	struct line was = *line;
	const size_t end = start + len;
	size_t n = 0, at = start;

	line->spans = NULL;
	line->span_capacity = 0;
	for (size_t i = 0; i < was.n_spans; i++) {
		const struct span *span = &was.spans[i];
		const size_t to = span->start + span->len;

		push_span(line, &n, at, MIN(span->start, end), style);
		push_span(line, &n, span->start, to, span->style);
		at = MAX(at, to);
	}
	push_span(line, &n, at, end, style);
	line->n_spans = n;
	free(was.spans);
}

static void trim(struct line *line)
{
	while (line->len && line->text[line->len - 1] == ' ')
		line->len--;
	while (line->n_spans && line->spans[line->n_spans - 1].start >= line->len)
		line->n_spans--;
	if (line->n_spans) {
		struct span *last = &line->spans[line->n_spans - 1];

		if (last->start + last->len > line->len)
			last->len = line->len - last->start;
	}
	if (line->text)
		line->text[line->len] = '\0';
}

void line_take(struct line *line, struct frame_row *ret)
{
	trim(line);
	free(ret->text);
	free(ret->spans);
	*ret = (struct frame_row){
	        .text = line->text ? line->text : memory_strdup(""),
	        .len = line->len,
	        .spans = line->spans,
	        .n_spans = line->n_spans,
	};
	*line = (struct line){.limit = line->limit, .is_ascii = line->is_ascii};
}

int line_width(const char *text, bool is_ascii)
{
	const size_t len = strlen(text);

	if (!is_ascii || is_all_ascii(text, len))
		return utf8_columns(text, len);
	_cleanup_free_ char *ascii = as_ascii(text, len);
	return (int)strlen(ascii);
}
