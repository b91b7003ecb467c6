/* SPDX-License-Identifier: Apache-2.0 */
#include "view/net_layout.h"

#include "base/arena.h"
#include "base/memory.h"

#include <stdlib.h>

enum {
	BOX_GAP = 1,   /* rows between two boxes */
	LANE_GAP = 2,  /* columns from one lane to the next */
	LAYER_GAP = 6, /* columns between two layers, and between lanes and a layer */
	FRAME = 4,
};

int net_layout_frame(const struct net_row *row)
{
	return row->is_bridged || row->kind == NET_ROW_BRIDGE ? 2 * FRAME : FRAME;
}

size_t net_layout_other(const struct net_plan *plan, size_t box, size_t line)
{
	const struct net_end *const ends = plan->lines[line].ends;

	return ends[ends[0].box == box].box;
}

const struct net_end *net_layout_end(const struct net_plan *plan, size_t box, size_t line)
{
	const struct net_end *const ends = plan->lines[line].ends;

	return &ends[ends[0].box != box];
}

/* --- rows ------------------------------------------------------------------------------------ */

/* A box that is being placed: its rows are, one after the other, and what is behind each. */
struct place {
	size_t box;
	size_t row, line; /* the next ones */
	int cursor;       /* y of the next row */
	int bottom;       /* below all that is behind the rows so far */
};

/* The next box behind row `place->row`, reached by a line from there; NET_PLAN_NONE: no more. */
static size_t next_behind(const struct net_plan *plan, struct place *place)
{
	const struct net_box *const box = &plan->boxes[place->box];

	while (place->line < box->n_lines) {
		const size_t line = box->lines[place->line];
		const size_t other = net_layout_other(plan, place->box, line);

		if (net_layout_end(plan, place->box, line)->row > place->row)
			return NET_PLAN_NONE;
		place->line++;
		if (other != place->box && plan->boxes[other].up == line)
			return other;
	}
	return NET_PLAN_NONE;
}

static struct place begin_place(struct net_plan *plan, size_t box, int top)
{
	plan->boxes[box].y = top;
	return (struct place){.box = box, .cursor = top + 1, .bottom = top - BOX_GAP};
}

/* Places the rows until one has a box behind it, with which to go on: *ret_next, true. The first
 * box behind a row is placed so that the line to it is straight. */
static bool place_rows(struct net_plan *plan, struct place *place, struct place *ret_next)
{
	struct net_box *const box = &plan->boxes[place->box];

	for (; place->row < box->n_rows; place->row++) {
		struct net_row *const row = &box->rows[place->row];
		const bool is_placed = row->y > 0;
		const size_t next = next_behind(plan, place);
		int top = place->bottom + BOX_GAP;

		if (!is_placed)
			row->y = place->cursor;
		if (next != NET_PLAN_NONE && !is_placed) {
			const struct net_end *end =
			        net_layout_end(plan, next, plan->boxes[next].up);
			const int attach = 1 + (int)end->row;

			row->y = MAX(row->y, top + attach);
			top = row->y - attach;
		}
		if (!is_placed)
			place->cursor = row->y + 1;
		if (next != NET_PLAN_NONE) {
			*ret_next = begin_place(plan, next, top);
			return true;
		}
	}
	box->height = place->cursor + 1 - box->y;
	place->bottom = MAX(place->bottom, box->y + box->height);
	return false;
}

/* Depth first, without recursion: a snapshot may have a chain of any length. Returns the bottom. */
static int place_tree(struct net_plan *plan, size_t root, int top)
{
	_cleanup_free_ struct place *stack = NULL;
	size_t n = 0, capacity = 0;
	struct place next = begin_place(plan, root, top);
	int bottom = top;

	MEMORY_APPEND(stack, n, capacity) = next;
	while (n > 0) {
		if (place_rows(plan, &stack[n - 1], &next)) {
			MEMORY_APPEND(stack, n, capacity) = next;
			continue;
		}
		bottom = stack[--n].bottom;
		if (n > 0)
			stack[n - 1].bottom = MAX(stack[n - 1].bottom, bottom);
	}
	return bottom;
}

