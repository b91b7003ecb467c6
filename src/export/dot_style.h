/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The attributes of the nodes and edges of a DOT graph. */

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

/* The name in DOT: "color". */
const char *dot_style_name(enum attribute_name name);

/* One attribute; a list ends with an empty one. */
struct attribute {
	enum attribute_name name;
	const char *value;
};

extern const struct attribute dot_graph[];
/* The defaults are those of a user namespace. */
extern const struct attribute dot_node[];
extern const struct attribute dot_edge[];
extern const struct attribute dot_pid[];
extern const struct attribute dot_owned[];
extern const struct attribute dot_folder[];
extern const struct attribute dot_outside[];
extern const struct attribute dot_owner_edge[];
extern const struct attribute dot_owns_edge[];
