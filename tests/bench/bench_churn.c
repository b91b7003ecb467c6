/* SPDX-License-Identifier: Apache-2.0 */

/* 1,000 refreshes while processes and namespaces come and go, among the processes of `crowd`:
 * afterwards nsbrowse has the descriptors and the memory that it had after the first 100. */

#include "base/memory.h"
#include "tests/bench/bars.h"
#include "tests/bench/opened.h"

#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

enum { REFRESHES = 1000, WARM = 100, LIFE_MS = 30, ALIVE = 4, RSS_BAR_KIB = 1024 };

_noreturn_ static void live_shortly(unsigned i)
{
	static const int flags[] = {CLONE_NEWUSER | CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWNS,
	        CLONE_NEWNET | CLONE_NEWUSER, 0, CLONE_NEWCGROUP | CLONE_NEWUTS};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (unshare(flags[i % ARRAY_SIZE(flags)]) < 0)
		_exit(EXIT_FAILURE);
	poll(NULL, 0, LIFE_MS);
	_exit(EXIT_SUCCESS);
}

/* A process that keeps some short-lived children. */
static pid_t start_churn(void)
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned i = 0;; i++) {
		if (i >= ALIVE)
			wait(NULL);
		if (fork() == 0)
			live_shortly(i);
	}
}

int main(int argc, char **argv)
{
	const long wanted = bars_setting("BENCH_REFRESHES", REFRESHES);
	const char *const options[] = {argc > 1 ? argv[1] : NULL, NULL};
	size_t fds = 0, rss = 0;
	char text[80];
	struct bars bars = {0};

	const pid_t churn = start_churn();
	struct pty *const pty = opened_start(30, 100, options);
	for (long i = 0; i < wanted; i++) {
		if (i == MIN(WARM, wanted / 2)) {
			fds = opened_fds(pty);
			rss = opened_rss_kib(pty);
		}
		opened_refresh(pty);
	}
	const double more_fds = (double)opened_fds(pty) - (double)fds;
	const double more_kib = (double)opened_rss_kib(pty) - (double)rss;
	kill(churn, SIGKILL);
	waitpid(churn, NULL, 0);
	snprintf(text, sizeof(text), "%ld refreshes under churn, more descriptors", wanted);
	bars_most(&bars, text, "fds", 0, more_fds);
	snprintf(text, sizeof(text), "%ld refreshes under churn, more memory", wanted);
	bars_most(&bars, text, "KiB", RSS_BAR_KIB, more_kib);
	bars_tell("  memory of program and helper", "KiB", (double)rss);
	assert_quits(pty);
	return bars_status(&bars);
}
