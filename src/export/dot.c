/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "export/dot_graph.h"
#include "export/dot_legend.h"
#include "export/dot_style.h"
#include "export/export.h"
#include "export/label.h"
#include "view/pair_plan.h"
#include "view/pair_words.h"
#include "view/partial.h"

#include <inttypes.h>
#include <stdlib.h>

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

enum { LEGEND = PAIR_PARTS, CLUSTERS };

static const char *const cluster_names[CLUSTERS] = {
        [PAIR_PID] = "cluster_pid", [PAIR_USER] = "cluster_user", [LEGEND] = "cluster_legend"};

/* From top to bottom: flat edges lead upward, so owners stand above. */
static const char *const cluster_order[CLUSTERS] = {
        "cluster_legend", "cluster_user", "cluster_pid"};

/* --- the graph ------------------------------------------------------------------------------- */

struct dot {
	const struct export_request *request;
	struct dot_graph graph;
	Agraph_t *parts[CLUSTERS];
	Agraph_t *roots; /* the roots of both hierarchies, in one rank */
	struct label label;
	struct text raw;    /* a text before it is quoted; */
	struct text quoted; /* and after */
	struct text name;
	struct pair_plan plan;
	Agnode_t **made[PAIR_PARTS]; /* the Graphviz node of each node */
	bool *has_line;              /* for each PID namespace: an edge to its owner is drawn */
	unsigned signs;              /* DOT_SIGN_*: what is drawn */
};

/* A line break in a label, centred and aligned to the left, in the syntax of DOT. */
#define LINE_BREAK "\\n"
#define LINE_LEFT  "\\l"

/* Appends dot->raw to dot->quoted. */
static void quote_raw(struct dot *dot, bool is_tooltip)
{
	text_get(&dot->raw);
	dot_graph_quote(dot->quoted.out, &dot->raw, is_tooltip);
}

/* Adds a line to dot->quoted. */
static void append_line(struct dot *dot)
{
	quote_raw(dot, false);
	fputs(LINE_LEFT, dot->quoted.out);
}

static void set_from(struct dot *dot, void *object, enum dot_attribute name, struct text *scratch)
{
	dot_graph_set(&dot->graph, object, name, text_get(scratch));
}

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
	FILE *quoted = text_restart(&dot->quoted);

	for (size_t line = 0; line < lines; line++) {
		if (line > 0)
			fputs(LINE_BREAK, quoted);
		label_write(text_restart(&dot->raw), &dot->label, node, (enum label_line)line);
		quote_raw(dot, false);
	}
	set_from(dot, made, DOT_LABEL, &dot->quoted);
}

static void set_number(struct dot *dot, void *object, enum dot_attribute name, uintmax_t number)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%ju", number);
	dot_graph_set(&dot->graph, object, name, digits);
}

/* The node of the user namespace that owns it; of one that is not in the picture what its node
 * would be. */
static void set_owner(struct dot *dot, Agnode_t *made, const struct node *node)
{
	const struct pair_tree *users = &dot->plan.trees[PAIR_USER];
	const struct ns *owner = node->ns->owner.ns;
	const size_t i = owner ? pair_plan_find(users, owner->tag) : NODE_NO_PARENT;
	const struct node alone = {.ns = owner};

	if (!owner || (i == NODE_NO_PARENT && node->n_alike))
		return;
	label_write_id(text_restart(&dot->name), &dot->label,
	        i == NODE_NO_PARENT ? &alone : &users->hierarchy.nodes[i], true);
	set_from(dot, made, DOT_OWNER, &dot->name);
}

