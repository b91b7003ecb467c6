/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The state of the real kernel (kernel_linux.c), for the files of src/kernel. */

#include "kernel/kernel.h"
#include "kernel/kernel_file.h"
#include "nsrel/nsfs_uapi.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>

struct cpu_events;
struct privileged;
struct proc_mount;

struct kernel_linux {
	struct kernel base;
	char *path;                     /* where procfs is mounted */
	int proc;                       /* O_PATH descriptor of it */
	struct kernel_file mount;       /* of that */
	FILE *mountinfo;                /* our own, polled for changes; NULL: not open */
	bool is_foreign;                /* it shows another PID namespace than ours */
	bool has_covered;               /* something is mounted on or below a /proc/PID */
	bool is_hiding;                 /* procfs is mounted with hidepid */
	struct kernel_cgroups *cgroups; /* the mounted hierarchies; NULL: none is known */
	char boot_id[40];               /* empty: not read yet, or not readable */
	int64_t booted_ns;              /* since 1970; 0: not known yet */
	uint64_t ns_dev;                /* device of all namespaces; 0: not known */
	bool has_link_keys;             /* namespaces have file handles (Linux 6.18) */
	unsigned interfaces;            /* KERNEL_USE_* */
	atomic_bool lacks_children;     /* kernel_children_open would fail again */
	atomic_int list_error;          /* of ns_list.c: it would fail again; 0: not known */
	struct kernel_ns_id *_Atomic first_list; /* of ns_list_set_first; NULL: none */
	size_t n_first_list;
	struct privileged *privileged; /* NULL: no helper */
	struct cpu_events *events;     /* NULL: not open */
	unsigned events_end;           /* of events_set_end; 0: none */
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

/* True if procfs shows another PID namespace than that of this process. */
bool kernel_host_is_foreign(const struct kernel_linux *l);

/* Reads the KERNEL_NS_LIMITS limits of the user namespace that this process is in now. `proc` is a
 * descriptor of procfs. */
void kernel_host_read_limits(int proc, struct kernel_ns_limit *ret);

/* Closes the mountinfo that kernel_host_read keeps open. */
void kernel_host_release(struct kernel_linux *l);

/* --- kernel_cgroup.c -------------------------------------------------------------------------- */

/* kernel_host_read passes all mounts of our own mountinfo, then has those of control groups
 * checked. */
void kernel_cgroup_add_mount(struct kernel_linux *l, const struct proc_mount *mount);
void kernel_cgroup_check_mounts(struct kernel_linux *l);
void kernel_cgroup_forget(struct kernel_linux *l);

/* As kernel_ops->cgroup_owner. */
int kernel_cgroup_owner(struct kernel *k, const char *hierarchy, const char *path, uid_t *ret_uid);

/* --- kernel_children.c ------------------------------------------------------------------------ */

/* Opens the PID namespace for children of the process or thread that has this ns directory, which
 * may have no process yet. Returns a descriptor (close-on-exec); -ENOENT: the kernel does not tell
 * (before Linux 6.11, and if procfs shows other PIDs than our own); -EMFILE, -ENFILE. */
int kernel_children_open(struct kernel_linux *l, int ns_dir);
