/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, live, on the host that nested.sh makes: five user namespaces
 * one below the other, the second and the fourth without a process. Exits 77 where the kernel
 * refuses those. */

#include "base/memory.h"
#include "tests/cmd/browse.h"
#include "tests/cmd/changing.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ATTEMPTS = 5 };

/* The row of the list with that namespace, below the titles and above the details; -1: none. */
static int row_of(struct pty *pty, const char *name)
{
	for (int row = 2; row < 12; row++) {
		const char *text = pty_row(pty, row);

		if (strncmp(text, "──", strlen("──")) == 0)
			return -1;
		const char *first = strstr(text, "user:[");
		if (first && strncmp(first, name, strlen(name)) == 0)
			return row;
	}
	return -1;
}

/* The column in which its name begins. */
static int column_of(struct pty *pty, int row)
{
	const char *text = pty_row(pty, row);
	const char *name = strstr(text, "user:[");
	int column = 0;

	assert_non_null(name);
	for (; text < name; text++)
		column += ((unsigned char)*text & 0xc0) != 0x80;
	return column;
}

static char gutter(struct pty *pty, const char *name, int column)
{
	const int row = row_of(pty, name);

	assert_true(row >= 0);
	return pty_row(pty, row)[column];
}

static void select_row(struct pty *pty, int row)
{
	pty_press(pty, "g");
	for (int at = 2; at < row; at++)
		pty_press(pty, "j");
	assert_int_equal(pty_row(pty, row)[0], '>');
}

static void refresh(struct pty *pty)
{
	pty_press(pty, "r");
	assert_true(pty_wait_without(pty, "reading"));
	assert_true(pty_sync(pty));
}

/* --- the tests ------------------------------------------------------------------------------ */

static void test_five_nested(void **state)
{
	struct changing host;
	int found = 0;

	(void)state;
	changing_start(&host, 24, 80, "--delay=0");
	for (int i = 0, above = 2; i < CHANGING_LEVELS; i++, found++) {
		const int row = row_of(host.pty, host.nested[i]);

		/* Right below the one before, and deeper. */
		if (i > 0)
			assert_int_equal(row, above + 1);
		assert_true(column_of(host.pty, row) > column_of(host.pty, above));
		assert_int_equal(pty_row(host.pty, row)[1], i % 2 ? '~' : ' ');
		above = row;
	}
	assert_true(pty_shows(host.pty, "USER namespaces 7"));
	print_message("nested user namespaces on the screen found/planted: %d/%d\n", found,
	        CHANGING_LEVELS);
	changing_end(&host);
}

static void test_what_comes_and_goes(void **state)
{
	struct changing host;
	char new[CHANGING_NAME], line[CHANGING_NAME];

	(void)state;
	changing_start(&host, 24, 80, "--delay=0");
	/* The fourth is closed, and the third selected. */
	select_row(host.pty, row_of(host.pty, host.nested[3]));
	pty_press(host.pty, "h");
	pty_press(host.pty, "k");
	assert_int_equal(row_of(host.pty, host.nested[4]), -1);

	changing_go_on(&host, CHANGING_MAKE_NEW);
	changing_hear(&host, new);
	assert_int_equal(row_of(host.pty, new), -1);
	refresh(host.pty);
	assert_int_equal(gutter(host.pty, new, 1), '+');
	assert_true(pty_shows(host.pty, "+1 -0"));
	assert_int_equal(gutter(host.pty, host.nested[2], 0), '>');
	assert_int_equal(row_of(host.pty, host.nested[4]), -1);

	changing_go_on(&host, CHANGING_END_OLD);
	changing_hear(&host, line);
	assert_string_equal(line, "gone");
	refresh(host.pty);
	assert_int_equal(gutter(host.pty, host.old, 1), 'x');
	assert_int_equal(gutter(host.pty, host.nested[2], 0), '>');
	assert_int_equal(row_of(host.pty, host.nested[4]), -1);
	pty_press(host.pty, "jl");
	assert_int_equal(row_of(host.pty, host.nested[4]), row_of(host.pty, host.nested[3]) + 1);
	changing_end(&host);
}

/* The bytes that come in 1.5 s. Jobs of the helper are processes too: on a busy machine a refresh
 * may see one before it has ended, and the next one counts a process less. Not each time. */
static size_t listen_for_bytes(struct pty *pty)
{
	size_t before, after, n = 1;

	for (int i = 0; i < ATTEMPTS && n > 0; i++) {
		pty_output(pty, &before);
		pty_listen(pty, 1500);
		pty_output(pty, &after);
		n = after - before;
	}
	return n;
}

/* Twenty refreshes a second, and not a byte; that they took place shows what they find at last. The
 * details are of a namespace that nsbrowse is not in: of its own processes they show the state. */
static void test_silence(void **state)
{
	struct changing host;
	char new[CHANGING_NAME];
	size_t before, after;

	(void)state;
	changing_start(&host, 30, 100, "--delay=0.05");
	select_row(host.pty, row_of(host.pty, host.nested[CHANGING_LEVELS - 1]));
	assert_int_equal(listen_for_bytes(host.pty), 0);
	pty_output(host.pty, &before);
	changing_go_on(&host, CHANGING_MAKE_NEW);
	changing_hear(&host, new);
	assert_true(pty_wait_for(host.pty, new));
	assert_true(pty_sync(host.pty));
	assert_int_equal(gutter(host.pty, new, 1), '+');
	pty_output(host.pty, &after);
	print_message("bytes: 0 for 1.5 s of refreshes, %zu for a new namespace\n", after - before);
	changing_end(&host);
}

