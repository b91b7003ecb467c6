/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_plan.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "export/svg_route.h"
#include "view/pair_layout.h"
#include "view/pair_words.h"
#include "view/partial.h"
#include "view/words.h"

#include <string.h>

enum {
	BOX_PADDING = 8,
	BOX_FRAME = 10,  /* above and below the text together */
	BOX_LINES = 2,   /* the leader; the number and, behind it, the owner */
	FIRST_LINE = 17, /* a baseline, from the top of the box */
	BEFORE_OWNER = 8,
	OWNED_GAP = 4, /* above the compartment */
};

static struct svg_line keep_line(struct svg_plan *plan, struct text *scratch)
{
	const char *bytes = text_get(scratch);

	return (struct svg_line){
	        .text = arena_copy(plan->arena, bytes, scratch->len),
	        .len = scratch->len,
	        .width = svg_text_width(bytes, scratch->len, SVG_TEXT_SIZE),
	};
}

/* The compartment with the owned namespaces, a line for each type. */
static void write_owned(struct svg_plan *plan, struct svg_words *words, const struct node *node,
        const struct label *label, struct text *scratch)
{
	const struct pair_words from = {.model = label->model, .names = label->names};

	words->n_owned = pair_words_count_owned(node);
	words->owned = arena_array(plan->arena, words->n_owned, sizeof(*words->owned));
	for (size_t i = 0; i < words->n_owned; i++) {
		pair_words_owned(text_restart(scratch), &from, node, i);
		words->owned[i] = keep_line(plan, scratch);
	}
}

/* Where a line leads to the owner, its name is more useful than its number, if it is known; the
 * initial user namespace is there once. */
static bool is_owner_shown(const struct svg_plan *plan, const struct node *node, size_t i)
{
	const struct ns *owner = node->ns->owner.ns;

	if (node->ns->type != NS_PID || !owner || owner->owner_uid_state != REL_KNOWN)
		return false;
	return owner->parent.state == REL_INITIAL ||
	       (plan->pair.n_drawn > 0 && plan->pair.owners[i] != NODE_NO_PARENT);
}

/* A PID namespace among user namespaces stands below its owner. */
static size_t count_lines(const struct node *node, enum pair_part part)
{
	const bool is_below_owner = part == PAIR_USER && node->ns->type == NS_PID;

	return is_below_owner ? LABEL_OWNER : label_count_lines(node);
}

/* The words of a node. */
static void write_words(struct svg_plan *plan, struct svg_words *words, size_t i,
        enum pair_part part, struct label *label, struct text *scratch)
{
	const struct node *node = &plan->pair.trees[part].hierarchy.nodes[i];

	if (!node->ns) {
		fputs(node_heading(node), text_restart(scratch));
		words->lines[0] = keep_line(plan, scratch);
		words->n_lines = 1;
	} else {
		words->n_lines = count_lines(node, part);
		for (size_t k = 0; k < words->n_lines; k++) {
			FILE *out = text_restart(scratch);

			if (k == LABEL_OWNER && is_owner_shown(plan, node, i))
				label_write_owner_name(out, label, node);
			else
				label_write(out, label, node, (enum label_line)k);
			words->lines[k] = keep_line(plan, scratch);
		}
	}
	write_owned(plan, words, node, label, scratch);
}

/* Places the lines of text, and measures the box. With two lines the owner is behind the number. */
static void place_words(struct svg_words *words, bool is_tall)
{
	int width = 0, end = 0, y = FIRST_LINE;

	for (size_t i = 0; i < words->n_lines; i++) {
		struct svg_line *line = &words->lines[i];
		const bool is_behind = i == LABEL_OWNER && !is_tall;

		line->x = is_behind ? end + BEFORE_OWNER : BOX_PADDING;
		line->y = y += i == 0 || is_behind ? 0 : SVG_LINE;
		end = line->x + line->width;
		width = MAX(width, end);
	}
	words->height = BOX_FRAME + MAX(y - FIRST_LINE + SVG_LINE, SVG_LINE * BOX_LINES);
	words->rule_y = words->height;
	for (size_t i = 0; i < words->n_owned; i++) {
		struct svg_line *line = &words->owned[i];

		line->x = BOX_PADDING;
		line->y =
		        words->rule_y + OWNED_GAP + FIRST_LINE - BOX_FRAME / 2 + (int)i * SVG_LINE;
		width = MAX(width, line->x + line->width);
	}
	if (words->n_owned)
		words->height += OWNED_GAP + BOX_FRAME / 2 + SVG_LINE * (int)words->n_owned;
	words->width = width + BOX_PADDING;
}

static void place_all_words(struct svg_plan *plan, bool is_tall)
{
	plan->is_tall = is_tall;
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		for (size_t i = 0; i < plan->pair.trees[part].hierarchy.n; i++)
			place_words(&plan->panels[part].words[i], is_tall);
}

