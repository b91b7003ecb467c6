/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The source `fd`: descriptors on namespaces. The text of a descriptor's link is all that is read:
 * TYPE:[INODE] can only be a namespace's, since the text of a file is a path and begins with a
 * slash whatever became of the file (measured on Linux 6.18: deleted, unreachable, in a mount that
 * is gone, memfd). A namespace that is not otherwise known is asked by it, which pins it first
 * (nsrel_open).
 *
 * A descriptor that was opened by a mount point has the path of that as text, one whose mount is
 * gone
 * `/`. Those are in doubt until mount points are known (source_mount.h), and then settled by
 * looking at what they lead to. A tree of mounts that was cloned and not attached (open_tree(2)) is
 * where such a descriptor is missed.
 *
 * Threads: one whose table is not that of its process is told by kcmp(2). Where that may not be
 * asked, one whose numbers differ from those of the process is read too: what the process has open
 * may then be there twice.
 *
 * Our own descriptors and the helper's are left out. */

#include "scan/visit.h"

/* Adds records, candidates, and sockets for the source `socket`. */
void source_fd_read(struct visit *visit);

/* Looks at the descriptors in doubt whose text is among `paths` (u64_set_hash); the others stay in
 * candidate. Returns 0 or -ECANCELED. */
_must_check_ int source_fd_settle(struct scan *scan, const struct u64_set *paths);
