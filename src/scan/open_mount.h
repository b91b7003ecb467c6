/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opening namespaces that only mounts keep. The helper does it, many at a time, since whoever walks
 * to a mount point may hang. */

#include "scan/reopen.h"

enum { OPEN_MOUNT_AT_ONCE = 64 };

/* Namespaces to be opened together. */
struct open_mount_batch {
	struct ns *namespaces[OPEN_MOUNT_AT_ONCE];
	const struct place *places[OPEN_MOUNT_AT_ONCE];
	int handles[OPEN_MOUNT_AT_ONCE]; /* the answers */
	size_t n;
};

/* Adds one; there must be room. */
void open_mount_add(struct open_mount_batch *batch, struct ns *ns, const struct place *place);

/* Opens them, each by the first of its mounts that will do: handles, the caller's, or negative
 * errnos: -ESRCH, none of the mounts is there any more; -ESTALE, all are covered; -EREMOTE, or on a
 * file system that may hang; -EOPNOTSUPP, nobody can be sent. */
void open_mount_all(struct reopen *reopen, struct open_mount_batch *batch);

/* The same for one. */
_must_check_ int open_mount_one(struct reopen *reopen, const struct place *place);
