/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "export/export.h"
#include "export/label.h"
#include "view/pair_plan.h"
#include "view/pair_words.h"
#include "view/partial.h"
#include "view/words.h"

#include <cgraph.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- attributes ------------------------------------------------------------------------------ */

#define DOT_ATTRIBUTES(_)                                                                          \
	_(ATTR_ARROWSIZE, "arrowsize")                                                             \
	_(ATTR_BGCOLOR, "bgcolor")                                                                 \
	_(ATTR_CHARSET, "charset")                                                                 \
	_(ATTR_CLASS, "class")                                                                     \
	_(ATTR_COLOR, "color")                                                                     \
	_(ATTR_CONSTRAINT, "constraint")                                                           \
	_(ATTR_DIR, "dir")                                                                         \
	_(ATTR_FILLCOLOR, "fillcolor")                                                             \
	_(ATTR_FONTCOLOR, "fontcolor")                                                             \
	_(ATTR_FONTNAME, "fontname")                                                               \
	_(ATTR_FONTSIZE, "fontsize")                                                               \
	_(ATTR_HEIGHT, "height")                                                                   \
	_(ATTR_ID, "id")                                                                           \
	_(ATTR_LABEL, "label")                                                                     \
	_(ATTR_LABELJUST, "labeljust")                                                             \
	_(ATTR_LABELLOC, "labelloc")                                                               \
	_(ATTR_MARGIN, "margin")                                                                   \
	_(ATTR_NEWRANK, "newrank")                                                                 \
	_(ATTR_NODESEP, "nodesep")                                                                 \
	_(ATTR_PENWIDTH, "penwidth")                                                               \
	_(ATTR_PERIPHERIES, "peripheries")                                                         \
	_(ATTR_RANK, "rank")                                                                       \
	_(ATTR_RANKDIR, "rankdir")                                                                 \
	_(ATTR_RANKSEP, "ranksep")                                                                 \
	_(ATTR_SHAPE, "shape")                                                                     \
	_(ATTR_STYLE, "style")                                                                     \
	_(ATTR_TOOLTIP, "tooltip")

enum attribute_name {
	NO_ATTRIBUTE,
#define ATTRIBUTE(symbol, name) symbol,
	DOT_ATTRIBUTES(ATTRIBUTE)
#undef ATTRIBUTE
	        ATTRIBUTES,
};

/* One attribute; a list ends with an empty one. */
struct attribute {
	enum attribute_name name;
	const char *value;
};

