/* SPDX-License-Identifier: Apache-2.0 */

/* Draws what ./nsbrowse --demo -t user shows on a terminal, for README: `picture svg` writes
 * data/screen.svg, `picture text` the lines in README. `make pictures` writes both;
 * tests/cmd/pictures.bats compares them. */

#include "base/utf8.h"
#include "tests/cmd/browse.h"

#include <stdio.h>
#include <string.h>

enum { CELL_WIDTH = 8, CELL_HEIGHT = 18, BASELINE = 14, MARGIN = 8, PALETTE = 16 };

static const char ground[] = "#14171c", ink[] = "#d8dee6";

/* Of a dark terminal; the numbers are those of console_codes(4), then the bright ones. */
static const char *const palette[PALETTE] = {"#14171c", "#f2777a", "#8fc36b", "#d9b45b", "#6ca8e8",
        "#c48fd6", "#5fbdbd", "#d8dee6", "#7a8490", "#ff9a9d", "#a9dc86", "#f2d27a", "#8fc1f5",
        "#dcaaf0", "#7fd8d8", "#ffffff"};

/* Cells of one row with one look. */
struct run {
	int row, column, columns;
	struct pty_look look;
};

static bool is_same(const struct pty_look *a, const struct pty_look *b)
{
	return a->is_bold == b->is_bold && a->is_underlined == b->is_underlined &&
	       a->is_reverse == b->is_reverse && a->foreground == b->foreground &&
	       a->background == b->background;
}

static const char *color(int number, const char *otherwise)
{
	return number < 0 || number >= PALETTE ? otherwise : palette[number];
}

/* The word is as wide as its cells, whatever font the viewer has. */
static void write_word(const struct pty_look *look, int x, int y, const char *word, size_t len)
{
	const char *const front = color(look->foreground, ink);
	const char *const back = color(look->background, ground);

	printf("<text x=\"%d\" y=\"%d\" textLength=\"%d\" fill=\"%s\"%s%s>", x, y + BASELINE,
	        utf8_columns(word, len) * CELL_WIDTH, look->is_reverse ? back : front,
	        look->is_bold ? " font-weight=\"bold\"" : "",
	        look->is_underlined ? " text-decoration=\"underline\"" : "");
	for (size_t i = 0; i < len; i++) {
		if (strchr("<>&\"", word[i]))
			printf("&#%d;", word[i]);
		else
			putchar(word[i]);
	}
	puts("</text>");
}

/* Viewers that do not know textLength, as librsvg, are right at the start of each word. */
static void write_run(const struct run *run, const char *text, size_t len)
{
	const int x = MARGIN + run->column * CELL_WIDTH, y = MARGIN + run->row * CELL_HEIGHT;
	const struct pty_look *look = &run->look;
	const char *const under =
	        look->is_reverse ? color(look->foreground, ink) : color(look->background, NULL);

	if (under)
		printf("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n", x, y,
		        run->columns * CELL_WIDTH, CELL_HEIGHT, under);
	for (size_t at = 0, end; at < len; at = end) {
		at += strspn(text + at, " ");
		end = at + strcspn(text + at, " ");
		end = MIN(end, len);
		if (at < end)
			write_word(look, x + utf8_columns(text, at) * CELL_WIDTH, y, text + at,
			        end - at);
		else
			end = len;
	}
}

static void write_row(const struct pty *pty, int row, const char *text, int columns)
{
	struct run run = {.row = row};
	const char *start = text;

	pty_look(pty, row, 0, &run.look);
	for (int column = 0; column <= columns; column++) {
		struct pty_look look;

		if (column < columns)
			pty_look(pty, row, column, &look);
		if (column < columns && is_same(&look, &run.look)) {
			text += utf8_clip(text, strlen(text), 1, NULL);
			continue;
		}
		run.columns = column - run.column;
		write_run(&run, start, (size_t)(text - start));
		if (column == columns)
			return;
		run.column = column;
		run.look = look;
		start = text;
		text += utf8_clip(text, strlen(text), 1, NULL);
	}
}

static void write_svg(struct pty *pty)
{
	int rows, columns;

	pty_size(pty, &rows, &columns);
	const int width = columns * CELL_WIDTH + 2 * MARGIN;
	const int height = rows * CELL_HEIGHT + 2 * MARGIN;

	printf("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	       "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	       "viewBox=\"0 0 %d %d\" xml:space=\"preserve\" style=\"white-space:pre\" "
	       "font-size=\"13\" "
	       "font-family=\"DejaVu Sans Mono,ui-monospace,Menlo,Consolas,monospace\">\n"
	       "<title>nsbrowse --demo -t user</title>\n"
	       "<rect width=\"%d\" height=\"%d\" rx=\"6\" fill=\"%s\"/>\n",
	        width, height, width, height, width, height, ground);
	for (int row = 0; row < rows; row++)
		write_row(pty, row, pty_row(pty, row), columns);
	puts("</svg>");
}

/* Indented like the other examples in README. */
static void write_text(struct pty *pty)
{
	int rows, columns;

	pty_size(pty, &rows, &columns);
	for (int row = 0; row < rows; row++) {
		const char *text = pty_row(pty, row);

		printf("%s%s\n", *text ? "    " : "", text);
	}
}

int main(int argc, char **argv)
{
	static const char *const arguments[] = {"--demo", "--view=user", "--theme=dark", NULL};
	static const char *const environment[] = {"TZ=UTC0", NULL};
	const bool is_svg = argc == 2 && strcmp(argv[1], "svg") == 0;

	if (!is_svg && (argc != 2 || strcmp(argv[1], "text") != 0)) {
		fputs("usage: picture svg|text\n", stderr);
		return 2;
	}
	struct pty *pty = browse(is_svg ? 24 : 12, is_svg ? 80 : 76, arguments, environment);
	if (!pty_wait_for(pty, "systemd (1)"))
		return 1;
	pty_press(pty, "jjjjjj");
	(is_svg ? write_svg : write_text)(pty);
	pty_free(pty);
	return 0;
}
