/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "export/dot_graph.h"

/* The legend of the graph: a cluster with a sample for each sign that the graph has. */

/* What a graph may have, as bits. */
enum dot_sign {
	DOT_SIGN_PID = 1 << 0,
	DOT_SIGN_USER = 1 << 1,
	DOT_SIGN_OWNED = 1 << 2,
	DOT_SIGN_NOTE = 1 << 3,
	DOT_SIGN_ROOT = 1 << 4,
	DOT_SIGN_GROUP = 1 << 5,
	DOT_SIGN_ABOVE = 1 << 6,
	DOT_SIGN_OUTSIDE = 1 << 7,
	DOT_SIGN_EDGE = 1 << 8,
	DOT_SIGN_OWNER = 1 << 9,
	DOT_SIGN_BY_INITIAL = 1 << 10, /* a PID namespace without its owner, the initial one */
	DOT_SIGN_PLUS = 1 << 11,       /* counts of what may be more */
	DOT_SIGN_FOLDER = 1 << 12,
	DOT_SIGN_OWNED_PID = 1 << 13, /* a PID namespace below its owner */
};

/* Adds the legend to a cluster. Its samples, but for the tails of edges, get the rank of `left`.
 * `owned` is what namespaces with DOT_SIGN_OWNED are. */
void dot_legend_add(
        struct dot_graph *dot, Agraph_t *part, unsigned signs, const char *owned, Agraph_t *left);
