/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "export/export.h"
#include "export/ids.h"
#include "export/label.h"
#include "view/words.h"

#include <cgraph.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct dot {
	const struct export_request *request;
	Agraph_t *graph;
	Agraph_t *roots; /* of both hierarchies: all in one rank */
	struct ids ids;
	struct label label;
	struct scratch raw;    /* a text before it is quoted, */
	struct scratch quoted; /* and behind */
	struct scratch name;
};

/* One attribute; lists of them end with an empty one. */
struct attribute {
	const char *name;
	const char *value;
};

static const struct attribute graph_attributes[] = {
        {"charset", "UTF-8"},
        {"rankdir", "LR"},
        {"newrank", "true"},
        {"nodesep", "0.12"},
        {"ranksep", "0.6"},
        {"bgcolor", "#ffffff"},
        {"fontname", "Helvetica,Arial,sans-serif"},
        {"fontsize", "12"},
        {"fontcolor", "#1b1f24"},
        {"labelloc", "t"},
        {"labeljust", "l"},
        {0},
};

/* What a user namespace looks like; the others differ. */
static const struct attribute node_attributes[] = {
        {"shape", "box"},
        {"style", "filled"},
        {"fillcolor", "#d6e8fa"},
        {"color", "#2f6fae"},
        {"fontname", "Helvetica,Arial,sans-serif"},
        {"fontsize", "10"},
        {"height", "0.3"},
        {"margin", "0.10,0.04"},
        {0},
};

static const struct attribute edge_attributes[] = {
        {"dir", "back"},
        {"arrowsize", "0.6"},
        {"color", "#57606a"},
        {0},
};

static const struct attribute pid_attributes[] = {
        {"style", "rounded,filled"},
        {"fillcolor", "#d7f0de"},
        {"color", "#2e7d4f"},
        {0},
};

static const struct attribute owned_attributes[] = {
        {"fillcolor", "#fff4dc"},
        {"color", "#8a5a00"},
        {0},
};

static const struct attribute folder_attributes[] = {
        {"shape", "folder"},
        {"fillcolor", "#fff4dc"},
        {"color", "#8a5a00"},
        {0},
};

static const struct attribute outside_attributes[] = {
        {"style", "dashed"},
        {"color", "#57606a"},
        {"class", "outside"},
        {0},
};

static const struct attribute owner_edge_attributes[] = {
        {"style", "dashed"},
        {"constraint", "false"},
        {"dir", "forward"},
        {"color", "#8a5a00"},
        {0},
};

static const struct attribute owns_edge_attributes[] = {
        {"dir", "none"},
        {"color", "#8a5a00"},
        {0},
};

/* A cluster: one hierarchy. */
struct cluster {
	const char *name;
	const char *outside; /* the node over several tops */
	struct attribute attributes[5];
	enum view_kind kind;
};

static const struct cluster clusters[] = {
        {
                "cluster_pid",
                "outside-pid",
                {{"label", "PID namespaces"}, {"style", "filled"}, {"fillcolor", "#f3faf4"},
                        {"color", "#2e7d4f"}},
                VIEW_PID,
        },
        {
                "cluster_user",
                "outside-user",
                {{"label", "User namespaces"}, {"style", "filled"}, {"fillcolor", "#f2f7fd"},
                        {"color", "#2f6fae"}},
                VIEW_USER,
        },
};

/* libcgraph up to 2.50 takes `char *` for what it only reads. */
static char *gv_str(const char *s)
{
	union {
		const char *given;
		char *wanted;
	} string = {.given = s};

	return string.wanted;
}

static void set(void *object, const char *name, const char *value)
{
	agsafeset(object, gv_str(name), gv_str(value), gv_str(""));
}

static void set_all(void *object, const struct attribute *attributes)
{
	for (; attributes->name; attributes++)
		set(object, attributes->name, attributes->value);
}

