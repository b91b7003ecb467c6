/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/* Whose rights are used, and giving up those that are not needed (trust.md R24). */

/* The one who typed the command: under sudo, as root, the user of SUDO_UID and SUDO_GID, else the
 * one we run as. */
struct caller {
	uid_t uid;
	gid_t gid;
	bool is_sudo; /* it is somebody else than we run as */
};

void caller_get(struct caller *ret);

/* Becomes the caller for good, with his groups and nothing of root's: for a job that writes what
 * he asked for. Returns 0 or a negative errno; then do nothing in his name. */
_must_check_ int caller_become(const struct caller *caller);

enum rights {
	RIGHTS_TO_SCAN, /* CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, as far as we have them */
	RIGHTS_NONE,
};

/* Before the first thread: drops every other capability, under sudo becomes the caller too, and
 * then sets no_new_privs, dumpable 0 and umask 077, and raises the limit of open files. Returns 0
 * or a negative errno. */
_must_check_ int rights_drop(const struct caller *caller, enum rights rights);

/* What this process may still do, as the kernel says: one `name: value` a line. */
void rights_print(FILE *out);
