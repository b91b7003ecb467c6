/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, with the demo: moving about, sizes, finding. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* --- moving about the demo ------------------------------------------------------------------ */

static void test_start_move_and_fold(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	assert_string_equal(pty_row(pty, 1), "   NAMESPACE                 OWNER    PROCS  LEADER");
	assert_string_equal(
	        pty_row(pty, 2), ">  ▾ user:[4026531837]       root        76  systemd (1)");
	pty_press(pty, DOWN "jj");
	assert_string_equal(
	        pty_row(pty, 5), ">  ├─  user:[4026532401]     harald      14  firefox (1374)");
	pty_press(pty, "jj");
	assert_string_equal(pty_row(pty, 7),
	        ">~ ├─▾ user:[4026532582]     harald       -  held by fd 7 of bash (1468)");
	pty_press(pty, "h");
	assert_false(pty_shows(pty, "user:[4026532583]   "));
	assert_non_null(strstr(pty_row(pty, 7), "├─▸ user:[4026532582]"));
	pty_press(pty, "l");
	assert_true(pty_shows(pty, "│ └─  user:[4026532583]"));
	assert_quits(pty);
}

static void test_other_hierarchy_and_back(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	/* The divider has what is selected. */
	for (int i = 0; i < 8 && !strstr(pty_row(pty, 12), "user:[4026532698]"); i++)
		pty_press(pty, "j");
	assert_non_null(strstr(pty_row(pty, 12), "user:[4026532698]"));
	pty_press(pty, F5);
	assert_true(pty_shows(pty, " PID namespaces 10"));
	assert_non_null(strstr(pty_row(pty, 12), "pid:[4026532224]"));
	pty_press(pty, "t");
	assert_true(pty_shows(pty, " CONTAINERS "));
	pty_press(pty, "t");
	assert_true(pty_shows(pty, " USER namespaces 15"));
	assert_non_null(strstr(pty_row(pty, 12), "user:[4026532698]"));
	assert_quits(pty);
}

static void test_details_and_owned(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	assert_true(pty_shows(pty, "uid map  0 -> 0 x4294967295"));
	assert_false(pty_shows(pty, "net:[4026531833]"));
	pty_press(pty, "d");
	assert_true(pty_shows(pty, "⟜   cgroup:[4026531835]"));
	pty_press(pty, "d");
	assert_false(pty_shows(pty, "⟜"));
	assert_quits(pty);
}

static void test_the_details_scroll(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	assert_false(pty_shows(pty, "cron"));
	pty_press(pty, "\tG");
	assert_non_null(strstr(pty_row(pty, 12), "-70/70 "));
	assert_true(pty_shows(pty, "cron"));
	assert_non_null(strstr(pty_row(pty, 2), "▾ user:[4026531837]"));
	pty_press(pty, "\033j");
	assert_non_null(strstr(pty_row(pty, 3), ">  ├─  user:[4026532217]"));
	assert_quits(pty);
}

static void test_kernel_threads(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	pty_press(pty, "\tG");
	assert_true(pty_shows(pty, "▸ 19 kernel threads"));
	assert_false(pty_shows(pty, "[kthreadd]"));
	pty_press(pty, "\r");
	assert_true(pty_shows(pty, "▾ 19 kernel threads"));
	assert_non_null(strstr(pty_row(pty, 12), "/89 "));
	pty_press(pty, "KqVG\rG");
	assert_true(pty_shows(pty, "[18 kernel threads]"));
	assert_quits(pty);
}

static void test_help_and_back(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	pty_press(pty, "?");
	assert_true(pty_shows(pty, "the selected row"));
	pty_press(pty, "q"); /* closes the help first */
	assert_false(pty_shows(pty, "the selected row"));
	assert_true(pty_shows(pty, "systemd (1)"));
	pty_press(pty, "?");
	pty_press(pty, "\033");
	assert_false(pty_shows(pty, "the selected row"));
	pty_press(pty, "\033\033"); /* never quits */
	assert_true(pty_shows(pty, "systemd (1)"));
	assert_quits(pty);
}

