/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What goes between kernel_privileged.c and the jobs: both are the same program, but a job trusts
 * no length that it is told. */

#include "base/attributes.h"

#include <stdint.h>

/* Which of the jobs, from the first one on. */
enum privileged_job {
	JOB_MOUNTED,
	JOB_N,
};

/* What most answers are: of item number `index`, with a descriptor if `error` is 0. */
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
