/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/mounts.h"
#include "model/nstype.h"

#include <stdbool.h>

/* What a view shows, and in which order. */

enum view_kind {
	VIEW_USER,
	VIEW_PID,
	VIEW_MNT,
	VIEW_NET,
	VIEW_UTS,
	VIEW_IPC,
	VIEW_CGROUP,
	VIEW_TIME,
	VIEW_ALL,
	VIEW_CONTAINERS,
	VIEW_MOUNTS,
	VIEW_PROCESSES,
	VIEW_KINDS,
};

struct view_kind_row {
	const char *name; /* as in --view: "user" */
	const char *text; /* a description */
	enum nstype type; /* its main type */
	unsigned types;   /* 1 << NS_*: the types of its lines; 0: processes, containers, mounts */
	bool is_by_owner; /* below the user namespaces that own them, which are lines too */
};

/* The row of a kind; and the kind of a name: false if no kind has that name. */
const struct view_kind_row *view_kind_row(enum view_kind kind);
bool view_kind_from_name(const char *name, enum view_kind *ret);

/* How siblings are sorted. */
enum view_sort {
	VIEW_SORT_NUMBER,
	VIEW_SORT_PROCESSES, /* the most first */
	VIEW_SORT_OWNER,
	VIEW_SORT_AGE, /* the oldest first */
	VIEW_SORTS,
};

/* "number", "processes", "owner", "age". */
const char *view_sort_name(enum view_sort sort);

struct view_options {
	enum view_kind kind;
	bool with_details; /* below each user namespace also the namespaces that it owns */
	/* Of SVG and DOT: each of them has a box, instead of all one part of the box of their owner
	 * (pair_plan.h). Without with_details it does not matter. */
	bool with_all_details;
	bool by_owner;     /* below the user namespaces that own them, instead of their parents */
	bool is_collapsed; /* of a picture: similar leaves are one node (pair_group.h) */
	bool is_single;  /* of SVG and DOT: the hierarchy of `kind` alone, not two (pair_plan.h) */
	bool with_links; /* of SVG and DOT: the network picture (net_layout.h); `kind` is net */
	/* Of VIEW_MOUNTS: inode of the mount namespace that is shown (0: see mount_lines_ns), and
	 * the mounts that were read; NULL: they were not. A hierarchy keeps a reference. */
	uint64_t mnt;
	const struct mounts *mounts;
	enum view_sort sort;
	bool is_inverted;  /* in reverse order */
	bool without_pins; /* of pictures: no namespaces without a number */
};

/* True if its lines stand below the user namespaces that own them. */
bool view_is_by_owner(const struct view_options *options);
