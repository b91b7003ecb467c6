/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/draw/scroller.h"
#include "view/net_plan.h"

/* The network picture (view/net_layout.h) on the screen: its selected box and the part in view. The
 * selection is kept as the tag of the namespace. */

struct network {
	bool is_shown;
	bool is_ascii;
	struct net_plan plan;
	uint64_t selected;             /* tag; 0: none */
	struct scroller rows, columns; /* of the picture */
};

enum network_step {
	NETWORK_UP,   /* the next box above, */
	NETWORK_DOWN, /* or below, in the same layer */
	NETWORK_LEFT, /* the box that the selected one was reached from */
	NETWORK_RIGHT,
	NETWORK_NEXT, /* in the order of the layers, around the ends */
	NETWORK_PREVIOUS,
};

/* Shows the network namespaces of the model. The selection stays if it can. */
void network_update(struct network *network, const struct model *model,
        const struct facts_store *store, bool is_ascii);
void network_release(struct network *network);

/* Sets the size of the part in view. */
void network_set_size(struct network *network, int rows, int columns);

/* The selected box; NULL if there is none. */
const struct net_box *network_selected(const struct network *network);

/* Selects another box, and pans to it. */
void network_step(struct network *network, enum network_step step);
void network_select_tag(struct network *network, uint64_t tag);

/* Selects the box at a cell of the picture; false if there is none. */
bool network_point(struct network *network, int row, int column);

/* Moves the view, stopping at the edges. */
void network_pan(struct network *network, long rows, long columns);

/* Draws the part in view into `rect`, which has the size of network_set_size. */
void network_draw(const struct network *network, struct frame *frame, const struct rect *rect);
