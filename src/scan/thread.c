/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/thread.h"

#include <signal.h>

int thread_start(pthread_t *ret, void *(*run)(void *data), void *data)
{
	static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS, SIGTRAP};
	sigset_t blocked, before;

	sigfillset(&blocked);
	for (size_t i = 0; i < ARRAY_SIZE(crashes); i++)
		sigdelset(&blocked, crashes[i]);
	pthread_sigmask(SIG_SETMASK, &blocked, &before);
	const int r = pthread_create(ret, NULL, run, data);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -r;
}
