/* SPDX-License-Identifier: Apache-2.0 */
#include "base/atomic_file.h"

#include "base/directory_path.h"
#include "base/escape.h"
#include "base/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* RENAME_NOREPLACE: linux/fs.h conflicts with stdio.h of some C libraries. */
#define NOREPLACE 1u

#define TEMPORARY_PREFIX ".nsbrowse-"

enum {
	COPY_SIZE = 64 * 1024,
	TRIES = 16,
	TEMPORARY_SIZE = sizeof(TEMPORARY_PREFIX "0123456789abcdef"),
	ENTRIES_MAX = 64 * 1024, /* of a directory that is searched for temporary files */
	LINK_NAME_MAX = 80,      /* bytes in a message */
	NEEDS_NAME = 1,          /* a result: the file system or /proc lacks what is needed */
};

/* The file, and its name until it is complete. */
struct target {
	const struct atomic_file_place *place;
	unsigned flags;                 /* ATOMIC_FILE_* */
	char temporary[TEMPORARY_SIZE]; /* in the directory of the place */
};

/* --- the place ------------------------------------------------------------------------------- */

/* A directory without read permission can be written, but neither searched nor synced. */
static int open_to_read(int directory)
{
	const int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 && errno == EACCES ? fcntl(directory, F_DUPFD_CLOEXEC, 3) : fd;
}

static int open_directory(const char *path, size_t len, uid_t caller, struct atomic_file_place *ret)
{
	_cleanup_free_ char *part = memory_strdup(path);
	struct directory_path_link link;

	part[len] = '\0';
	_cleanup_close_ int directory = directory_path_open(part, caller, &link);
	if (directory == DIRECTORY_PATH_LINK) {
		ret->link_owner = link.owner;
		memcpy(ret->name, link.name, sizeof(ret->name));
		return ATOMIC_FILE_LINK;
	}
	if (directory < 0)
		return directory;
	ret->directory = open_to_read(directory);
	return ret->directory < 0 ? -errno : 0;
}

int atomic_file_open_place(const char *path, uid_t caller, struct atomic_file_place *ret)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	const bool is_name = *name && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;

	*ret = (struct atomic_file_place){.directory = -EBADF};
	if (!*path)
		return -ENOENT;
	if (strlen(name) >= sizeof(ret->name))
		return -ENAMETOOLONG;
	snprintf(ret->name, sizeof(ret->name), "%s", name);
	const size_t len = is_name ? (size_t)(name - path) : strlen(path);
	const int r = open_directory(path, len, caller, ret);
	if (is_name)
		return r;
	atomic_file_close_place(ret);
	return r == 0 ? ATOMIC_FILE_NOT_REGULAR : r == -ENOENT ? -EISDIR : r;
}

void atomic_file_close_place(struct atomic_file_place *place)
{
	close_fd(&place->directory);
}

/* Returns 0 if the file can be written there now, as far as it can be seen without opening what has
 * its name; or an error. */
static int check_target(const struct atomic_file_place *place, unsigned flags)
{
	struct stat there;

	if (fstatat(place->directory, place->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISREG(there.st_mode))
		return ATOMIC_FILE_NOT_REGULAR;
	if (flags & ATOMIC_FILE_REPLACE)
		return 0;
	if (!(flags & ATOMIC_FILE_REPLACE_OWN))
		return ATOMIC_FILE_EXISTS;
	return there.st_uid == geteuid() ? 0 : ATOMIC_FILE_NOT_OWN;
}

/* --- what a killed process has left ---------------------------------------------------------- */

static bool is_temporary(const char *name)
{
	const size_t prefix = strlen(TEMPORARY_PREFIX);

	return strlen(name) == TEMPORARY_SIZE - 1 && strncmp(name, TEMPORARY_PREFIX, prefix) == 0 &&
	       strspn(name + prefix, "0123456789abcdef") == TEMPORARY_SIZE - 1 - prefix;
}

/* Whether the file of an open descriptor may be removed: another link would show that a user has
 * given it this name. */
static bool is_own_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() &&
	       st.st_nlink == 1;
}

