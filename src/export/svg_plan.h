/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"
#include "export/label.h"
#include "export/svg_legend.h"
#include "export/svg_text.h"
#include "view/pair_plan.h"

/* Positions of everything in the SVG, in whole pixels: the two hierarchies of view/pair_plan.h,
 * each on a panel, one panel below the other or side by side, whichever is larger on a landscape A4
 * page (or not too wide). The lines from PID namespaces to their owners leave the boxes at the
 * bottom, run between the rows, and go up and down in lanes between the panels (right of both, if
 * one is below the other). */

enum {
	SVG_MARGIN = 24,
	SVG_HEADER = 88,     /* title, subtitle; legend, and SVG_LINE for each reason */
	SVG_PADDING = 20,    /* between the edge of a panel and its boxes */
	SVG_HEADING = 40,    /* the panel's own title */
	SVG_PANEL_MIN = 180, /* so wide that it fits */
	SVG_COLUMN_GAP = 44, /* the connectors are in it */
	SVG_ROW_GAP = 12,    /* lines to owners are in it */
	SVG_LINE = 16,       /* from one line of text to the next */
	SVG_ANCHOR = 21,     /* where connectors meet a box, below its top */
	SVG_WIDE = 1900,     /* a wider picture must be scrolled in two directions */
	SVG_PAGE = 2000,     /* a higher picture does not fit on a page in readable size */
	SVG_LANE = 10,       /* from one lane to the next */
	SVG_OWNERS_MAX = 40, /* more lines to owners could not be distinguished */
	SVG_HEADING_SIZE = 14,
	SVG_TITLE_SIZE = 20,
	SVG_LEGEND_MIN = 900, /* if nothing in the picture is wider */
};

/* The lines of text in a box. */
struct svg_words {
	size_t n_lines;
	struct svg_line lines[LABEL_LINES];
	/* The compartment: the owned namespaces, below a rule below the lines. */
	size_t n_owned;
	struct svg_line *owned;
	int rule_y; /* from the top of the box */
};

struct svg_panel {
	int x, y, width, height;
	struct svg_words *words; /* one for each node of the hierarchy */
};

struct svg_plan {
	struct arena *arena; /* owns the text */
	struct svg_line title;
	struct svg_line subtitle;
	struct svg_line reasons[PARTIALS + 1]; /* below it: the filter, why the view is partial */
	size_t n_reasons;
	struct svg_legend legend;
	int header;            /* the height of title, subtitle, reasons and legend */
	struct pair_plan pair; /* n_drawn is 0 if there would be more than SVG_OWNERS_MAX lines */
	struct svg_panel panels[PAIR_PARTS];
	int *lane_x;            /* the x of each lane */
	size_t n_hidden_owners; /* lines not drawn because there would be too many */
	int width, height;
};

/* Places everything. Linear but for sorting. The caller releases the plan. */
void svg_plan_build(
        struct svg_plan *ret, const struct export_request *request, struct label *label);
void svg_plan_release(struct svg_plan *plan);
