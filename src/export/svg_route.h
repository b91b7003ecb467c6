/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/svg_measures.h"
#include "export/svg_text.h"
#include "view/pair_layout.h"

/* The ways of the lines from PID namespaces to their owners. Each owner has a lane, a vertical
 * right of both panels, or between them if they stand side by side; the lines of one owner share
 * it. A box at the right end of its row is met at its right side, another one at its bottom: from
 * there the line goes through the gap below the row, in a track of its own. Tracks and lanes are at
 * least SVG_APART from each other, tracks at least 4 from boxes, and nothing runs through a box or
 * a text. */

enum {
	SVG_APART = 6,    /* from one track to the next */
	SVG_LANE = 8,     /* from one lane to the next, and from a panel to the first */
	SVG_SCREEN = 800, /* ends further apart than this have labels; the width of a page too */
};

/* Where a line meets a box. */
struct svg_end {
	bool is_side;          /* at the right side of the box, else at its bottom */
	int x, y;              /* of the point at the box */
	int offset;            /* of the track from the bottom of the row */
	int track;             /* the y of the track; at the side that of the point */
	struct svg_line label; /* the other end, or how many; its position is that in the picture */
};

struct svg_route {
	const struct pair_line *line;
	size_t lane;
	int lane_x;
	bool is_far; /* both ends are not seen at once */
	struct svg_end ends[PAIR_PARTS];
};

struct svg_routes {
	struct arena *arena; /* for the text of labels */
	struct pair_plan *pair;
	const struct model *model;
	bool is_wide;             /* the panels stand side by side */
	struct svg_route *routes; /* one for each line of `pair` that is drawn */
};

/* Begins with the lines of `pair`, and with labels at those that stand for several; their numbers
 * have a `+` if there may be more (partial.h). What it gets must stay valid. */
void svg_route_build(struct svg_routes *ret, struct pair_plan *pair, const struct model *model,
        struct arena *arena);

/* Before pair_layout_columns: labels below boxes have room there. */
void svg_route_widen_boxes(const struct svg_routes *all, enum pair_part part);

/* After pair_layout_columns: chooses sides and tracks in a panel, and the room that they need below
 * the rows. Returns where the last label beside a box ends; 0 if there is none. */
int svg_route_tracks(struct svg_routes *all, enum pair_part part);

/* After pair_layout_rows of both panels, which stand side by side: moves tracks of the user panel
 * away from the lines of the other one. If rows moved for that, *bottom is where the last one ends
 * now. */
void svg_route_part_tracks(struct svg_routes *all, const struct pair_spacing *spacing, int *bottom);

/* When all boxes have their places: lanes from `left` on, ends, and labels. */
void svg_route_place(struct svg_routes *all, int left);

/* Marks the lines with ends that are far from each other, and labels them. True if there are more
 * than before: then everything must be placed once more. */
bool svg_route_label_far(struct svg_routes *all);
