/* SPDX-License-Identifier: Apache-2.0 */

/* Lines from PID namespaces to the user namespaces that own them. A line leaves its own box, goes
 * through a free row to a lane right of all boxes beside it, and through a free row to the box of
 * the owner: never behind another box. */

#include "base/attributes.h"
#include "base/text.h"
#include "ui/graph/canvas.h"
#include "ui/graph/graph.h"
#include "view/partial.h"
#include "view/words.h"

#include <limits.h>

/* The lines to one owner, which have one lane and one arrow head. */
struct owned {
	const struct graph *graph;
	struct canvas *canvas;
	const struct pair_line *lines;
	size_t n;
	int lane; /* column */
};

/* Where a line meets a box. */
struct end {
	const struct node *node;
	const struct pair_box *box;
	int row; /* in which it runs from there */
	int column;
	bool is_below; /* at the bottom of the box; else at its right */
};

static struct end end_of(const struct graph *graph, enum pair_part part, size_t node)
{
	const struct graph_at at = {part, node};
	const struct pair_box *box = graph_plan_box(&graph->plan, at);
	const int row = graph->plan.parts[part].line[node];
	const bool is_below = row >= box->y + box->height;

	return (struct end){
	        .node = graph_plan_node(&graph->plan, at),
	        .box = box,
	        .row = row,
	        .column = is_below ? box->x + 1 : box->x + box->width,
	        .is_below = is_below,
	};
}

static bool has_column(const struct canvas *canvas, int column)
{
	return column >= canvas->left && column < canvas->left + canvas->columns;
}

static bool is_in_view(const struct canvas *canvas, const struct end *end)
{
	return end->row >= canvas->top && end->row < canvas->top + canvas->rows &&
	       has_column(canvas, end->column);
}

/* True if a line cannot be followed to that end. */
static bool is_far(const struct owned *owned, const struct end *end)
{
	return !is_in_view(owned->canvas, end) || !has_column(owned->canvas, owned->lane);
}

/* The row of the highest end; that of the owner is the lowest, below the PID hierarchy. */
static int top_row(const struct owned *owned)
{
	int top = INT_MAX;

	for (size_t i = 0; i < owned->n; i++) {
		const struct end pid = end_of(owned->graph, PAIR_PID, owned->lines[i].pid);

		top = MIN(top, pid.row);
	}
	return top;
}

/* From its box to the lane. */
static void put_end(const struct owned *owned, const struct end *end)
{
	if (end->is_below)
		canvas_down(owned->canvas, end->column, end->box->y + end->box->height - 1,
		        end->row, STROKE_DASHED);
	canvas_across(owned->canvas, end->row, end->column, owned->lane, STROKE_DASHED);
}

static void put_head(const struct owned *owned, const struct end *user)
{
	static const char *const heads[2][2] = {{"◂", "▴"}, {"<", "^"}};

	canvas_word(owned->canvas, user->is_below ? user->box->y + user->box->height : user->row,
	        user->column, STYLE_PLAIN, heads[owned->canvas->is_ascii][user->is_below], 1);
}

/* --- columns right of the boxes ------------------------------------------------------------ */

/* The columns of the picture with its lanes. */
static size_t count_columns(const struct graph *graph)
{
	const struct pair_plan *pair = &graph->plan.pair;
	/* The last one is for the lines of the selected node. */
	const size_t most = graph->with_all_owners ? GRAPH_LANES_MAX + 1 : 1;

	return (size_t)graph->plan.columns + GRAPH_LANE * MIN(pair->n_lanes, most) + 1;
}

/* The columns for words between boxes and lanes: none if the whole picture fits into the window, so
 * that there are no words; not so many that lanes leave the window, unless some do anyway. */
static size_t room_for_words(const struct graph *graph)
{
	const size_t columns = count_columns(graph), page = graph->columns.page;

	if (columns > page)
		return GRAPH_WORDS;
	return (size_t)graph->plan.rows <= graph->rows.page
	               ? 0
	               : MIN(page - columns, (size_t)GRAPH_WORDS);
}

size_t graph_lines_columns(const struct graph *graph)
{
	return count_columns(graph) + (graph->with_all_owners ? room_for_words(graph) : 0);
}

