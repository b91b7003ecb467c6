/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_graph.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- objects --------------------------------------------------------------------------------- */

/* libcgraph writes messages to standard error, which may be the terminal of the screen. */
static int be_quiet(_unused_ char *message)
{
	return 0;
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

void dot_graph_open(struct dot_graph *ret, enum export_theme theme)
{
	*ret = (struct dot_graph){.theme = theme, .messages = agseterrf(be_quiet)};
	ret->graph = agopen(gv_str("namespaces"), Agdirected, NULL);
	if (!ret->graph)
		memory_exhausted();
}

void dot_graph_close(struct dot_graph *dot)
{
	agclose(dot->graph);
	agseterrf(dot->messages);
	*dot = (struct dot_graph){0};
}

Agraph_t *dot_graph_part(struct dot_graph *dot, const char *name)
{
	return agsubg(dot->graph, gv_str(name), 1);
}

Agnode_t *dot_graph_node(Agraph_t *graph, const char *name)
{
	return agnode(graph, gv_str(name), 1);
}

Agedge_t *dot_graph_edge(struct dot_graph *dot, Agnode_t *tail, Agnode_t *head)
{
	/* Without a name, and the graph is not strict. */
	return agedge(dot->graph, tail, head, NULL, 1);
}

/* --- attributes ------------------------------------------------------------------------------ */

/* The name in DOT: "color". */
static const char *attribute_name(enum dot_attribute attribute)
{
	static const char *const names[DOT_ATTRIBUTES] = {
#define DOT_ATTRIBUTE(symbol, name) [symbol] = name,
	        DOT_ATTRIBUTES_OF_GRAPHVIZ(DOT_ATTRIBUTE) DOT_ATTRIBUTES_FOR_PROGRAMS(DOT_ATTRIBUTE)
#undef DOT_ATTRIBUTE
	};

	return names[attribute];
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

static const char *value_of(const struct dot_graph *dot, const struct dot_setting *setting)
{
	return setting->value ? setting->value : palette_get(dot->theme, setting->color);
}

void dot_graph_default(
        struct dot_graph *dot, Agraph_t *graph, int kind, const struct dot_setting *settings)
{
	for (const struct dot_setting *s = settings; s->attribute; s++)
		declare(graph, kind, attribute_name(s->attribute), value_of(dot, s));
}

/* Each graph has attributes of its own; all nodes share one set of symbols, and so do all edges. */
void dot_graph_set(
        struct dot_graph *dot, void *object, enum dot_attribute attribute, const char *value)
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

void dot_graph_apply(struct dot_graph *dot, void *object, const struct dot_setting *settings)
{
	for (const struct dot_setting *s = settings; s->attribute; s++)
		dot_graph_set(dot, object, s->attribute, value_of(dot, s));
}

void dot_graph_quote(FILE *out, const struct text *text, bool is_tooltip)
{
	const char *bytes = text->bytes;
	size_t from = 0;

	for (size_t i = 0; i < text->len; i++) {
		if (bytes[i] != '\\' && bytes[i] != '&')
			continue;
		fwrite(bytes + from, 1, i - from, out);
		fputs(bytes[i] == '&' ? "&amp;" : is_tooltip ? "\\\\\\\\" : "\\\\", out);
		from = i + 1;
	}
	fwrite(bytes + from, 1, text->len - from, out);
}

/* --- writing --------------------------------------------------------------------------------- */

/* The lines of a subgraph, in the text that agwrite made. */
struct block {
	const char *start;
	const char *end;
};

/* False: it is not there. Names contain no tab, so they cannot look like its start or end. */
static bool find_block(const char *text, const char *name, struct block *ret)
{
	_cleanup_free_ char *start_line = memory_printf("\n\tsubgraph %s {\n", name);
	const char *start = strstr(text, start_line);
	const char *end = start ? strstr(start, "\n\t}") : NULL;

	*ret = (struct block){start, end};
	return end != NULL;
}

static int compare_blocks(const void *a, const void *b)
{
	const struct block *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

static void write_piece(FILE *out, const char *start, const char *end)
{
	fwrite(start, 1, (size_t)(end - start), out);
}

/* libcgraph 2.43 writes subgraphs in the order of the addresses of their names, which differs from
 * run to run; the same model must give the same bytes. So the first place of a subgraph gets the
 * first of `names`, and so on. (A nameless subgraph around each would help too, but then
 * `dot -Tcanon` writes their edges twice.) */
static void write_in_order(
        FILE *out, const struct text *text, const char *const *names, size_t n_names)
{
	_cleanup_free_ struct block *blocks = memory_new((n_names + 1) * sizeof(*blocks));
	_cleanup_free_ struct block *places = memory_new((n_names + 1) * sizeof(*places));
	const char *at = text->bytes;
	size_t n = 0;

	for (size_t i = 0; i < n_names; i++)
		n += find_block(text->bytes, names[i], &blocks[n]);
	memcpy(places, blocks, n * sizeof(*places));
	qsort(places, n, sizeof(*places), compare_blocks);
	for (size_t i = 0; i < n; i++) {
		write_piece(out, at, places[i].start);
		write_piece(out, blocks[i].start, blocks[i].end);
		at = places[i].end;
	}
	write_piece(out, at, text->bytes + text->len);
}

/* True if agwrite, which writes the subgraphs in this order, will write them in that of `names`. */
static bool is_in_order(const struct dot_graph *dot, const char *const *names, size_t n)
{
	size_t next = 0;

	for (Agraph_t *part = agfstsubg(dot->graph); part; part = agnxtsubg(part)) {
		const char *name = agnameof(part);
		size_t i = 0;

		while (i < n && (!name || strcmp(name, names[i]) != 0))
			i++;
		if (i == n)
			continue;
		if (i < next)
			return false;
		next = i;
	}
	return true;
}

int dot_graph_write(FILE *out, struct dot_graph *dot, const char *const *names, size_t n)
{
	const bool is_ordered = is_in_order(dot, names, n);
	_cleanup_text_ struct text text;

	text_init(&text);
	errno = 0;
	if (agwrite(dot->graph, is_ordered ? out : text.out) != 0)
		return !is_ordered || errno <= 0 ? -EIO : -errno;
	if (!is_ordered) {
		text_get(&text);
		errno = 0;
		write_in_order(out, &text, names, n);
	}
	if (fflush(out) != 0 || ferror(out))
		return errno > 0 ? -errno : -EIO;
	return 0;
}