static void write_all_words(struct svg_plan *plan, enum pair_part part, struct label *label)
{
	const size_t n = plan->pair.trees[part].hierarchy.n;
	struct svg_panel *panel = &plan->panels[part];
	struct text scratch;

	panel->words = arena_array(plan->arena, n, sizeof(*panel->words));
	panel->hangs = arena_array(plan->arena, n, sizeof(*panel->hangs));
	text_init(&scratch);
	for (size_t i = 0; i < n; i++)
		write_words(plan, &panel->words[i], i, part, label, &scratch);
	text_release(&scratch);
}

/* --- placing --------------------------------------------------------------------------------- */

static struct pair_spacing spacing_of(const struct svg_plan *plan, enum pair_part part)
{
	return (struct pair_spacing){
	        .x = SVG_PADDING,
	        .y = SVG_HEADING,
	        .column_gap = SVG_COLUMN_GAP,
	        .row_gap = SVG_ROW_GAP,
	        .grid_gap = SVG_BUS - SVG_ROW_GAP / 2,
	        .wrap = plan->panels[part].wrap,
	        .hangs = plan->panels[part].hangs,
	        .is_widened = true,
	};
}

/* A parent may be higher than its row, but not where lines to owners run: they begin below the row,
 * lead to the right below the descendants in it, and come from the left if the user panel is on the
 * right. */
static void choose_hanging(struct svg_plan *plan, enum pair_part part)
{
	const struct hierarchy *hierarchy = &plan->pair.trees[part].hierarchy;
	const struct node *nodes = hierarchy->nodes;
	const bool is_crossed = plan->routes.is_wide && part == PAIR_USER && plan->pair.n_drawn > 0;
	bool *hangs = plan->panels[part].hangs;

	for (size_t i = 0; i < hierarchy->n; i++)
		hangs[i] = nodes[i].end > i + 1 && !is_crossed;
	for (size_t i = 0; i < plan->pair.n_drawn; i++) {
		const struct pair_line *line = &plan->pair.lines[i];

		for (size_t k = part == PAIR_PID ? line->pid : line->user; nodes[k].end > k + 1;
		        k++)
			hangs[k] = false;
	}
}

/* Places the boxes of a panel as if its corner were at 0,0. */
static void place_panel(struct svg_plan *plan, enum pair_part part)
{
	const struct pair_spacing spacing = spacing_of(plan, part);
	struct svg_panel *panel = &plan->panels[part];
	struct pair_tree *tree = &plan->pair.trees[part];
	int right, bottom;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		tree->boxes[i].width = panel->words[i].width;
		tree->boxes[i].height = panel->words[i].height;
	}
	svg_route_widen_boxes(&plan->routes, part);
	choose_hanging(plan, part);
	pair_layout_columns(tree, &spacing, &right);
	right = MAX(right, svg_route_tracks(&plan->routes, part));
	pair_layout_rows(tree, &spacing, &bottom);
	if (plan->routes.is_wide && part == PAIR_USER)
		svg_route_part_tracks(&plan->routes, &spacing, &bottom);
	/* An empty panel has one line of text. */
	if (tree->hierarchy.n == 0)
		bottom += SVG_LINE;
	panel->width = MAX(right + SVG_PADDING, SVG_PANEL_MIN);
	panel->height = bottom + SVG_PADDING;
}

static void move_panel(struct svg_plan *plan, enum pair_part part, int x, int y)
{
	struct pair_tree *tree = &plan->pair.trees[part];

	plan->panels[part].x = x;
	plan->panels[part].y = y;
	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		tree->boxes[i].x += x;
		tree->boxes[i].y += y;
	}
}

/* The room that lanes take. */
static int width_of_lanes(const struct svg_plan *plan)
{
	return SVG_LANE * (int)plan->pair.n_lanes;
}

static void place_side_by_side(struct svg_plan *plan)
{
	struct svg_panel *pids = &plan->panels[PAIR_PID];
	struct svg_panel *users = &plan->panels[PAIR_USER];
	const int lanes = SVG_MARGIN + pids->width;
	const int right = lanes + SVG_MARGIN + width_of_lanes(plan);

	move_panel(plan, PAIR_PID, SVG_MARGIN, plan->header);
	move_panel(plan, PAIR_USER, right, plan->header);
	pids->height = users->height = MAX(pids->height, users->height);
	svg_route_place(&plan->routes, lanes + (SVG_MARGIN + SVG_LANE) / 2);
	plan->width = right + users->width;
	plan->height = plan->header + pids->height;
}

