/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64_set.h"
#include "ui/graph/graph_box.h"
#include "view/layout.h"
#include "view/node_index.h"

/* Where everything stands in the picture of the graph, in cells: the PID hierarchy above the user
 * hierarchy, each laid out by view/layout.h, a column for each depth. Made anew for a new model or
 * another look, in linear time but for sorting; drawing and moving only look at what is in view. */

enum graph_part_kind {
	GRAPH_PID,
	GRAPH_USER,
	GRAPH_PARTS,
};

enum {
	GRAPH_GAP = 4,        /* between the columns of boxes: the connectors are in it */
	GRAPH_TRUNK = 3,      /* so far before a column the line to its siblings goes down */
	GRAPH_LANE = 2,       /* from one line to an owner to the next */
	GRAPH_LANES_MAX = 40, /* more would be a thicket */
};

struct graph_box {
	int row, column;
	int rows, columns;
	int last; /* the anchor of its last child; its own if it has none */
};

struct graph_part {
	int title; /* row of the line over it */
	struct hierarchy hierarchy;
	struct node_index index;
	struct layout layout;
	struct graph_box *boxes; /* one for each node */
};

/* A PID namespace and the user namespace that owns it, both as nodes. */
struct graph_owner {
	size_t pid;
	size_t user;
};

struct graph_plan {
	struct graph_part parts[GRAPH_PARTS];
	struct graph_owner *owners; /* by user */
	size_t n_owners;
	int rows, columns; /* without the lanes */
};

/* A node of the picture. */
struct graph_at {
	enum graph_part_kind part;
	size_t node; /* NODE_NO_PARENT: none */
};

/* Groups of look-alike leaves (view/collapse.h) are open if a member is among `opened`. The caller
 * releases it. */
void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened);
void graph_plan_release(struct graph_plan *plan);

/* The node with that tag, or that stands for it. */
struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag);

/* NULL if there is none. */
const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at);
const struct graph_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at);

/* The row in which lines meet a box. */
int graph_box_anchor(const struct graph_box *box);

/* No node of a part before this one reaches row `row`: where drawing may begin. O(log n). */
size_t graph_part_first(const struct graph_part *part, int row);
