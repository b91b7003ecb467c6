/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the mountinfo of a process (proc_pid_mountinfo(5)) shows of the host: pure. */

#include "base/arena.h"
#include "model/posture.h"

#include <stddef.h>

/* A directory of the host: which file system it is on, and where in that. */
struct posture_place {
	unsigned major, minor;
	char *path; /* malloc'ed; NULL: not known */
};

struct posture_host {
	struct posture_place root, run; /* `/` and /run of PID 1 */
};

/* Finds these in the mountinfo of PID 1. The caller releases the result. */
void posture_mounts_host(struct posture_host *ret, const char *text, size_t len);
void posture_mounts_release(struct posture_host *host);

/* Fills in what is of mounts in *ret, with strings in `arena`; mounts_error is ENODATA if `host`
 * has no root. */
void posture_mounts_read(struct posture *ret, struct arena *arena, const struct posture_host *host,
        const char *text, size_t len);
