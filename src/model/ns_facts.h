/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is in one namespace, beside what the model says of it: read when its details are shown, or
 * in a scan with --facts=all. Read-only once it is made; it does not point into any model (those in
 * struct ns are in memory of that model).
 *
 * Everything that may not be read has an error, a positive errno: ESRCH, nothing is left by which
 * the namespace can be entered; EPERM or EACCES, no permission; ETIMEDOUT, the answer did not come
 * in time; EPIPE, the helper has ended; EOPNOTSUPP, this kernel or a run without helper cannot say.
 * Text is raw (base/escape.h). */

#include "model/nstype.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct arena;
struct net_facts; /* model/net_facts.h */

/* --- one struct for each type ----------------------------------------------------------------- */

/* The root directory of a cgroup namespace in one hierarchy (cgroup_namespaces(7)). */
struct ns_facts_root {
	const char
	        *hierarchy; /* its controllers as in cgroups(7), or "name=systemd"; "": version 2 */
	const char *path;   /* below the root of the cgroup namespace of the scan */
};

struct ns_facts_cgroup {
	const struct ns_facts_root *roots;
	size_t n_roots;
};

/* The kinds of objects in an IPC namespace (ipc_namespaces(7)). */
enum ns_facts_ipc_kind {
	NS_FACTS_SHM,    /* System V shared memory: segments and their bytes */
	NS_FACTS_SEM,    /* System V semaphores: sets and the semaphores in them */
	NS_FACTS_MSG,    /* System V message queues: queues and the bytes that wait in them */
	NS_FACTS_MQUEUE, /* POSIX message queues: the same */
	NS_FACTS_IPC_KINDS,
};

/* "shm", "sem", "msg", "mqueue" */
const char *ns_facts_ipc_name(enum ns_facts_ipc_kind kind);

struct ns_facts_ipc {
	struct {
		int error; /* 0: the numbers are known */
		uint64_t n;
		uint64_t size;
	} kinds[NS_FACTS_IPC_KINDS];
};

struct ns_facts_mnt {
	uint64_t n_mounts;
	/* They were counted by a process whose root directory is not that of the namespace
	 * (chroot(2)), or may not be: there may be more. */
	bool is_at_least;
	/* The mount on the root directory (proc_pid_mountinfo(5)); NULL: none is shown. */
	const char *root;   /* directory in its file system */
	const char *type;   /* of the file system */
	const char *source; /* "/dev/sda1", "overlay" */
	bool is_read_only;  /* the mount, not the file system */
};

/* Whether the init process of a PID namespace is ending: the kernel has killed the others then, and
 * the namespace ends with the last of them (pid_namespaces(7)). */
enum ns_facts_dying {
	NS_FACTS_DYING_UNKNOWN,
	NS_FACTS_ALIVE,
	NS_FACTS_DYING, /* every thread of init is exiting */
};

struct ns_facts_pid {
	int error;        /* why `dying` is unknown */
	pid_t init;       /* its PID in the PID namespace of the scan; 0: none is seen */
	char init_state;  /* proc_pid_stat(5); 0: not known */
	unsigned levels;  /* PIDs that each member has: 1 in the PID namespace of the scan */
	size_t n_members; /* processes in it, */
	size_t n_below;   /* and in its descendants */
	enum ns_facts_dying dying;
	/* If dying: the processes that are left beside init, and the first of them that is no
	 * zombie, else a zombie that its parent or tracer has not waited for. */
	size_t n_left;
	pid_t waits_for; /* 0: none is left that is seen */
	char state;
	const char *wchan; /* the kernel function in which it sleeps; NULL: not known, or none */
};

/* clock_gettime(2) in the namespace minus that in the initial time namespace. */
struct ns_facts_offset {
	int64_t seconds;
	uint32_t nanoseconds; /* below 1,000,000,000, always added */
};

struct ns_facts_time {
	struct ns_facts_offset monotonic, boottime;
};

/* A range of /etc/subuid or /etc/subgid (subuid(5)), cut to what a line of a map refers to. */
struct ns_facts_subid {
	uint32_t first, count; /* IDs as the scan sees them */
	const char *owner;     /* as in the file: a name, or digits */
};

enum ns_facts_answer {
	NS_FACTS_UNKNOWN,
	NS_FACTS_NO,
	NS_FACTS_YES,
};

enum { NS_FACTS_OVERLAPS_MAX = 16 };

struct ns_facts_user {
	int subuid_error, subgid_error;      /* of the files; ENOENT: there is none */
	const struct ns_facts_subid *subuid; /* by `first`, then by owner */
	size_t n_subuid;
	const struct ns_facts_subid *subgid;
	size_t n_subgid;
	/* Whether its uid_map refers to UID 0 of the initial user namespace: unknown if the scan
	 * was made in another one. */
	enum ns_facts_answer host_root;
	/* Inodes of other user namespaces, neither ancestors nor descendants, whose uid_map refers
	 * to some of the same UIDs; the first ones, ascending. */
	uint64_t overlaps[NS_FACTS_OVERLAPS_MAX];
	size_t n_overlaps;
	bool has_more_overlaps;
	/* Its limits, by type (limits.h says what counts towards them); NULL: not read, or of a
	 * snapshot that has none. */
	const struct ns_limit *limits;
};

struct ns_facts_uts {
	const char *host;
	const char *domain; /* NIS domain name; "(none)" if it was not set */
};

/* --- the facts -------------------------------------------------------------------------------- */

/* What is wanted, and what was read, as bits. */
enum {
	/* The far ends of veth pairs and the namespaces they are in. As `ip link` does, this makes
	 * the kernel give numbers (nsid) to network namespaces that have none. */
	NS_FACTS_LINKS = 1 << 0,
	/* Of requests: it is shown now, so it goes before those that wait without this bit. */
	NS_FACTS_FIRST = 1 << 1,
};

struct ns_facts {
	enum nstype type;
	uint64_t tag;  /* that of the namespace in the model by which it was read; 0 in a model */
	unsigned what; /* NS_FACTS_LINKS if that was wanted */
	int error;     /* why nothing below is known; 0: see the type */
	union {
		struct ns_facts_cgroup cgroup;
		struct ns_facts_ipc ipc;
		struct ns_facts_mnt mnt;
		const struct net_facts *net;
		struct ns_facts_pid pid;
		struct ns_facts_time time;
		struct ns_facts_user user;
		struct ns_facts_uts uts;
	};
};

/* Facts of that type, zeroed, for the caller to fill in, with memory from ns_facts_arena; one
 * reference. From the first ns_facts_ref on they may not be changed. */
struct ns_facts *ns_facts_new(enum nstype type) __attribute__((returns_nonnull));

/* The same in the arena of a model: valid as long as that, references do not count. */
struct ns_facts *ns_facts_new_in(struct arena *arena, enum nstype type)
        __attribute__((returns_nonnull));

struct arena *ns_facts_arena(struct ns_facts *facts) __attribute__((returns_nonnull));

/* Thread-safe; NULL is allowed in both. */
const struct ns_facts *ns_facts_ref(const struct ns_facts *facts);
void ns_facts_unref(const struct ns_facts *facts);
