/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "base/utf8.h"
#include "export/dot_facts.h"
#include "export/dot_graph.h"
#include "export/dot_legend.h"
#include "export/dot_mounts.h"
#include "export/dot_net.h"
#include "export/dot_style.h"
#include "export/export.h"
#include "export/label.h"
#include "view/pair_plan.h"
#include "view/pair_words.h"
#include "view/partial.h"

#include <stdlib.h>
#include <string.h>

/* The cluster of a hierarchy. */
struct cluster {
	const char *outside; /* the names of the nodes without a namespace (node_heading) */
	const char *unknown;
	struct dot_setting settings[5];
};

/* In a cluster `labeljust` follows the direction of the ranks, in the graph it does not. */
static const struct cluster clusters[PAIR_PARTS] = {
        [PAIR_PID] = {"outside-pid", "unknown-pid",
                {DOT_TEXT(DOT_LABELJUST, "r"), DOT_TEXT(DOT_STYLE, "filled"),
                        DOT_PAINT(DOT_FILLCOLOR, PALETTE_PID_PANEL),
                        DOT_PAINT(DOT_COLOR, PALETTE_PID_LINE)}},
        [PAIR_USER] = {"outside-user", "unknown-user",
                {DOT_TEXT(DOT_LABELJUST, "r"), DOT_TEXT(DOT_STYLE, "filled"),
                        DOT_PAINT(DOT_FILLCOLOR, PALETTE_USER_PANEL),
                        DOT_PAINT(DOT_COLOR, PALETTE_USER_LINE)}},
};

/* The clusters in the order of the file, which is mostly that from top to bottom. */
static const char *const cluster_names[] = {"cluster_legend", "cluster_user", "cluster_pid"};

/* --- the graph ------------------------------------------------------------------------------- */

struct dot {
	const struct export_request *request;
	struct dot_graph graph;
	Agraph_t *legend;
	Agraph_t *parts[PAIR_PARTS];
	Agraph_t *roots; /* the roots of both hierarchies, in one rank */
	struct label label;
	struct text text;
	struct pair_plan plan;
	Agnode_t **made[PAIR_PARTS]; /* the Graphviz node of each node */
	bool *has_line;              /* for each PID namespace: an edge to its owner is drawn */
	unsigned signs;              /* DOT_SIGN_*: what is drawn */
};

/* If neither an edge nor the legend shows which user namespace owns a PID namespace, its label
 * does. */
static size_t count_lines(struct dot *dot, enum pair_part part, size_t index)
{
	const struct node *node = &dot->plan.trees[part].hierarchy.nodes[index];
	const struct ns *owner = node->ns->owner.ns;

	if (node->ns->type == NS_USER)
		return label_count_lines(node);
	if (part == PAIR_USER || dot->has_line[index])
		return LABEL_OWNER;
	if (!dot->plan.has_part[PAIR_USER])
		return label_count_lines(node);
	if (!owner || owner->parent.state != REL_INITIAL)
		return label_count_lines(node);
	if (!node->n_alike)
		dot->signs |= DOT_SIGN_BY_INITIAL;
	return LABEL_OWNER;
}

static void set_label(struct dot *dot, Agnode_t *made, const struct node *node, size_t lines)
{
	FILE *out = text_restart(&dot->text);

	for (size_t line = 0; line < lines; line++) {
		if (line > 0)
			fputc('\n', out);
		label_write(out, &dot->label, node, (enum label_line)line);
	}
	dot_graph_set_text(&dot->graph, made, DOT_LABEL, &dot->text, DOT_QUOTE_CENTRED);
}

/* The name of the node of the owner as it is drawn: it may be in a group. NULL if it is not drawn
 * yet, or not at all. */
static const char *owner_name(const struct dot *dot, const struct ns *ns)
{
	if (ns->type == NS_USER || !ns->owner.ns)
		return NULL;
	const size_t i = pair_plan_find(&dot->plan.trees[PAIR_USER], ns->owner.ns->tag);
	Agnode_t *drawn = i != NODE_NO_PARENT ? dot->made[PAIR_USER][i] : NULL;

	return drawn ? agnameof(drawn) : NULL;
}

