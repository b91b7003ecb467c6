/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/mount_path.h"

#include "base/descriptors.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsrel.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/* Opens the entry of `dir` whose name is the first `len` bytes of `name`. */
static int step(int dir, const char *name, size_t len)
{
	char component[NAME_MAX + 1];

	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(component, name, len);
	component[len] = '\0';
	if (strcmp(component, ".") == 0 || strcmp(component, "..") == 0)
		return -EINVAL;
	const int fd = openat(dir, component, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int mount_path_walk(int root, const char *path, size_t len)
{
	const char *const end = path + len;
	_cleanup_close_ int at = -EBADF;

	if (memchr(path, '\0', len))
		return -EINVAL;
	while (path < end) {
		const char *const slash = memchr(path, '/', (size_t)(end - path));
		const char *const stop = slash ? slash : end;

		if (stop > path) {
			const int next = step(at < 0 ? root : at, path, (size_t)(stop - path));

			if (next < 0)
				return next;
			close_fd(&at);
			at = next;
		}
		path = stop + 1;
	}
	return at < 0 ? -ESTALE : take_fd(&at);
}

static const int THROUGH_PROCESS[] = {CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH};
static const int THROUGH_MOUNT_NS[] = {
        CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH, CAP_SYS_ADMIN, CAP_SYS_CHROOT};

/* Enters a mount namespace that no process is in, opens its root directory, or our own mountinfo as
 * it is there, and returns to the own mount namespace, since /proc of the other is not trusted. */
static int open_inside(int mount_ns, bool is_for_mountinfo)
{
	_cleanup_close_ int own = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	_cleanup_close_ int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int found = -EBADF;

	if (own < 0)
		return own;
	if (privileged_check_ns(mount_ns, CLONE_NEWNS) < 0)
		return -EBADF;
	/* setns(2) refuses a process that shares its root directory with another thread: a thread
	 * sanitizer has one. */
	if (self < 0 || here < 0 || unshare(CLONE_FS) < 0 || setns(mount_ns, CLONE_NEWNS) < 0)
		return -errno;
	found = is_for_mountinfo ? openat(self, "mountinfo", O_RDONLY | O_CLOEXEC)
	                         : open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (found < 0)
		return -errno;
	/* This process may have been started in a chroot: setns(2) has left it. */
	if (setns(own, CLONE_NEWNS) < 0 || fchdir(here) < 0 || chroot(".") < 0)
		return -errno;
	return take_fd(&found);
}

int mount_path_keep_capabilities(void)
{
	return privileged_keep_capabilities(THROUGH_PROCESS, ARRAY_SIZE(THROUGH_PROCESS));
}

int mount_path_open_mountinfo(int mount_ns)
{
	return open_inside(mount_ns, true);
}

int mount_path_open_root(int mount_ns)
{
	_cleanup_close_ int root = -EBADF;
	int r = privileged_keep_capabilities(THROUGH_MOUNT_NS, ARRAY_SIZE(THROUGH_MOUNT_NS));

	if (r < 0)
		return r;
	root = open_inside(mount_ns, false);
	if (root < 0)
		return root;
	r = mount_path_keep_capabilities();
	return r < 0 ? r : take_fd(&root);
}
