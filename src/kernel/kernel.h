/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The interface to Linux that scan/ uses: operations at the level of system calls, so that a fake
 * kernel (tests) can run the same parsers and the same scan. kernel_linux.c is the real one.
 *
 * A handle is a number that is not negative (on Linux a descriptor); the caller closes each with
 * close(). Several threads may call all operations at once. All return 0, a length or a handle, or
 * a negative errno. */

#include "base/attributes.h"
#include "kernel/interfaces.h"
#include "kernel/kernel_mounts.h"
#include "nsrel/nsrel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kernel;

/* The ID by which the kernel shows those that the user namespace of this process does not map
 * (overflowuid and overflowgid, proc_sys_kernel(5)). */
struct kernel_overflow {
	uint32_t id;
	bool is_possible; /* some IDs are not mapped */
	bool is_mapped;   /* `id` is mapped, so it may also be itself */
};

/* How many namespaces of a type each user may have in the user namespace of this process:
 * /proc/sys/user/max_TYPE_namespaces (namespaces(7)). */
struct kernel_ns_limit {
	int type;  /* CLONE_NEW*; 0: an unused item */
	int error; /* negative errno; 0: it is known */
	uint64_t max;
};

enum { KERNEL_NS_LIMITS = 8 };

/* Facts of the host. What cannot be read is an empty string or 0. */
struct kernel_host {
	char name[256];    /* host name, raw */
	char release[128]; /* uname -r */
	char boot_id[40];
	int64_t taken;        /* time now, in seconds since 1970 */
	int64_t booted;       /* time of the boot, in seconds since 1970 */
	uint32_t booted_nsec; /* and nanoseconds */
	unsigned hertz;       /* ticks per second of start times */
	uid_t euid;           /* of this process */
	bool is_hidepid; /* /proc hides processes of other users from this one (proc(5), hidepid) */
	bool is_inside_user; /* this process is in a user namespace other than the initial one */
	bool is_inside_pid;  /* the same of its PID namespace */
	/* The kernel has no user namespaces (CONFIG_USER_NS): there is no link ns/user in /proc,
	 * and ns_owner returns -EPERM. */
	bool lacks_user_ns;
	struct kernel_overflow overflow_uid, overflow_gid;
	struct kernel_ns_limit ns_limits[KERNEL_NS_LIMITS];
	bool is_foreign_proc; /* /proc shows another PID namespace than that of this process */
	unsigned proc_major, proc_minor; /* device of /proc; 0, 0: not known */
	uint64_t ns_dev; /* the device of all namespaces (one for a boot); 0: none was readable */
	uint64_t pid_ns; /* inode of the PID namespace that /proc shows; 0: not known */
	pid_t self;      /* PID of this process there; 0: it is not shown */
	/* The first file at the top of /proc, or of this process, that could not be read, a static
	 * string, and the error, a positive errno (EXDEV: a mount covers it); NULL: none. */
	const char *unread;
	int unread_error;
};

/* The directory of a process. */
struct kernel_process {
	uid_t uid;    /* effective, of the process */
	uint64_t ino; /* inode number: stays while the process exists, unless memory is scarce */
};

/* A descriptor of another process whose link shows a socket. */
struct kernel_socket {
	int process; /* a handle (process_open, thread_open) */
	pid_t pid;   /* of that process or thread */
	int fd;      /* number of the descriptor there */
	/* The result: 0 and the key, or a negative errno (-ENOTSOCK: it is no socket any more;
	 * -EBADF, -ESRCH: closed, or the process has ended; -EPERM; -ETIMEDOUT). */
	int error;
	struct nsrel_key key;
	/* A handle of the network namespace for the first socket of each in one call, which the
	 * caller closes; else -EBADF. */
	int ns;
};

/* A namespace, as ns_list gives it. */
struct kernel_ns_id {
	uint64_t id;
	int type; /* CLONE_NEW* */
};

/* Both lists of ns_lists: the caller frees both. */
struct kernel_ns_lists {
	struct kernel_ns_id *namespaces; /* as ns_list gives them */
	size_t n_namespaces;
	struct kernel_mount_ns *mount_ns; /* as mount_ns_list gives them */
	size_t n_mount_ns;
	int mount_ns_error; /* 0, or a negative errno: then there are none */
};

