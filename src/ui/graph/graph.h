/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "ui/draw/frame.h"
#include "ui/draw/geometry.h"
#include "ui/graph/graph_plan.h"
#include "ui/list/list_selection.h"

/* The graph screen: which node is selected, what of the picture is in view, which groups are open.
 * What the user did belongs to namespaces (their tags), so that it outlives refreshes. */

struct graph {
	bool is_shown;
	enum graph_zoom zoom;
	bool with_all_owners;
	uint64_t apart;        /* was looked for: it stands outside its group */
	struct u64_set opened; /* members of groups that are open */
	struct graph_at selected;
	int top, left; /* the first row and column in view */
	int rows, columns;
	struct graph_look look; /* that the plan was made of */
	struct graph_plan plan;
	/* For the search: all of both hierarchies, no groups. Made when first needed. */
	struct hierarchy all[PAIR_PARTS];
	struct haystack *haystacks[PAIR_PARTS];
};

/* What the user was looking at, to come back to. */
struct graph_place {
	uint64_t selected;
	uint64_t apart;
	int top, left;
};

/* Shows it, with what has the first of `n` tags that is in it selected and in view. */
void graph_open(struct graph *graph, const struct graph_look *look, const uint64_t *tags, size_t n);

/* Hides it and releases what it was made of; zoom and groups are remembered. */
void graph_close(struct graph *graph);
void graph_release(struct graph *graph);

/* Another model or look (zoom and apart are the graph's own; the models of the last one must still
 * be there): the selected node stays where it is on the screen. If it went, the next sibling is
 * selected, else the one before, else the parent: true, and what it was. */
bool graph_update(struct graph *graph, const struct graph_look *look, struct node *ret_gone);

/* True if `look` would give another picture than the one that is shown. */
bool graph_is_stale(const struct graph *graph, const struct graph_look *look);

/* So much of the picture is in view. */
void graph_set_size(struct graph *graph, int rows, int columns);

/* Columns and rows of the picture, with the lines to owners that are drawn. */
void graph_extent(const struct graph *graph, int *ret_rows, int *ret_columns);

/* The selected node, or NULL; its tag, or 0. */
const struct node *graph_selected(const struct graph *graph);
uint64_t graph_selected_tag(const struct graph *graph);

/* Moves the view, stopping at the edges. */
void graph_pan(struct graph *graph, long rows, long columns);

/* Selects the next node, or the one before, around the ends; it comes into view. */
void graph_walk(struct graph *graph, bool is_back);

/* Selects the node at a cell of the picture; false if there is none. */
bool graph_point(struct graph *graph, int row, int column);

/* Selects what has that tag, apart from its group, and brings it into view; false if there is no
 * such. */
bool graph_select(struct graph *graph, uint64_t tag);

void graph_set_zoom(struct graph *graph, enum graph_zoom zoom);

/* The line to the owner of the selected node, or the lines to all. */
void graph_toggle_owners(struct graph *graph);

/* Opens the selected group, or closes the one that the selected node came from; false if it is
 * neither. */
bool graph_toggle_group(struct graph *graph);

void graph_leave(const struct graph *graph, struct graph_place *ret);
void graph_return(struct graph *graph, const struct graph_place *place);

/* graph_find.c: among all namespaces of both hierarchies, also those in groups. The finding's index
 * is for graph_take. */
struct finding graph_find(struct graph *graph, const char *query, bool is_next, bool is_back);
void graph_take(struct graph *graph, size_t index);
void graph_forget_search(struct graph *graph);

/* graph_draw.c: into `rect`, which is as large as graph_set_size was told; and the line above. */
void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect);
void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state);
