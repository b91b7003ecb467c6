/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The containers that the path of a control group names, by the table in patterns.def. The path is
 * text that others have chosen: it is matched, never opened. */

#include "base/arena.h"
#include "model/container.h"

/* A container, or a systemd unit or session. Strings are raw; NULL: the path has none. */
struct cgroup_name {
	enum container_kind kind;
	const char *id; /* as in struct container */
	const char *name;
	const char *pod_id;
	const char *unit;
	/* How many components of the path lead to the directories whose owners may choose the name:
	 * the parents of those components that are part of its pattern and its pod's, from the
	 * first, which is nearest to the top, to the last; or, of a machine, to itself. */
	size_t owner_first, owner_depth;
	bool is_given; /* the last is that of a machine, which each hierarchy must confirm */
};

/* Deeper nesting is ignored. */
enum { CGROUP_NESTED_MAX = 16 };

struct cgroup_path {
	struct cgroup_name nested[CGROUP_NESTED_MAX]; /* the outermost first */
	size_t n_nested;
	struct cgroup_name label; /* the innermost unit or session; its id is NULL: none */
	size_t n_known;           /* components that are part of a pattern ... */
	size_t n_outer;           /* ... up to the end of the outermost container */
	bool has_user;            /* it is below the systemd instance of a user ... */
	uid_t user;               /* ... this one */
	/* It begins with `/..`: it is outside the cgroup namespace (cgroup_namespaces(7)) of the
	 * reader, so what is above is not known, and nothing in it is more than a claim. */
	bool is_outside;
};

/* Matches a path, which begins with `/`. The strings of the result are in `arena`. */
void cgroup_path_match(struct arena *arena, const char *path, size_t len, struct cgroup_path *ret);
