/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "ui/graph/graph_box.h"
#include "view/pair_plan.h"

/* The plan of the graph screen, in cells: the PID hierarchy above the user hierarchy, both of
 * view/pair_plan.h. Built for each new model or look, in linear time but for sorting; drawing and
 * moving only visit what is in view. */

enum {
	GRAPH_GAP = 4,        /* between the columns of boxes: the connectors are in it */
	GRAPH_TRUNK = 3,      /* the line down to the siblings is so far left of their column */
	GRAPH_LANE = 2,       /* from one line to an owner to the next */
	GRAPH_LANES_MAX = 40, /* more lanes could not be told apart */
};

struct graph_part {
	int title; /* row of the line over it */
	int *last; /* of each node: the anchor of its last child; its own if it has none */
};

struct graph_plan {
	struct pair_plan pair;
	struct graph_part parts[PAIR_PARTS];
	int rows, columns; /* without the lanes */
};

/* A node of the picture. */
struct graph_at {
	enum pair_part part;
	size_t node; /* NODE_NO_PARENT: none */
};

/* Groups of look-alike leaves (view/collapse.h) are open if a member is among `opened`. The caller
 * releases the plan. */
void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened);
void graph_plan_release(struct graph_plan *plan);

/* The hierarchy of a part. */
const struct hierarchy *graph_plan_hierarchy(const struct graph_plan *plan, enum pair_part part);

/* The node with that tag, or the group that it is in. */
struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag);

/* NULL if there is none. */
const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at);
const struct pair_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at);

/* The row in which lines meet a box. */
int graph_plan_anchor(const struct pair_box *box);

/* The lane of the screen for a lane of `pair`: the first one is left free for the lines of the
 * selected node to the initial user namespace, if there are any such lines. */
size_t graph_plan_lane(const struct graph_plan *plan, size_t lane);

/* No node of a part before this one reaches row `row`: where drawing may begin. O(log n). */
size_t graph_plan_first(const struct graph_plan *plan, enum pair_part part, int row);
