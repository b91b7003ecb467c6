/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/text.h"
#include "ui/graph/canvas.h"
#include "ui/graph/graph.h"
#include "ui/list/marks.h"
#include "view/pair_words.h"
#include "view/words.h"
#include "view/words_container.h"

#include <string.h>

/* One call of graph_draw. */
struct drawing {
	const struct graph *graph;
	struct canvas canvas;
	struct frame *frame;
	const struct rect *rect;
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
	const char *title = pair_words_heading(plan->pair.kinds[part]);

	canvas_word(&drawing->canvas, plan->parts[part].title, 0, STYLE_TITLE, title,
	        (int)strlen(title));
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

void graph_draw(const struct graph *graph, struct frame *frame, const struct rect *rect)
{
	struct drawing drawing = {.graph = graph, .frame = frame, .rect = rect};

	if (!graph->look.model || rect->rows <= 0 || rect->columns <= 0)
		return;
	canvas_init(&drawing.canvas, (int)graph->rows.top, (int)graph->columns.top, rect,
	        graph->look.is_ascii);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		put_part(&drawing, part);
	graph_lines_draw(graph, &drawing.canvas);
	canvas_draw(&drawing.canvas, frame, rect);
	canvas_release(&drawing.canvas);
}

/* --- the header --------------------------------------------------------------------------- */

enum {
	ZOOM_COLUMNS = 70,  /* a narrower header does not have the zoom level, */
	TITLE_COLUMNS = 46, /* nor the title */
};

/* `lines 1-22/258`; nothing if everything is in view. */
static void write_range(FILE *out, const char *name, const struct scroller *scroller)
{
	const size_t end = MIN(scroller->top + scroller->page, scroller->n);

	if (scroller->top > 0 || end < scroller->n)
		fprintf(out, "%s%zu-%zu/%zu  ", name, scroller->top + 1, end, scroller->n);
}

/* What the header says of the selected node, from the longest to the shortest. */
enum form {
	FORM_WHOLE,     /* `pid:[4026532465] nginx (1374)  owner user:[4026532001] harald (1000)` */
	FORM_NO_USER,   /* without `harald (1000)` */
	FORM_NO_LEADER, /* without `nginx (1374)`, which the box has, either */
	FORM_NO_OWNER,  /* `pid:[4026532465] nginx (1374)`, where `nginx (1374)` may be cut */
	FORMS,
};

static void write_owner(FILE *out, const struct graph *graph, const struct ns *ns, enum form form)
{
	const struct ns *owner = ns->owner.ns;

	fputs("  owner ", out);
	words_owner(out, ns, graph->look.names);
	if (form != FORM_WHOLE || ns->type == NS_USER || !owner)
		return;
	fputc(' ', out);
	words_owner_user(out, owner, graph->look.names);
}

/* `60 × pid, owner root: postgres 9, java 6, nginx 5, … (x expands)` */
static void write_group(
        FILE *out, const struct pair_words *words, const struct node *node, enum form form)
{
	pair_words_group(out, words, node);
	if (form == FORM_WHOLE) {
		fputs(": ", out);
		pair_words_members(out, words, node);
	}
	if (form != FORM_NO_OWNER)
		fputs(" (x expands)", out);
}

static void write_selected(FILE *out, const struct graph *graph, enum form form)
{
	const struct node *node = graph_selected(graph);

	if (!node)
		return;
	const struct pair_words words = graph_plan_words(&graph->look, node);

	if (!node->ns) {
		fputs(node_heading(node), out);
		return;
	}
	if (node->n_alike) {
		write_group(out, &words, node, form);
		return;
	}
	words_ns(out, node->ns);
	if (form != FORM_NO_LEADER) {
		fputc(' ', out);
		words_container_leader(out, words.model, node->ns);
	}
	if (form != FORM_NO_OWNER)
		write_owner(out, graph, node->ns, form);
}

/* What is in view, and the zoom level. */
static void write_place(FILE *out, const struct graph *graph, bool is_short)
{
	write_range(out, is_short ? "" : "lines ", &graph->rows);
	write_range(out, is_short ? "" : "columns ", &graph->columns);
	if (graph->columns.page >= ZOOM_COLUMNS)
		fprintf(out, "zoom %u ", (unsigned)graph->zoom);
}

/* Writes the longest words that fit into so many columns: the first that go are the words before
 * the ranges, then the parts of the node's owner. */
static void write_words(
        const struct graph *graph, int columns, struct text *selected, struct text *place)
{
	const bool is_ascii = graph->look.is_ascii;

	for (unsigned form = 0; form <= FORMS; form++) {
		write_selected(
		        text_restart(selected), graph, form ? (enum form)(form - 1) : FORM_WHOLE);
		write_place(text_restart(place), graph, form > 0);
		if (line_width(text_get(selected), is_ascii) +
		                line_width(text_get(place), is_ascii) <=
		        columns)
			return;
	}
}

void graph_draw_header(
        const struct graph *graph, struct frame *frame, const struct rect *rect, const char *state)
{
	const bool is_ascii = graph->look.is_ascii;
	const bool has_title = rect->columns >= TITLE_COLUMNS;
	const char *title = has_title ? " GRAPH  " : " ";
	const int gap = has_title ? 2 : 1;
	struct line line;

	if (!rect->rows)
		return;
	_cleanup_text_ struct text selected, place;
	text_init_within(&selected, rect->columns);
	text_init(&place);
	line_init(&line, rect->columns, is_ascii);
	line_add(&line, STYLE_HEADER, title);
	write_place(place.out, graph, true);
	line_add_within(&line, STYLE_HEADER, state,
	        rect->columns - line.columns - gap - line_width(text_get(&place), is_ascii));
	write_words(graph, rect->columns - line.columns - gap, &selected, &place);
	const int start = rect->columns - line_width(text_get(&place), is_ascii);
	line_add_within(&line, STYLE_PLAIN, text_get(&selected), start - line.columns - gap);
	line_pad(&line, start);
	line_add(&line, STYLE_PLAIN, text_get(&place));
	line_take(&line, &frame->lines[rect->row]);
}
