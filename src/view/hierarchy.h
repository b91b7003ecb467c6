/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* What the tree text, the rows, the graph and the SVG all walk: the namespaces of one hierarchy
 * as a forest, in one array, in the order in which they are read (preorder). */

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
	VIEW_PROCESSES,
	VIEW_KINDS,
};

struct view_kind_row {
	const char *name; /* as in --view: "user" */
	const char *text; /* what it shows */
	enum nstype type; /* the type it is about */
	unsigned types;   /* 1 << NS_*: its lines; none: they are processes */
	bool is_by_owner; /* under the user namespaces that own them, which are lines too */
};

/* The row of a kind; and the kind of a name: false if there is none. */
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

struct view_options {
	enum view_kind kind;
	bool with_details; /* under each user namespace also the namespaces it owns */
	bool by_owner;     /* under the user namespaces that own them, instead of their parents */
	bool is_collapsed; /* graphs as files: look-alike leaves are one node (collapse.h) */
	enum view_sort sort;
	bool is_inverted; /* what sorts first is last */
};

/* True if its lines stand under the user namespaces that own them. */
bool view_is_by_owner(const struct view_options *options);

enum node_mark {
	MARK_NONE,
	MARK_NEW,  /* not in the baseline */
	MARK_GONE, /* only in the baseline: `ns` is the baseline's */
};

#define NODE_NO_PARENT SIZE_MAX

struct node {
	/* One of them; neither: the line "(outside this view)", over several tops. */
	const struct ns *ns;
	const struct process *process;
	size_t parent;     /* index, or NODE_NO_PARENT */
	size_t end;        /* index behind its last descendant: to skip a folded subtree */
	unsigned depth;    /* 0 for a top */
	unsigned differs;  /* a process: 1 << NS_* where its parent is in another namespace */
	bool is_owned;     /* a detail of its parent, which owns it (with_details) */
	bool is_last;      /* the last child of its parent (owned ones do not count) */
	bool has_children; /* anything below it, owned ones too */
	enum node_mark mark;
	const struct ns *const *alike; /* collapse.h: the leaves it stands for, `ns` the first; */
	size_t n_alike;                /* 0: it stands for itself alone */
};

struct hierarchy {
	struct view_options options;
	struct node *nodes;
	size_t n;
	const struct ns **alike; /* what nodes that stand for several point into, or NULL */
};

/* Builds the forest of `model`. Details come before the children; siblings are sorted by type and
 * number unless the options say otherwise; several tops hang under one node without `ns`. By
 * owner, user namespaces are in it too, under their parents, and one whose owner is not known is a
 * top; in the views of one flat type only those that own one, or stand above one that does.
 * Processes hang under their parents; those without one are tops, beside each other.
 * With a `baseline` (may be NULL), what went since then stands where it was, marked, and what is
 * new is marked: a namespace is the same when its tag is. Processes are not marked. The result
 * points into both models. Iterative and linear, but for sorting. The caller releases it. */
void hierarchy_build(struct hierarchy *ret, const struct model *model, const struct model *baseline,
        const struct view_options *options);

void hierarchy_release(struct hierarchy *hierarchy);

/* Takes out each node for which `is_dropped` is true, one entry a node; those have nothing below
 * them that stays. Linear. */
void hierarchy_drop(struct hierarchy *hierarchy, const bool *is_dropped);

/* The tag of a node for keeping a selection, folds, marks: 0 for the line over several tops. No
 * process has that of a namespace. */
uint64_t node_tag(const struct node *node);

/* Index of the node with that tag, or NODE_NO_PARENT. Linear. */
size_t hierarchy_find(const struct hierarchy *hierarchy, uint64_t tag);

/* The same tag, of a process. */
uint64_t process_tag(const struct process *process);
