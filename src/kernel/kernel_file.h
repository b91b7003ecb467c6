/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opens files of /proc that another mount may cover. In a container such a file may belong to a
 * file server (lxcfs(1)) that never replies: then open(2) waits, also with O_NONBLOCK, and so do
 * read(2) and fstatfs(2). open(2) with O_PATH and statx(2) with AT_STATX_DONT_SYNC do not wait. */

#include "base/attributes.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* The location and owner of a file. */
struct kernel_file {
	uint64_t dev, ino;
	uint64_t mount; /* ID of its mount (as in mountinfo); 0 from Linux 4.11 to 5.7,
	                 * and before, if a job reads it */
	uid_t uid;
};

/* Gives these facts of `path` below `dir` ("": of `dir` itself) without following a symbolic link.
 * Never waits. Returns 0 or a negative errno; -EXDEV: before Linux 4.11, it is on a mount whose
 * files could make fstat(2) wait, or on one of another mount namespace. */
_must_check_ int kernel_file_stat(int dir, const char *path, struct kernel_file *ret);

/* The same in a job, which has a deadline: before Linux 4.11 it may wait, and the mount may be any.
 */
_must_check_ int kernel_file_stat_in_job(int fd, struct kernel_file *ret);

/* False before Linux 4.11. */
bool kernel_file_has_statx(void);

/* True if both are on one mount; from Linux 4.11 to 5.7 if both are on one device. */
bool kernel_file_is_same_mount(const struct kernel_file *a, const struct kernel_file *b);

/* Opens `path` below `dir` as openat(2) does (O_CLOEXEC is added), if no mount covers any part of
 * it. Returns a descriptor or a negative errno; -EXDEV: a mount covers it. */
_must_check_ int kernel_file_open_uncovered(int dir, const char *path, int flags);

/* Opens a file for reading if it is on the same device as `dir`, on any mount. Returns as above. */
_must_check_ int kernel_file_open_same_device(int dir, const char *path);

/* Reads up to `size` bytes from the start of an open file of /proc. Returns how many, or a negative
 * errno. */
_must_check_ ssize_t kernel_file_read_start(int fd, char *buffer, size_t size);
