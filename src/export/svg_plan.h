/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"
#include "export/label.h"
#include "view/layout.h"
#include "view/node_index.h"

/* Where everything stands in the SVG, in whole pixels: the two hierarchies one below the
 * other or side by side, whichever is larger on a sheet of A4 on its side (or not too wide), each
 * on a panel, laid out by view/layout.h. The lines from PID namespaces to their owners leave below
 * the boxes, between the rows, and go up and down in lanes between the panels (to the right of
 * both). */

enum {
	SVG_MARGIN = 24,
	SVG_HEADER = 112,    /* title, subtitle, legend */
	SVG_PADDING = 20,    /* between a panel and what is on it */
	SVG_HEADING = 40,    /* the panel's own title */
	SVG_COLUMN_GAP = 44, /* the connectors are in it */
	SVG_ROW_GAP = 12,    /* lines to owners are in it */
	SVG_LINE = 16,       /* from one line of text to the next */
	SVG_ANCHOR = 21,     /* where connectors meet a box, below its top */
	SVG_WIDE = 1900,     /* more than that scrolls badly in two directions */
	SVG_PAGE = 2000,     /* higher than that, nobody prints it on a page */
	SVG_LANE = 10,       /* from one lane to the next */
	SVG_OWNERS_MAX = 40, /* more lines to owners would be a thicket */
	SVG_TEXT_SIZE = 12,
	SVG_TITLE_SIZE = 20,
};

struct svg_line {
	const char *text; /* escaped, not quoted */
	size_t len;
	int x, y; /* in a box: the start of its baseline, from the corner of the box */
};

struct svg_box {
	int x, y, width, height;
	size_t n_lines;
	struct svg_line lines[LABEL_LINES];
};

struct svg_section {
	struct hierarchy hierarchy;
	struct layout layout;
	struct node_index index;
	struct svg_box *boxes;   /* one for each node of the hierarchy */
	int x, y, width, height; /* the panel */
};

/* A line from a PID namespace to the user namespace that owns it. */
struct svg_owner {
	size_t pid;  /* node in the PID hierarchy */
	size_t user; /* node in the user hierarchy */
	size_t lane;
	int lane_x;
};

struct svg_plan {
	struct arena *arena; /* of all below */
	struct svg_line title;
	struct svg_line subtitle;
	struct svg_section sections[VIEW_KINDS];
	struct svg_owner *owners; /* none if there would be too many */
	size_t n_owners;
	size_t n_lanes;
	size_t n_hidden_owners; /* lines not drawn because there would be too many */
	int width, height;
};

/* Plans the picture. Linear. */
void svg_plan_build(
        struct svg_plan *ret, const struct export_request *request, struct label *label);
void svg_plan_release(struct svg_plan *plan);

/* Makes room for something `width` wide between the margins. */
void svg_plan_widen(struct svg_plan *plan, int width);

/* Pixels that text takes at most, at a font size. The font is the viewer's, so this is a guess, on
 * the wide side, from the columns that a terminal gives it. */
int svg_text_width(const char *text, size_t len, int size);
