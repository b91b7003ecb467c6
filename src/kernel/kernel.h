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
	pid_t self;      /* our own PID in there; 0: it does not show us */
	/* What another mount covers at the top of /proc and therefore was not read, static; NULL:
	 * nothing. */
	const char *replaced;
};

/* The directory of a process. */
struct kernel_process {
	uid_t uid;    /* effective, of the process */
	uint64_t ino; /* stays while the process lives, unless the kernel is short of memory */
};

/* What is read of a mountinfo, in bytes: the default limit is 100,000 mounts, but paths may be very
 * long. */
enum { KERNEL_MOUNTINFO_MAX = 32 * 1024 * 1024 };

/* A namespace to be opened: what is known of it, where it is to be found, and the answer. */
struct kernel_mounted {
	/* Where: a handle of a process in the mount namespace in question (process_open), or with
	 * is_mount_ns one of that mount namespace itself, for one that no process is in. */
	int place;
	bool is_mount_ns;
	/* The mount point, raw (decoded from mountinfo, or as mount_ns_mounts gives it), from the
	 * root directory of that process or mount namespace; "/" first, without "." and "..". */
	const char *point;
	int type;     /* what must be there: CLONE_NEW* */
	uint64_t ino; /* and its inode */
	/* The answer: a handle, the caller's to close, or a negative errno. -ESTALE: something else
	 * is there (covered by another mount, swapped meanwhile); -ENOENT, -ENOTDIR: it is gone;
	 * -ESRCH: the process is, which says nothing of the mount; -ETIMEDOUT: it hung, now or
	 * before: that mount namespace is not asked again; -EPERM, -EACCES: it may not be seen. */
	int ns;
};

/* A mount namespace, as mount_ns_list gives it. */
struct kernel_mount_ns {
	struct nsrel_key key;
	uint64_t id;       /* which the operations on mount namespaces take; never used again */
	unsigned n_mounts; /* of any file system */
};

/* An nsfs mount, as mount_ns_mounts gives it. */
struct kernel_ns_mount {
	int type;          /* CLONE_NEW* */
	uint64_t ino;      /* of the namespace mounted */
	uint64_t mount_id; /* never used again; not the number in mountinfo */
	const char *point; /* raw, from the root of that mount namespace */
};

/* A descriptor of another process that is a socket, as its link says. */
struct kernel_socket {
	int process; /* a handle (process_open, thread_open) */
	pid_t pid;   /* the same process's, or thread's */
	int fd;      /* its number there */
	/* The answer: 0 and the key, or a negative errno (-ENOTSOCK: it is something else by now;
	 * -EBADF, -ESRCH: gone; -EPERM; -ETIMEDOUT). */
	int error;
	struct nsrel_key key;
	/* A handle on that network namespace, for the first socket of each in one call, the
	 * caller's to close; else -EBADF. */
	int ns;
};

/* A command line to be read. That read can wait for ever: it takes the lock of the process's
 * address space (mmap_read_lock), which the process holds while it waits for a file server, if it
 * replaces a mapping with dirty pages or is looked at by /proc/PID/mem. So jobs of the helper do
 * it. */
struct kernel_cmdline {
	pid_t pid;
	uint64_t ino;     /* of its directory, as process_stat gave it */
	uint64_t started; /* as in its stat */
	/* The answer: 0; -ETIMEDOUT: the read was given up, since it waited; -EAGAIN: not tried,
	 * since the one before it waited; -ESRCH: the process has gone; or another errno. */
	int error;
};

/* Called with the bytes of item number `i`, at most KERNEL_CMDLINE_MAX; they are lent. */
typedef void kernel_cmdline_fn(void *data, size_t i, const char *bytes, size_t len);

/* What this kernel can and we may; the rungs of discovery above the first. */
struct kernel_features {
	bool ns_id;          /* namespaces tell an id that is never used again (Linux 6.18) */
	bool nsfs_handles;   /* they can be opened by type, inode and id (6.18) */
	bool mntns_next;     /* mount namespaces can be listed (6.12) */
	bool listmount;      /* and their mounts (6.8; foreign ones 6.11) */
	bool pid_from_pidns; /* PIDs can be translated by a PID namespace (6.11) */
};

/* How many may be asked in one call: none is tried of more (-E2BIG). */
enum { KERNEL_MOUNTED_MAX = 64, KERNEL_KEYS_MAX = 64, KERNEL_SOCKETS_MAX = 1024 };

/* What is read of a command line, in bytes: one more than is kept, so that a cut is noticed. */
enum { KERNEL_CMDLINE_MAX = 4097 };

/* Operations that newer kernels have: bits for kernel_linux_set_rungs. */
enum {
	KERNEL_RUNG_B = 1 << 0, /* mount_ns_list, mount_ns_open, mount_ns_mounts (Linux 6.12) */
	KERNEL_RUNG_C = 1 << 1, /* ns_link_key, ns_open_keys and the ids in keys (Linux 6.18) */
};

struct kernel_ops {
	void (*host)(struct kernel *k, struct kernel_host *ret);

	/* All PIDs that /proc lists, ascending, malloc'ed, the caller's. */
	int (*list_pids)(struct kernel *k, pid_t **ret_pids, size_t *ret_n);

	/* A process by its directory: all reads are relative to it, so a PID that is used again
	 * meanwhile gives ESRCH/ENOENT, not a mixture. Our own PID may be served by /proc/self. */
	int (*process_open)(struct kernel *k, pid_t pid);

	/* Its (effective) user, from the owner of its directory (not of an entry in it: those read
	 * 0 for a process that is not dumpable). -EXDEV: something is mounted over the directory,
	 * so what is read there is not the process's. */
	int (*process_stat)(struct kernel *k, int process, struct kernel_process *ret);

