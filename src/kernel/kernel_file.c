/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_file.h"

#include "base/descriptors.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

/* Reads of files of /proc that consist of records return full pages until the end, so one that
 * returns less than half of a page has reached the end. That saves a system call for most files. */
#define READ_HALF_PAGE 2048

int kernel_file_stat(int dir, const char *path, struct kernel_file *ret)
{
	struct statx st;

	if (statx(dir, path,
	            AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC,
	            STATX_INO | STATX_UID | STATX_MNT_ID, &st) < 0)
		return -errno;
	*ret = (struct kernel_file){
	        .dev = makedev(st.stx_dev_major, st.stx_dev_minor),
	        .ino = st.stx_ino,
	        .mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0,
	        .uid = st.stx_uid,
	};
	return 0;
}

bool kernel_file_is_same_mount(const struct kernel_file *a, const struct kernel_file *b)
{
	return a->dev == b->dev && a->mount == b->mount;
}

/* A file system that is mounted between the comparison and the second open is opened. Only root in
 * our own mount namespace can mount one there. */
static int open_if_same(int dir, const char *path, int flags, bool on_any_mount)
{
	_cleanup_close_ int fd = openat(dir, path, O_PATH | O_CLOEXEC);
	struct kernel_file here, there;
	int r;

	if (fd < 0)
		return -errno;
	r = kernel_file_stat(dir, "", &here);
	if (r == 0)
		r = kernel_file_stat(fd, "", &there);
	if (r < 0)
		return r;
	if (here.dev != there.dev || (!on_any_mount && here.mount != there.mount))
		return -EXDEV;
	const int opened = openat(dir, path, flags | O_CLOEXEC);
	return opened < 0 ? -errno : opened;
}

int kernel_file_open_uncovered(int dir, const char *path, int flags)
{
	const struct open_how how = {
	        .flags = (uint64_t)(unsigned)(flags | O_CLOEXEC), .resolve = RESOLVE_NO_XDEV};
	const long fd = syscall(SYS_openat2, dir, path, &how, sizeof(how));

	if (fd >= 0)
		return (int)fd;
	/* Before Linux 5.6 it does not exist; a system call filter may refuse it. */
	if (errno != ENOSYS && errno != EPERM)
		return -errno;
	return open_if_same(dir, path, flags, false);
}

int kernel_file_open_same_device(int dir, const char *path)
{
	return open_if_same(dir, path, O_RDONLY, true);
}

ssize_t kernel_file_read_start(int fd, char *buffer, size_t size)
{
	return descriptors_read(fd, buffer, size, READ_HALF_PAGE);
}
