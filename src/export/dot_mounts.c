/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_mounts.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/u64.h"
#include "export/dot_facts.h"
#include "export/dot_graph.h"
#include "export/dot_style.h"
#include "export/label.h"
#include "view/mount_lines.h"
#include "view/mount_words.h"
#include "view/partial.h"

#include <stdlib.h>

static const struct dot_setting covered_node[] = {DOT_TEXT(DOT_CLASS, "mount covered"),
        DOT_TEXT(DOT_STYLE, "filled,dashed"), DOT_PAINT(DOT_FILLCOLOR, PALETTE_GROUND), {0}};
static const struct dot_setting above_mount[] = {DOT_TEXT(DOT_STYLE, "filled,dotted"),
        DOT_PAINT(DOT_FILLCOLOR, PALETTE_GROUND), DOT_PAINT(DOT_COLOR, PALETTE_ABOVE),
        DOT_PAINT(DOT_FONTCOLOR, PALETTE_ABOVE), {0}};

struct dot_mounts {
	const struct export_request *request;
	struct hierarchy hierarchy;
	struct filter_count count; /* with a filter */
	struct dot_graph graph;
	struct label label;
	struct text text;
	struct text scratch;
	struct u64_map ids; /* of mounts: a snapshot may have one twice */
	Agnode_t **made;    /* of each node */
};

/* Text of any length, which `write` writes, up to `most` characters. */
static void write_cut(struct dot_mounts *dot, FILE *out, size_t most,
        void (*write)(FILE *out, const struct mount_entry *entry), const struct mount_entry *entry)
{
	write(text_restart(&dot->scratch), entry);
	const char *const text = text_get(&dot->scratch);
	escape_write_cut(out, text, dot->scratch.len, most, "…");
}

/* `/srv`, `ext4 8:17`, `shared 5, in 3 other mount namespaces`. */
static void write_label(struct dot_mounts *dot, FILE *out, const struct node *node)
{
	write_cut(dot, out, LABEL_MAX, mount_words_path, node->mount);
	fputc('\n', out);
	write_cut(dot, out, LABEL_MAX, mount_words_type, node->mount);
	fputc(' ', out);
	mount_words_device(out, node->mount);
	fputc('\n', out);
	mount_words_propagation(out, node->mount);
	if (node->n_peers)
		fprintf(out, ", in %u%s other mount namespace%s", node->n_peers,
		        partial_plus(dot->request->model, NULL), node->n_peers == 1 ? "" : "s");
	fputs(node->mount->is_covered ? "\ncovered" : "", out);
}

static Agnode_t *add_mount(struct dot_mounts *dot, const struct node *node)
{
	FILE *out = text_restart(&dot->text);
	bool is_new;

	u64_map_add(&dot->ids, node->mount->id, &is_new);
	fprintf(out, "mount-%u", node->mount->id);
	if (!is_new)
		fprintf(out, "-%zu", (size_t)(node - dot->hierarchy.nodes));
	Agnode_t *const made = dot_graph_node(dot->graph.graph, text_get(&dot->text));
	write_label(dot, text_restart(&dot->text), node);
	dot_graph_set_text(&dot->graph, made, DOT_LABEL, &dot->text, DOT_QUOTE_CENTRED);
	write_cut(dot, text_restart(&dot->text), TOOLTIP_MAX, mount_words_line, node->mount);
	dot_graph_set_text(&dot->graph, made, DOT_TOOLTIP, &dot->text, DOT_QUOTE_TOOLTIP);
	dot_graph_set(&dot->graph, made, DOT_CLASS, "mount");
	if (node->mount->is_covered)
		dot_graph_apply(&dot->graph, made, covered_node);
	if (node->is_above)
		dot_graph_apply(&dot->graph, made, above_mount);
	return made;
}