/* A command line to read. The read can wait for ever: it takes the lock of the address space of the
 * process (mmap_read_lock). The process may hold that lock while it waits for a file server: when
 * it replaces a mapping with dirty pages, or /proc/PID/mem is read. So jobs of the helper do it. */
struct kernel_cmdline {
	pid_t pid;
	uint64_t ino;     /* of its directory, from process_stat */
	uint64_t started; /* start time, parent and name, from its stat */
	pid_t ppid;
	const char *comm;
	/* The result: 0; -ETIMEDOUT: the read waited until the deadline; -EAGAIN: not tried, since
	 * one before it waited; -ESRCH: the process has ended; or another errno. */
	int error;
};

/* Called with the bytes of item number `i`, at most KERNEL_CMDLINE_MAX; valid during the call. */
typedef void kernel_cmdline_fn(void *data, size_t i, const char *bytes, size_t len);

/* Called with what ns_inside gives of item number `i`, or a negative errno; the text is valid
 * during the call. */
typedef void kernel_inside_fn(void *data, size_t i, int error, const char *text, size_t len);

/* The files of /proc/PID/net that are read (proc_pid_net(5)). */
enum kernel_net_file {
	KERNEL_NET_DEV,
	KERNEL_NET_DEV_MCAST,
	KERNEL_NET_IF_INET6,
	KERNEL_NET_ROUTE,
	KERNEL_NET_IPV6_ROUTE,
	KERNEL_NET_FIB_TRIE,
	KERNEL_NET_TCP,
	KERNEL_NET_TCP6,
	KERNEL_NET_UDP,
	KERNEL_NET_UDP6,
	KERNEL_NET_FILES,
};

/* The path of such a file, below the directory of a process: "net/dev". */
static inline const char *kernel_net_path(enum kernel_net_file file)
{
	static const char *const PATHS[KERNEL_NET_FILES] = {
	        [KERNEL_NET_DEV] = "net/dev",
	        [KERNEL_NET_DEV_MCAST] = "net/dev_mcast",
	        [KERNEL_NET_IF_INET6] = "net/if_inet6",
	        [KERNEL_NET_ROUTE] = "net/route",
	        [KERNEL_NET_IPV6_ROUTE] = "net/ipv6_route",
	        [KERNEL_NET_FIB_TRIE] = "net/fib_trie",
	        [KERNEL_NET_TCP] = "net/tcp",
	        [KERNEL_NET_TCP6] = "net/tcp6",
	        [KERNEL_NET_UDP] = "net/udp",
	        [KERNEL_NET_UDP6] = "net/udp6",
	};

	return PATHS[file];
}

/* At most this many interfaces and addresses of a network namespace are given, and this many
 * namespaces may be in one call of net_nsids. */
enum { KERNEL_NET_LINKS_MAX = 1000, KERNEL_NET_ADDRESSES_MAX = 4096, KERNEL_NSIDS_MAX = 1024 };

/* An interface of a network namespace. */
struct kernel_net_link {
	char name[16]; /* raw, NUL-terminated */
	char kind[16]; /* "veth", "bridge", ...; empty: not known */
	int ifindex;
	uint32_t flags; /* IFF_* (netdevice(7)) */
	uint8_t mac[6];
	bool has_mac;
	/* By net_links with is_dump only: */
	bool has_links; /* these are known */
	int master;     /* ifindex of its bridge or bond; 0: none */
	int link;       /* ifindex of its peer or lower device; 0: none */
	int nsid;       /* number of the namespace of `link`; KERNEL_NSID_OWN; -1: it has none */
};

/* `link` is in the same namespace. */
enum { KERNEL_NSID_OWN = -2 };

struct kernel_net_address {
	int family; /* AF_INET or AF_INET6 */
	int ifindex;
	int prefix;
	uint8_t bytes[16]; /* network order */
};

/* What net_links gives. The errors are 0 or a negative errno; what was received before is given. */
struct kernel_net {
	struct kernel_net_link *links; /* malloc'ed, the caller frees */
	size_t n_links;
	struct kernel_net_address *addresses; /* the same */
	size_t n_addresses;
	int links_error, addresses_error;
	bool is_links_cut, is_addresses_cut; /* there are more */
};

/* Where container engines keep what they know of a container: kernel/privileged/container_stores.c
 * has the paths. */
