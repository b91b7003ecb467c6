/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/dot_graph.h"

/* What the graph looks like: attributes of its objects. Shapes and dashes distinguish what colours
 * do, for the theme mono. */

/* Sets the defaults: of the graph, of nodes, which are those of a user namespace, and of edges,
 * which are those of an edge to a parent. */
void dot_style_set_defaults(struct dot_graph *dot);

/* What differs from them in other nodes ... */
extern const struct dot_setting dot_style_pid[];
extern const struct dot_setting dot_style_owned[];  /* a namespace of another type */
extern const struct dot_setting dot_style_folder[]; /* for owned namespaces of one type */
extern const struct dot_setting dot_style_note[];   /* that lists owned namespaces */
extern const struct dot_setting dot_style_outside[];
extern const struct dot_setting dot_style_above[];     /* only above a match of the filter; */
extern const struct dot_setting dot_style_above_pid[]; /* the same of a PID namespace */
extern const struct dot_setting dot_style_group[];
extern const struct dot_setting dot_style_root[];

/* ... and in other edges: from a PID namespace to its owner in the other hierarchy, from another
 * namespace to its owner, from or to a folder or note, and to a node without a namespace. */
extern const struct dot_setting dot_style_owner_edge[];
extern const struct dot_setting dot_style_owned_edge[];
extern const struct dot_setting dot_style_details_edge[];
extern const struct dot_setting dot_style_outside_edge[];

/* Of an edge with a label. No default: libcgraph keeps each declared attribute for each edge. */
extern const struct dot_setting dot_style_edge_label[];
