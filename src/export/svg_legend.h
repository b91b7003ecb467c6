/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/svg_style.h"
#include "view/pair_plan.h"

/* Legend and description of the SVG: the legend explains each sign that is drawn in this picture,
 * and no other; the description, for readers that cannot see it, has counts. */

enum svg_sign {
	SIGN_PID,
	SIGN_USER,
	SIGN_OWNED,
	SIGN_COMPARTMENT,
	SIGN_ROOT,
	SIGN_GROUP,
	SIGN_HELD,
	SIGN_OUTSIDE,
	SIGN_PALE,
	SIGN_EDGE,
	SIGN_OWNED_EDGE,   /* the same line, with owned namespaces in the picture */
	SIGN_OWNER,        /* all lines to owners are drawn; */
	SIGN_OTHER_OWNER,  /* but for those to the initial user namespace; */
	SIGN_HIDDEN_OWNER, /* or not, because there are too many */
	SIGN_PLUS,
	SVG_SIGNS,
};

/* How much of each is drawn. */
struct svg_census {
	bool has_part[PAIR_PARTS];
	size_t n_boxes[PAIR_PARTS];  /* of PID and of user namespaces, groups too, */
	size_t n_roots[PAIR_PARTS];  /* and how many of them have none above them */
	size_t n_groups[PAIR_PARTS]; /* boxes that stand for several namespaces; */
	size_t n_alike[PAIR_PARTS];  /* and for how many */
	size_t n_owned;              /* namespaces of other types with a box of their own; */
	const char *owned;           /* what these are; */
	size_t n_listed;             /* or in that of their owner */
	size_t n_held;
	size_t n_outside;
	size_t n_pale;
	size_t n_edges;
	size_t n_owned_edges;   /* of these: from an owner to what it owns */
	size_t n_lines;         /* to owners */
	size_t n_hidden_lines;  /* not drawn because there would be too many */
	size_t n_initial_lines; /* not drawn, as all lead to the initial user namespace */
	bool has_plus;          /* a count of the picture is a lower bound */
};

struct svg_legend {
	struct svg_census census;
	struct {
		bool is_drawn;
		int x, y; /* from the corner of the legend */
	} keys[SVG_SIGNS];
	int width, height; /* with the gap below it */
};

/* Counts, and places the keys in lines of at most `width` pixels (or one key). `n_hidden_lines` as
 * in the census. */
void svg_legend_build(struct svg_legend *ret, const struct pair_plan *pair,
        const struct model *model, size_t n_hidden_lines, int width);

/* Writes the legend with its corner at `x` and `y` of the picture. */
void svg_legend_write(
        FILE *out, const struct svg_legend *legend, const struct svg_style *style, int x, int y);

/* `Drawn: 6 PID namespaces (1 root of this view); 9 user namespaces, ...`: not quoted. */
void svg_legend_describe(FILE *out, const struct svg_legend *legend);
