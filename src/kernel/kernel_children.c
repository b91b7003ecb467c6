/* SPDX-License-Identifier: Apache-2.0 */
/* The PID namespace that the first child of a process or thread will be in. Up to Linux 7.0 the
 * link pid_for_children is missing until there is one, but a pidfd gives it (Linux 6.11). */
#include "kernel/kernel_internal.h"
#include "kernel/proc/proc.h"
#include "privsep/pidfd_uapi.h"

#include <sys/ioctl.h>

/* Of the process or thread whose stat is open. */
static int read_pid(int stat, pid_t *ret)
{
	struct proc_stat parsed;
	char text[2048];
	const ssize_t n = pread(stat, text, sizeof(text), 0);

	if (n < 0)
		return -errno;
	if (proc_stat_parse(text, (size_t)n, &parsed) < 0)
		return -EBADMSG;
	*ret = parsed.pid;
	return 0;
}

/* If its stat can still be read, the PID was that of the same process or thread all the time. Only
 * then an error is one of the kernel: up to Linux 6.15 that of a process which has just ended is
 * EINVAL, too. */
static int open_of(int stat, int *ret_pidfd)
{
	pid_t pid;
	int r = read_pid(stat, &pid);

	if (r < 0)
		return r;
	*ret_pidfd = (int)syscall(SYS_pidfd_open, pid, PIDFD_THREAD);
	const int error = *ret_pidfd < 0 ? -errno : 0;
	r = read_pid(stat, &pid);
	return r < 0 ? r : error;
}

static int open_children(int ns_dir)
{
	_cleanup_close_ int stat = kernel_file_open_uncovered(ns_dir, "../stat", O_RDONLY);
	_cleanup_close_ int pidfd = -EBADF;
	const int r = stat < 0 ? stat : open_of(stat, &pidfd);

	if (r < 0)
		return r;
	const int ns = ioctl(pidfd, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, 0);
	return ns < 0 ? -errno : ns;
}

/* Before Linux 6.9 threads have no pidfd, before 6.11 pidfds do not give it. */
static bool is_unsupported(int error)
{
	return error == -ENOSYS || error == -EINVAL || error == -ENOTTY;
}

int kernel_children_open(struct kernel_linux *l, int ns_dir)
{
	int r;

	if (l->is_foreign || !(l->interfaces & KERNEL_USE_PIDFDS) ||
	        atomic_load(&l->lacks_children))
		return -ENOENT;
	r = open_children(ns_dir);
	if (is_unsupported(r))
		atomic_store(&l->lacks_children, true);
	return r >= 0 || r == -EMFILE || r == -ENFILE ? r : -ENOENT;
}
