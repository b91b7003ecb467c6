/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Names in /proc that are PIDs. */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* True and the PID for "1", "4711", ...; false for anything else ("self", "0", "01"). */
bool proc_pid_parse(const char *name, pid_t *ret);

/* Takes the PIDs out of the `len` bytes of directory entries that getdents64(2) wrote into
 * `entries`, and appends them to *pids (malloc'ed, *n of *capacity). What is malformed ends it. */
void proc_pid_collect(const char *entries, size_t len, pid_t **pids, size_t *n, size_t *capacity);

/* The same for descriptors, which begin at 0: at most `max`, in their order; returns how many. An
 * entry with such a name takes at least 24 bytes. */
size_t proc_fd_take(const char *entries, size_t len, int *ret_fds, size_t max);

/* Sorts them, ascending. */
void proc_pid_sort(pid_t *pids, size_t n);