size_t graph_lines_room(const struct graph *graph)
{
	const size_t lanes = count_columns(graph) - (size_t)graph->plan.columns;
	const bool has_words =
	        graph->plan.pair.n_drawn > 0 && (size_t)graph->plan.rows > graph->rows.page;

	return lanes + (has_words ? GRAPH_WORDS : 0);
}

static int far_lane(const struct graph *graph, size_t lane)
{
	return graph->plan.columns + GRAPH_LANE + (int)room_for_words(graph) +
	       GRAPH_LANE * (int)MIN(lane, (size_t)GRAPH_LANES_MAX);
}

/* --- words at the ends -------------------------------------------------------------------- */

/* "+" if there may be more namespaces than a node has. */
static const char *plus_of(const struct owned *owned, const struct node *node)
{
	return partial_plus(graph_plan_words(&owned->graph->look, node).model, node->ns);
}

/* Writes ` user:[4026532001]`; of several namespaces, of a node or of nodes like it, ` pid 3`. */
static void write_far(FILE *out, const struct owned *owned, const struct node *node,
        const struct ns *ns, size_t n)
{
	fputc(' ', out);
	if (n == 1)
		words_ns(out, ns);
	else
		fprintf(out, "%s %zu%s", nstype_name(ns->type), n, plus_of(owned, node));
}

/* Puts words on the line behind its end, where they hide no line between parent and child, if the
 * window has room for that. If the lane is too near, they are right of it; if all lines are drawn,
 * where other lanes are, they are left out. */
static void put_words(const struct owned *owned, const struct end *end, struct text *words)
{
	struct canvas *canvas = owned->canvas;
	const bool is_alone = !owned->graph->with_all_owners;
	const int lane = is_alone ? owned->lane : far_lane(owned->graph, 0);
	int column = end->column + 2;

	if (!*text_get(words))
		return;
	fputc(' ', words->out);
	const int width = line_width(text_get(words), canvas->is_ascii);
	const int past = canvas_past_lines(canvas, end->row, column, width);
	if (past + width > lane && !is_alone)
		return;
	if (past + width <= MIN(lane, canvas->left + canvas->columns))
		column = past;
	else if (past + width > lane)
		column = lane + 1;
	canvas_word(canvas, end->row, column, STYLE_DIM, text_get(words), width);
}

/* Lines to the owner that run in one row. */
struct row_of_lines {
	struct end last; /* the words are behind it */
	size_t n;        /* the PID namespaces that the last one stands for; 0: no lines yet */
	const struct ns *owner; /* NULL: several members of a group */
};

/* How many it stands for, if it is a group, and the owner, if that is far. */
static void label_row(
        const struct owned *owned, const struct row_of_lines *row, const struct end *user)
{
	const size_t n_users = row->owner ? 1 : user->node->n_alike;

	if (!row->n)
		return;
	_cleanup_text_ struct text words;
	text_init(&words);
	if (row->n > 1)
		fprintf(words.out, " %s%zu%s", owned->canvas->is_ascii ? "x" : "×", row->n,
		        plus_of(owned, row->last.node));
	if (is_far(owned, user))
		write_far(words.out, owned, user->node, row->owner ? row->owner : user->node->ns,
		        n_users);
	put_words(owned, &row->last, &words);
}

/* The `n` PID namespaces that are far, of which `far` is one. */
static void label_user(
        const struct owned *owned, const struct end *user, const struct node *far, size_t n)
{
	if (!is_in_view(owned->canvas, user) || !n)
		return;
	_cleanup_text_ struct text words;
	text_init(&words);
	write_far(words.out, owned, far, far->ns, n);
	put_words(owned, user, &words);
}

/* --- all lines to one owner --------------------------------------------------------------- */

/* The owner of the namespaces of a node that has a line to `user`; NULL: several. */
static const struct ns *owner_of(const struct node *pid, const struct node *user)
{
	if (!user->n_alike)
		return user->ns;
	return pid->n_alike ? NULL : pid->ns->owner.ns;
}

static void label_pids(const struct owned *owned, const struct end *user)
{
	struct row_of_lines row = {0};

	for (size_t i = 0; i < owned->n; i++) {
		const struct end pid = end_of(owned->graph, PAIR_PID, owned->lines[i].pid);
		const struct ns *owner = owner_of(pid.node, user->node);
		const bool is_same_row = row.n && pid.row == row.last.row;

		if (!is_in_view(owned->canvas, &pid))
			continue;
		if (!is_same_row)
			label_row(owned, &row, user);
		else if (owner != row.owner)
			owner = NULL;
		row = (struct row_of_lines){pid, owned->lines[i].n, owner};
	}
	label_row(owned, &row, user);
}

