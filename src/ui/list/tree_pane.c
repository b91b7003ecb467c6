/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/tree_pane.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/draw/line.h"
#include "ui/list/node_style.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

/* Where the columns begin and how wide they are. */
struct columns {
	int tree_width;
	int levels; /* how many levels of tree lines fit */
	int owner;
	int owner_width;
	int processes_width;
	int leader;
};

enum {
	GUTTER = 3,
	LEVEL = 2, /* columns of a level, and of the fold mark with its blank */
	LABEL_MIN = 20,
	NAME_MIN = 8,
	OWNER_MIN = 8,
	OWNER_MAX = 16,
	MARGIN = 2, /* at the right */
	BELOW_SIZE = 100,
};

/* What stands above the columns. */
struct titles {
	const char *label;
	const char *owner;
	const char *number;
	const char *rest;
};

static const struct titles *titles_of(const struct tree *tree)
{
	static const struct titles namespaces = {"NAMESPACE", "OWNER", "PROCS", "LEADER"};
	static const struct titles processes = {"PROCESS", "USER", "INSIDE", "NOT ITS PARENT'S"};

	return tree->view.kind == VIEW_PROCESSES ? &processes : &namespaces;
}

static struct columns columns_of(const struct tree *tree, int limit)
{
	const struct tree_widths *widths = &tree->widths[tree->view.kind];
	const struct titles *titles = titles_of(tree);
	const int title = (int)strlen(titles->label);
	/* One long name is not to take the place of all columns. */
	const int label = LEVEL + MIN(widths->label, MAX(limit / 2 - 3 * LEVEL, LABEL_MIN));
	/* Levels too deep are left out rather than pushing all else off the screen. */
	const int most = MAX(limit / 2, label + 2 * LEVEL);
	struct columns columns;

	columns.tree_width = MAX(MIN(label + LEVEL * widths->depth, most), title);
	columns.levels = (columns.tree_width - label) / LEVEL;
	columns.owner = GUTTER + columns.tree_width + 1;
	columns.owner_width = MIN(MAX(widths->owner, OWNER_MIN), OWNER_MAX);
	columns.processes_width = MAX(widths->processes, (int)strlen(titles->number));
	columns.leader = columns.owner + columns.owner_width + 1 + columns.processes_width + 2;
	return columns;
}

void tree_pane_titles(
        struct frame *frame, const struct rect *rect, const struct tree *tree, bool is_ascii)
{
	const struct columns columns = columns_of(tree, rect->columns);
	struct line line;

	if (!rect->rows)
		return;
	const struct titles *titles = titles_of(tree);
	line_init(&line, rect->columns, is_ascii);
	line_pad(&line, GUTTER);
	line_add(&line, STYLE_PLAIN, titles->label);
	line_pad(&line, columns.owner);
	line_field(&line, STYLE_PLAIN, titles->owner, columns.owner_width + 1, false);
	line_field(&line, STYLE_PLAIN, titles->number, columns.processes_width, true);
	line_pad(&line, columns.leader);
	line_add(&line, STYLE_PLAIN, titles->rest);
	line_restyle(&line, STYLE_COLUMNS);
	line_take(&line, &frame->lines[rect->row]);
}

static void draw_mark(struct line *line, const struct node *node, const struct marks *marks)
{
	enum style style;
	const char *mark = node_style_mark(node, marks, &style);

	line_add(line, style, mark);
}

/* The lines from the ancestors down to node `index`. */
static void draw_guides(struct line *line, const struct hierarchy *hierarchy,
        const struct rows_rule *rule, size_t index, int levels)
{
	const struct glyphs *glyphs = glyphs_get(line->is_ascii);
	const struct node *nodes = hierarchy->nodes;
	const int depth = (int)nodes[index].depth;
	const int shown = MIN(depth, levels);
	_cleanup_free_ const char **pieces = memory_new((size_t)(shown + 1) * sizeof(*pieces));
	size_t i = index;

	for (int level = shown; level-- > 0; i = nodes[i].parent) {
		const bool is_last = rows_is_last(hierarchy, rule, i);

		if (i != index)
			pieces[level] = is_last ? glyphs->none : glyphs->guide;
		else if (nodes[i].is_owned)
			pieces[level] = glyphs->owned;
		else
			pieces[level] = is_last ? glyphs->last : glyphs->branch;
	}
	if (depth > shown && shown > 1)
		pieces[0] = glyphs->left_out;
	for (int level = 0; level < shown; level++)
		line_add(line, STYLE_DIM, pieces[level]);
}

/* Names may be longer than any column; the PID is there all the same. */
static void draw_process(struct line *line, const struct columns *columns,
        const struct process *process, enum style style)
{
	const int width = columns->owner - 1 - line->columns;
	_cleanup_text_ struct text text, name;
	char pid[16];

	snprintf(pid, sizeof(pid), " (%jd)", (intmax_t)process->pid);
	const int room = width - (int)strlen(pid);
	text_init(&text);
	text_init(&name);
	words_process(text.out, process);
	words_process_name(name.out, process);
	if (line_width(text_get(&text), line->is_ascii) <= width || room < NAME_MIN) {
		line_add_within(line, style, text_get(&text), width);
		return;
	}
	line_add_within(line, style, text_get(&name), room);
	line_add(line, style, pid);
}

static void draw_label(
        struct line *line, const struct columns *columns, const struct node *node, enum style style)
{
	if (node->process) {
		draw_process(line, columns, node->process, style);
		return;
	}
	_cleanup_text_ struct text text;
	text_init(&text);
	if (node->ns)
		words_ns(text.out, node->ns);
	else
		fputs(WORDS_OUTSIDE, text.out);
	line_add(line, style, text_get(&text));
}