enum kernel_store {
	KERNEL_STORE_DOCKER,
	KERNEL_STORE_DOCKER_MAPPED, /* the same with userns-remap: `map_uid`, `map_gid` */
	KERNEL_STORE_CONTAINERD,    /* `space` */
	KERNEL_STORE_K3S,           /* the same */
	KERNEL_STORE_STORAGE,       /* of Podman and CRI-O, three files: all containers, ... */
	KERNEL_STORE_VOLATILE,      /* ... those that are removed when they end, ... */
	KERNEL_STORE_BUNDLE,        /* ... one container */
	KERNEL_STORE_POD_LOGS,      /* of the kubelet */
	KERNEL_STORE_MACHINE,       /* of systemd-machined */
	KERNEL_STORE_NSRESOURCE,    /* of systemd-nsresourced; the ID is that of a namespace */
	KERNEL_STORE_LXC,
	KERNEL_STORE_INCUS,
	KERNEL_STORE_FLATPAK,
	KERNEL_STORE_APPTAINER,
	KERNEL_STORES,
};

/* A container to look up in one store. */
struct kernel_container {
	enum kernel_store store;
	/* Whose store: 0 for that of root; else the one in the home directory of this user and
	 * below /run/user, which is opened as that user. */
	uid_t uid;
	const char *id;    /* 64 hexadecimal digits, or the name */
	const char *space; /* the namespace of containerd; NULL: none */
	uid_t map_uid;
	gid_t map_gid;
	/* The result: 0; -ENOENT: the store does not have it; -EPERM: another user could have
	 * changed the file; -ELOOP, -EXDEV, -EREMOTE, -EINVAL, -EFBIG: there are a symbolic link,
	 * another mount, a file system that is not local, no regular file, too many bytes;
	 * -EBADMSG: it is malformed; -ETIMEDOUT: the access hung, now or before; -EAGAIN: not
	 * tried; -EACCES: no permission. */
	int error;
};

/* What the files say of it. NULL, 0: not known. All texts are chosen by others. */
struct kernel_container_text {
	const char *path; /* the file */
	const char *name, *image, *pod, *pod_namespace;
	bool is_sandbox;
	pid_t pid;      /* of its first process */
	uint64_t inode; /* of its PID namespace, or, from nsresourced, user namespace */
	uint64_t ns_id; /* NS_GET_ID of that */
};

/* Called with what was found of item number `i`; valid during the call. */
typedef void kernel_container_fn(void *data, size_t i, const struct kernel_container_text *text);

/* What ns_inside gives of a UTS namespace: as uname(2), NUL-terminated. */
struct kernel_uts {
	char host[65], domain[65];
};

/* What ns_inside gives of an IPC namespace: one for each of KERNEL_*. */
struct kernel_objects {
	int32_t error; /* 0 or a negative errno */
	uint32_t unused;
	uint64_t n;    /* segments, semaphore sets, queues */
	uint64_t size; /* bytes of segments, or in queues; semaphores in sets */
};

enum {
	KERNEL_SHM,
	KERNEL_SEM,
	KERNEL_MSG,
	KERNEL_MQUEUE, /* POSIX message queues */
	KERNEL_IPC_KINDS,
};

/* What happened to a process. Some records come before the change can be read:
 * - EXEC: /proc/PID/cmdline may still be empty, and the user the old one, for some milliseconds.
 * - EXIT: the process is shown until it is a zombie and its parent has waited for it. There is no
 *   record of that. It has no links to namespaces any more.
 * A new process or thread has a NAMESPACES record too, whether its namespaces are new or not. */
enum {
	KERNEL_EVENT_NAMESPACES = 1 << 0, /* unshare(2), setns(2) */
	KERNEL_EVENT_COMM = 1 << 1,       /* has a new name */
	KERNEL_EVENT_EXEC = 1 << 2,       /* execve(2) */
	KERNEL_EVENT_FORK = 1 << 3,       /* began */
	KERNEL_EVENT_EXIT = 1 << 4,       /* its first thread ends; others may still run */
	/* The same of other threads of it. The last EXIT of all is the end of the process. */
	KERNEL_EVENT_THREAD_NAMESPACES = 1 << 5,
	KERNEL_EVENT_THREAD_FORK = 1 << 6,
	KERNEL_EVENT_THREAD_EXIT = 1 << 7,
};

struct kernel_event {
	pid_t pid;      /* of the process, not of a thread */
	unsigned kinds; /* KERNEL_EVENT_* */
};

