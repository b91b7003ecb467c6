/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"
#include "model/net_facts.h"

#include <stddef.h>

/* The network picture: a box for each network namespace with its interfaces, bridges as boxes in
 * it, and a line for each pair of interfaces that are connected (veth(4), and macvlan and the like
 * to their lower device). Screen, SVG and DOT draw it.
 *
 * Boxes stand in layers: the initial namespace, or else the one with most lines, in the first one,
 * those connected to it in the next, and so on; so that every line leads to the same or the next
 * layer. A box reaches as far down as the boxes behind it, and the line to each of these is
 * straight, unless several begin at one interface. The other lines have a lane between two layers.
 * Everything is in cells: a character is one cell wide and high. Iterative, and linear but for
 * sorting. */

#define NET_PLAN_NONE SIZE_MAX

enum net_row_kind {
	NET_ROW_NAME,   /* the name of the namespace: process, mount or container; */
	NET_ROW_TEXT,   /* `net:[4026531840]`, the container, why nothing is known */
	NET_ROW_BRIDGE, /* the upper side of a bridge, with its name and addresses, */
	NET_ROW_PORT,   /* an interface; of the bridge above it if `is_bridged` */
	NET_ROW_END,    /* and the lower side */
};

struct net_row {
	enum net_row_kind kind;
	bool is_bridged;
	const char *text; /* escaped; "" for the lower side of a bridge */
	int columns;      /* of the text */
	int y;
	const struct net_interface *interface; /* of ports and bridges, else NULL */
};

struct net_box {
	const struct ns *ns;
	const struct net_facts *facts; /* NULL: not known */
	int x, y, width, height;
	unsigned layer;
	struct net_row *rows;
	size_t n_rows;
	size_t *lines; /* indexes of the lines that end here, from the top down */
	size_t n_lines;
	size_t up; /* the line to the layer before by which it was reached; NET_PLAN_NONE */
};

/* A line. The first end is in the lower layer; in one layer both ends are at the right side. */
struct net_line {
	struct net_end {
		size_t box;
		size_t row;
		const struct net_interface *interface; /* NULL: not known */
	} ends[2];
	bool is_straight;
	int lane; /* x of its part that leads down; only if it is not straight */
};

struct net_plan {
	struct arena *arena; /* owns all that follows, and the texts */
	struct net_box *boxes;
	size_t n_boxes; /* in the order of the layers, from the top down */
	struct net_line *lines;
	size_t n_lines;
	size_t n_bridges;
	size_t n_unknown; /* boxes of which the links are not known */
	size_t n_outside; /* interfaces whose other end was not found */
	int width, height;
};

/* The end of a line that is at a box, and the box at its other end. */
const struct net_end *net_layout_end(const struct net_plan *plan, size_t box, size_t line);
size_t net_layout_other(const struct net_plan *plan, size_t box, size_t line);

/* Columns that the frames around the text of a row take: `│ ` and ` │`, twice in a bridge. */
int net_layout_frame(const struct net_row *row);

/* Places boxes, rows and lines, and sorts them as above. `order` has the indexes of the boxes: each
 * behind the one that it was reached from. */
void net_layout_place(struct net_plan *plan, const size_t *order);