static void set_defaults(Agraph_t *graph, int kind, const struct attribute *attributes)
{
	for (; attributes->name; attributes++)
		agattr(graph, kind, gv_str(attributes->name), gv_str(attributes->value));
}

/* Graphviz reads backslashes and entities in strings that are its own by the grammar of DOT: a
 * tooltip it even expands twice. Everything else agwrite quotes. */
static void write_quoted(FILE *out, const char *text, size_t len, const char *backslash)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\\' && text[i] != '&')
			continue;
		fwrite(text + from, 1, i - from, out);
		fputs(text[i] == '&' ? "&amp;" : backslash, out);
		from = i + 1;
	}
	fwrite(text + from, 1, len - from, out);
}

static void append_raw(struct dot *dot, FILE *quoted, const char *backslash)
{
	scratch_end(&dot->raw);
	write_quoted(quoted, dot->raw.text, dot->raw.len, backslash);
}

static void set_from(void *object, const char *name, struct scratch *scratch)
{
	scratch_end(scratch);
	set(object, name, scratch->text);
}

/* The break between two lines, and the end of one that stands to the left, as DOT writes them. */
#define LINE_BREAK "\\n"
#define LINE_LEFT  "\\l"

/* The first `lines` lines of its label. */
static void set_label(struct dot *dot, Agnode_t *node, const struct ns *ns, int lines)
{
	FILE *quoted = scratch_begin(&dot->quoted);

	for (int line = 0; line < lines; line++) {
		if (line > 0)
			fputs(LINE_BREAK, quoted);
		label_write(scratch_begin(&dot->raw), &dot->label, ns, (enum label_line)line);
		append_raw(dot, quoted, "\\\\");
	}
	set_from(node, "label", &dot->quoted);
}

static void set_tooltip(struct dot *dot, Agnode_t *node, const struct ns *ns)
{
	FILE *quoted = scratch_begin(&dot->quoted);

	label_write_tooltip(scratch_begin(&dot->raw), &dot->label, ns);
	append_raw(dot, quoted, "\\\\\\\\");
	set_from(node, "tooltip", &dot->quoted);
}

static void set_identity(struct dot *dot, Agnode_t *node, const struct ns *ns)
{
	ids_write(scratch_begin(&dot->name), &dot->ids, ns);
	set_from(node, "id", &dot->name);
	fprintf(scratch_begin(&dot->name), "ns %s", ns_type_name(ns->type));
	set_from(node, "class", &dot->name);
}

/* The node of a namespace: NULL if there is none yet, unless it is to be made. */
static Agnode_t *ns_node(struct dot *dot, Agraph_t *graph, const struct ns *ns, bool is_made)
{
	ids_write_typed(scratch_begin(&dot->name), &dot->ids, ns);
	scratch_end(&dot->name);
	return agnode(graph, dot->name.text, is_made);
}

/* All edges belong to the graph itself: in a cluster they would look the same and take libcgraph
 * half as much time again. Without a name each is one of its own. */
static Agedge_t *edge(struct dot *dot, Agnode_t *tail, Agnode_t *head)
{
	return agedge(dot->graph, tail, head, NULL, 1);
}

static Agnode_t *add_ns(struct dot *dot, Agraph_t *cluster, const struct node *node)
{
	const struct ns *ns = node->ns;
	Agnode_t *made = ns_node(dot, cluster, ns, true);

	/* In the box of a PID namespace the owner would only repeat its dashed edge. */
	set_label(dot, made, ns, ns->type == NS_USER ? LABEL_LINES : LABEL_OWNER);
	set_tooltip(dot, made, ns);
	set_identity(dot, made, ns);
	if (ns->type == NS_PID)
		set_all(made, pid_attributes);
	else if (ns->type != NS_USER)
		set_all(made, owned_attributes);
	if (node->parent == NODE_NO_PARENT)
		set(made, "penwidth", "2");
	return made;
}

