/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of the real kernel (kernel_linux.c), for the files of src/kernel. */

#include "kernel/kernel.h"
#include "kernel/kernel_file.h"
#include "nsrel/nsfs_uapi.h"

#include <fcntl.h>
#include <stdio.h>

struct privileged;

struct kernel_linux {
	struct kernel base;
	char *path;                    /* where procfs is mounted */
	int proc;                      /* O_PATH descriptor of it */
	struct kernel_file mount;      /* of that */
	FILE *mountinfo;               /* our own, polled for changes; NULL: not open */
	bool has_covered;              /* something is mounted on or below a /proc/PID */
	bool is_hiding;                /* procfs is mounted with hidepid */
	char boot_id[40];              /* empty: not read yet, or not readable */
	int64_t booted_ns;             /* since 1970; 0: not known yet */
	uint64_t ns_dev;               /* device of all namespaces; 0: not known */
	bool has_link_keys;            /* namespaces have file handles (Linux 6.18) */
	unsigned interfaces;           /* KERNEL_USE_* */
	struct privileged *privileged; /* NULL: no helper */
};

static inline struct kernel_linux *linux_of(struct kernel *k)
{
	return (struct kernel_linux *)k;
}

/* The key as the operations give it: without the id if ids are not used. */
static inline struct nsrel_key kernel_internal_key(struct kernel *k, const struct nsrel_key *key)
{
	struct nsrel_key shown = *key;

	if (!(linux_of(k)->interfaces & KERNEL_USE_IDS))
		shown.id = 0;
	return shown;
}

/* Room for the file handle of a namespace (name_to_handle_at(2)); its bytes are a struct
 * nsfs_uapi_handle. */
union kernel_ns_handle {
	struct file_handle head;
	char room[sizeof(struct file_handle) + sizeof(struct nsfs_uapi_handle)];
};

/* --- kernel_host.c --------------------------------------------------------------------------- */

/* Reads the facts of the host from procfs and by system calls. Also sets l->has_covered and
 * l->is_hiding. */
void kernel_host_read(struct kernel_linux *l, struct kernel_host *ret);

/* Closes the mountinfo that kernel_host_read keeps open. */
void kernel_host_release(struct kernel_linux *l);
