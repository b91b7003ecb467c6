/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/columns.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "base/u64.h"
#include "ui/draw/line.h"
#include "view/command.h"
#include "view/partial.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

enum { LABEL_MIN = 20 };

/* --- texts -------------------------------------------------------------------------------- */

static void write_ns(FILE *out, _unused_ const struct tree_source *source, const struct node *node)
{
	if (node->ns)
		words_ns(out, node->ns);
	else
		fputs(node_heading(node), out);
}

static void write_process(
        FILE *out, _unused_ const struct tree_source *source, const struct node *node)
{
	words_process(out, node->process);
}

static void write_owner(FILE *out, const struct tree_source *source, const struct node *node)
{
	words_owner_short(out, node->ns, source->names);
}

static void write_user(FILE *out, const struct tree_source *source, const struct node *node)
{
	words_process_user(out, node->process, source->names);
}

static void write_count(FILE *out, const struct tree_source *source, const struct node *node)
{
	if (node->mark == MARK_GONE)
		fputc('0', out);
	else if (node->ns->n_processes)
		fprintf(out, "%zu%s", node->ns->n_processes, partial_plus(source->model, node->ns));
	else
		fputc('-', out);
}

/* The PID in the innermost PID namespace, if there are several. */
static void write_inside(
        FILE *out, _unused_ const struct tree_source *source, const struct node *node)
{
	const struct process *process = node->process;

	if (process->n_nspid > 1)
		fprintf(out, "%jd", (intmax_t)process->nspid[process->n_nspid - 1]);
	else
		fputc('-', out);
}

static void write_leader(FILE *out, const struct tree_source *source, const struct node *node)
{
	words_leader(
	        out, node->mark == MARK_GONE ? source->marks->baseline : source->model, node->ns);
}

static void write_differs(
        FILE *out, _unused_ const struct tree_source *source, const struct node *node)
{
	words_types(out, node->differs);
}

static void write_command(FILE *out, const struct tree_source *source, const struct node *node)
{
	command_write(out, &source->model->host, node->process);
}

/* --- widths, where writing each text would take too long ---------------------------------- */

static int digits(uint64_t number)
{
	int n = 1;

	for (; number >= 10; number /= 10)
		n++;
	return n;
}

static int measure_ns(const struct hierarchy *hierarchy, _unused_ const struct tree_source *source)
{
	int width = 0;

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct ns *ns = hierarchy->nodes[i].ns;

		if (ns)
			width = MAX(
			        width, (int)strlen(nstype_name(ns->type)) + digits(ns->inode) + 3);
	}
	return width;
}

static int measure_count(const struct hierarchy *hierarchy, const struct tree_source *source)
{
	const int plus = (int)strlen(partial_plus(source->model, NULL));
	size_t most = 0;

	for (size_t i = 0; i < hierarchy->n; i++) {
		if (hierarchy->nodes[i].ns)
			most = MAX(most, hierarchy->nodes[i].ns->n_processes);
	}
	return digits(most) + plus;
}

/* Most names are plain ASCII, which needs no escaping. */
static int name_width(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (*c < ' ' || *c > '~' || *c == '\\') {
			_cleanup_free_ char *text = escape_text(name);

			return line_width(text, false);
		}
	}
	return (int)strlen(name);
}

static int measure_process(
        const struct hierarchy *hierarchy, _unused_ const struct tree_source *source)
{
	int width = 0;

	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct process *process = hierarchy->nodes[i].process;

		width = MAX(width, name_width(process->name ? process->name : "") +
		                           digits((uint64_t)process->pid) + 3);
	}
	return width;
}

/* As words_unmapped writes it. */
static int unmapped_width(enum rel_state state, uid_t uid)
{
	const int width = (int)strlen(WORDS_UNMAPPED);

	if (state == REL_AMBIGUOUS)
		return digits(uid) + (int)strlen(" or ") + width;
	return state == REL_UNMAPPED ? width : 0;
}

/* Owners of namespaces and users of processes. Each name is measured once, not for each node. */
static int measure_owner(const struct hierarchy *hierarchy, const struct tree_source *source)
{
	_cleanup_(u64_set_release) struct u64_set uids = {0};
	int width = 0;

	for (size_t i = 0; i < hierarchy->n; i++) {
		uid_t uid;
		const enum rel_state state = node_owner(&hierarchy->nodes[i], &uid);

		if (state == REL_KNOWN)
			u64_set_push(&uids, uid);
		else
			width = MAX(width, unmapped_width(state, uid));
	}
	u64_set_sort_unique(&uids);
	for (size_t i = 0; i < uids.n; i++) {
		const char *name = names_get(source->names, (uid_t)uids.items[i]);

		width = MAX(width, name ? name_width(name) : digits(uids.items[i]));
	}
	return width;
}

