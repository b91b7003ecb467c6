/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_style.h"

#define FONT "Helvetica,Arial,sans-serif"

/* Edges lead from children to parents, to the left. With rankdir=RL Graphviz draws siblings
 * downward in the order of the file, and nodes stand in the order of the tree. (The attribute
 * `ordering` would enforce it, but Graphviz 2.43 then draws some edges to owners twice.) */
static const struct dot_setting of_graph[] = {DOT_TEXT(DOT_LABEL, ""),
        DOT_TEXT(DOT_CHARSET, "UTF-8"), DOT_TEXT(DOT_RANKDIR, "RL"), DOT_TEXT(DOT_NEWRANK, "true"),
        DOT_TEXT(DOT_NODESEP, "0.12"), DOT_TEXT(DOT_RANKSEP, "0.6"),
        DOT_PAINT(DOT_BGCOLOR, PALETTE_GROUND), DOT_TEXT(DOT_FONTNAME, FONT),
        DOT_TEXT(DOT_FONTSIZE, "12"), DOT_PAINT(DOT_FONTCOLOR, PALETTE_TEXT),
        DOT_TEXT(DOT_LABELLOC, "t"), DOT_TEXT(DOT_LABELJUST, "l"), {0}};

static const struct dot_setting of_nodes[] = {DOT_TEXT(DOT_SHAPE, "box"),
        DOT_TEXT(DOT_STYLE, "filled"), DOT_PAINT(DOT_FILLCOLOR, PALETTE_USER_FILL),
        DOT_PAINT(DOT_COLOR, PALETTE_USER_LINE), DOT_PAINT(DOT_FONTCOLOR, PALETTE_TEXT),
        DOT_TEXT(DOT_FONTNAME, FONT), DOT_TEXT(DOT_FONTSIZE, "10"), DOT_TEXT(DOT_HEIGHT, "0.3"),
        DOT_TEXT(DOT_MARGIN, "0.10,0.04"), {0}};

static const struct dot_setting of_edges[] = {DOT_TEXT(DOT_CLASS, "parent"),
        DOT_TEXT(DOT_ARROWSIZE, "0.6"), DOT_PAINT(DOT_COLOR, PALETTE_EDGE), {0}};

void dot_style_set_defaults(struct dot_graph *dot)
{
	dot_graph_default(dot, dot->graph, AGRAPH, of_graph);
	dot_graph_default(dot, dot->graph, AGNODE, of_nodes);
	dot_graph_default(dot, dot->graph, AGEDGE, of_edges);
}

const struct dot_setting dot_style_edge_label[] = {DOT_TEXT(DOT_LABELDISTANCE, "2"),
        DOT_PAINT(DOT_FONTCOLOR, PALETTE_TEXT), DOT_TEXT(DOT_FONTNAME, FONT),
        DOT_TEXT(DOT_FONTSIZE, "10"), {0}};

const struct dot_setting dot_style_owned[] = {DOT_TEXT(DOT_SHAPE, "note"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_OWNED_FILL), DOT_PAINT(DOT_COLOR, PALETTE_OWNED_LINE),
        {0}};

const struct dot_setting dot_style_folder[] = {DOT_TEXT(DOT_SHAPE, "folder"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_OWNED_FILL), DOT_PAINT(DOT_COLOR, PALETTE_OWNED_LINE),
        {0}};

const struct dot_setting dot_style_outside[] = {DOT_TEXT(DOT_STYLE, "dashed"),
        DOT_PAINT(DOT_FONTCOLOR, PALETTE_TEXT), DOT_PAINT(DOT_COLOR, PALETTE_OUTSIDE), {0}};

const struct dot_setting dot_style_above[] = {DOT_TEXT(DOT_STYLE, "filled,dotted"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_GROUND), DOT_PAINT(DOT_COLOR, PALETTE_ABOVE),
        DOT_PAINT(DOT_FONTCOLOR, PALETTE_ABOVE), {0}};

const struct dot_setting dot_style_above_pid[] = {DOT_TEXT(DOT_STYLE, "rounded,filled,dotted"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_GROUND), DOT_PAINT(DOT_COLOR, PALETTE_ABOVE),
        DOT_PAINT(DOT_FONTCOLOR, PALETTE_ABOVE), {0}};

const struct dot_setting dot_style_group[] = {DOT_TEXT(DOT_PERIPHERIES, "2"), {0}};

const struct dot_setting dot_style_root[] = {DOT_TEXT(DOT_PENWIDTH, "2"), {0}};

const struct dot_setting dot_style_owner_edge[] = {DOT_TEXT(DOT_CLASS, "owner"),
        DOT_TEXT(DOT_STYLE, "dashed"), DOT_TEXT(DOT_CONSTRAINT, "false"),
        DOT_PAINT(DOT_COLOR, PALETTE_OWNER), {0}};

const struct dot_setting dot_style_owned_edge[] = {DOT_TEXT(DOT_CLASS, "owner"),
        DOT_TEXT(DOT_DIR, "none"), DOT_PAINT(DOT_COLOR, PALETTE_OWNER), {0}};

const struct dot_setting dot_style_note[] = {DOT_TEXT(DOT_SHAPE, "note"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_OWNED_FILL), DOT_PAINT(DOT_COLOR, PALETTE_OWNED_LINE),
        {0}};

const struct dot_setting dot_style_details_edge[] = {DOT_TEXT(DOT_CLASS, "details"),
        DOT_TEXT(DOT_DIR, "none"), DOT_PAINT(DOT_COLOR, PALETTE_OWNER), {0}};

const struct dot_setting dot_style_outside_edge[] = {DOT_TEXT(DOT_CLASS, "outside"), {0}};

const struct dot_setting dot_style_pid[] = {DOT_TEXT(DOT_STYLE, "rounded,filled"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_PID_FILL), DOT_PAINT(DOT_COLOR, PALETTE_PID_LINE), {0}};
