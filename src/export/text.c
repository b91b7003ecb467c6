/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include "base/escape.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "export/export.h"
#include "view/command.h"
#include "view/mount_lines.h"
#include "view/mount_words.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"
#include "view/words_pin.h"

#include <inttypes.h>
#include <string.h>

/* The pieces of the tree before a line. */
struct guides {
	const char *child;
	const char *last_child;
	const char *owned;
	const char *through; /* below an ancestor that has more siblings */
	const char *blank;   /* below one that has none */
};

static const struct guides box_drawing = {" ├── ", " └── ", " ⟜ ", " │  ", "    "};
static const struct guides ascii_drawing = {" |-- ", " `-- ", " o ", " |  ", "    "};

/* SGR parameters (console_codes(4)): basic colours, legible on light and dark backgrounds. */
static const char *const colors[NS_TYPES] = {
        [NS_CGROUP] = "33",
        [NS_IPC] = "33",
        [NS_MNT] = "35",
        [NS_NET] = "34",
        [NS_PID] = "32",
        [NS_TIME] = "33",
        [NS_USER] = "36",
        [NS_UTS] = "33",
};

/* For each depth: whether the ancestor of the current line there is a last child. */
struct trail {
	bool *is_last;
	size_t capacity;
};

/* Deeper levels are numbers: a tree of mounts can have 100,000 (proc_sys_fs(5), mount-max). */
enum { DRAWN_DEPTH = 64 };

static void write_indent(
        FILE *out, const struct guides *guides, struct trail *trail, const struct node *node)
{
	trail->is_last = memory_grow(
	        trail->is_last, &trail->capacity, node->depth + 1, sizeof(*trail->is_last));
	trail->is_last[node->depth] = node->is_last;
	if (node->depth == 0)
		return;
	if (node->depth > DRAWN_DEPTH) {
		fprintf(out, "(depth %u) ", node->depth);
		return;
	}
	for (unsigned depth = 1; depth < node->depth; depth++)
		fputs(trail->is_last[depth] ? guides->blank : guides->through, out);
	if (node->is_owned)
		fputs(guides->owned, out);
	else
		fputs(node->is_last ? guides->last_child : guides->child, out);
}

static void write_ns(FILE *out, const struct export_request *request, const struct ns *ns)
{
	if (request->is_color)
		fprintf(out, "\033[%sm", colors[ns->type]);
	words_ns(out, ns);
	if (request->is_color)
		fputs("\033[0m", out);
	fputc(' ', out);
}

static void write_node(FILE *out, const struct export_request *request, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (node->process) {
		fprintf(out, "%jd ", (intmax_t)node->process->pid);
		words_process_line_rest(out, node->process, node->differs, request->names);
		if (request->is_long)
			words_process_long(out, node->process);
		if (request->is_long && node->process->container) {
			fputs(" container ", out);
			words_container(out, node->process->container);
		}
		if (request->cmdlines == EXPORT_CMDLINES) {
			fputs(" command ", out);
			command_write(out, &request->model->host, node->process);
		}
	} else if (ns) {
		write_ns(out, request, ns);
		words_line_rest(out, request->model, ns, node->is_owned, request->names);
		if (request->is_long)
			words_long(out, request->model, ns, node->is_owned);
		if (request->is_long && ns->leader && ns->leader->container) {
			fputs(" container ", out);
			words_container_of_ns(out, ns);
		}
	} else if (node->mount) {
		mount_words_line(out, node->mount);
		if (request->is_long)
			mount_words_long(out, node->mount);
	} else if (!node_is_heading(node)) {
		words_container_text(out, request->model, node);
		if (request->is_long && node->container)
			words_container_text_long(out, node->container, request->names);
	} else {
		if (node->pin)
			words_pin(out, node->pin);
		else
			mount_lines_write_heading(out, &request->model->host, node);
		return;
	}
	if (node->is_above)
		fputs(" (above a match)", out);
}

