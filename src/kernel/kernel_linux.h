/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real kernel's inside, for kernel_linux.c and kernel_privileged.c. */

#include "kernel/kernel.h"

struct privileged;

struct kernel_linux {
	struct kernel base;
	int proc; /* O_PATH descriptor of the procfs */
	uint64_t ns_dev;
	bool has_link_keys;
	unsigned rungs;                /* KERNEL_RUNG_* */
	struct privileged *privileged; /* NULL: no helper */
};
