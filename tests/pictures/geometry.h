/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What must be true of a picture, whatever it shows: nothing overlaps another thing, lines end
 * where they belong, links lead somewhere. */

#include "tests/pictures/drawing.h"

#include <stdio.h>

enum geometry_fault {
	GEOMETRY_ID,           /* an id occurs twice */
	GEOMETRY_LINK,         /* a link without a target in the picture */
	GEOMETRY_SIZE,         /* higher or wider than renderers take */
	GEOMETRY_PANEL,        /* a panel beyond the picture, or over another one */
	GEOMETRY_BOX_OUT,      /* a box beyond its panel */
	GEOMETRY_BOX_OVERLAP,  /* two boxes */
	GEOMETRY_TEXT_OUT,     /* text beyond its box, or beyond the picture */
	GEOMETRY_TEXT_OVERLAP, /* two texts, or text over a box that it is not in */
	GEOMETRY_TEXT_STRUCK,  /* a line through text outside boxes */
	GEOMETRY_EDGE_END,     /* a connector that does not lead to a box from its parent */
	GEOMETRY_EDGE_BOX,     /* a connector through a box */
	GEOMETRY_LINE_END,     /* a line to an owner that does not lead from a box to a box */
	GEOMETRY_LINE_OWNER,   /* it leads to another box than the link, or it is missing */
	GEOMETRY_LINE_BOX,     /* it is too close to a box that is not its end */
	GEOMETRY_LINE_CLOSE,   /* it is too close to the line to another owner */
	GEOMETRY_LINE_EDGE,    /* it overlaps a connector */
	GEOMETRY_TIP,          /* arrow heads that overlap, or away from the box */
	GEOMETRY_FAULTS,
};

struct geometry {
	size_t n[GEOMETRY_FAULTS];
	size_t n_all;
};

/* Checks a picture. Writes a line for each fault, of each kind only the first ones, to `out` if
 * that is not NULL; each begins with `name`. */
void geometry_check(
        struct geometry *ret, const struct drawing *drawing, const char *name, FILE *out);

/* Sets the index of the parent of each box: where the connector to it begins. DRAWING_NONE: it has
 * none. */
void geometry_parents(const struct drawing *drawing, int *parents);

/* The size in points of the smallest text when the picture is fitted on a landscape A4 page with
 * margins of 24 points. */
double geometry_points(const struct drawing *drawing);