/* What events_read gives. Begins as {0}; the caller frees `events` at the end. */
struct kernel_events {
	struct kernel_event *events; /* each PID once, ascending */
	size_t n, capacity;
	/* Since events_open or the events_read before: */
	uint64_t n_records;  /* all that were read */
	uint64_t n_foreign;  /* those of them of processes that are not in our PID namespace */
	uint64_t n_lost;     /* records that did not get here: at least so many */
	bool has_new_mounts; /* something was mounted or unmounted in our own mount namespace */
};

/* The names of processes in which the helper accesses what may never answer, and which then
 * nothing may end. A scan finds those that earlier runs have left. */
#define KERNEL_JOB_MOUNTED     "ns-mounted"
#define KERNEL_JOB_MOUNTINFO   "ns-mountinfo"
#define KERNEL_JOB_FILES       "container-files"
#define KERNEL_JOB_PROC_MOUNTS "proc-mounts"

/* Once accesses that hang have taken so long in a scan, no more are begun. */
enum { KERNEL_HUNG_MS = 100 };

/* Items in one call; with more the operation returns -E2BIG, and tries none. */
enum {
	KERNEL_MOUNTED_MAX = 64,
	KERNEL_KEYS_MAX = 64,
	KERNEL_SOCKETS_MAX = 1024,
	KERNEL_INSIDE_MAX = 64,
};

/* How many bytes of a command line are read: one more than is kept, so that a cut is noticed. */
enum { KERNEL_CMDLINE_MAX = 4097 };

/* Interfaces of newer kernels: bits for kernel_linux_set_interfaces. */
enum {
	/* mount_ns_list, mount_ns_open, mount_ns_texts (Linux 6.12) */
	KERNEL_USE_MOUNT_NS = 1 << 0,
	/* ns_link_key, ns_open_keys and the ids in keys (Linux 6.18) */
	KERNEL_USE_IDS = 1 << 1,
	/* ns_list; needs the one before (Linux 6.19) */
	KERNEL_USE_LIST = 1 << 2,
	/* ns_open of a link that is missing (Linux 6.11) */
	KERNEL_USE_PIDFDS = 1 << 3,
};

struct kernel_ops {
	void (*host)(struct kernel *k, struct kernel_host *ret);

	/* All PIDs that /proc lists, ascending; malloc'ed, the caller frees. */
	int (*list_pids)(struct kernel *k, pid_t **ret_pids, size_t *ret_n);

	/* Opens the directory of a process. All reads are relative to it: if the PID is reused
	 * meanwhile, they give -ESRCH or -ENOENT, never data of another process. */
	int (*process_open)(struct kernel *k, pid_t pid);

	/* The effective user of a process: the owner of its directory. (Files in it belong to root
	 * if the process is not dumpable.) -EXDEV: a mount covers the directory, so what is there
	 * is not of the process. */
	int (*process_stat)(struct kernel *k, int process, struct kernel_process *ret);

	/* Reads the first `size` bytes of a file of /proc/PID ("stat", "status", "uid_map",
	 * "cgroup", ...). Returns the number of bytes, which are not NUL-terminated; -EXDEV: a
	 * mount covers the file (all operations that open a file of a process may return that).
	 * Not for files whose read can wait for ever: cmdline, environ, maps, smaps, numa_maps,
	 * pagemap and map_files (src/kernel/proc_files.txt). */
	ssize_t (*process_read)(
	        struct kernel *k, int process, const char *file, char *buffer, size_t size);

	/* The same for a file that may be long (mountinfo): file_open returns a handle, and
	 * file_read the next bytes, 0 at the end. */
	int (*file_open)(struct kernel *k, int process, const char *file);
	ssize_t (*file_read)(struct kernel *k, int file, char *buffer, size_t size);

	/* The text of the link `root` of a process: the path of its root directory, from that of
	 * this process, or in another mount namespace from the root of that. Returns the length; it
	 * is not NUL-terminated. */
	ssize_t (*root_link)(struct kernel *k, int process, char *buffer, size_t size);

	/* The owner of the directory of a control group: `hierarchy` and `path` are from a line of
	 * /proc/PID/cgroup (cgroups(7)), or a parent of that. -ENOENT: there is no such group;
	 * -ENODEV: that hierarchy is not mounted where this process sees it. */
	int (*cgroup_owner)(
	        struct kernel *k, const char *hierarchy, const char *path, uid_t *ret_uid);

