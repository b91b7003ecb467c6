/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/term/pty_looks.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/unit.h"

#include <stdlib.h>
#include <string.h>

bool pty_is_colored(const struct pty *pty, int row, int column)
{
	struct pty_look look;

	pty_look(pty, row, column, &look);
	return look.foreground != -1;
}

bool pty_is_reverse(const struct pty *pty, int row, int column)
{
	struct pty_look look;

	pty_look(pty, row, column, &look);
	return look.is_reverse;
}

/* --- looks ---------------------------------------------------------------------------------- */

/* The looks seen so far, `a` first. */
struct legend {
	struct pty_look looks[26];
	size_t n;
};

static bool is_same(const struct pty_look *a, const struct pty_look *b)
{
	return a->is_bold == b->is_bold && a->is_underlined == b->is_underlined &&
	       a->is_reverse == b->is_reverse && a->foreground == b->foreground &&
	       a->background == b->background;
}

static char letter_of(struct legend *legend, const struct pty_look *look)
{
	static const struct pty_look plain = {.foreground = -1, .background = -1};
	size_t i = 0;

	if (is_same(look, &plain))
		return ' ';
	while (i < legend->n && !is_same(&legend->looks[i], look))
		i++;
	if (i == legend->n) {
		assert_true(i < ARRAY_SIZE(legend->looks));
		legend->looks[legend->n++] = *look;
	}
	return (char)('a' + i);
}

static void write_letters(FILE *out, struct pty *pty, int row, int columns, struct legend *legend)
{
	_cleanup_free_ char *letters = memory_new((size_t)columns + 1);
	int used = 0;

	for (int column = 0; column < columns; column++) {
		struct pty_look look;

		pty_look(pty, row, column, &look);
		letters[column] = letter_of(legend, &look);
		if (letters[column] != ' ')
			used = column + 1;
	}
	if (used)
		fprintf(out, ":%.*s\n", used, letters);
}

static void write_legend(FILE *out, const struct legend *legend)
{
	for (size_t i = 0; i < legend->n; i++) {
		const struct pty_look *look = &legend->looks[i];

		fprintf(out, "%c", (char)('a' + i));
		if (look->is_bold)
			fputs(" bold", out);
		if (look->is_underlined)
			fputs(" underlined", out);
		if (look->is_reverse)
			fputs(" reverse", out);
		if (look->foreground != -1)
			fprintf(out, " in %d", look->foreground);
		if (look->background != -1)
			fprintf(out, " on %d", look->background);
		fputc('\n', out);
	}
}

char *pty_looks(struct pty *pty)
{
	struct legend legend = {.n = 0};
	int rows, columns, row, column;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	pty_size(pty, &rows, &columns);
	for (int i = 0; i < rows; i++) {
		fprintf(out, "|%s\n", pty_row(pty, i));
		write_letters(out, pty, i, columns, &legend);
	}
	write_legend(out, &legend);
	pty_cursor(pty, &row, &column);
	fprintf(out, "cursor %d %d%s\n", row, column, pty_is_cursor_visible(pty) ? "" : " hidden");
	assert_int_equal(fclose(out), 0);
	return text;
}

/* --- golden files --------------------------------------------------------------------------- */

struct golden {
	struct {
		char *names;
		char *text;
	} all[64];
	size_t n;
};

struct golden *golden_new(void)
{
	return memory_new(sizeof(struct golden));
}

void golden_add(struct golden *golden, const char *name, const char *text)
{
	for (size_t i = 0; i < golden->n; i++) {
		if (strcmp(golden->all[i].text, text) != 0)
			continue;
		char *names = memory_printf("%s= %s\n", golden->all[i].names, name);
		free(golden->all[i].names);
		golden->all[i].names = names;
		return;
	}
	assert_true(golden->n < ARRAY_SIZE(golden->all));
	golden->all[golden->n].names = memory_printf("= %s\n", name);
	golden->all[golden->n++].text = memory_strdup(text);
}

/* Clears the golden. */
static char *whole_text(struct golden *golden)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	for (size_t i = 0; i < golden->n; i++) {
		fprintf(out, "%s%s\n", golden->all[i].names, golden->all[i].text);
		free(golden->all[i].names);
		free(golden->all[i].text);
	}
	assert_int_equal(fclose(out), 0);
	free(golden);
	return text;
}

static char *read_whole(FILE *file)
{
	char *text = NULL;
	size_t capacity = 0, len = 0;

	do {
		text = memory_grow(text, &capacity, len + 4096, 1);
		len += fread(text + len, 1, capacity - len - 1, file);
	} while (!feof(file) && !ferror(file));
	text[len] = '\0';
	return text;
}

void golden_check(struct golden *golden, const char *path)
{
	const char *top = getenv("top_srcdir");
	const bool is_update = getenv("UPDATE_SCREENS");
	_cleanup_free_ char *full = memory_printf("%s/%s", top ? top : ".", path);
	_cleanup_free_ char *seen = whole_text(golden);
	_cleanup_fclose_ FILE *file = fopen(full, is_update ? "we" : "re");

	assert_non_null(file);
	if (is_update) {
		fputs(seen, file);
		return;
	}
	_cleanup_free_ char *wanted = read_whole(file);
	if (strcmp(seen, wanted) != 0)
		fail_msg("%s is not what is seen:\n%s", path, seen);
}