static void place_stacked(struct svg_plan *plan)
{
	struct svg_panel *pids = &plan->panels[PAIR_PID];
	struct svg_panel *users = &plan->panels[PAIR_USER];

	move_panel(plan, PAIR_PID, SVG_MARGIN, plan->header);
	move_panel(plan, PAIR_USER, SVG_MARGIN, pids->y + pids->height + SVG_MARGIN);
	pids->width = MAX(pids->width, plan->header_width - width_of_lanes(plan));
	pids->width = users->width = MAX(pids->width, users->width);
	plan->width = SVG_MARGIN + pids->width;
	svg_route_place(&plan->routes, plan->width + SVG_LANE);
	plan->width += width_of_lanes(plan);
	plan->height = users->y + users->height;
}

/* A picture of one hierarchy, which has no lines to owners. */
static void place_alone(struct svg_plan *plan, enum pair_part part)
{
	struct svg_panel *panel = &plan->panels[part];

	move_panel(plan, part, SVG_MARGIN, plan->header);
	panel->width = MAX(panel->width, plan->header_width);
	plan->width = SVG_MARGIN + panel->width;
	plan->height = plan->header + panel->height;
}

static bool has_both(const struct svg_plan *plan)
{
	return plan->pair.has_part[PAIR_PID] && plan->pair.has_part[PAIR_USER];
}

static void place(struct svg_plan *plan)
{
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		place_panel(plan, part);
	if (!has_both(plan))
		place_alone(plan, plan->pair.has_part[PAIR_PID] ? PAIR_PID : PAIR_USER);
	else if (plan->routes.is_wide)
		place_side_by_side(plan);
	else
		place_stacked(plan);
	plan->width += SVG_MARGIN;
	plan->height += SVG_MARGIN;
}

/* --- choosing -------------------------------------------------------------------------------- */

enum {
	WRAP_FIRST = 480, /* widths of a panel that are tried */
	WRAP_STEP = 60,
	WRAPS = 32,
	WRAP_MOST = 512, /* with more nodes, only the width of a page is tried */
	/* Thousandths of a point that a pixel gets on a page: text of 8 points is large enough,
	 * text of 4 points is not readable. */
	SCALE_ENOUGH = 667,
	SCALE_READABLE = 333,
};

/* One way to draw the picture. */
struct shape {
	bool is_tall;
	bool is_wide;
	int wraps[PAIR_PARTS];
	int width, height;
	int scale;
};

/* The size of a panel, drawn in one way. */
struct size {
	int wrap;
	int width, height;
};

static int page_scale(int width, int height)
{
	const int across = (842 - 48) * 1000 / width, down = (595 - 48) * 1000 / height;

	return MIN(across, down);
}

/* The higher the better: readable on a page; scrolled down; drawn by all renderers. */
static int rank(const struct shape *shape)
{
	if (shape->scale >= SCALE_READABLE)
		return 2;
	if (MAX(shape->width, shape->height) > SVG_MOST)
		return -1;
	return shape->width <= SVG_PAGE_WIDTH ? 1 : 0;
}

/* Ways that are tried first have less wrapping: another one must be better. */
static bool is_better(const struct shape *shape, const struct shape *best)
{
	if (best->width == 0)
		return true;
	if (rank(shape) != rank(best))
		return rank(shape) > rank(best);
	if (rank(shape) == 2)
		return MIN(shape->scale, SCALE_ENOUGH) > MIN(best->scale, SCALE_ENOUGH);
	return rank(shape) == 0 ? shape->width < best->width : shape->height < best->height;
}

static void measure_panel(struct svg_plan *plan, enum pair_part part, struct size *ret, size_t n)
{
	const struct svg_panel *panel = &plan->panels[part];

	for (size_t i = 0; i < n; i++) {
		plan->panels[part].wrap = ret[i].wrap;
		place_panel(plan, part);
		ret[i].width = panel->width;
		ret[i].height = panel->height;
	}
}

/* The size of the picture with panels of these sizes. */
static struct shape make_shape(
        const struct svg_plan *plan, const struct size *pids, const struct size *users)
{
	struct shape shape = {.is_tall = plan->is_tall,
	        .is_wide = plan->routes.is_wide,
	        .wraps = {[PAIR_PID] = pids->wrap, [PAIR_USER] = users->wrap},
	        .width = 2 * SVG_MARGIN + width_of_lanes(plan),
	        .height = plan->header + SVG_MARGIN};

	if (!has_both(plan)) {
		const struct size *panel = plan->pair.has_part[PAIR_PID] ? pids : users;

		shape.width += panel->width;
		shape.height += panel->height;
	} else if (plan->routes.is_wide) {
		shape.width += pids->width + SVG_MARGIN + users->width;
		shape.height += MAX(pids->height, users->height);
	} else {
		shape.width += MAX(pids->width, users->width);
		shape.height += pids->height + SVG_MARGIN + users->height;
	}
	shape.scale = page_scale(shape.width, shape.height);
	return shape;
}