static void draw_owner(struct line *line, const struct columns *columns, const struct node *node,
        const struct names *names)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (node->process)
		words_process_user(text.out, node->process, names);
	else
		words_owner_short(text.out, node->ns, names);
	line_pad(line, columns->owner);
	line_field(line, STYLE_PLAIN, text_get(&text), columns->owner_width, false);
	line_pad(line, columns->owner + columns->owner_width + 1);
}

static void draw_processes(
        struct line *line, const struct columns *columns, const struct node *node)
{
	const struct process *process = node->process;
	char number[32] = "-";

	if (process && process->n_nspid > 1)
		snprintf(number, sizeof(number), "%jd",
		        (intmax_t)process->nspid[process->n_nspid - 1]);
	else if (process)
		;
	else if (node->mark == MARK_GONE)
		snprintf(number, sizeof(number), "0");
	else if (node->ns->n_processes)
		snprintf(number, sizeof(number), "%zu", node->ns->n_processes);
	line_field(line, STYLE_PLAIN, number, columns->processes_width, true);
	line_pad(line, columns->leader);
}

/* At the right how many rows are folded away, and how many of them came or went: `[3 below +2]`.
 * Returns the column where it will begin. */
static int below_text(char text[static BELOW_SIZE], const struct row *row, int limit)
{
	size_t n;

	text[0] = '\0';
	if (!row->n_below)
		return limit;
	n = (size_t)snprintf(text, BELOW_SIZE, "[%zu below", row->n_below);
	if (row->n_new)
		n += (size_t)snprintf(text + n, BELOW_SIZE - n, " +%zu", row->n_new);
	if (row->n_gone)
		n += (size_t)snprintf(text + n, BELOW_SIZE - n, " -%zu", row->n_gone);
	snprintf(text + n, BELOW_SIZE - n, "]");
	return limit - MARGIN - (int)strlen(text);
}

static void draw_below(struct line *line, const struct row *row)
{
	char text[BELOW_SIZE];
	const int start = below_text(text, row, line->limit);

	if (!*text || line->columns > start)
		return;
	line_pad(line, start);
	line_add(line, row->n_new ? STYLE_NEW : row->n_gone ? STYLE_GONE : STYLE_DIM, text);
}

/* The leader, and what is folded away. */
static void draw_leader(struct line *line, const struct tree_source *source, const struct row *row,
        const struct node *node)
{
	const struct model *model =
	        node->mark == MARK_GONE ? source->marks->baseline : source->model;
	char below[BELOW_SIZE];
	const int end = below_text(below, row, line->limit);
	_cleanup_text_ struct text leader;

	text_init(&leader);
	if (node->process)
		words_types(leader.out, node->differs);
	else if (node->ns)
		words_leader(leader.out, model, node->ns);
	if (row->n_below)
		line_field(line, STYLE_PLAIN, text_get(&leader), end - 1 - line->columns, false);
	else
		line_add(line, STYLE_PLAIN, text_get(&leader));
	draw_below(line, row);
}

static void draw_row(struct line *line, const struct tree *tree, const struct tree_source *source,
        size_t index, int *ret_label)
{
	const struct columns columns = columns_of(tree, line->limit);
	const struct glyphs *glyphs = glyphs_get(line->is_ascii);
	const struct row *row = &tree->rows.all[index];
	const struct node *node = &tree->hierarchy.nodes[row->node];
	const bool is_selected = index == tree->selected;
	const struct rows_rule rule = tree_rule(tree, source->marks);
	const bool is_above = tree->filtered && tree->filtered[row->node] == FILTERED_ABOVE;

	line_add(line, STYLE_PLAIN, is_selected ? ">" : " ");
	draw_mark(line, node, source->marks);
	line_pad(line, GUTTER);
	draw_guides(line, &tree->hierarchy, &rule, row->node, columns.levels);
	line_add(line, STYLE_PLAIN,
	        !row->has_below ? " "
	        : row->n_below  ? glyphs->closed
	                        : glyphs->open);
	line_add(line, STYLE_PLAIN, " ");
	*ret_label = line->columns;
	draw_label(line, &columns, node,
	        is_selected ? STYLE_SELECTED
	        : is_above  ? STYLE_DIM
	                    : node_style_of(node));
	/* What only leads to a match says no more than where it is. */
	if (is_above) {
		draw_below(line, row);
		return;
	}
	if (node->ns || node->process) {
		draw_owner(line, &columns, node, source->names);
		draw_processes(line, &columns, node);
	}
	draw_leader(line, source, row, node);
}

void tree_pane_draw(struct frame *frame, const struct rect *rect, const struct tree *tree,
        const struct tree_source *source, bool is_ascii, bool has_focus)
{
	for (int i = 0; i < rect->rows && tree->top + (size_t)i < tree->rows.n; i++) {
		const size_t index = tree->top + (size_t)i;
		struct line line;
		int label;

		line_init(&line, rect->columns, is_ascii);
		draw_row(&line, tree, source, index, &label);
		line_take(&line, &frame->lines[rect->row + i]);
		if (!has_focus || index != tree->selected)
			continue;
		frame->cursor_row = rect->row + i;
		frame->cursor_column = label < rect->columns ? label : rect->columns - 1;
		frame->is_cursor_visible = true;
	}
}

bool tree_pane_is_fold_mark(const struct tree *tree, size_t index, int columns, int column)
{
	const struct columns all = columns_of(tree, columns);
	const struct row *row = &tree->rows.all[index];
	const int depth = (int)tree->hierarchy.nodes[row->node].depth;
	const int mark = GUTTER + LEVEL * MIN(depth, all.levels);

	return row->has_below && column >= mark && column < mark + LEVEL;
}
