/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"
#include "export/label.h"
#include "export/svg_legend.h"
#include "export/svg_measures.h"
#include "export/svg_page.h"
#include "export/svg_route.h"
#include "export/svg_text.h"
#include "view/pair_plan.h"

/* Positions of everything in the SVG, in whole pixels: the two hierarchies of view/pair_plan.h,
 * each on a panel, one panel below the other or side by side. Runs of leaves are wrapped into grids
 * (view/pair_layout.h), and a box has two lines of text or three, as it gives the largest picture
 * on a landscape A4 page; not more than is needed for readable text. What would not be readable on
 * one page gets the width of a page with text of 7 points, and is scrolled down. svg_route.h has
 * the lines to owners. */

/* The lines of text in a box. */
struct svg_words {
	size_t n_lines;
	struct svg_line lines[LABEL_LINES];
	/* The compartment: the owned namespaces, below a rule below the lines. */
	size_t n_owned;
	struct svg_line *owned;
	int rule_y;        /* from the top of the box */
	int width, height; /* of the box */
};

struct svg_panel {
	int x, y, width, height;
	int wrap;                /* of struct pair_spacing, */
	bool *hangs;             /* and this */
	struct svg_words *words; /* one for each node of the hierarchy */
};

struct svg_plan {
	struct arena *arena; /* owns the text */
	struct svg_page page;
	struct svg_legend legend;
	int header; /* the height of title, subtitle, reasons and legend */
	int header_width;
	struct pair_plan pair; /* n_drawn is 0 if there would be more than SVG_OWNERS_MAX lines */
	struct svg_panel panels[PAIR_PARTS];
	bool is_tall;             /* boxes have the owner in a line of its own */
	struct svg_routes routes; /* the lines to owners */
	size_t n_hidden_owners;   /* lines not drawn because there would be too many */
	int width, height;
};

/* Places everything. Linear but for sorting. The caller releases the plan. */
void svg_plan_build(
        struct svg_plan *ret, const struct export_request *request, struct label *label);
void svg_plan_release(struct svg_plan *plan);
