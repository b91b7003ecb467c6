/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What keeps a namespace alive, or shows that it exists, besides the ns directory of a process:
 * records of the sources (sources/sources.h). Each thread of a scan fills a list of its own;
 * the lists are gathered into scan->holders, and sorted, between two sources. */

#include "kernel/kernel.h"
#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process_record;

/* Whether a mount point can be reached by its path. */
enum mount_access {
	MOUNT_REACHABLE,
	MOUNT_MAY_HANG, /* the path passes through a file system that a server answers for */
	MOUNT_COVERED,  /* another mount is on it, or on the path to it */
};

struct holder_record {
	enum nstype type;
	uint64_t inode; /* never 0 */
	enum holder_kind kind;
	bool is_listed; /* the kernel has listed the namespace: no holder is known, `kind` is not
	                   set */
	bool is_gone;   /* closed, unmounted or ended since: left out */

	/* The process that has it. Mounts: one that sees the mount. NULL: no process. */
	struct process_record *process;
	pid_t tid;     /* a thread of it; 0: the process as a whole */
	int fd;        /* descriptors and sockets; else -1 */
	unsigned link; /* threads: which link below their ns directory */
	int handle;    /* sockets: the namespace, open until the scan ends; else negative */

	const char *path; /* mounts: the mount point, from the root of the mount namespace */
	size_t root_len;  /* mounts: length of the prefix of `path` outside the process's chroot(2)
	                   */
	uint64_t mnt;     /* mounts: inode of the mount namespace; 0: not known */
	uint64_t mnt_id;  /* id for kernel->mount_ns_open: of that mount namespace, or, if it is
	                   * listed, of this namespace itself; 0: none */
	enum mount_access access; /* mounts */
};

/* A descriptor whose link has the text of a path. It may be a namespace: one that was opened by its
 * mount point has the text of that. */
struct fd_candidate {
	uint64_t hash; /* of the text (u64_set_hash) */
	struct process_record *process;
	pid_t tid;
	int fd;
};

/* A descriptor that is a socket. */
struct socket_ref {
	uint64_t inode;
	struct process_record *process;
	pid_t tid;
	int fd;
};

static inline bool holders_is_kind(const struct holder_record *holder, enum holder_kind kind)
{
	return !holder->is_listed && holder->kind == kind;
}

/* Zeroed: empty. */
struct holder_list {
	struct holder_record *records;
	size_t n, capacity;
	bool is_sorted; /* see holders_sort; one that is added clears it */
	struct fd_candidate *candidates;
	size_t n_candidates, candidates_capacity;
	struct socket_ref *sockets;
	size_t n_sockets, sockets_capacity;
};

/* Each adds a copy. */
void holders_add(struct holder_list *list, const struct holder_record *holder);
void holders_add_candidate(struct holder_list *list, const struct fd_candidate *candidate);
void holders_add_socket(struct holder_list *list, const struct socket_ref *socket);

/* Moves all that is in `from` to the end of `to`, which is not sorted after that. */
void holders_move(struct holder_list *to, struct holder_list *from);

/* Sorts the records by type and inode, then by how cheaply the namespace can be opened by them. */
void holders_sort(struct holder_list *list);

/* The index of the first record of a namespace in a sorted list; without one, of the next. */
size_t holders_first(const struct holder_list *list, enum nstype type, uint64_t inode);

/* True if record `i` exists and is of that namespace. */
bool holders_is_of(const struct holder_list *list, size_t i, enum nstype type, uint64_t inode);

/* Closes the handles and frees the list. */
void holders_release(struct holder_list *list, struct kernel *kernel);
