/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Distances in the SVG, in pixels. */

enum {
	SVG_MARGIN = 24,
	SVG_HEADER = 88,     /* title, subtitle; legend, and SVG_LINE for each reason */
	SVG_PADDING = 18,    /* between the edge of a panel and its boxes */
	SVG_HEADING = 40,    /* the panel's own title */
	SVG_PANEL_MIN = 180, /* so wide that it fits */
	SVG_COLUMN_GAP = 28, /* the connectors are in it */
	SVG_ROW_GAP = 12,    /* lines to owners are in it */
	SVG_BUS = 7,         /* the connector of the columns of a grid, above it */
	SVG_LINE = 16,       /* from one line of text to the next */
	SVG_ANCHOR = 21,     /* where connectors meet a box, below its top */
	/* A landscape A4 page has 842 x 595 points; a printer leaves 24 at each side. Text of
	 * SVG_TEXT_SIZE has 7 points if the picture is not larger than this: */
	SVG_PAGE_WIDTH = 1361,
	SVG_PAGE_HEIGHT = 937,
	SVG_MOST = 32000, /* some renderers refuse pictures that are wider or higher than 32767 */
	SVG_OWNERS_MAX = 40, /* more lines to owners could not be distinguished */
	SVG_HEADING_SIZE = 14,
	SVG_TITLE_SIZE = 20,
	SVG_LEGEND_MIN = 900, /* if nothing in the picture is wider */
};
