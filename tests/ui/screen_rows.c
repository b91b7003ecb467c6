/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/screen_rows.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Matches row against the pattern of a name: `#` is a number, `*` any text, a blank any run of
 * blanks, a line end the end of the row. Writes the numbers to out, and sets ret_rest to the text
 * in place of `*`. */
static bool match(
        const char *pattern, const char *row, FILE *out, const char **ret_rest, size_t *ret_len)
{
	for (; *pattern && *pattern != '\n'; pattern++) {
		if (*pattern == '*') {
			*ret_rest = row;
			for (*ret_len = 0;; ++*ret_len) {
				const char *unused;
				size_t unused_len;

				if (match(pattern + 1, row + *ret_len, out, &unused, &unused_len))
					return true;
				if (!row[*ret_len])
					return false;
			}
		}
		if (*pattern == '#') {
			const size_t n = strspn(row, "0123456789");

			if (!n)
				return false;
			fprintf(out, " %.*s", (int)n, row);
			row += n;
		} else if (*pattern == ' ') {
			if (*row != ' ')
				return false;
			row += strspn(row, " ");
			pattern += strspn(pattern, " ") - 1;
		} else if (*pattern != *row++) {
			return false;
		}
	}
	return !*row;
}

/* One blank before the text, and two for each run of blanks in it: where a title places what
 * follows is no matter of the scripts that show names. */
static void write_rest(FILE *out, const char *text, size_t len)
{
	while (len && *text == ' ') {
		text++;
		len--;
	}
	while (len && text[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		if (i == 0)
			fputc(' ', out);
		if (i < 2 || text[i] != ' ' || text[i - 1] != ' ' || text[i - 2] != ' ')
			fputc(text[i], out);
	}
}

/* A line of names is NAME|PATTERN; the first that matches counts. */
static char *named(const char *row, const char *names)
{
	for (const char *line = names; *line; line = strchrnul(line, '\n') + 1) {
		const char *pattern = strchr(line, '|') + 1;
		const char *rest = "";
		size_t rest_len = 0;
		_cleanup_free_ char *numbers = NULL;
		size_t size;
		FILE *out = open_memstream(&numbers, &size);
		const bool is_match = match(pattern, row, out, &rest, &rest_len);

		fclose(out);
		if (!is_match)
			continue;
		char *text = NULL;
		out = open_memstream(&text, &size);
		fprintf(out, "{%.*s%s}", (int)(pattern - 1 - line), line, numbers);
		write_rest(out, rest, rest_len);
		fclose(out);
		return text;
	}
	return memory_strdup(row);
}

void screen_rows_take(struct screen_rows *ret_rows, const struct frame *frame, const char *names)
{
	ret_rows->n = frame->rows;
	ret_rows->text = memory_new((size_t)frame->rows * sizeof(*ret_rows->text));
	for (int i = 0; i < frame->rows; i++) {
		const char *text = frame->lines[i].text;

		ret_rows->text[i] = names ? named(text, names) : memory_strdup(text);
	}
}

void screen_rows_release(struct screen_rows *rows)
{
	for (int i = 0; i < rows->n; i++)
		free(rows->text[i]);
	free(rows->text);
	*rows = (struct screen_rows){0};
}

static bool is_listed(const struct screen_rows *rows, int row, const struct screen_rows *before)
{
	return before ? strcmp(rows->text[row], before->text[row]) != 0 : *rows->text[row] != '\0';
}

char *screen_rows_text(
        const struct screen_rows *rows, int first, int last, const struct screen_rows *before)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		memory_exhausted();
	for (int i = first, end; i <= last; i = end) {
		char number[32];

		end = i + 1;
		if (!is_listed(rows, i, before))
			continue;
		while (end <= last && is_listed(rows, end, before) &&
		        strcmp(rows->text[end], rows->text[i]) == 0)
			end++;
		snprintf(number, sizeof(number), end - i > 1 ? "%d-%d" : "%d", i, end - 1);
		fprintf(out, "%5s|%s\n", number, rows->text[i]);
	}
	if (fclose(out) != 0)
		memory_exhausted();
	return text;
}

/* What may stand for a character of the UTF-8 frame. */
static const struct {
	const char *utf8;
	const char *ascii;
} replacements[] = {
        {"─", "-"},
        {"━", "="},
        {"│", "|"},
        {"…", "~"},
        {"▾", "-"},
        {"▸", "+"},
        {"├", "|+"},
        {"└", "`+"},
        {"╌", "."},
        {"╴", "-"},
        {"╶", "-"},
        {"┊", ":"},
        {"◂", "<"},
        {"▴", "^"},
        {"┬", "+"},
        {"┴", "+"},
        {"┤", "+"},
        {"┼", "+"},
        {"┌", "+"},
        {"┐", "+"},
        {"┘", "+"},
        {"╭", "."},
        {"╮", "."},
        {"╰", "'"},
        {"╯", "'"},
        {"×", "x"},
        {"⟜", "o"},
};

static bool is_replaced(const char *utf8, const char *ascii)
{
	while (*utf8) {
		char32_t unused;
		const size_t len = utf8_decode(utf8, strlen(utf8), &unused);
		bool is_found = len == 1 && *utf8 == *ascii;

		for (size_t i = 0; i < ARRAY_SIZE(replacements) && !is_found; i++)
			is_found = strncmp(utf8, replacements[i].utf8, len) == 0 && *ascii &&
			           strchr(replacements[i].ascii, *ascii);
		if (!is_found)
			return false;
		utf8 += len;
		ascii++;
	}
	return !*ascii;
}

int screen_rows_ascii_fault(const struct frame *utf8, const struct frame *ascii)
{
	for (int i = 0; i < utf8->rows; i++) {
		if (!is_replaced(utf8->lines[i].text, ascii->lines[i].text))
			return i;
	}
	return -1;
}
