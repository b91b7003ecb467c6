/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What is seen to count towards the limits of user namespaces: how many namespaces of a type each
 * user may have in it (user.max_TYPE_namespaces, namespaces(7)).
 *
 * Linux counts a namespace for the user who created it in the user namespace that owns it (a user
 * namespace: in its parent), and in each ancestor of that for the user who owns the user namespace
 * below. So the user is known of each child user namespace and of all that it and its descendants
 * own. It is not known of the other namespaces that a user namespace owns.
 *
 * Linux may count more than is seen: also namespaces that have ended, until it has freed them, PID
 * namespaces that only a mount of proc keeps, and that of each detached mount (open_tree(2),
 * fsmount(2)). It never counts less. */

#include "model/model.h"

/* The subtrees of all user namespaces of a model, counted once. */
struct limits;

/* The model must stay. */
struct limits *limits_new(const struct model *model) __attribute__((returns_nonnull));

/* NULL is allowed. */
void limits_free(struct limits *limits);

struct limits_user {
	uid_t uid;
	const char *name; /* of a snapshot, of the model; NULL: not known */
	uint64_t counted[NS_TYPES];
};

/* What counts in one user namespace. */
struct limits_counts {
	struct limits_user *users; /* by UID: those who own its children */
	size_t n_users;
	/* Those of which the user is not known: what it owns itself, and what is below children of
	 * users that are not known. Each may be of any user, also of one in `users`. */
	uint64_t unknown[NS_TYPES];
};

/* The caller releases them. */
void limits_count(const struct limits *limits, const struct ns *user_ns, struct limits_counts *ret);
void limits_release(struct limits_counts *counts);

/* Returns how many users have any of that type; `ret` (room for `max`) gets those who have most,
 * the first one most. */
size_t limits_top(const struct limits_counts *counts, enum nstype type,
        const struct limits_user **ret, size_t max);

/* How near a user may be to a limit. */
enum limits_state {
	LIMITS_FREE,
	LIMITS_NEAR,          /* 90 % or more are counted for one user */
	LIMITS_MAYBE_REACHED, /* if those of which the user is not known are of one user */
	LIMITS_REACHED,       /* by what is counted for one user */
};

/* Of the user in `counts` who has most of that type. */
enum limits_state limits_state(const struct limits_counts *counts, enum nstype type, uint64_t max);

/* The limit of each new user namespace, which no user can reach. */
enum { LIMITS_DEFAULT = INT32_MAX };
