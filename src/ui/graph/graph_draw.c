/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/graph/canvas.h"
#include "ui/graph/graph.h"
#include "ui/list/node_style.h"
#include "view/words.h"

#include <string.h>

/* What is drawn now, and onto what. */
struct drawing {
	const struct graph *graph;
	struct canvas canvas;
	struct frame *frame;
	const struct rect *rect;
};

static const char *const titles[GRAPH_PARTS] = {
        [GRAPH_PID] = "PID namespaces",
        [GRAPH_USER] = "User namespaces",
};

/* --- boxes ------------------------------------------------------------------------------------ */

/* The corners of a box, and its lines: round ones for PID namespaces. */
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
static void put_rule(struct drawing *drawing, const struct graph_box *box, int row,
        enum style style, const char *left, const char *across, const char *right)
{
	struct line line;

	line_init(&line, box->columns, drawing->canvas.is_ascii);
	line_add(&line, STYLE_PLAIN, left);
	line_rule(&line, STYLE_PLAIN, across, box->columns - 1);
	line_add(&line, STYLE_PLAIN, right);
	put_line(drawing, row, box->column, style, &line);
	line_release(&line);
}

/* `│ words   │` */
static void put_bordered(struct drawing *drawing, const struct graph_box *box, int row,
        enum style style, const struct border *border, const struct line *words)
{
	struct line line;

	line_init(&line, box->columns, drawing->canvas.is_ascii);
	line_add(&line, STYLE_PLAIN, border->down);
	line_pad(&line, 2);
	line_add(&line, STYLE_PLAIN, words->text ? words->text : "");
	line_pad(&line, box->columns - 1);
	line_add(&line, STYLE_PLAIN, border->down);
	put_line(drawing, row, box->column, style, &line);
	line_release(&line);
}

static void put_box(struct drawing *drawing, const struct graph_box *box, const struct node *node,
        enum style style)
{
	const struct graph_look *look = &drawing->graph->look;
	const struct border *border = border_of(node, look->is_ascii);
	const int n = graph_box_lines(look, node);
	int row = box->row;

	put_rule(drawing, box, row++, style, border->top_left, border->across, border->top_right);
	for (int i = 0; i < n; i++) {
		struct line words;

		if (i == graph_box_compartment(look, node))
			put_rule(drawing, box, row++, style, border->rule_left, border->across,
			        border->rule_right);
		graph_box_line(&words, look, node, i);
		put_bordered(drawing, box, row++, style, border, &words);
		line_release(&words);
	}
	put_rule(drawing, box, row, style, border->bottom_left, border->across,
	        border->bottom_right);
}

static void put_words(struct drawing *drawing, const struct graph_box *box, const struct node *node,
        enum style style)
{
	struct line words;

	graph_box_line(&words, &drawing->graph->look, node, 0);
	put_line(drawing, box->row, box->column, style, &words);
	line_release(&words);
}

static void put_cursor(struct drawing *drawing, const struct graph_box *box)
{
	const int row = graph_box_anchor(box) - drawing->canvas.top;
	const int column = box->column - drawing->canvas.left;

	if (row < 0 || row >= drawing->rect->rows || column < 0 || column >= drawing->rect->columns)
		return;
	drawing->frame->cursor_row = drawing->rect->row + row;
	drawing->frame->cursor_column = drawing->rect->column + column;
	drawing->frame->is_cursor_visible = true;
}

static void put_node(struct drawing *drawing, struct graph_at at)
{
	const struct graph *graph = drawing->graph;
	const struct graph_box *box = graph_plan_box(&graph->plan, at);
	const struct node *node = graph_plan_node(&graph->plan, at);
	const bool is_selected = at.part == graph->selected.part && at.node == graph->selected.node;
	const enum style style = is_selected ? STYLE_SELECTED : node_style_of(node);

	if (graph->zoom == GRAPH_BOXES)
		put_box(drawing, box, node, style);
	else
		put_words(drawing, box, node, style);
	if (is_selected)
		put_cursor(drawing, box);
}

/* --- lines ------------------------------------------------------------------------------------ */

static int end_of(const struct graph_box *box)
{
	return box->column + box->columns;
}

