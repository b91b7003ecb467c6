/* SPDX-License-Identifier: Apache-2.0 */

/* term.c and the ui on a terminal: drawing, bytes written, and that the terminal is restored in
 * each case. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/term/driven.h"
#include "tests/term/pty_looks.h"
#include "tests/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

/* --- drawing ------------------------------------------------------------------------- */

static void test_start_and_quit(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");
	int row, column;

	(void)state;
	assert_true(pty_is_alternate(pty));
	assert_string_equal(
	        pty_row(pty, 2), ">  ▾ user:[4026531837]     0            4  systemd (1)");
	assert_string_equal(pty_row(pty, 8),
	        " ~ ├─▾ user:[4026532582]   1000         -  held by fd 7 of bash (1468)");
	assert_int_equal(strncmp(pty_row(pty, 23), " 1Help ", 7), 0);
	pty_cursor(pty, &row, &column);
	assert_int_equal(row, 2);
	assert_int_equal(column, 5);
	assert_true(pty_is_reverse(pty, 2, 5));
	assert_false(pty_is_reverse(pty, 2, 27));
	assert_quits(pty, "q");
}

/* The emulator of these tests must repeat a character up to the last column, as xterm does. */
static void test_repetition(void **state)
{
	const char *const argv[] = {"printf", "-\\033[8b-\\r\\nx\\033[3b\\033[1mb", NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 4, .columns = 10, .argv = argv});
	int status;

	(void)state;
	assert_true(pty_wait_end(pty, &status));
	assert_string_equal(pty_row(pty, 0), "----------");
	assert_string_equal(pty_row(pty, 1), "xxxxb");
	pty_free(pty);
}

static void test_color_is_an_option(void **state)
{
	static const char *const without[4] = {"picture.model"};
	static const char *const with[4] = {"--color", "picture.model"};

	(void)state;
	for (int is_color = 0; is_color < 2; is_color++) {
		struct pty *pty = drive_with(24, 80, is_color ? with : without, NULL);

		pty_press(pty, "");
		/* The name of a field in the detail pane. */
		assert_int_equal(pty_is_colored(pty, 15, 1), is_color);
		assert_quits(pty, "q");
	}
}

static void test_ascii(void **state)
{
	static const char *const arguments[4] = {"--ascii", "picture.model"};
	static const char *const environment[] = {"LC_ALL=C", NULL};
	struct pty *pty = drive_with(24, 80, arguments, environment);
	size_t n;

	(void)state;
	pty_press(pty, "jj-");
	assert_string_equal(pty_row(pty, 4),
	        ">  |-+ user:[4026532401]   1000         1  firefox (1374)            [3 below]");
	const char *output = pty_output(pty, &n);
	for (size_t i = 0; i < n; i++)
		assert_uint_in_range((unsigned char)output[i], 0, 0x7e);
	assert_quits(pty, "q");
}

static void test_nothing_changed_nothing_written(void **state)
{
	struct pty *pty = drive(30, 100, "picture.model");
	size_t before, after;

	(void)state;
	assert_int_equal(bytes_of(pty, ""), 0);
	assert_int_equal(bytes_of(pty, "x"), 0);
	assert_int_equal(bytes_of(pty, UP), 0);
	assert_int_equal(bytes_of(pty, "g"), 0);
	pty_output(pty, &before);
	pty_listen(pty, 300);
	pty_output(pty, &after);
	assert_int_equal(after, before);
	assert_quits(pty, "q");
}

/* The limits of bytes for slow lines. */
static void test_bytes(void **state)
{
	struct pty *list = drive(13, 100, "many.model");
	struct pty *split = drive(30, 100, "many.model");
	size_t n;

	(void)state;
	pty_output(split, &n);
	print_message("start %zu", n);
	assert_uint_in_range(n, 1, 3000);
	for (int i = 0; i < 20; i++)
		assert_uint_in_range(bytes_of(list, DOWN), 1, 220);
	for (int i = 0; i < 20; i++) {
		n = bytes_of(split, DOWN);
		assert_uint_in_range(n, 1, 450);
	}
	print_message(", Down in the split %zu", n);
	n = bytes_of(split, PGDN);
	print_message(", PgDn %zu\n", n);
	assert_uint_in_range(n, 1, 1500);
	assert_quits(list, "q");
	assert_quits(split, "q");
}

static void test_repaint(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));
	assert_true(bytes_of(pty, "\f") > 500);
	assert_string_equal(pty_screen(pty), before);
	assert_quits(pty, "q");
}

