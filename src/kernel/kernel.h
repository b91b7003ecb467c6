/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The one seam to Linux: what scan/ asks, at the level of the kernel itself, so that a fake
 * kernel (tests) drives the same parsers and the same scan. kernel_linux.c is the real one.
 *
 * Handles are small numbers of the kernel's own choosing (descriptors on Linux); every handle
 * that is not negative is closed with close(). All operations may be called from several threads
 * at once. All return 0, a length or a handle, or a negative errno. */

#include "base/attributes.h"
#include "nsrel/nsrel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kernel;

/* What is asked once, and cannot fail but in parts (empty strings, 0). */
struct kernel_host {
	char name[256];    /* host name, raw */
	char release[128]; /* uname -r */
	char boot_id[40];
	int64_t taken;        /* seconds since 1970, now */
	int64_t booted;       /* the same, of the boot */
	unsigned hertz;       /* start times are in this */
	uid_t euid;           /* whose rights are used */
	bool is_hidepid;      /* /proc hides the processes of others from us (proc(5), hidepid) */
	bool is_inside;       /* we are in a user namespace that is not the initial one */
	bool is_foreign_proc; /* /proc belongs to another PID namespace than ours */
	uint64_t ns_dev; /* the device of all namespaces (one for a boot); 0: none was readable */
	uint64_t pid_ns; /* inode of the PID namespace that /proc shows; 0: not known */
};

struct kernel_ops {
	void (*host)(struct kernel *k, struct kernel_host *ret);

	/* All PIDs that /proc lists, ascending, malloc'ed, the caller's. */
	int (*list_pids)(struct kernel *k, pid_t **ret_pids, size_t *ret_n);

	/* A process by its directory: all reads are relative to it, so a PID that is used again
	 * meanwhile gives ESRCH/ENOENT, not a mixture. Our own PID may be served by /proc/self. */
	int (*process_open)(struct kernel *k, pid_t pid);

	/* Its (effective) user, from the owner of its directory (not of an entry in it: those read
	 * 0 for a process that is not dumpable). */
	int (*process_uid)(struct kernel *k, int process, uid_t *ret_uid);

	/* Reads at most `size` bytes, from its start, of a file of /proc/PID ("stat", "status",
	 * "cmdline", "uid_map", "cgroup", ...). Returns the number of bytes; not NUL-terminated. */
	ssize_t (*process_read)(
	        struct kernel *k, int process, const char *file, char *buffer, size_t size);

	/* Its ns directory, for the two below. */
	int (*ns_dir_open)(struct kernel *k, int process);

	/* The text of a link there ("user", "pid_for_children", ...): "user:[4026531837]". Returns
	 * its length; not NUL-terminated. */
	ssize_t (*ns_link)(
	        struct kernel *k, int ns_dir, const char *link, char *buffer, size_t size);

	/* The key of what the link leads to without opening it (name_to_handle_at, Linux 6.18).
	 * -EOPNOTSUPP where the kernel cannot: then id is learnt by ns_open + ns_key, or not. */
	int (*ns_link_key)(struct kernel *k, int ns_dir, const char *link, struct nsrel_key *ret);

	/* Opens what the link leads to; then the questions of nsrel.h, on the handle. */
	int (*ns_open)(struct kernel *k, int ns_dir, const char *link);
	int (*ns_key)(struct kernel *k, int ns, struct nsrel_key *ret);
	int (*ns_type)(struct kernel *k, int ns);
	int (*ns_owner)(struct kernel *k, int ns);
	int (*ns_parent)(struct kernel *k, int ns);
	int (*ns_owner_uid)(struct kernel *k, int ns, uid_t *ret_uid);

	void (*close)(struct kernel *k, int handle);
	void (*free)(struct kernel *k);
};

/* Implementations begin with this. */
struct kernel {
	const struct kernel_ops *ops;
};

/* The running system. `proc` is where procfs is mounted ("/proc"). Returns 0, or a negative
 * errno if there is no procfs there. Freed with kernel_free. */
_must_check_ int kernel_linux_new(const char *proc, struct kernel **ret);

/* NULL is fine. */
void kernel_free(struct kernel *k);
