/* SPDX-License-Identifier: Apache-2.0 */

/* The real ./nsbrowse on a terminal: every way out, and lines that take nothing. */

#include "base/memory.h"
#include "base/monotonic.h"
#include "tests/cmd/browse.h"

#include <dirent.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ATTEMPTS = 10, RESIZES = 200, SOON_MS = 1000, DEADLINE_MS = 20000, FRAME_MS = 60 };

/* --- ways out ------------------------------------------------------------------------------- */

/* What ends it: something typed, or a signal. */
struct way {
	const char *keys;
	int signal;    /* sent, when there are no keys */
	int by_signal; /* it ends by that one; 0: it exits with 0 */
};

static void assert_status(int status, int by_signal)
{
	if (by_signal) {
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), by_signal);
	} else {
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EXIT_SUCCESS);
	}
}

/* Milliseconds until nothing of it is left. */
static int64_t go(struct pty *pty, const struct way *way)
{
	_cleanup_family_ struct family family;
	int status = -1;

	family_init(&family, pty_pid(pty));
	assert_true(family.n >= 2); /* with the helper */
	const int64_t start = monotonic_ms();
	if (way->keys)
		pty_type(pty, way->keys);
	else
		assert_int_equal(kill(pty_pid(pty), way->signal), 0);
	assert_true(pty_wait_end(pty, &status));
	assert_true(family_is_gone(&family, DEADLINE_MS));
	const int64_t took = monotonic_ms() - start;
	assert_status(status, way->by_signal);
	assert_given_back(pty);
	pty_free(pty);
	return took;
}

/* A machine that is busy may be late, but not each time. *slowest is raised to the milliseconds
 * that it took. */
static void assert_leaves(struct pty *start(void), const struct way *way, int64_t *slowest)
{
	int64_t took = go(start(), way);

	for (int i = 1; i < ATTEMPTS && took >= SOON_MS; i++)
		took = go(start(), way);
	assert_uint_in_range(took, 0, SOON_MS - 1);
	*slowest = MAX(*slowest, took);
}

static void print_figure(size_t n, const char *what, int64_t slowest)
{
	printf("# R18: %zu %s: the terminal given back, the slowest gone in %lld ms\n", n, what,
	        (long long)slowest);
}

static struct pty *browse_host(void)
{
	struct pty *pty = browse(24, 80, (const char *const[]){"--view=user", NULL}, NULL);

	assert_true(pty_wait_for(pty, "user:["));
	return pty;
}

/* With all modes of a terminal. */
static struct pty *browse_with_mouse(void)
{
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	struct pty *pty = browse(24, 80,
	        (const char *const[]){"--view=user", "--mouse", "--color=always", demo, NULL},
	        NULL);

	assert_true(pty_wait_for(pty, "systemd"));
	/* A click on the help of the footer. */
	pty_press(pty, "\033[<0;3;24M\033[<0;3;24m");
	assert_true(pty_shows(pty, "the selected row"));
	pty_press(pty, "q");
	assert_int_equal(pty_mouse_mode(pty), 2);
	assert_true(pty_is_colored(pty, 12, 0));
	return pty;
}

static const struct way ways[] = {
        {.keys = "q"},
        {.keys = "\033[21~"}, /* F10 */
        {.keys = "\003", .by_signal = SIGINT},
        {.keys = "\034", .by_signal = SIGQUIT},
        {.signal = SIGTERM, .by_signal = SIGTERM},
        {.signal = SIGHUP, .by_signal = SIGHUP},
        {.signal = SIGQUIT, .by_signal = SIGQUIT},
        {.signal = SIGINT, .by_signal = SIGINT},
};

static void test_every_way_out(void **state)
{
	int64_t slowest = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++) {
		assert_leaves(browse_demo, &ways[i], &slowest);
		assert_leaves(browse_host, &ways[i], &slowest);
		assert_leaves(browse_with_mouse, &ways[i], &slowest);
	}
	print_figure(3 * ARRAY_SIZE(ways), "ways out, by keys, TERM, HUP, QUIT and INT", slowest);
}

