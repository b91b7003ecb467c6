/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/draw/scroller.h"
#include "ui/graph/canvas.h"
#include "ui/graph/graph_plan.h"
#include "ui/list/rows.h"
#include "view/go_to.h"

/* The graph screen: the selected node, the part of the picture in view, the open groups. Selection
 * and groups are kept as tags of namespaces, so that they outlive a refresh. */

struct graph {
	bool is_shown;
	enum graph_zoom zoom;
	bool is_zoom_chosen; /* by a key; else it follows from the size of the window */
	int name_columns;    /* graph_look.columns */
	bool with_all_owners;
	uint64_t apart;        /* tag of a namespace that is shown outside its group; 0: none */
	struct u64_set opened; /* members of groups that are open */
	struct graph_at selected;
	struct scroller rows, columns; /* of the picture */
	struct graph_look look;        /* of the plan */
	struct graph_plan plan;
	/* For the search: both hierarchies without groups. Built at the first search. */
	struct hierarchy all[PAIR_PARTS];
	struct haystack *haystacks[PAIR_PARTS];
};

/* The selection, the width of names and the part in view, to return to. */
struct graph_place {
	uint64_t selected; /* tag */
	enum pair_part part;
	bool is_heading; /* what is selected is no namespace */
	uint64_t apart;
	int name_columns;
	struct scroller rows, columns;
};

/* Opens the screen. Selects the node with the first of `n` tags that has one. */
void graph_open(struct graph *graph, const struct graph_look *look, const uint64_t *tags, size_t n);

/* Closes the screen and releases the plan; zoom and groups are kept. */
void graph_close(struct graph *graph);
void graph_release(struct graph *graph);

/* Shows another model or look; zoom, columns, owners and `apart` of `look` are ignored. The models
 * of the look before must still exist. The selected node keeps its place on the screen. If it is
 * gone, the next sibling is selected, else the one before, else the parent: returns true and the
 * node that is gone. */
bool graph_update(struct graph *graph, const struct graph_look *look, struct node *ret_gone);

/* True if `look` differs from the one shown. */
bool graph_is_stale(const struct graph *graph, const struct graph_look *look);

/* Sets the size of the part in view. Zoom and names are fitted to another size. */
void graph_set_size(struct graph *graph, int rows, int columns);

/* The selected node or NULL. */
const struct node *graph_selected(const struct graph *graph);

/* Moves the view, stopping at the edges. */
void graph_pan(struct graph *graph, long rows, long columns);

/* Selects a node, and pans to it. */
void graph_select(struct graph *graph, struct graph_at at);

/* Selects the namespace with that tag, outside its group, and pans to it; false if it is not there.
 */
bool graph_select_tag(struct graph *graph, uint64_t tag);

/* Selects the next node (backwards if `is_back`), around the ends, and pans to it. */
void graph_walk(struct graph *graph, bool is_back);

/* Selects the node at a cell of the picture; false if there is none. */
bool graph_point(struct graph *graph, int row, int column);

/* Draws the nodes at another zoom level; the selected one stays in view. */
void graph_set_zoom(struct graph *graph, enum graph_zoom zoom);

/* Switches between the owner lines of the selected node and those of all nodes. Names are fitted
 * to the width that is left; the selected node keeps its place. */
void graph_toggle_owners(struct graph *graph);

/* Opens the selected group, or closes the group that the selected node belongs to; false if there
 * is no group. */
bool graph_toggle_group(struct graph *graph);

/* Stores the place; returns to it. If what was selected is gone, selects the first node. */
void graph_leave(const struct graph *graph, struct graph_place *ret);
void graph_return(struct graph *graph, const struct graph_place *place);

/* --- zoom and names (graph_fit.c) --------------------------------------------------------- */

/* Gives names the width that the window has; `with_zoom`: unless a zoom level was chosen, draws at
 * the largest one at which the whole picture fits into the window, else at the smallest. */
void graph_fit(struct graph *graph, bool with_zoom);

/* After the plan was built again: cuts names so that the picture fits again; to the least width, if
 * it cannot. Nothing changes if it fits, or if names have that width: they do not move without
 * need. */
void graph_fit_again(struct graph *graph);

/* --- steps (graph_step.c) ----------------------------------------------------------------- */

enum graph_step {
	STEP_UP,
	STEP_DOWN,
	STEP_PARENT,
	STEP_CHILD,
};

/* Selects a node beside the selected one, and pans to it: the parent, the first child, or the next
 * node above or below in the same column. The next sibling is the first of these. If there is none
 * in the rest of the hierarchy, it is the nearest node in a column further left, else one of the
 * other hierarchy. All nodes can be reached. Without a step in that direction nothing changes. If
 * no node is selected, selects the first one. */
void graph_step(struct graph *graph, enum graph_step step);

/* --- the search (graph_search.c) ---------------------------------------------------------- */

/* A search for `query` (view/filter.h) among all namespaces of both hierarchies, also those in
 * groups, from the selected node on (backwards if `is_back`); with `is_next` not that node. The
 * index of the finding is for graph_search_select. */
struct finding graph_search_find(
        struct graph *graph, const char *query, bool is_next, bool is_back);
void graph_search_select(struct graph *graph, size_t index);

/* The node of a finding. */
const struct node *graph_search_node(const struct graph *graph, size_t index);

/* What `digits` may mean (view/go_to.h), seen from the node with the tag `from`: first in its
 * hierarchy, then the numbers of the other one. Nodes are indexes of findings. The caller releases
 * the list. */
void graph_search_numbers(
        struct graph *graph, const char *digits, uint64_t from, struct go_to_list *ret);

/* Where `query` is found in the node of that finding (haystack_explain), and the node: NULL if
 * it is not. */
const struct node *graph_search_explain(
        const struct graph *graph, size_t index, const char *query, struct haystack_place *ret);

/* Releases the hierarchies of the search, which belong to one model. */
void graph_search_release(struct graph *graph);

/* --- lines to owners (graph_lines.c) ------------------------------------------------------ */

/* Draws the lines of the selected node, or those of all nodes to at most GRAPH_LANES_MAX owners. No
 * line leads to the initial user namespace, which owns most PID namespaces. Where one end is out of
 * view, the other one has its number, unless all are drawn and there is no room for it. */
void graph_lines_draw(const struct graph *graph, struct canvas *canvas);

/* The columns of the picture with its lanes and, if all lines are drawn, the words on them. */
size_t graph_lines_columns(const struct graph *graph);

/* The columns that lines need right of the boxes: for lanes and, if there are more rows than in
 * view, for words. */
size_t graph_lines_room(const struct graph *graph);

/* --- drawing (graph_draw.c) --------------------------------------------------------------- */

/* Draws the part of the picture that is in view into `rect`, which has the size of graph_set_size.
 */
void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect);

/* The line above it: `state` (filter and the like), the selected node, what is in view. */
void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state);
