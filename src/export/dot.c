/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "export/dot_style.h"
#include "export/export.h"
#include "export/ids.h"
#include "export/label.h"
#include "view/collapse.h"
#include "view/node_index.h"
#include "view/words.h"

#include <cgraph.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* One hierarchy, and the Graphviz node of each of its nodes but the owned ones. */
struct part {
	struct hierarchy hierarchy;
	struct node_index index;
	Agnode_t **made;
};

struct dot {
	const struct export_request *request;
	Agraph_t *graph;
	Agraph_t *roots; /* of both hierarchies: all in one rank */
	struct ids ids;
	struct label label;
	struct text raw;    /* a text before it is quoted, */
	struct text quoted; /* and behind */
	struct text name;
	struct part parts[VIEW_KINDS];
	Agsym_t *symbols[2][ATTRIBUTES]; /* of edges; of nodes */
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
                {{ATTR_LABEL, "PID namespaces"}, {ATTR_STYLE, "filled"},
                        {ATTR_FILLCOLOR, "#f3faf4"}, {ATTR_COLOR, "#2e7d4f"}},
                VIEW_PID,
        },
        {
                "cluster_user",
                "outside-user",
                {{ATTR_LABEL, "User namespaces"}, {ATTR_STYLE, "filled"},
                        {ATTR_FILLCOLOR, "#f2f7fd"}, {ATTR_COLOR, "#2f6fae"}},
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

/* What all objects of that kind have unless they are given another; with NULL only looked up.
 * Libcgraph 14 has agattr_text beside agattr, older ones do not, newer ones have it alone. */
static Agsym_t *declare(Agraph_t *graph, int kind, const char *name, const char *value)
{
#if HAVE_DECL_AGATTR_TEXT
	return agattr_text(graph, kind, gv_str(name), value);
#else
	return agattr(graph, kind, gv_str(name), gv_str(value));
#endif
}

/* Of the graphs each has its own; all nodes, and all edges, share theirs. */
static void set(struct dot *dot, void *object, enum attribute_name attribute, const char *value)
{
	const int kind = AGTYPE(object);
	const char *name = attribute_name(attribute);

	if (kind == AGRAPH) {
		agsafeset(object, gv_str(name), gv_str(value), gv_str(""));
		return;
	}
	Agsym_t **symbol = &dot->symbols[kind == AGNODE][attribute];
	if (!*symbol)
		*symbol = declare(dot->graph, kind, name, NULL);
	if (!*symbol)
		*symbol = declare(dot->graph, kind, name, "");
	agxset(object, *symbol, gv_str(value));
}

static void set_all(struct dot *dot, void *object, const struct attribute *attributes)
{
	for (; attributes->name; attributes++)
		set(dot, object, attributes->name, attributes->value);
}

static void set_defaults(Agraph_t *graph, int kind, const struct attribute *attributes)
{
	for (; attributes->name; attributes++)
		declare(graph, kind, attribute_name(attributes->name), attributes->value);
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
	text_get(&dot->raw);
	write_quoted(quoted, dot->raw.bytes, dot->raw.len, backslash);
}

static void set_from(struct dot *dot, void *object, enum attribute_name name, struct text *scratch)
{
	set(dot, object, name, text_get(scratch));
}

/* The break between two lines, and the end of one that stands to the left, as DOT writes them. */
#define LINE_BREAK "\\n"
#define LINE_LEFT  "\\l"

/* The first `lines` lines of its label. */
static void set_label(struct dot *dot, Agnode_t *made, const struct node *node, int lines)
{
	FILE *quoted = text_restart(&dot->quoted);

	for (int line = 0; line < lines; line++) {
		FILE *raw = text_restart(&dot->raw);

		if (line > 0)
			fputs(LINE_BREAK, quoted);
		if (node->n_alike)
			label_write_group(raw, &dot->label, node, (enum label_line)line);
		else
			label_write(raw, &dot->label, node->ns, (enum label_line)line);
		append_raw(dot, quoted, "\\\\");
	}
	set_from(dot, made, ATTR_LABEL, &dot->quoted);
}

static void set_tooltip(struct dot *dot, Agnode_t *made, const struct node *node)
{
	FILE *quoted = text_restart(&dot->quoted);
	FILE *raw = text_restart(&dot->raw);

	if (node->n_alike)
		label_write_group_tooltip(raw, &dot->label, node);
	else
		label_write_tooltip(raw, &dot->label, node->ns);
	append_raw(dot, quoted, "\\\\\\\\");
	set_from(dot, made, ATTR_TOOLTIP, &dot->quoted);
}

static void set_identity(struct dot *dot, Agnode_t *made, const struct node *node)
{
	ids_write_node(text_restart(&dot->name), &dot->ids, node);
	set_from(dot, made, ATTR_ID, &dot->name);
	fprintf(text_restart(&dot->name), "ns %s%s", nstype_name(node->ns->type),
	        node->n_alike ? " group" : "");
	set_from(dot, made, ATTR_CLASS, &dot->name);
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

	ids_write_node_typed(text_restart(&dot->name), &dot->ids, node);
	text_get(&dot->name);
	Agnode_t *made = agnode(cluster, dot->name.bytes, 1);

	/* In the box of a PID namespace the owner would only repeat its dashed edge. */
	set_label(dot, made, node, ns->type == NS_USER ? LABEL_LINES : LABEL_OWNER);
	set_tooltip(dot, made, node);
	set_identity(dot, made, node);
	if (ns->type == NS_PID)
		set_all(dot, made, dot_pid);
	else if (ns->type != NS_USER)
		set_all(dot, made, dot_owned);
	if (node->n_alike)
		set(dot, made, ATTR_PERIPHERIES, "2");
	if (node->parent == NODE_NO_PARENT)
		set(dot, made, ATTR_PENWIDTH, "2");
	return made;
}

/* A folder for `n_members` namespaces of a type, all owned by one user namespace. */
static Agnode_t *add_folder(struct dot *dot, Agraph_t *cluster, const struct ns *owner,
        enum nstype type, size_t n_members)
{
	FILE *name = text_restart(&dot->name);

	ids_write_typed(name, &dot->ids, owner);
	fprintf(name, "-%s", nstype_name(type));
	text_get(&dot->name);
	Agnode_t *folder = agnode(cluster, dot->name.bytes, 1);

	set_all(dot, folder, dot_folder);
	fprintf(text_restart(&dot->name), "%zu %s namespaces", n_members, nstype_name(type));
	set_from(dot, folder, ATTR_LABEL, &dot->name);
	fprintf(text_restart(&dot->name), "folder %s", nstype_name(type));
	set_from(dot, folder, ATTR_CLASS, &dot->name);
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
	const enum nstype type = nodes[first].ns->type;

	/* PID namespaces have a cluster, and edges to their owners, of their own. */
	if (type == NS_PID)
		return n;
	if (n > 1) {
		size_t members = 0;

		for (size_t i = first; i < first + n; i++)
			members += nodes[i].n_alike ? nodes[i].n_alike : 1;
		Agnode_t *folder =
		        add_folder(dot, cluster, nodes[nodes[first].parent].ns, type, members);

		set_all(dot, edge(dot, owner, folder), dot_owns_edge);
		owner = folder;
	}
	for (size_t i = first; i < first + n; i++)
		set_all(dot, edge(dot, owner, add_ns(dot, cluster, &nodes[i])), dot_owns_edge);
	return n;
}

static Agnode_t *add_outside(struct dot *dot, Agraph_t *graph, const struct cluster *cluster)
{
	Agnode_t *outside = agnode(graph, gv_str(cluster->outside), 1);

	set(dot, outside, ATTR_LABEL, WORDS_OUTSIDE);
	set_all(dot, outside, dot_outside);
	return outside;
}

static void add_hierarchy(struct dot *dot, Agraph_t *graph, const struct cluster *cluster,
        const struct hierarchy *hierarchy)
{
	Agnode_t **made = dot->parts[cluster->kind].made;

	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];

		if (node->is_owned) {
			i += add_owned(dot, graph, hierarchy, i, made[node->parent]);
			continue;
		}
		made[i] = node->ns ? add_ns(dot, graph, node) : add_outside(dot, graph, cluster);
		if (node->parent == NODE_NO_PARENT)
			agsubnode(dot->roots, made[i], 1);
		else
			edge(dot, made[node->parent], made[i]);
		i++;
	}
}