/* From a box to the line that goes down beside its children, and that. */
static void put_trunk(struct drawing *drawing, const struct graph_part *part, size_t i)
{
	const struct graph_box *box = &part->boxes[i];
	const int anchor = graph_box_anchor(box);

	if (part->hierarchy.nodes[i].end == i + 1)
		return;
	const int trunk = part->boxes[i + 1].column - GRAPH_TRUNK;
	canvas_across(&drawing->canvas, anchor, end_of(box), trunk, STROKE_SOLID);
	canvas_down(&drawing->canvas, trunk, anchor, box->last, STROKE_SOLID);
}

static void put_branch(struct drawing *drawing, const struct graph_part *part, size_t i)
{
	const struct graph_box *box = &part->boxes[i];

	if (part->hierarchy.nodes[i].parent == NODE_NO_PARENT)
		return;
	canvas_across(&drawing->canvas, graph_box_anchor(box), box->column - GRAPH_TRUNK,
	        box->column - 1, STROKE_SOLID);
}

/* The lines of nodes above the view that reach into it are those of its ancestors. */
static void put_ancestors(struct drawing *drawing, const struct graph_part *part, size_t first)
{
	size_t i = first < part->hierarchy.n ? part->hierarchy.nodes[first].parent : NODE_NO_PARENT;

	for (; i != NODE_NO_PARENT; i = part->hierarchy.nodes[i].parent)
		put_trunk(drawing, part, i);
}

static void put_part(struct drawing *drawing, enum graph_part_kind kind)
{
	const struct graph_part *part = &drawing->graph->plan.parts[kind];
	const struct canvas *canvas = &drawing->canvas;
	const int end = canvas->top + canvas->rows;
	const size_t first = graph_part_first(part, canvas->top);

	canvas_word(&drawing->canvas, part->title, 0, STYLE_TITLE, titles[kind],
	        (int)strlen(titles[kind]));
	put_ancestors(drawing, part, first);
	for (size_t i = first; i < part->hierarchy.n && part->boxes[i].row < end; i++) {
		put_trunk(drawing, part, i);
		put_branch(drawing, part, i);
		put_node(drawing, (struct graph_at){kind, i});
	}
}

/* --- owners ----------------------------------------------------------------------------------- */

/* Out to the right of the one, along a lane, and back to the other. */
static void put_owner(struct drawing *drawing, const struct graph_owner *owner, int column)
{
	const struct graph_plan *plan = &drawing->graph->plan;
	const struct graph_box *pid = &plan->parts[GRAPH_PID].boxes[owner->pid];
	const struct graph_box *user = &plan->parts[GRAPH_USER].boxes[owner->user];
	const int from = graph_box_anchor(pid), to = graph_box_anchor(user);

	canvas_across(&drawing->canvas, from, end_of(pid), column, STROKE_DASHED);
	canvas_down(&drawing->canvas, column, from, to, STROKE_DASHED);
	canvas_across(&drawing->canvas, to, end_of(user), column, STROKE_DASHED);
}

static void put_head(struct drawing *drawing, size_t user)
{
	const struct graph_box *box = &drawing->graph->plan.parts[GRAPH_USER].boxes[user];

	canvas_word(&drawing->canvas, graph_box_anchor(box), end_of(box), STYLE_PLAIN,
	        drawing->canvas.is_ascii ? "<" : "◂", 1);
}

/* Beside the whole picture: those of one owner share a lane, and the head. */
static void put_all_owners(struct drawing *drawing)
{
	const struct graph_plan *plan = &drawing->graph->plan;
	int lane = -1;

	for (size_t i = 0; i < plan->n_owners; i++) {
		const bool is_first = i == 0 || plan->owners[i].user != plan->owners[i - 1].user;

		lane += is_first;
		if (lane == GRAPH_LANES_MAX)
			return;
		put_owner(drawing, &plan->owners[i], plan->columns + 1 + GRAPH_LANE * lane);
		if (is_first)
			put_head(drawing, plan->owners[i].user);
	}
}

/* The first column right of all boxes of a part in those rows. */
static int column_beside(const struct graph_part *part, int first, int last)
{
	int column = 0;

	for (size_t i = graph_part_first(part, first);
	        i < part->hierarchy.n && part->boxes[i].row <= last; i++) {
		const int end = end_of(&part->boxes[i]);

		column = end > column ? end : column;
	}
	return column;
}

