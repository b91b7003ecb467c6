/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"

#include "base/memory.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Bytes of a file that are read at once, so that another thread sees the progress. */
#define STEP ((size_t)1 << 20)

/* Since Linux 5.9; the same number on every architecture, in headers since then. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

/* Closes one by one, for kernels without close_range(2). */
static void close_listed(unsigned first, unsigned last)
{
	DIR *dir = opendir("/proc/self/fd");

	if (!dir)
		return;
	for (const struct dirent *entry; (entry = readdir(dir));) {
		const unsigned long fd = strtoul(entry->d_name, NULL, 10);

		if (fd >= first && fd <= last && fd != (unsigned long)dirfd(dir))
			close((int)fd);
	}
	closedir(dir);
}

static void close_all(unsigned first, unsigned last)
{
	if (first <= last && syscall(SYS_close_range, first, last, 0) < 0)
		close_listed(first, last);
}

/* The smallest descriptor in `keep` that is not below `first`, or -1. */
static int next_kept(const int *keep, size_t n, unsigned first)
{
	int next = -1;

	for (size_t i = 0; i < n; i++) {
		if (keep[i] >= 0 && (unsigned)keep[i] >= first && (next < 0 || keep[i] < next))
			next = keep[i];
	}
	return next;
}

void descriptors_close_except(const int *keep, size_t n)
{
	unsigned first = STDERR_FILENO + 1;

	for (int kept; (kept = next_kept(keep, n, first)) >= 0; first = (unsigned)kept + 1)
		close_all(first, (unsigned)kept - 1);
	close_all(first, INT_MAX);
}

int descriptors_pair(int ret[2])
{
	const int type = SOCK_SEQPACKET | SOCK_CLOEXEC;

	return syscall(SYS_socketpair, AF_UNIX, type, 0, ret) < 0 ? -errno : 0;
}

int descriptors_fill_standard(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* open(2) returns the lowest free number, which is this one. No O_CLOEXEC: programs
		 * that this one starts inherit it. */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
			return -errno;
	}
	return 0;
}

ssize_t descriptors_read(int fd, char *buffer, size_t size, size_t least)
{
	size_t len = 0;

	while (len < size) {
		const ssize_t n = read(fd, buffer + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if ((size_t)n < least)
			break;
	}
	return (ssize_t)len;
}

int descriptors_read_all(
        int fd, size_t max, struct progress *progress, char **ret_bytes, size_t *ret_len)
{
	size_t len = 0, capacity = 64 * 1024;
	struct stat st;
	bool is_cut = false, has_ended = false;

	/* One byte more than the size of a regular file shows its end without growing the buffer.
	 * The file may grow meanwhile. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		is_cut = (uint64_t)st.st_size > max;
		capacity = is_cut ? 1 : (size_t)st.st_size + 1;
	}
	_cleanup_free_ char *bytes = memory_new(capacity);
	while (!is_cut && !has_ended) {
		const int r = progress ? progress_wait(progress, fd) : 0;

		if (r < 0)
			return r;
		bytes = memory_grow(bytes, &capacity, len + 1, 1);
		const size_t room = MIN(capacity, max + 1) - len;
		const ssize_t n = descriptors_read(fd, bytes + len, MIN(room, STEP), SIZE_MAX);
		if (n < 0)
			return (int)n;
		len += (size_t)n;
		has_ended = n == 0;
		is_cut = len > max;
		if (progress)
			progress_set(progress, len, atomic_load(&progress->total));
	}
	*ret_bytes = bytes;
	*ret_len = MIN(len, max);
	bytes = NULL;
	return is_cut ? -EFBIG : 0;
}
