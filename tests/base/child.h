/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs `body` in a child process, for changes that cannot be undone. The exit status is the result
 * of `body`. Returns the wait status. */
static inline int in_child(int (*body)(void *data), void *data)
{
	int status = -1;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(body(data));
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		abort();
	return status;
}