static Agnode_t *add_ns(struct dot_mounts *dot, const struct node *node)
{
	FILE *out = text_restart(&dot->text);

	label_write_id(out, &dot->label, node, true);
	Agnode_t *const made = dot_graph_node(dot->graph.graph, text_get(&dot->text));
	out = text_restart(&dot->text);
	label_write(out, &dot->label, node, LABEL_LEADER);
	fputc('\n', out);
	label_write(out, &dot->label, node, LABEL_NS);
	dot_graph_set_text(&dot->graph, made, DOT_LABEL, &dot->text, DOT_QUOTE_CENTRED);
	dot_facts_set(&dot->graph, made, &dot->label, node, NULL, &dot->text);
	dot_graph_apply(&dot->graph, made, dot_style_owned);
	return made;
}

static Agnode_t *add_heading(struct dot_mounts *dot, const struct node *node)
{
	Agnode_t *const made = dot_graph_node(dot->graph.graph, "unknown-mounts");

	mount_lines_write_heading(text_restart(&dot->text), &dot->request->model->host, node);
	dot_graph_set_text(&dot->graph, made, DOT_LABEL, &dot->text, DOT_QUOTE_CENTRED);
	dot_graph_set(&dot->graph, made, DOT_CLASS, "outside");
	dot_graph_apply(&dot->graph, made, dot_style_outside);
	return made;
}

static void add_nodes(struct dot_mounts *dot)
{
	const struct hierarchy *const hierarchy = &dot->hierarchy;

	dot->made = memory_new((hierarchy->n + 1) * sizeof(*dot->made));
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *const node = &hierarchy->nodes[i];

		dot->made[i] = node->mount ? add_mount(dot, node)
		               : node->ns  ? add_ns(dot, node)
		                           : add_heading(dot, node);
		if (node->parent != NODE_NO_PARENT)
			dot_graph_edge(&dot->graph, dot->made[i], dot->made[node->parent]);
	}
}

/* `Linux 6.18.44, 2026-11-23 15:04:00 UTC, 31 mounts`. */
static void add_title(struct dot_mounts *dot)
{
	const struct export_request *const request = dot->request;
	FILE *out = text_restart(&dot->text);
	size_t n = 0;

	for (size_t i = 0; i < dot->hierarchy.n; i++)
		n += dot->hierarchy.nodes[i].mount != NULL;
	label_write_title(out, &dot->label);
	fputc('\n', out);
	label_write_taken(out, &dot->label);
	fprintf(out, "%zu mount%s\n", n, n == 1 ? "" : "s");
	if (request->filter) {
		label_write_filter(out, &dot->label, request->filter, &dot->count);
		fputc('\n', out);
	}
	label_write_reasons(out, &dot->label);
	dot_graph_set_text(&dot->graph, dot->graph.graph, DOT_LABEL, &dot->text, DOT_QUOTE_LEFT);
}

static void build(struct dot_mounts *dot, const struct export_request *request)
{
	*dot = (struct dot_mounts){.request = request};
	hierarchy_build(&dot->hierarchy, request->model, NULL, &request->view);
	if (request->filter)
		dot->count = filter_drop(
		        request->filter, &dot->hierarchy, request->model, request->names);
	dot_graph_open(&dot->graph, request->theme);
	label_init(&dot->label, request->model, request->names);
	text_init(&dot->text);
	text_init(&dot->scratch);
	dot_style_set_defaults(&dot->graph);
	add_nodes(dot);
	add_title(dot);
}

static void release(struct dot_mounts *dot)
{
	free(dot->made);
	u64_map_release(&dot->ids);
	hierarchy_release(&dot->hierarchy);
	text_release(&dot->text);
	text_release(&dot->scratch);
	label_release(&dot->label);
	dot_graph_close(&dot->graph);
}

int dot_mounts_write(FILE *out, const struct export_request *request)
{
	struct dot_mounts dot;

	build(&dot, request);
	const int r = dot_graph_write(out, &dot.graph, NULL, 0);
	release(&dot);
	return r;
}

size_t dot_mounts_count(const struct export_request *request)
{
	struct dot_mounts dot;

	build(&dot, request);
	const size_t n = (size_t)agnnodes(dot.graph.graph);
	release(&dot);
	return n;
}