/* Tries all widths of panels with boxes of one height in one arrangement. */
static void choose_wraps(struct svg_plan *plan, struct shape *best, size_t n, int widest)
{
	struct size sizes[PAIR_PARTS][WRAPS];

	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		for (size_t i = 0; i < n; i++)
			sizes[part][i].wrap = i == n - 1 ? widest : WRAP_FIRST + WRAP_STEP * (int)i;
		measure_panel(plan, part, sizes[part], n);
	}
	for (size_t p = 0; p < n; p++) {
		for (size_t u = 0; u < n; u++) {
			const struct shape shape =
			        make_shape(plan, &sizes[PAIR_PID][p], &sizes[PAIR_USER][u]);

			if (is_better(&shape, best))
				*best = shape;
		}
	}
}

/* Tries boxes of two lines before those of three, one panel below the other before side by side,
 * and less wrapping before more. */
static void choose_ways(struct svg_plan *plan, struct shape *best, size_t n, int widest)
{
	for (unsigned way = 0; way < 4; way++) {
		plan->routes.is_wide = way & 1;
		if (!plan->routes.is_wide)
			place_all_words(plan, way & 2);
		if (!plan->routes.is_wide || has_both(plan))
			choose_wraps(plan, best, n, widest);
	}
}

static void choose(struct svg_plan *plan)
{
	const int page = SVG_PAGE_WIDTH - 2 * SVG_MARGIN - SVG_PADDING - width_of_lanes(plan);
	const size_t n_nodes =
	        plan->pair.trees[PAIR_PID].hierarchy.n + plan->pair.trees[PAIR_USER].hierarchy.n;
	struct shape best = {0};

	choose_ways(plan, &best, n_nodes > WRAP_MOST ? 1 : WRAPS, page);
	if (best.height > SVG_MOST)
		choose_ways(plan, &best, 1, SVG_MOST / 4);
	place_all_words(plan, best.is_tall);
	plan->routes.is_wide = best.is_wide;
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		plan->panels[part].wrap = best.wraps[part];
}

/* --- the header ------------------------------------------------------------------------------ */

static void build_pair(struct svg_plan *plan, const struct export_request *request)
{
	const struct view_options *view = &request->view;
	struct pair_plan *pair = &plan->pair;

	pair_plan_build(pair, &(struct pair_options){
	                              .model = request->model,
	                              .view = {.kind = view->kind,
	                                      .with_details = view->with_details,
	                                      .with_all_details = view->with_all_details,
	                                      .is_collapsed = view->is_collapsed,
	                                      .is_single = view->is_single},
	                              .filter = request->filter,
	                              .names = request->names,
	                      });
	if (pair->n_drawn > SVG_OWNERS_MAX) {
		plan->n_hidden_owners = pair->n_drawn;
		pair->n_drawn = pair->n_lanes = 0;
	}
	svg_route_build(&plan->routes, pair, request->model, plan->arena);
}

/* The legend has lines of at most `width` pixels. */
static void plan_legend(struct svg_plan *plan, const struct model *model, int width)
{
	svg_legend_build(&plan->legend, &plan->pair, model, plan->n_hidden_owners, width);
	plan->header = SVG_HEADER + SVG_LINE * (int)plan->page.n_reasons + plan->legend.height;
}

void svg_plan_build(
        struct svg_plan *plan, const struct export_request *request, struct label *label)
{
	_cleanup_text_ struct text subtitle;

	*plan = (struct svg_plan){.arena = arena_new()};
	text_init(&subtitle);
	build_pair(plan, request);
	label_write_subtitle(subtitle.out, label, &request->view);
	svg_page_set(
	        &plan->page, plan->arena, request, label, text_get(&subtitle), &plan->pair.count);
	plan_legend(plan, request->model, SVG_PAGE_WIDTH - 2 * SVG_MARGIN);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		write_all_words(plan, part, label);
	choose(plan);
	do {
		plan->header_width = 0;
		place(plan);
		plan_legend(
		        plan, request->model, MAX(SVG_LEGEND_MIN, plan->width - 2 * SVG_MARGIN));
		/* The panels are as wide as what is above them. */
		plan->header_width = MAX(plan->legend.width, svg_page_width(&plan->page));
		place(plan);
	} while (svg_route_label_far(&plan->routes));
	/* Panels side by side may be narrower. */
	plan->width = MAX(plan->width, plan->header_width + 2 * SVG_MARGIN);
}

void svg_plan_release(struct svg_plan *plan)
{
	pair_plan_release(&plan->pair);
	arena_free(plan->arena);
	*plan = (struct svg_plan){0};
}
