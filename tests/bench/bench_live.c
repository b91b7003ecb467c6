/* SPDX-License-Identifier: Apache-2.0 */

/* How soon a new namespace is on the screen: from the return of unshare(2) until its row has
 * reached the terminal, among the processes of `crowd`, of which few sets may be in the view:
 *
 *	bench_live WHAT [OPTION...]
 */

#include "base/memory.h"
#include "tests/bench/bars.h"
#include "tests/bench/opened.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* TALL: all of them are in view. */
enum { TALL = 300, BYTES_TIMES = 3, MARKS_MS = 7000 };
enum { TIMES = 100, MEDIAN_BAR_MS = 60, MOST_BAR_MS = 250, OPTIONS_MAX = 3, AFTER_MS = 100 };

/* What the process with a new namespace says. */
struct told {
	double ms;      /* when unshare(2) had returned */
	uint64_t inode; /* of the namespace; 0: there is none */
};

/* One namespace on the screen. */
struct seen_row {
	double ms;    /* since unshare(2) had returned */
	double bytes; /* that were written for it */
};

_noreturn_ static void hold_namespace(int tell)
{
	struct told told = {0};
	struct stat file;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(CLONE_NEWUTS) == 0) {
		told.ms = bars_now_ms();
		if (stat("/proc/self/ns/uts", &file) == 0)
			told.inode = file.st_ino;
	}
	if (write(tell, &told, sizeof(told)) == sizeof(told) && told.inode)
		for (;;)
			pause();
	_exit(EXIT_FAILURE);
}

static pid_t start_holder(struct told *ret)
{
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	const pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		hold_namespace(ends[1]);
	close(ends[1]);
	if (read(ends[0], ret, sizeof(*ret)) != sizeof(*ret) || ret->inode == 0) {
		fputs("bench_live: no new UTS namespace\n", stderr);
		exit(77);
	}
	close(ends[0]);
	return pid;
}

/* The holder goes on, so that no other namespace gets the same inode number while its row is
 * shown. */
static struct seen_row measure(struct pty *pty, pid_t *ret_holder)
{
	struct seen_row row;
	struct told told;
	char name[32];
	const size_t before = opened_bytes(pty);

	*ret_holder = start_holder(&told);
	snprintf(name, sizeof(name), "uts:[%ju]", (uintmax_t)told.inode);
	if (!pty_wait_for(pty, name)) {
		fprintf(stderr, "%s is not on the screen:\n%s", name, pty_screen(pty));
		exit(EXIT_FAILURE);
	}
	row.ms = bars_now_ms() - told.ms;
	pty_listen(pty, AFTER_MS);
	row.bytes = (double)(opened_bytes(pty) - before);
	return row;
}

static void end_holders(const pid_t *holders, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		kill(holders[i], SIGKILL);
		waitpid(holders[i], NULL, 0);
	}
}

/* Each begins at no certain time after the one before. */
static void measure_times(struct bars *bars, const char *what, const char *const *options)
{
	const size_t n = (size_t)MIN(MAX(bars_setting("BENCH_NAMESPACES", TIMES), 1), TIMES);
	struct pty *const pty = opened_start(TALL, 100, options);
	pid_t holders[TIMES];
	double ms[TIMES];
	char text[100];

	for (size_t i = 0; i < n; i++) {
		ms[i] = measure(pty, &holders[i]).ms;
		pty_listen(pty, AFTER_MS + (int)i * 37 % 100);
	}
	assert_quits(pty);
	end_holders(holders, n);
	snprintf(text, sizeof(text), "unshare to row, median of %zu, %s", n, what);
	bars_most(bars, text, "ms", MEDIAN_BAR_MS, bars_percentile(ms, n, 50));
	snprintf(text, sizeof(text), "unshare to row, 95 %% of %zu, %s", n, what);
	bars_most(bars, text, "ms", MOST_BAR_MS, bars_percentile(ms, n, 95));
	bars_tell("  the slowest", "ms", ms[n - 1]);
}

/* The first one may widen columns, and does not count; each begins when the mark of the one before
 * is cleared. */
static void measure_bytes(struct bars *bars, const char *const *options)
{
	struct pty *const pty = opened_start(30, 100, options);
	pid_t holders[BYTES_TIMES + 1];
	double bytes[BYTES_TIMES + 1];

	for (size_t i = 0; i <= BYTES_TIMES; i++) {
		bytes[i] = measure(pty, &holders[i]).bytes;
		pty_listen(pty, MARKS_MS);
	}
	assert_quits(pty);
	end_holders(holders, BYTES_TIMES + 1);
	bars_most(bars, "one namespace new, 100x30, details below, median", "bytes", 400,
	        bars_percentile(bytes + 1, BYTES_TIMES, 50));
}

int main(int argc, char **argv)
{
	const char *options[OPTIONS_MAX + 3] = {"-t", "uts"};
	struct bars bars = {0};

	if (argc < 2 || argc > 2 + OPTIONS_MAX) {
		fputs("usage: bench_live WHAT [OPTION...]\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		options[i] = argv[i];
	measure_times(&bars, argv[1], options);
	measure_bytes(&bars, options);
	return bars_status(&bars);
}