/* The facts for programs. An attribute of which the value is not known is left out. */
static void set_facts(struct dot *dot, Agnode_t *made, const struct node *node)
{
	const struct ns *ns = node->ns;
	const char *const type = nstype_name(ns->type);
	size_t processes = node->n_alike ? 0 : ns->n_processes;
	char class[32];

	for (size_t i = 0; i < node->n_alike; i++)
		processes += node->alike[i]->n_processes;
	snprintf(class, sizeof(class), "ns %s%s", type, node->n_alike ? " group" : "");
	dot_graph_set(&dot->graph, made, DOT_CLASS, class);
	dot_graph_set(&dot->graph, made, DOT_TYPE, type);
	if (node->n_alike)
		set_number(dot, made, DOT_MEMBERS, node->n_alike);
	else
		set_number(dot, made, DOT_INODE, ns->inode);
	if (!node->n_alike && ns->id)
		set_number(dot, made, DOT_NS_ID, ns->id);
	fprintf(text_restart(&dot->name), "%zu%s", processes,
	        partial_plus(dot->request->model, ns));
	set_from(dot, made, DOT_PROCESSES, &dot->name);
	if (ns->type != NS_USER)
		set_owner(dot, made, node);
	else if (ns->owner_uid_state == REL_KNOWN)
		set_number(dot, made, DOT_OWNER_UID, ns->owner_uid);
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

	label_write_id(text_restart(&dot->name), &dot->label, node, true);
	Agnode_t *made = dot_graph_node(dot->parts[part], text_get(&dot->name));

	set_label(dot, made, node, count_lines(dot, part, index));
	text_restart(&dot->quoted);
	label_write_tooltip(text_restart(&dot->raw), &dot->label, node);
	quote_raw(dot, true);
	set_from(dot, made, DOT_TOOLTIP, &dot->quoted);
	label_write_id(text_restart(&dot->name), &dot->label, node, false);
	set_from(dot, made, DOT_ID, &dot->name);
	set_facts(dot, made, node);
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
	const struct node *nodes = hierarchy->nodes, *owner;
	size_t end = first + 1, members = 0;

	if (first > 0 && is_in_one_folder(&nodes[first - 1], &nodes[first]))
		return NULL;
	while (end < hierarchy->n && is_in_one_folder(&nodes[first], &nodes[end]))
		end++;
	if (end - first < 2)
		return NULL;
	for (size_t i = first; i < end; i++)
		members += nodes[i].n_alike ? nodes[i].n_alike : 1;
	FILE *name = text_restart(&dot->name);
	owner = &nodes[nodes[first].parent];
	if (owner->ns)
		label_write_id(name, &dot->label, owner, true);
	else
		fputs("unknown", name);
	const char *const type = nstype_name(nodes[first].ns->type);
	fprintf(name, "-%s", type);
	Agnode_t *folder = dot_graph_node(dot->parts[PAIR_USER], text_get(&dot->name));

	dot_graph_apply(&dot->graph, folder, dot_style_folder);
	fprintf(text_restart(&dot->name), "%zu%s %s namespaces", members,
	        partial_plus(dot->request->model, owner->ns), type);
	set_from(dot, folder, DOT_LABEL, &dot->name);
	set_number(dot, folder, DOT_MEMBERS, members);
	fprintf(text_restart(&dot->name), "folder %s", type);
	set_from(dot, folder, DOT_CLASS, &dot->name);
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

	text_restart(&dot->quoted);
	for (size_t i = 0; i < n; i++) {
		pair_words_owned(text_restart(&dot->raw), &words, node, i);
		append_line(dot);
	}
	set_from(dot, note, DOT_LABEL, &dot->quoted);
	set_number(dot, note, DOT_MEMBERS, node->n_details);
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
		dot_graph_apply(&dot->graph, edge, dot_style_owned_edge);
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
		if (line->n > 1)
			set_number(dot, edge, DOT_LABEL, line->n);
		dot->signs |= DOT_SIGN_OWNER;
	}
}

static void append_reason(void *data, const char *line)
{
	struct dot *const dot = data;

	fputs(line, text_restart(&dot->raw));
	append_line(dot);
}

static void add_title(struct dot *dot)
{
	text_restart(&dot->quoted);
	label_write_title(text_restart(&dot->raw), &dot->label);
	append_line(dot);
	label_write_subtitle(text_restart(&dot->raw), &dot->label, &dot->request->view);
	append_line(dot);
	if (dot->request->filter) {
		label_write_filter(text_restart(&dot->raw), &dot->label, dot->request->filter,
		        &dot->plan.count);
		append_line(dot);
	}
	partial_lines(dot->request->model,
	        partial_reasons_of_file(dot->request->model, dot->request->names), append_reason,
	        dot);
	set_from(dot, dot->graph.graph, DOT_LABEL, &dot->quoted);
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

static void build(struct dot *dot, const struct export_request *request)
{
	static const struct dot_setting label[] = {DOT_TEXT(DOT_LABEL, ""), {0}};
	static const struct dot_setting rank[] = {DOT_TEXT(DOT_RANK, "max"), {0}};

	*dot = (struct dot){.request = request};
	dot_graph_open(&dot->graph, request->theme);
	label_init(&dot->label, request->model, request->names);
	text_init(&dot->raw);
	text_init(&dot->quoted);
	text_init(&dot->name);
	dot_graph_default(&dot->graph, dot->graph.graph, AGRAPH, label);
	dot_graph_default(&dot->graph, dot->graph.graph, AGRAPH, dot_style_graph);
	dot_graph_default(&dot->graph, dot->graph.graph, AGNODE, dot_style_nodes);
	dot_graph_default(&dot->graph, dot->graph.graph, AGEDGE, dot_style_edges);
	build_plan(dot);
	/* Names that are allocated in a row are mostly in that order in memory (dot_graph_write).
	 */
	for (size_t i = 0; i < PAIR_PARTS; i++)
		if (dot->plan.has_part[i])
			dot->parts[i] = dot_graph_part(&dot->graph, cluster_names[i]);
	/* Subgraphs without a name are written first. */
	dot->roots = dot_graph_part(&dot->graph, NULL);
	dot_graph_apply(&dot->graph, dot->roots, rank);
	if (dot->plan.has_part[PAIR_USER])
		add_cluster(dot, PAIR_USER);
	if (dot->plan.has_part[PAIR_PID])
		add_cluster(dot, PAIR_PID);
	add_owner_edges(dot);
	if (dot->signs && *partial_plus(request->model, NULL))
		dot->signs |= DOT_SIGN_PLUS;
	if (dot->signs)
		dot_legend_add(&dot->graph, cluster_names[LEGEND], dot->signs, dot->roots);
	add_title(dot);
}

static void release(struct dot *dot)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		free(dot->made[part]);
	free(dot->has_line);
	pair_plan_release(&dot->plan);
	text_release(&dot->name);
	text_release(&dot->quoted);
	text_release(&dot->raw);
	label_release(&dot->label);
	dot_graph_close(&dot->graph);
}

int export_dot(FILE *out, const struct export_request *request)
{
	struct dot dot;

	build(&dot, request);
	const int r = dot_graph_write(out, &dot.graph, cluster_order, CLUSTERS);
	release(&dot);
	return r;
}

size_t export_dot_count(const struct export_request *request)
{
	struct dot dot;

	build(&dot, request);
	const size_t n = (size_t)agnnodes(dot.graph.graph);
	release(&dot);
	return n;
}
