/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The real kernel's inside, for kernel_linux.c and what it asks the helper. */

#include "kernel/kernel.h"
#include "kernel/kernel_open.h"

#include <stdio.h>

struct privileged;

struct kernel_linux {
	struct kernel base;
	char *path;               /* where procfs is mounted */
	int proc;                 /* O_PATH descriptor of it */
	struct kernel_file mount; /* of that */
	FILE *mountinfo;          /* our own, polled for changes; NULL: not open */
	bool has_covered;         /* something is mounted on or below a /proc/PID */
	bool is_hiding;           /* procfs is mounted with hidepid */
	char boot_id[40];         /* empty: not read yet, or not readable */
	int64_t booted_ns;        /* since 1970; 0: not known yet */
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