static void build_hierarchy(
        struct hierarchy *ret, const struct export_request *request, const struct cluster *cluster)
{
	const struct view_options options = {
	        .kind = cluster->kind, .with_details = request->view.with_details};

	hierarchy_build(ret, request->model, NULL, &options);
	if (request->view.is_collapsed)
		hierarchy_collapse(ret, &(struct collapse_options){0});
}

static void add_cluster(struct dot *dot, const struct cluster *cluster)
{
	Agraph_t *graph = agsubg(dot->graph, gv_str(cluster->name), 1);
	struct part *part = &dot->parts[cluster->kind];

	set_all(dot, graph, cluster->attributes);
	build_hierarchy(&part->hierarchy, dot->request, cluster);
	part->made = memory_new((part->hierarchy.n + 1) * sizeof(*part->made));
	node_index_build(&part->index, &part->hierarchy);
	add_hierarchy(dot, graph, cluster, &part->hierarchy);
}

static void release_parts(struct dot *dot)
{
	for (size_t i = 0; i < VIEW_KINDS; i++) {
		node_index_release(&dot->parts[i].index);
		hierarchy_release(&dot->parts[i].hierarchy);
		free(dot->parts[i].made);
	}
}

static void add_owner_edges(struct dot *dot)
{
	const struct part *pids = &dot->parts[VIEW_PID];
	const struct part *users = &dot->parts[VIEW_USER];

	for (size_t i = 0; i < pids->hierarchy.n; i++) {
		const struct ns *ns = pids->hierarchy.nodes[i].ns;

		if (!ns || !ns->owner.ns)
			continue;
		const size_t owner = node_index_find(&users->index, ns->owner.ns->tag);
		if (owner != NODE_NO_PARENT)
			set_all(dot, edge(dot, pids->made[i], users->made[owner]), dot_owner_edge);
	}
}

