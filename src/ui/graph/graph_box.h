/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/line.h"
#include "ui/list/marks.h"
#include "view/names.h"

/* The words in the boxes of the graph. A PID namespace is in `( )`, a user namespace in `[ ]`, so
 * that they differ without colour. */

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
	enum graph_zoom zoom;
	uint64_t apart; /* tag of a namespace that is never in a group; 0: none */
	bool is_ascii;
};

/* The number of lines of words for a node, at least 1, without the border of GRAPH_BOXES. */
int graph_box_lines(const struct graph_look *look, const struct node *node);

/* The number of the first line about owned namespaces; graph_box_lines if there is none. */
int graph_box_compartment(const struct graph_look *look, const struct node *node);

/* One of the lines: escaped and clipped, in a line of GRAPH_LINE_MAX columns at most, which the
 * caller releases. */
void graph_box_line(
        struct line *ret, const struct graph_look *look, const struct node *node, int index);

enum { GRAPH_LINE_MAX = 120 };
