/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal: the demo without any rights, the host that nested.sh makes,
 * and every ordinary way out. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/term/pty_vterm.h"
#include "tests/unit.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define DOWN "\033OB"
#define F5   "\033[15~"

static char *path_of(const char *variable, const char *file)
{
	const char *top = getenv(variable);

	return memory_printf("%s/%s", top ? top : ".", file);
}

/* `arguments` ends with NULL; at most six. */
static struct pty *start(
        int rows, int columns, const char *const *arguments, const char *const *environment)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *argv[8] = {program};

	for (size_t i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	return pty_start(&(struct pty_options){
	        .rows = rows, .columns = columns, .argv = argv, .environment = environment});
}

static struct pty *start_demo_with(int rows, int columns, const char *const *environment)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	struct pty *pty = start(rows, columns, (const char *const[]){demo, NULL}, environment);

	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	return pty;
}

static struct pty *start_demo(void)
{
	return start_demo_with(24, 80, NULL);
}

static void assert_given_back(struct pty *pty)
{
	assert_true(pty_modes_are_restored(pty));
	assert_false(pty_is_alternate(pty));
	assert_true(pty_is_cursor_visible(pty));
}

static void assert_quits(struct pty *pty)
{
	int status = -1;

	pty_type(pty, "q");
	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_given_back(pty);
	pty_free(pty);
}

/* --- moving about the demo ------------------------------------------------------------------ */

static void test_start_move_and_fold(void **state)
{
	struct pty *pty = start_demo();

	(void)state;
	assert_string_equal(pty_row(pty, 1), "   NAMESPACE                 OWNER    PROCS  LEADER");
	assert_string_equal(
	        pty_row(pty, 2), ">  ▾ user:[4026531837]       root        70  systemd (1)");
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
	struct pty *pty = start_demo();

	(void)state;
	for (int i = 0; i < 8 && !strstr(pty_row(pty, 14), "user:[4026532696]"); i++)
		pty_press(pty, "j");
	assert_non_null(strstr(pty_row(pty, 14), "user:[4026532696]")); /* the divider */
	pty_press(pty, F5);
	assert_true(pty_shows(pty, " PID namespaces 10"));
	assert_non_null(strstr(pty_row(pty, 14), "pid:[4026532222]"));
	pty_press(pty, "t");
	assert_true(pty_shows(pty, " USER namespaces 15"));
	assert_non_null(strstr(pty_row(pty, 14), "user:[4026532696]"));
	assert_quits(pty);
}

static void test_details_and_owned(void **state)
{
	struct pty *pty = start_demo();

	(void)state;
	assert_true(pty_shows(pty, "uid map  0 -> 0 x4294967295"));
	assert_false(pty_shows(pty, "net:[4026531833]"));
	pty_press(pty, "d");
	assert_true(pty_shows(pty, "⟜   cgroup:[4026531835]"));
	pty_press(pty, "d");
	assert_false(pty_shows(pty, "⟜"));
	assert_quits(pty);
}

static void test_help_and_back(void **state)
{
	struct pty *pty = start_demo();

	(void)state;
	pty_press(pty, "?");
	assert_true(pty_shows(pty, "one line up"));
	pty_press(pty, "q"); /* closes the help first */
	assert_false(pty_shows(pty, "one line up"));
	assert_true(pty_shows(pty, "systemd (1)"));
	assert_quits(pty);
}

static void test_sizes(void **state)
{
	static const int sizes[][2] = {{40, 120}, {12, 40}, {5, 20}, {1, 1}, {2, 3}, {24, 80}};
	struct pty *pty = start_demo();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		pty_resize(pty, sizes[i][0], sizes[i][1]);
		assert_true(pty_sync(pty));
		pty_press(pty, "jk");
	}
	assert_string_equal(
	        pty_row(pty, 2), ">  ▾ user:[4026531837]       root        70  systemd (1)");
	assert_quits(pty);
}

static void test_only_ascii_in_the_c_locale(void **state)
{
	static const char *const environment[] = {"LC_ALL=C", NULL};
	struct pty *pty = start_demo_with(24, 80, environment);
	size_t n;

	(void)state;
	pty_press(pty, "jjd?q" F5);
	const char *output = pty_output(pty, &n);
	for (size_t i = 0; i < n; i++)
		assert_in_range((unsigned char)output[i], 0, 0x7e);
	assert_quits(pty);
}

