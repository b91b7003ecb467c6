/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "ui/graph/canvas.h"
#include "ui/graph/graph.h"
#include "ui/list/marks.h"
#include "view/partial.h"
#include "view/words.h"

#include <string.h>

/* One call of graph_draw. */
struct drawing {
	const struct graph *graph;
	struct canvas canvas;
	struct frame *frame;
	const struct rect *rect;
};

static const char *const titles[PAIR_PARTS] = {
        [PAIR_PID] = "PID namespaces",
        [PAIR_USER] = "User namespaces",
};

/* --- boxes -------------------------------------------------------------------------------- */

/* The corners and lines of a box: round corners for PID namespaces. */
struct border {
	const char *top_left, *top_right, *bottom_left, *bottom_right;
	const char *across, *down, *rule_left, *rule_right;
};

static const struct border *border_of(const struct node *node, bool is_ascii)
{
	static const struct border borders[2][2] = {
	        {
	                {"╭", "╮", "╰", "╯", "─", "│", "├", "┤"},
	                {".", ".", "'", "'", "-", "|", "|", "|"},
	        },
	        {
	                {"┌", "┐", "└", "┘", "─", "│", "├", "┤"},
	                {"+", "+", "+", "+", "-", "|", "+", "+"},
	        },
	};

	return &borders[!node->ns || node->ns->type == NS_USER][is_ascii];
}

static void put_line(
        struct drawing *drawing, int row, int column, enum style style, const struct line *line)
{
	canvas_word(
	        &drawing->canvas, row, column, style, line->text ? line->text : "", line->columns);
}

/* `├────┤` */
static void put_rule(struct drawing *drawing, const struct pair_box *box, int row, enum style style,
        const char *left, const char *across, const char *right)
{
	struct line line;

	line_init(&line, box->width, drawing->canvas.is_ascii);
	line_add(&line, STYLE_PLAIN, left);
	line_rule(&line, STYLE_PLAIN, across, box->width - 1);
	line_add(&line, STYLE_PLAIN, right);
	put_line(drawing, row, box->x, style, &line);
	line_release(&line);
}

/* `│ words   │` */
static void put_bordered(struct drawing *drawing, const struct pair_box *box, int row,
        enum style style, const struct border *border, const struct line *words)
{
	struct line line;

	line_init(&line, box->width, drawing->canvas.is_ascii);
	line_add(&line, STYLE_PLAIN, border->down);
	line_pad(&line, 2);
	line_add(&line, STYLE_PLAIN, words->text ? words->text : "");
	line_pad(&line, box->width - 1);
	line_add(&line, STYLE_PLAIN, border->down);
	put_line(drawing, row, box->x, style, &line);
	line_release(&line);
}

static void put_box(struct drawing *drawing, const struct pair_box *box, const struct node *node,
        enum style style)
{
	const struct graph_look *look = &drawing->graph->look;
	const struct border *border = border_of(node, look->is_ascii);
	const int n = graph_plan_count_lines(look, node);
	int row = box->y;

	put_rule(drawing, box, row++, style, border->top_left, border->across, border->top_right);
	for (int i = 0; i < n; i++) {
		struct line words;

		if (i == graph_plan_compartment(look, node))
			put_rule(drawing, box, row++, style, border->rule_left, border->across,
			        border->rule_right);
		graph_plan_line(&words, look, node, i);
		put_bordered(drawing, box, row++, style, border, &words);
		line_release(&words);
	}
	put_rule(drawing, box, row, style, border->bottom_left, border->across,
	        border->bottom_right);
}

static void put_node(struct drawing *drawing, struct graph_at at)
{
	const struct graph *graph = drawing->graph;
	const struct pair_box *box = graph_plan_box(&graph->plan, at);
	const struct node *node = graph_plan_node(&graph->plan, at);
	const bool is_selected = at.part == graph->selected.part && at.node == graph->selected.node;
	const enum style style = is_selected ? STYLE_SELECTED : marks_style(node);

	if (graph->zoom == GRAPH_BOXES) {
		put_box(drawing, box, node, style);
	} else {
		struct line words;

		graph_plan_line(&words, &graph->look, node, 0);
		put_line(drawing, box->y, box->x, style, &words);
		line_release(&words);
	}
	const int row = drawing->rect->row + graph_plan_anchor(box) - drawing->canvas.top;
	const int column = drawing->rect->column + box->x - drawing->canvas.left;
	if (is_selected && geometry_has(drawing->rect, row, column))
		frame_set_cursor(drawing->frame, row, column);
}

