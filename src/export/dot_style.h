/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The attributes of the nodes and edges of the DOT graph, for dot.c. */

#define DOT_ATTRIBUTES(_)                                                                          \
	_(ATTR_ARROWSIZE, "arrowsize")                                                             \
	_(ATTR_BGCOLOR, "bgcolor")                                                                 \
	_(ATTR_CHARSET, "charset")                                                                 \
	_(ATTR_CLASS, "class")                                                                     \
	_(ATTR_COLOR, "color")                                                                     \
	_(ATTR_CONSTRAINT, "constraint")                                                           \
	_(ATTR_DIR, "dir")                                                                         \
	_(ATTR_FILLCOLOR, "fillcolor")                                                             \
	_(ATTR_FONTCOLOR, "fontcolor")                                                             \
	_(ATTR_FONTNAME, "fontname")                                                               \
	_(ATTR_FONTSIZE, "fontsize")                                                               \
	_(ATTR_HEIGHT, "height")                                                                   \
	_(ATTR_ID, "id")                                                                           \
	_(ATTR_LABEL, "label")                                                                     \
	_(ATTR_LABELJUST, "labeljust")                                                             \
	_(ATTR_LABELLOC, "labelloc")                                                               \
	_(ATTR_MARGIN, "margin")                                                                   \
	_(ATTR_NEWRANK, "newrank")                                                                 \
	_(ATTR_NODESEP, "nodesep")                                                                 \
	_(ATTR_PENWIDTH, "penwidth")                                                               \
	_(ATTR_PERIPHERIES, "peripheries")                                                         \
	_(ATTR_RANK, "rank")                                                                       \
	_(ATTR_RANKDIR, "rankdir")                                                                 \
	_(ATTR_RANKSEP, "ranksep")                                                                 \
	_(ATTR_SHAPE, "shape")                                                                     \
	_(ATTR_STYLE, "style")                                                                     \
	_(ATTR_TOOLTIP, "tooltip")

enum attribute_name {
	NO_ATTRIBUTE,
#define ATTRIBUTE(symbol, name) symbol,
	DOT_ATTRIBUTES(ATTRIBUTE)
#undef ATTRIBUTE
	        ATTRIBUTES,
};

/* One attribute; a list ends with an empty one. */
struct attribute {
	enum attribute_name name;
	const char *value;
};

static const struct attribute dot_graph[] = {{ATTR_CHARSET, "UTF-8"}, {ATTR_RANKDIR, "LR"},
        {ATTR_NEWRANK, "true"}, {ATTR_NODESEP, "0.12"}, {ATTR_RANKSEP, "0.6"},
        {ATTR_BGCOLOR, "#ffffff"}, {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"},
        {ATTR_FONTSIZE, "12"}, {ATTR_FONTCOLOR, "#1b1f24"}, {ATTR_LABELLOC, "t"},
        {ATTR_LABELJUST, "l"}, {0}};

/* The defaults are those of a user namespace. */
static const struct attribute dot_node[] = {{ATTR_SHAPE, "box"}, {ATTR_STYLE, "filled"},
        {ATTR_FILLCOLOR, "#d6e8fa"}, {ATTR_COLOR, "#2f6fae"},
        {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"}, {ATTR_FONTSIZE, "10"}, {ATTR_HEIGHT, "0.3"},
        {ATTR_MARGIN, "0.10,0.04"}, {0}};

static const struct attribute dot_edge[] = {
        {ATTR_DIR, "back"}, {ATTR_ARROWSIZE, "0.6"}, {ATTR_COLOR, "#57606a"}, {0}};

static const struct attribute dot_pid[] = {
        {ATTR_STYLE, "rounded,filled"}, {ATTR_FILLCOLOR, "#d7f0de"}, {ATTR_COLOR, "#2e7d4f"}, {0}};

static const struct attribute dot_owned[] = {
        {ATTR_FILLCOLOR, "#fff4dc"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_folder[] = {
        {ATTR_SHAPE, "folder"}, {ATTR_FILLCOLOR, "#fff4dc"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_outside[] = {
        {ATTR_STYLE, "dashed"}, {ATTR_COLOR, "#57606a"}, {ATTR_CLASS, "outside"}, {0}};

static const struct attribute dot_owner_edge[] = {{ATTR_STYLE, "dashed"},
        {ATTR_CONSTRAINT, "false"}, {ATTR_DIR, "forward"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_owns_edge[] = {{ATTR_DIR, "none"}, {ATTR_COLOR, "#8a5a00"}, {0}};
