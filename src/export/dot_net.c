/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_net.h"

#include "base/escape.h"
#include "base/memory.h"
#include "export/dot_facts.h"
#include "export/dot_graph.h"
#include "export/dot_style.h"
#include "export/label.h"
#include "view/net_plan.h"

#include <string.h>

static const struct dot_setting bridge_node[] = {DOT_TEXT(DOT_CLASS, "bridge"),
        DOT_TEXT(DOT_SHAPE, "box3d"), DOT_PAINT(DOT_FILLCOLOR, PALETTE_USER_FILL),
        DOT_PAINT(DOT_COLOR, PALETTE_USER_LINE), {0}};
static const struct dot_setting bridge_edge[] = {DOT_TEXT(DOT_CLASS, "bridge"),
        DOT_TEXT(DOT_DIR, "none"), DOT_TEXT(DOT_STYLE, "dashed"), {0}};
static const struct dot_setting link_edge[] = {
        DOT_TEXT(DOT_CLASS, "link"), DOT_TEXT(DOT_DIR, "none"), {0}};

struct dot_net {
	struct net_plan plan;
	struct dot_graph graph;
	struct label label;
	struct text text;
	Agnode_t **boxes; /* the node of each box */
};

/* The name of a node: `net-4026531840`, of a bridge `net-4026531840-bridge-3`. */
static Agnode_t *add_node(struct dot_net *net, const struct net_box *box, int ifindex)
{
	const struct node node = {.ns = box->ns, .parent = NODE_NO_PARENT};
	FILE *out = text_restart(&net->text);

	label_write_id(out, &net->label, &node, true);
	if (ifindex)
		fprintf(out, "-bridge-%d", ifindex);
	return dot_graph_node(net->graph.graph, text_get(&net->text));
}

/* The rows that are not in a bridge are the lines of its label. */
static Agnode_t *add_box(struct dot_net *net, const struct net_box *box)
{
	const struct node node = {.ns = box->ns, .parent = NODE_NO_PARENT};
	Agnode_t *const made = add_node(net, box, 0);
	FILE *out = text_restart(&net->text);

	for (size_t i = 0; i < box->n_rows; i++) {
		const struct net_row *const row = &box->rows[i];

		if (!row->is_bridged && row->kind != NET_ROW_BRIDGE && row->kind != NET_ROW_END)
			fprintf(out, "%s\n", row->text);
	}
	dot_graph_set_text(&net->graph, made, DOT_LABEL, &net->text, DOT_QUOTE_LEFT);
	dot_facts_set(&net->graph, made, &net->label, &node, NULL, &net->text);
	dot_graph_apply(&net->graph, made, dot_style_owned);
	return made;
}

static void add_bridge(
        struct dot_net *net, const struct net_box *box, Agnode_t *of, const struct net_row *row)
{
	Agnode_t *const made = add_node(net, box, row->interface->ifindex);

	dot_graph_apply(&net->graph, made, bridge_node);
	fputs(row->text, text_restart(&net->text));
	dot_graph_set_text(&net->graph, made, DOT_LABEL, &net->text, DOT_QUOTE_CENTRED);
	dot_graph_apply(&net->graph, dot_graph_edge(&net->graph, made, of), bridge_edge);
}

static void add_nodes(struct dot_net *net)
{
	net->boxes = memory_new((net->plan.n_boxes + 1) * sizeof(*net->boxes));
	for (size_t i = 0; i < net->plan.n_boxes; i++) {
		const struct net_box *const box = &net->plan.boxes[i];

		net->boxes[i] = add_box(net, box);
		for (size_t k = 0; k < box->n_rows; k++) {
			if (box->rows[k].kind == NET_ROW_BRIDGE)
				add_bridge(net, box, net->boxes[i], &box->rows[k]);
		}
	}
}

/* The bridge of the interface at an end of a line, else its namespace. */
static Agnode_t *node_of(struct dot_net *net, const struct net_end *end)
{
	const struct net_box *const box = &net->plan.boxes[end->box];
	size_t row = end->row;

	if (!box->rows[row].is_bridged)
		return net->boxes[end->box];
	while (box->rows[row].kind != NET_ROW_BRIDGE)
		row--;
	return add_node(net, box, box->rows[row].interface->ifindex);
}

static void write_end(FILE *out, const struct net_end *end)
{
	const char *const name = end->interface && end->interface->name ? end->interface->name : "";

	escape_write_name(out, *name ? name : "?", 0);
}

/* Graphviz keeps room for one label in the middle of an edge, but not for labels at its ends. */
static void add_lines(struct dot_net *net)
{
	for (size_t i = 0; i < net->plan.n_lines; i++) {
		const struct net_end *const ends = net->plan.lines[i].ends;
		Agnode_t *const head = node_of(net, &ends[0]);
		Agnode_t *const tail = node_of(net, &ends[1]);
		Agedge_t *const edge = dot_graph_edge(&net->graph, tail, head);
		FILE *out = text_restart(&net->text);

		write_end(out, &ends[0]);
		fputs(" - ", out);
		write_end(out, &ends[1]);
		dot_graph_apply(&net->graph, edge, link_edge);
		dot_graph_apply(&net->graph, edge, dot_style_edge_label);
		dot_graph_set_text(&net->graph, edge, DOT_LABEL, &net->text, DOT_QUOTE_CENTRED);
	}
}

static void add_title(struct dot_net *net)
{
	FILE *out = text_restart(&net->text);

	label_write_title(out, &net->label);
	fputc('\n', out);
	label_write_taken(out, &net->label);
	net_plan_write_count(out, &net->plan);
	fputc('\n', out);
	label_write_reasons(out, &net->label);
	dot_graph_set_text(&net->graph, net->graph.graph, DOT_LABEL, &net->text, DOT_QUOTE_LEFT);
}

static void build(struct dot_net *net, const struct export_request *request)
{
	*net = (struct dot_net){.boxes = NULL};
	net_plan_build(&net->plan,
	        &(struct net_plan_options){.model = request->model, .store = request->store});
	dot_graph_open(&net->graph, request->theme);
	label_init(&net->label, request->model, request->names);
	text_init(&net->text);
	dot_style_set_defaults(&net->graph);
	add_nodes(net);
	add_lines(net);
	add_title(net);
}

static void release(struct dot_net *net)
{
	free(net->boxes);
	net_plan_release(&net->plan);
	text_release(&net->text);
	label_release(&net->label);
	dot_graph_close(&net->graph);
}

int dot_net_write(FILE *out, const struct export_request *request)
{
	struct dot_net net;

	build(&net, request);
	const int r = dot_graph_write(out, &net.graph, NULL, 0);
	release(&net);
	return r;
}

size_t dot_net_count(const struct export_request *request)
{
	struct dot_net net;

	build(&net, request);
	const size_t n = (size_t)agnnodes(net.graph.graph);
	release(&net);
	return n;
}
