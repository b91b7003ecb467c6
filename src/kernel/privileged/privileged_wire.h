/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What goes between kernel_privileged.c and the jobs: both are the same program, but a job trusts
 * no length that it is told. */

#include "nsrel/nsrel.h"

#include <stdint.h>

/* Which of the jobs, from the first one on. */
enum privileged_job {
	JOB_MOUNTED,
	JOB_MOUNTINFO,       /* asked with a mount namespace; gives the open file */
	JOB_MOUNT_NS_LIST,   /* gives struct wire_mount_ns, many in an answer */
	JOB_MOUNT_NS_OPEN,   /* asked with the 64-bit id */
	JOB_MOUNT_NS_MOUNTS, /* likewise; gives struct wire_ns_mount, many in an answer */
	JOB_KEYS,            /* asked with struct nsfs_uapi_handle, many */
	JOB_SOCKETS,         /* asked with struct wire_socket, many */
	JOB_FEATURES,        /* gives struct kernel_features */
	JOB_CMDLINES,        /* asked with procfs and shared memory (cmdlines.c) */
};

/* What most answers are: of item number `index`, with a descriptor if `error` is 0. Those that give
 * many records in an answer end with one without a descriptor: whether that was all. */
struct wire_answer {
	uint32_t index;
	int32_t error; /* 0 or a negative errno */
};

/* JOB_MOUNTED, one item; behind it the mount point's `length` bytes. The descriptor that goes with
 * the request is the place: a process's directory, or a mount namespace. */
struct wire_mounted {
	int32_t type;
	uint16_t length;
	uint16_t is_mount_ns; /* the place; the same in all */
	uint64_t ino;
};

struct wire_mount_ns {
	uint64_t id;
	struct nsrel_key key;
	uint32_t n_mounts;
	uint32_t unused;
};

/* Behind it the mount point's `length` bytes. */
struct wire_ns_mount {
	uint64_t mount_id;
	uint64_t ino;
	int32_t type;
	uint32_t length;
};

struct wire_socket {
	int32_t pid;
	int32_t fd;
};

/* With the namespace's descriptor for the first of each. */
struct wire_socket_answer {
	uint32_t index;
	int32_t error;
	struct nsrel_key key;
};
