/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/signals.h"

#include "term/term.h"

#include <sys/signalfd.h>

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
static const int other_signals[] = {SIGTSTP, SIGCONT, SIGWINCH};

static void add_signals(sigset_t *set, const int *numbers, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sigaddset(set, numbers[i]);
}

int signals_block(sigset_t *ret_before)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	add_signals(&set, ending_signals, ARRAY_SIZE(ending_signals));
	add_signals(&set, other_signals, ARRAY_SIZE(other_signals));
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, ret_before);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Restores the terminal, and then ends the process by the same signal. */
static void restore_and_raise(int number)
{
	term_emergency_restore();
	raise(number);
	_exit(128 + number); /* as in signals_raise */
}

void signals_catch(void)
{
	/* Crashes, and other signals whose default action ends the process. */
	static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP,
	        SIGALRM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ};
	const struct sigaction action = {
	        .sa_handler = restore_and_raise, .sa_flags = SA_RESETHAND | SA_NODEFER};
	struct sigaction before;

	/* A sanitizer keeps its own handler, which prints more. */
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++) {
		if (sigaction(fatal[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL)
			sigaction(fatal[i], &action, NULL);
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
