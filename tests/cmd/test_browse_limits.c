/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal, with limits of the shell: of file sizes, processes and open
 * files; with odd sizes of the terminal; and without /proc. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <string.h>
#include <sys/wait.h>

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

/* Waits for the end: that status, all of `what` on the screen, and the terminal untouched. Frees
 * `pty`. */
static void assert_refuses(struct pty *pty, const char *what)
{
	int status = -1;
	size_t n;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	const char *output = pty_output(pty, &n);
	assert_null(memchr(output, '\033', n));
	if (!pty_shows(pty, what))
		fail_msg("\"%s\" is not in:\n%s", what, pty_screen(pty));
	assert_given_back(pty);
	pty_free(pty);
}

/* --- file sizes ------------------------------------------------------------------------------ */

/* The same frames as without the limit. A large one does not fit into the pipe. */
static void assert_same_frames(int rows, int columns, unsigned limit)
{
	static const char *const keys[] = {"", "jj", "t", "v", "q", "?", "q", "\f", "*"};
	_cleanup_free_ char *script = memory_printf(
	        "exec prlimit --fsize=%u \"$0\" --view=user --color=always \"$1\"", limit);
	struct pty *limited = browse_in_shell(rows, columns, script, NULL);
	struct pty *other = browse_in_shell(
	        rows, columns, "exec \"$0\" --view=user --color=always \"$1\"", NULL);

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

/* A page of long names, and the blanks by which some terminals clear it, are more than the pipe
 * holds: written at once, they would block ncurses for ever. */
static void test_no_frame_is_too_large(void **state)
{
	static const char *const terms[] = {"TERM=adm3a", "TERM=xterm-256color"};
	static const char *const script =
	        "stty rows 1000 cols 1000\n"
	        "awk '{ print } /^  .processes.: \\[/ {\n"
	        "	for (name = \"w\"; length(name) < 1200;) name = name name\n"
	        "	row = \"{~pid~: %d, ~ppid~: 1, ~started~: 1, ~uid~: 0, ~state~: ~S~,\" \\\n"
	        "		\"~kernel~: false, ~comm~: ~w~, ~name~: ~\" name \"~,\" \\\n"
	        "		\"~nspid~: [1], ~namespaces~: {}},\"\n"
	        "	gsub(/~/, \"\\\"\", row)\n"
	        "	for (i = 400000; i < 401500; i++) printf row, i\n"
	        "}' \"$1\" | prlimit --fsize=0 \"$0\" -t processes -\n";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(terms); i++) {
		struct pty *pty =
		        browse_in_shell(24, 80, script, (const char *const[]){terms[i], NULL});
		int status = -1;

		assert_true(pty_wait_for(pty, "wwww"));
		pty_press(pty, "G");
		pty_press(pty, "\f");
		pty_press(pty, "?");
		pty_press(pty, "q");
		pty_resize(pty, 900, 990);
		assert_true(pty_sync(pty));
		pty_type(pty, "q");
		assert_true(pty_wait_end(pty, &status));
		assert_int_equal(status, 0);
		pty_free(pty);
	}
}

static void test_this_host_without_files(void **state)
{
	struct pty *pty =
	        browse_in_shell(24, 80, "exec prlimit --fsize=0 \"$0\" --view=user", NULL);

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
	_cleanup_free_ char *below = memory_printf("%s/a.svg", folder);
	/* Root saves only in the working directory. */
	const char *const path = geteuid() == 0 ? "nsbrowse-limit.svg" : below;
	struct pty *pty = browse_in_shell(
	        24, 80, "exec prlimit --fsize=4096 \"$0\" --view=user \"$1\"", NULL);

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
	assert_int_equal(access(path, F_OK), -1);
	assert_int_equal(rmdir(folder), 0); /* nothing is left in it */
	printf("# R17: a file that cannot be saved: the reason in the prompt, the screen goes on, "
	       "0 files left\n");
}

/* --- open files ------------------------------------------------------------------------------ */

/* With few the program ends with the true reason, with enough it works. (A sanitizer needs some
 * itself.) */
static void test_few_open_files(void **state)
{
	bool works = HAS_ADDRESS_SANITIZER;

	(void)state;
	for (int n = 4; n < 40 && !works; n++) {
		_cleanup_free_ char *script =
		        memory_printf("exec prlimit --nofile=%d \"$0\" --view=user \"$1\"", n);
		struct pty *pty = browse_in_shell(24, 80, script, NULL);

		works = pty_wait_for(pty, "systemd (1)");
		if (works)
			assert_quits(pty);
		else
			assert_refuses(pty, strerror(EMFILE));
	}
	assert_true(works);
}

/* --- processes ------------------------------------------------------------------------------- */

/* The limit does not count for root: as a user with no other process. `n`: processes and
 * threads. */
static struct pty *browse_with_processes(int n)
{
	static const char *const become = "setpriv --reuid=54321 --regid=54321 --clear-groups";
	_cleanup_free_ char *script = memory_printf("exec %s prlimit --nproc=%d \"$0\"",
	        geteuid() == 0 ? become : "", geteuid() == 0 ? n : 1);

