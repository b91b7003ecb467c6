/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/line.h"
#include "ui/list/marks.h"
#include "view/names.h"

/* The words in the boxes of the graph. A PID namespace stands in `( )`, a user namespace in `[ ]`,
 * so that they are told apart without colour. */

enum graph_zoom {
	GRAPH_NAMES,   /* `(bash)` */
	GRAPH_NUMBERS, /* `(bash (1468) 4026531836)` */
	GRAPH_BOXES,   /* a box of several lines: also its owner and what holds it */
	GRAPH_ZOOMS,
};

/* What is shown, and how. */
struct graph_look {
	const struct model *model; /* NULL: nothing yet */
	const struct marks *marks;
	const struct names *names;
	struct view_options view; /* sorting, and whether owned namespaces are shown */
	enum graph_zoom zoom;
	uint64_t apart; /* tag of the one that is never in a group; 0: none */
	bool is_ascii;
};

/* How many lines of words there are for a node, from 1, without the border that GRAPH_BOXES has. */
int graph_box_lines(const struct graph_look *look, const struct node *node);

/* The first of them that speaks of what it owns; graph_box_lines if there is none. */
int graph_box_compartment(const struct graph_look *look, const struct node *node);

/* One of them, in a line with room enough (GRAPH_LINE_MAX): escaped and clipped. The caller
 * releases it. */
void graph_box_line(
        struct line *ret, const struct graph_look *look, const struct node *node, int index);

enum { GRAPH_LINE_MAX = 120 };
