/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "ui/draw/line.h"
#include "ui/list/marks.h"
#include "ui/list/tree.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

enum {
	NAME_MIN = 8, /* of a process whose name is cut */
	MARGIN = 2,   /* right of the number of folded rows */
	BELOW_SIZE = 100,
};

static struct columns columns_of(const struct tree *tree, int limit)
{
	struct columns columns;

	columns_place(
	        &columns, &tree->widths[tree->view.kind], tree->columns, tree->view.kind, limit);
	return columns;
}

/* Text in a column; in the last one it takes what it needs. */
static void draw_text(struct line *line, const struct column_place *place, enum style style,
        const char *text, bool is_last)
{
	line_pad(line, place->start);
	if (is_last && !place->column->is_right)
		line_add(line, style, text);
	else
		line_field(line, style, text, place->width, place->column->is_right);
}

void tree_pane_titles(
        struct frame *frame, const struct rect *rect, const struct tree *tree, bool is_ascii)
{
	const struct columns columns = columns_of(tree, rect->columns);
	struct line line;

	if (!rect->rows)
		return;
	line_init(&line, rect->columns, is_ascii);
	for (size_t i = 0; i < columns.n; i++)
		draw_text(&line, &columns.all[i], STYLE_PLAIN, columns.all[i].column->title,
		        i + 1 == columns.n);
	line_restyle(&line, STYLE_COLUMNS);
	line_take(&line, &frame->lines[rect->row]);
}

/* Highlights what was found in the text of a column, from byte `from` of the line on. Numbers of
 * processes and the like are not searched; a PID, or the end of a number, is not the same number in
 * a column of users. */
static void mark_found(
        struct line *line, const struct column *column, const struct needle *needle, size_t from)
{
	enum { TEXT = 1u << NEEDLE_TEXT, PID = 1u << NEEDLE_PID, END = 1u << NEEDLE_END };
	static const unsigned kinds[COLUMN_IDS] = {
	        [COLUMN_NS] = TEXT | END,
	        [COLUMN_NAME] = TEXT | END | PID,
	        [COLUMN_PATH] = TEXT | END,
	        [COLUMN_FSTYPE] = TEXT,
	        [COLUMN_SOURCE] = TEXT,
	        [COLUMN_DEVICE] = TEXT,
	        [COLUMN_DIRECTORY] = TEXT,
	        [COLUMN_PROPAGATION] = TEXT,
	        [COLUMN_OPTIONS] = TEXT,
	        [COLUMN_FS_OPTIONS] = TEXT,
	        [COLUMN_KIND] = TEXT,
	        [COLUMN_CONTAINER] = TEXT,
	        [COLUMN_IMAGE] = TEXT,
	        [COLUMN_INODE] = TEXT | END,
	        [COLUMN_PROCESS] = TEXT | PID,
	        [COLUMN_PID] = TEXT | PID,
	        [COLUMN_INSIDE] = TEXT | PID,
	        [COLUMN_LEADER] = TEXT | PID,
	        [COLUMN_OWNER] = TEXT,
	        [COLUMN_USER] = TEXT,
	        [COLUMN_COMMAND] = TEXT,
	        [COLUMN_HELD_BY] = TEXT,
	        [COLUMN_CGROUP] = TEXT,
	        [COLUMN_CMDLINE] = TEXT,
	};

	if (needle && kinds[column - column_row(0)] & 1u << needle->kind)
		line_mark(line, needle, from, line->len, STYLE_MATCH);
}

/* The lines from the ancestors down to node `index`. */
static void draw_guides(struct line *line, const struct hierarchy *hierarchy,
        const struct rows_rule *rule, size_t index, int levels, enum style style)
{
	const struct glyphs *glyphs = line_glyphs(line->is_ascii);
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
	if (depth > shown && shown > 0)
		pieces[0] = glyphs->left_out;
	for (int level = 0; level < shown; level++)
		line_add(line, style, pieces[level]);
}

/* `user:[4026532402]`; without room for that the type and the last digits, `user:[…32402]`: those
 * differ most, and a number is found by them. */