	return browse_in_shell(24, 80, script, NULL);
}

static void test_no_process(void **state)
{
	(void)state;
	assert_refuses(browse_with_processes(1),
	        "nsbrowse: cannot start a process: Resource temporarily unavailable");
	if (geteuid() == 0)
		assert_refuses(browse_with_processes(2),
		        "nsbrowse: cannot start a thread: Resource temporarily unavailable");
}

/* --- the size of the terminal ---------------------------------------------------------------- */

static void test_size_in_the_environment_is_ignored(void **state)
{
	static const char *const settings[] = {"COLUMNS=65536", "COLUMNS=1", "COLUMNS=-1",
	        "COLUMNS=x", "LINES=65536", "LINES=99999999999", "LINES=0"};
	struct pty *plain = browse_demo();
	_cleanup_free_ char *wanted = memory_strdup(pty_screen(plain));

	(void)state;
	assert_quits(plain);
	for (size_t i = 0; i < ARRAY_SIZE(settings); i++) {
		struct pty *pty =
		        browse_demo_with(24, 80, (const char *const[]){settings[i], NULL});

		assert_string_equal(pty_screen(pty), wanted);
		assert_quits(pty);
	}
}

/* A serial line: the environment has the size, else the terminal type does. */
static void test_terminal_without_a_size(void **state)
{
	static const struct {
		const char *environment[3];
		int rows;
	} sizes[] = {
	        {{"LINES=10", "COLUMNS=80", NULL}, 10},
	        {{"LINES=65536", "COLUMNS=65536", NULL}, 24},
	        {{NULL}, 24},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct pty *pty = browse_in_shell(sizes[i].rows, 80,
		        "stty rows 0 cols 0; exec \"$0\" --view=user \"$1\"", sizes[i].environment);

		wait_for_demo(pty);
		assert_int_equal(strncmp(pty_row(pty, sizes[i].rows - 1), " 1Help ", 7), 0);
		assert_quits(pty);
	}
}

/* Coordinates of ncurses are of type short. */
static void test_huge_terminal(void **state)
{
	static const char *const sizes[] = {"rows 24 cols 40000", "rows 65535 cols 80"};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_free_ char *script =
		        memory_printf("stty %s; exec \"$0\" --view=user \"$1\"", sizes[i]);
		struct pty *pty = browse_in_shell(24, 80, script, NULL);

		int status = -1;

		/* The leader may be further right than what is seen here. */
		assert_true(pty_wait_for(pty, "user:[4026531837]"));
		assert_true(pty_sync(pty));
		pty_press(pty, "jj?");
		pty_press(pty, "q");
		/* What is restored here depends on the true size. */
		pty_type(pty, "q");
		assert_true(pty_wait_end(pty, &status));
		assert_int_equal(status, 0);
		pty_free(pty);
	}
}

/* --- /proc ----------------------------------------------------------------------------------- */

static void test_no_proc(void **state)
{
	_cleanup_free_ char *script = memory_printf(
	        "exec unshare %s sh -c 'mount -t tmpfs none /proc && exec \"$0\"' \"$0\"",
	        geteuid() == 0 ? "-m" : "-Urm");

	(void)state;
	assert_refuses(browse_in_shell(24, 80, script, NULL), "nsbrowse: /proc is not mounted");
}

/* True if this user may do that. */
static bool may(const char *command)
{
	struct pty *pty = browse_in_shell(24, 80, command, NULL);
	int status = -1;

	assert_true(pty_wait_end(pty, &status));
	pty_free(pty);
	return status == 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_screen_without_files),
	        cmocka_unit_test(test_no_frame_is_too_large),
	        cmocka_unit_test(test_this_host_without_files),
	        cmocka_unit_test(test_save_error_keeps_the_prompt),
	        cmocka_unit_test(test_few_open_files),
	        cmocka_unit_test(test_size_in_the_environment_is_ignored),
	        cmocka_unit_test(test_terminal_without_a_size),
	        cmocka_unit_test(test_huge_terminal),
	};
	const struct CMUnitTest processes[] = {cmocka_unit_test(test_no_process)};
	const struct CMUnitTest proc[] = {cmocka_unit_test(test_no_proc)};
	int r = cmocka_run_group_tests_name("limits of nsbrowse", tests, NULL, NULL);

	/* A sanitizer starts threads and reads /proc. */
	if (r != 0 || HAS_ADDRESS_SANITIZER)
		return r;
	if (geteuid() != 0 || may("setpriv --reuid=54321 --regid=54321 --clear-groups true"))
		r = cmocka_run_group_tests_name("limit of processes", processes, NULL, NULL);
	if (r == 0 && may(geteuid() == 0 ? "unshare -m true" : "unshare -Urm true 2>/dev/null"))
		r = cmocka_run_group_tests_name("no /proc", proc, NULL, NULL);
	return r;
}
