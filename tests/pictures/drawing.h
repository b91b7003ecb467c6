/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The shapes of an SVG of this program, in pixels of the whole picture. What a shape is follows
 * from its class: panel, edge (connector of parent and child), owner (line to an owner), tip (arrow
 * head), and of groups: ns, outside (a box, with its rect and text), legend. */

#include "tests/export/xml.h"

#include <stdbool.h>

struct area {
	int left, top, right, bottom;
};

struct point {
	int x, y;
};

enum { DRAWING_NONE = -1 };

struct box {
	struct area area;
	const char *id;    /* NULL: it stands for no namespace */
	const char *class; /* of its group */
	const char *owner; /* the id that the first link in it leads to; NULL: none */
};

struct panel {
	struct area area;
	const char *class;
	const char *fill; /* `#f6fbf7`; NULL: only a style sheet has it */
};

struct words {
	struct area area; /* by an estimate of the width of its font */
	const char *text;
	int size; /* of the font */
	int box;  /* that it is in, or DRAWING_NONE */
};

/* A line of straight pieces; a curve is its control points. */
struct route {
	struct point *points;
	size_t n;
	size_t capacity;
	bool is_sample; /* of the legend */
};

struct drawing {
	struct xml xml;
	int width, height;
	struct box *boxes;
	struct panel *panels;
	struct words *words;
	struct route *edges;
	struct route *owners;
	struct area *tips;
	size_t n_boxes, n_panels, n_words, n_edges, n_owners, n_tips;
	size_t c_boxes, c_panels, c_words, c_edges, c_owners, c_tips;
};

/* Takes ownership of `svg`. What is no XML, or is not known in such a picture, fails the test. */
void drawing_read(struct drawing *ret, char *svg);
void drawing_release(struct drawing *drawing);

/* Fails with a message on standard error: newer versions of cmocka show that of fail_msg only in a
 * group of tests, which the programs of check-pictures have not. */
void drawing_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* True if `class` is one of the words of `classes`, which may be NULL. */
bool drawing_has_class(const char *classes, const char *class);
