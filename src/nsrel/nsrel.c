/* SPDX-License-Identifier: Apache-2.0 */
#include "nsrel/nsrel.h"

#include "nsrel/nsfs_uapi.h"
#include "nsrel/statx.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

/* thread-self, not self: a thread may have a descriptor table of its own (CLONE_FILES), and the
 * directories of a process whose first thread has ended are empty. */
#define OWN_FD        "/proc/thread-self/fd/%d"
#define OWN_NAMESPACE "/proc/thread-self/ns/mnt" /* every kernel has mount namespaces */

/* The fixed inode numbers are PROC_*_INIT_INO of include/linux/proc_ns.h; all others begin at
 * PROC_DYNAMIC_FIRST, 0xF0000000. */
static const struct {
	const char *name;
	int flag;
	uint32_t initial;
} types[] = {
        {"cgroup", CLONE_NEWCGROUP, 0xEFFFFFFB},
        {"ipc", CLONE_NEWIPC, 0xEFFFFFFF},
        {"mnt", CLONE_NEWNS, 0xEFFFFFF8},
        {"net", CLONE_NEWNET, 0xEFFFFFF9},
        {"pid", CLONE_NEWPID, 0xEFFFFFFC},
        {"time", CLONE_NEWTIME, 0xEFFFFFFA},
        {"user", CLONE_NEWUSER, 0xEFFFFFFD},
        {"uts", CLONE_NEWUTS, 0xEFFFFFFE},
};

#define N_TYPES (sizeof(types) / sizeof(types[0]))

const char *nsrel_type_name(int type)
{
	for (size_t i = 0; i < N_TYPES; i++)
		if (types[i].flag == type)
			return types[i].name;
	return NULL;
}

int nsrel_type_from_name(const char *name)
{
	if (!name)
		return -EINVAL;
	for (size_t i = 0; i < N_TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return types[i].flag;
	return -EINVAL;
}

bool nsrel_is_initial(const struct nsrel_key *key, int type)
{
	for (size_t i = 0; i < N_TYPES; i++)
		if (types[i].flag == type)
			return key->ino == types[i].initial;
	return false;
}

/* 0, or -ENOTTY if `fd` is not a namespace. Called before every ioctl: to a device the numbers of
 * ioctl_nsfs(2) may mean anything (/dev/urandom returns EINVAL, which here means "a type without
 * hierarchy"). */
static int check_namespace(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return errno == ENOSYS ? -ENOTTY : -errno;
	return (unsigned long)fs.f_type == NSFS_MAGIC ? 0 : -ENOTTY;
}

/* A call of ioctl_nsfs(2) that returns a descriptor (close-on-exec) or a type. */
static int call(int fd, unsigned request)
{
	const int r = check_namespace(fd);
	if (r < 0)
		return r;

	const int result = ioctl(fd, request);
	return result < 0 ? -errno : result;
}

int nsrel_type(int fd)
{
	return call(fd, NS_GET_NSTYPE);
}

int nsrel_owner(int fd)
{
	return call(fd, NS_GET_USERNS);
}

int nsrel_parent(int fd)
{
	return call(fd, NS_GET_PARENT);
}

int nsrel_owner_uid(int fd, uid_t *ret_uid)
{
	const int r = check_namespace(fd);
	if (r < 0)
		return r;

	uid_t uid = (uid_t)-1; /* for memory checkers that do not support this ioctl */
	if (ioctl(fd, NS_GET_OWNER_UID, &uid) < 0)
		return -errno;
	*ret_uid = uid;
	return 0;
}

int nsrel_key(int fd, struct nsrel_key *ret_key)
{
	const int r = check_namespace(fd);
	if (r < 0)
		return r;

	struct stat st;
	if (fstat(fd, &st) < 0)
		return -errno;

	uint64_t id = 0;
	if (ioctl(fd, NS_GET_ID, &id) < 0) {
		if (errno != ENOTTY)
			return -errno;
		id = 0; /* before Linux 6.18 */
	}
	*ret_key = (struct nsrel_key){.dev = st.st_dev, .ino = st.st_ino, .id = id};
	return 0;
}

/* True for the text of a link to a namespace, TYPE:[INODE]. Links to other files differ: their text
 * begins with a slash, or with "pipe:", "socket:" and the like. */
static bool is_namespace_text(const char *text)
{
	for (size_t i = 0; i < N_TYPES; i++) {
		const size_t len = strlen(types[i].name);
		if (strncmp(text, types[i].name, len) != 0 || strncmp(text + len, ":[", 2) != 0)
			continue;
		const char *const number = text + len + 2;
		const size_t digits = strspn(number, "0123456789");
		return digits > 0 && strcmp(number + digits, "]") == 0;
	}
	return false;
}

/* The device of a file that may be on a dead file server. With an empty mask statx(2) returns the
 * device without a request to the file system. The C library's statx() is not used: before Linux
 * 4.11 it calls fstatat(), which would block. */
static int device_of(int dirfd, const char *path, int flags, dev_t *ret_dev)
{
	struct statx stx = {0};

	if (syscall(SYS_statx, dirfd, path, flags | AT_STATX_DONT_SYNC, 0U, &stx) < 0)
		return -errno;
	*ret_dev = makedev(stx.stx_dev_major, stx.stx_dev_minor);
	return 0;
}

/* True for a file on the device of nsfs. A bind mount of a namespace is recognized by it: the text
 * of a link to it is the path of the mount. */
static bool is_on_nsfs(int pinned)
{
	struct statfs fs;
	dev_t dev, nsfs_dev;

	if (statfs(OWN_NAMESPACE, &fs) < 0 || (unsigned long)fs.f_type != NSFS_MAGIC)
		return false;
	return device_of(AT_FDCWD, OWN_NAMESPACE, 0, &nsfs_dev) == 0 &&
	       device_of(pinned, "", AT_EMPTY_PATH, &dev) == 0 && dev == nsfs_dev;
}

/* Opens the file of `pinned` (O_PATH) for reading if it is a namespace. That is checked before:
 * fstatfs() and open() block on a dead FUSE file system, and open() on a FIFO. */
static int open_pinned(int pinned)
{
	char path[sizeof(OWN_FD) + 3 * sizeof(int)];
	char text[32]; /* a longer text is cut; it is not that of a namespace */

	snprintf(path, sizeof(path), OWN_FD, pinned);
	const ssize_t len = readlink(path, text, sizeof(text) - 1);
	if (len < 0)
		return errno == ENOENT ? -ENOSYS : -errno;
	text[len] = '\0';
	if (!is_namespace_text(text) && !is_on_nsfs(pinned))
		return -ENOTTY;

	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	const int r = check_namespace(fd);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

int nsrel_open(int dirfd, const char *path)
{
	const int pinned = openat(dirfd, path, O_PATH | O_CLOEXEC);
	if (pinned < 0)
		return -errno;

	const int r = open_pinned(pinned);
	close(pinned);
	return r;
}