static const struct attribute dot_graph[] = {{ATTR_CHARSET, "UTF-8"}, {ATTR_RANKDIR, "LR"},
        {ATTR_NEWRANK, "true"}, {ATTR_NODESEP, "0.12"}, {ATTR_RANKSEP, "0.6"},
        {ATTR_BGCOLOR, "#ffffff"}, {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"},
        {ATTR_FONTSIZE, "12"}, {ATTR_FONTCOLOR, "#1b1f24"}, {ATTR_LABELLOC, "t"},
        {ATTR_LABELJUST, "l"}, {0}};

/* The defaults are those of a user namespace. */
static const struct attribute dot_node[] = {{ATTR_SHAPE, "box"}, {ATTR_STYLE, "filled"},
        {ATTR_FILLCOLOR, "#d6e8fa"}, {ATTR_COLOR, "#2f6fae"},
        {ATTR_FONTNAME, "Helvetica,Arial,sans-serif"}, {ATTR_FONTSIZE, "10"}, {ATTR_HEIGHT, "0.3"},
        {ATTR_MARGIN, "0.10,0.04"}, {0}};

static const struct attribute dot_edge[] = {
        {ATTR_DIR, "back"}, {ATTR_ARROWSIZE, "0.6"}, {ATTR_COLOR, "#57606a"}, {0}};

static const struct attribute dot_pid[] = {
        {ATTR_STYLE, "rounded,filled"}, {ATTR_FILLCOLOR, "#d7f0de"}, {ATTR_COLOR, "#2e7d4f"}, {0}};

static const struct attribute dot_owned[] = {
        {ATTR_FILLCOLOR, "#fff4dc"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_folder[] = {
        {ATTR_SHAPE, "folder"}, {ATTR_FILLCOLOR, "#fff4dc"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_note[] = {{ATTR_SHAPE, "note"}, {ATTR_FILLCOLOR, "#fff4dc"},
        {ATTR_COLOR, "#8a5a00"}, {ATTR_CLASS, "owned"}, {0}};

static const struct attribute dot_outside[] = {
        {ATTR_STYLE, "dashed"}, {ATTR_COLOR, "#57606a"}, {ATTR_CLASS, "outside"}, {0}};

/* Only above a match of the filter. */
static const struct attribute dot_above[] = {
        {ATTR_FILLCOLOR, "#ffffff"}, {ATTR_COLOR, "#8c959f"}, {ATTR_FONTCOLOR, "#8c959f"}, {0}};

static const struct attribute dot_owner_edge[] = {{ATTR_STYLE, "dashed"},
        {ATTR_CONSTRAINT, "false"}, {ATTR_DIR, "forward"}, {ATTR_COLOR, "#8a5a00"}, {0}};

static const struct attribute dot_owns_edge[] = {{ATTR_DIR, "none"}, {ATTR_COLOR, "#8a5a00"}, {0}};

/* --- the graph ------------------------------------------------------------------------------- */

struct dot {
	const struct export_request *request;
	Agraph_t *graph;
	Agraph_t *roots; /* the roots of both hierarchies, in one rank */
	struct label label;
	struct text raw;    /* a text before it is quoted; */
	struct text quoted; /* and after */
	struct text name;
	struct pair_plan plan;
	Agnode_t **made[PAIR_PARTS];     /* the Graphviz node of each node but the details */
	Agsym_t *symbols[2][ATTRIBUTES]; /* of edges, of nodes; looked up once */
};

/* The cluster of a hierarchy. */
struct cluster {
	const char *name;
	const char *outside; /* the ids of the nodes without a namespace (node_heading) */
	const char *unknown;
	struct attribute attributes[4];
};

static const struct cluster clusters[PAIR_PARTS] = {
        [PAIR_PID] = {"cluster_pid", "outside-pid", "unknown-pid",
                {{ATTR_STYLE, "filled"}, {ATTR_FILLCOLOR, "#f3faf4"}, {ATTR_COLOR, "#2e7d4f"}}},
        [PAIR_USER] = {"cluster_user", "outside-user", "unknown-user",
                {{ATTR_STYLE, "filled"}, {ATTR_FILLCOLOR, "#f2f7fd"}, {ATTR_COLOR, "#2f6fae"}}},
};

/* The name in DOT: "color". */
static const char *attribute_name(enum attribute_name name)
{
	static const char *const names[ATTRIBUTES] = {
#define ATTRIBUTE(symbol, name) [symbol] = name,
	        DOT_ATTRIBUTES(ATTRIBUTE)
#undef ATTRIBUTE
	};

	return names[name];
}

/* Parameters that libcgraph only reads are `char *` up to version 2.50. */
static char *gv_str(const char *s)
{
	union {
		const char *given;
		char *writable;
	} string = {.given = s};

	return string.writable;
}

/* Sets the default of an attribute for all objects of a kind; with NULL it is only looked up.
 * libcgraph 14 has agattr_text and agattr; older versions only agattr, newer ones only agattr_text.
 */
static Agsym_t *declare(Agraph_t *graph, int kind, const char *name, const char *value)
{
#if HAVE_DECL_AGATTR_TEXT
	return agattr_text(graph, kind, gv_str(name), value);
#else
	return agattr(graph, kind, gv_str(name), gv_str(value));
#endif
}

/* Each graph has attributes of its own; all nodes share one set of symbols, and so do all edges. */
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

/* Appends dot->raw to `quoted`. Graphviz interprets backslashes and entities in a string, in a
 * tooltip twice: they are quoted here. agwrite quotes everything else. */
static void append_raw(struct dot *dot, FILE *quoted, const char *backslash)
{
	const char *text = text_get(&dot->raw);
	const size_t len = dot->raw.len;
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		if (text[i] != '\\' && text[i] != '&')
			continue;
		fwrite(text + from, 1, i - from, quoted);
		fputs(text[i] == '&' ? "&amp;" : backslash, quoted);
		from = i + 1;
	}
	fwrite(text + from, 1, len - from, quoted);
}

static void set_from(struct dot *dot, void *object, enum attribute_name name, struct text *scratch)
{
	set(dot, object, name, text_get(scratch));
}

/* A line break in a label, centred and aligned to the left, in the syntax of DOT. */
#define LINE_BREAK "\\n"
#define LINE_LEFT  "\\l"

/* Sets the label: its first `lines` lines. */
static void set_label(struct dot *dot, Agnode_t *made, const struct node *node, int lines)
{
	FILE *quoted = text_restart(&dot->quoted);

	for (int line = 0; line < lines; line++) {
		FILE *raw = text_restart(&dot->raw);

		if (line > 0)
			fputs(LINE_BREAK, quoted);
		label_write(raw, &dot->label, node, (enum label_line)line);
		append_raw(dot, quoted, "\\\\");
	}
	set_from(dot, made, ATTR_LABEL, &dot->quoted);
}

/* All edges belong to the graph itself: edges in a cluster would look the same and cost libcgraph
 * half as much time again. Without a name two edges are never taken for one. */
static Agedge_t *edge(struct dot *dot, Agnode_t *tail, Agnode_t *head)
{
	return agedge(dot->graph, tail, head, NULL, 1);
}

static Agnode_t *add_ns(struct dot *dot, Agraph_t *cluster, const struct node *node)
{
	const struct ns *ns = node->ns;

	label_write_id(text_restart(&dot->name), &dot->label, node, true);
	text_get(&dot->name);
	Agnode_t *made = agnode(cluster, dot->name.bytes, 1);

	/* Where both hierarchies are drawn, the dashed edge of a PID namespace already shows its
	 * owner; a namespace of another type is below it. */
	const bool shows_owner =
	        ns->type == NS_USER || (ns->type == NS_PID && !dot->plan.has_part[PAIR_USER]);

	set_label(dot, made, node, shows_owner ? (int)label_count_lines(node) : LABEL_OWNER);
	FILE *quoted = text_restart(&dot->quoted);
	label_write_tooltip(text_restart(&dot->raw), &dot->label, node);
	append_raw(dot, quoted, "\\\\\\\\");
	set_from(dot, made, ATTR_TOOLTIP, &dot->quoted);
	label_write_id(text_restart(&dot->name), &dot->label, node, false);
	set_from(dot, made, ATTR_ID, &dot->name);
	fprintf(text_restart(&dot->name), "ns %s%s", nstype_name(ns->type),
	        node->n_alike ? " group" : "");
	set_from(dot, made, ATTR_CLASS, &dot->name);
	if (ns->type == NS_PID)
		set_all(dot, made, dot_pid);
	else if (ns->type != NS_USER)
		set_all(dot, made, dot_owned);
	if (node->is_above)
		set_all(dot, made, dot_above);
	if (node->n_alike)
		set(dot, made, ATTR_PERIPHERIES, "2");
	if (node->parent == NODE_NO_PARENT)
		set(dot, made, ATTR_PENWIDTH, "2");
	return made;
}

/* A folder for `n_members` namespaces of a type, all owned by one user namespace, or by unknown
 * ones.
 */
static Agnode_t *add_folder(struct dot *dot, Agraph_t *cluster, const struct node *owner,
        enum nstype type, size_t n_members)
{
	FILE *name = text_restart(&dot->name);

	if (owner->ns)
		label_write_id(name, &dot->label, owner, true);
	else
		fputs("unknown", name);
	fprintf(name, "-%s", nstype_name(type));
	text_get(&dot->name);
	Agnode_t *folder = agnode(cluster, dot->name.bytes, 1);

	set_all(dot, folder, dot_folder);
	fprintf(text_restart(&dot->name), "%zu%s %s namespaces", n_members,
	        partial_plus(dot->request->model, owner->ns), nstype_name(type));
	set_from(dot, folder, ATTR_LABEL, &dot->name);
	fprintf(text_restart(&dot->name), "folder %s", nstype_name(type));
	set_from(dot, folder, ATTR_CLASS, &dot->name);
	return folder;
}

/* Adds the owned namespaces from node `first` on that have one owner and one type: below a folder
 * if there are several. Returns how many nodes they are. */
static size_t add_owned(struct dot *dot, Agraph_t *cluster, const struct hierarchy *hierarchy,
        size_t first, Agnode_t *owner)
{
	const struct node *nodes = hierarchy->nodes;
	const enum nstype type = nodes[first].ns->type;
	size_t end = first, members = 0;

	for (; end < hierarchy->n && nodes[end].is_owned &&
	        nodes[end].parent == nodes[first].parent && nodes[end].ns->type == type;
	        end++)
		members += nodes[end].n_alike ? nodes[end].n_alike : 1;
	if (end - first > 1) {
		Agnode_t *folder =
		        add_folder(dot, cluster, &nodes[nodes[first].parent], type, members);

		set_all(dot, edge(dot, owner, folder), dot_owns_edge);
		owner = folder;
	}
	for (size_t i = first; i < end; i++)
		set_all(dot, edge(dot, owner, add_ns(dot, cluster, &nodes[i])), dot_owns_edge);
	return end - first;
}

/* The owned namespaces of a node in one note, a line for each type. */
static void add_note(struct dot *dot, Agraph_t *cluster, const struct node *owner, Agnode_t *made)
{
	const struct pair_words words = {
	        .model = dot->request->model, .names = dot->request->names};
	const size_t n = pair_words_count_owned(owner);
	FILE *quoted;

	if (!n)
		return;
	fprintf(text_restart(&dot->name), "%s-owned", agnameof(made));
	text_get(&dot->name);
	Agnode_t *note = agnode(cluster, dot->name.bytes, 1);
	quoted = text_restart(&dot->quoted);
	for (size_t i = 0; i < n; i++) {
		pair_words_owned(text_restart(&dot->raw), &words, owner, i);
		append_raw(dot, quoted, "\\\\");
		fputs(LINE_LEFT, quoted);
	}
	set_all(dot, note, dot_note);
	set_from(dot, note, ATTR_LABEL, &dot->quoted);
	set_all(dot, edge(dot, made, note), dot_owns_edge);
}

static void add_cluster(struct dot *dot, enum pair_part part)
{
	const struct cluster *cluster = &clusters[part];
	const struct hierarchy *hierarchy = &dot->plan.trees[part].hierarchy;
	Agraph_t *graph = agsubg(dot->graph, gv_str(cluster->name), 1);
	Agnode_t **made = memory_new((hierarchy->n + 1) * sizeof(*made));

	dot->made[part] = made;
	set_all(dot, graph, cluster->attributes);
	set(dot, graph, ATTR_LABEL, pair_words_heading(dot->plan.kinds[part]));
	for (size_t i = 0; i < hierarchy->n;) {
		const struct node *node = &hierarchy->nodes[i];

		if (node->is_owned) {
			i += add_owned(dot, graph, hierarchy, i, made[node->parent]);
			continue;
		}
		if (node->ns) {
			made[i] = add_ns(dot, graph, node);
		} else {
			made[i] = agnode(graph,
			        gv_str(node->is_unknown ? cluster->unknown : cluster->outside), 1);
			set(dot, made[i], ATTR_LABEL, node_heading(node));
			set_all(dot, made[i], dot_outside);
		}
		if (node->parent == NODE_NO_PARENT)
			agsubnode(dot->roots, made[i], 1);
		else
			edge(dot, made[node->parent], made[i]);
		add_note(dot, graph, node, made[i]);
		i++;
	}
}

static void add_owner_edges(struct dot *dot)
{
	const struct pair_plan *plan = &dot->plan;

	for (size_t i = 0; i < plan->trees[PAIR_PID].hierarchy.n; i++) {
		if (plan->owners[i] != NODE_NO_PARENT)
			set_all(dot,
			        edge(dot, dot->made[PAIR_PID][i],
			                dot->made[PAIR_USER][plan->owners[i]]),
			        dot_owner_edge);
	}
}

/* Adds a line to dot->quoted. */
static void append_reason(void *data, const char *line)
{
	struct dot *const dot = data;

	fputs(line, text_restart(&dot->raw));
	append_raw(dot, dot->quoted.out, "\\\\");
	fputs(LINE_LEFT, dot->quoted.out);
}

static void add_title(struct dot *dot)
{
	FILE *quoted = text_restart(&dot->quoted);

	label_write_title(text_restart(&dot->raw), &dot->label);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	label_write_subtitle(text_restart(&dot->raw), &dot->label, &dot->request->view);
	append_raw(dot, quoted, "\\\\");
	fputs(LINE_LEFT, quoted);
	if (dot->request->filter) {
		label_write_filter(text_restart(&dot->raw), &dot->label, dot->request->filter,
		        &dot->plan.count);
		append_raw(dot, quoted, "\\\\");
		fputs(LINE_LEFT, quoted);
	}
	partial_lines(dot->request->model,
	        partial_reasons_of_file(dot->request->model, dot->request->names), append_reason,
	        dot);
	set_from(dot, dot->graph, ATTR_LABEL, &dot->quoted);
}

static void build_plan(struct pair_plan *ret, const struct export_request *request)
{
	const struct view_options *view = &request->view;

	pair_plan_build(ret, &(struct pair_options){
	                             .model = request->model,
	                             .view = {.kind = view->kind,
	                                     .with_details = view->with_details,
	                                     .with_all_details = view->with_all_details,
	                                     .is_collapsed = view->is_collapsed,
	                                     .is_single = view->is_single},
	                             .filter = request->filter,
	                             .names = request->names,
	                     });
}

static void build(struct dot *dot)
{
	declare(dot->graph, AGRAPH, "label", "");
	set_defaults(dot->graph, AGRAPH, dot_graph);
	set_defaults(dot->graph, AGNODE, dot_node);
	set_defaults(dot->graph, AGEDGE, dot_edge);
	/* Names that are allocated in a row are mostly in that order in memory (write_in_order). */
	build_plan(&dot->plan, dot->request);
	for (size_t i = 0; i < ARRAY_SIZE(clusters); i++) {
		if (dot->plan.has_part[i])
			agsubg(dot->graph, gv_str(clusters[i].name), 1);
	}
	/* Subgraphs without a name are written first. */
	dot->roots = agsubg(dot->graph, NULL, 1);
	set(dot, dot->roots, ATTR_RANK, "same");
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		if (dot->plan.has_part[part])
			add_cluster(dot, part);
	}
	add_owner_edges(dot);
	add_title(dot);
}

/* libcgraph writes messages to standard error, which may be the terminal of the screen. */
static int be_quiet(_unused_ char *message)
{
	return 0;
}

/* A part of the text that agwrite made. */
struct block {
	const char *start; /* NULL: not found */
	const char *end;
};

/* The lines of a cluster. Names contain no tab, so they cannot look like its start or end. */
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

/* libcgraph 2.43 writes subgraphs in the order of the addresses of their names, which differs from
 * run to run; the same model must give the same bytes. So two clusters in the wrong order are
 * swapped. (A nameless subgraph around each would help too, but then `dot -Tcanon` writes their
 * edges twice.) */
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

/* True if agwrite, which writes the subgraphs in this order, will write the clusters in order. */
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

static int write_graph(FILE *out, struct dot *dot)
{
	const bool is_swapped = !is_in_order(dot);

	errno = 0;
	if (agwrite(dot->graph, is_swapped ? text_restart(&dot->quoted) : out) != 0)
		return is_swapped || errno <= 0 ? -EIO : -errno;
	if (is_swapped) {
		text_get(&dot->quoted);
		errno = 0;
		write_in_order(out, &dot->quoted);
	}
	if (fflush(out) != 0 || ferror(out))
		return errno > 0 ? -errno : -EIO;
	return 0;
}

int export_dot(FILE *out, const struct export_request *request)
{
	const agusererrf before = agseterrf(be_quiet);
	struct dot dot = {
	        .request = request, .graph = agopen(gv_str("namespaces"), Agdirected, NULL)};

	if (!dot.graph)
		memory_exhausted();
	label_init(&dot.label, request->model, request->names);
	text_init(&dot.raw);
	text_init(&dot.quoted);
	text_init(&dot.name);
	build(&dot);
	const int r = write_graph(out, &dot);

	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		free(dot.made[part]);
	pair_plan_release(&dot.plan);
	text_release(&dot.name);
	text_release(&dot.quoted);
	text_release(&dot.raw);
	label_release(&dot.label);
	agclose(dot.graph);
	agseterrf(before);
	return r;
}

size_t export_dot_count(const struct export_request *request)
{
	struct pair_plan plan;
	size_t n = 0;

	build_plan(&plan, request);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		n += plan.trees[part].hierarchy.n;
	pair_plan_release(&plan);
	return n;
}
