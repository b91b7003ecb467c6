/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/prompt/prompt.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "ui/draw/line.h"

#include <stdlib.h>
#include <string.h>

void prompt_open(struct prompt *prompt, const char *title, const char *text)
{
	prompt_close(prompt);
	prompt->title = title;
	prompt->len = strlen(text);
	prompt->text = memory_grow(NULL, &prompt->capacity, prompt->len + 1, 1);
	memcpy(prompt->text, text, prompt->len + 1);
	prompt->cursor = prompt->len;
	prompt->edits = 1;
}

void prompt_close(struct prompt *prompt)
{
	free(prompt->text);
	*prompt = (struct prompt){0};
}

bool prompt_insert(struct prompt *prompt, uint32_t key)
{
	char bytes[5] = "";

	if (key < ' ' || key > 0x10ffff || (key >= 0xd800 && key <= 0xdfff))
		return false;
	const size_t n = utf8_encode(key, bytes);
	_cleanup_free_ char *escaped = escape_text(bytes);
	/* Text that escape_text leaves unchanged is printable; so is a backslash. */
	if (strcmp(bytes, "\\") != 0 && strcmp(bytes, escaped) != 0)
		return false;
	prompt->text = memory_grow(prompt->text, &prompt->capacity, prompt->len + n + 1, 1);
	char *here = prompt->text + prompt->cursor;
	memmove(here + n, here, prompt->len - prompt->cursor + 1);
	memcpy(here, bytes, n);
	prompt->len += n;
	prompt->cursor += n;
	prompt->edits++;
	return true;
}

/* Bytes of the character at `from`; a byte that is not UTF-8 counts as one. */
static size_t one(const struct prompt *prompt, size_t from)
{
	char32_t c;
	const size_t n = utf8_decode(prompt->text + from, prompt->len - from, &c);

	return n ? n : 1;
}

/* The end of the character at `from`, with its combining marks. */
static size_t next(const struct prompt *prompt, size_t from)
{
	if (from >= prompt->len)
		return prompt->len;
	size_t end = from + one(prompt, from);
	while (end < prompt->len) {
		const size_t n = one(prompt, end);

		if (utf8_columns(prompt->text + end, n) > 0)
			break;
		end += n;
	}
	return end;
}

static size_t previous(const struct prompt *prompt, size_t from)
{
	size_t start = 0;

	for (size_t end = 0; end < from;) {
		start = end;
		end = next(prompt, end);
	}
	return start;
}