static void format_descriptor_path(int fd, char path[static 32])
{
	snprintf(path, 32, "/proc/self/fd/%d", fd);
}

/* Pins the file before it is opened: it may be a FIFO or a device of another user. A writer that
 * has made a file, but not yet locked it, sees that the lock is taken or the link is gone. */
static void remove_if_left(int directory, const char *name)
{
	_cleanup_close_ int pinned = openat(directory, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	char path[32];

	if (pinned < 0 || !is_own_file(pinned))
		return;
	format_descriptor_path(pinned, path);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && is_own_file(fd))
		unlinkat(directory, name, 0);
}

/* Errors are ignored: the file can be written without that. */
static void remove_left(int directory)
{
	const int fd = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	const struct dirent *entry = readdir(dir);
	for (int n = 0; entry && n < ENTRIES_MAX; n++, entry = readdir(dir)) {
		if (is_temporary(entry->d_name))
			remove_if_left(directory, entry->d_name);
	}
	closedir(dir);
}

/* --- its content ----------------------------------------------------------------------------- */

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

/* A network file system may report a full disk only when a descriptor is closed. The file stays
 * open, and so it stays locked. */
static int close_duplicate(int fd)
{
	const int duplicate = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (duplicate < 0 || (close(duplicate) < 0 && errno != EINTR))
		return -errno;
	return 0;
}

/* Copies, and syncs to the disk. */
static int fill(int fd, int source)
{
	const int r = copy(source, fd);

	if (r < 0)
		return r;
	return fsync(fd) < 0 ? -errno : close_duplicate(fd);
}

/* SIGXFSZ (RLIMIT_FSIZE) would end the program. It is blocked, and removed if it is pending: the
 * error is EFBIG. */
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

static int set_mode(int fd, unsigned flags)
{
	if (!(flags & ATOMIC_FILE_READABLE))
		return 0;
	return fchmod(fd, S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH) < 0 ? -errno : 0;
}

static int write_content(int fd, int source, unsigned flags)
{
	const int r = set_mode(fd, flags);

	return r < 0 ? r : fill_quietly(fd, source);
}

/* --- its name -------------------------------------------------------------------------------- */

static int choose_temporary(struct target *target)
{
	uint64_t suffix;

	if (getrandom(&suffix, sizeof(suffix), 0) != sizeof(suffix))
		return -EIO;
	snprintf(target->temporary, sizeof(target->temporary), TEMPORARY_PREFIX "%016llx",
	        (unsigned long long)suffix);
	return 0;
}

static int rename_to_name(const struct target *target, unsigned flags)
{
	const int directory = target->place->directory;

	return syscall(SYS_renameat2, directory, target->temporary, directory, target->place->name,
	               flags) < 0
	               ? -errno
	               : 0;
}

/* Fails if the name exists. Not every file system has RENAME_NOREPLACE; link and unlink are two
 * steps, but between them the file has both names. */
static int move_to_free_place(const struct target *target)
{
	const int directory = target->place->directory;
	int r = rename_to_name(target, NOREPLACE);

	if (r == -EINVAL || r == -ENOSYS) {
		r = linkat(directory, target->temporary, directory, target->place->name, 0) < 0
		            ? -errno
		            : 0;
		if (r == 0)
			unlinkat(directory, target->temporary, 0);
	}
	return r == -EEXIST ? ATOMIC_FILE_EXISTS : r;
}

/* Gives the complete file its name, or removes it. */
static int move(const struct target *target)
{
	const unsigned replace = ATOMIC_FILE_REPLACE | ATOMIC_FILE_REPLACE_OWN;
	int r;

	if (!(target->flags & replace)) {
		r = move_to_free_place(target);
	} else {
		/* Again: the file may have been replaced by something else. */
		r = check_target(target->place, target->flags);
		if (r == 0)
			r = rename_to_name(target, 0);
	}
	if (r < 0)
		unlinkat(target->place->directory, target->temporary, 0);
	return r;
}

