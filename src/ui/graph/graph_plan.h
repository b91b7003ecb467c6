/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/u64.h"
#include "ui/draw/line.h"
#include "ui/list/marks.h"
#include "view/names.h"
#include "view/pair_plan.h"
#include "view/pair_words.h"

/* The plan of the graph screen, in cells: the PID hierarchy above the user hierarchy, both of
 * view/pair_plan.h, with the words in their boxes. Built for each new model or look, in linear time
 * but for sorting; drawing and moving only visit what is in view. */

enum graph_zoom {
	GRAPH_NAMES,   /* `(bash)` */
	GRAPH_NUMBERS, /* `(bash (1468) 4026531836)` */
	GRAPH_BOXES,   /* a box of several lines: also owner and holders */
	GRAPH_ZOOMS,
};

/* The input of a plan. */
struct graph_look {
	const struct model *model; /* NULL: none yet */
	const struct marks *marks;
	const struct names *names;
	struct view_options view; /* sorting, and whether owned namespaces are shown */
	bool is_whole;            /* false: the model is the first part of one */
	enum graph_zoom zoom;
	int columns;          /* longer names, and longer lines in boxes, are cut */
	bool with_all_owners; /* there is room for all lines to owners, not for those of one node */
	uint64_t apart;       /* tag of a namespace that is never in a group; 0: none */
	bool is_ascii;
};

enum {
	GRAPH_GAP = 4,        /* between the columns of boxes: the connectors are in it */
	GRAPH_TRUNK = 3,      /* the line down to the siblings is so far left of their column */
	GRAPH_LANE = 2,       /* from one line to an owner to the next */
	GRAPH_LANES_MAX = 40, /* more lanes cannot be distinguished */
	GRAPH_WORDS = 21,     /* on a line: `╌╌ user:[4026532001] ` */
};

struct graph_part {
	int title; /* row of the line over it */
	int *last; /* of each node: the anchor of its last child; its own if it has none */
	/* Of each node: the row in which a line between a PID namespace and its owner meets it. A
	 * leaf has nothing at its right, so that this is its anchor. The line of another node
	 * leaves or reaches the bottom of the box, and has a free row between two rows of boxes. */
	int *line;
	/* Of each node: that of its words. Boxes of a column are as wide as the widest. */
	int *width;
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

/* Names and lines have at least this width (look.columns), and at most GRAPH_LINE_MAX. */
int graph_plan_least(enum graph_zoom zoom);

/* Groups of look-alike leaves (view/pair_plan.h) are open if a member is among `opened`. The caller
 * releases the plan. */
void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened);
void graph_plan_release(struct graph_plan *plan);

/* Places the boxes again: for another zoom level or width of the same model. */
void graph_plan_place(struct graph_plan *plan, const struct graph_look *look);

/* A width of names (look.columns) with which the picture without its lanes has at most `columns`.
 * The plan has the least width of names, with which it has no more. It is the greatest one, unless
 * the widest line of a box is whole and a shorter one is cut. */
int graph_plan_fit(const struct graph_plan *plan, const struct graph_look *look, int columns);

/* The hierarchy of a part. */
const struct hierarchy *graph_plan_hierarchy(const struct graph_plan *plan, enum pair_part part);

/* The node with that tag, or the group that it is in. */
struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag);

/* NULL if there is none. */
const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at);
const struct pair_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at);

/* The row in which lines meet a box. */
int graph_plan_anchor(const struct pair_box *box);

/* No node of a part before this one reaches row `row`: where drawing may begin. O(log n). */
size_t graph_plan_first(const struct graph_plan *plan, enum pair_part part, int row);

/* --- the words of a node ------------------------------------------------------------------ */

/* A PID namespace is in `( )`, a user namespace in `[ ]`, so that they differ without colour. */

/* For the words of groups and compartments. */
struct pair_words graph_plan_words(const struct graph_look *look, const struct node *node);

/* The number of lines of words for a node, at least 1, without the border of GRAPH_BOXES. */
int graph_plan_count_lines(const struct graph_look *look, const struct node *node);

/* The number of the first line about owned namespaces; graph_plan_count_lines if there is none. */
int graph_plan_compartment(const struct graph_look *look, const struct node *node);

/* One of the lines: escaped and clipped, in a line of GRAPH_LINE_MAX columns at most, which the
 * caller releases. */
void graph_plan_line(
        struct line *ret, const struct graph_look *look, const struct node *node, int index);

enum { GRAPH_LINE_MAX = 120 };
