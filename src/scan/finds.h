/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the sources beyond processes find: that something keeps a namespace alive, and so how it
 * can be reached. Readers in several threads each have a haul of their own; they are gathered
 * between two sources, and merge.h makes namespaces and holders of them. */

#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct scan;

#define FIND_NOBODY SIZE_MAX

struct find {
	enum nstype type;
	enum holder_kind
	        kind;      /* HOLDER_KINDS: it was listed by the kernel, nothing more is known */
	uint64_t inode;    /* never 0 */
	size_t reading;    /* whose it is; FIND_NOBODY: no process's */
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
struct doubt {
	uint64_t hash; /* of that text */
	uint32_t reading;
	pid_t tid;
	int fd;
};

/* A descriptor that is a socket. */
struct plug {
	uint64_t inode;
	uint32_t reading;
	pid_t tid;
	int fd;
};

struct haul {
	struct find *finds;
	size_t n_finds, finds_capacity;
	struct doubt *doubts;
	size_t n_doubts, doubts_capacity;
	struct plug *plugs;
	size_t n_plugs, plugs_capacity;
};

/* Adds one, which is copied. */
void finds_add(struct haul *haul, const struct find *find);
void finds_add_doubt(struct haul *haul, const struct doubt *doubt);
void finds_add_plug(struct haul *haul, const struct plug *plug);

/* Moves the finds of `from` behind those of `to`. */
void finds_move(struct haul *to, struct haul *from);

/* Moves what is in all other hauls of the scan into the first. */
void finds_gather(struct scan *scan);

/* By namespace, then by what is the easiest way to it. */
void finds_sort(struct scan *scan);

/* The first of a namespace, once sorted; where there is none, where it would be. */
size_t finds_first(const struct scan *scan, enum nstype type, uint64_t inode);

void finds_release(struct scan *scan);
