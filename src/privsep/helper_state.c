/* SPDX-License-Identifier: Apache-2.0 */
/* Whether a job waits for something, or only for a CPU. */
#include "base/attributes.h"
#include "privsep/helper_protocol.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool helper_is_running(pid_t job)
{
	char path[32], text[512], state;
	int parent;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)job);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *const name_end = strrchr(text, ')');
	/* In a /proc of another PID namespace it would be somebody else. */
	return name_end && sscanf(name_end, ") %c %d", &state, &parent) == 2 && state == 'R' &&
	       parent == getpid();
}
