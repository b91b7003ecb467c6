/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"
#include "export/palette.h"

#include <stdio.h>

/* How the elements of the SVG look. Each has presentation attributes, which all renderers follow,
 * and a class. In the theme auto there is a style sheet with the dark colours of the classes. Its
 * media query stands both in the attribute of <style> and around the rules: Inkscape ignores the
 * attribute, LibreOffice ignores the @media inside. It has only rules for one class, as LibreOffice
 * ignores most other selectors.
 *
 * The elements inherit font and ink from the root, and the width of their frame from their group,
 * so that files stay small. */

enum svg_class {
	SVG_INK, /* the root: text */
	SVG_GROUND,
	SVG_DIM,
	SVG_HELD, /* what holds a namespace without a process */
	SVG_LINK,
	SVG_PID_PANEL,
	SVG_USER_PANEL,
	SVG_PID_BOX,
	SVG_USER_BOX,
	SVG_OWNED_BOX,
	SVG_PALE_BOX, /* only above a match of the filter */
	SVG_FOLD,     /* the folded corner of an owned namespace */
	SVG_RULE,     /* above the compartment of a user namespace */
	SVG_FRAME,    /* without colour */
	SVG_EDGE,
	SVG_OWNER, /* and the next PALETTE_OWNERS: lines to owners */
	SVG_OWNER_LAST = SVG_OWNER + PALETTE_OWNERS - 1,
	SVG_TIP, /* and the next: their arrow heads */
	SVG_TIP_LAST = SVG_TIP + PALETTE_OWNERS - 1,
	SVG_CLASSES,
};

struct svg_style {
	enum export_theme theme;
	/* ` class="dim" fill="#505861"`: to be written behind the name of an element. */
	char attributes[SVG_CLASSES][160];
};

/* Fills in the attributes of all classes for a theme. */
void svg_style_init(struct svg_style *style, enum export_theme theme);

/* The stroke-dasharray of the lines in a lane. The colours repeat after PALETTE_OWNERS lanes, but
 * then with other dashes: 42 lanes have different looks. */
const char *svg_style_dashes(size_t lane);

/* The folded corner of a namespace of another type than PID and user, which distinguishes it
 * without colour: in the corner at `right` and `top`. */
void svg_style_write_fold(FILE *out, const struct svg_style *style, int right, int top);

/* The style sheets. The target of a link is framed. With `is_one_page` a browser prints the picture
 * on one page, even if it is higher than that at the width of the page. */
void svg_style_write_sheets(FILE *out, const struct svg_style *style, bool is_one_page);
