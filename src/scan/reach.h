/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/reopen.h"

/* Reaching namespaces: those that a process or a near holder has directly (reopen.h), those that
 * only mounts keep by the helper, many at a time, since the path to a mount point may hang. */

/* What a walk needs of a namespace. */
enum reach_want {
	REACH_NOTHING,
	REACH_KEY,  /* its key; by reach_far it is opened for that */
	REACH_OPEN, /* a handle */
};

/* One walk over scan->namespaces. */
struct reach_walk {
	struct scan *scan;
	void *data;

	enum reach_want (*wants)(void *data, const struct ns *ns);

	/* Receives the result, and owns the handle if there is one. */
	void (*receive)(void *data, struct ns *ns, const struct reached *reached);

	/* Set by reach_near. */
	size_t *far; /* the numbers of the namespaces that only the helper can open */
	size_t n_far, far_capacity;
};

/* Reaches the namespaces that processes and near holders have, and fills in `far`. */
void reach_near(struct reach_walk *walk);

/* Reaches the others: for each, `receive` gets REACH_GONE if none of its mounts is there any more;
 * refused with -ESTALE if all are covered, with -EREMOTE if the path to one may hang;
 * REACH_UNSUPPORTED without a helper. */
void reach_far(struct reach_walk *walk);

void reach_release(struct reach_walk *walk);

/* Opens a mount namespace without a process, by any of its holders. */
_must_check_ struct reached reach_mount_ns(struct reopen *reopen, uint64_t inode);