static void set_looks(struct dot *dot, Agnode_t *made, const struct node *node)
{
	const enum nstype type = node->ns->type;
	const bool is_owned = type != NS_USER && type != NS_PID;
	const struct {
		bool is_so;
		unsigned sign;
		const struct dot_setting *settings;
	} looks[] = {
	        {type == NS_USER, DOT_SIGN_USER, NULL},
	        {type == NS_PID, DOT_SIGN_PID, dot_style_pid},
	        {is_owned, DOT_SIGN_OWNED, dot_style_owned},
	        {node->is_above, DOT_SIGN_ABOVE,
	                type == NS_PID ? dot_style_above_pid : dot_style_above},
	        {node->n_alike > 0, DOT_SIGN_GROUP, dot_style_group},
	        {node->parent == NODE_NO_PARENT, DOT_SIGN_ROOT, dot_style_root},
	};

	for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
		if (!looks[i].is_so)
			continue;
		dot->signs |= looks[i].sign;
		if (looks[i].settings)
			dot_graph_apply(&dot->graph, made, looks[i].settings);
	}
}

static Agnode_t *add_ns(struct dot *dot, enum pair_part part, size_t index)
{
	const struct node *node = &dot->plan.trees[part].hierarchy.nodes[index];
	FILE *out = text_restart(&dot->text);

	label_write_id(out, &dot->label, node, true);
	Agnode_t *made = dot_graph_node(dot->parts[part], text_get(&dot->text));

	dot->made[part][index] = made;
	set_label(dot, made, node, count_lines(dot, part, index));
	dot_facts_set(&dot->graph, made, &dot->label, node, owner_name(dot, node->ns), &dot->text);
	set_looks(dot, made, node);
	return made;
}

/* --- owned namespaces ------------------------------------------------------------------------ */

/* True if two nodes are owned by one user namespace, or by unknown ones, and are of one type. */
static bool is_in_one_folder(const struct node *a, const struct node *b)
{
	return a->is_owned && b->is_owned && a->parent == b->parent && a->ns->type == b->ns->type;
}

/* A folder for owned namespaces, if `first` is the first of several. */
static Agnode_t *add_folder(struct dot *dot, const struct hierarchy *hierarchy, size_t first)
{
	const struct node *nodes = hierarchy->nodes;
	size_t end = first + 1, members = 0;

	if (first > 0 && is_in_one_folder(&nodes[first - 1], &nodes[first]))
		return NULL;
	while (end < hierarchy->n && is_in_one_folder(&nodes[first], &nodes[end]))
		end++;
	if (end - first < 2)
		return NULL;
	for (size_t i = first; i < end; i++)
		members += nodes[i].n_alike ? nodes[i].n_alike : 1;
	const char *const type = nstype_name(nodes[first].ns->type);
	fprintf(text_restart(&dot->text), "%s-%s",
	        agnameof(dot->made[PAIR_USER][nodes[first].parent]), type);
	Agnode_t *folder = dot_graph_node(dot->parts[PAIR_USER], text_get(&dot->text));

	dot_graph_apply(&dot->graph, folder, dot_style_folder);
	dot->signs |= DOT_SIGN_FOLDER;
	fprintf(text_restart(&dot->text), "%zu%s %s namespaces", members,
	        partial_plus(dot->request->model, nodes[nodes[first].parent].ns), type);
	dot_graph_set(&dot->graph, folder, DOT_LABEL, text_get(&dot->text));
	dot_graph_set_number(&dot->graph, folder, DOT_MEMBERS, members);
	fprintf(text_restart(&dot->text), "folder %s", type);
	dot_graph_set(&dot->graph, folder, DOT_CLASS, text_get(&dot->text));
	return folder;
}

/* The owned namespaces of a node in one note, a line for each type. */
static void add_note(struct dot *dot, const struct node *node, Agnode_t *owner, const char *id)
{
	const struct pair_words words = {
	        .model = dot->request->model, .names = dot->request->names};
	const size_t n = pair_words_count_owned(node);

	if (n == 0)
		return;
	_cleanup_free_ char *name = memory_printf("%s-owned", id);
	Agnode_t *note = dot_graph_node(dot->parts[PAIR_USER], name);

	FILE *out = text_restart(&dot->text);
	for (size_t i = 0; i < n; i++) {
		pair_words_owned(out, &words, node, i);
		fputc('\n', out);
	}
	dot_graph_set_text(&dot->graph, note, DOT_LABEL, &dot->text, DOT_QUOTE_LEFT);
	dot_graph_set_number(&dot->graph, note, DOT_MEMBERS, node->n_details);
	dot_graph_apply(&dot->graph, note, dot_style_note);
	dot_graph_set(&dot->graph, note, DOT_CLASS, "owned");
	dot_graph_apply(
	        &dot->graph, dot_graph_edge(&dot->graph, note, owner), dot_style_details_edge);
	dot->signs |= DOT_SIGN_NOTE;
}

/* --- both hierarchies ------------------------------------------------------------------------ */

