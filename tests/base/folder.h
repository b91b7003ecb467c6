/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/atomic_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

/* A temporary directory for a test, which is its working directory, and files in it. */

static inline int folder_enter(char name[static 32])
{
	snprintf(name, 32, "test-folder-XXXXXX");
	return mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

/* The number of names in the current directory that begin with `prefix`; deletes them if asked to.
 */
static inline int folder_count(const char *prefix, int remove)
{
	DIR *dir = opendir(".");
	int n = 0;

	for (const struct dirent *entry; dir && (entry = readdir(dir));) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		        strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		n++;
		if (remove && unlink(entry->d_name) < 0)
			rmdir(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return n;
}

static inline int folder_remove_entry(
        const char *path, const struct stat *stat, int type, struct FTW *at)
{
	(void)stat;
	(void)type;
	(void)at;
	return remove(path);
}

/* Removes the directory with all that is in it, also after a failure. */
static inline int folder_leave(const char name[static 32])
{
	return chdir("..") == 0 && nftw(name, folder_remove_entry, 8, FTW_DEPTH | FTW_PHYS) == 0
	               ? 0
	               : -1;
}

/* A memfd with `len` times the same byte. */
static inline int source_new(char byte, size_t len)
{
	const int fd = memfd_create("source", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)len) < 0)
		abort();
	char *map = len ? mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) : NULL;
	if (map == MAP_FAILED)
		abort();
	if (len) {
		memset(map, byte, len);
		munmap(map, len);
	}
	lseek(fd, 0, SEEK_END);
	return fd;
}

/* Writes a file by a path, as the effective user. */
static inline int folder_write(const char *path, int source, unsigned flags)
{
	struct atomic_file_place place;
	int r = atomic_file_open_place(path, geteuid(), &place);

	if (r == 0)
		r = atomic_file_write_in(&place, source, flags);
	atomic_file_close_place(&place);
	return r;
}

/* The byte that the whole file consists of, '!' if there are several, '0' if it is empty; *ret_len
 * is its length, -1 if it cannot be opened. */
static inline char file_byte(const char *path, off_t *ret_len)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	char bytes[4096], first = '0';
	ssize_t n;

	*ret_len = fd < 0 ? -1 : 0;
	while (fd >= 0 && (n = read(fd, bytes, sizeof(bytes))) > 0) {
		if (*ret_len == 0)
			first = bytes[0];
		for (ssize_t i = 0; i < n; i++)
			first = bytes[i] == first ? first : '!';
		*ret_len += n;
	}
	if (fd >= 0)
		close(fd);
	return first;
}

static inline void folder_put_text(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* If this fails, what needs it fails, too. */
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		printf("%s: %s\n", path, strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* New user and mount namespaces with a tmpfs over the working directory, which ends with them.
 * `options` as of mount(8), or NULL. Returns 0 or a negative errno. */
static inline int folder_mount_tmpfs(const char *options)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	char here[PATH_MAX], map[32];

	if (!getcwd(here, sizeof(here)) || unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	folder_put_text("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	folder_put_text("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	folder_put_text("/proc/self/gid_map", map);
	return mount("none", here, "tmpfs", 0, options) < 0 || chdir(here) < 0 ? -errno : 0;
}