/* A folder for `n` namespaces of a type, all owned by one user namespace. */
static Agnode_t *add_folder(
        struct dot *dot, Agraph_t *cluster, const struct ns *owner, enum ns_type type, size_t n)
{
	FILE *name = scratch_begin(&dot->name);

	ids_write_typed(name, &dot->ids, owner);
	fprintf(name, "-%s", ns_type_name(type));
	scratch_end(&dot->name);
	Agnode_t *folder = agnode(cluster, dot->name.text, 1);

	set_all(folder, folder_attributes);
	fprintf(scratch_begin(&dot->name), "%zu %s namespaces", n, ns_type_name(type));
	set_from(folder, "label", &dot->name);
	fprintf(scratch_begin(&dot->name), "folder %s", ns_type_name(type));
	set_from(folder, "class", &dot->name);
	return folder;
}

/* How many nodes from `first` on are owned by the same one and of the same type. */
static size_t count_alike(const struct hierarchy *hierarchy, size_t first)
{
	const struct node *nodes = hierarchy->nodes;
	size_t i = first + 1;

	while (i < hierarchy->n && nodes[i].is_owned && nodes[i].parent == nodes[first].parent &&
	        nodes[i].ns->type == nodes[first].ns->type)
		i++;
	return i - first;
}

/* The owned namespaces that begin at `first`, as far as they are of one type. Returns how many. */
static size_t add_owned(struct dot *dot, Agraph_t *cluster, const struct hierarchy *hierarchy,
        size_t first, Agnode_t *owner)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t n = count_alike(hierarchy, first);
	const enum ns_type type = nodes[first].ns->type;

	/* PID namespaces have a cluster, and edges to their owners, of their own. */
	if (type == NS_PID)
		return n;
	if (n > 1) {
		Agnode_t *folder = add_folder(dot, cluster, nodes[nodes[first].parent].ns, type, n);

		set_all(edge(dot, owner, folder), owns_edge_attributes);
		owner = folder;
	}
	for (size_t i = first; i < first + n; i++)
		set_all(edge(dot, owner, add_ns(dot, cluster, &nodes[i])), owns_edge_attributes);
	return n;
}

static Agnode_t *add_outside(Agraph_t *graph, const struct cluster *cluster)
{
	Agnode_t *outside = agnode(graph, gv_str(cluster->outside), 1);

	set(outside, "label", WORDS_OUTSIDE);
	set_all(outside, outside_attributes);
	return outside;
}

static void add_hierarchy(struct dot *dot, Agraph_t *graph, const struct cluster *cluster,
        const struct hierarchy *hierarchy)
{
	Agnode_t **made = memory_new(hierarchy->n * sizeof(*made));

	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];

		if (node->is_owned) {
			i += add_owned(dot, graph, hierarchy, i, made[node->parent]);
			continue;
		}
		made[i] = node->ns ? add_ns(dot, graph, node) : add_outside(graph, cluster);
		if (node->parent == NODE_NO_PARENT)
			agsubnode(dot->roots, made[i], 1);
		else
			edge(dot, made[node->parent], made[i]);
		i++;
	}
	free(made);
}

static void add_cluster(struct dot *dot, const struct cluster *cluster)
{
	const struct view_options options = {
	        .kind = cluster->kind, .with_details = dot->request->view.with_details};
	Agraph_t *graph = agsubg(dot->graph, gv_str(cluster->name), 1);
	struct hierarchy hierarchy;

	set_all(graph, cluster->attributes);
	hierarchy_build(&hierarchy, dot->request->model, NULL, &options);
	add_hierarchy(dot, graph, cluster, &hierarchy);
	hierarchy_release(&hierarchy);
}

static void add_owner_edges(struct dot *dot)
{
	const struct model *model = dot->request->model;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (ns->type != NS_PID || !ns->owner.ns)
			continue;
		Agnode_t *tail = ns_node(dot, dot->graph, ns, false);
		Agnode_t *head = ns_node(dot, dot->graph, ns->owner.ns, false);
		if (tail && head)
			set_all(edge(dot, tail, head), owner_edge_attributes);
	}
}

