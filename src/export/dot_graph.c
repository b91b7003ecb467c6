/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_graph.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Parameters that libcgraph only reads are `char *` up to version 2.50. */
static char *gv_str(const char *s)
{
	union {
		const char *given;
		char *writable;
	} string = {.given = s};

	return string.writable;
}

/* --- memory ---------------------------------------------------------------------------------- */

/* libcgraph allocates and frees the parts of each node one by one, which is a quarter of the time
 * for a file. Up to version 2.43 all of them can be in an arena, which is freed as a whole; later
 * versions may allocate some by malloc(3), and version 14 allocates all so. */
#ifdef CGRAPH_HAS_HEAP

static void *heap_open(_unused_ Agdisc_t *disc)
{
	return arena_new();
}

static void *heap_alloc(void *heap, size_t size)
{
	return arena_alloc(heap, size);
}

static void *heap_resize(void *heap, void *block, size_t old_size, size_t size)
{
	void *larger = arena_alloc(heap, size);

	if (block)
		memcpy(larger, block, MIN(old_size, size));
	return larger;
}

static void heap_free(_unused_ void *heap, _unused_ void *block)
{
}

/* Without this, agclose(3) deletes each of them. */
static void forget_nodes(Agraph_t *graph)
{
	dtclear(graph->n_seq);
	dtclear(graph->n_id);
}

static Agraph_t *open_graph(struct dot_graph *dot)
{
	dot->memory = (Agmemdisc_t){
	        .open = heap_open, .alloc = heap_alloc, .resize = heap_resize, .free = heap_free};
	return agopen(
	        gv_str("namespaces"), Agdirected, &(Agdisc_t){.io = &dot->io, .mem = &dot->memory});
}

/* The discipline has no `close`: with one, agclose(3) leaves its dictionaries to it, parts of which
 * are not in the heap. */
static void close_graph(Agraph_t *graph)
{
	struct arena *const heap = graph->clos->state.mem;

	for (Agraph_t *part = agfstsubg(graph); part; part = agnxtsubg(part))
		forget_nodes(part);
	forget_nodes(graph);
	agclose(graph);
	arena_free(heap);
}

#else

static Agraph_t *open_graph(struct dot_graph *dot)
{
	return agopen(gv_str("namespaces"), Agdirected, &(Agdisc_t){.io = &dot->io});
}

static void close_graph(Agraph_t *graph)
{
	agclose(graph);
}

#endif

/* --- objects --------------------------------------------------------------------------------- */

/* libcgraph writes messages to standard error, which may be the terminal of the screen. */
static int be_quiet(_unused_ char *message)
{
	return 0;
}

/* Writing each of the many short strings to a FILE would take twice the time. */
static int put(void *chan, const char *string)
{
	struct dot_output *const output = chan;
	const size_t len = strlen(string);

	if (output->len + len >= output->capacity)
		output->bytes =
		        memory_grow(output->bytes, &output->capacity, output->len + len + 1, 1);
	memcpy(output->bytes + output->len, string, len + 1);
	output->len += len;
	return 0;
}

static int flush(_unused_ void *chan)
{
	return 0;
}

void dot_graph_open(struct dot_graph *ret, enum export_theme theme)
{
	*ret = (struct dot_graph){.theme = theme, .messages = agseterrf(be_quiet)};
	ret->io.putstr = put;
	ret->io.flush = flush;
	ret->graph = open_graph(ret);
	if (!ret->graph)
		memory_exhausted();
	text_init(&ret->quoted);
}

void dot_graph_close(struct dot_graph *dot)
{
	text_release(&dot->quoted);
	close_graph(dot->graph);
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

void dot_graph_set_number(
        struct dot_graph *dot, void *object, enum dot_attribute attribute, uintmax_t number)
{
	char buffer[TEXT_DIGITS + 1];

	dot_graph_set(dot, object, attribute, text_digits(number, buffer));
}

void dot_graph_apply(struct dot_graph *dot, void *object, const struct dot_setting *settings)
{
	for (const struct dot_setting *s = settings; s->attribute; s++)
		dot_graph_set(dot, object, s->attribute, value_of(dot, s));
}

/* What stands for a character that Graphviz interprets, or for a newline. */
static const char *quoted(char c, enum dot_quoting quoting)
{
	if (c == '&')
		return "&amp;";
	if (c == '\n')
		return quoting == DOT_QUOTE_LEFT ? "\\l" : "\\n";
	return quoting == DOT_QUOTE_TOOLTIP ? "\\\\\\\\" : "\\\\";
}

void dot_graph_set_text(struct dot_graph *dot, void *object, enum dot_attribute attribute,
        struct text *text, enum dot_quoting quoting)
{
	const char *at = text_get(text), *const end = at + text->len;
	size_t n = strcspn(at, "\\&\n");

	if (at + n == end) {
		dot_graph_set(dot, object, attribute, at);
		return;
	}
	for (FILE *out = text_restart(&dot->quoted);; n = strcspn(at, "\\&\n")) {
		fwrite(at, 1, n, out);
		at += n;
		if (at == end)
			break;
		fputs(quoted(*at, quoting), out);
		at++;
	}
	dot_graph_set(dot, object, attribute, text_get(&dot->quoted));
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
        FILE *out, const struct dot_output *output, const char *const *names, size_t n_names)
{
	_cleanup_free_ struct block *blocks = memory_new((n_names + 1) * sizeof(*blocks));
	_cleanup_free_ struct block *places = memory_new((n_names + 1) * sizeof(*places));
	const char *at = output->bytes;
	size_t n = 0;

	for (size_t i = 0; i < n_names; i++)
		n += find_block(output->bytes, names[i], &blocks[n]);
	memcpy(places, blocks, n * sizeof(*places));
	qsort(places, n, sizeof(*places), compare_blocks);
	for (size_t i = 0; i < n; i++) {
		write_piece(out, at, places[i].start);
		write_piece(out, blocks[i].start, blocks[i].end);
		at = places[i].end;
	}
	write_piece(out, at, output->bytes + output->len);
}

int dot_graph_write(FILE *out, struct dot_graph *dot, const char *const *names, size_t n)
{
	struct dot_output output = {0};
	int r = agwrite(dot->graph, &output) == 0 ? 0 : -EIO;

	if (r == 0) {
		errno = 0;
		write_in_order(out, &output, names, n);
		if (fflush(out) != 0 || ferror(out))
			r = errno > 0 ? -errno : -EIO;
	}
	free(output.bytes);
	return r;
}