static void write_reason(void *out, const char *line)
{
	fprintf(out, "(%s)\n", line);
}

/* Filters the hierarchy, and writes the first line of the file: `(filter "bash": 3 of 9 match)`. */
static void apply_filter(
        FILE *out, const struct export_request *request, struct hierarchy *hierarchy)
{
	const struct filter_count count =
	        filter_drop(request->filter, hierarchy, request->model, request->names);

	fputc('(', out);
	filter_write_count(out, request->filter, &count, request->model, request->names);
	fputs(")\n", out);
}

/* Of containers, namespaces, units and processes are details. */
static void drop_details(const struct export_request *request, struct hierarchy *hierarchy)
{
	_cleanup_free_ bool *is_dropped = memory_new((hierarchy->n + 1) * sizeof(*is_dropped));

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const bool is_unit = node->container && container_is_label(node->container);

		is_dropped[i] = node->process
		                        ? !request->view.with_all_details
		                        : (node->ns || is_unit) && !request->view.with_details;
	}
	hierarchy_drop(hierarchy, is_dropped);
}

static void build_lines(const struct export_request *request, struct hierarchy *ret)
{
	hierarchy_build(ret, request->model, NULL, &request->view);
	if (request->view.kind == VIEW_CONTAINERS)
		drop_details(request, ret);
}

static void write_tree(FILE *out, const struct export_request *request)
{
	const struct guides *guides = request->is_ascii ? &ascii_drawing : &box_drawing;
	struct hierarchy hierarchy;
	struct trail trail = {0};

	if (request->with_reasons)
		partial_lines(request->model,
		        partial_reasons_of_file(request->model, request->names), write_reason, out);
	build_lines(request, &hierarchy);
	if (request->filter)
		apply_filter(out, request, &hierarchy);
	for (size_t i = 0; i < hierarchy.n; i++) {
		write_indent(out, guides, &trail, &hierarchy.nodes[i]);
		write_node(out, request, &hierarchy.nodes[i]);
		fputc('\n', out);
	}
	free(trail.is_last);
	hierarchy_release(&hierarchy);
}

static void write_leaked(FILE *out, const struct export_request *request)
{
	const struct model *model = request->model;

	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		if (!model_is_leaked(ns))
			continue;
		write_ns(out, request, ns);
		words_leaked_rest(out, model, ns, request->names);
		fputc('\n', out);
	}
	for (size_t i = 0; i < model->n_pins; i++) {
		if (!pin_is_leaked(&model->pins[i]))
			continue;
		words_pin(out, &model->pins[i]);
		fputc('\n', out);
	}
}

/* --- the table ------------------------------------------------------------------------------- */

enum {
	GAP = 2,     /* blanks between two columns */
	WIDEST = 60, /* of the columns but the tree; a longer cell moves the rest of its row */
};

struct table {
	const struct export_request *request;
	const struct column *tree; /* the column with the tree */
	struct column_source source;
	struct hierarchy hierarchy; /* its rows */
	struct trail trail;
	struct text text; /* of a cell, on its way to `cell` */
	char *cell;
	int widths[COLUMN_IDS];
};

/* The leaked namespaces as rows without a tree. */
static void list_leaked(struct hierarchy *ret, const struct model *model)
{
	*ret = (struct hierarchy){.nodes = memory_new((model->n_namespaces + model->n_pins + 1) *
	                                              sizeof(*ret->nodes))};
	for (size_t i = 0; i < model->n_namespaces; i++) {
		if (model_is_leaked(model->namespaces[i]))
			ret->nodes[ret->n++] =
			        (struct node){.ns = model->namespaces[i], .parent = NODE_NO_PARENT};
	}
	for (size_t i = 0; i < model->n_pins; i++) {
		if (pin_is_leaked(&model->pins[i]))
			ret->nodes[ret->n++] =
			        (struct node){.pin = &model->pins[i], .parent = NODE_NO_PARENT};
	}
}

