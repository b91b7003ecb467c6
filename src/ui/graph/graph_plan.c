/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/graph_plan.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/text.h"
#include "view/pair_layout.h"
#include "view/pair_words.h"
#include "view/partial.h"
#include "view/words.h"
#include "view/words_container.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* --- the words of a node ------------------------------------------------------------------ */

enum {
	FIXED_LINES = 4,
	GROUP_LINES = 2, /* it has no owner and holders of its own */
	GROUP_MORE = 20, /* columns: its number and owner come before the names */
};

int graph_plan_least(enum graph_zoom zoom)
{
	return zoom == GRAPH_NAMES ? 16 : 36;
}

int graph_plan_compartment(const struct graph_look *look, const struct node *node)
{
	if (look->zoom != GRAPH_BOXES || !node->ns)
		return 1;
	return node->n_alike ? GROUP_LINES : FIXED_LINES;
}

int graph_plan_count_lines(const struct graph_look *look, const struct node *node)
{
	const int fixed = graph_plan_compartment(look, node);

	return look->zoom == GRAPH_BOXES ? fixed + (int)pair_words_count_owned(node) : fixed;
}

static const struct model *model_of(const struct graph_look *look, const struct node *node)
{
	return node->mark == MARK_GONE ? look->marks->baseline : look->model;
}

struct pair_words graph_plan_words(const struct graph_look *look, const struct node *node)
{
	return (struct pair_words){
	        .model = model_of(look, node),
	        .names = look->names,
	        .is_ascii = look->is_ascii,
	};
}

/* ` | net 2 mnt 1`, after the name. */
static void add_owned(struct line *line, const struct graph_look *look, const struct node *node)
{
	const struct pair_words words = graph_plan_words(look, node);

	if (!node->n_details)
		return;
	_cleanup_text_ struct text text;
	text_init(&text);
	pair_words_owned_counts(text.out, &words, node);
	line_printf(line, STYLE_PLAIN, " ");
	line_add(line, STYLE_PLAIN, line_glyphs(look->is_ascii)->edge);
	line_add(line, STYLE_PLAIN, " ");
	line_add(line, STYLE_PLAIN, text_get(&text));
}

/* `net 3: nginx, redis, 4026532004`: the owned namespaces of type number `number`. */
static void add_owned_of(
        struct line *line, const struct graph_look *look, const struct node *node, int number)
{
	const struct pair_words words = graph_plan_words(look, node);
	_cleanup_text_ struct text text;

	text_init(&text);
	pair_words_owned(text.out, &words, node, (size_t)number);
	line_add(line, STYLE_PLAIN, text_get(&text));
}

/* The leader or a holder; of a group how many, and in a line alone their names. */
static void add_name(struct line *line, const struct graph_look *look, const struct node *node)
{
	int columns = look->columns;
	const struct process *leader = node->ns->leader;
	const struct pair_words words = graph_plan_words(look, node);
	enum style style;
	_cleanup_text_ struct text text;

	text_init_within(&text, columns + GROUP_MORE);
	if (node->n_alike) {
		pair_words_group(text.out, &words, node);
		columns += GROUP_MORE;
		if (look->zoom != GRAPH_BOXES) {
			fputs(": ", text.out);
			pair_words_members(text.out, &words, node);
		}
	} else if (leader && leader->container && look->zoom == GRAPH_NAMES)
		words_container_of_ns(text.out, node->ns);
	else if (leader && look->zoom == GRAPH_NAMES)
		escape_write_name(text.out, leader->name, 0);
	else
		words_container_leader(text.out, model_of(look, node), node->ns);
	line_add(line, STYLE_PLAIN, marks_sign(node, look->marks, &style));
	line_add_within(line, STYLE_PLAIN, text_get(&text), columns);
}

/* `(bash)`, `[systemd (1) 4026531837 │ net 2]` */
static void add_short(struct line *line, const struct graph_look *look, const struct node *node)
{
	const bool is_user = node->ns->type == NS_USER;
	const bool is_named = look->zoom == GRAPH_NAMES;

	line_add(line, STYLE_PLAIN, is_user ? "[" : "(");
	add_name(line, look, node);
	if (!is_named && !node->n_alike)
		line_printf(line, STYLE_PLAIN, " %" PRIu64, node->ns->inode);
	add_owned(line, look, node);
	line_add(line, STYLE_PLAIN, is_user ? "]" : ")");
}

