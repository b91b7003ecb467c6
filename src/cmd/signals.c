/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signals.h"

#include "term/term.h"

#include <sys/signalfd.h>
#include <sys/syscall.h>

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int other_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};

static void add_signals(sigset_t *set, const int *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sigaddset(set, numbers[i]);
}

void signals_ignore_failed_writes(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

int signals_block(sigset_t *ret_before)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	add_signals(&set, ending_signals, ARRAY_SIZE(ending_signals));
	add_signals(&set, other_signals, ARRAY_SIZE(other_signals));
	sigprocmask(SIG_BLOCK, &set, ret_before);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Restores the terminal, and then ends the process by the same signal. raise(3) of musl calls
 * tkill(2), which the filter permits for the first thread only. */
static void restore_and_raise(int number)
{
	term_emergency_restore();
	syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), number);
	_exit(128 + number); /* as in signals_raise */
}

/* True if the default action ends the process (signal(7)). */
static bool is_fatal(int number)
{
	static const int others[] = {
	        SIGCHLD, SIGCONT, SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU, SIGURG, SIGWINCH};

	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		if (number == others[i])
			return false;
	}
	return true;
}

void signals_catch(void)
{
	const struct sigaction action = {
	        .sa_handler = restore_and_raise, .sa_flags = SA_RESETHAND | SA_NODEFER};
	struct sigaction before;

	/* Ignored signals stay ignored, and a sanitizer keeps its own handler, which prints more.
	 * Those that are read from the descriptor are blocked. sigaction(2) refuses SIGKILL and the
	 * signals that the C library uses. */
	for (int number = 1; number <= SIGRTMAX; number++) {
		if (is_fatal(number) && sigaction(number, NULL, &before) == 0 &&
		        before.sa_handler == SIG_DFL)
			sigaction(number, &action, NULL);
	}
}

bool signals_has(int number)
{
	sigset_t set;

	return sigpending(&set) == 0 && sigismember(&set, number) == 1;
}

bool signals_has_end(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(ending_signals); i++) {
		if (signals_has(ending_signals[i]))
			return true;
	}
	return false;
}

void signals_raise(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}