static void add_title(struct dot *dot)
{
	FILE *quoted = text_restart(&dot->quoted);

	label_write_title(text_restart(&dot->raw), &dot->label);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	label_write_subtitle(text_restart(&dot->raw), &dot->label);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	set_from(dot, dot->graph, ATTR_LABEL, &dot->quoted);
}

static void build(struct dot *dot)
{
	declare(dot->graph, AGRAPH, "label", "");
	set_defaults(dot->graph, AGRAPH, dot_graph);
	set_defaults(dot->graph, AGNODE, dot_node);
	set_defaults(dot->graph, AGEDGE, dot_edge);
	/* Names that are made one after the other mostly lie in that order (write_in_order). */
	for (size_t i = 0; i < ARRAY_SIZE(clusters); i++)
		agsubg(dot->graph, gv_str(clusters[i].name), 1);
	/* Without a name: those come first. */
	dot->roots = agsubg(dot->graph, NULL, 1);
	set(dot, dot->roots, ATTR_RANK, "same");
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
static void write_in_order(FILE *out, const struct text *text)
{
	const char *end = text->bytes + text->len;
	const struct block a = find_block(text->bytes, clusters[0].name);
	const struct block b = find_block(text->bytes, clusters[1].name);

	if (!a.start || !b.start || a.start < b.start) {
		write_piece(out, text->bytes, end);
		return;
	}
	write_piece(out, text->bytes, b.start);
	write_piece(out, a.start, a.end);
	write_piece(out, b.end, a.start);
	write_piece(out, b.start, b.end);
	write_piece(out, a.end, end);
}

/* That is the order in which agwrite takes them. */
static bool is_in_order(const struct dot *dot)
{
	for (Agraph_t *part = agfstsubg(dot->graph); part; part = agnxtsubg(part)) {
		const char *name = agnameof(part);

		for (size_t i = 0; name && i < ARRAY_SIZE(clusters); i++) {
			if (strcmp(name, clusters[i].name) == 0)
				return i == 0;
		}
	}
	return true;
}

static int write_swapped(FILE *out, struct dot *dot)
{
	if (agwrite(dot->graph, text_restart(&dot->quoted)) != 0)
		return -EIO;
	text_get(&dot->quoted);
	errno = 0;
	write_in_order(out, &dot->quoted);
	return 0;
}

static int write_graph(FILE *out, struct dot *dot)
{
	int r = 0;

	errno = 0;
	if (!is_in_order(dot))
		r = write_swapped(out, dot);
	else if (agwrite(dot->graph, out) != 0)
		r = errno > 0 ? -errno : -EIO;
	if (r < 0)
		return r;
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
	text_init(&dot.raw);
	text_init(&dot.quoted);
	text_init(&dot.name);
	build(&dot);
	const int r = write_graph(out, &dot);

	release_parts(&dot);
	text_release(&dot.name);
	text_release(&dot.quoted);
	text_release(&dot.raw);
	label_release(&dot.label);
	ids_release(&dot.ids);
	agclose(dot.graph);
	agseterrf(spoken);
	return r;
}

size_t export_dot_count(const struct export_request *request)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(clusters); i++) {
		struct hierarchy hierarchy;

		build_hierarchy(&hierarchy, request, &clusters[i]);
		n += hierarchy.n;
		hierarchy_release(&hierarchy);
	}
	return n;
}
