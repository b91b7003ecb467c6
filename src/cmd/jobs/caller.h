/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The user who started the program: under sudo(8), as root, that of SUDO_UID and SUDO_GID, else the
 * effective user. */
struct caller {
	uid_t uid;
	gid_t gid;
	bool is_sudo; /* not the effective user */
};

void caller_get(struct caller *ret);

/* Changes the user and all groups of this process to those of the caller, for good: for a job that
 * accesses files of the caller. Returns 0 or a negative errno; then the job must not go on. */
_must_check_ int caller_become(const struct caller *caller);

/* Replaces a leading `~/` of a path that was typed by the home directory of the caller. Returns 0
 * and the path; -ENOENT if no home directory is known, -ENAMETOOLONG. */
_must_check_ int caller_expand(
        const struct caller *caller, const char *typed, char *ret_path, size_t size);