static void add_fixed(
        struct line *line, const struct graph_look *look, const struct node *node, int index)
{
	const struct pair_words words = graph_plan_words(look, node);
	_cleanup_text_ struct text text;

	text_init_within(&text, look->columns);
	if (index == 0)
		add_name(line, look, node);
	if (index == 1 && node->n_alike)
		pair_words_members(text.out, &words, node);
	else if (index == 1)
		words_ns(text.out, node->ns);
	if (index == 2) {
		fputs("owner ", text.out);
		words_owner(text.out, node->ns, look->names);
	}
	if (index == 3)
		words_held_by(text.out, model_of(look, node), node->ns, 1);
	line_add_within(line, STYLE_PLAIN, text_get(&text), look->columns);
}

void graph_plan_line(
        struct line *ret, const struct graph_look *look, const struct node *node, int index)
{
	const int fixed = graph_plan_compartment(look, node);

	line_init(ret, GRAPH_LINE_MAX, look->is_ascii);
	if (index >= fixed) {
		add_owned_of(ret, look, node, index - fixed);
	} else if (!node->ns) {
		line_add(ret, STYLE_PLAIN, node_heading(node));
		if (look->zoom != GRAPH_BOXES)
			add_owned(ret, look, node);
	} else if (look->zoom != GRAPH_BOXES) {
		add_short(ret, look, node);
	} else {
		add_fixed(ret, look, node, index);
	}
}

/* --- building the plan -------------------------------------------------------------------- */

enum { BORDER = 1 };

static bool has_border(const struct graph_look *look)
{
	return look->zoom == GRAPH_BOXES;
}

int graph_plan_anchor(const struct pair_box *box)
{
	return box->y + (box->height > 1 ? BORDER : 0);
}

/* True for a namespace that is gone and has no mark any more. */
static bool is_left_out(const void *data, const struct node *node)
{
	const struct marks *marks = data;

	return node->mark == MARK_GONE && marks_get(marks, node_tag(node)) != MARK_GONE;
}

static bool is_open(const void *opened, uint64_t tag)
{
	return u64_set_has(opened, tag);
}

/* The width of the usual line, a plain name in brackets, without writing it: there may be tens of
 * thousands. -1: it has to be written. */
static int plain_width(const struct graph_look *look, const struct node *node)
{
	const struct process *leader = node->ns ? node->ns->leader : NULL;
	enum style style;

	if (look->zoom != GRAPH_NAMES || !leader || leader->container || node->n_alike ||
	        node->n_details || look->columns > GRAPH_LINE_MAX / 2)
		return -1;
	for (const char *c = leader->name; *c; c++) {
		if (*c < ' ' || *c > '~' || *c == '\\')
			return -1;
	}
	return (int)strlen("()") + (int)strlen(marks_sign(node, look->marks, &style)) +
	       MIN((int)strlen(leader->name), look->columns);
}

static int width_of(const struct graph_look *look, const struct node *node)
{
	const int lines = graph_plan_count_lines(look, node);
	const int plain = plain_width(look, node);
	int width = 0;

	if (plain >= 0)
		return plain;
	for (int k = 0; k < lines; k++) {
		struct line line;

		graph_plan_line(&line, look, node, k);
		width = MAX(width, line.columns);
		line_release(&line);
	}
	return has_border(look) ? width + 2 * (BORDER + 1) : width;
}

static int height_of(const struct graph_look *look, const struct node *node)
{
	const int lines = graph_plan_count_lines(look, node);
	const bool is_ruled = graph_plan_compartment(look, node) < lines;

	return has_border(look) ? lines + 2 * BORDER + is_ruled : lines;
}

/* The size of each box, from its words. */
static void measure(struct pair_tree *tree, struct graph_part *part, const struct graph_look *look)
{
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];

		tree->boxes[i].width = part->width[i] = width_of(look, node);
		tree->boxes[i].height = height_of(look, node);
	}
}

