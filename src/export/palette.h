/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/export.h"

/* The colours of SVG and DOT, by theme. Text and lines have the contrast to what is behind them
 * that WCAG 2 requires (tests/export/test_svg_contrast.c). Printed in grey, text, dim text and
 * edges differ, and so do the boxes of PID and of user namespaces. The theme mono has black and
 * white alone: there shapes and dashes distinguish what colours distinguish elsewhere. */

enum { PALETTE_OWNERS = 6 };

enum palette_color {
	PALETTE_GROUND, /* behind everything */
	PALETTE_TEXT,
	PALETTE_DIM,     /* text that matters less: subtitle, legend, owner, holder */
	PALETTE_LINK,    /* text that is a link */
	PALETTE_EDGE,    /* from parent to child */
	PALETTE_OUTSIDE, /* the frame of what is outside this view */
	PALETTE_ABOVE,   /* DOT: frame and text of what is only above a match of the filter */
	PALETTE_PID_PANEL,
	PALETTE_PID_LINE,
	PALETTE_PID_FILL,
	PALETTE_USER_PANEL,
	PALETTE_USER_LINE,
	PALETTE_USER_FILL,
	PALETTE_OWNED_LINE, /* the namespaces of other types */
	PALETTE_OWNED_FILL,
	PALETTE_OWNER, /* from an owned namespace to its owner */
	/* And the next PALETTE_OWNERS: from PID namespaces to owners, a colour for each owner. They
	 * differ for colour-blind readers too: those of Okabe and Ito, as dark or light as lines
	 * need. */
	PALETTE_OWNER_LINE,
	PALETTE_OWNER_LAST = PALETTE_OWNER_LINE + PALETTE_OWNERS - 1,
	PALETTE_COLORS,
};

/* `#57606a`. Of the theme auto the colours are those of light: paper is white. */
_pure_ const char *palette_get(enum export_theme theme, enum palette_color color);
