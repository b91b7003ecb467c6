/* SPDX-License-Identifier: Apache-2.0 */

/* The help begins with the legend, which is that of the tables, and loses nothing where it is
 * wrapped. */

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "tests/unit.h"
#include "ui/pages/page.h"
#include "view/column.h"

#include <locale.h>
#include <string.h>

static const struct legend_row {
	const char *sign;
	const char *ascii;
	const char *text;
} legend[] = {
#define LEGEND(part, sign, ascii, text) {sign, ascii, text},
#include "ui/pages/legend.def"
#undef LEGEND
};

/* All lines, with one blank instead of several, so that wrapped text is as it was. */
static char *text_with(
        int columns, bool is_ascii, enum key_mode from, const struct help_facts *facts)
{
	struct page page = {0};
	struct text text;

	page_restart(&page, columns, is_ascii);
	help_write(&page, from, facts);
	text_init(&text);
	for (size_t i = 0; i < page.n; i++) {
		const char *line = page.lines[i].text ? page.lines[i].text : "";

		assert_true(page.lines[i].columns <= columns);
		fputc(' ', text.out);
		for (const char *c = line + strspn(line, " "); *c; c++) {
			if (*c != ' ' || (c[1] != ' ' && c[1]))
				fputc(*c, text.out);
		}
	}
	fputc(' ', text.out);
	page_release(&page);
	return text_take(&text);
}

static char *help_text(int columns, bool is_ascii, enum key_mode from)
{
	return text_with(
	        columns, is_ascii, from, &(const struct help_facts){.no_interfaces = "none"});
}

/* Finds `name text` from *place on, and moves that behind it. */
static void assert_next(const char **place, const char *name, const char *text)
{
	_cleanup_free_ char *row = memory_printf(" %s %s ", name, text);
	const char *found = strstr(*place, row);

	if (!found)
		fail_msg("%s is missing", row);
	*place = found + strlen(row) - 1;
}

static void assert_legend(const char *help, bool is_ascii)
{
	const char *signs = help, *columns = strstr(help, " columns (");
	const char *others = strstr(help, " columns of ");
	size_t n = 0;

	assert_non_null(columns);
	assert_non_null(others);
	assert_int_equal(strncmp(help, " signs ", 7), 0);
	for (size_t i = 0; i < ARRAY_SIZE(legend); i++)
		assert_next(&signs, is_ascii ? legend[i].ascii : legend[i].sign, legend[i].text);
	for (enum column_id id = 0; id < COLUMN_IDS; id++) {
		const struct column *column = column_row(id);

		assert_next(column->initial ? &columns : &others, column->title, column->text);
		n += column->initial != 0;
	}
	assert_true(n >= 8);
	assert_true(strstr(help, " every day, ") > columns);
	assert_true(strstr(help, " in the list Up k C-p ") > strstr(help, " every day, "));
}

static void test_legend(void **state)
{
	(void)state;
	for (int columns = 40; columns <= 200; columns += 10) {
		for (int is_ascii = 0; is_ascii < 2; is_ascii++) {
			_cleanup_free_ char *help = help_text(columns, is_ascii, MODE_TREE);

			assert_legend(help, is_ascii);
		}
	}
}

/* Its signs are those of the screen. */
static void test_signs(void **state)
{
	const struct glyphs *utf8 = line_glyphs(false), *ascii = line_glyphs(true);
	_cleanup_free_ char *folds = memory_printf("%s %s", utf8->open, utf8->closed);
	_cleanup_free_ char *ascii_folds = memory_printf("%s %s", ascii->open, ascii->closed);
	bool has_folds = false, has_owned = false;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(legend); i++) {
		const struct legend_row *row = &legend[i];
		const size_t len = strlen(row->sign);

		has_folds |= strcmp(row->sign, folds) == 0 && strcmp(row->ascii, ascii_folds) == 0;
		has_owned |= strncmp(utf8->owned, row->sign, len) == 0 &&
		             strncmp(ascii->owned, row->ascii, strlen(row->ascii)) == 0;
	}
	assert_true(has_folds);
	assert_true(has_owned);
}

/* After the ten keys for every day come those of the mode from which it was opened, then all
 * others. */
static void test_modes(void **state)
{
	size_t n;
	const struct key_row *rows = keys_rows(&n);

	(void)state;
	for (unsigned mode = 1; mode < 1u << KEY_MODES; mode <<= 1) {
		_cleanup_free_ char *help = help_text(100, false, (enum key_mode)mode);
		const char *own = strstr(strstr(help, " every day, "), keys_mode_text(mode));

		for (unsigned other = 1; other < 1u << KEY_MODES; other <<= 1) {
			_cleanup_free_ char *title = memory_printf(" %s ", keys_mode_text(other));
			const char *found = strstr(own, title);

			assert_true(!found || found >= own - 1);
		}
		for (size_t i = 0; i < n; i++) {
			_cleanup_free_ char *row =
			        memory_printf(" %s %s ", rows[i].keys, rows[i].text);

			assert_non_null(strstr(help, row));
		}
	}
}

/* Any size will do. */
static void test_narrow(void **state)
{
	(void)state;
	for (int columns = 1; columns < 40; columns++)
		free(help_text(columns, columns % 2, MODE_GRAPH));
}

static void test_facts(void **state)
{
	static const struct help_row rights[] = {{"user", "1000"}};
	static const struct help_row interfaces[] = {
	        {"NS_GET_ID", "no (Linux 6.18): ids"}, {"listns", "yes (Linux 6.19): all"}};
	const struct help_facts all = {rights, 1, interfaces, 2, "they are being tried"};
	const struct help_facts none = {.no_interfaces = "they are being tried"};
	_cleanup_free_ char *with_all = text_with(100, false, MODE_TREE, &all);
	_cleanup_free_ char *with_none = text_with(100, false, MODE_TREE, &none);

	(void)state;
	assert_non_null(strstr(with_all, " rights of nsbrowse user 1000 interfaces of this kernel "
	                                 "NS_GET_ID no (Linux 6.18): ids listns yes (Linux 6.19): "
	                                 "all "));
	assert_null(strstr(with_all, "being tried"));
	assert_null(strstr(with_none, "rights of nsbrowse"));
	assert_non_null(strstr(with_none, " interfaces of this kernel they are being tried "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_legend),
	        cmocka_unit_test(test_signs),
	        cmocka_unit_test(test_modes),
	        cmocka_unit_test(test_facts),
	        cmocka_unit_test(test_narrow),
	};

	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
