/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_net.h"

#include "base/arena.h"
#include "base/escape.h"
#include "export/svg_measures.h"
#include "export/svg_page.h"
#include "view/net_plan.h"
#include "view/words.h"

#include <string.h>

enum {
	CELL_X = 8, /* svg_text_width of one column at the size of the text is less */
	CELL_Y = SVG_LINE,
	LEGEND_SPACE = 30,
	INDENT = 2, /* cells before the text of a row; twice that in a bridge */
};

static const char legend[] = "box: network namespace   inner box: bridge   line: interfaces that "
                             "are connected";

struct svg_net {
	FILE *out;
	struct net_plan plan;
	struct label label;
	struct svg_style style;
	struct svg_page page;
	struct text scratch;
	int top; /* of the picture, below the header */
};

static int x_of(int column)
{
	return SVG_MARGIN + column * CELL_X;
}

/* The middle of a row. */
static int y_of(const struct svg_net *net, int row)
{
	return net->top + row * CELL_Y + CELL_Y / 2;
}

static void write_rect(
        const struct svg_net *net, int x, int width, int top, int bottom, enum svg_class class)
{
	fprintf(net->out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"2\"%s/>",
	        x_of(x), top, width * CELL_X, bottom - top, net->style.attributes[class]);
}

/* The name of a bridge stands below the upper side of its frame, which passes between two rows. */
static void write_bridge(const struct svg_net *net, const struct net_box *box, size_t index)
{
	enum { ABOVE = CELL_Y / 2 - 1 };
	const struct net_row *const end = &box->rows[net_plan_bridge_end(box, index)];

	write_rect(net, box->x + INDENT, box->width - 2 * INDENT,
	        y_of(net, box->rows[index].y) - ABOVE, y_of(net, end->y), SVG_USER_BOX);
}

static void write_row(const struct svg_net *net, const struct net_box *box, size_t index)
{
	/* Below the middle of the row; that of a bridge is close below its frame. */
	enum { BASELINE = 4, BRIDGE_BASELINE = 5 };
	const struct net_row *const row = &box->rows[index];
	const bool is_framed = row->is_bridged || row->kind == NET_ROW_BRIDGE;
	const char *const style = row->kind == NET_ROW_NAME   ? " font-weight=\"bold\""
	                          : row->kind == NET_ROW_TEXT ? net->style.attributes[SVG_DIM]
	                                                      : "";
	const struct svg_line line = svg_text_line(row->text);

	if (row->kind == NET_ROW_END)
		return;
	if (row->kind == NET_ROW_BRIDGE)
		write_bridge(net, box, index);
	svg_text_write(net->out, x_of(box->x + (is_framed ? 2 : 1) * INDENT),
	        y_of(net, row->y) + (row->kind == NET_ROW_BRIDGE ? BRIDGE_BASELINE : BASELINE),
	        style, &line);
}

static void write_box(struct svg_net *net, const struct net_box *box)
{
	const struct node node = {.ns = box->ns, .parent = NODE_NO_PARENT};
	FILE *tooltip = text_restart(&net->scratch);

	fputs("<g id=\"", net->out);
	label_write_id(net->out, &net->label, &node, false);
	fputs("\" class=\"ns net\"><title>", net->out);
	label_write_tooltip(tooltip, &net->label, &node);
	text_get(&net->scratch);
	svg_text_quote(net->out, net->scratch.bytes, net->scratch.len);
	fputs("</title>", net->out);
	write_rect(net, box->x, box->width, y_of(net, box->y), y_of(net, box->y + box->height - 1),
	        SVG_OWNED_BOX);
	for (size_t i = 0; i < box->n_rows; i++)
		write_row(net, box, i);
	fputs("</g>\n", net->out);
}

static void write_name(const struct svg_net *net, const struct net_end *end)
{
	const char *const name = end->interface && end->interface->name ? end->interface->name : "";
	struct text text;

	text_init(&text);
	escape_write_name(text.out, *name ? name : "?", 0);
	text_get(&text);
	svg_text_quote(net->out, text.bytes, text.len);
	text_release(&text);
	fputs(" of ", net->out);
	words_ns(net->out, net->plan.boxes[end->box].ns);
}

/* From the right side of the first box to the left side of the second one, or its right side if it
 * is in the same layer. */
static void write_line(const struct svg_net *net, const struct net_line *line)
{
	const struct net_box *const a = &net->plan.boxes[line->ends[0].box];
	const struct net_box *const b = &net->plan.boxes[line->ends[1].box];
	const int from = y_of(net, a->rows[line->ends[0].row].y);
	const int to = y_of(net, b->rows[line->ends[1].row].y);
	const int end = a->layer == b->layer ? b->x + b->width : b->x;

	fprintf(net->out, "<path d=\"M%d %d", x_of(a->x + a->width), from);
	if (!line->is_straight)
		fprintf(net->out, "H%dV%d", x_of(line->lane), to);
	fprintf(net->out, "H%d\"><title>", x_of(end));
	write_name(net, &line->ends[0]);
	fputs(", ", net->out);
	write_name(net, &line->ends[1]);
	fputs("</title></path>\n", net->out);
}

static void write_header(struct svg_net *net, int width, int height)
{
	const struct svg_line explained = svg_text_line(legend);

	svg_page_begin(net->out, &net->page, &net->style, width, height, &net->page.subtitle);
	svg_text_write(net->out, SVG_MARGIN, svg_page_height(&net->page) + SVG_LINE,
	        net->style.attributes[SVG_DIM], &explained);
	fputc('\n', net->out);
}

static void build(struct svg_net *net, const struct export_request *request)
{
	label_init(&net->label, request->model, request->names);
	text_init(&net->scratch);
	svg_style_init(&net->style, request->theme);
	net_plan_build(&net->plan,
	        &(struct net_plan_options){.model = request->model, .store = request->store});
	label_write_taken(text_restart(&net->scratch), &net->label);
	net_plan_write_count(net->scratch.out, &net->plan);
	svg_page_set(
	        &net->page, net->plan.arena, request, &net->label, text_get(&net->scratch), NULL);
	net->top = svg_page_height(&net->page) + LEGEND_SPACE;
}

void svg_net_write(FILE *out, const struct export_request *request)
{
	struct svg_net net = {.out = out};
	int width;

	build(&net, request);
	width = MAX(net.plan.width * CELL_X, svg_page_width(&net.page));
	width = MAX(width, svg_text_width(legend, strlen(legend), SVG_TEXT_SIZE));
	write_header(&net, width + 2 * SVG_MARGIN, net.top + net.plan.height * CELL_Y + SVG_MARGIN);
	fprintf(out, "<g%s stroke-width=\"2\">\n", net.style.attributes[SVG_EDGE]);
	for (size_t i = 0; i < net.plan.n_lines; i++)
		write_line(&net, &net.plan.lines[i]);
	fputs("</g>\n", out);
	for (size_t i = 0; i < net.plan.n_boxes; i++)
		write_box(&net, &net.plan.boxes[i]);
	fputs("</svg>\n", out);
	net_plan_release(&net.plan);
	text_release(&net.scratch);
	label_release(&net.label);
}
