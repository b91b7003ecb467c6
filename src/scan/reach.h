/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/reopen.h"

/* Reaching namespaces: those that a process or a near holder has directly (reopen.h), those that
 * only mounts keep by the helper, many at a time, since the path to a mount point may hang. */

/* One walk over scan->namespaces, the same for identities and relations. */
struct reach_walk {
	struct scan *scan;
	bool only_keys; /* reach_near reads only the keys */
	void *data;

	/* True if the namespace is to be reached. */
	bool (*wants)(void *data, const struct ns *ns);

	/* Takes what came of it, and the handle if there is one. Returns false to end the walk. */
	bool (*receive)(void *data, struct ns *ns, const struct reached *reached);

	/* Set by reach_near. */
	size_t *far; /* the numbers of the namespaces that only the helper can open */
	size_t n_far, far_capacity;
	bool has_ended; /* `receive` returned false */
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
