/* SPDX-License-Identifier: Apache-2.0 */

/* The demo in the real ./nsbrowse, as kinds of terminals and locales show it, with and without
 * colours: text and attributes are those of tests/cmd/terms.txt. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

static const char *const terms[] = {
        "dumb", "vt100", "linux", "screen", "tmux-256color", "xterm-256color", "xterm-mono"};
static const char *const locales[] = {"C", "C.UTF-8"};
static const char *const colors[] = {"NO_COLOR", "NO_COLOR=1"}; /* taken away, set */

static bool is_dumb(const char *term)
{
	return strcmp(term, "dumb") == 0;
}

/* What stands there once the demo does; a dumb terminal has the tree then, and the program is at
 * its end. */
static char *looks_of(const char *term, const char *locale, const char *color)
{
	_cleanup_free_ char *lc = memory_printf("LC_ALL=%s", locale);
	_cleanup_free_ char *type = memory_printf("TERM=%s", term);
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const environment[] = {lc, type, color, NULL};
	struct pty *pty =
	        browse(24, 80, (const char *const[]){"--view=user", demo, NULL}, environment);
	int status;

	if (is_dumb(term)) {
		assert_true(pty_wait_end(pty, &status));
		assert_int_equal(status, 0);
	} else {
		assert_true(pty_wait_for(pty, "10Quit"));
		assert_true(pty_wait_for(pty, "systemd")); /* the snapshot is loaded */
		pty_press(pty, DOWN);
	}
	char *looks = pty_looks(pty);
	if (is_dumb(term))
		pty_free(pty);
	else
		assert_quits(pty);
	return looks;
}

static void test_terminals(void **state)
{
	struct golden *golden = golden_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(locales); j++) {
			for (size_t k = 0; k < ARRAY_SIZE(colors); k++) {
				_cleanup_free_ char *name = memory_printf("%s %s%s", terms[i],
				        locales[j], strchr(colors[k], '=') ? " NO_COLOR" : "");
				_cleanup_free_ char *looks =
				        looks_of(terms[i], locales[j], colors[k]);

				golden_add(golden, name, looks);
			}
		}
	}
	golden_check(golden, "tests/cmd/terms.txt");
}

/* PuTTY has ESC [ B for Down with Shift, and other terminals send it for Down. */
static void test_arrows_of_putty(void **state)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");

	(void)state;
	if (access("/usr/share/terminfo/p/putty", R_OK) < 0 &&
	        access("/lib/terminfo/p/putty", R_OK) < 0)
		skip();
	struct pty *pty = browse(24, 80, (const char *const[]){"--view=user", demo, NULL},
	        (const char *const[]){"TERM=putty", NULL});

	assert_true(pty_wait_for(pty, "systemd"));
	pty_press(pty, DOWN "\033[B");
	assert_int_equal(pty_row(pty, 4)[0], '>');
	assert_quits(pty);
}

/* --- other character sets ------------------------------------------------------------------- */

/* A locale with ISO-8859-1, made for this test: NULL where there is nothing to make it from. */
static char *make_latin1(void)
{
	char *folder = temporary_folder();
	_cleanup_free_ char *locale = memory_printf("%s/de.latin1", folder);
	_cleanup_free_ char *ctype = memory_printf("%s/LC_CTYPE", locale);
	const char *const argv[] = {
	        "localedef", "-c", "-i", "de_DE", "-f", "ISO-8859-1", locale, NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});
	int status;

	assert_true(pty_wait_end(pty, &status));
	pty_free(pty);
	/* Without its sources localedef leaves an empty folder. */
	if (access(ctype, R_OK) == 0)
		return folder;
	remove_folder(folder);
	free(folder);
	return NULL;
}

/* Where UTF-8 would be gibberish there is nothing but ASCII. */
static void test_latin1_is_ascii(void **state)
{
	char *folder = make_latin1();
	_cleanup_free_ char *path = memory_printf("LOCPATH=%s", folder ? folder : "");
	const char *const environment[] = {path, "LC_ALL=de.latin1", NULL};
	size_t n;

	(void)state;
	if (!folder) {
		print_message("no locale can be made here\n");
		skip();
	}
	struct pty *pty = browse_demo_with(24, 80, environment);
	pty_press(pty, "?Gqoq\t\t");
	const char *output = pty_output(pty, &n);
	for (size_t i = 0; i < n; i++)
		assert_true((unsigned char)output[i] < 0x80);
	assert_quits(pty);
	remove_folder(folder);
	free(folder);
}

/* --- sizes ---------------------------------------------------------------------------------- */

/* What is on the screen is what a repaint makes of it, and all of it scrolls. */
static void assert_true_picture(struct pty *pty)
{
	_cleanup_free_ char *seen = memory_strdup(pty_screen(pty));

	pty_press(pty, "\f");
	assert_string_equal(seen, pty_screen(pty));
}

/* Curses scrolls parts of the screen: it must know how large that is, and the terminal what of it
 * may scroll. */
static void test_any_height(void **state)
{
	static const int heights[] = {24, 30, 45, 12};
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const arguments[] = {"-t", "processes", demo, NULL};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(heights); i++) {
		struct pty *pty = browse(heights[i], 100, arguments, NULL);

		assert_true(pty_wait_for(pty, "systemd"));
		for (size_t j = 0; j < ARRAY_SIZE(heights); j++) {
			pty_press(pty, "3");
			pty_press(pty, "0211");
			assert_true_picture(pty);
			pty_press(pty, "\033");
			pty_press(pty, "\033[6~");
			pty_press(pty, "jjj");
			assert_true_picture(pty);
			pty_resize(pty, heights[j], 100);
			assert_true(pty_sync(pty));
			assert_true_picture(pty);
		}
		assert_quits(pty);
	}
}

/* --- the cursor ----------------------------------------------------------------------------- */

/* A screen reader reads the line with the cursor: it is to be where the selection is, everywhere.
 */
static void test_cursor_is_on_the_selected_row(void **state)
{
	static const struct {
		const char *what;
		const char *keys;
		const char *row; /* its beginning or a part of it */
	} rows[] = {
	        {"list", DOWN, ">  "},
	        {"detail pane", "\t", "━━>user:["},
	        {"menu of views", "V", "> user"},
	        {"order", ".j", "> processes"},
	        {"options", "oj", "> ascii"},
	        {"search", "/", "Search:"},
	        {"go to", "g1", "Go to:"}, /* Esc and a digit are an F-key */
	        {"filter", "\\", "Filter:"},
	        {"save", "s", "Save as:"},
	};
	struct pty *pty = browse_demo();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		int row, column;

		pty_press(pty, rows[i].keys);
		pty_cursor(pty, &row, &column);
		assert_true(pty_is_cursor_visible(pty));
		if (!strstr(pty_row(pty, row), rows[i].row))
			fail_msg("%s: the cursor is on `%s`", rows[i].what, pty_row(pty, row));
		pty_press(pty, "\033");
	}
	assert_quits(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_terminals),
	        cmocka_unit_test(test_arrows_of_putty),
	        cmocka_unit_test(test_latin1_is_ascii),
	        cmocka_unit_test(test_any_height),
	        cmocka_unit_test(test_cursor_is_on_the_selected_row),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
