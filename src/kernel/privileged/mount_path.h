/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* In a job: opens what a mount of another mount namespace leads to. What is on the way there may be
 * on any file system, and access to it may wait for ever. */

#include "base/attributes.h"

#include <stddef.h>

/* Drops all capabilities but those for the root directory of a process and the path below it.
 * Returns 0 or a negative errno. */
_must_check_ int mount_path_keep_capabilities(void);

/* Enters a mount namespace, opens its root directory, returns, and does the same. Returns a
 * descriptor or a negative errno; -EBADF: `mount_ns` is none. */
_must_check_ int mount_path_open_root(int mount_ns);

/* Opens our own mountinfo as it is in that mount namespace. The capabilities for that must have
 * been kept: CAP_SYS_ADMIN and CAP_SYS_CHROOT. */
_must_check_ int mount_path_open_mountinfo(int mount_ns);

/* Resolves the first `len` bytes of a path below `root`, as openat2(2) does with RESOLVE_IN_ROOT,
 * but on any kernel. The path of a mount has neither symbolic links nor `..`, so none is followed,
 * and the result cannot be outside of `root`. A link that was put there meanwhile is opened itself,
 * and is no directory. O_PATH triggers no automount, and opens no device (open(2)). Returns a
 * descriptor or a negative errno; -ESTALE: the path is empty. */
_must_check_ int mount_path_walk(int root, const char *path, size_t len);