	/* All TIDs of a process, ascending; malloc'ed, the caller frees. */
	int (*list_tids)(struct kernel *k, int process, pid_t **ret_tids, size_t *ret_n);

	/* Opens the directory of a thread (/proc/PID/task/TID): a handle for all operations that
	 * take a process. */
	int (*thread_open)(struct kernel *k, int process, pid_t tid);

	/* 0 if two threads share one descriptor table; else 1 or 2: that of `tid` comes before or
	 * after the other in an order of all tables (kcmp(2)). -EOPNOTSUPP, -EPERM. */
	int (*compare_fd_tables)(struct kernel *k, pid_t tid, pid_t other);

	/* The descriptors of a process or thread. fds_open returns a handle. fds_next gives the
	 * next numbers in any order, at most `max` (which is at least 16), and returns how many, 0
	 * at the end. fd_link gives the text of the link of one and returns its length (cut to
	 * `size`, not NUL-terminated). None of them accesses the open file. */
	int (*fds_open)(struct kernel *k, int process);
	ssize_t (*fds_next)(struct kernel *k, int fds, int *ret_fds, size_t max);
	ssize_t (*fd_link)(struct kernel *k, int fds, int fd, char *buffer, size_t size);

	/* Opens the namespace that a descriptor refers to. Returns a handle; -ENOTTY: it is another
	 * file, which is not accessed; -ENOENT: that number is not open. The file is opened with
	 * O_PATH first, and only that is checked and opened, so it cannot be replaced in between.
	 */
	int (*fd_open_ns)(struct kernel *k, int fds, int fd);

	/* Opens the directory ns of a process, for the operations on links below. */
	int (*ns_dir_open)(struct kernel *k, int process);

	/* The text of a link there ("user", "pid_for_children", ...): "user:[4026531837]". Returns
	 * its length; it is not NUL-terminated. */
	ssize_t (*ns_link)(
	        struct kernel *k, int ns_dir, const char *link, char *buffer, size_t size);

	/* The key of the namespace of a link, without opening it (name_to_handle_at(2),
	 * Linux 6.18). -EOPNOTSUPP on older kernels: use ns_open and ns_key. */
	int (*ns_link_key)(struct kernel *k, int ns_dir, const char *link, struct nsrel_key *ret);

	/* ns_open opens the namespace of a link; that of pid_for_children also if the link is
	 * missing since it has no process yet (before Linux 7.1; then a pidfd gives it,
	 * Linux 6.11). The others are those of nsrel.h on its handle. ns_key comes first: it fails
	 * if that is no namespace, which some of the others do not check. */
	int (*ns_open)(struct kernel *k, int ns_dir, const char *link);
	int (*ns_key)(struct kernel *k, int ns, struct nsrel_key *ret);
	int (*ns_type)(struct kernel *k, int ns);
	int (*ns_owner)(struct kernel *k, int ns);
	int (*ns_parent)(struct kernel *k, int ns);
	int (*ns_owner_uid)(struct kernel *k, int ns, uid_t *ret_uid);

	/* The time at which the inode of a namespace in nsfs was made, in nanoseconds since 1970;
	 * and whether that is long enough ago that any inode made from now on has another time. An
	 * inode exists while the namespace is open or mounted anywhere; a later namespace with the
	 * same number has a new inode. */
	int (*ns_made)(struct kernel *k, int ns, uint64_t *ret_made, bool *ret_is_before);

	/* The PID that process `pid` has in the PID namespace `ns` (NS_GET_TGID_IN_PIDNS,
	 * Linux 6.11; also of a zombie, and for a TID that of its process). -ESRCH: it has none
	 * there, or has ended: if the PID was used again meanwhile, it is that of another process,
	 * so check the directory of the process after this. -EOPNOTSUPP on older kernels; -EXDEV:
	 * /proc shows another PID namespace than that of this process, whose PIDs the kernel
	 * translates; -EINVAL: no PID namespace. */
	int (*pid_in_ns)(struct kernel *k, int ns, pid_t pid);