static void test_sizes(void **state)
{
	static const struct {
		int rows, columns;
		const char *last; /* row of the screen begins like that */
		bool has_details;
	} sizes[] = {
	        {40, 120, " 1Help ", true},
	        {12, 40, " 1Help ", false},
	        {1, 1, ">", false},
	        {2, 3, ">", false},
	        {1, 300, ">  ├─  user:[4026532217]", false},
	        {24, 80, " 1Help ", true},
	};
	struct pty *pty = browse_demo();
	int row, column;

	(void)state;
	pty_press(pty, "j");
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));
	for (size_t i = 0; i < 3 * ARRAY_SIZE(sizes); i++) {
		const size_t which = i % ARRAY_SIZE(sizes);
		const char *last = sizes[which].last;

		pty_resize(pty, sizes[which].rows, sizes[which].columns);
		assert_true(pty_sync(pty));
		assert_memory_equal(pty_row(pty, sizes[which].rows - 1), last, strlen(last));
		pty_cursor(pty, &row, &column);
		assert_int_equal(pty_row(pty, row)[0], '>');
		if (sizes[which].columns >= 40)
			assert_non_null(strstr(pty_row(pty, row), "6532217]"));
		assert_int_equal(pty_shows(pty, "setgroups"), sizes[which].has_details);
		pty_press(pty, "jk");
	}
	pty_press(pty, "gj");
	assert_string_equal(pty_screen(pty), before);
	assert_quits(pty);
}

static void test_only_ascii_in_the_c_locale(void **state)
{
	static const char *const environment[] = {"LC_ALL=C", NULL};
	struct pty *pty = browse_demo_with(24, 80, environment);
	size_t n;

	(void)state;
	pty_press(pty, "jjd?q" F5);
	const char *output = pty_output(pty, &n);
	for (size_t i = 0; i < n; i++)
		assert_uint_in_range((unsigned char)output[i], 0, 0x7e);
	assert_quits(pty);
}

/* --- other programs --------------------------------------------------------------------------- */

static void test_graphns_opens_the_graph(void **state)
{
	_cleanup_free_ char *program = path_of("top_builddir", "graphns");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const argv[] = {program, "-f", demo, NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});

	(void)state;
	assert_true(pty_wait_for(pty, "(systemd)"));
	assert_memory_equal(pty_row(pty, 0), " GRAPH ", 7);
	assert_quits(pty);
}

/* Graphviz lays it out, or it is said why not; the screen lives on. */
static void test_digits_after_escape(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	pty_press(pty, "/");
	assert_prompt(pty, 23, "Search:");
	pty_press(pty, "\033");
	assert_false(pty_shows(pty, "Search:"));
	pty_press(pty, "81");
	assert_prompt(pty, 23, "Go to: 81");
	pty_press(pty, "\033");
	assert_false(pty_shows(pty, "Go to:"));
	pty_press(pty, "\0338");
	assert_true(pty_shows(pty, "Save as:"));
	pty_press(pty, "\033");
	assert_quits(pty);
}

static int count_underlined(const struct pty *pty)
{
	int n = 0;

	for (int row = 0; row < 24; row++) {
		for (int column = 0; column < 80; column++) {
			struct pty_look look;

			pty_look(pty, row, column, &look);
			n += look.is_underlined;
		}
	}
	return n;
}

/* What is found behind a row is in view, highlighted and said. */
static void test_found_behind_a_row(void **state)
{
	struct pty *pty = browse_demo();

	(void)state;
	assert_false(pty_shows(pty, "cron"));
	pty_press(pty, "/cron\r");
	assert_true(pty_shows(pty, "S cron"));
	assert_int_equal(count_underlined(pty), 4);
	assert_true(pty_shows(pty, "cron, in user:[4026531837]"));
	pty_press(pty, "\033");
	assert_int_equal(count_underlined(pty), 0);
	pty_press(pty, "\t/sshd\r");
	assert_true(pty_shows(pty, "S sshd"));
	assert_int_equal(count_underlined(pty), 4);
	pty_press(pty, "\033");
	assert_int_equal(count_underlined(pty), 0);
	assert_quits(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_start_move_and_fold),
	        cmocka_unit_test(test_other_hierarchy_and_back),
	        cmocka_unit_test(test_details_and_owned),
	        cmocka_unit_test(test_the_details_scroll),
	        cmocka_unit_test(test_kernel_threads),
	        cmocka_unit_test(test_help_and_back),
	        cmocka_unit_test(test_sizes),
	        cmocka_unit_test(test_only_ascii_in_the_c_locale),
	        cmocka_unit_test(test_graphns_opens_the_graph),
	        cmocka_unit_test(test_digits_after_escape),
	        cmocka_unit_test(test_found_behind_a_row),
	};

	return cmocka_run_group_tests_name("nsbrowse on a terminal", tests, NULL, NULL);
}
