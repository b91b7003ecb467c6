/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opening namespaces that only mounts keep. The helper does it, many at a time, since whoever walks
 * to a mount point may hang. */

#include "scan/members.h"

enum { MOUNTED_AT_ONCE = 64 };

/* Namespaces to be opened together. */
struct mounted_batch {
	struct ns *namespaces[MOUNTED_AT_ONCE];
	const struct place *places[MOUNTED_AT_ONCE];
	int handles[MOUNTED_AT_ONCE]; /* the answers */
	size_t n;
};

/* Adds one; there must be room. */
void mounted_add(struct mounted_batch *batch, struct ns *ns, const struct place *place);

/* Opens them, each by the first of its mounts that will do: handles, the caller's, or negative
 * errnos: -ESRCH, none of the mounts is there any more; -ESTALE, all are covered; -EREMOTE, or on a
 * file system that may hang; -EOPNOTSUPP, nobody can be sent. */
void mounted_open(struct members *members, struct mounted_batch *batch);

/* The same for one. */
_must_check_ int mounted_open_one(struct members *members, const struct place *place);
