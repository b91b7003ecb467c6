/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/filter.h"

/* The PID hierarchy and the user hierarchy of one model, with the boxes of both and the lines from
 * PID namespaces to the user namespaces that own them: what the graph screen, the SVG and the DOT
 * graph have in common. view/pair_layout.h places the boxes. Everything is iterative and linear but
 * for sorting. */

enum pair_part {
	PAIR_PID,
	PAIR_USER,
	PAIR_PARTS,
};

extern const enum view_kind pair_views[PAIR_PARTS];

/* Pixels or cells. */
struct pair_box {
	int x, y, width, height;
};

struct pair_tree {
	struct hierarchy hierarchy;
	struct pair_box *boxes;   /* one for each node; the caller sets their sizes */
	struct pair_entry *index; /* pair_plan_find */
	size_t n_index;
};

/* The line from a PID namespace to its owner: nodes of the two hierarchies. */
struct pair_line {
	size_t pid;
	size_t user;
	size_t lane; /* from 0; lines to the same owner share one */
};

/* Which lines are drawn: a picture of all lines leaves out those to the initial user namespace,
 * which owns most PID namespaces. lines[0..n_drawn) are the lines of such a picture; behind them
 * are the others, which have no lane. Both parts are sorted by owner, then by PID namespace. A DOT
 * graph has an edge for each owner (`owners`). */
struct pair_plan {
	struct pair_tree trees[PAIR_PARTS];
	/* For each node of the PID hierarchy: the node of its owner, or NODE_NO_PARENT. */
	size_t *owners;
	struct pair_line *lines;
	size_t n_lines;
	size_t n_drawn;
	size_t n_lanes;
	struct filter_count count; /* of the filter, of both hierarchies */
};

/* --- groups of similar leaves ---------------------------------------------------------------- */

/* Hundreds of namespaces that look alike (containers of one image, tabs of one browser) are drawn
 * as one node with their number. */

enum { COLLAPSE_ABOVE = 8 };

struct collapse_options {
	uint64_t selected; /* tag of a namespace that is never in a group; 0: none */
	/* A group is left open if this is true for any member. NULL: no group is open. */
	bool (*is_open)(const void *data, uint64_t tag);
	const void *data;
};

/* Replaces more than COLLAPSE_ABOVE leaves of one parent that look alike (type, name of the leader,
 * owner, kind of the first holder, mark) by one node, the group, in the place of the first of them;
 * `alike` has the members in their order. The selected one stays out of it. A node with anything
 * below it is never in a group. O(n log n). */
void pair_plan_collapse(struct hierarchy *hierarchy, const struct collapse_options *options);

/* True if two leaves or groups of one hierarchy look alike and have one parent. */
bool pair_plan_is_alike(const struct node *a, const struct node *b);

/* --- the plan -------------------------------------------------------------------------------- */

struct pair_options {
	const struct model *model;
	const struct model *baseline;     /* NULL: nothing is marked */
	struct view_options view;         /* `kind` does not matter */
	struct collapse_options collapse; /* if view.is_collapsed */
	const struct filter *filter;      /* what does not match is left out; NULL: nothing is */
	const struct names *names;        /* for the filter */
	/* Nodes to leave out, with nothing below them that stays; NULL: none. A line without a
	 * namespace is left out with all that is below it. */
	bool (*is_left_out)(const void *data, const struct node *node);
	const void *data;
};

/* Builds hierarchies and lines; boxes are zeroed. A PID namespace that is a detail of its owner is
 * left out: it has its box in its own hierarchy. The caller releases the plan. */
void pair_plan_build(struct pair_plan *ret, const struct pair_options *options);
void pair_plan_release(struct pair_plan *plan);

/* The node of the namespace with that tag, or the group that it is in; NODE_NO_PARENT if there is
 * none. O(log n). */
size_t pair_plan_find(const struct pair_tree *tree, uint64_t tag);
