/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <sys/types.h>

/* Opens a directory by a path in which other users may plant symbolic links: in /tmp, for example.
 * Linux checks that only in sticky directories, and only with the sysctl fs.protected_symlinks
 * (proc_sys_fs(5)). */

/* A link that was not followed. */
struct directory_path_link {
	uid_t owner;
	char name[256]; /* raw, without its directory */
};

enum { DIRECTORY_PATH_LINK = -10010 };

/* Walks along `path` ("": the working directory), one component after the other. A symbolic link is
 * followed only if it belongs to `caller`, to root, or to the owner of the directory that it is in
 * (not if the caller is root: that owner could choose any directory of root);
 * an owner without a mapping (user_namespaces(7)) counts only in directories that no other user may
 * write. A link of /proc to a file of a process (/proc/PID/cwd) is refused with -ELOOP, and so are
 * more than 40 links. Only directories and links are opened, with O_PATH. Returns a descriptor
 * (O_PATH); DIRECTORY_PATH_LINK and the link in *ret_link (set only then); or a negative errno.
 * System calls: openat, fstat, readlinkat, fstatfs, close. */
_must_check_ int directory_path_open(
        const char *path, uid_t caller, struct directory_path_link *ret_link);