struct line_key {
	size_t row, line;
};

static int by_row(const void *a, const void *b)
{
	const struct line_key *left = a, *right = b;

	return left->row != right->row ? COMPARE(left->row, right->row)
	                               : COMPARE(left->line, right->line);
}

static void sort_lines(struct net_plan *plan, size_t index)
{
	const struct net_box *const box = &plan->boxes[index];
	_cleanup_free_ struct line_key *keys = memory_new((box->n_lines + 1) * sizeof(*keys));

	for (size_t i = 0; i < box->n_lines; i++)
		keys[i] = (struct line_key){
		        net_layout_end(plan, index, box->lines[i])->row, box->lines[i]};
	qsort(keys, box->n_lines, sizeof(*keys), by_row);
	for (size_t i = 0; i < box->n_lines; i++)
		box->lines[i] = keys[i].line;
}

static void place_all(struct net_plan *plan, const size_t *order)
{
	for (size_t i = 0; i < plan->n_boxes; i++)
		sort_lines(plan, i);
	for (size_t i = 0; i < plan->n_boxes; i++) {
		const int top = plan->height ? plan->height + BOX_GAP : 0;

		if (plan->boxes[order[i]].up == NET_PLAN_NONE)
			plan->height = place_tree(plan, order[i], top);
	}
}

/* --- the order of boxes, and of the ends of lines -------------------------------------------- */

struct box_key {
	unsigned layer;
	int y;
	size_t box;
};

static int by_layer(const void *a, const void *b)
{
	const struct box_key *left = a, *right = b;

	return left->layer != right->layer ? COMPARE(left->layer, right->layer)
	                                   : COMPARE(left->y, right->y);
}

static int y_of(const struct net_plan *plan, const struct net_end *end)
{
	return plan->boxes[end->box].rows[end->row].y;
}

static void sort_ends(struct net_plan *plan, struct net_line *line, const size_t *to)
{
	line->ends[0].box = to[line->ends[0].box];
	line->ends[1].box = to[line->ends[1].box];
	if (plan->boxes[line->ends[1].box].layer < plan->boxes[line->ends[0].box].layer) {
		const struct net_end end = line->ends[0];

		line->ends[0] = line->ends[1];
		line->ends[1] = end;
	}
	line->is_straight =
	        plan->boxes[line->ends[0].box].layer != plan->boxes[line->ends[1].box].layer &&
	        y_of(plan, &line->ends[0]) == y_of(plan, &line->ends[1]);
}

static void sort_boxes(struct net_plan *plan)
{
	const size_t n = plan->n_boxes;
	_cleanup_free_ struct box_key *keys = memory_new((n + 1) * sizeof(*keys));
	_cleanup_free_ size_t *to = memory_new((n + 1) * sizeof(*to));
	struct net_box *const sorted = arena_array(plan->arena, n, sizeof(*sorted));

	for (size_t i = 0; i < n; i++)
		keys[i] = (struct box_key){plan->boxes[i].layer, plan->boxes[i].y, i};
	qsort(keys, n, sizeof(*keys), by_layer);
	for (size_t i = 0; i < n; i++) {
		sorted[i] = plan->boxes[keys[i].box];
		to[keys[i].box] = i;
	}
	plan->boxes = sorted;
	for (size_t i = 0; i < plan->n_lines; i++)
		sort_ends(plan, &plan->lines[i], to);
}

/* --- columns --------------------------------------------------------------------------------- */

/* A line that is not straight: its gap is behind that layer. */
struct detour {
	unsigned layer;
	int top, bottom;
	size_t line;
};

