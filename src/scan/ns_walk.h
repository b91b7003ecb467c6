/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/reopen.h"

/* One walk over scan->namespaces that reaches each of them, the same for identities and relations:
 * first those that a process or a near holder has, then those that only the helper can open, many
 * at a time. */
struct ns_walk {
	struct scan *scan;
	bool only_keys; /* of the first kind only the keys are read */
	void *data;

	/* True if the namespace is to be reached. Asked again before the helper is. */
	bool (*wants)(void *data, const struct ns *ns);

	/* Takes what came of it, and the handle if there is one. Returns false to end the walk. */
	bool (*take)(void *data, struct ns *ns, const struct reached *reached);

	/* Set by ns_walk_near. */
	size_t *far; /* numbers of the namespaces that only the helper can open */
	size_t n_far, far_capacity;
	bool has_ended; /* because `take` returned false */
};

/* The first kind; fills in `far`. */
void ns_walk_near(struct ns_walk *walk);

/* The second kind. */
void ns_walk_far(struct ns_walk *walk);

void ns_walk_release(struct ns_walk *walk);
