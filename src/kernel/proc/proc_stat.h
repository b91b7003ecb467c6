/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/stat (proc_pid_stat(5)). */

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct proc_stat {
	pid_t pid;
	const char *comm; /* inside the text, not NUL-terminated, raw */
	size_t comm_len;
	char state; /* R S D Z T ... */
	pid_t ppid;
	bool is_kernel; /* a kernel thread */
	unsigned n_threads;
	uint64_t started; /* clock ticks since boot */
};

/* The name is what stands between the first `(` and the last `)`: it may hold brackets, blanks
 * and newlines itself. Returns 0; -EINVAL when the text is malformed, cut off, or a number in it
 * is too large. */
_must_check_ int proc_stat_parse(const char *text, size_t len, struct proc_stat *ret);
