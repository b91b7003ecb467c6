/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "view/filter.h"
#include "view/pair_group.h"

/* The PID hierarchy and the user hierarchy of one model, with the boxes of both and the lines from
 * PID namespaces to the user namespaces that own them: what the graph screen, the SVG and the DOT
 * graph have in common. view/pair_layout.h places the boxes. Everything is iterative and linear but
 * for sorting. */

enum pair_part {
	PAIR_PID,
	PAIR_USER,
	PAIR_PARTS,
};

/* Pixels or cells. */
struct pair_box {
	int x, y, width, height;
};

struct pair_row {
	int y, height;
	int below;    /* more of the gap below it; 0 unless the caller needs it */
	int hanging;  /* where a box ends that hangs down to this row; 0: none does */
	size_t last;  /* the node at its right end */
	bool is_grid; /* the first row of a grid (pair_layout.h) */
};

struct pair_tree {
	struct hierarchy hierarchy;
	struct pair_box *boxes; /* one for each node; the caller sets their sizes */
	struct pair_row *rows;  /* pair_layout.h; as many as nodes at most */
	size_t n_rows;
	size_t *row_of;           /* the row of each node */
	struct pair_entry *index; /* pair_plan_find */
	size_t n_index;
};

/* The line from a PID namespace to its owner: nodes of the two hierarchies. */
struct pair_line {
	size_t pid;
	size_t user;
	size_t lane; /* from 0; lines to the same owner share one */
	size_t n;    /* the PID namespaces that it stands for: the members of a group, else 1 */
};

/* Which lines are drawn: a picture of all lines leaves out those to the initial user namespace,
 * which owns most PID namespaces. lines[0..n_drawn) are the lines of such a picture; behind them
 * are the others, which have no lane. Both parts are sorted by owner, then by PID namespace. */
struct pair_plan {
	struct pair_tree trees[PAIR_PARTS];
	/* A picture has both hierarchies, of the views pid and user, or (view_options.is_single)
	 * one: pid, or any other view at PAIR_USER. The other one is empty. */
	bool has_part[PAIR_PARTS];
	enum view_kind kinds[PAIR_PARTS];
	/* For each node of the PID hierarchy: the node of its owner, or NODE_NO_PARENT. */
	size_t *owners;
	struct pair_line *lines;
	size_t n_lines;
	size_t n_drawn;
	size_t n_lanes;
	struct filter_count count; /* of the filter, of both hierarchies */
};

/* --- the plan -------------------------------------------------------------------------------- */

struct pair_options {
	const struct model *model;
	const struct model *baseline;     /* NULL: nothing is marked */
	struct view_options view;         /* `kind` matters only with is_single */
	struct collapse_options collapse; /* if view.is_collapsed */
	const struct filter *filter;      /* what does not match is left out; NULL: nothing is */
	const struct names *names;        /* for the filter */
	/* Nodes to leave out, with nothing below them that stays; NULL: none. A line without a
	 * namespace is left out with all that is below it. */
	bool (*is_left_out)(const void *data, const struct node *node);
	const void *data;
};

/* Builds hierarchies and lines; boxes are zeroed. With details, the namespaces that one owns are no
 * nodes, but listed in its `details`; with all of them they are nodes below it, and only those of a
 * group are listed. A PID namespace that has a box in its own hierarchy is not among them. The user
 * hierarchy is collapsed first; PID namespaces whose owners are in one group have the same owner.
 * The caller releases the plan. */
void pair_plan_build(struct pair_plan *ret, const struct pair_options *options);
void pair_plan_release(struct pair_plan *plan);

/* The node of the namespace with that tag, or the group that it is in; NODE_NO_PARENT if there is
 * none. O(log n). */
size_t pair_plan_find(const struct pair_tree *tree, uint64_t tag);

/* True for a PID namespace below its owner, of a picture of both hierarchies: it has a box in the
 * other one, and is no detail of its owner. */
bool pair_plan_is_elsewhere(const struct node *node, const struct view_options *view);