static void put_owned(const struct owned *owned)
{
	const struct end user = end_of(owned->graph, PAIR_USER, owned->lines->user);
	const struct node *far = NULL;
	size_t n = 0; /* far PID namespaces */

	for (size_t i = 0; i < owned->n; i++) {
		const struct end pid = end_of(owned->graph, PAIR_PID, owned->lines[i].pid);

		put_end(owned, &pid);
		if (!is_far(owned, &pid))
			continue;
		far = pid.node;
		n += owned->lines[i].n;
	}
	canvas_down(owned->canvas, owned->lane, top_row(owned), user.row, STROKE_DASHED);
	put_end(owned, &user);
	put_head(owned, &user);
	label_pids(owned, &user);
	label_user(owned, &user, far, n);
}

/* --- lanes -------------------------------------------------------------------------------- */

/* The first column right of all boxes of a part in those rows. */
static int column_beside(const struct graph_plan *plan, enum pair_part part, int first, int last)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	int column = 0;

	for (size_t i = graph_plan_first(plan, part, first);
	        i < tree->hierarchy.n && tree->boxes[i].y <= last; i++) {
		const int right = tree->boxes[i].x + tree->boxes[i].width;

		column = MAX(column, right);
	}
	return column;
}

/* A lane for a few lines is as far left as the boxes beside it allow, where it is in view most
 * often; but it leaves room for words, if the window has it. */
static int near_lane(const struct owned *owned)
{
	const struct graph *graph = owned->graph;
	const struct end user = end_of(graph, PAIR_USER, owned->lines->user);
	const int top = top_row(owned);
	int column = 0;

	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		const int beside = column_beside(&graph->plan, part, top, user.row);

		column = MAX(column, beside + 1);
	}
	const int room = (int)graph->columns.page - 1 - column;
	return room_for_words(graph) ? column + MIN(MAX(room, 0), GRAPH_WORDS) : column;
}

/* --- which lines are drawn ---------------------------------------------------------------- */

/* The lines to the same owner as line `first`. */
static struct owned lines_of_owner(const struct graph *graph, struct canvas *canvas, size_t first)
{
	const struct pair_plan *pair = &graph->plan.pair;
	size_t end = first;

	while (end < pair->n_drawn && pair->lines[end].user == pair->lines[first].user)
		end++;
	return (struct owned){graph, canvas, pair->lines + first, end - first,
	        far_lane(graph, pair->lines[first].lane)};
}

/* The line of the selected PID namespace, or all to the selected user namespace: false if there are
 * none. */
static bool lines_of_selected(const struct graph *graph, struct canvas *canvas, struct owned *ret)
{
	const struct pair_plan *pair = &graph->plan.pair;
	const bool is_pid = graph->selected.part == PAIR_PID;

	if (!graph_selected(graph))
		return false;
	const size_t user = is_pid ? pair->owners[graph->selected.node] : graph->selected.node;
	const size_t first = LOWER_BOUND(pair->n_drawn, i, pair->lines[i].user < user);
	if (first == pair->n_drawn || pair->lines[first].user != user)
		return false;
	*ret = lines_of_owner(graph, canvas, first);
	if (is_pid) {
		ret->lines += LOWER_BOUND(ret->n, i, ret->lines[i].pid < graph->selected.node);
		ret->n = 1;
	}
	return true;
}

static void put_all(const struct graph *graph, struct canvas *canvas)
{
	const struct pair_plan *pair = &graph->plan.pair;

	for (size_t i = 0; i < pair->n_drawn && pair->lines[i].lane < GRAPH_LANES_MAX;) {
		const struct owned owned = lines_of_owner(graph, canvas, i);

		put_owned(&owned);
		i += owned.n;
	}
}

void graph_lines_draw(const struct graph *graph, struct canvas *canvas)
{
	struct owned owned;
	const bool is_any = lines_of_selected(graph, canvas, &owned);

	if (graph->with_all_owners)
		put_all(graph, canvas);
	else if (is_any)
		owned.lane = near_lane(&owned);
	if (is_any && (!graph->with_all_owners || owned.lines->lane >= GRAPH_LANES_MAX))
		put_owned(&owned);
}