/* With a prompt, and in the help. */
static void test_way_out_from_anywhere(void **state)
{
	static const char *const places[] = {"s", "?", "\t", "t"};
	static const struct way interrupt = {.keys = "\003", .by_signal = SIGINT};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		struct pty *pty = browse_demo();

		pty_press(pty, places[i]);
		go(pty, &interrupt);
	}
}

/* Curses saves the cursor for some scrolls, here one that is not to be seen: some terminals,
 * libvterm is one, have it back with the screen. */
static struct pty *browse_scrolled(void)
{
	struct pty *pty = browse_demo_with(12, 80, NULL);

	pty_press(pty, "v+");
	pty_press(pty, "g"); /* away from the selection */
	assert_false(pty_is_cursor_visible(pty));
	pty_put(pty, "\0337\0338"); /* when it does that is for curses to say */
	return pty;
}

static void test_way_out_after_a_scroll(void **state)
{
	static const struct way scrolled[] = {
	        {.keys = "qq"},
	        {.keys = "\003", .by_signal = SIGINT},
	        {.signal = SIGUSR1, .by_signal = SIGUSR1},
	};
	int64_t slowest = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scrolled); i++)
		assert_leaves(browse_scrolled, &scrolled[i], &slowest);
}

/* Resized many times, also to one cell; the last size is that of the start. */
static struct pty *browse_resized(void)
{
	struct pty *pty = browse_demo();
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));

	for (int i = 0; i < RESIZES; i++)
		pty_resize(pty, 1 + (i * 7) % 40 * (i % 5 > 0), 1 + (i * 13) % 150 * (i % 5 > 0));
	pty_resize(pty, 1, 1);
	assert_true(pty_sync(pty));
	pty_resize(pty, 24, 80);
	assert_true(pty_sync(pty));
	assert_string_equal(pty_screen(pty), before);
	return pty;
}

static struct pty *browse_one_cell(void)
{
	struct pty *pty = browse_resized();

	pty_resize(pty, 1, 1);
	assert_true(pty_sync(pty));
	return pty;
}

static void test_way_out_after_resizes(void **state)
{
	static const struct way resized[] = {
	        {.keys = "q"},
	        {.keys = "\003", .by_signal = SIGINT},
	        {.signal = SIGTERM, .by_signal = SIGTERM},
	};
	int64_t slowest = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(resized); i++) {
		assert_leaves(browse_resized, &resized[i], &slowest);
		assert_leaves(browse_one_cell, &resized[i], &slowest);
	}
	print_figure(2 * ARRAY_SIZE(resized), "ways out after 200 resizes down to 1x1", slowest);
}

/* signal(7): the default action of all others ends the process. */
static bool is_harmless(int number)
{
	static const int harmless[] = {
	        SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH};

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++) {
		if (number == harmless[i])
			return true;
	}
	return false;
}

/* A sanitizer handles these itself. */
static bool is_crash(int number)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};

	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++) {
		if (number == crashes[i])
			return true;
	}
	return false;
}

/* A write to a closed pipe, or beyond the limit, is an error and no end. */
static void assert_goes_on(int number)
{
	struct pty *pty = browse_demo();

	assert_int_equal(kill(pty_pid(pty), number), 0);
	assert_true(pty_sync(pty));
	assert_quits(pty);
}

static void test_every_signal_gives_the_terminal_back(void **state)
{
	struct sigaction action;
	int n = 0;

	(void)state;
	for (int number = 1; number <= SIGRTMAX; number++) {
		/* Those of the C library are refused. */
		if (number == SIGKILL || is_harmless(number) ||
		        sigaction(number, NULL, &action) < 0 ||
		        (is_crash(number) && HAS_ADDRESS_SANITIZER))
			continue;
		if (number == SIGPIPE || number == SIGXFSZ)
			assert_goes_on(number);
		else
			go(browse_demo(), &(struct way){.signal = number, .by_signal = number});
		n++;
	}
	printf("# R18: %d signals: the terminal given back, status by the signal\n", n);
	assert_true(n >= (HAS_ADDRESS_SANITIZER ? 45 : 50));
}