/* The line over namespaces of which the parent is not there. */
static Agnode_t *add_heading(struct dot *dot, enum pair_part part, const struct node *node)
{
	const struct cluster *cluster = &clusters[part];
	Agnode_t *made = dot_graph_node(
	        dot->parts[part], node->is_unknown ? cluster->unknown : cluster->outside);

	dot_graph_set(&dot->graph, made, DOT_LABEL, node_heading(node));
	dot_graph_set(&dot->graph, made, DOT_CLASS, "outside");
	dot_graph_apply(&dot->graph, made, dot_style_outside);
	dot->signs |= DOT_SIGN_OUTSIDE;
	return made;
}

static void add_owned_edge(struct dot *dot, Agedge_t *edge, const struct node *node)
{
	dot_graph_apply(&dot->graph, edge, dot_style_owned_edge);
	if (node->ns->type == NS_PID)
		dot->signs |= DOT_SIGN_OWNED_PID;
}

/* The edge of a node to its parent or owner, or to the folder of that. */
static void add_edge(struct dot *dot, const struct node *node, const struct node *parent,
        Agnode_t *made, Agnode_t *head, Agnode_t *folder)
{
	Agedge_t *edge = dot_graph_edge(&dot->graph, made, folder ? folder : head);

	if (folder)
		dot_graph_apply(&dot->graph, edge, dot_style_details_edge);
	else if (!parent->ns)
		dot_graph_apply(&dot->graph, edge, dot_style_outside_edge);
	else if (node->ns->type != parent->ns->type)
		add_owned_edge(dot, edge, node);
	else
		dot->signs |= DOT_SIGN_EDGE;
}

static void add_cluster(struct dot *dot, enum pair_part part)
{
	const struct hierarchy *hierarchy = &dot->plan.trees[part].hierarchy;
	const struct node *nodes = hierarchy->nodes;
	Agnode_t **made = memory_new((hierarchy->n + 1) * sizeof(*made));
	_cleanup_free_ Agnode_t **folders = memory_new((hierarchy->n + 1) * sizeof(*folders));

	dot->made[part] = made;
	dot_graph_set(&dot->graph, dot->parts[part], DOT_LABEL,
	        pair_words_heading(dot->plan.kinds[part]));
	dot_graph_apply(&dot->graph, dot->parts[part], clusters[part].settings);
	for (size_t i = 0; i < hierarchy->n; i++) {
		made[i] = nodes[i].ns ? add_ns(dot, part, i) : add_heading(dot, part, &nodes[i]);
		if (nodes[i].n_details)
			add_note(dot, &nodes[i], made[i], agnameof(made[i]));
		if (nodes[i].is_owned)
			folders[i] = add_folder(dot, hierarchy, i);
		if (nodes[i].parent == NODE_NO_PARENT)
			agsubnode(dot->roots, made[i], 1);
	}
	for (size_t i = 0; i < hierarchy->n; i++) {
		Agnode_t *parent = nodes[i].parent == NODE_NO_PARENT ? NULL : made[nodes[i].parent];

		if (folders[i])
			dot_graph_apply(&dot->graph,
			        dot_graph_edge(&dot->graph, folders[i], parent),
			        dot_style_details_edge);
		else if (i > 0 && is_in_one_folder(&nodes[i - 1], &nodes[i]))
			folders[i] = folders[i - 1];
		if (parent)
			add_edge(dot, &nodes[i], &nodes[nodes[i].parent], made[i], parent,
			        folders[i]);
	}
}

static void add_owner_edges(struct dot *dot)
{
	const struct pair_plan *plan = &dot->plan;

	for (size_t i = 0; i < plan->n_drawn; i++) {
		const struct pair_line *line = &plan->lines[i];
		Agedge_t *edge = dot_graph_edge(&dot->graph, dot->made[PAIR_PID][line->pid],
		        dot->made[PAIR_USER][line->user]);

		dot_graph_apply(&dot->graph, edge, dot_style_owner_edge);
		if (line->n > 1) {
			const struct node *pid = &plan->trees[PAIR_PID].hierarchy.nodes[line->pid];

			dot_graph_set_number(&dot->graph, edge, DOT_MEMBERS, line->n);
			fprintf(text_restart(&dot->text), "%zu%s", line->n,
			        partial_plus(dot->request->model, pid->ns));
			dot_graph_set(&dot->graph, edge, DOT_TAILLABEL, text_get(&dot->text));
			dot_graph_apply(&dot->graph, edge, dot_style_edge_label);
		}
		dot->signs |= DOT_SIGN_OWNER;
	}
}