static void add_title(struct dot *dot)
{
	FILE *quoted = scratch_begin(&dot->quoted);

	label_write_title(scratch_begin(&dot->raw), &dot->label);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	label_write_subtitle(scratch_begin(&dot->raw), &dot->label);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	set_from(dot->graph, "label", &dot->quoted);
}

static void build(struct dot *dot)
{
	agattr(dot->graph, AGRAPH, gv_str("label"), gv_str(""));
	set_defaults(dot->graph, AGRAPH, graph_attributes);
	set_defaults(dot->graph, AGNODE, node_attributes);
	set_defaults(dot->graph, AGEDGE, edge_attributes);
	/* Without a name: those come first. */
	dot->roots = agsubg(dot->graph, NULL, 1);
	set(dot->roots, "rank", "same");
	for (size_t i = 0; i < ARRAY_SIZE(clusters); i++)
		add_cluster(dot, &clusters[i]);
	add_owner_edges(dot);
	add_title(dot);
}

/* libcgraph speaks on standard error, which may be a terminal that is drawn on. */
static int be_quiet(_unused_ char *message)
{
	return 0;
}

/* A piece of the text that agwrite made. */
struct block {
	const char *start; /* NULL: not found */
	const char *end;
};

/* The lines of a cluster: names hold no tab that could be taken for their start or end. */
static struct block find_block(const char *text, const char *name)
{
	char *start_line = memory_printf("\n\tsubgraph %s {\n", name);
	struct block block = {.start = strstr(text, start_line)};

	free(start_line);
	if (block.start)
		block.end = strstr(block.start, "\n\t}");
	if (!block.end)
		block.start = NULL;
	return block;
}

static void write_piece(FILE *out, const char *start, const char *end)
{
	fwrite(start, 1, (size_t)(end - start), out);
}

/* libcgraph 2.43 writes subgraphs in the order of where in memory their names lie, which differs
 * from run to run; the same model must give the same bytes. So two clusters in the wrong order
 * change places. (A nameless subgraph around each would help too, but `dot -Tcanon` then writes
 * their edges twice.) */
static void write_in_order(FILE *out, const struct scratch *text)
{
	const char *end = text->text + text->len;
	const struct block a = find_block(text->text, clusters[0].name);
	const struct block b = find_block(text->text, clusters[1].name);

	if (!a.start || !b.start || a.start < b.start) {
		write_piece(out, text->text, end);
		return;
	}
	write_piece(out, text->text, b.start);
	write_piece(out, a.start, a.end);
	write_piece(out, b.end, a.start);
	write_piece(out, b.start, b.end);
	write_piece(out, a.end, end);
}

static int write_graph(FILE *out, struct dot *dot)
{
	if (agwrite(dot->graph, scratch_begin(&dot->quoted)) != 0)
		return -EIO;
	scratch_end(&dot->quoted);
	errno = 0;
	write_in_order(out, &dot->quoted);
	if (fflush(out) != 0 || ferror(out))
		return errno > 0 ? -errno : -EIO;
	return 0;
}

int export_dot(FILE *out, const struct export_request *request)
{
	const agusererrf spoken = agseterrf(be_quiet);
	struct dot dot = {
	        .request = request, .graph = agopen(gv_str("namespaces"), Agdirected, NULL)};

	if (!dot.graph)
		memory_exhausted();
	ids_init(&dot.ids, request->model);
	label_init(&dot.label, request->model, request->names);
	scratch_init(&dot.raw);
	scratch_init(&dot.quoted);
	scratch_init(&dot.name);
	build(&dot);
	const int r = write_graph(out, &dot);

	scratch_release(&dot.name);
	scratch_release(&dot.quoted);
	scratch_release(&dot.raw);
	label_release(&dot.label);
	ids_release(&dot.ids);
	agclose(dot.graph);
	agseterrf(spoken);
	return r;
}