/* The start of the word before the cursor, and of the blanks after it, as in a shell. */
static size_t word_start(const struct prompt *prompt)
{
	size_t at = prompt->cursor;

	while (at && prompt->text[at - 1] == ' ')
		at--;
	while (at && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

static void delete_between(struct prompt *prompt, size_t start, size_t end)
{
	if (start == end)
		return;
	memmove(prompt->text + start, prompt->text + end, prompt->len - end + 1);
	prompt->len -= end - start;
	prompt->cursor = start;
	prompt->edits++;
}

void prompt_replace(struct prompt *prompt, size_t len, const char *text)
{
	const size_t added = strlen(text);

	prompt->text =
	        memory_grow(prompt->text, &prompt->capacity, prompt->len - len + added + 1, 1);
	memmove(prompt->text + added, prompt->text + len, prompt->len - len + 1);
	memcpy(prompt->text, text, added);
	prompt->len = prompt->len - len + added;
	prompt->cursor = added;
	prompt->edits++;
}

void prompt_edit(struct prompt *prompt, enum prompt_edit edit)
{
	const size_t cursor = prompt->cursor;

	switch (edit) {
	case PROMPT_LEFT:
		prompt->cursor = previous(prompt, cursor);
		break;
	case PROMPT_RIGHT:
		prompt->cursor = next(prompt, cursor);
		break;
	case PROMPT_HOME:
		prompt->cursor = 0;
		break;
	case PROMPT_END:
		prompt->cursor = prompt->len;
		break;
	case PROMPT_BACKSPACE:
		delete_between(prompt, previous(prompt, cursor), cursor);
		break;
	case PROMPT_DELETE:
		delete_between(prompt, cursor, next(prompt, cursor));
		break;
	case PROMPT_DELETE_WORD:
		delete_between(prompt, word_start(prompt), cursor);
		break;
	case PROMPT_DELETE_TO_START:
		delete_between(prompt, 0, cursor);
		break;
	case PROMPT_DELETE_TO_END:
		delete_between(prompt, cursor, prompt->len);
		break;
	}
}

/* --- drawing ----------------------------------------------------------------------------- */

/* The text from byte `from` to byte `to`, escaped; the caller frees. */
static char *shown(const struct prompt *prompt, size_t from, size_t to, bool is_ascii)
{
	_cleanup_free_ char *raw = memory_printf("%.*s", (int)(to - from), prompt->text + from);

	return is_ascii ? escape_ascii(raw) : escape_text(raw);
}

/* Where to begin so that the text up to the cursor, and the cursor, fit into `columns`. */
static size_t first_shown(const struct prompt *prompt, int columns, bool is_ascii)
{
	size_t first = 0;

	for (; first < prompt->cursor; first = next(prompt, first)) {
		_cleanup_free_ char *text = shown(prompt, first, prompt->cursor, is_ascii);

		if (line_width(text, is_ascii) < columns)
			break;
	}
	return first;
}

void prompt_draw(const struct prompt *prompt, struct frame *frame, int row, bool is_ascii)
{
	const int note = (int)strlen(prompt->note);
	const bool has_note = note && note * 2 < frame->columns;
	const int columns = has_note ? frame->columns - note - 2 : frame->columns;
	struct line line;

	line_init(&line, columns, is_ascii);
	line_add(&line, STYLE_TITLE, prompt->title);
	/* On a narrow screen the title is left out. */
	if (line.columns > columns / 2)
		line_release(&line);
	const size_t first = first_shown(prompt, columns - line.columns, is_ascii);
	_cleanup_free_ char *before = shown(prompt, first, prompt->cursor, is_ascii);
	_cleanup_free_ char *after = shown(prompt, prompt->cursor, prompt->len, is_ascii);

	line_add(&line, STYLE_PROMPT, before);
	frame_set_cursor(frame, row, MIN(line.columns, columns - 1));
	line_add(&line, STYLE_PROMPT, after);
	if (has_note) {
		line.limit = frame->columns;
		line_pad(&line, frame->columns - note - 1);
		line_add(&line, STYLE_PLAIN, prompt->note);
	}
	line_take(&line, &frame->lines[row]);
}

/* --- history ----------------------------------------------------------------------------- */

static void drop(struct prompt_history *history, size_t index)
{
	free(history->all[index]);
	memmove(&history->all[index], &history->all[index + 1],
	        (history->n - index - 1) * sizeof(*history->all));
	history->n--;
}

void prompt_history_release(struct prompt_history *history)
{
	while (history->n)
		drop(history, history->n - 1);
	free(history->typed);
	*history = (struct prompt_history){0};
}

void prompt_history_begin(struct prompt_history *history)
{
	free(history->typed);
	history->typed = NULL;
	history->at = history->n;
}

void prompt_history_add(struct prompt_history *history, const char *text)
{
	for (size_t i = 0; i < history->n; i++) {
		if (strcmp(history->all[i], text) == 0) {
			drop(history, i);
			break;
		}
	}
	if (history->n == PROMPT_HISTORY_MAX)
		drop(history, 0);
	history->all[history->n++] = memory_strdup(text);
	prompt_history_begin(history);
}

const char *prompt_history_step(struct prompt_history *history, bool is_newer, const char *typed)
{
	if (is_newer ? history->at == history->n : history->at == 0)
		return NULL;
	if (history->at == history->n) {
		free(history->typed);
		history->typed = memory_strdup(typed);
	}
	history->at += is_newer ? 1 : -1;
	return history->at == history->n ? history->typed : history->all[history->at];
}