static void draw_number(struct line *line, const char *text, int width, enum style style)
{
	const char *ellipsis = line_glyphs(line->is_ascii)->ellipsis;
	const int all = (int)strlen(text), type = (int)strcspn(text, "[") + 1;
	const int last = width - type - 1;
	char head[16];

	if (all <= width || last < (int)strlen("999]")) {
		line_add_within(line, style, text, width);
		return;
	}
	snprintf(head, sizeof(head), "%.*s", type, text);
	line_add(line, style, head);
	line_add(line, style, ellipsis);
	line_add(line, style, text + all - last);
}

/* `/srv (covered)`: the path is cut, not the word. */
static void draw_covered(struct line *line, const char *path, int width, enum style style)
{
	const int room = width - (int)strlen(COLUMN_WIDTHS_COVERED);

	if (room < 1) {
		line_add_within(line, style, path, width);
		return;
	}
	line_add_within(line, style, path, room);
	line_add(line, style, COLUMN_WIDTHS_COVERED);
}

/* The label in the tree. If there is no room for a process, its name is cut, not the PID. */
static void draw_label(struct line *line, const struct columns *columns,
        const struct column_source *source, const struct node *node, enum style style)
{
	const struct column_place *tree = &columns->all[0];
	const int width = tree->start + tree->width - line->columns;
	_cleanup_text_ struct text text;

	text_init_within(&text, line->limit);
	tree->column->write(text.out, source, node);
	if (!node->process) {
		if (node->ns)
			draw_number(line, text_get(&text), width, style);
		else if (node_is_heading(node))
			line_add(line, style, text_get(&text));
		else if (node->mount && node->mount->is_covered)
			draw_covered(line, text_get(&text), width, style);
		else
			line_add_within(line, style, text_get(&text), width);
		return;
	}
	char pid[16];
	const int room = width - snprintf(pid, sizeof(pid), " (%jd)", (intmax_t)node->process->pid);
	if (line_width(text_get(&text), line->is_ascii) <= width || room < NAME_MIN) {
		line_add_within(line, style, text_get(&text), width);
		return;
	}
	words_process_name(text_restart(&text), node->process);
	line_add_within(line, style, text_get(&text), room);
	line_add(line, style, pid);
}

/* How many rows are folded below one, and how many of them are new or gone: `[3 below +2]`, `[85
 * kernel threads]` if they are nothing else. It is aligned to the right; returns the column where
 * it starts, `limit` if there are no such rows. */