/* For each node of a part: true if it is an end of a line that is drawn. */
static bool *find_ends(const struct pair_plan *pair, enum pair_part kind)
{
	bool *is_end = memory_new(pair->trees[kind].hierarchy.n + 1);

	for (size_t i = 0; i < pair->n_drawn; i++)
		is_end[kind == PAIR_PID ? pair->lines[i].pid : pair->lines[i].user] = true;
	return is_end;
}

/* Gives a free row to each line of the nodes `first` to `leaf`, which are in one row of boxes that
 * ends in row `bottom`; returns how many. The rightmost node has the first row, so that no two
 * lines cross. PID namespaces of one owner share a row; so do all if there are only the lines of
 * the selected node. */
static int reserve_rows(const struct pair_plan *pair, enum pair_part kind, struct graph_part *part,
        size_t first, size_t leaf, int bottom, const bool *is_end, bool with_all)
{
	size_t owner = NODE_NO_PARENT;
	int n = 0;

	for (size_t i = leaf; i-- > first;) {
		if (!is_end[i])
			continue;
		if (n == 0 || (with_all && (kind == PAIR_USER || pair->owners[i] != owner)))
			n++;
		if (kind == PAIR_PID)
			owner = pair->owners[i];
		part->line[i] = bottom + n - 1;
	}
	return n;
}

/* Moves the rows of boxes down, so that there are free rows for lines: of any node that could be
 * selected, so that nothing moves then. Returns how many there are. */
static int make_room(struct graph_plan *plan, enum pair_part kind, bool with_all)
{
	struct graph_part *part = &plan->parts[kind];
	struct pair_tree *tree = &plan->pair.trees[kind];
	const struct node *nodes = tree->hierarchy.nodes;
	_cleanup_free_ bool *is_end = find_ends(&plan->pair, kind);
	int shift = 0, bottom = 0;

	for (size_t i = 0, first = 0; i < tree->hierarchy.n; i++) {
		struct pair_box *box = &tree->boxes[i];

		box->y += shift;
		bottom = MAX(bottom, box->y + box->height);
		part->line[i] = graph_plan_anchor(box);
		if (nodes[i].end != i + 1)
			continue;
		shift += reserve_rows(&plan->pair, kind, part, first, i, bottom, is_end, with_all);
		first = i + 1;
	}
	return shift;
}

/* Places a part below the parts before it. */
static void place_part(struct graph_plan *plan, const struct graph_look *look, enum pair_part kind)
{
	struct graph_part *part = &plan->parts[kind];
	struct pair_tree *tree = &plan->pair.trees[kind];
	int columns;

	part->title = plan->rows + (kind > 0);
	measure(tree, part, look);
	pair_layout_place(tree,
	        &(struct pair_spacing){.y = part->title + 1,
	                .column_gap = GRAPH_GAP,
	                .is_widened = has_border(look)},
	        &columns, &plan->rows);
	plan->columns = MAX(plan->columns, columns);
	plan->rows += make_room(plan, kind, look->with_all_owners);
	/* The last child of a node has the highest index, so that its anchor is set last. */
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const size_t parent = tree->hierarchy.nodes[i].parent;

		part->last[i] = graph_plan_anchor(&tree->boxes[i]);
		if (parent != NODE_NO_PARENT)
			part->last[parent] = part->last[i];
	}
}

void graph_plan_place(struct graph_plan *plan, const struct graph_look *look)
{
	plan->rows = plan->columns = 0;
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		place_part(plan, look, part);
}

void graph_plan_build(
        struct graph_plan *ret, const struct graph_look *look, const struct u64_set *opened)
{
	const struct pair_options options = {
	        .model = look->model,
	        .baseline = look->marks->baseline,
	        .view = {.with_details = look->view.with_details,
	                .sort = look->view.sort,
	                .is_inverted = look->view.is_inverted,
	                .is_collapsed = true},
	        .collapse = {.selected = look->apart, .is_open = is_open, .data = opened},
	        .is_left_out = look->marks->baseline ? is_left_out : NULL,
	        .data = look->marks,
	};

	*ret = (struct graph_plan){0};
	pair_plan_build(&ret->pair, &options);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const size_t n = ret->pair.trees[part].hierarchy.n + 1;