/* --- lines -------------------------------------------------------------------------------- */

static int end_of(const struct pair_box *box)
{
	return box->x + box->width;
}

/* Draws the trunk, the line that goes down beside the children of a box, and the line to it. */
static void put_trunk(struct drawing *drawing, enum pair_part part, size_t i)
{
	const struct pair_tree *tree = &drawing->graph->plan.pair.trees[part];
	const struct pair_box *box = &tree->boxes[i];
	const int anchor = graph_plan_anchor(box);

	if (tree->hierarchy.nodes[i].end == i + 1)
		return;
	const int trunk = tree->boxes[i + 1].x - GRAPH_TRUNK;
	canvas_across(&drawing->canvas, anchor, end_of(box), trunk, STROKE_SOLID);
	canvas_down(&drawing->canvas, trunk, anchor, drawing->graph->plan.parts[part].last[i],
	        STROKE_SOLID);
}

static void put_part(struct drawing *drawing, enum pair_part part)
{
	const struct graph_plan *plan = &drawing->graph->plan;
	const struct pair_tree *tree = &plan->pair.trees[part];
	const struct node *nodes = tree->hierarchy.nodes;
	const size_t n = tree->hierarchy.n;
	const int end = drawing->canvas.top + drawing->canvas.rows;
	const size_t first = graph_plan_first(plan, part, drawing->canvas.top);

	canvas_word(&drawing->canvas, plan->parts[part].title, 0, STYLE_TITLE, titles[part],
	        (int)strlen(titles[part]));
	/* Of the nodes above the view only ancestors have lines that reach into it. */
	for (size_t i = first < n ? nodes[first].parent : NODE_NO_PARENT; i != NODE_NO_PARENT;
	        i = nodes[i].parent)
		put_trunk(drawing, part, i);
	for (size_t i = first; i < n && tree->boxes[i].y < end; i++) {
		const struct pair_box *box = &tree->boxes[i];

		put_trunk(drawing, part, i);
		if (nodes[i].parent != NODE_NO_PARENT)
			canvas_across(&drawing->canvas, graph_plan_anchor(box),
			        box->x - GRAPH_TRUNK, box->x - 1, STROKE_SOLID);
		put_node(drawing, (struct graph_at){part, i});
	}
}

/* --- lines to owners ---------------------------------------------------------------------- */

/* Draws a line from the right side of the PID namespace, along a lane, to that of its owner. */
static void put_owner(struct drawing *drawing, const struct pair_line *line, int column)
{
	const struct pair_tree *trees = drawing->graph->plan.pair.trees;
	const struct pair_box *pid = &trees[PAIR_PID].boxes[line->pid];
	const struct pair_box *user = &trees[PAIR_USER].boxes[line->user];
	const int from = graph_plan_anchor(pid), to = graph_plan_anchor(user);

	canvas_across(&drawing->canvas, from, end_of(pid), column, STROKE_DASHED);
	canvas_down(&drawing->canvas, column, from, to, STROKE_DASHED);
	canvas_across(&drawing->canvas, to, end_of(user), column, STROKE_DASHED);
}

static void put_head(struct drawing *drawing, size_t user)
{
	const struct pair_box *box = &drawing->graph->plan.pair.trees[PAIR_USER].boxes[user];

	canvas_word(&drawing->canvas, graph_plan_anchor(box), end_of(box), STYLE_PLAIN,
	        drawing->canvas.is_ascii ? "<" : "◂", 1);
}

/* The lines that are drawn if all are (n_drawn of view/pair_plan.h), right of all boxes: lines to
 * one owner share a lane and a head. */
static void put_all_owners(struct drawing *drawing)
{
	const struct graph_plan *plan = &drawing->graph->plan;
	const struct pair_line *lines = plan->pair.lines;

	for (size_t i = 0; i < plan->pair.n_drawn; i++) {
		const size_t lane = graph_plan_lane(plan, lines[i].lane);

		if (lane >= GRAPH_LANES_MAX)
			return;
		put_owner(drawing, &lines[i], plan->columns + 1 + GRAPH_LANE * (int)lane);
		if (i == 0 || lines[i].user != lines[i - 1].user)
			put_head(drawing, lines[i].user);
	}
}

