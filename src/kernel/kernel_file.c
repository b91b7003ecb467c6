/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_file.h"

#include "base/descriptors.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "nsrel/statx.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

/* Reads of files of /proc that consist of records return full pages until the end, so one that
 * returns less than half of a page has reached the end. That saves a system call for most files. */
#define READ_HALF_PAGE 2048

/* --- before Linux 4.11, which has no statx(2) ------------------------------------------------- */

/* Opens a file of this thread, or of this process if a mount covers the directory of its threads.
 */
static int open_own(const char *file)
{
	static const char *const DIRECTORIES[] = {"/proc/thread-self", "/proc/self"};
	char path[64];
	int fd = -1;

	for (size_t i = 0; i < ARRAY_SIZE(DIRECTORIES) && fd < 0; i++) {
		snprintf(path, sizeof(path), "%s/%s", DIRECTORIES[i], file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	return fd < 0 ? -errno : fd;
}

/* The ID of the mount that an open file is on, without access to that file: proc_pid_fdinfo(5). */
static int read_mount_id(int fd, uint64_t *ret)
{
	static const char NAME[] = "\nmnt_id:\t";
	char name[32], text[512];

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	_cleanup_close_ int info = open_own(name);
	const ssize_t n = info < 0 ? info : kernel_file_read_start(info, text, sizeof(text) - 1);
	if (n < 0)
		return (int)n;
	text[n] = '\0';
	const char *at = strstr(text, NAME);
	if (!at)
		return -EOPNOTSUPP;
	at += strlen(NAME);
	return proc_number_parse(&at, text + n, INT32_MAX, ret) ? 0 : -EBADMSG;
}

/* True if files on that mount of our own mount namespace are in the memory of the kernel, so that
 * fstat(2) does not wait. */
static bool is_local(uint64_t id)
{
	static const char *const LOCAL[] = {"proc", "nsfs", "sysfs", "tmpfs", "cgroup", "cgroup2"};
	_cleanup_close_ int fd = open_own("mountinfo");
	_cleanup_fclose_ FILE *mounts = fd < 0 ? NULL : fdopen(fd, "r");
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (mounts)
		fd = -EBADF;
	while (mounts && (n = getline(&line, &size, mounts)) > 0) {
		struct proc_mount mount;

		if (proc_mountinfo_parse(line, (size_t)n - (line[n - 1] == '\n'), &mount) < 0 ||
		        mount.id != id)
			continue;
		for (size_t i = 0; i < ARRAY_SIZE(LOCAL); i++) {
			if (proc_mountinfo_equals(mount.type, LOCAL[i]))
				return true;
		}
		return false;
	}
	return false;
}

/* Most files are on the mount of /proc, which saves the search. */
static int stat_open(int fd, struct kernel_file *ret)
{
	_cleanup_close_ int proc = open("/proc", O_PATH | O_CLOEXEC);
	uint64_t proc_id = 0, id;
	struct stat st;
	const int r = read_mount_id(fd, &id);

	if (r < 0)
		return r;
	if ((proc < 0 || read_mount_id(proc, &proc_id) < 0 || proc_id != id) && !is_local(id))
		return -EXDEV;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct kernel_file){
	        .dev = st.st_dev, .ino = st.st_ino, .mount = id, .uid = st.st_uid};
	return 0;
}

static int stat_without_statx(int dir, const char *path, struct kernel_file *ret)
{
	_cleanup_close_ int fd = -EBADF;

	if (!*path)
		return stat_open(dir, ret);
	fd = openat(dir, path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? -errno : stat_open(fd, ret);
}

/* --- any kernel ------------------------------------------------------------------------------ */

/* Not by statx() of the C library, which on older kernels returns EINVAL with these flags, or calls
 * fstatat(2). -ENOSYS: before Linux 4.11. */
static int stat_by_statx(int dir, const char *path, struct kernel_file *ret)
{
	struct statx st;

	if (syscall(SYS_statx, dir, path,
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

int kernel_file_stat(int dir, const char *path, struct kernel_file *ret)
{
	const int r = stat_by_statx(dir, path, ret);

	return r == -ENOSYS ? stat_without_statx(dir, path, ret) : r;
}

bool kernel_file_has_statx(void)
{
	return syscall(SYS_statx, -1, "", 0, 0U, NULL) >= 0 || errno != ENOSYS;
}

int kernel_file_stat_in_job(int fd, struct kernel_file *ret)
{
	const int r = stat_by_statx(fd, "", ret);
	struct stat st;

	if (r != -ENOSYS)
		return r;
	if (fstat(fd, &st) < 0)
		return -errno;
	*ret = (struct kernel_file){.dev = st.st_dev, .ino = st.st_ino, .uid = st.st_uid};
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
