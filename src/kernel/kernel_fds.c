/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_fds.h"

#include "kernel/proc/proc_pid.h"
#include "nsrel/nsrel.h"

#include <linux/kcmp.h>
#include <sys/syscall.h>

enum {
	ENTRIES_MAX = 1024,
	ENTRY_MIN = 24, /* bytes of an entry of getdents64(2) whose name is a number */
};

ssize_t kernel_fds_next(int fds, int *ret_fds, size_t max)
{
	char entries[ENTRIES_MAX * ENTRY_MIN] __attribute__((aligned(8)));
	const size_t size = (max < ENTRIES_MAX ? max : ENTRIES_MAX) * ENTRY_MIN;

	for (;;) {
		const long len = syscall(SYS_getdents64, fds, entries, size);
		size_t n;

		if (len <= 0)
			return len < 0 ? -errno : 0;
		n = proc_fd_take(entries, (size_t)len, ret_fds, max);
		if (n > 0)
			return (ssize_t)n;
	}
}

ssize_t kernel_fds_link(int fds, int fd, char *buffer, size_t size)
{
	char name[16];
	ssize_t n;

	snprintf(name, sizeof(name), "%d", fd);
	n = readlinkat(fds, name, buffer, size);
	return n < 0 ? -errno : n;
}

int kernel_fds_open_ns(int fds, int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	return nsrel_open(fds, name);
}

int kernel_fds_is_one_table(pid_t tid, pid_t other)
{
	const long r = syscall(SYS_kcmp, tid, other, KCMP_FILES, 0, 0);

	if (r < 0)
		return errno == ENOSYS ? -EOPNOTSUPP : -errno;
	return r == 0;
}