/* A host of one user namespace: what shows more is there until the first key, and not written
 * again. The terminal is too small for the details, which show the states of processes. */
static void test_hint(void **state)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *const argv[] = {"unshare", geteuid() ? "--map-root-user" : "--fork", "--fork",
	        "--pid", "--mount", "--mount-proc", "--kill-child", program, "--delay=0.05", NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 12, .columns = 40, .argv = argv});

	(void)state;
	assert_true(pty_wait_for(pty, ", F5 PID, ? help"));
	assert_true(pty_wait_for(pty, " root "));
	assert_true(pty_sync(pty));
	assert_true(pty_shows(pty, " d owned ("));
	assert_true(pty_shows(pty, "1Help"));
	assert_int_equal(listen_for_bytes(pty), 0);
	pty_press(pty, "k");
	assert_false(pty_shows(pty, "? help"));
	assert_quits(pty);
}

/* Saves as `name`, and returns whether the file has `text`. */
static bool saves(struct pty *pty, const char *folder, const char *name, const char *text)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", folder, name);
	_cleanup_free_ char *bytes = memory_new(1 << 20);

	pty_press(pty, "s\x15");
	pty_press(pty, path);
	pty_type(pty, "\r");
	assert_true(pty_wait_for(pty, "saved"));
	FILE *const file = fopen(path, "r");
	assert_non_null(file);
	const size_t n = fread(bytes, 1, (1 << 20) - 1, file);
	assert_true(n > 0);
	fclose(file);
	return strstr(bytes, text);
}

/* They are on the screen, but in files only with --cmdline. A text says why the view is partial. */
static void test_command_lines_in_files(void **state)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *folder = temporary_folder();

	(void)state;
	for (int with = 0; with < 2; with++) {
		const char *const argv[] = {"unshare", geteuid() ? "--map-root-user" : "--fork",
		        "--fork", "--pid", "--mount", "--mount-proc", "--kill-child", program,
		        "--view=processes", "--theme=mono", with ? "--cmdline" : "--delay=2", NULL};
		struct pty *pty =
		        pty_start(&(struct pty_options){.rows = 24, .columns = 110, .argv = argv});

		assert_true(pty_wait_for(pty, "--theme=mono"));
		assert_int_equal(
		        saves(pty, folder, with ? "b.json" : "a.json", "\"--theme=mono\""), with);
		assert_int_equal(
		        saves(pty, folder, with ? "b.txt" : "a.txt", "--theme=mono"), with);
		assert_true(saves(pty, folder, with ? "d.txt" : "c.txt",
		        "(partial view: inside a PID namespace, "));
		assert_quits(pty);
	}
	assert_int_equal(remove_folder(folder), 6);
}

/* The options begin another scan, with the sources that were switched on. */
static void test_sources(void **state)
{
	struct changing host;

	(void)state;
	changing_start(&host, 24, 80, "--delay=0");
	pty_press(host.pty, "!");
	assert_true(pty_shows(host.pty, "sockets were not searched (F2 socket)"));
	assert_true(pty_shows(host.pty, "thread fd mount"));
	pty_press(host.pty, "qoGkkk");
	assert_true(pty_shows(host.pty, "> socket   no "));
	pty_press(host.pty, " ");
	assert_true(pty_wait_without(host.pty, "reading"));
	assert_true(pty_sync(host.pty));
	assert_true(pty_shows(host.pty, "> socket   yes "));
	assert_false(pty_shows(host.pty, "other network namespaces; not read"));
	pty_press(host.pty, "q!");
	assert_false(pty_shows(host.pty, "sockets were not searched"));
	assert_true(pty_shows(host.pty, "thread fd mount socket"));
	pty_press(host.pty, "q");
	changing_end(&host);
}

/* The help tries the interfaces of the kernel in the background. */
static void test_interfaces(void **state)
{
	struct changing host;

	(void)state;
	changing_start(&host, 60, 120, "--delay=0");
	pty_press(host.pty, "?G");
	assert_true(pty_wait_for(host.pty, "yes (Linux 3.0): links of /proc/PID/ns"));
	pty_press(host.pty, "G");
	assert_true(pty_shows(host.pty, "yes (Linux 4.9): owners of namespaces"));
	assert_true(pty_shows(host.pty, " (Linux 6.19): list of all namespaces"));
	assert_false(pty_shows(host.pty, "not known"));
	pty_press(host.pty, "q");
	changing_end(&host);
}

static bool has_nested(void)
{
	_cleanup_free_ char *world = path_of("top_srcdir", "tests/cmd/nested.sh");
	const char *const argv[] = {world, "true", NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});
	int status = -1;
	const bool has_ended = pty_wait_end(pty, &status);

	if (!has_ended || status != 0)
		fprintf(stderr, "%s", pty_screen(pty));
	pty_free(pty);
	return has_ended && status == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_five_nested),
	        cmocka_unit_test(test_what_comes_and_goes),
	        cmocka_unit_test(test_silence),
	        cmocka_unit_test(test_hint),
	        cmocka_unit_test(test_command_lines_in_files),
	        cmocka_unit_test(test_sources),
	        cmocka_unit_test(test_interfaces),
	};

	if (!has_nested())
		return skipped("no nested user namespaces here");
	return cmocka_run_group_tests_name("nsbrowse on a live host", tests, NULL, NULL);
}
