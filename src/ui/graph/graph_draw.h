/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/graph/graph.h"

/* Draws the part of the picture that is in view into `rect`, which has the size of graph_set_size.
 */
void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect);

/* The line above it: `state` (filter and the like), the selected node, what is in view. */
void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state);
