/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse where there is no terminal for the screen or the keys, and with a snapshot on
 * standard input. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <string.h>
#include <sys/wait.h>

/* --- what is no terminal for it -------------------------------------------------------------- */

/* Runs it to its end; what it wrote is `message` and nothing else. */
static void assert_says(struct pty *pty, const char *message, int wanted)
{
	int status = -1;
	size_t n;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), wanted);
	const char *output = pty_output(pty, &n); /* not terminated */
	assert_int_equal(n, strlen(message));
	assert_memory_equal(output, message, n);
	assert_given_back(pty);
	pty_free(pty);
}

static struct pty *browse_on(const char *term)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	_cleanup_free_ char *setting = memory_printf("TERM=%s", term);

	return browse(24, 80, (const char *const[]){"--view=user", demo, NULL},
	        (const char *const[]){setting, NULL});
}

static void test_unknown_terminal(void **state)
{
	(void)state;
	assert_says(browse_on("nonsense"),
	        "nsbrowse: unknown terminal type \"nonsense\": try TERM=xterm-256color\r\n",
	        EXIT_FAILURE);
	assert_says(browse_on(""), "nsbrowse: TERM is not set: try TERM=xterm-256color\r\n",
	        EXIT_FAILURE);
}

static void test_dumb_terminal_gets_the_tree(void **state)
{
	struct pty *pty = browse_on("dumb");
	int status = -1;
	size_t n;

	(void)state;
	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
	const char *output = pty_output(pty, &n);
	assert_null(memchr(output, '\033', n));
	assert_string_equal(
	        pty_row(pty, 0), "user:[4026531837] process \"systemd\" owner root (0)");
	assert_string_equal(
	        pty_row(pty, 1), " ├── user:[4026532217] process \"sleep\" owner harald (1000)");
	pty_free(pty);
}

/* --- the snapshot on standard input ----------------------------------------------------------- */

static struct pty *browse_input(const char *script)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const argv[] = {"/bin/sh", "-c", script, program, demo, NULL};

	return pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});
}

static void test_snapshot_on_standard_input(void **state)
{
	static const char *const scripts[] = {
	        "exec \"$0\" --view=user - <\"$1\"",
	        "cat \"$1\" | \"$0\" --view=user -",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scripts); i++) {
		struct pty *pty = browse_input(scripts[i]);

		assert_true(pty_wait_for(pty, "systemd (1)"));
		pty_press(pty, DOWN "j");
		assert_int_equal(pty_row(pty, 4)[0], '>');
		assert_quits(pty);
	}
}

static void test_no_keyboard(void **state)
{
	(void)state;
	assert_says(browse_input("exec setsid -w \"$0\" - <\"$1\""),
	        "nsbrowse: /dev/tty: No such device or address\r\n", EXIT_FAILURE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_unknown_terminal),
	        cmocka_unit_test(test_dumb_terminal_gets_the_tree),
	        cmocka_unit_test(test_snapshot_on_standard_input),
	        cmocka_unit_test(test_no_keyboard),
	};

	return cmocka_run_group_tests_name("input of nsbrowse", tests, NULL, NULL);
}
