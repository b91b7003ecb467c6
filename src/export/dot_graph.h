/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/text.h"
#include "export/palette.h"

#include <cgraph.h>

/* A Graphviz graph in memory, by libcgraph(3): its objects, their attributes in the colours of a
 * theme, and its text. It has no knowledge of namespaces. */

/* Attributes: those of Graphviz and, last, those for programs, which Graphviz only hands on. */
#define DOT_ATTRIBUTES_OF_GRAPHVIZ(_)                                                              \
	_(DOT_ARROWSIZE, "arrowsize")                                                              \
	_(DOT_BGCOLOR, "bgcolor")                                                                  \
	_(DOT_CHARSET, "charset")                                                                  \
	_(DOT_CLASS, "class")                                                                      \
	_(DOT_COLOR, "color")                                                                      \
	_(DOT_CONSTRAINT, "constraint")                                                            \
	_(DOT_DIR, "dir")                                                                          \
	_(DOT_FILLCOLOR, "fillcolor")                                                              \
	_(DOT_FONTCOLOR, "fontcolor")                                                              \
	_(DOT_FONTNAME, "fontname")                                                                \
	_(DOT_FONTSIZE, "fontsize")                                                                \
	_(DOT_HEIGHT, "height")                                                                    \
	_(DOT_ID, "id")                                                                            \
	_(DOT_LABEL, "label")                                                                      \
	_(DOT_LABELDISTANCE, "labeldistance")                                                      \
	_(DOT_LABELJUST, "labeljust")                                                              \
	_(DOT_LABELLOC, "labelloc")                                                                \
	_(DOT_MARGIN, "margin")                                                                    \
	_(DOT_NEWRANK, "newrank")                                                                  \
	_(DOT_NODESEP, "nodesep")                                                                  \
	_(DOT_PENWIDTH, "penwidth")                                                                \
	_(DOT_PERIPHERIES, "peripheries")                                                          \
	_(DOT_RANK, "rank")                                                                        \
	_(DOT_RANKDIR, "rankdir")                                                                  \
	_(DOT_RANKSEP, "ranksep")                                                                  \
	_(DOT_SHAPE, "shape")                                                                      \
	_(DOT_STYLE, "style")                                                                      \
	_(DOT_TAILLABEL, "taillabel")                                                              \
	_(DOT_TOOLTIP, "tooltip")
#define DOT_ATTRIBUTES_FOR_PROGRAMS(_)                                                             \
	_(DOT_CONTAINER, "container")                                                              \
	_(DOT_INODE, "inode")                                                                      \
	_(DOT_MEMBERS, "members")                                                                  \
	_(DOT_NS_ID, "ns_id")                                                                      \
	_(DOT_OWNER, "owner")                                                                      \
	_(DOT_OWNER_UID, "owner_uid")                                                              \
	_(DOT_PROCESSES, "processes")                                                              \
	_(DOT_TYPE, "type")

enum dot_attribute {
	DOT_END,
#define DOT_ATTRIBUTE(symbol, name) symbol,
	DOT_ATTRIBUTES_OF_GRAPHVIZ(DOT_ATTRIBUTE) DOT_ATTRIBUTES_FOR_PROGRAMS(DOT_ATTRIBUTE)
#undef DOT_ATTRIBUTE
	        DOT_ATTRIBUTES,
};

/* The value of an attribute; NULL: a colour of the palette. A list ends with an empty one. */
struct dot_setting {
	enum dot_attribute attribute;
	const char *value;
	enum palette_color color;
};

#define DOT_TEXT(name, text)                                                                       \
	{                                                                                          \
		.attribute = (name), .value = (text)                                               \
	}
#define DOT_PAINT(name, row)                                                                       \
	{                                                                                          \
		.attribute = (name), .color = (row)                                                \
	}

/* Bytes that libcgraph wrote. */
struct dot_output {
	char *bytes;
	size_t len;
	size_t capacity;
};

struct dot_graph {
	Agraph_t *graph;
	enum export_theme theme;
	Agsym_t *symbols[2][DOT_ATTRIBUTES]; /* of edges, of nodes; looked up once */
	struct text quoted;
#ifdef CGRAPH_HAS_HEAP
	Agmemdisc_t memory; /* how libcgraph allocates: in an arena */
#endif
	Agiodisc_t io;       /* how libcgraph writes: to a struct dot_output */
	agusererrf messages; /* what libcgraph did with its messages before */
};

/* Opens an empty directed graph. libcgraph writes no message to standard error until it is
 * closed. */
void dot_graph_open(struct dot_graph *ret, enum export_theme theme);

/* Frees the graph; messages of libcgraph are again what they were. */
void dot_graph_close(struct dot_graph *dot);

/* Sets defaults of all nodes (AGNODE) or edges (AGEDGE) of a graph, or of those that are made in a
 * subgraph later; or attributes of the graph (AGRAPH), which then are defaults of its subgraphs. */
void dot_graph_default(
        struct dot_graph *dot, Agraph_t *graph, int kind, const struct dot_setting *settings);

/* A subgraph; NULL as name: without a name. */
Agraph_t *dot_graph_part(struct dot_graph *dot, const char *name);

/* A node, in a subgraph or in the graph; names that are the same are one node. */
Agnode_t *dot_graph_node(Agraph_t *graph, const char *name);

/* An edge of the graph itself: edges in a cluster would look the same and cost libcgraph half as
 * much time again. Two edges are never taken for one. */
Agedge_t *dot_graph_edge(struct dot_graph *dot, Agnode_t *tail, Agnode_t *head);

/* Sets attributes of an object: of a subgraph, node or edge. */
void dot_graph_set(
        struct dot_graph *dot, void *object, enum dot_attribute attribute, const char *value);

/* Sets an attribute of an object to a number. */
void dot_graph_set_number(
        struct dot_graph *dot, void *object, enum dot_attribute attribute, uintmax_t number);

/* Sets the attributes of a list, which ends with an empty one; colours are those of the theme. */
void dot_graph_apply(struct dot_graph *dot, void *object, const struct dot_setting *settings);

/* How a text becomes the value of an attribute: Graphviz interprets backslashes and entities in a
 * label, and in a tooltip twice. (agwrite quotes everything else.) */
enum dot_quoting {
	DOT_QUOTE_TOOLTIP,
	DOT_QUOTE_CENTRED, /* a label; its lines end with a newline, but for the last one, */
	DOT_QUOTE_LEFT,    /* or all of them */
};

/* Sets an attribute to a text that was written. */
void dot_graph_set_text(struct dot_graph *dot, void *object, enum dot_attribute attribute,
        struct text *text, enum dot_quoting quoting);

/* Writes the graph; `names` are those of its subgraphs that have a name, in the order in which they
 * are written. Returns 0 or a negative errno. */
_must_check_ int dot_graph_write(
        FILE *out, struct dot_graph *dot, const char *const *names, size_t n);