/* A file without a name gets `name`. */
static int link_unnamed(const struct target *target, int fd, const char *name)
{
	char path[32];

	format_descriptor_path(fd, path);
	return linkat(AT_FDCWD, path, target->place->directory, name, AT_SYMLINK_FOLLOW) < 0
	               ? -errno
	               : 0;
}

static int link_temporary(struct target *target, int fd)
{
	int r = -EEXIST;

	for (int i = 0; i < TRIES && r == -EEXIST; i++) {
		r = choose_temporary(target);
		if (r == 0)
			r = link_unnamed(target, fd, target->temporary);
	}
	return r;
}

static int name_unnamed(struct target *target, int fd)
{
	int r = link_unnamed(target, fd, target->place->name);

	if (r == -EEXIST && !(target->flags & (ATOMIC_FILE_REPLACE | ATOMIC_FILE_REPLACE_OWN)))
		return ATOMIC_FILE_EXISTS;
	if (r == -EEXIST)
		r = link_temporary(target, fd) < 0 ? NEEDS_NAME : move(target);
	else if (r < 0)
		r = NEEDS_NAME;
	return r;
}

/* A kill leaves nothing before the file has its name. Returns as atomic_file_write_in, or
 * NEEDS_NAME. */
static int write_unnamed(struct target *target, int source)
{
	_cleanup_close_ int fd = openat(
	        target->place->directory, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);

	if (fd < 0)
		return NEEDS_NAME;
	/* For its temporary name. An error is ignored, here and below: the file system has no
	 * locks, so that nothing is removed. */
	flock(fd, LOCK_EX | LOCK_NB);
	const int r = write_content(fd, source, target->flags);
	return r < 0 ? r : name_unnamed(target, fd);
}

/* Locks a new file. False if another process has locked or removed it: see remove_if_left. */
static bool lock_temporary(int fd)
{
	struct stat st;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return false;
	return fstat(fd, &st) < 0 || st.st_nlink > 0;
}

static int open_temporary(struct target *target)
{
	for (int i = 0; i < TRIES; i++) {
		const int r = choose_temporary(target);

		if (r < 0)
			return r;
		_cleanup_close_ int fd = openat(target->place->directory, target->temporary,
		        O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
		if (fd < 0 && errno != EEXIST)
			return -errno;
		if (fd >= 0 && lock_temporary(fd))
			return take_fd(&fd);
	}
	return -EEXIST;
}

static int write_named(struct target *target, int source)
{
	_cleanup_close_ int fd = open_temporary(target);

	if (fd < 0)
		return fd;
	const int r = write_content(fd, source, target->flags);
	if (r == 0)
		return move(target);
	unlinkat(target->place->directory, target->temporary, 0);
	return r;
}

int atomic_file_write_in(const struct atomic_file_place *place, int source, unsigned flags)
{
	struct target target = {.place = place, .flags = flags};
	int r = check_target(place, flags);

	if (r < 0)
		return r;
	remove_left(place->directory);
	r = write_unnamed(&target, source);
	if (r == NEEDS_NAME)
		r = write_named(&target, source);
	if (r == 0)
		fsync(place->directory); /* an error is ignored: the file is complete */
	return r;
}

/* --- errors ---------------------------------------------------------------------------------- */

static const char *text_of(int error)
{
	if (error == ATOMIC_FILE_EXISTS)
		return strerror(EEXIST);
	if (error == ATOMIC_FILE_NOT_OWN)
		return "file exists and belongs to another user";
	if (error == ATOMIC_FILE_NOT_REGULAR)
		return "not a regular file";
	return strerror(error < 0 ? -error : error);
}

void atomic_file_explain(
        int error, const struct atomic_file_place *place, char *ret_text, size_t size)
{
	if (error != ATOMIC_FILE_LINK) {
		snprintf(ret_text, size, "%s", text_of(error));
		return;
	}
	_cleanup_free_ char *name = escape_text(place->name);
	/* Not cut inside a character. */
	snprintf(ret_text, size, "the link of user %u in its path is not followed: %s",
	        place->link_owner, strlen(name) < LINK_NAME_MAX ? name : "(a long name)");
}
