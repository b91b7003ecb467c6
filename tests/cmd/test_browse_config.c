/* SPDX-License-Identifier: Apache-2.0 */

/* The config file of the real ./nsbrowse: its owner, when it is read, and what is written. */

#include "base/memory.h"
#include "tests/cmd/browse.h"

#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { STRANGER = 54321 };

/* A config home of the test's own: FOLDER/nsbrowse/config. */
struct home {
	char *folder;
	char *below; /* FOLDER/nsbrowse */
	char *config;
	char *variable; /* for the environment */
};

static void home_init(struct home *home)
{
	home->folder = temporary_folder();
	home->below = memory_printf("%s/nsbrowse", home->folder);
	home->config = memory_printf("%s/config", home->below);
	home->variable = memory_printf("XDG_CONFIG_HOME=%s", home->folder);
}

static void home_release(struct home *home)
{
	if (access(home->below, F_OK) == 0)
		remove_folder(home->below);
	remove_folder(home->folder);
	free(home->folder);
	free(home->below);
	free(home->config);
	free(home->variable);
}

static void put_file(const char *path, const char *text, mode_t mode)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	assert_int_equal(fchmod(fd, mode), 0);
}

static void home_put(const struct home *home, const char *text, mode_t mode)
{
	assert_int_equal(mkdir(home->below, 0700), 0);
	put_file(home->config, text, mode);
}

static char *get_file(const char *path)
{
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = memory_new(8192);

	assert_true(fd >= 0);
	assert_true(read(fd, text, 8191) >= 0);
	return text;
}

/* The demo, whatever view of it; at most two more arguments. */
static struct pty *browse_in(const struct home *home, const char *argument)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const arguments[] = {demo, argument, NULL};
	struct pty *pty =
	        browse(24, 120, arguments, (const char *const[]){home->variable, "SUDO_UID", NULL});

	assert_true(pty_wait_for(pty, " procs "));
	assert_true(pty_sync(pty));
	return pty;
}

static size_t count(struct pty *pty, const char *what)
{
	_cleanup_free_ char *all = NULL;
	size_t len, n = 0;
	const char *output = pty_output(pty, &len);

	all = memory_printf("%.*s", (int)len, output);
	for (const char *at = all; (at = strstr(at, what)); at++)
		n++;
	return n;
}

/* --- reading -------------------------------------------------------------------------------- */

static void test_file_is_read_and_arguments_are_stronger(void **state)
{
	struct home home;

	(void)state;
	home_init(&home);
	home_put(&home, "# mine\nview = pid\nascii = yes\npane = no\n", 0644);
	struct pty *pty = browse_in(&home, NULL);
	assert_true(pty_shows(pty, "PID namespaces"));
	assert_true(pty_shows(pty, "|- "));
	assert_false(pty_shows(pty, "INSIDE"));
	assert_quits(pty);
	pty = browse_in(&home, "--view=user");
	assert_true(pty_shows(pty, "USER namespaces"));
	assert_true(pty_shows(pty, "|- "));
	assert_quits(pty);
	home_release(&home);
}

/* Once on standard error, which is read when the screen is gone, and on the screen. */
static void test_what_is_not_understood_is_told_once(void **state)
{
	struct home home;

	(void)state;
	home_init(&home);
	home_put(&home, "view = pid\ncolour = \x1b[31mred\n", 0600);
	struct pty *pty = browse_in(&home, NULL);
	assert_true(pty_shows(pty, "nsbrowse/config:2: colour = \\x1b[31mred: no such option"));
	assert_true(pty_shows(pty, "PID namespaces"));
	assert_int_equal(count(pty, "nsbrowse: /"), 1);
	pty_press(pty, "j");
	assert_false(pty_shows(pty, "colour"));
	pty_type(pty, "q");
	int status;
	assert_true(pty_wait_end(pty, &status));
	assert_int_equal(status, 0);
	assert_true(pty_shows(pty, "nsbrowse/config:2: colour = \\x1b[31mred: no such option"));
	pty_free(pty);
	home_release(&home);
}

/* A thousand lines of nonsense are no flood. */
static void test_complaints_end(void **state)
{
	char text[4000];
	struct home home;

	(void)state;
	for (size_t i = 0; i + 4 < sizeof(text); i += 4)
		memcpy(text + i, "a=b\n", 5);
	home_init(&home);
	home_put(&home, text, 0600);
	struct pty *pty = browse_in(&home, NULL);
	assert_int_equal(count(pty, "no such option\r"), 10);
	assert_int_equal(count(pty, "more errors"), 1);
	assert_quits(pty);
	home_release(&home);
}