static int by_place(const void *a, const void *b)
{
	const struct detour *left = a, *right = b;

	if (left->layer != right->layer)
		return COMPARE(left->layer, right->layer);
	return left->top != right->top ? COMPARE(left->top, right->top)
	                               : COMPARE(left->line, right->line);
}

static size_t list_detours(const struct net_plan *plan, struct detour *detours)
{
	size_t n = 0;

	for (size_t i = 0; i < plan->n_lines; i++) {
		const struct net_line *const line = &plan->lines[i];
		const int a = y_of(plan, &line->ends[0]), b = y_of(plan, &line->ends[1]);

		if (!line->is_straight)
			detours[n++] = (struct detour){
			        plan->boxes[line->ends[0].box].layer, MIN(a, b), MAX(a, b), i};
	}
	qsort(detours, n, sizeof(*detours), by_place);
	return n;
}

/* The first lane that is free at `top`, which is then taken down to `bottom`. `tree`: the bottom of
 * each lane from index `n_leaves` on, a power of two, and at index i the least of those at 2i and
 * 2i + 1. */
static int take_lane(int *tree, size_t n_leaves, int top, int bottom)
{
	size_t i = 1;

	while (i < n_leaves)
		i = 2 * i + (tree[2 * i] >= top);
	const int lane = (int)(i - n_leaves);
	tree[i] = bottom;
	while (i /= 2)
		tree[i] = MIN(tree[2 * i], tree[2 * i + 1]);
	return lane;
}

/* Gives each detour of a gap that begins at `x` the first lane that is free at its top. Returns how
 * many lanes the gap has. */
static int share_lanes(struct net_plan *plan, const struct detour *detours, size_t n, int x)
{
	size_t n_leaves = 1;
	int n_lanes = 0;

	while (n_leaves < n)
		n_leaves *= 2;
	_cleanup_free_ int *tree = memory_new(2 * n_leaves * sizeof(*tree));
	for (size_t i = 0; i < n; i++) {
		const int lane = take_lane(tree, n_leaves, detours[i].top, detours[i].bottom);

		n_lanes = MAX(n_lanes, lane + 1);
		plan->lines[detours[i].line].lane = x + LANE_GAP * (lane + 1);
	}
	return n_lanes;
}

/* Gives the boxes from `first` on that are in one layer their x and width. Returns the index behind
 * them. */
static size_t place_layer(struct net_plan *plan, size_t first, int x, int *ret_width)
{
	const unsigned layer = plan->boxes[first].layer;
	size_t end = first;

	*ret_width = 0;
	for (; end < plan->n_boxes && plan->boxes[end].layer == layer; end++) {
		for (size_t i = 0; i < plan->boxes[end].n_rows; i++) {
			const struct net_row *const row = &plan->boxes[end].rows[i];

			*ret_width = MAX(*ret_width, row->columns + net_layout_frame(row));
		}
	}
	for (size_t i = first; i < end; i++) {
		plan->boxes[i].x = x;
		plan->boxes[i].width = *ret_width;
	}
	return end;
}

static void place_columns(struct net_plan *plan)
{
	_cleanup_free_ struct detour *detours = memory_new((plan->n_lines + 1) * sizeof(*detours));
	const size_t n = list_detours(plan, detours);
	size_t at = 0;
	int x = 0;

	for (size_t box = 0; box < plan->n_boxes;) {
		const unsigned layer = plan->boxes[box].layer;
		const size_t first = at;
		int width;

		box = place_layer(plan, box, x, &width);
		x += width;
		while (at < n && detours[at].layer == layer)
			at++;
		const int lanes = share_lanes(plan, detours + first, at - first, x);
		plan->width = MAX(plan->width, x + (lanes ? LANE_GAP * lanes + 1 : 0));
		x += LAYER_GAP + LANE_GAP * lanes;
	}
}

void net_layout_place(struct net_plan *plan, const size_t *order)
{
	place_all(plan, order);
	sort_boxes(plan);
	place_columns(plan);
}