static void test_crash_gives_the_terminal_back(void **state)
{
	static const struct way crashes[] = {
	        {.signal = SIGSEGV, .by_signal = SIGSEGV},
	        {.signal = SIGABRT, .by_signal = SIGABRT},
	        {.signal = SIGUSR1, .by_signal = SIGUSR1},
	};

	int64_t slowest = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(crashes) && !HAS_ADDRESS_SANITIZER; i++) {
		assert_leaves(browse_host, &crashes[i], &slowest);
		assert_leaves(browse_with_mouse, &crashes[i], &slowest);
	}
	if (!HAS_ADDRESS_SANITIZER)
		print_figure(2 * ARRAY_SIZE(crashes), "crashes by SEGV, ABRT and USR1", slowest);
}

/* The thread that scans, which stays until the end. */
static pid_t other_thread(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/task", (int)pid);
	DIR *tasks = opendir(path);
	pid_t found = 0;

	assert_non_null(tasks);
	for (const struct dirent *entry; (entry = readdir(tasks));) {
		const pid_t tid = (pid_t)strtol(entry->d_name, NULL, 10);

		if (tid != 0 && tid != pid && (found == 0 || tid < found))
			found = tid;
	}
	closedir(tasks);
	return found;
}

static void test_crash_of_another_thread(void **state)
{
	struct pty *pty = browse_host();
	_cleanup_family_ struct family family;
	int status = -1;

	(void)state;
	family_init(&family, pty_pid(pty));
	const pid_t thread = other_thread(pty_pid(pty));
	assert_true(thread > 0);
	if (HAS_ADDRESS_SANITIZER) {
		assert_quits(pty);
		return;
	}
	assert_int_equal(syscall(SYS_tgkill, pty_pid(pty), thread, SIGSEGV), 0);
	assert_true(pty_wait_end(pty, &status));
	assert_true(family_is_gone(&family, DEADLINE_MS));
	assert_status(status, SIGSEGV);
	assert_given_back(pty);
	pty_free(pty);
}

/* Nobody can give the terminal back then, but nothing is left running. */
static void test_killed(void **state)
{
	struct pty *pty = browse_host();
	_cleanup_family_ struct family family;
	int status = -1;

	(void)state;
	family_init(&family, pty_pid(pty));
	assert_int_equal(kill(pty_pid(pty), SIGKILL), 0);
	assert_true(pty_wait_end(pty, &status));
	assert_true(family_is_gone(&family, DEADLINE_MS));
	pty_free(pty);
}

static void assert_survives_no_hang_up(struct pty *pty)
{
	_cleanup_family_ struct family family;
	int status = -1;

	family_init(&family, pty_pid(pty));
	pty_hang_up(pty);
	assert_true(pty_wait_end(pty, &status));
	assert_true(family_is_gone(&family, DEADLINE_MS));
	if (WIFEXITED(status))
		assert_int_equal(WEXITSTATUS(status), EXIT_FAILURE);
	else
		assert_int_equal(WTERMSIG(status), SIGHUP);
	pty_free(pty);
}

static void test_vanished_terminal(void **state)
{
	(void)state;
	assert_survives_no_hang_up(browse_demo());
	assert_survives_no_hang_up(browse_host());
	printf("# R18: a terminal that is gone: 0 processes left\n");
}

/* Below nohup the signal does not come, and the terminal is gone all the same. */
static void test_vanished_terminal_without_a_signal(void **state)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	static const char script[] = "trap '' HUP; exec \"$0\" --view=user \"$1\"";
	const char *const argv[] = {"/bin/sh", "-c", script, program, demo, NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});

	(void)state;
	assert_true(pty_wait_for(pty, "systemd"));
	assert_true(pty_sync(pty));
	assert_survives_no_hang_up(pty);
}

/* Below a shell with job control, which then does `script`: only that sees it stopped, and the
 * kernel does not stop an orphaned process group (setpgid(2)). */
