/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the sources beyond processes find: that something keeps a namespace alive, and so how it
 * can be reached. Readers in several threads each have a holders of their own; they are gathered
 * between two sources, and merge.h makes namespaces and holders of them. */

#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct scan;

#define HOLDER_NO_PROCESS SIZE_MAX

struct holder_record {
	enum nstype type;
	enum holder_kind
	        kind;      /* HOLDER_KINDS: it was listed by the kernel, nothing more is known */
	uint64_t inode;    /* never 0 */
	size_t process;    /* whose it is; HOLDER_NO_PROCESS: no process's */
	pid_t tid;         /* a thread's; 0: the process's as a whole */
	int fd;            /* descriptors and sockets, else -1 */
	unsigned link;     /* threads: where below their ns directory */
	int handle;        /* it is open (sockets), until the end of the scan; else negative */
	const char *path;  /* mounts: the mount point, in a reader's arena */
	size_t root_len;   /* mounts: how much of it is above the root of who is sent there */
	uint64_t mnt;      /* mounts: the mount namespace, 0: not known */
	uint64_t mnt_id;   /* for mount_ns_open, of that (mounts) or itself (listed); 0: none */
	unsigned mount_id; /* mounts: the number in mountinfo, 0: none */
	int refusal;       /* mounts: why nobody is sent there: -ESTALE, it is covered by another
	                    * mount; -EREMOTE, the way leads through what may hang; 0: none */
	bool has_gone;     /* not there any more, or none: left out */
};

/* A descriptor whose link has the text of a path, which a mount of a namespace may have. */
struct fd_candidate {
	uint64_t hash; /* of that text */
	uint32_t process;
	pid_t tid;
	int fd;
};

/* A descriptor that is a socket. */
struct socket_ref {
	uint64_t inode;
	uint32_t process;
	pid_t tid;
	int fd;
};

struct holder_list {
	struct holder_record *records;
	size_t n_records, records_capacity;
	struct fd_candidate *candidates;
	size_t n_candidates, candidates_capacity;
	struct socket_ref *sockets;
	size_t n_sockets, sockets_capacity;
};

/* Adds one, which is copied. */
void holders_add(struct holder_list *holders, const struct holder_record *holder);
void holders_add_candidate(struct holder_list *holders, const struct fd_candidate *candidate);
void holders_add_socket(struct holder_list *holders, const struct socket_ref *socket);

/* Moves the finds of `from` behind those of `to`. */
void holders_move(struct holder_list *to, struct holder_list *from);

/* Moves what is in all other holders of the scan into the first. */
void holders_gather(struct scan *scan);

/* By namespace, then by what is the easiest way to it. */
void holders_sort(struct scan *scan);

/* The first of a namespace, once sorted; where there is none, where it would be. */
size_t holders_first(const struct scan *scan, enum nstype type, uint64_t inode);

void holders_release(struct scan *scan);
