/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opening namespaces that only mounts keep. The helper does it, many at a time, since a path that
 * leads to a mount point may hang. */

#include "scan/reopen.h"

enum { OPEN_MOUNT_AT_ONCE = 64 };

/* Opens `n` namespaces, at most OPEN_MOUNT_AT_ONCE, each by the first of its mounts that can be
 * reached; firsts[i] is the number of the first holder of each. Fills in results[i]: REACH_GONE if
 * none of the mounts is there any more; refused with -ESTALE if all are covered, with -EREMOTE if
 * one is on a file system that may hang; REACH_UNSUPPORTED without a helper. */
void open_mount_all(struct reopen *reopen, const size_t *firsts, size_t n, struct reached *results);

/* Opens a mount namespace without a process, by any of its holders. */
_must_check_ struct reached open_mount_ns(struct reopen *reopen, uint64_t inode);