/* --- files that are not read -------------------------------------------------------------------
 */

static void make_writable_for_group(const struct home *home)
{
	home_put(home, "view = pid\n", 0664);
}

static void make_writable_for_all(const struct home *home)
{
	home_put(home, "view = pid\n", 0602);
}

static void make_config_fifo(const struct home *home)
{
	assert_int_equal(mkdir(home->below, 0700), 0);
	assert_int_equal(mkfifo(home->config, 0600), 0);
}

static void make_device(const struct home *home)
{
	assert_int_equal(mkdir(home->below, 0700), 0);
	assert_int_equal(symlink("/dev/zero", home->config), 0);
}

static void make_link_to_fifo(const struct home *home)
{
	_cleanup_free_ char *fifo = memory_printf("%s/fifo", home->below);

	assert_int_equal(mkdir(home->below, 0700), 0);
	assert_int_equal(mkfifo(fifo, 0600), 0);
	assert_int_equal(symlink("fifo", home->config), 0);
}

static void make_large(const struct home *home)
{
	home_put(home, "view = pid\n", 0600);
	assert_int_equal(truncate(home->config, 1 << 20), 0);
}

static void make_strange(const struct home *home)
{
	home_put(home, "view = pid\n", 0644);
	if (geteuid() == 0)
		assert_int_equal(chown(home->config, STRANGER, STRANGER), 0);
	else
		assert_int_equal(chmod(home->config, 0622), 0);
}