/* --- the table ---------------------------------------------------------------------------- */

enum {
	PROCESSES = 1 << VIEW_PROCESSES,
	NAMESPACES = (1 << VIEW_KINDS) - 1 - PROCESSES,
};

/* From left to right. */
static const struct column table[] = {
        {NAMESPACES, "NAMESPACE", .gap = 1, .write = write_ns, .measure = measure_ns},
        {PROCESSES, "PROCESS", .gap = 1, .write = write_process, .measure = measure_process},
        {NAMESPACES, "OWNER", 8, 16, .gap = 1, .write = write_owner, .measure = measure_owner},
        {PROCESSES, "USER", 8, 16, .gap = 1, .write = write_user, .measure = measure_owner},
        {NAMESPACES, "PROCS", .gap = 2, .is_right = true, .write = write_count,
                .measure = measure_count},
        {PROCESSES, "INSIDE", .gap = 2, .is_right = true, .write = write_inside},
        {NAMESPACES, "LEADER", .write = write_leader},
        {PROCESSES, "DIFFERS FROM PARENT", .gap = 1, .write = write_differs},
        {PROCESSES, "COMMAND LINE", .is_cmdline = true, .write = write_command},
};

_Static_assert(ARRAY_SIZE(table) <= COLUMNS_MAX, "columns_widths has a width for each row");

static bool has_column(
        const struct column *column, const struct columns_widths *widths, enum view_kind view)
{
	return (column->views & (1u << view)) && (!column->is_cmdline || widths->with_cmdlines);
}

/* The next column of a view from `column` on; ARRAY_SIZE(table) if there is none. */
static size_t next_column(size_t column, const struct columns_widths *widths, enum view_kind view)
{
	while (column < ARRAY_SIZE(table) && !has_column(&table[column], widths, view))
		column++;
	return column;
}

static int measure_written(const struct column *column, const struct hierarchy *hierarchy,
        const struct tree_source *source)
{
	_cleanup_text_ struct text text;
	int width = 0;

	text_init(&text);
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];

		if (!node->ns && !node->process)
			continue;
		column->write(text_restart(&text), source, node);
		width = MAX(width, line_width(text_get(&text), false));
	}
	return width;
}

void columns_measure(struct columns_widths *widths, const struct hierarchy *hierarchy,
        const struct tree_source *source)
{
	const enum view_kind view = hierarchy->options.kind;

	widths->with_cmdlines = source->with_cmdlines;
	for (size_t i = 0; i < hierarchy->n; i++)
		widths->depth = MAX(widths->depth, (int)hierarchy->nodes[i].depth);
	for (size_t i = next_column(0, widths, view), next; i < ARRAY_SIZE(table); i = next) {
		next = next_column(i + 1, widths, view);
		/* The last column takes the rest of the row. */
		if (next == ARRAY_SIZE(table))
			return;
		const int width = table[i].measure ? table[i].measure(hierarchy, source)
		                                   : measure_written(&table[i], hierarchy, source);

		widths->widths[i] = MAX(widths->widths[i], width);
	}
}

/* The width of the tree, and how many levels it has room for. */
static int place_tree(
        const struct columns_widths *widths, size_t column, int limit, int *ret_levels)
{
	enum { LEVEL = COLUMNS_LEVEL };
	/* A long name must leave room for the other columns; */
	const int label =
	        LEVEL + MIN(widths->widths[column], MAX(limit / 2 - 3 * LEVEL, (int)LABEL_MIN));
	/* so must deep levels: levels without room are left out. */
	const int most = MAX(limit / 2, label + 2 * LEVEL);
	const int width =
	        MAX(MIN(label + LEVEL * widths->depth, most), (int)strlen(table[column].title));

	*ret_levels = (width - label) / LEVEL;
	return width;
}

void columns_place(
        struct columns *ret, const struct columns_widths *widths, enum view_kind view, int limit)
{
	int start = COLUMNS_GUTTER;

	ret->n = 0;
	for (size_t i = next_column(0, widths, view); i < ARRAY_SIZE(table);
	        i = next_column(i + 1, widths, view)) {
		const struct column *column = &table[i];
		int width = MAX(widths->widths[i], column->least);

		width = MAX(width, (int)strlen(column->title));
		if (column->most)
			width = MIN(width, column->most);
		if (ret->n == 0)
			width = place_tree(widths, i, limit, &ret->levels);
		ret->all[ret->n++] = (struct column_place){column, start, width};
		start += width + column->gap;
	}
}
