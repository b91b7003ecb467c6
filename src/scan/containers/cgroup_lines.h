/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/cgroup (cgroups(7)) has a line for each hierarchy. Where the hierarchies of version 1
 * and 2 are mixed, a process can be in the group of its container in some of them only. */

#include "base/attributes.h"
#include "scan/containers/cgroup_path.h"

struct cgroup_lines {
	const char *path; /* of the line that is used, raw */
	/* The hierarchies in which the process has that path, first that of the line:
	 * `name=systemd`, names of controllers, or empty for version 2; ends with NULL. */
	const char *const *hierarchies;
	struct cgroup_path match;
	/* The path ends with ` (deleted)`: the kernel has added that if the group is gone, and else
	 * it is the name of the group. */
	bool has_deleted;
};

/* True if root has named the outermost container of the path, or without one its label. */
typedef bool cgroup_lines_proven_fn(void *data, const struct cgroup_lines *lines);

/* Uses the line whose path has most components that root has named, up to the end of its outermost
 * container, so that a user who owns a directory of one hierarchy cannot replace what another one
 * says; of equal ones that with most known components; then one whose label root has named; then
 * one that is not `/`, then that of version 2, of systemd, of the memory controller, the first.
 * is_proven() is called with the lines of a path, only if different ones name something.
 * is_deleted: the group is gone, so ` (deleted)` is no part of the path. Strings are in `arena`.
 * Returns 0; -ENODATA for an empty text, -EINVAL for a malformed one. */
_must_check_ int cgroup_lines_match(struct arena *arena, const char *text, size_t len,
        bool is_deleted, cgroup_lines_proven_fn *is_proven, void *data, struct cgroup_lines *ret);
