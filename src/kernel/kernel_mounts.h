/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the operations of kernel.h take and give that list, read or access mounts of other mount
 * namespaces. */

#include "nsrel/nsrel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How many bytes of a mountinfo are read. (The default limit of the kernel is 100,000 mounts, but
 * their paths may be very long.) */
enum { KERNEL_MOUNTINFO_MAX = 32 * 1024 * 1024 };

/* A namespace to open behind an nsfs mount: its identity, where it is mounted, and the result. */
struct kernel_mounted {
	/* A handle of a process in the mount namespace of the mount (process_open); with
	 * is_mount_ns one of the mount namespace itself, if no process is in it; with is_own one of
	 * this program, whose root directory then need not be readable through /proc. */
	int place;
	bool is_mount_ns;
	bool is_own;
	/* The mount point, raw (decoded from mountinfo), from the root directory of that process or
	 * mount namespace; "/" first, without "." and "..". */
	const char *point;
	int type;     /* of the namespace that must be there: CLONE_NEW* */
	uint64_t ino; /* its inode number */
	/* The result: a handle, which the caller closes, or a negative errno. -ESTALE: another file
	 * is there (the mount is covered, or was replaced); -ENOENT, -ENOTDIR: the path is gone;
	 * -ESRCH: the process has ended, and the mount may still be there; -ETIMEDOUT: the access
	 * hung, now or before: this mount namespace is not accessed again; -EPERM, -EACCES: no
	 * permission. */
	int ns;
};

/* A mount namespace, as mount_ns_list gives it. */
struct kernel_mount_ns {
	struct nsrel_key key;
	uint64_t id;       /* for the operations on mount namespaces; never reused */
	unsigned n_mounts; /* of any file system */
};

/* The mounts of a mount namespace, as mount_ns_texts gives them. */
struct kernel_mounts {
	/* The lines of mountinfo of a process whose root directory is that of the mount namespace
	 * (proc_pid_mountinfo(5)), also of covered mounts, from Linux 7.0 on also of those below
	 * the root directory; not NUL-terminated. `propagate_from` is missing. */
	const char *text;
	size_t len;
	/* 0, or a negative errno: there is no text. -ENOENT: the mount namespace is gone, or it is
	 * not permitted; -EPERM: it is not permitted; -EOPNOTSUPP: an older kernel. */
	int error;
	bool is_cut; /* there are more, behind KERNEL_MOUNTINFO_MAX bytes */
	/* The kernel gives no sources and no subtypes (before Linux 6.13): the sources are empty,
	 * and "fuse.sshfs" is "fuse". */
	bool lacks_source;
};

/* Called with the mounts of mount namespace number `i`, which are valid during the call. It must
 * not use the kernel. */
typedef void kernel_mounts_fn(void *data, size_t i, const struct kernel_mounts *mounts);

/* A mount of the root of procfs, to look whether it shows a process. */
struct kernel_proc_mount {
	/* A process in the mount namespace of the mount, and a thread of it, or 0: the process;
	 * is_own: of this program, as in struct kernel_mounted. `mount_ns`: negative. */
	pid_t pid, tid;
	bool is_own;
	int mount_ns;          /* a handle of that mount namespace, if no process is in it */
	const char *point;     /* as in struct kernel_mounted */
	unsigned major, minor; /* of that procfs */
	bool is_hiding;        /* it is mounted with hidepid=ptraceable (proc(5)) */
	bool with_ns;          /* pid_ns is wanted, too, which takes longer */
	/* The result: 1: it shows processes; 0: it shows none, and never will; or a negative errno.
	 * -ESTALE: another file system is there; -ESRCH: the process has ended; -ENOENT, -ENOTDIR:
	 * the path is gone; -ETIMEDOUT: this or another access hung; -EPERM, -EACCES: no
	 * permission. */
	int result;
	/* If it shows processes: inode of their PID namespace; 0: not known. One that a mount
	 * covers is not accessed. */
	uint64_t pid_ns;
};
