/* SPDX-License-Identifier: Apache-2.0 */
/* Mounts of namespaces are unmounted. In a user namespace the copy of the host's mounts is locked,
 * and none of it can be unmounted alone, but all of it at once can: a new root directory then has
 * the same files, and mounts without namespaces below them (pivot_root(2)). */
#include "tests/scenes/root.h"

#include "base/attributes.h"
#include "base/descriptors.h"
#include "kernel/proc/proc.h"
#include "tests/scenes/stage.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The mount point of the next mount of a namespace. */
static bool next_mount(FILE *mounts, char point[static 8192])
{
	char line[8192];
	struct proc_mount mount;

	while (fgets(line, sizeof(line), mounts)) {
		if (proc_mountinfo_parse(line, strcspn(line, "\n"), &mount) < 0 ||
		        !proc_mountinfo_equals(mount.type, "nsfs"))
			continue;
		proc_mountinfo_unescape(mount.point, point);
		return true;
	}
	return false;
}

/* With what covers it, where something does: ip-netns(8) has /run/netns on itself. */
static int drop_mount(char *point)
{
	while (umount2(point, MNT_DETACH) < 0) {
		char *const slash = strrchr(point, '/');

		if (errno != EINVAL || !slash || slash == point)
			return -errno;
		*slash = '\0';
	}
	return 0;
}

/* -EINVAL: they are locked. */
static int drop_mounts(void)
{
	char point[8192];
	int r;

	for (;;) {
		_cleanup_fclose_ FILE *mounts = fopen("/proc/self/mountinfo", "re");

		if (!mounts)
			return -errno;
		if (!next_mount(mounts, point))
			return 0;
		r = drop_mount(point);
		if (r < 0)
			return r;
	}
}

/* What is mounted at a path or below it. */
enum { NO_NAMESPACE, IS_NAMESPACE, HAS_NAMESPACES };

static int what_is_mounted(const char *path)
{
	_cleanup_fclose_ FILE *mounts = fopen("/proc/self/mountinfo", "re");
	const size_t len = strlen(path);
	int result = NO_NAMESPACE;
	char point[8192];

	while (mounts && next_mount(mounts, point)) {
		if (strcmp(point, path) == 0)
			return IS_NAMESPACE;
		if (strncmp(point, path, len) == 0 && point[len] == '/')
			result = HAS_NAMESPACES;
	}
	return result;
}

static int copy_dir(const char *from, const char *root);

static int copy_link(const char *from, const char *to)
{
	char target[PATH_MAX];
	const ssize_t len = readlink(from, target, sizeof(target) - 1);

	if (len < 0)
		return -errno;
	target[len] = '\0';
	return symlink(target, to) < 0 ? -errno : 0;
}

/* A directory with mounts of namespaces below it is copied, another file bound. */
static int copy_file(const char *from, mode_t mode, const char *root)
{
	const int mounted = what_is_mounted(from);
	char to[PATH_MAX + 32];

	if (mounted == IS_NAMESPACE)
		return 0;
	snprintf(to, sizeof(to), "%s%s", root, from);
	if (S_ISLNK(mode))
		return copy_link(from, to);
	if ((S_ISDIR(mode) ? mkdir(to, 0755) : mknod(to, S_IFREG | 0644, 0)) < 0)
		return -errno;
	if (strcmp(from, root) == 0)
		return 0;
	if (S_ISDIR(mode) && mounted == HAS_NAMESPACES)
		return copy_dir(from, root);
	return mount(from, to, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
}

static int copy_entries(DIR *dir, const char *from, const char *root)
{
	const struct dirent *entry;
	char path[PATH_MAX];
	struct stat st;
	int r = 0;

	while (r == 0 && (entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", from, entry->d_name);
		/* A file may be deleted meanwhile. */
		if (lstat(path, &st) == 0)
			r = copy_file(path, st.st_mode, root);
	}
	return r;
}

/* `from`: "" for the root directory. What may not be read is empty. */
static int copy_dir(const char *from, const char *root)
{
	DIR *const dir = opendir(*from ? from : "/");

	if (!dir)
		return errno == EACCES ? 0 : -errno;
	const int r = copy_entries(dir, from, root);
	closedir(dir);
	return r;
}

/* By its path a user may not reach the current directory if one above it is another user's. */
static int change_root(const char *dir)
{
	char path[PATH_MAX] = "/";
	_cleanup_close_ int cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (cwd < 0 || !getcwd(path, sizeof(path)) || chdir(dir) < 0 ||
	        syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
		return -errno;
	return chdir(path) < 0 && fchdir(cwd) < 0 ? -errno : 0;
}

int root_without_namespaces(const char *dir)
{
	int r = drop_mounts();

	if (r != -EINVAL)
		return r < 0 ? stage_fail("mounted namespaces", r) : 0;
	if (mount("root", dir, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m") < 0)
		return stage_fail(dir, errno);
	r = copy_dir("", dir);
	if (r == 0)
		r = change_root(dir);
	return r < 0 ? stage_fail("another root directory", r) : 0;
}