static int below_text(char text[static BELOW_SIZE], const struct row *row, int limit)
{
	size_t n;

	text[0] = '\0';
	if (!row->n_below || (!row->is_counted && !row->n_new && !row->n_gone))
		return limit;
	n = (size_t)snprintf(text, BELOW_SIZE, "[%zu %s", row->n_below,
	        row->n_kernel < row->n_below ? "below"
	        : row->n_below == 1          ? "kernel thread"
	                                     : "kernel threads");
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

static enum style text_style(const struct column *column, const struct node *node)
{
	const bool is_holder = column == column_row(COLUMN_LEADER) && node->ns &&
	                       !node->ns->leader && node->ns->n_holders;

	if (!is_holder || node->mark == MARK_GONE)
		return STYLE_PLAIN;
	return model_is_leaked(node->ns) ? STYLE_LEAKED : STYLE_HOLDER;
}

/* The columns behind the tree, and the number of rows folded below. Returns the end of what is
 * highlighted in the selected row: a command line may be long, and would be written twice for each
 * key. */
static size_t draw_columns(struct line *line, const struct columns *columns,
        const struct column_source *source, const struct row *row, const struct node *node,
        bool is_selected, const struct needle *needle)
{
	char below[BELOW_SIZE];
	const int end = below_text(below, row, line->limit) - 1;
	size_t highlighted = line->len;
	_cleanup_text_ struct text text;

	text_init_within(&text, line->limit);
	for (size_t i = 1; i < columns->n && !node_is_heading(node); i++) {
		struct column_place place = columns->all[i];
		const bool is_last = i + 1 == columns->n;
		const enum style style = is_selected ? STYLE_PLAIN : text_style(place.column, node);
		const size_t from = line->len;

		/* The number below is not left out: it says that there is something. */
		if (row->n_below && place.start >= end)
			break;
		if ((is_last && !place.column->is_right) ||
		        (row->n_below && place.start + place.width > end))
			place.width = end - place.start;
		place.column->write(text_restart(&text), source, node);
		draw_text(line, &place, style, text_get(&text), is_last && !row->n_below);
		mark_found(line, place.column, needle, from);
		if (place.column != column_row(COLUMN_CMDLINE))
			highlighted = line->len;
	}
	draw_below(line, row);
	return highlighted;
}

static enum style label_style(const struct tree *tree, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (!ns || node->mark == MARK_GONE)
		return marks_style(node);
	if (model_is_leaked(ns))
		return STYLE_LEAKED;
	return ns->type == NS_USER && tree->view.kind != VIEW_USER && view_is_by_owner(&tree->view)
	               ? STYLE_OWNER
	               : marks_style(node);
}

/* Returns the column where the label starts. */
static int draw_row(
        struct line *line, const struct tree *tree, const struct tree_source *source, size_t index)
{
	const struct columns columns = columns_of(tree, line->limit);
	const struct column_source texts = column_widths_source(source);
	const struct glyphs *glyphs = line_glyphs(line->is_ascii);
	const struct row *row = &tree->rows.all[index];
	const struct node *node = &tree->hierarchy.nodes[row->node];
	const bool is_selected = index == tree->scroller.selected;
	const struct rows_rule rule = tree_rule(tree, source->marks);
	const bool is_above = tree->filtered && tree->filtered[row->node] == FILTERED_ABOVE;
	enum style style;
	const char *sign = marks_sign(node, source->marks, &style);

	line_add(line, STYLE_PLAIN, is_selected ? ">" : " ");
	line_add(line, style, sign);
	line_pad(line, COLUMNS_GUTTER);
	const bool is_whole = is_selected && source->with_whole_row && !is_above;
	const size_t start = line->len;
	draw_guides(line, &tree->hierarchy, &rule, row->node, columns.levels,
	        is_whole ? STYLE_SELECTED : STYLE_DIM);
	line_add(line, STYLE_PLAIN,
	        !row->has_below ? " "
	        : row->n_below  ? glyphs->closed
	                        : glyphs->open);
	line_add(line, STYLE_PLAIN, " ");
	const int label = line->columns;
	const size_t from = line->len;
	draw_label(line, &columns, &texts, node,
	        is_selected ? STYLE_SELECTED
	        : is_above  ? STYLE_DIM
	                    : label_style(tree, node));
	const struct needle *needle = is_selected ? source->needle : NULL;
	mark_found(line, columns.all[0].column, needle, from);
	/* An ancestor of a match only shows where the match is. */
	if (is_above) {
		draw_below(line, row);
		return label;
	}
	const size_t end = draw_columns(line, &columns, &texts, row, node, is_selected, needle);
	if (is_whole)
		line_fill(line, start, end - start, STYLE_SELECTED);
	return label;
}

void tree_pane_draw(struct frame *frame, const struct rect *rect, const struct tree *tree,
        const struct tree_source *source, bool is_ascii, bool has_focus)
{
	for (int i = 0; i < rect->rows && tree->scroller.top + (size_t)i < tree->rows.n; i++) {
		const size_t index = tree->scroller.top + (size_t)i;
		struct line line;

		line_init(&line, rect->columns, is_ascii);
		const int label = draw_row(&line, tree, source, index);
		line_take(&line, &frame->lines[rect->row + i]);
		if (has_focus && index == tree->scroller.selected)
			frame_set_cursor(frame, rect->row + i, MIN(label, rect->columns - 1));
	}
}

bool tree_pane_has_needle(
        const struct tree *tree, const struct tree_source *source, int columns, bool is_ascii)
{
	struct line line;
	bool has_match = false;

	line_init(&line, columns, is_ascii);
	draw_row(&line, tree, source, tree->scroller.selected);
	for (size_t i = 0; i < line.n_spans; i++)
		has_match |= line.spans[i].style == STYLE_MATCH;
	line_release(&line);
	return has_match;
}

bool tree_pane_is_fold_mark(const struct tree *tree, size_t index, int columns, int column)
{
	const struct columns all = columns_of(tree, columns);
	const struct row *row = &tree->rows.all[index];
	const int depth = (int)tree->hierarchy.nodes[row->node].depth;
	const int mark = COLUMNS_GUTTER + COLUMN_WIDTHS_LEVEL * MIN(depth, all.levels);

	return row->has_below && column >= mark && column < mark + COLUMN_WIDTHS_LEVEL;
}