/* --- saving --------------------------------------------------------------------------------- */

static char *temporary_folder(void)
{
	char *folder = memory_strdup("/tmp/nsbrowse-test-XXXXXX");

	assert_non_null(mkdtemp(folder));
	return folder;
}

/* Removes it; returns how many files were in it. */
static int remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	int n = 0;

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (entry->d_name[0] == '.' && strspn(entry->d_name, ".") == strlen(entry->d_name))
			continue;
		assert_int_equal(unlinkat(dirfd(dir), entry->d_name, 0), 0);
		n++;
	}
	closedir(dir);
	assert_int_equal(rmdir(folder), 0);
	return n;
}

static void save_as(struct pty *pty, const char *path)
{
	pty_press(pty, "s\x15"); /* C-u: what is proposed goes */
	pty_press(pty, path);
	pty_type(pty, "\r");
}

static void assert_file(const char *path, const char *begin)
{
	char text[64] = "";
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true(read(fd, text, strlen(begin)) == (ssize_t)strlen(begin));
	assert_string_equal(text, begin);
}

static void test_save_every_form(void **state)
{
	static const struct {
		const char *suffix, *begin;
	} forms[] = {{"svg", "<?xml"}, {"dot", "digraph"},
	        {"json", "{\"format\": \"nsbrowse-snapshot\""},
	        {"txt", "user:[4026531837] process \"systemd\""}};
	_cleanup_free_ char *folder = temporary_folder();
	struct pty *pty = start_demo();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
		_cleanup_free_ char *path = memory_printf("%s/a.%s", folder, forms[i].suffix);

		save_as(pty, path);
		assert_true(pty_wait_for(pty, "saved"));
		assert_file(path, forms[i].begin);
		pty_press(pty, "j"); /* the message goes with the next key */
		assert_true(pty_wait_without(pty, "saved"));
	}
	assert_int_equal(remove_folder(folder), ARRAY_SIZE(forms));
	assert_quits(pty);
}

static void test_save_keeps_what_is_there(void **state)
{
	_cleanup_free_ char *folder = temporary_folder();
	_cleanup_free_ char *path = memory_printf("%s/a.txt", folder);
	_cleanup_free_ char *nowhere = memory_printf("%s/none/a.txt", folder);
	struct pty *pty = start_demo();
	FILE *old = fopen(path, "we");

	(void)state;
	assert_non_null(old);
	fputs("old", old);
	fclose(old);
	assert_int_equal(chmod(path, 0600), 0);
	save_as(pty, path);
	assert_true(pty_wait_for(pty, "exists"));
	assert_file(path, "old");
	pty_press(pty, "\033");
	assert_true(pty_wait_without(pty, "exists"));
	save_as(pty, nowhere);
	assert_true(pty_wait_for(pty, "No such file or directory"));
	assert_true(pty_shows(pty, "a.txt")); /* the prompt stays */
	pty_press(pty, "\033");
	assert_int_equal(remove_folder(folder), 1);
	assert_quits(pty);
}

/* --- ways out ------------------------------------------------------------------------------- */

static void assert_ends_by(struct pty *pty, int signal_number)
{
	int status = -1;

	assert_true(pty_wait_end(pty, &status));
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), signal_number);
	assert_given_back(pty);
	pty_free(pty);
}

static void test_signals_end_it_by_themselves(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGQUIT, SIGINT};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(signals); i++) {
		struct pty *pty = start_demo();

		assert_int_equal(kill(pty_pid(pty), signals[i]), 0);
		assert_ends_by(pty, signals[i]);
	}
}

static void test_control_c(void **state)
{
	struct pty *pty = start_demo();

	(void)state;
	pty_type(pty, "\003");
	assert_ends_by(pty, SIGINT);
}

static void test_crash_gives_the_terminal_back(void **state)
{
#if !defined(__SANITIZE_ADDRESS__)
	struct pty *pty = start_demo();

	assert_int_equal(kill(pty_pid(pty), SIGSEGV), 0);
	assert_ends_by(pty, SIGSEGV);
#endif
	(void)state;
}

/* Below a shell with job control: nobody else would see it stopped, and the kernel does not stop
 * whom nobody could continue (an orphaned process group, setpgid(2)). */
