/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The descriptors of other processes, by a descriptor of their /proc/PID/fd (proc_pid_fd(5)). What
 * they lead to belongs to strangers: nothing here opens it, or asks its file system anything. */

#include "base/attributes.h"

#include <stddef.h>
#include <sys/types.h>

/* The next numbers, at most `max`, which is at least 16: how many, 0 at the end, or a negative
 * errno. */
_must_check_ ssize_t kernel_fds_next(int fds, int *ret_fds, size_t max);

/* The text of the link of number `fd`: its length, cut to `size`, or a negative errno. */
_must_check_ ssize_t kernel_fds_link(int fds, int fd, char *buffer, size_t size);

/* A descriptor of the namespace that number `fd` leads to. -ENOTTY: it is none. -ENOENT: that
 * number is not open there. (nsrel_open pins before it looks, and looks before it opens.) */
_must_check_ int kernel_fds_open_ns(int fds, int fd);

/* 1 if both threads have the same descriptor table, 0 if not, or a negative errno (kcmp(2)). */
_must_check_ int kernel_fds_is_one_table(pid_t tid, pid_t other);