static void test_resize(void **state)
{
	static const struct {
		int rows;
		int columns;
	} sizes[] = {{12, 40}, {1, 1}, {50, 132}, {5, 20}, {2, 200}, {3, 2},
	        {24, 80}}; /* 29 times each */
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));
	for (int i = 0; i < 203; i++) {
		const size_t which = (size_t)i % ARRAY_SIZE(sizes);

		pty_resize(pty, sizes[which].rows, sizes[which].columns);
		assert_true(pty_sync(pty));
		const int list = sizes[which].rows > 4 ? 2 : sizes[which].rows > 1;
		assert_int_equal(pty_row(pty, list)[0], '>');
	}
	assert_string_equal(pty_screen(pty), before);
	assert_quits(pty, "q");
}

/* Asserts that the output after the keys contains `text` once. */
static void assert_writes(struct pty *pty, const char *keys, const char *text)
{
	size_t before, after;

	pty_output(pty, &before);
	pty_press(pty, keys);
	const char *output = pty_output(pty, &after);
	const char *found = memmem(output + before, after - before, text, strlen(text));
	assert_non_null(found);
	const size_t rest = after - (size_t)(found + 1 - output);
	assert_null(memmem(found + 1, rest, text, strlen(text)));
}

static void test_copy(void **state)
{
	static const char *const inside[] = {"TMUX=/tmp/tmux-0/default,1,0", NULL};
	static const char *const outside[] = {"TMUX", NULL};
	static const char *const arguments[4] = {"picture.model"};
	/* 4026531837, user:[...] process "systemd" owner 0 (0), and of the next one
	 * nsenter -t 9403 --preserve-credentials --user */
	static const char number[] = "\033]52;c;NDAyNjUzMTgzNw==\a";
	static const char row[] = "\033]52;c;dXNlcjpbNDAyNjUzMTgzN10gcHJvY2VzcyAic3lzdGVtZCIgb3duZX"
	                          "IgMCAoMCk=\a";
	static const char line[] = "\033]52;c;bnNlbnRlciAtdCA5NDAzIC0tcHJlc2VydmUtY3Jl"
	                           "ZGVudGlhbHMgLS11c2Vy\a";
	struct pty *pty = drive_with(24, 80, arguments, outside);

	(void)state;
	assert_writes(pty, "y", number);
	assert_true(pty_shows(pty, "copied: 4026531837"));
	assert_writes(pty, "Y", row);
	pty_press(pty, DOWN);
	assert_writes(pty, "c", line);
	assert_true(pty_shows(pty, "copied: nsenter -t 9403 "));
	assert_quits(pty, "q");
	pty = drive_with(24, 80, arguments, inside);
	assert_writes(pty, "y", "\033Ptmux;\033\033]52;c;NDAyNjUzMTgzNw==\a\033\\");
	assert_quits(pty, "q");
}

static void test_save_prompt(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");
	int row, column;

	(void)state;
	pty_press(pty, F8);
	assert_string_equal(pty_row(pty, 23),
	        "Save as: stem.svg                                               C-t: dot layout");
	pty_cursor(pty, &row, &column);
	assert_int_equal(row, 23);
	assert_int_equal(column, 17);
	pty_press(pty, "\r");
	assert_string_equal(pty_row(pty, 22), " cannot save stem.svg: not here");
	pty_press(pty, "\033");
	assert_quits(pty, "q");
}

static void test_refresh(void **state)
{
	struct pty *pty = drive(30, 100, "picture.model");

	(void)state;
	pty_press(pty, DOWN DOWN "-");
	/* One new namespace, one gone. */
	assert_uint_in_range(bytes_of(pty, "M"), 1, 400);
	assert_true(pty_shows(pty, "+1 -1"));
	assert_true(pty_shows(pty, " x ├─  user:[4026532696]"));
	assert_true(pty_shows(pty, " + └─  user:[4026532936]"));
	assert_selected(pty, 4);
	assert_quits(pty, "q");
}

/* --- ways out ------------------------------------------------------------------------------ */

static void assert_ends_by(struct pty *pty, int signal)
{
	int status = 0;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal);
	assert_given_back(pty);
	pty_free(pty);
}

static void test_signals_give_the_terminal_back(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGQUIT, SIGSEGV};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct pty *pty = drive(24, 80, "picture.model");

		kill(pty_pid(pty), signals[i]);
		assert_ends_by(pty, signals[i]);
	}
}

static void test_interrupt_key_and_abort(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	pty_type(pty, "\003");
	assert_ends_by(pty, SIGINT);
	pty = drive(24, 80, "picture.model");
	pty_type(pty, "X");
	assert_ends_by(pty, SIGABRT);
}