static bool is_of_selected(const struct graph *graph, const struct graph_owner *owner)
{
	return graph->selected.node ==
	       (graph->selected.part == GRAPH_PID ? owner->pid : owner->user);
}

/* In one lane, as near as what stands in those rows lets it be: most often it is in view then. The
 * PID namespaces come in the order of their rows, and above all user namespaces. */
static void put_selected_owners(struct drawing *drawing)
{
	const struct graph_plan *plan = &drawing->graph->plan;
	const struct graph_part *pids = &plan->parts[GRAPH_PID];
	const struct graph_part *users = &plan->parts[GRAPH_USER];
	size_t i = 0;

	while (i < plan->n_owners && !is_of_selected(drawing->graph, &plan->owners[i]))
		i++;
	if (i == plan->n_owners)
		return;
	const int first = graph_box_anchor(&pids->boxes[plan->owners[i].pid]);
	const int last = graph_box_anchor(&users->boxes[plan->owners[i].user]);
	const int above = column_beside(pids, first, last);
	const int below = column_beside(users, first, last);
	put_head(drawing, plan->owners[i].user);
	for (; i < plan->n_owners && is_of_selected(drawing->graph, &plan->owners[i]); i++)
		put_owner(drawing, &plan->owners[i], 1 + (above > below ? above : below));
}

void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect)
{
	struct drawing drawing = {.graph = graph, .frame = frame, .rect = rect};

	if (!graph->look.model || rect->rows <= 0 || rect->columns <= 0)
		return;
	canvas_init(&drawing.canvas, graph->top, graph->left, rect, graph->look.is_ascii);
	for (enum graph_part_kind kind = 0; kind < GRAPH_PARTS; kind++)
		put_part(&drawing, kind);
	if (graph->with_all_owners)
		put_all_owners(&drawing);
	else
		put_selected_owners(&drawing);
	canvas_draw(&drawing.canvas, frame, rect);
	canvas_release(&drawing.canvas);
}

/* --- the line above --------------------------------------------------------------------------- */

/* `lines 1-22/258`; nothing when all is in view. */
static void write_range(FILE *out, const char *name, int start, int size, int all)
{
	const int end = start + size < all ? start + size : all;

	if (start > 0 || end < all)
		fprintf(out, "%s%d-%d/%d  ", name, start + 1, end, all);
}

/* Which part of the picture is in view; shorter where there is hardly any room. */
static void write_place(FILE *out, const struct graph *graph, bool is_short)
{
	int rows, columns;

	graph_extent(graph, &rows, &columns);
	write_range(out, is_short ? "" : "lines ", graph->top, graph->rows, rows);
	write_range(out, is_short ? "" : "columns ", graph->left, graph->columns, columns);
	if (!is_short)
		fprintf(out, "zoom %u ", (unsigned)graph->zoom);
}

static void write_selected(FILE *out, const struct graph *graph)
{
	const struct node *node = graph_selected(graph);

	if (!node)
		return;
	if (!node->ns) {
		fputs(WORDS_OUTSIDE, out);
	} else if (node->n_alike) {
		fprintf(out, "%zu %s namespaces that look alike (x opens)", node->n_alike,
		        nstype_name(node->ns->type));
	} else {
		words_ns(out, node->ns);
		fputc(' ', out);
		words_leader(out,
		        node->mark == MARK_GONE ? graph->look.marks->baseline : graph->look.model,
		        node->ns);
	}
}

enum { SHORT_COLUMNS = 70 }; /* a header that is narrower leaves words out */

void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state)
{
	struct line line;

	if (!rect->rows)
		return;
	_cleanup_text_ struct text selected, place;
	text_init(&selected);
	text_init(&place);
	write_selected(selected.out, graph);
	write_place(place.out, graph, rect->columns < SHORT_COLUMNS);
	const int start = rect->columns - line_width(text_get(&place), false);
	line_init(&line, rect->columns, graph->look.is_ascii);
	line_add_within(&line, STYLE_HEADER, " GRAPH  ", start);
	line_add_within(&line, STYLE_HEADER, state, start - line.columns);
	line_add_within(&line, STYLE_PLAIN, text_get(&selected), start - line.columns - 2);
	line_pad(&line, start);
	line_add(&line, STYLE_PLAIN, text_get(&place));
	line_take(&line, &frame->lines[rect->row]);
}
