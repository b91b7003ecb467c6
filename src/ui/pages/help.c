/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "ui/pages/page.h"
#include "view/column.h"

#include <string.h>

enum { NAME_COLUMN = 3, TEXT_COLUMN = 23 };

/* On a narrow screen the texts begin further left. */
static int text_column(const struct page *page)
{
	return MAX(MIN(page->columns / 3, (int)TEXT_COLUMN), NAME_COLUMN + 2);
}

static void write_title(struct page *page, const char *title)
{
	line_add(page_add(page), STYLE_TITLE, title);
}

/* The text begins at `column`, or behind a longer name. */
static void write_row_at(struct page *page, int column, const char *name, const char *text)
{
	struct line *line = page_add(page);

	line_pad(line, NAME_COLUMN);
	line_add(line, STYLE_KEY, name);
	line_pad(line, MAX(line->columns + 1, column));
	page_add_words(page, column, text);
}

static void write_row(struct page *page, const char *name, const char *text)
{
	write_row_at(page, text_column(page), name, text);
}

/* --- the legend --------------------------------------------------------------------------- */

enum legend_part { SIGNS, WORDS };

static void write_legend_part(struct page *page, enum legend_part part)
{
	static const struct {
		enum legend_part part;
		const char *sign;
		const char *ascii;
		const char *text;
	} rows[] = {
#define LEGEND(part, sign, ascii, text) {part, sign, ascii, text},
#include "ui/pages/legend.def"
#undef LEGEND
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].part == part)
			write_row(
			        page, page->is_ascii ? rows[i].ascii : rows[i].sign, rows[i].text);
	}
}

/* The columns that are shown by default, or all others. */
static void write_columns(struct page *page, bool is_initial)
{
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const struct column *column = column_row(id);

		if (is_initial == (column->initial != 0))
			write_row(page, column->title, column->text);
	}
}

static void write_legend(struct page *page)
{
	write_title(page, "signs");
	write_legend_part(page, SIGNS);
	write_title(page, "columns (others are further down)");
	write_columns(page, true);
	write_legend_part(page, WORDS);
}

/* --- keys --------------------------------------------------------------------------------- */

/* The keys of daily work, in the list. */
static const enum action daily[] = {ACTION_SEARCH, ACTION_GO_TO, ACTION_FILTER, ACTION_ENTER,
        ACTION_OTHER_VIEW, ACTION_CHOOSE_VIEW, ACTION_OWNED, ACTION_ONLY_LEAKED,
        ACTION_ONLY_CHANGED, ACTION_COPY_COMMAND};

static void write_daily(struct page *page)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	write_title(page, "every day, in the list");
	for (size_t i = 0; i < ARRAY_SIZE(daily); i++) {
		for (size_t k = 0; k < n; k++) {
			if (rows[k].action == daily[i])
				write_row(page, rows[k].keys, rows[k].text);
		}
	}
}

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
			write_title(page, keys_mode_text(mode));
		has_title = true;
		write_row(page, rows[i].keys, rows[i].text);
	}
}

/* --- this run ----------------------------------------------------------------------------- */

/* Behind the longest name, unless that takes too much of a narrow screen. */
static int column_behind(const struct page *page, const struct help_row *rows, size_t n)
{
	int column = text_column(page);

	for (size_t i = 0; i < n; i++)
		column = MAX(column, NAME_COLUMN + (int)strlen(rows[i].name) + 1);
	return column <= page->columns / 2 ? column : text_column(page);
}

static void write_rows(struct page *page, const struct help_row *rows, size_t n)
{
	const int column = column_behind(page, rows, n);

	for (size_t i = 0; i < n; i++)
		write_row_at(page, column, rows[i].name, rows[i].text);
}

static void write_facts(struct page *page, const struct help_facts *facts)
{
	if (facts->n_rights > 0)
		write_title(page, "rights of nsbrowse");
	write_rows(page, facts->rights, facts->n_rights);
	write_title(page, "interfaces of this kernel");
	write_rows(page, facts->interfaces, facts->n_interfaces);
	if (facts->n_interfaces == 0) {
		line_pad(page_add(page), NAME_COLUMN);
		page_add_words(page, NAME_COLUMN, facts->no_interfaces);
	}
}

void help_write(struct page *page, enum key_mode from, const struct help_facts *facts)
{
	unsigned done = from;

	write_legend(page);
	write_daily(page);
	write_mode(page, from, 0);
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		if (done & mode)
			continue;
		write_mode(page, (enum key_mode)mode, done);
		done |= mode;
	}
	write_title(page, "columns of a wide screen, or chosen in the options");
	write_columns(page, false);
	write_facts(page, facts);
}