static struct pty *browse_stopped(const char *script)
{
	_cleanup_free_ char *program = path_of("top_builddir", "nsbrowse");
	_cleanup_free_ char *demo = path_of("top_srcdir", "data/demo.json");
	_cleanup_free_ char *all =
	        memory_printf("set -m; \"$1\" --view=user \"$2\"; echo \"status $?\"; %s", script);
	/* With a short name of its own the shell says how a job ended on one line. */
	const char *const argv[] = {"/bin/bash", "-c", all, "sh", program, demo, NULL};
	struct pty *pty = pty_start(&(struct pty_options){.rows = 24, .columns = 80, .argv = argv});

	assert_true(pty_wait_for(pty, "systemd (1)"));
	pty_press(pty, "jj");
	return pty;
}

/* C-z; returns the stopped process and its helper; root has two for a snapshot. */
static struct family stop_program(struct pty *pty)
{
	struct family shell, family;

	family_init(&shell, pty_pid(pty));
	assert_int_equal(shell.n, 2);
	family_init(&family, shell.pids[1]);
	assert_int_equal(family.n, geteuid() == 0 ? 3 : 2);
	family_release(&shell);
	pty_type(pty, "\032");
	assert_true(pty_wait_for(pty, "status 148"));
	assert_given_back(pty);
	return family;
}

/* In the background it stops again, and leaves the terminal alone. */
static void test_stop_and_continue(void **state)
{
	struct pty *pty = browse_stopped("bg; read -r _; fg");
	_cleanup_free_ char *before = memory_strdup(pty_screen(pty));
	_cleanup_family_ struct family family = stop_program(pty);

	(void)state;
	pty_listen(pty, 100);
	assert_given_back(pty);
	pty_resize(pty, 12, 40); /* while it cannot know */
	pty_resize(pty, 24, 80);
	pty_type(pty, "\n");
	assert_true(pty_wait_for(pty, "systemd (1)"));
	assert_true(pty_sync(pty));
	assert_true(pty_is_alternate(pty));
	assert_string_equal(pty_screen(pty), before);
	pty_type(pty, "q");
	assert_exits(pty, EXIT_SUCCESS);
	assert_true(family_is_gone(&family, DEADLINE_MS));
	printf("# R18: stopped: the terminal given back; continued: the same screen\n");
}

/* A stopped process ends too, by SIGTERM (a shell continues it then) or SIGKILL. */
static void test_stopped_and_killed(void **state)
{
	static const struct {
		const char *signal;
		const char *says;
	} ends[] = {{"TERM", "Terminated"}, {"HUP", "Hangup"}, {"KILL", "Killed"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		_cleanup_free_ char *script =
		        memory_printf("p=$(jobs -p); kill -%s %%1; while [ -d /proc/$p ]; do sleep "
		                      "0.01; done; jobs",
		                ends[i].signal);
		struct pty *pty = browse_stopped(script);
		_cleanup_family_ struct family family = stop_program(pty);

		assert_true(pty_wait_for(pty, ends[i].says));
		assert_true(family_is_gone(&family, DEADLINE_MS));
		assert_exits(pty, EXIT_SUCCESS);
	}
}

/* --- a terminal that takes nothing ---------------------------------------------------------- */

/* Has it draw, and takes nothing, until it can write no more: then a frame is under way. */
static void stall(struct pty *pty)
{
	const int64_t end = monotonic_ms() + DEADLINE_MS;

	do {
		assert_true(monotonic_ms() < end);
		pty_type(pty, "\f");
		assert_true(pty_wait_idle(pty));
	} while (!pty_is_full(pty));
}

static const struct way stalled_ways[] = {
        {.keys = "q"},
        {.keys = "\003", .by_signal = SIGINT},
        {.signal = SIGTERM, .by_signal = SIGTERM},
        {.signal = SIGHUP, .by_signal = SIGHUP},
        {.signal = SIGQUIT, .by_signal = SIGQUIT},
        {.signal = SIGSEGV, .by_signal = SIGSEGV},
        {.signal = SIGABRT, .by_signal = SIGABRT},
};

/* Nobody reads until all of it is gone. */
static int64_t leave_stalled(const struct way *way)
{
	struct pty *pty = browse_demo_with(50, 132, NULL);
	_cleanup_family_ struct family family;
	int status = -1;

	stall(pty);
	family_init(&family, pty_pid(pty));
	const int64_t start = monotonic_ms();
	if (way->keys)
		pty_type(pty, way->keys);
	else
		assert_int_equal(kill(pty_pid(pty), way->signal), 0);
	assert_true(family_is_gone(&family, DEADLINE_MS));
	const int64_t took = monotonic_ms() - start;
	assert_true(pty_wait_end(pty, &status));
	assert_status(status, way->by_signal);
	assert_given_back(pty);
	pty_free(pty);
	return took;
}

static void test_stalled_terminal(void **state)
{
	int64_t slowest = 0;
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(stalled_ways); i++) {
		int64_t took = SOON_MS;

		if (is_crash(stalled_ways[i].signal) && HAS_ADDRESS_SANITIZER)
			continue;
		for (int j = 0; j < ATTEMPTS && took >= SOON_MS; j++)
			took = leave_stalled(&stalled_ways[i]);
		assert_uint_in_range(took, 0, SOON_MS - 1);
		slowest = MAX(slowest, took);
		n++;
	}
	print_figure(n, "ways out of a stalled terminal", slowest);
}