	/* --- Operations that a kernel may lack, and that jobs of the helper do. The pointer may be
	 * NULL. All may return -EOPNOTSUPP (no helper, or none with that job; an older kernel;
	 * an interface that is not used), -EPERM, -EACCES (no permission; no item was tried),
	 * -EPIPE (the helper has ended) or -EAGAIN (it could not start a process).
	 * Those with items return 0 if all items have a result. None waits longer than half a
	 * second for an access that hangs, whatever the number of items. Accesses behind mounts,
	 * and to files of containers, give -EBUSY if none is begun since others hang: now
	 * (KERNEL_HUNG_MS), or in processes that are stuck. --- */

	/* Begins a scan: accesses that hung before do not count any more. */
	void (*begin_waits)(struct kernel *k);

	/* How many processes of the helpers of other runs are stuck, as far as is known: so many
	 * fewer are started at once, of HELPER_STUCK_MAX (helper_job.h). */
	void (*set_stuck)(struct kernel *k, size_t n);

	/* True if an operation has failed since begin_waits because the helper had ended, or could
	 * start no process. */
	bool (*is_helper_lost)(struct kernel *k);

	/* Opens namespaces behind nsfs mounts. Items of one place should be consecutive. Not for
	 * mounts that mountinfo shows below fuse, nfs or autofs, or below another mount. */
	int (*ns_open_mounted)(struct kernel *k, struct kernel_mounted *items, size_t n);

	/* Looks at any number of mounts of procfs. Those of one process should be consecutive. Not
	 * for mounts that mountinfo shows below fuse, nfs or autofs, or below another mount. */
	int (*proc_mounts)(struct kernel *k, struct kernel_proc_mount *items, size_t n);

	/* Opens namespaces by their keys, which must have ids (Linux 6.18); since Linux 6.19 by the
	 * id alone, if `ino` is 0. ret_ns gets a handle or a negative errno (-ESTALE: the namespace
	 * is gone, or an older kernel needs `ino`) for each. */
	int (*ns_open_keys)(struct kernel *k, const struct nsrel_key *keys, const int *types,
	        size_t n, int *ret_ns);

	/* The ids of all namespaces of the system that a process, a descriptor, a mount of nsfs or
	 * another namespace keeps (listns(2), Linux 6.19); not of those that only a socket or a
	 * mount of procfs keeps. By type, then id. Malloc'ed, the caller frees. */
	int (*ns_list)(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);

	/* The same list, made when this program started and could make it itself, which takes no
	 * job. Only the first call gives it; -ENOENT: it was given, or there is none. */
	int (*ns_list_first)(struct kernel *k, struct kernel_ns_id **ret, size_t *ret_n);

	/* ns_list and mount_ns_list, by one job. An error is that of ns_list. */
	int (*ns_lists)(struct kernel *k, struct kernel_ns_lists *ret);

	/* All mount namespaces of the system, also those without a process (Linux 6.12; needs
	 * CAP_SYS_ADMIN in the initial user and PID namespaces); malloc'ed, the caller frees. */
	int (*mount_ns_list)(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n);

	/* Opens one of that list. -ENOENT: gone. */
	int (*mount_ns_open)(struct kernel *k, uint64_t id);

	/* The mounts of any number of that list, by their ids, without entering them
	 * (statmount(2)), by one job of the helper for each 2,048; calls `take` once with each.
	 * Returns 0, also if that has errors, or a negative errno, and `take` was not called. */
	int (*mount_ns_texts)(struct kernel *k, const uint64_t *ids, size_t n,
	        kernel_mounts_fn *take, void *data);

	/* The text of mountinfo of a process in that mount namespace: for older kernels and mount
	 * namespaces without a process; malloc'ed, the caller frees, not NUL-terminated. Returns 0,
	 * 1 if it was cut off after KERNEL_MOUNTINFO_MAX, or a negative errno (-ETIMEDOUT as
	 * above). */
	int (*mount_ns_mountinfo)(struct kernel *k, int mount_ns, char **ret, size_t *ret_len);

	/* The network namespaces of sockets (pidfd_getfd(2), SIOCGSKNS; Linux 5.6). Items of one
	 * process should be consecutive. */
	int (*socket_ns)(struct kernel *k, struct kernel_socket *items, size_t n);

	/* Reads command lines of any number of processes, and calls `take` with each that was
	 * read, also before an error. */
	int (*cmdlines)(struct kernel *k, struct kernel_cmdline *items, size_t n,
	        kernel_cmdline_fn *take, void *data);