		ret->parts[part] = (struct graph_part){
		        .last = memory_new(n * sizeof(*ret->parts[part].last)),
		        .line = memory_new(n * sizeof(*ret->parts[part].line)),
		        .width = memory_new(n * sizeof(*ret->parts[part].width)),
		};
	}
	graph_plan_place(ret, look);
}

void graph_plan_release(struct graph_plan *plan)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		free(plan->parts[part].last);
		free(plan->parts[part].line);
		free(plan->parts[part].width);
	}
	pair_plan_release(&plan->pair);
	*plan = (struct graph_plan){0};
}

/* --- the width of names ------------------------------------------------------------------- */

/* The width of a box whose words are cut: from `least` with the least limit to `most` without. */
struct range {
	unsigned depth;
	int least;
	int most;
};

static int columns_with(const struct range *all, size_t n, unsigned depths, int more)
{
	_cleanup_free_ int *widths = memory_new((depths + 1) * sizeof(*widths));
	int columns = 0;

	for (size_t i = 0; i < n; i++) {
		const int width = MIN(all[i].least + more, all[i].most);

		widths[all[i].depth] = MAX(widths[all[i].depth], width);
	}
	for (unsigned depth = 0; depth < depths; depth++)
		columns += widths[depth] + (depth ? GRAPH_GAP : 0);
	return columns;
}

/* How much more than the least width names may have in one hierarchy, at most `most`. */
static int fit_part(const struct graph_plan *plan, enum pair_part part,
        const struct graph_look *look, int columns, int most)
{
	const struct hierarchy *hierarchy = graph_plan_hierarchy(plan, part);
	_cleanup_free_ struct range *all = memory_new((hierarchy->n + 1) * sizeof(*all));
	struct graph_look wide = *look;
	unsigned depths = 0;

	wide.columns = GRAPH_LINE_MAX;
	for (size_t i = 0; i < hierarchy->n; i++) {
		const struct node *node = &hierarchy->nodes[i];
		const int width = plan->parts[part].width[i];
		/* Words that are cut have the least width. */
		const bool is_whole = width < graph_plan_least(look->zoom);

		all[i] = (struct range){
		        node->depth, width, is_whole ? width : width_of(&wide, node)};
		depths = MAX(depths, node->depth + 1);
	}
	const size_t more = LOWER_BOUND(
	        (size_t)most, at, columns_with(all, hierarchy->n, depths, (int)at + 1) <= columns);
	return (int)more;
}

int graph_plan_fit(const struct graph_plan *plan, const struct graph_look *look, int columns)
{
	const int least = graph_plan_least(look->zoom);
	int more = GRAPH_LINE_MAX - least;

	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		more = fit_part(plan, part, look, columns, more);
	return least + more;
}

/* --- nodes -------------------------------------------------------------------------------- */

const struct hierarchy *graph_plan_hierarchy(const struct graph_plan *plan, enum pair_part part)
{
	return &plan->pair.trees[part].hierarchy;
}

struct graph_at graph_plan_find(const struct graph_plan *plan, uint64_t tag)
{
	struct graph_at at = {.node = NODE_NO_PARENT};

	for (at.part = 0; tag && at.part < PAIR_PARTS; at.part++) {
		at.node = pair_plan_find(&plan->pair.trees[at.part], tag);
		if (at.node != NODE_NO_PARENT)
			return at;
	}
	return (struct graph_at){.node = NODE_NO_PARENT};
}

static bool is_there(const struct graph_plan *plan, struct graph_at at)
{
	return at.node < graph_plan_hierarchy(plan, at.part)->n;
}

const struct node *graph_plan_node(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &graph_plan_hierarchy(plan, at.part)->nodes[at.node] : NULL;
}

const struct pair_box *graph_plan_box(const struct graph_plan *plan, struct graph_at at)
{
	return is_there(plan, at) ? &plan->pair.trees[at.part].boxes[at.node] : NULL;
}

size_t graph_plan_first(const struct graph_plan *plan, enum pair_part part, int row)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	size_t low = LOWER_BOUND(tree->hierarchy.n, i, tree->boxes[i].y < row);

	/* The row of the layout before that one may reach into the view. */
	const int before = low > 0 ? tree->boxes[low - 1].y : 0;
	while (low > 0 && tree->boxes[low - 1].y == before)
		low--;
	return low;
}