/* Presses keys while the terminal takes nothing, so slowly that each is a frame. Returns how much
 * is written when it takes something again; what the line holds does not count, since how much that
 * is depends on how it was written. */
static size_t press_on_a_slow_line(struct pty *pty)
{
	size_t before, after;

	stall(pty);
	for (int i = 0; i < 21; i++) {
		pty_type(pty, i % 2 ? "tG\f" : "tg\f");
		assert_true(pty_wait_idle(pty));
		poll(NULL, 0, FRAME_MS);
	}
	pty_output(pty, &before);
	pty_drop_unread(pty);
	assert_true(pty_sync(pty));
	pty_output(pty, &after);
	return after - before;
}

/* On a slow line frames are left out, never queued: when it takes something again, there is the
 * rest of the frame that was under way, and one more: the last one. On a busy machine a key can
 * come after the line takes something, and be one more frame: then it is tried again. */
static void test_slow_line_queues_no_frames(void **state)
{
	struct pty *pty = browse_demo_with(50, 132, NULL);
	size_t before, frame, taken = SIZE_MAX;

	(void)state;
	pty_output(pty, &before);
	pty_press(pty, "\f");
	pty_output(pty, &frame);
	frame -= before;
	for (int i = 0; i < 3 && taken > 2 * frame; i++)
		taken = press_on_a_slow_line(pty);
	print_message("a frame: %zu bytes; after the stall %zu\n", frame, taken);
	assert_uint_in_range(taken, 1, 2 * frame);
	_cleanup_free_ char *slow = memory_strdup(pty_screen(pty));
	pty_press(pty, "\f");
	assert_string_equal(pty_screen(pty), slow);
	assert_int_equal(pty_row(pty, 2)[0], '>');
	assert_quits(pty);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_every_way_out),
	        cmocka_unit_test(test_way_out_from_anywhere),
	        cmocka_unit_test(test_way_out_after_a_scroll),
	        cmocka_unit_test(test_way_out_after_resizes),
	        cmocka_unit_test(test_every_signal_gives_the_terminal_back),
	        cmocka_unit_test(test_crash_gives_the_terminal_back),
	        cmocka_unit_test(test_crash_of_another_thread),
	        cmocka_unit_test(test_killed),
	        cmocka_unit_test(test_vanished_terminal),
	        cmocka_unit_test(test_vanished_terminal_without_a_signal),
	        cmocka_unit_test(test_stop_and_continue),
	        cmocka_unit_test(test_stopped_and_killed),
	        cmocka_unit_test(test_stalled_terminal),
	        cmocka_unit_test(test_slow_line_queues_no_frames),
	};

	return cmocka_run_group_tests_name("ways out of nsbrowse", tests, NULL, NULL);
}
