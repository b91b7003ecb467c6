/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, with limits of the shell: of file sizes. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <string.h>

/* Runs `script` in a shell with "$0" as the program and "$1" as the demo. */
static struct pty *browse_in_shell(
        int rows, int columns, const char *script, const char *const *environment)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const argv[] = {"/bin/sh", "-c", script, program, demo, NULL};

	return pty_start(&(struct pty_options){
	        .rows = rows, .columns = columns, .argv = argv, .environment = environment});
}

static void wait_for_demo(struct pty *pty)
{
	assert_true(pty_wait_for(pty, "systemd (1)"));
	assert_true(pty_sync(pty));
}

/* --- file sizes ------------------------------------------------------------------------------ */

/* The same frames as without the limit. A large one does not fit into the pipe. */
static void assert_same_frames(int rows, int columns, unsigned limit)
{
	static const char *const keys[] = {"", "jj", "t", "v", "q", "?", "q", "\f", "*"};
	_cleanup_free_ char *script =
	        memory_printf("exec prlimit --fsize=%u \"$0\" --color=always \"$1\"", limit);
	struct pty *limited = browse_in_shell(rows, columns, script, NULL);
	struct pty *other =
	        browse_in_shell(rows, columns, "exec \"$0\" --color=always \"$1\"", NULL);

	wait_for_demo(limited);
	wait_for_demo(other);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		pty_press(limited, keys[i]);
		pty_press(other, keys[i]);
		_cleanup_free_ char *looks = pty_looks(limited);
		_cleanup_free_ char *wanted = pty_looks(other);
		assert_string_equal(looks, wanted);
	}
	assert_quits(limited);
	assert_quits(other);
}

static void test_screen_without_files(void **state)
{
	(void)state;
	assert_same_frames(24, 80, 0);
	assert_same_frames(24, 80, 1);
	assert_same_frames(24, 80, 4096);
	assert_same_frames(300, 400, 0);
}

static void test_this_host_without_files(void **state)
{
	struct pty *pty = browse_in_shell(24, 80, "exec prlimit --fsize=0 \"$0\"", NULL);

	(void)state;
	assert_true(pty_wait_for(pty, "user:["));
	assert_true(pty_wait_for(pty, "partial"));
	pty_press(pty, "!");
	assert_true(pty_wait_for(pty, "File too large"));
	pty_press(pty, "q");
	assert_quits(pty);
}

static void test_save_error_keeps_the_prompt(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.svg", folder);
	struct pty *pty = browse_in_shell(24, 80, "exec prlimit --fsize=4096 \"$0\" \"$1\"", NULL);

	(void)state;
	wait_for_demo(pty);
	pty_press(pty, "s\x15");
	pty_press(pty, path);
	pty_press(pty, "\r");
	assert_true(pty_wait_for(pty, "File too large"));
	assert_true(pty_shows(pty, "Save as: "));
	assert_true(pty_shows(pty, path));
	pty_press(pty, "\033");
	assert_quits(pty);
	assert_int_equal(remove_folder(folder), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_screen_without_files),
	        cmocka_unit_test(test_this_host_without_files),
	        cmocka_unit_test(test_save_error_keeps_the_prompt),
	};

	return cmocka_run_group_tests_name("limits of nsbrowse", tests, NULL, NULL);
}
