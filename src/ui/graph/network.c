/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/network.h"

#include "base/attributes.h"
#include "ui/draw/line.h"
#include "ui/graph/canvas.h"

enum { NAMES_MAX = 60 }; /* columns of a box */

/* --- the picture ----------------------------------------------------------------------------- */

/* The index of the selected box; plan.n_boxes: none. */
static size_t selected_index(const struct network *network)
{
	size_t i = 0;

	while (i < network->plan.n_boxes && network->plan.boxes[i].ns->tag != network->selected)
		i++;
	return i;
}

const struct net_box *network_selected(const struct network *network)
{
	const size_t i = selected_index(network);

	return i < network->plan.n_boxes ? &network->plan.boxes[i] : NULL;
}

void network_update(struct network *network, const struct model *model,
        const struct facts_store *store, bool is_ascii)
{
	net_plan_release(&network->plan);
	net_plan_build(&network->plan, &(struct net_plan_options){.model = model,
	                                       .store = store,
	                                       .columns = NAMES_MAX,
	                                       .is_ascii = is_ascii});
	network->is_shown = true;
	network->is_ascii = is_ascii;
	network->rows.n = (size_t)network->plan.height;
	network->columns.n = (size_t)network->plan.width;
	scroller_settle_top(&network->rows);
	scroller_settle_top(&network->columns);
	if (!network_selected(network) && network->plan.n_boxes)
		network->selected = network->plan.boxes[0].ns->tag;
}

void network_release(struct network *network)
{
	if (network->is_shown)
		net_plan_release(&network->plan);
	network->is_shown = false;
}

void network_set_size(struct network *network, int rows, int columns)
{
	network->rows.page = (size_t)MAX(rows, 1);
	network->columns.page = (size_t)MAX(columns, 1);
	scroller_settle_top(&network->rows);
	scroller_settle_top(&network->columns);
}

/* --- moving ---------------------------------------------------------------------------------- */

static void select_box(struct network *network, size_t index)
{
	const struct net_box *const box = &network->plan.boxes[index];

	network->selected = box->ns->tag;
	scroller_show(&network->rows, (size_t)box->y, (size_t)box->height);
	scroller_show(&network->columns, (size_t)box->x, (size_t)box->width);
}

/* The first box in the next layer that is connected to this one; `from` itself: none. */
static size_t right_of(const struct net_plan *plan, size_t from)
{
	const struct net_box *const box = &plan->boxes[from];

	for (size_t i = 0; i < box->n_lines; i++) {
		const size_t other = net_layout_other(plan, from, box->lines[i]);

		if (plan->boxes[other].layer > box->layer)
			return other;
	}
	return from;
}

static size_t step_from(const struct net_plan *plan, size_t from, enum network_step step)
{
	const size_t up = plan->boxes[from].up, last = plan->n_boxes - 1;
	const unsigned layer = plan->boxes[from].layer;

	switch (step) {
	case NETWORK_UP:
		return from > 0 && plan->boxes[from - 1].layer == layer ? from - 1 : from;
	case NETWORK_DOWN:
		return from < last && plan->boxes[from + 1].layer == layer ? from + 1 : from;
	case NETWORK_LEFT:
		return up == NET_PLAN_NONE ? from : net_layout_other(plan, from, up);
	case NETWORK_RIGHT:
		return right_of(plan, from);
	case NETWORK_NEXT:
		return from < last ? from + 1 : 0;
	case NETWORK_PREVIOUS:
		return from > 0 ? from - 1 : last;
	}
	return from;
}

void network_step(struct network *network, enum network_step step)
{
	const size_t from = selected_index(network);

	if (from < network->plan.n_boxes)
		select_box(network, step_from(&network->plan, from, step));
}

void network_select_tag(struct network *network, uint64_t tag)
{
	for (size_t i = 0; i < network->plan.n_boxes; i++) {
		if (network->plan.boxes[i].ns->tag == tag)
			select_box(network, i);
	}
}

bool network_point(struct network *network, int row, int column)
{
	for (size_t i = 0; i < network->plan.n_boxes; i++) {
		const struct net_box *const box = &network->plan.boxes[i];

		if (row >= box->y && row < box->y + box->height && column >= box->x &&
		        column < box->x + box->width) {
			network->selected = box->ns->tag;
			return true;
		}
	}
	return false;
}

void network_pan(struct network *network, long rows, long columns)
{
	scroller_move_top(&network->rows, rows);
	scroller_move_top(&network->columns, columns);
}

/* --- drawing --------------------------------------------------------------------------------- */

struct corners {
	const char *top_left, *top_right, *bottom_left, *bottom_right, *across, *down;
};

static const struct corners *corners_of(bool is_ascii)
{
	static const struct corners all[] = {
	        {"┌", "┐", "└", "┘", "─", "│"}, {"+", "+", "+", "+", "-", "|"}};

	return &all[is_ascii];
}

/* `┌ docker0 ────┐` up to the column before `end` */
static void add_rule(
        struct line *line, const char *left, const char *right, const char *text, int end)
{
	const struct corners *const corners = corners_of(line->is_ascii);