/* Makes the text of a cell, and returns its width; without `node` that of the title. */
static int make_cell(struct table *table, const struct column *column, const struct node *node)
{
	const struct export_request *request = table->request;
	const bool is_tree = column == table->tree;
	FILE *out = text_restart(&table->text);

	if (node && is_tree)
		write_indent(out, request->is_ascii ? &ascii_drawing : &box_drawing, &table->trail,
		        node);
	if (!node)
		fputs(column->title, out);
	else if (!node_is_heading(node) || is_tree)
		column->write(out, &table->source, node);
	else
		fputc('-', out);
	free(table->cell);
	table->cell = memory_strdup(text_get(&table->text));
	if (request->is_ascii) {
		escape_write_ascii(text_restart(&table->text), table->cell, strlen(table->cell));
		free(table->cell);
		table->cell = memory_strdup(text_get(&table->text));
	}
	return utf8_columns(table->cell, strlen(table->cell));
}

/* The cell, in the colour of its namespace if it is that of the tree. */
static void write_cell(FILE *out, struct table *table, const struct node *node, bool is_tree)
{
	const bool is_color = table->request->is_color && is_tree && node && node->ns;
	const char *label = is_color ? strstr(table->cell, nstype_name(node->ns->type)) : NULL;

	if (!label) {
		fputs(table->cell, out);
		return;
	}
	fprintf(out, "%.*s\033[%sm%s\033[0m", (int)(label - table->cell), table->cell,
	        colors[node->ns->type], label);
}

static void write_row(FILE *out, struct table *table, const struct node *node)
{
	const struct column_list *list = table->request->columns;
	int gap = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct column *column = column_row(list->ids[i]);
		const int blanks = MAX(table->widths[i] - make_cell(table, column, node), 0);

		fprintf(out, "%*s", gap + (column->is_right ? blanks : 0), "");
		write_cell(out, table, node, column == table->tree);
		gap = GAP + (column->is_right ? 0 : blanks);
	}
	fputc('\n', out);
}

static void measure(struct table *table, const struct node *node)
{
	const struct column_list *list = table->request->columns;

	for (size_t i = 0; i < list->n; i++) {
		const struct column *column = column_row(list->ids[i]);
		const int width = make_cell(table, column, node);

		table->widths[i] = MAX(
		        table->widths[i], column == table->tree ? width : MIN(width, (int)WIDEST));
	}
}

/* Each cell is written twice, first to be measured: so the table is never in memory as a whole. */
static void write_table(FILE *out, const struct export_request *request)
{
	struct table table = {
	        .request = request,
	        .tree = column_row(
	                column_tree(request->only_leaked ? VIEW_ALL : request->view.kind)),
	        .source = {.model = request->model,
	                .names = request->names,
	                .utc_offset = request->utc_offset},
	};

	text_init(&table.text);
	if (request->only_leaked)
		list_leaked(&table.hierarchy, request->model);
	else
		build_lines(request, &table.hierarchy);
	measure(&table, NULL);
	for (size_t i = 0; i < table.hierarchy.n; i++)
		measure(&table, &table.hierarchy.nodes[i]);
	write_row(out, &table, NULL);
	for (size_t i = 0; i < table.hierarchy.n; i++)
		write_row(out, &table, &table.hierarchy.nodes[i]);
	hierarchy_release(&table.hierarchy);
	text_release(&table.text);
	free(table.trail.is_last);
	free(table.cell);
}

int export_text(FILE *out, const struct export_request *request)
{
	void (*const write)(FILE * out, const struct export_request *request) =
	        request->columns       ? write_table
	        : request->only_leaked ? write_leaked
	                               : write_tree;
	struct text scratch;

	/* The cells of a table are in ASCII already. */
	if (!request->is_ascii || request->columns) {
		write(out, request);
		return 0;
	}
	text_init(&scratch);
	write(text_restart(&scratch), request);
	text_get(&scratch);
	escape_write_ascii(out, scratch.bytes, scratch.len);
	text_release(&scratch);
	return 0;
}