static void test_what_others_may_write_is_refused(void **state)
{
	static const struct {
		void (*make)(const struct home *home);
		const char *why;
	} rows[] = {
	        {make_writable_for_group, "writable by other users: not read"},
	        {make_writable_for_all, "writable by other users: not read"},
	        {make_config_fifo, "not a regular file: not read"},
	        {make_device, "not a regular file: not read"},
	        {make_link_to_fifo, "not a regular file: not read"},
	        {make_large, "larger than 16 KiB: not read"},
	        {make_strange, ": not read"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct home home;

		home_init(&home);
		rows[i].make(&home);
		struct pty *pty = browse_in(&home, NULL);
		if (!pty_shows(pty, " CONTAINERS ") || !pty_shows(pty, rows[i].why))
			fail_msg("%s:\n%s", rows[i].why, pty_screen(pty));
		assert_quits(pty);
		home_release(&home);
	}
	printf("# R22: %zu of %zu config files that others may write or own, or that are no files: "
	       "refused with the reason\n",
	        ARRAY_SIZE(rows), ARRAY_SIZE(rows));
}

/* XDG_CONFIG_HOME may be elsewhere. */
static void test_link_to_a_file_is_read_and_not_replaced(void **state)
{
	struct home home;

	(void)state;
	home_init(&home);
	_cleanup_free_ char *real = memory_printf("%s/real", home.folder);
	put_file(real, "view = pid\n", 0600);
	assert_int_equal(mkdir(home.below, 0700), 0);
	assert_int_equal(symlink("../real", home.config), 0);
	struct pty *pty = browse_in(&home, NULL);
	assert_true(pty_shows(pty, "PID namespaces"));
	pty_press(pty, "ow");
	assert_true(pty_wait_for(pty, "not a regular file"));
	pty_press(pty, "q");
	assert_quits(pty);
	_cleanup_free_ char *text = get_file(real);
	assert_string_equal(text, "view = pid\n");
	home_release(&home);
}

/* --- where it is not looked for ------------------------------------------------------------- */

/* Relative paths would be below where we were started. */
static void test_not_from_the_current_directory(void **state)
{
	static const char *const environments[][4] = {
	        {"XDG_CONFIG_HOME=.", "HOME=/nonexistent", NULL},
	        {"XDG_CONFIG_HOME=", "HOME=.", NULL},
	        {"XDG_CONFIG_HOME", "HOME=", NULL},
	        {"XDG_CONFIG_HOME", "HOME", "SUDO_UID", NULL},
	};
	_cleanup_free_ char *relative = path_of("top_srcdir", "data/demo.json");
	_cleanup_free_ char *demo = realpath(relative, NULL);
	_cleanup_free_ char *build = path_of("top_builddir", "");
	_cleanup_free_ char *program_folder = realpath(build, NULL);
	_cleanup_free_ char *program = memory_printf("%s/nsbrowse", program_folder);
	const int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct home home;

	(void)state;
	home_init(&home);
	home_put(&home, "view = net\n", 0600);
	_cleanup_free_ char *hidden = memory_printf("%s/.config", home.folder);
	assert_int_equal(symlink(".", hidden), 0);
	assert_int_equal(chdir(home.folder), 0);
	for (size_t i = 0; i < ARRAY_SIZE(environments); i++) {
		struct pty *pty = pty_start(&(struct pty_options){.rows = 24,
		        .columns = 80,
		        .argv = (const char *const[]){program, "--view=user", demo, NULL},
		        .environment = environments[i]});

		assert_true(pty_wait_for(pty, "systemd"));
		assert_false(pty_shows(pty, "NET namespaces"));
		assert_quits(pty);
	}
	printf("# R22: %zu environments without or with relative homes: no config file is read\n",
	        ARRAY_SIZE(environments));
	assert_int_equal(fchdir(before), 0);
	close(before);
	unlink(hidden);
	home_release(&home);
}

/* --- writing -------------------------------------------------------------------------------- */

static void test_options_are_written_and_come_back(void **state)
{
	struct home home;
	struct stat st;

	(void)state;
	home_init(&home);
	struct pty *pty = browse_in(&home, NULL);
	assert_int_equal(count(pty, home.folder), 0); /* a missing file is no error */
	pty_press(pty, "ojj h"); /* from the last value to the first, and back */
	pty_press(pty, "jjw");
	assert_true(pty_wait_for(pty, "options written to "));
	pty_press(pty, "k lw"); /* and once more, into the file that is there now */
	assert_true(pty_wait_for(pty, "options written to "));
	pty_press(pty, "q");
	assert_quits(pty);
	assert_int_equal(stat(home.config, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	_cleanup_free_ char *text = get_file(home.config);
	assert_non_null(strstr(text, "\ndetails = no\n"));
	assert_non_null(strstr(text, "\nview = auto\n"));
	home_release(&home);
}

/* Options that the terminal itself takes part in. */
static void test_theme_and_mouse_change_at_once(void **state)
{
	struct home home;

	(void)state;
	home_init(&home);
	home_put(&home, "theme = mono\nmouse = yes\n", 0600);
	struct pty *pty = browse_in(&home, NULL);
	assert_int_equal(pty_mouse_mode(pty), 2);
	pty_press(pty, "G");
	_cleanup_free_ char *mono = pty_looks(pty);
	assert_null(strstr(mono, " in "));
	pty_press(pty, "o  gjjjjjjjj q");
	assert_int_equal(pty_mouse_mode(pty), 0);
	_cleanup_free_ char *dark = pty_looks(pty);
	assert_non_null(strstr(dark, " in 14\n"));
	pty_press(pty, "ohhgjjjjjjjj q");
	_cleanup_free_ char *again = pty_looks(pty);
	assert_string_equal(again, mono);
	assert_int_equal(pty_mouse_mode(pty), 2);
	assert_quits(pty);
	home_release(&home);
}

/* CPU time of all its threads, in nanoseconds. */
static int64_t cpu_of(pid_t pid)
{
	struct timespec used;
	clockid_t clock;

	assert_int_equal(clock_getcpuclockid(pid, &clock), 0);
	assert_int_equal(clock_gettime(clock, &used), 0);
	return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

/* It does not run at all for so long: nothing is waited for but keys. */
static bool comes_to_rest(struct pty *pty, int milliseconds)
{
	for (int i = 0; i < 20; i++) {
		const int64_t before = cpu_of(pty_pid(pty));

		pty_listen(pty, milliseconds);
		if (cpu_of(pty_pid(pty)) == before)
			return true;
	}
	return false;
}

/* A snapshot is not read again, whatever the time between refreshes. */
static void test_delay_of_a_snapshot(void **state)
{
	struct home home;

	(void)state;
	home_init(&home);
	struct pty *pty = browse_in(&home, NULL);
	pty_press(pty, "oGhhq"); /* half a second */
	assert_true(comes_to_rest(pty, 700));
	assert_quits(pty);
	home_release(&home);
}

/* --- under sudo ----------------------------------------------------------------------------- */

/* A mount namespace of the test's own; false where there can be none. */
static bool enter_world(void)
{
	return geteuid() == 0 && unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

/* In there, a user of that home. */
static void add_user(const char *home)
{
	_cleanup_free_ char *lines =
	        memory_printf("root:x:0:0::/root:/bin/sh\nstranger:x:%d:%d::%s:/bin/sh\n", STRANGER,
	                STRANGER, home);
	char path[] = "/tmp/nsbrowse-passwd-XXXXXX";
	const int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
	put_file(path, lines, 0644);
	assert_int_equal(mount(path, "/etc/passwd", NULL, MS_BIND, NULL), 0);
	unlink(path);
}

static void test_under_sudo_it_is_the_callers(void **state)
{
	struct home roots, callers;
	struct stat st;

	(void)state;
	home_init(&roots);
	home_init(&callers);
	add_user(callers.folder);
	home_put(&roots, "view = net\n", 0600);
	_cleanup_free_ char *hidden = memory_printf("%s/.config", callers.folder);
	_cleanup_free_ char *below = memory_printf("%s/nsbrowse", hidden);
	_cleanup_free_ char *config = memory_printf("%s/config", below);
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	const char *const environment[] = {
	        roots.variable, "HOME=/root", "SUDO_UID=54321", "SUDO_GID=54321", NULL};
	assert_int_equal(chown(callers.folder, STRANGER, STRANGER), 0);

	struct pty *pty =
	        browse(24, 80, (const char *const[]){"--view=user", demo, NULL}, environment);
	assert_true(pty_wait_for(pty, "USER namespaces"));
	pty_press(pty, "ojjlw");
	assert_true(pty_wait_for(pty, "options written to "));
	pty_press(pty, "q");
	assert_quits(pty);
	assert_int_equal(stat(config, &st), 0);
	assert_int_equal(st.st_uid, STRANGER);
	assert_int_equal(st.st_gid, STRANGER);
	assert_int_equal(stat(below, &st), 0);
	assert_int_equal(st.st_uid, STRANGER);

	pty = browse(24, 80, (const char *const[]){demo, NULL}, environment);
	assert_true(pty_wait_for(pty, "PID namespaces"));
	assert_quits(pty);
	/* What the caller may not read is not read for him. */
	assert_int_equal(chown(config, 0, 0), 0);
	pty = browse(24, 80, (const char *const[]){demo, NULL}, environment);
	assert_true(pty_wait_for(pty, "Permission denied"));
	assert_true(pty_wait_for(pty, " CONTAINERS "));
	assert_quits(pty);
	printf("# R22: under sudo the config file is read and written as the caller\n");
	remove_folder(below);
	assert_int_equal(rmdir(hidden), 0);
	home_release(&roots);
	home_release(&callers);
}

/* Those that write the file: root that views a snapshot does not. In a process of its own. Returns
 * the exit status. */
static int run_as_user(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_link_to_a_file_is_read_and_not_replaced),
	        cmocka_unit_test(test_options_are_written_and_come_back),
	};
	const pid_t pid = fork();
	int status;

	if (pid == 0) {
		const int failed = become_user()
		                           ? cmocka_run_group_tests(tests, NULL, NULL)
		                           : skipped("root needs a user namespace") != EXIT_SKIPPED;

		fflush(NULL);
		_exit(failed != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_file_is_read_and_arguments_are_stronger),
	        cmocka_unit_test(test_what_is_not_understood_is_told_once),
	        cmocka_unit_test(test_complaints_end),
	        cmocka_unit_test(test_what_others_may_write_is_refused),
	        cmocka_unit_test(test_not_from_the_current_directory),
	        cmocka_unit_test(test_theme_and_mouse_change_at_once),
	        cmocka_unit_test(test_delay_of_a_snapshot),
	};
	const struct CMUnitTest sudo_tests[] = {
	        cmocka_unit_test(test_under_sudo_it_is_the_callers),
	};
	const int failed = cmocka_run_group_tests(tests, NULL, NULL) + run_as_user();

	if (failed)
		return failed;
	if (!enter_world())
		return skipped("a user of its own needs root and a mount namespace");
	return cmocka_run_group_tests(sudo_tests, NULL, NULL);
}
