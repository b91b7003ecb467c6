/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel.h"

/* Fills in what can be learnt of the host from the procfs at descriptor `proc` and from the system,
 * all but ns_dev. */
void kernel_host_read(int proc, struct kernel_host *ret);

/* Opens `path` below `dir`, reads up to `size` bytes from its start, closes it. Returns how many,
 * or a negative errno. */
_must_check_ ssize_t kernel_host_read_file(int dir, const char *path, char *buffer, size_t size);
