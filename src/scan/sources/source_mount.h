/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The source `mount`: mounts of namespaces (nsfs), from the mountinfo of each mount namespace, read
 * once for each, by one of its processes or threads, one whose root directory is that of the mount
 * namespace if there is one: a process after chroot(2) sees what is below its own root only.
 *
 * Where the mount namespace of a process is refused, its mountinfo is not: such a mount's mount
 * namespace has no number then. They are told apart by the number of their first mount.
 *
 * A mount namespace without a process is read where it is held by something that was found, by the
 * helper, unless the kernel lists its mounts (source_mntns.h). */

#include "scan/scan_state.h"

/* Reads the mount namespaces that have a process or thread. Returns 0 or -ECANCELED. */
_must_check_ int source_mount_read(struct scan *scan);

/* Fills in the paths (u64_set_hash) by which what is mounted may have been opened, as far as mounts
 * are known. Sorted, the caller's to release. */
void source_mount_list_paths(const struct scan *scan, struct u64_set *ret_paths);

/* Reads the mount namespaces without one that are known by now, and those that turn up by that. The
 * finds must be sorted, and are after it. Returns 0 or -ECANCELED. */
_must_check_ int source_mount_read_orphans(struct scan *scan);

/* Fills in the numbers of the mount namespaces whose mounts are known: those that a process or
 * thread is in, and scan->listed. Sorted, the caller's to release. */
void source_mount_list_read(const struct scan *scan, struct u64_set *ret_inodes);