	/* Reads at most `size` bytes, from its start, of a file of /proc/PID ("stat", "status",
	 * "uid_map", "cgroup", ...). Returns the number of bytes; not NUL-terminated; -EXDEV:
	 * something is mounted over it (all operations that open something of a process give
	 * that). Not for what can wait for ever: cmdline, environ, maps, smaps, numa_maps, pagemap
	 * and map_files (src/kernel/proc_files.txt). */
	ssize_t (*process_read)(
	        struct kernel *k, int process, const char *file, char *buffer, size_t size);

	/* The same for a file that may be long (mountinfo): a handle, then what comes next, 0 at
	 * the end. */
	int (*file_open)(struct kernel *k, int process, const char *file);
	ssize_t (*file_read)(struct kernel *k, int file, char *buffer, size_t size);

	/* The text of its link `root`: where it has its root directory, as seen from ours, or in
	 * another mount namespace from the root of that. Returns the length; not NUL-terminated. */
	ssize_t (*root_link)(struct kernel *k, int process, char *buffer, size_t size);

	/* All TIDs of a process, ascending, malloc'ed, the caller's. */
	int (*list_tids)(struct kernel *k, int process, pid_t **ret_tids, size_t *ret_n);

	/* A thread by its directory (/proc/PID/task/TID): a handle for all that takes a process. */
	int (*thread_open)(struct kernel *k, int process, pid_t tid);

	/* 1 if two threads have one descriptor table, 0 if not (kcmp(2)); -EOPNOTSUPP, -EPERM where
	 * that cannot be told. */
	int (*is_one_fd_table)(struct kernel *k, pid_t tid, pid_t other);

	/* The descriptors of a process or thread: a handle; then the numbers of at most `max` (at
	 * least 16) at a time, in no order, how many, 0 at the end; then the text of the link of
	 * each (its length, not NUL-terminated, cut to `size`). Nothing of this touches what the
	 * descriptor leads to. */
	int (*fds_open)(struct kernel *k, int process);
	ssize_t (*fds_next)(struct kernel *k, int fds, int *ret_fds, size_t max);
	ssize_t (*fd_link)(struct kernel *k, int fds, int fd, char *buffer, size_t size);

	/* Opens the namespace that a descriptor leads to: a handle, or -ENOTTY when it leads to
	 * something else, which then is not touched: it is pinned first (O_PATH), and only what is
	 * pinned is looked at and opened, so that it cannot be swapped in between. */
	int (*fd_open_ns)(struct kernel *k, int fds, int fd);

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

	/* When its inode in nsfs was made, in ns since 1970, and whether that is so long ago that
	 * one made after it has another time. The inode stays while it is open or mounted anywhere;
	 * a namespace that has the same number later has a new one. */
	int (*ns_made)(struct kernel *k, int ns, uint64_t *ret_made, bool *ret_is_before);

	/* --- Rungs that a kernel may lack: the operation may be NULL, and all may give -EOPNOTSUPP
	 * (no helper, an older kernel, switched off) or -EPERM, -EACCES (the right is missing; none
	 * of the items was tried). Those that go by items return 0 when all items have their
	 * answer. They are served by the helper process; none waits longer than half a second for
	 * what hangs, whatever the number of items. --- */

	/* Opens namespaces behind nsfs mount points. Items of one place should stand together. Not
	 * to be asked for what mountinfo shows under fuse, nfs, autofs or under another mount. */
	int (*ns_open_mounted)(struct kernel *k, struct kernel_mounted *items, size_t n);

	/* Opens namespaces by their keys alone, whose ids must be known (Linux 6.18): handles, or
	 * negative errnos (-ESTALE: gone), in ret_ns. */
	int (*ns_open_keys)(struct kernel *k, const struct nsrel_key *keys, const int *types,
	        size_t n, int *ret_ns);

	/* All mount namespaces of the system, also those without a process (Linux 6.12, asked with
	 * CAP_SYS_ADMIN in the initial user and PID namespaces); malloc'ed, the caller's. */
	int (*mount_ns_list)(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);

	/* Opens one of that list. -ENOENT: gone. */
	int (*mount_ns_open)(struct kernel *k, uint64_t id);

	/* The nsfs mounts in one of that list, also covered ones; one malloc'ed block, the
	 * caller's. -ENOENT: gone. */
	int (*mount_ns_mounts)(
	        struct kernel *k, uint64_t id, struct kernel_ns_mount **ret, size_t *ret_n);

	/* The text of mountinfo as a process in that mount namespace would see it, for one that no
	 * process is in and older kernels; malloc'ed, the caller's, not NUL-terminated. Returns 0,
	 * 1 if it was cut off after KERNEL_MOUNTINFO_MAX, or a negative errno; -ETIMEDOUT as
	 * above. */
	int (*mount_ns_mountinfo)(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);

	/* The network namespaces of sockets (pidfd_getfd(2), SIOCGSKNS; Linux 5.6). Items of one
	 * process should stand together. */
	int (*socket_ns)(struct kernel *k, struct kernel_socket *items, size_t n);

	/* Reads command lines of any number of processes, calls `take` with each that was read. 0:
	 * all items have their answer. */
	int (*cmdlines)(struct kernel *k, struct kernel_cmdline *items, size_t n,
	        kernel_cmdline_fn *take, void *data);

	void (*features)(struct kernel *k, struct kernel_features *ret);

	void (*close)(struct kernel *k, int handle);
	void (*free)(struct kernel *k);
};

/* Implementations begin with this. */
struct kernel {
	const struct kernel_ops *ops;
};

/* NULL is ignored. */
static inline void kernel_free(struct kernel *k)
{
	if (k)
		k->ops->free(k);
}