static void test_stop_and_continue(void **state)
{
	static const char script[] = "set -m; \"$0\" \"$1\"; echo \"status $?\"; read -r _; fg";
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const argv[] = {"/bin/bash", "-c", script, program, demo, NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});

	(void)state;
	assert_true(pty_wait_for(pty, "systemd (1)"));
	assert_true(pty_sync(pty));
	pty_type(pty, "\032");
	assert_true(pty_wait_for(pty, "status 148"));
	assert_given_back(pty);
	pty_type(pty, "\n");
	assert_true(pty_wait_for(pty, "systemd (1)"));
	assert_true(pty_sync(pty));
	assert_true(pty_is_alternate(pty));
	assert_quits(pty);
}

static void test_vanished_terminal(void **state)
{
	struct pty *pty = start_demo();
	int status = -1;

	(void)state;
	pty_hang_up(pty);
	assert_true(pty_wait_end(pty, &status));
	pty_free(pty);
}

static void test_unknown_terminal(void **state)
{
	static const char *const environment[] = {"TERM=nonsense", NULL};
	static const char message[] = "nsbrowse: nonsense: unknown terminal type, or one that "
	                              "cannot address the cursor\r\n";
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	struct pty *pty = start(24, 80, (const char *const[]){demo, NULL}, environment);
	int status = -1;
	size_t n;

	(void)state;
	assert_true(pty_wait_end(pty, &status));
	assert_int_equal(WEXITSTATUS(status), 1);
	const char *output = pty_output(pty, &n); /* not terminated */
	assert_int_equal(n, strlen(message));
	assert_memory_equal(output, message, n);
	pty_free(pty);
}

/* --- a live host ---------------------------------------------------------------------------- */

/* Five nested user namespaces, two without a process, in a PID namespace of their own. NULL if the
 * kernel refuses. */
static struct pty *start_nested(int rows, int columns)
{
	_cleanup_free_ char *world = path_of("top_srcdir", "tests/cmd/nested.sh");
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	const char *const argv[] = {world, program, "--delay=0", NULL};
	struct pty *pty =
	        pty_start(&(struct pty_options){.rows = rows, .columns = columns, .argv = argv});

	if (!pty_wait_for(pty, "└─")) {
		pty_free(pty);
		return NULL;
	}
	return pty;
}

static void test_nested_host(void **state)
{
	struct pty *pty = start_nested(24, 80);
	int planted = 0;

	(void)state;
	if (!pty) {
		print_message("left out: no nested user namespaces here\n");
		return;
	}
	assert_true(pty_sync(pty));
	for (int level = 1; level <= 5; level++) {
		const char *row = pty_row(pty, 2 + level);

		assert_non_null(strstr(row, "user:["));
		assert_int_equal(row[1], level % 2 ? ' ' : '~');
		planted++;
	}
	assert_true(pty_shows(pty, "USER namespaces 6"));
	print_message("nested user namespaces on the screen found/planted: %d/5\n", planted);
	pty_press(pty, "jjr");
	assert_int_equal(pty_row(pty, 4)[0], '>');
	assert_quits(pty);
}

static void test_silence(void **state)
{
	struct pty *pty = start_nested(30, 100);
	size_t before, after;

	(void)state;
	if (!pty)
		return;
	pty_press(pty, "r");
	pty_listen(pty, 200);
	pty_output(pty, &before);
	pty_listen(pty, 1000);
	pty_output(pty, &after);
	assert_int_equal(after - before, 0);
	assert_quits(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_start_move_and_fold),
	        cmocka_unit_test(test_other_hierarchy_and_back),
	        cmocka_unit_test(test_details_and_owned),
	        cmocka_unit_test(test_help_and_back),
	        cmocka_unit_test(test_sizes),
	        cmocka_unit_test(test_only_ascii_in_the_c_locale),
	        cmocka_unit_test(test_save_every_form),
	        cmocka_unit_test(test_save_keeps_what_is_there),
	        cmocka_unit_test(test_signals_end_it_by_themselves),
	        cmocka_unit_test(test_control_c),
	        cmocka_unit_test(test_crash_gives_the_terminal_back),
	        cmocka_unit_test(test_stop_and_continue),
	        cmocka_unit_test(test_vanished_terminal),
	        cmocka_unit_test(test_unknown_terminal),
	        cmocka_unit_test(test_nested_host),
	        cmocka_unit_test(test_silence),
	};

	return cmocka_run_group_tests_name("nsbrowse on a terminal", tests, NULL, NULL);
}
