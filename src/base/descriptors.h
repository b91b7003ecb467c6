/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "base/progress.h"

#include <stddef.h>
#include <sys/types.h>

/* Reading a descriptor to its end, and the set of descriptors that a process has open. */

/* Closes every descriptor above 2 except the `n` in `keep` (in any order; numbers below 3 are
 * ignored). Needs /proc before Linux 5.9. Changes errno. */
void descriptors_close_except(const int *keep, size_t n);

/* Reads until `buffer` is full or a read(2) returns less than `least` bytes (1: at the end of the
 * file); a call that a signal interrupts is repeated. Returns the number of bytes, or a negative
 * errno of read(2). */
ssize_t descriptors_read(int fd, char *buffer, size_t size, size_t least);

/* Reads all that is left of a file. *ret_bytes is the caller's to free (*ret_len bytes, no NUL).
 * `progress` (NULL: none) gets the number of bytes that have been read as `done`, and its
 * progress_wait precedes each read(2). Returns 0; -ECANCELED by `progress`; -EFBIG if the file has
 * more than `max` bytes (below SIZE_MAX): then *ret_bytes holds the first `max` of them, or none if
 * the size of a regular file shows it before; else a negative errno of read(2), and *ret_bytes is
 * not set. */
_must_check_ int descriptors_read_all(
        int fd, size_t max, struct progress *progress, char **ret_bytes, size_t *ret_len);

/* A pair of sockets for messages that are connected to each other (unix(7), SOCK_SEQPACKET,
 * close-on-exec). By the system call: on i386 the C library's socketpair() may use socketcall(2),
 * whose arguments no filter of system calls can read. Returns 0 or a negative errno. */
_must_check_ int descriptors_pair(int ret[2]);

/* Opens /dev/null for each of 0, 1 and 2 that is closed, so that no file opened later gets
 * such a number. The access mode is the wrong one, so that reading 0 and writing 1 or 2 still fail
 * with EBADF. Returns 0 or a negative errno. */
_must_check_ int descriptors_fill_standard(void);