	line_add(line, STYLE_PLAIN, left);
	if (*text) {
		line_add(line, STYLE_PLAIN, " ");
		line_add(line, STYLE_PLAIN, text);
		line_add(line, STYLE_PLAIN, " ");
	}
	line_rule(line, STYLE_PLAIN, corners->across, end - 1);
	line_add(line, STYLE_PLAIN, right);
}

/* The text of a row, `row` NULL: of the space between two rows; within the frame of a bridge if
 * `is_bridged`. */
static void add_row(struct line *line, const struct net_row *row, bool is_bridged, int end)
{
	const struct corners *const corners = corners_of(line->is_ascii);

	if (row && row->kind == NET_ROW_BRIDGE) {
		add_rule(line, corners->top_left, corners->top_right, row->text, end);
	} else if (row && row->kind == NET_ROW_END) {
		add_rule(line, corners->bottom_left, corners->bottom_right, "", end);
	} else if (is_bridged) {
		line_add(line, STYLE_PLAIN, corners->down);
		line_add(line, STYLE_PLAIN, " ");
		line_add(line, STYLE_PLAIN, row ? row->text : "");
		line_pad(line, end - 1);
		line_add(line, STYLE_PLAIN, corners->down);
	} else if (row) {
		line_add(line, STYLE_PLAIN, row->text);
	}
}

static void put_line(struct canvas *canvas, const struct net_box *box, int y, struct line *line,
        enum style style)
{
	canvas_word(canvas, y, box->x, style, line->text ? line->text : "", line->columns);
	line_release(line);
}

static void put_side(
        struct canvas *canvas, const struct net_box *box, bool is_top, enum style style)
{
	const struct corners *const corners = corners_of(canvas->is_ascii);
	struct line line;

	line_init(&line, box->width, canvas->is_ascii);
	add_rule(&line, is_top ? corners->top_left : corners->bottom_left,
	        is_top ? corners->top_right : corners->bottom_right, "", box->width);
	put_line(canvas, box, is_top ? box->y : box->y + box->height - 1, &line, style);
}

static void put_row(struct canvas *canvas, const struct net_box *box, int y,
        const struct net_row *row, bool is_bridged, enum style style)
{
	const struct corners *const corners = corners_of(canvas->is_ascii);
	struct line line;

	line_init(&line, box->width, canvas->is_ascii);
	line_add(&line, STYLE_PLAIN, corners->down);
	line_pad(&line, 2);
	add_row(&line, row, is_bridged, box->width - 2);
	line_pad(&line, box->width - 1);
	line_add(&line, STYLE_PLAIN, corners->down);
	put_line(canvas, box, y, &line, style);
}

static void put_box(struct canvas *canvas, const struct net_box *box, enum style style)
{
	const int end = box->y + box->height - 1;
	bool is_bridged = false;
	size_t next = 0;

	put_side(canvas, box, true, style);
	for (int y = box->y + 1; y < end; y++) {
		const struct net_row *const row =
		        next < box->n_rows && box->rows[next].y == y ? &box->rows[next++] : NULL;

		if (y >= canvas->top && y < canvas->top + canvas->rows)
			put_row(canvas, box, y, row, is_bridged, style);
		if (row)
			is_bridged = row->kind == NET_ROW_BRIDGE || row->is_bridged;
	}
	put_side(canvas, box, false, style);
}

static void put_connection(
        struct canvas *canvas, const struct net_plan *plan, const struct net_line *line)
{
	const struct net_box *const a = &plan->boxes[line->ends[0].box];
	const struct net_box *const b = &plan->boxes[line->ends[1].box];
	const int from = a->rows[line->ends[0].row].y, to = b->rows[line->ends[1].row].y;
	const bool is_beside = a->layer == b->layer;
	const int end = is_beside ? b->x + b->width : b->x - 1;

	if (line->is_straight) {
		canvas_across(canvas, from, a->x + a->width, end, STROKE_SOLID);
		return;
	}
	canvas_across(canvas, from, a->x + a->width, line->lane, STROKE_SOLID);
	canvas_down(canvas, line->lane, MIN(from, to), MAX(from, to), STROKE_SOLID);
	canvas_across(canvas, to, MIN(line->lane, end), MAX(line->lane, end), STROKE_SOLID);
}

void network_draw(const struct network *network, struct frame *frame, const struct rect *rect)
{
	const struct net_plan *const plan = &network->plan;
	const int top = (int)network->rows.top, left = (int)network->columns.top;
	struct canvas canvas;

	if (!network->is_shown || rect->rows <= 0 || rect->columns <= 0)
		return;
	canvas_init(&canvas, top, left, rect, network->is_ascii);
	for (size_t i = 0; i < plan->n_lines; i++)
		put_connection(&canvas, plan, &plan->lines[i]);
	for (size_t i = 0; i < plan->n_boxes; i++) {
		const struct net_box *const box = &plan->boxes[i];
		const bool is_selected = box->ns->tag == network->selected;

		if (box->y < top + rect->rows && box->y + box->height > top)
			put_box(&canvas, box, is_selected ? STYLE_SELECTED : STYLE_PLAIN);
		if (is_selected && geometry_has(rect, rect->row + box->y + 1 - top,
		                           rect->column + box->x + 2 - left))
			frame_set_cursor(frame, rect->row + box->y + 1 - top,
			        rect->column + box->x + 2 - left);
	}
	canvas_draw(&canvas, frame, rect);
	canvas_release(&canvas);
}
