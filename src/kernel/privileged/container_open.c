/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/container_open.h"

#include "base/descriptors.h"
#include "base/memory.h"
#include "kernel/kernel.h"
#include "kernel/proc/proc.h"
#include "nsrel/statx.h"

#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

enum { LINKS_MAX = 20 };

/* --- mounts ---------------------------------------------------------------------------------- */

/* File systems that wait for no server. */
static const char *const LOCAL[] = {"ext2", "ext3", "ext4", "xfs", "btrfs", "tmpfs", "ramfs",
        "overlay", "f2fs", "zfs", "bcachefs", "jfs", "reiserfs", "nilfs2", "erofs", "squashfs",
        "rootfs"};

static bool is_local(struct proc_slice type)
{
	for (size_t i = 0; i < ARRAY_SIZE(LOCAL); i++) {
		if (proc_mountinfo_equals(type, LOCAL[i]))
			return true;
	}
	return false;
}

static int read_mounts(struct container_opener *opener)
{
	_cleanup_close_ int self = open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	_cleanup_close_ int fd = openat(self, "mountinfo", O_RDONLY | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	const int r =
	        fd < 0 ? -errno : descriptors_read_all(fd, KERNEL_MOUNTINFO_MAX, NULL, &text, &len);
	const char *at = text;
	struct proc_mount mount;

	if (r < 0)
		return r;
	while (proc_mountinfo_next(&at, text + len, &mount)) {
		if (is_local(mount.type))
			u64_set_push(&opener->local_mounts, mount.id);
	}
	u64_set_sort(&opener->local_mounts);
	return 0;
}

/* --- one component --------------------------------------------------------------------------- */

/* A pinned file: opened with O_PATH, which accesses no device or FIFO, and triggers no automount.
 */
struct pinned {
	int fd;
	mode_t mode;
	uid_t uid;
	uint64_t dev, ino, size;
	uint64_t mount; /* its ID; 0 before Linux 5.8 */
};

/* Before Linux 4.11 this may wait for a file server, until the deadline of the job. */
static int describe_by_fstat(struct pinned *pinned)
{
	struct stat st;

	if (fstat(pinned->fd, &st) < 0)
		return -errno;
	pinned->mode = st.st_mode;
	pinned->uid = st.st_uid;
	pinned->dev = st.st_dev;
	pinned->ino = st.st_ino;
	pinned->size = (uint64_t)st.st_size;
	pinned->mount = 0;
	return 0;
}

/* Does not wait for a file server from Linux 4.11 on. What belongs to a user needs the ID of its
 * mount. */
static int describe(const struct container_opener *opener, struct pinned *pinned)
{
	struct statx st;

	if (syscall(SYS_statx, pinned->fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC,
	            STATX_BASIC_STATS | STATX_MNT_ID, &st) < 0) {
		if (errno != ENOSYS)
			return -errno;
		return opener->uid != 0 ? -EOPNOTSUPP : describe_by_fstat(pinned);
	}
	pinned->mode = st.stx_mode;
	pinned->uid = st.stx_uid;
	pinned->dev = makedev(st.stx_dev_major, st.stx_dev_minor);
	pinned->ino = st.stx_ino;
	pinned->size = st.stx_size;
	pinned->mount = st.stx_mask & STATX_MNT_ID ? st.stx_mnt_id : 0;
	return 0;
}

static bool is_trusted(const struct container_opener *opener, const struct pinned *pinned)
{
	const bool is_link = S_ISLNK(pinned->mode);
	const mode_t others = opener->uid == 0 ? S_IWGRP | S_IWOTH : S_IWOTH;

	if (pinned->uid != 0 && (is_link || pinned->uid != opener->uid))
		return false;
	return is_link || !(pinned->mode & others);
}

static int pin(const struct container_opener *opener, int dir, const char *name, struct pinned *ret)
{
	int r;

	ret->fd = openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (ret->fd < 0)
		return -errno;
	r = describe(opener, ret);
	/* The access is checked before anything else of the file is used. */
	if (r == 0 && opener->uid != 0 && !u64_set_has(&opener->local_mounts, ret->mount))
		r = ret->mount == 0 ? -EOPNOTSUPP : -EREMOTE;
	if (r == 0 && !is_trusted(opener, ret))
		r = -EPERM;
	if (r < 0)
		close_fd(&ret->fd);
	return r;
}

/* --- a path ---------------------------------------------------------------------------------- */

struct path_walk {
	const struct container_opener *opener;
	struct pinned root, at;
	char rest[2 * PATH_MAX]; /* what is still to be walked */
	bool is_below;           /* behind the `//` */
	unsigned n_links;
};

static void move_to(struct path_walk *walk, const struct pinned *next)
{
	if (walk->at.fd != walk->root.fd)
		close_fd(&walk->at.fd);
	walk->at = *next;
}

/* Puts the text of a link before the rest of the path. */
static int follow(struct path_walk *walk, const struct pinned *link)
{
	char text[2 * PATH_MAX];
	const size_t rest = strlen(walk->rest);
	const ssize_t n = readlinkat(link->fd, "", text, PATH_MAX);

	if (n < 0)
		return -errno;
	if (++walk->n_links > LINKS_MAX)
		return -ELOOP;
	if (n == 0 || n == PATH_MAX || (size_t)n + 1 + rest >= sizeof(walk->rest))
		return -ENAMETOOLONG;
	if (text[0] == '/')
		move_to(walk, &walk->root);
	text[n] = '/';
	memcpy(text + n + 1, walk->rest, rest + 1);
	memcpy(walk->rest, text, (size_t)n + 1 + rest + 1);
	return 0;
}

/* Enters a component, which is `name`; the last one may be any file. */
static int enter(struct path_walk *walk, const char *name, bool is_last)
{
	const bool is_at_root = walk->at.dev == walk->root.dev && walk->at.ino == walk->root.ino;
	struct pinned next;
	int r;

	if (strcmp(name, "..") == 0 && is_at_root)
		return 0;
	r = pin(walk->opener, walk->at.fd, name, &next);
	if (r < 0)
		return r;
	if (walk->is_below && walk->opener->uid != 0 && next.mount != walk->at.mount)
		r = -EXDEV;
	else if (S_ISLNK(next.mode))
		r = walk->is_below ? -ELOOP : follow(walk, &next);
	else if (!S_ISDIR(next.mode) && !is_last)
		r = -ENOTDIR;
	else
		move_to(walk, &next);
	if (walk->at.fd != next.fd)
		close_fd(&next.fd);
	return r;
}

/* Takes the next component off the rest. Returns its length, 0 at the end. A link with `//` in its
 * text only makes the rest stricter. */
static ssize_t next_component(struct path_walk *walk, char *ret_name)
{
	const char *p = walk->rest;
	size_t len;

	walk->is_below |= p[0] == '/' && p[1] == '/';
	p += strspn(p, "/");
	len = strcspn(p, "/");
	if (len > NAME_MAX)
		return -ENAMETOOLONG;
	memcpy(ret_name, p, len);
	ret_name[len] = '\0';
	memmove(walk->rest, p + len, strlen(p + len) + 1);
	return (ssize_t)len;
}

/* Pins the file of a path. */
static int walk_path(const struct container_opener *opener, const char *path, struct pinned *ret)
{
	struct path_walk walk = {.opener = opener};
	char name[NAME_MAX + 1];
	ssize_t n = 0;
	int r;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	memcpy(walk.rest, path, strlen(path) + 1);
	r = pin(opener, opener->root, ".", &walk.root);
	if (r < 0)
		return r;
	walk.at = walk.root;
	while (r == 0 && (n = next_component(&walk, name)) > 0)
		r = enter(&walk, name, walk.rest[strspn(walk.rest, "/")] == '\0');
	if (n < 0)
		r = (int)n;
	if (r == 0 && walk.at.fd == walk.root.fd)
		r = -EISDIR;
	if (walk.at.fd != walk.root.fd)
		close_fd(&walk.root.fd);
	if (r < 0)
		close_fd(&walk.at.fd);
	*ret = walk.at;
	return r;
}

/* --- what is opened -------------------------------------------------------------------------- */

/* Opens the file that was pinned, and no other. */
static int open_pinned(const struct pinned *pinned, int flags)
{
	char path[64];
	const int proc = open("/proc/self/fd", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int fd;

	if (proc < 0)
		return -errno;
	snprintf(path, sizeof(path), "%d", pinned->fd);
	fd = openat(proc, path, flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const int error = errno;
	close(proc);
	return fd < 0 ? -error : fd;
}

static int open_path(
        const struct container_opener *opener, const char *path, mode_t type, uint64_t max)
{
	struct pinned pinned;
	int r = walk_path(opener, path, &pinned);

	if (r < 0)
		return r;
	if ((pinned.mode & S_IFMT) != type)
		r = -EINVAL;
	else if (pinned.size > max)
		r = -EFBIG;
	else
		r = open_pinned(&pinned, type == S_IFDIR ? O_DIRECTORY : 0);
	close_fd(&pinned.fd);
	return r;
}

int container_open_file(const struct container_opener *opener, const char *path, size_t max)
{
	return open_path(opener, path, S_IFREG, max);
}

int container_open_directory(const struct container_opener *opener, const char *path)
{
	return open_path(opener, path, S_IFDIR, UINT64_MAX);
}

int container_open_init(struct container_opener *ret, const char *root, uid_t uid)
{
	int r = 0;

	*ret = (struct container_opener){.root = -EBADF, .uid = uid};
	ret->root = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ret->root < 0)
		r = -errno;
	else if (uid != 0)
		r = read_mounts(ret);
	if (r < 0)
		container_open_release(ret);
	return r;
}

void container_open_release(struct container_opener *opener)
{
	close_fd(&opener->root);
	u64_set_release(&opener->local_mounts);
	*opener = (struct container_opener){.root = -EBADF};
}
