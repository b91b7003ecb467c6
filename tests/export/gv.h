/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The DOT graph of a model, as libcgraph reads it. What should be there and is not fails the
 * test. */

#include <cgraph.h>
#include <stdbool.h>
#include <stdint.h>

struct model;
struct ns;
struct view_options;

enum gv_details {
	GV_NO_DETAILS,
	GV_DETAILS,     /* a note for each owner */
	GV_ALL_DETAILS, /* a node for each owned namespace */
};

/* The string, for functions of libcgraph that do not change it. */
char *gv_string(const char *s);

/* The text of the DOT file; the caller frees it. */
char *gv_export_view(const struct model *model, const struct view_options *view);
char *gv_export(const struct model *model, enum gv_details details);

/* The graph that libcgraph makes of that; the caller closes it. */
Agraph_t *gv_parse_view(const struct model *model, const struct view_options *view);
Agraph_t *gv_parse(const struct model *model, enum gv_details details);

/* The node of a namespace; NULL: none. */
Agnode_t *gv_find(Agraph_t *graph, const struct ns *ns);

/* The edge from one to the other, which must be there once. */
Agedge_t *gv_find_edge(Agraph_t *graph, Agnode_t *tail, Agnode_t *head);

/* The value of an attribute of a graph, node or edge, or "" if there is no such attribute. */
const char *gv_value(void *object, const char *name);
void gv_assert(void *object, const char *name, const char *expected);
void gv_assert_number(void *object, const char *name, uintmax_t expected);

bool gv_is_legend(Agnode_t *node);

/* The nodes and edges outside the legend. */
int gv_count_nodes(Agraph_t *graph);
int gv_count_edges(Agraph_t *graph);
