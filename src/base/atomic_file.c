/* SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"

#include "base/memory.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* RENAME_NOREPLACE: linux/fs.h conflicts with stdio.h of some C libraries. */
#define NOREPLACE 1u

enum { COPY_SIZE = 64 * 1024, TRIES = 16, TEMPORARY_SIZE = sizeof(".nsbrowse-0123456789abcdef") };

/* The file, and its name until it is complete. */
struct target {
	int directory;
	unsigned flags;                 /* ATOMIC_FILE_* */
	const char *name;               /* in the directory */
	char temporary[TEMPORARY_SIZE]; /* in the directory, too */
};

/* 0 if the file can be written there. Does not open it: a FIFO would block. */
static int check_place(int directory, const char *name, unsigned flags)
{
	struct stat there;

	if (fstatat(directory, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(there.st_mode))
		return ATOMIC_FILE_NOT_REGULAR;
	if (flags & ATOMIC_FILE_REPLACE)
		return 0;
	if (!(flags & ATOMIC_FILE_REPLACE_OWN))
		return ATOMIC_FILE_EXISTS;
	return there.st_uid == geteuid() ? 0 : ATOMIC_FILE_NOT_OWN;
}

static int open_directory(const char *path, const char *name)
{
	_cleanup_free_ char *directory = memory_strdup(path);
	const int flags = O_DIRECTORY | O_CLOEXEC;

	directory[name - path] = '\0';
	const char *where = *directory ? directory : ".";
	const int fd = open(where, O_RDONLY | flags);
	/* A directory without read permission can be written, but not synced. */
	const int opened = fd < 0 && errno == EACCES ? open(where, O_PATH | flags) : fd;
	return opened < 0 ? -errno : opened;
}

static int open_temporary(struct target *target)
{
	for (int i = 0; i < TRIES; i++) {
		uint64_t suffix;

		if (getrandom(&suffix, sizeof(suffix), 0) != sizeof(suffix))
			return -EIO;
		snprintf(target->temporary, sizeof(target->temporary), ".nsbrowse-%016llx",
		        (unsigned long long)suffix);
		const int fd = openat(target->directory, target->temporary,
		        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd >= 0)
			return fd;
		if (errno != EEXIST)
			return -errno;
	}
	return -EEXIST;
}

static int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static int copy(int source, int fd)
{
	char bytes[COPY_SIZE];
	off_t offset = 0;

	for (;;) {
		const ssize_t n = pread(source, bytes, sizeof(bytes), offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		const int r = write_all(fd, bytes, (size_t)n);
		if (r < 0)
			return r;
		offset += n;
	}
}

/* Copies, and syncs to the disk. */
static int fill(int fd, int source)
{
	int r = copy(source, fd);

	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	/* A network file system may report a full disk only here. */
	if (close(fd) < 0 && r == 0 && errno != EINTR)
		r = -errno;
	return r;
}

/* SIGXFSZ (RLIMIT_FSIZE) would end the program and leave the temporary file. It is blocked, and
 * removed if it is pending: the error is EFBIG. */
static int fill_quietly(int fd, int source)
{
	const struct timespec now = {0};
	sigset_t signals, before;

	sigemptyset(&signals);
	sigaddset(&signals, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &signals, &before);
	const int r = fill(fd, source);
	if (r == -EFBIG && !sigismember(&before, SIGXFSZ))
		sigtimedwait(&signals, NULL, &now);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return r;
}

/* Fails if the name exists. Not every file system has RENAME_NOREPLACE; link and unlink are two
 * steps, but between them the file has both names. */
static int move_to_free_place(const struct target *target)
{
	const int directory = target->directory;

	if (syscall(SYS_renameat2, directory, target->temporary, directory, target->name,
	            NOREPLACE) == 0)
		return 0;
	if (errno == EINVAL || errno == ENOSYS) {
		if (linkat(directory, target->temporary, directory, target->name, 0) == 0) {
			unlinkat(directory, target->temporary, 0);
			return 0;
		}
	}
	return errno == EEXIST ? ATOMIC_FILE_EXISTS : -errno;
}

static int move(const struct target *target)
{
	if (!(target->flags & (ATOMIC_FILE_REPLACE | ATOMIC_FILE_REPLACE_OWN)))
		return move_to_free_place(target);
	/* Again: the file may have been replaced by something else. */
	const int r = check_place(target->directory, target->name, target->flags);
	if (r < 0)
		return r;
	return renameat(target->directory, target->temporary, target->directory, target->name) < 0
	               ? -errno
	               : 0;
}

static int set_mode(int fd, unsigned flags)
{
	if (!(flags & ATOMIC_FILE_READABLE))
		return 0;
	return fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) < 0 ? -errno : 0;
}

static int write_target(struct target *target, int source)
{
	const int fd = open_temporary(target);

	if (fd < 0)
		return fd;
	int r = set_mode(fd, target->flags);
	if (r == 0)
		r = fill_quietly(fd, source);
	else
		close(fd);
	if (r == 0)
		r = move(target);
	if (r < 0)
		unlinkat(target->directory, target->temporary, 0);
	else
		fsync(target->directory); /* an error is ignored: the file is complete */
	return r;
}

int atomic_file_write(const char *path, int source, unsigned flags)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		const int r = check_place(AT_FDCWD, path, flags);
		return r < 0 ? r : *path ? -EISDIR : -ENOENT;
	}
	_cleanup_close_ int directory = open_directory(path, name);
	if (directory < 0)
		return directory;
	const int r = check_place(directory, name, flags);
	if (r < 0)
		return r;
	struct target target = {.directory = directory, .flags = flags, .name = name};
	return write_target(&target, source);
}

const char *atomic_file_strerror(int error)
{
	if (error == ATOMIC_FILE_EXISTS)
		return strerror(EEXIST);
	if (error == ATOMIC_FILE_NOT_OWN)
		return "file exists and belongs to another user";
	if (error == ATOMIC_FILE_NOT_REGULAR)
		return "not a regular file";
	return strerror(error < 0 ? -error : error);
}
