/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real kernel's inside, for kernel_linux.c and what it asks the helper. */

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

static inline struct kernel_linux *linux_of(struct kernel *k)
{
	return (struct kernel_linux *)k;
}

/* A key as it is told: without the id when that rung is off. */
static inline struct nsrel_key kernel_linux_key(struct kernel *k, const struct nsrel_key *key)
{
	struct nsrel_key told = *key;

	if (!(linux_of(k)->rungs & KERNEL_RUNG_C))
		told.id = 0;
	return told;
}