static void test_suspend(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");

	(void)state;
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));
	pty_type(pty, "\032");
	assert_true(pty_wait_stopped(pty));
	pty_listen(pty, 50);
	assert_given_back(pty);
	kill(pty_pid(pty), SIGCONT);
	assert_true(pty_wait_for(pty, "10Quit"));
	assert_true(pty_sync(pty));
	assert_true(pty_is_alternate(pty));
	assert_string_equal(pty_screen(pty), before);
	assert_quits(pty, "q");
}

static void test_hang_up(void **state)
{
	struct pty *pty = drive(24, 80, "picture.model");
	int status = 0;

	(void)state;
	pty_hang_up(pty);
	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFSIGNALED(status) || WIFEXITED(status));
	pty_free(pty);
}

static void test_unknown_terminal(void **state)
{
	static const char *const arguments[4] = {"picture.model"};
	static const struct {
		const char *term[2];
		int error;
	} bad[] = {
	        {{"TERM=nonsense"}, EINVAL},
	        {{"TERM=dumb"}, EOPNOTSUPP},
	        {{"TERM="}, EINVAL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct pty *pty = drive_with(24, 80, arguments, bad[i].term);
		int status = 0;
		size_t n;

		assert_true(pty_wait_end(pty, &status));
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		const char *output = pty_output(pty, &n);
		assert_null(memchr(output, '\033', n));
		_cleanup_free_ char *says = memory_printf("driver: %s", strerror(bad[i].error));
		assert_string_equal(pty_row(pty, 0), says);
		assert_given_back(pty);
		pty_free(pty);
	}
}

/* Other terminals, with colours and without: the same screen, keys in both modes, everything
 * restored. */
static void test_other_terminals(void **state)
{
	static const char *const arguments[2][4] = {
	        {"--color", "--mouse", "picture.model"}, {"picture.model"}};
	static const char *const terms[] = {"vt100", "vt220", "linux", "screen", "screen-256color",
	        "tmux", "tmux-256color", "xterm", "xterm-mono", "rxvt"};
	struct pty *same = drive(24, 80, "picture.model");

	(void)state;
	pty_press(same, "jjjkj");
	for (size_t i = 0; i < 2 * ARRAY_SIZE(terms); i++) {
		_cleanup_free_ char *term = memory_printf("TERM=%s", terms[i / 2]);
		struct pty *pty =
		        drive_with(24, 80, arguments[i % 2], (const char *const[]){term, NULL});

		pty_press(pty, "jj\033[B\033OA\033OB");
		assert_string_equal(pty_screen(pty), pty_screen(same));
		pty_resize(pty, 1, 1);
		assert_true(pty_sync(pty));
		pty_resize(pty, 24, 80);
		assert_true(pty_sync(pty));
		assert_string_equal(pty_screen(pty), pty_screen(same));
		assert_quits(pty, "q");
	}
	assert_quits(same, "q");
}

/* A terminal without ANSI sequences gets none of the modes that it cannot ignore. */
static void test_a_terminal_that_is_not_ansi(void **state)
{
	static const char *const arguments[4] = {"--mouse", "picture.model"};
	static const char *const environment[] = {"TERM=vt52", NULL};
	struct pty *pty = drive_with(24, 80, arguments, environment);
	int status = -1;
	size_t n;

	(void)state;
	pty_type(pty, "jq");
	assert_true(pty_wait_end(pty, &status));
	assert_int_equal(status, 0);
	const char *output = pty_output(pty, &n);
	assert_null(memmem(output, n, "\033[", 2));
	pty_free(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_start_and_quit),
	        cmocka_unit_test(test_repetition),
	        cmocka_unit_test(test_color_is_an_option),
	        cmocka_unit_test(test_ascii),
	        cmocka_unit_test(test_nothing_changed_nothing_written),
	        cmocka_unit_test(test_bytes),
	        cmocka_unit_test(test_repaint),
	        cmocka_unit_test(test_copy),
	        cmocka_unit_test(test_resize),
	        cmocka_unit_test(test_save_prompt),
	        cmocka_unit_test(test_refresh),
	        cmocka_unit_test(test_signals_give_the_terminal_back),
	        cmocka_unit_test(test_interrupt_key_and_abort),
	        cmocka_unit_test(test_suspend),
	        cmocka_unit_test(test_hang_up),
	        cmocka_unit_test(test_unknown_terminal),
	        cmocka_unit_test(test_other_terminals),
	        cmocka_unit_test(test_a_terminal_that_is_not_ansi),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