	/* Opens files of /proc/PID/net (1 << KERNEL_NET_*) as a process in the network namespace
	 * `ns` would see them, for a namespace without one. ret_files has KERNEL_NET_FILES items:
	 * a handle for file_read, or a negative errno. */
	int (*net_files_open)(struct kernel *k, int ns, unsigned files, int *ret_files);

	/* Asks in the network namespace `ns` for its addresses (RTM_GETADDR of rtnetlink(7)), and
	 * for its interfaces: with is_dump all (RTM_GETLINK), which like `ip link` gives a number
	 * (nsid) to each namespace with a peer that has none; else those with the `n` names,
	 * without side effects (netdevice(7)). */
	int (*net_links)(struct kernel *k, int ns, const char (*names)[16], size_t n, bool is_dump,
	        struct kernel_net *ret);

	/* The number (nsid) that the network namespace `ns` has given to each of the others
	 * (RTM_GETNSID, Linux 4.0): ret_nsids gets it, or a negative errno (-ENODATA: none). */
	int (*net_nsids)(struct kernel *k, int ns, const int *others, size_t n, int *ret_nsids);

	/* Looks up any number of containers, and calls `take` with each that was found. Items of
	 * one store and user should be consecutive. */
	int (*containers)(struct kernel *k, struct kernel_container *items, size_t n,
	        kernel_container_fn *take, void *data);

	/* Enters a namespace and reads what the kernel tells only inside; malloc'ed, the caller
	 * frees. `type` (CLONE_NEW*) says what: UTS, a struct kernel_uts; IPC, struct
	 * kernel_objects; time, the text of timens_offsets; cgroup, the text of the file cgroup of
	 * process `pid`, as it is inside (-ESRCH: it has ended); user, KERNEL_NS_LIMITS structs
	 * kernel_ns_limit. */
	int (*ns_inside)(
	        struct kernel *k, int ns, int type, pid_t pid, char **ret, size_t *ret_len);

	/* The same for `n` namespaces of one type, not cgroup, at the same time: `take` is called
	 * once for each. */
	int (*ns_inside_each)(struct kernel *k, const int *ns, size_t n, int type,
	        kernel_inside_fn *take, void *data);

	/* The text of /etc/subuid, or of /etc/subgid (subuid(5)); malloc'ed, the caller frees.
	 * -ENOENT: there is none; -EOPNOTSUPP also: nsswitch.conf(5) names another source. */
	int (*subids)(struct kernel *k, bool of_groups, char **ret, size_t *ret_len);

	/* --- Events: perf_event_open(2) on each CPU that is online, by a job of the helper. One
	 * thread at a time calls these, and no other while they are open. --- */

	/* Returns 0, or a negative errno, and nothing is open then: -EACCES, -EPERM: no right;
	 * -EINVAL, -ENOSYS, -EOPNOTSUPP: no helper, or an older kernel; -EXDEV: /proc shows another
	 * PID namespace than that of the events. */
	int (*events_open)(struct kernel *k);

	/* A descriptor that polls as readable (POLLIN) once when records come, or our own mounts
	 * change, until the next events_read; not to be read or closed. Negative: not open. */
	int (*events_fd)(struct kernel *k);

	/* Takes all records that came, without waiting; frees nothing in *ret. Jobs of the helper
	 * and threads of this process are counted only. Returns 0, or a negative errno: -EBADF: not
	 * open. */
	int (*events_read)(struct kernel *k, struct kernel_events *ret);

	/* Opens them on CPUs that came online since, and closes those of CPUs that went. Returns
	 * how many were opened, of which records are missing up to now, or a negative errno: the
	 * records of some CPUs do not come. */
	int (*events_update)(struct kernel *k);

	void (*events_close)(struct kernel *k);

	/* Probes all interfaces. Those that only jobs use are not known without the helper, or if
	 * its job fails. Waits for that job. */
	void (*features)(struct kernel *k, struct kernel_features *ret);

	void (*close)(struct kernel *k, int handle);
	void (*free)(struct kernel *k);
};

/* Implementations begin with this. */
struct kernel {
	const struct kernel_ops *ops;
};

/* A negative errno in place of a handle is ignored. */
static inline void kernel_close(struct kernel *k, int handle)
{
	if (handle >= 0)
		k->ops->close(k, handle);
}

/* NULL is ignored. */
static inline void kernel_free(struct kernel *k)
{
	if (k)
		k->ops->free(k);
}