/* The first column right of all boxes of a part in those rows. */
static int column_beside(const struct graph_plan *plan, enum pair_part part, int first, int last)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	int column = 0;

	for (size_t i = graph_plan_first(plan, part, first);
	        i < tree->hierarchy.n && tree->boxes[i].y <= last; i++) {
		const int end = end_of(&tree->boxes[i]);

		column = MAX(column, end);
	}
	return column;
}

static bool is_of_selected(const struct graph *graph, const struct pair_line *line)
{
	return graph->selected.node == (graph->selected.part == PAIR_PID ? line->pid : line->user);
}

/* The lines of the selected node from line `first` on, in one lane as far left as the boxes in
 * those rows allow, where it is in view most often. The PID namespaces are in the order of their
 * rows, and above all user namespaces. */
static void put_selected_owners(struct drawing *drawing, size_t first)
{
	const struct graph *graph = drawing->graph;
	const struct graph_plan *plan = &graph->plan;
	const struct pair_line *line = plan->pair.lines + first;
	const struct pair_line *end = plan->pair.lines + plan->pair.n_lines;

	while (line < end && !is_of_selected(graph, line))
		line++;
	if (line == end)
		return;
	const int top = graph_plan_anchor(&plan->pair.trees[PAIR_PID].boxes[line->pid]);
	const int bottom = graph_plan_anchor(&plan->pair.trees[PAIR_USER].boxes[line->user]);
	const int above = column_beside(plan, PAIR_PID, top, bottom);
	const int below = column_beside(plan, PAIR_USER, top, bottom);
	put_head(drawing, line->user);
	for (; line < end && is_of_selected(graph, line); line++)
		put_owner(drawing, line, 1 + MAX(above, below));
}

void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect)
{
	struct drawing drawing = {.graph = graph, .frame = frame, .rect = rect};

	if (!graph->look.model || rect->rows <= 0 || rect->columns <= 0)
		return;
	canvas_init(&drawing.canvas, (int)graph->rows.top, (int)graph->columns.top, rect,
	        graph->look.is_ascii);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		put_part(&drawing, part);
	if (graph->with_all_owners)
		put_all_owners(&drawing);
	put_selected_owners(&drawing, graph->with_all_owners ? graph->plan.pair.n_drawn : 0);
	canvas_draw(&drawing.canvas, frame, rect);
	canvas_release(&drawing.canvas);
}

/* --- the header --------------------------------------------------------------------------- */

/* `lines 1-22/258`; nothing if everything is in view. */
static void write_range(FILE *out, const char *name, const struct scroller *scroller)
{
	const size_t end = MIN(scroller->top + scroller->page, scroller->n);

	if (scroller->top > 0 || end < scroller->n)
		fprintf(out, "%s%zu-%zu/%zu  ", name, scroller->top + 1, end, scroller->n);
}

static void write_selected(FILE *out, const struct graph *graph)
{
	const struct node *node = graph_selected(graph);

	if (!node)
		return;
	const struct model *const model =
	        node->mark == MARK_GONE ? graph->look.marks->baseline : graph->look.model;

	if (!node->ns) {
		fputs(node_heading(node), out);
	} else if (node->n_alike) {
		fprintf(out, "%zu%s similar %s namespaces (x expands)", node->n_alike,
		        partial_plus(model, node->ns), nstype_name(node->ns->type));
	} else {
		words_ns(out, node->ns);
		fputc(' ', out);
		words_leader(out, model, node->ns);
	}
}

enum { SHORT_COLUMNS = 70 }; /* a narrower header has fewer words */

void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state)
{
	const bool is_short = rect->columns < SHORT_COLUMNS;
	struct line line;

	if (!rect->rows)
		return;
	_cleanup_text_ struct text selected, place;
	text_init(&selected);
	text_init(&place);
	write_selected(selected.out, graph);
	write_range(place.out, is_short ? "" : "lines ", &graph->rows);
	write_range(place.out, is_short ? "" : "columns ", &graph->columns);
	if (!is_short)
		fprintf(place.out, "zoom %u ", (unsigned)graph->zoom);
	const int start = rect->columns - line_width(text_get(&place), false);
	line_init(&line, rect->columns, graph->look.is_ascii);
	line_add_within(&line, STYLE_HEADER, " GRAPH  ", start);
	line_add_within(&line, STYLE_HEADER, state, start - line.columns);
	line_add_within(&line, STYLE_PLAIN, text_get(&selected), start - line.columns - 2);
	line_pad(&line, start);
	line_add(&line, STYLE_PLAIN, text_get(&place));
	line_take(&line, &frame->lines[rect->row]);
}