static void add_title(struct dot *dot)
{
	const struct export_request *request = dot->request;
	FILE *out = text_restart(&dot->text);

	label_write_title(out, &dot->label);
	fputc('\n', out);
	label_write_subtitle(out, &dot->label, &request->view);
	fputc('\n', out);
	if (request->filter) {
		label_write_filter(out, &dot->label, request->filter, &dot->plan.count);
		fputc('\n', out);
	}
	label_write_reasons(out, &dot->label);
	dot_graph_set_text(&dot->graph, dot->graph.graph, DOT_LABEL, &dot->text, DOT_QUOTE_LEFT);
}

static void build_plan(struct dot *dot)
{
	const struct export_request *request = dot->request;

	pair_plan_build(&dot->plan,
	        &(struct pair_options){
	                .model = request->model,
	                .view =
	                        {
	                                .kind = request->view.kind,
	                                .with_details = request->view.with_details,
	                                .with_all_details = request->view.with_all_details,
	                                .is_collapsed = request->view.is_collapsed,
	                                .is_single = request->view.is_single,
	                        },
	                .filter = request->filter,
	                .names = request->names,
	        });
	dot->has_line = memory_new((dot->plan.trees[PAIR_PID].hierarchy.n + 1) * sizeof(bool));
	for (size_t i = 0; i < dot->plan.n_drawn; i++)
		dot->has_line[dot->plan.lines[i].pid] = true;
}

/* Adds the subgraphs. Names that are allocated in a row are mostly in that order in memory
 * (dot_graph_write). Subgraphs without a name are written first. */
static void add_parts(struct dot *dot)
{
	static const struct dot_setting rank[] = {DOT_TEXT(DOT_RANK, "max"), {0}};
	const struct pair_plan *plan = &dot->plan;

	if (plan->trees[PAIR_PID].hierarchy.n + plan->trees[PAIR_USER].hierarchy.n > 0)
		dot->legend = dot_graph_part(&dot->graph, "cluster_legend");
	if (plan->has_part[PAIR_USER])
		dot->parts[PAIR_USER] = dot_graph_part(&dot->graph, "cluster_user");
	if (plan->has_part[PAIR_PID])
		dot->parts[PAIR_PID] = dot_graph_part(&dot->graph, "cluster_pid");
	dot->roots = dot_graph_part(&dot->graph, NULL);
	dot_graph_apply(&dot->graph, dot->roots, rank);
}

static void build(struct dot *dot, const struct export_request *request)
{
	*dot = (struct dot){.request = request};
	dot_graph_open(&dot->graph, request->theme);
	label_init(&dot->label, request->model, request->names);
	text_init(&dot->text);
	dot_style_set_defaults(&dot->graph);
	build_plan(dot);
	add_parts(dot);
	if (dot->plan.has_part[PAIR_USER])
		add_cluster(dot, PAIR_USER);
	if (dot->plan.has_part[PAIR_PID])
		add_cluster(dot, PAIR_PID);
	add_owner_edges(dot);
	if (*partial_plus(request->model, NULL))
		dot->signs |= DOT_SIGN_PLUS;
	if (dot->legend)
		dot_legend_add(&dot->graph, dot->legend, dot->signs,
		        pair_words_other(dot->plan.kinds[PAIR_USER]), dot->roots);
	add_title(dot);
}

static void release(struct dot *dot)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		free(dot->made[part]);
	free(dot->has_line);
	pair_plan_release(&dot->plan);
	text_release(&dot->text);
	label_release(&dot->label);
	dot_graph_close(&dot->graph);
}

static int write_hierarchies(FILE *out, const struct export_request *request)
{
	struct dot dot;

	build(&dot, request);
	const int r = dot_graph_write(out, &dot.graph, cluster_names, ARRAY_SIZE(cluster_names));
	release(&dot);
	return r;
}

int export_dot(FILE *out, const struct export_request *request)
{
	struct utf8_locale locale;

	utf8_locale_begin(&locale);
	const int r = request->view.with_links            ? dot_net_write(out, request)
	              : request->view.kind == VIEW_MOUNTS ? dot_mounts_write(out, request)
	                                                  : write_hierarchies(out, request);
	utf8_locale_end(&locale);
	return r;
}

size_t export_dot_count(const struct export_request *request)
{
	struct dot dot;

	if (request->view.with_links)
		return dot_net_count(request);
	if (request->view.kind == VIEW_MOUNTS)
		return dot_mounts_count(request);
	build(&dot, request);
	const size_t n = (size_t)agnnodes(dot.graph.graph);
	release(&dot);
	return n;
}
