/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The rights of the job that reads the files of containers (container_files.c). */

#include "base/attributes.h"

#include <pwd.h>
#include <sys/types.h>

/* Drops all capabilities but those to read any file and to change the user. Returns 0 or a negative
 * errno. */
_must_check_ int container_rights_for_root(void);

/* Finds a user in /etc/passwd below `root`. Names of other services (nsswitch.conf(5)) are looked
 * up only if that is the root of this system. Valid until the next call. NULL: there is none. */
const struct passwd *container_rights_find_user(const char *root, uid_t uid);

/* Becomes that user, with one group and without capabilities. `user` is NULL if it is in no
 * database. Returns 0 or a negative errno (-EACCES: no permission to become another user). */
_must_check_ int container_rights_become_user(uid_t uid, const struct passwd *user);

/* From then on the process can only read and write what it has open (seccomp(2)), and exit by
 * exit(2): in strict mode, which is used without libseccomp, _exit(2) of the C library is not
 * permitted. If the kernel has neither, it can at least open nothing more. Returns 0 or a negative
 * errno. */
_must_check_ int container_rights_confine(void);
