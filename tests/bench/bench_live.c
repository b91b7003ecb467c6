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

/* The next one begins when this one is gone from the screen, at no certain time after it. */
static struct seen_row measure(struct pty *pty, int i)
{
	struct seen_row row;
	struct told told;
	char name[32];
	const size_t before = opened_bytes(pty);
	const pid_t pid = start_holder(&told);

	snprintf(name, sizeof(name), "uts:[%ju]", (uintmax_t)told.inode);
	if (!pty_wait_for(pty, name)) {
		fprintf(stderr, "%s is not on the screen:\n%s", name, pty_screen(pty));
		exit(EXIT_FAILURE);
	}
	row.ms = bars_now_ms() - told.ms;
	pty_listen(pty, AFTER_MS);
	row.bytes = (double)(opened_bytes(pty) - before);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	pty_wait_without(pty, name);
	pty_listen(pty, 100 + i * 37 % 100);
	return row;
}

int main(int argc, char **argv)
{
	const char *options[OPTIONS_MAX + 3] = {"-t", "uts"};
	double ms[TIMES], bytes[TIMES];
	char text[100];
	struct bars bars = {0};

	if (argc < 2 || argc > 2 + OPTIONS_MAX) {
		fputs("usage: bench_live WHAT [OPTION...]\n", stderr);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		options[i] = argv[i];
	const size_t n = (size_t)MIN(MAX(bars_setting("BENCH_NAMESPACES", TIMES), 1), TIMES);
	struct pty *const pty = opened_start(30, 100, options);
	for (size_t i = 0; i < n; i++) {
		const struct seen_row row = measure(pty, (int)i);

		ms[i] = row.ms;
		bytes[i] = row.bytes;
	}
	snprintf(text, sizeof(text), "unshare to row, median of %zu, %s", n, argv[1]);
	bars_most(&bars, text, "ms", MEDIAN_BAR_MS, bars_percentile(ms, n, 50));
	snprintf(text, sizeof(text), "unshare to row, 95 %% of %zu, %s", n, argv[1]);
	bars_most(&bars, text, "ms", MOST_BAR_MS, bars_percentile(ms, n, 95));
	bars_tell("  the slowest", "ms", ms[n - 1]);
	bars_most(&bars, "one namespace new, details below, median", "bytes", 400,
	        bars_percentile(bytes, n, 50));
	assert_quits(pty);
	return bars_status(&bars);
}
