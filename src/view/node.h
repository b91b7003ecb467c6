/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "view/view.h"

/* A line of a view, or a box of a graph. */

enum node_mark {
	MARK_NONE,
	MARK_NEW,  /* not in the baseline */
	MARK_GONE, /* only in the baseline: `ns` is the baseline's */
	/* In both, without a process in one of them only. Never in a struct node. */
	MARK_CHANGED,
};

#define NODE_NO_PARENT SIZE_MAX

enum { NODE_NAMES = 3 };

/* The names of the processes that lead the members of a group: the most frequent ones, the number
 * of members that have each, and how many different names there are. Raw; "" if it could not be
 * read, or there is no process. */
struct node_names {
	struct {
		const char *name;
		size_t n;
	} most[NODE_NAMES];
	size_t n;
};

/* A line over others in the view of containers. */
enum node_group {
	GROUP_NONE,
	GROUP_HOST,  /* what is in no container */
	GROUP_POD,   /* the containers of `pod` */
	GROUP_UNITS, /* systemd units that have namespaces of their own */
};

/* What a line of VIEW_MOUNTS says of the mounts that it cannot show. */
enum node_lack {
	LACK_NONE,
	LACK_UNREAD,    /* they were not read */
	LACK_FAILED,    /* they could not be read */
	LACK_MORE,      /* there may be more (mount_table.is_at_least) */
	LACK_NAMESPACE, /* the mount namespace is not in the model */
};

/* There may be hundreds of thousands: it is kept small. */
struct node {
	/* One of these is set, or the group; else it is a line over namespaces of which the parent
	 * is not there (node_heading). */
	const struct ns *ns;
	const struct process *process;
	const struct container *container; /* also a nested one, or a unit; of VIEW_CONTAINERS */
	const struct mount_entry *mount;   /* of VIEW_MOUNTS */
	const struct ns_pin *pin;          /* below the line "(no number)" */
	union {
		struct {                             /* of a group */
			const struct container *pod; /* its sandbox, else one of its containers */
			size_t n_members; /* of GROUP_POD: containers; GROUP_UNITS: units */
			size_t n_processes;
			/* Of GROUP_HOST: PID 1, of GROUP_POD: that of `pod`; or NULL. */
			const struct process *leader;
		};
		struct { /* in a picture (pair_plan.h), which has no such groups */
			/* The leaves of a group, `ns` is the first; 0: it is no group. */
			const struct ns *const *alike;
			size_t n_alike;
			const struct node_names *names;
			/* Leaves that look alike have the same; 0: no leaf, or not compared. */
			size_t look;
		};
	};
	/* In a picture: owned by it, or by the members, by type and number. */
	const struct ns *const *details;
	size_t n_details;
	size_t parent;    /* index, or NODE_NO_PARENT */
	size_t end;       /* index behind its last descendant: to skip a folded subtree */
	unsigned depth;   /* 0 for a top */
	unsigned differs; /* a process: 1 << NS_* where its parent is in another namespace */
	enum node_group group : 8;
	enum node_mark mark : 8;
	enum node_lack lack : 8;
	bool is_unknown;    /* without any: "(owner unknown)"; else "(outside this view)" */
	bool is_by_parent;  /* then: "(parent unknown)" */
	bool is_unread;     /* the same: "(owner not read yet)" */
	bool is_numberless; /* the same: "(no number)", over pins */
	bool is_owned;      /* a detail of its parent, which owns it (with_details) */
	bool is_last;       /* the last child of its parent (owned ones do not count) */
	bool has_children;  /* anything below it, owned ones too */
	bool is_above;      /* the filter does not match it, but one below it (filter_drop) */
	union {
		unsigned n_peers; /* of a mount: the other mount namespaces with one of its peer
		                     group */
		int error;        /* of LACK_FAILED: positive errno */
	};
};

/* The text of a line that has no namespace and no process: "(outside this view)" over namespaces of
 * which the owner or parent is not visible from here, "(owner unknown)" if it could not be read,
 * "(no number)" over pins and for one of them (words_pin_heading has more), "(mounts not read)"
 * and the like in VIEW_MOUNTS. */
const char *node_heading(const struct node *node);

/* True for such a line, and for a pin. */
bool node_is_heading(const struct node *node);

/* The process that a line is about: itself, else the leader of its namespace, container or group;
 * NULL: there is none. */
const struct process *node_process(const struct node *node);

/* The tag of a node: selections, folds and marks refer to it, so that a refresh keeps them. 0 for
 * the line "(outside this view)", and for NULL. */
uint64_t node_tag(const struct node *node);

/* The tags of the lines `host` and `23 units`. */
#define NODE_HOST_TAG  (UINT64_C(3) << 62 | 1)
#define NODE_UNITS_TAG (UINT64_C(3) << 62 | 2)

#define NODE_NUMBERLESS_TAG (UINT64_C(3) << 62 | 3)

/* The tag of a mount: its id, which no other mount of the host has at that moment. */
uint64_t node_mount_tag(const struct mount_entry *mount);

/* The tag of a process in such a list; no namespace has it. */
uint64_t node_process_tag(const struct process *process);

/* How many processes are in a namespace, a container or all that a line is over. */
size_t node_count(const struct node *node);

/* The state of the owner of a namespace, or of the user of a process: REL_FAILED for a line without
 * both. `ret` is valid if it is known or ambiguous. */
enum rel_state node_owner(const struct node *node, uid_t *ret);

/* The order of siblings: details before the rest, what a user namespace owns before its children,
 * then as the options say; among equals by type and number, and gone ones before those of the
 * model. Unknown values come last. Both have a namespace or a process. */
int node_compare(const struct view_options *options, const struct node *a, const struct node *b);

/* Sorts namespaces by type and number. */
void node_sort_by_number(const struct ns **all, size_t n);

/* Sorts siblings. */
void node_sort(const struct view_options *options, struct node *nodes, size_t n);
