/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_plan.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "view/pair_layout.h"
#include "view/pair_words.h"
#include "view/partial.h"
#include "view/words.h"

#include <string.h>

enum {
	BOX_PADDING = 10,
	BOX_FRAME = 10,  /* above and below the text together */
	BOX_LINES = 2,   /* the leader; the number and, behind it, the owner */
	FIRST_LINE = 17, /* a baseline, from the top of the box */
	BEFORE_OWNER = 10,
	OWNED_GAP = 4, /* above the compartment */
};

static struct svg_line keep_line(struct svg_plan *plan, struct text *scratch)
{
	const char *bytes = text_get(scratch);

	return (struct svg_line){
	        .text = arena_copy(plan->arena, bytes, scratch->len),
	        .len = scratch->len,
	};
}

/* The compartment with the owned namespaces, a line for each type, and the size of its box. */
static void write_owned(struct svg_plan *plan, struct svg_words *words, struct pair_box *box,
        const struct node *node, const struct label *label, struct text *scratch)
{
	const struct pair_words from = {.model = label->model, .names = label->names};

	words->n_owned = pair_words_count_owned(node);
	words->rule_y = box->height;
	words->owned = arena_array(plan->arena, words->n_owned, sizeof(*words->owned));
	for (size_t i = 0; i < words->n_owned; i++) {
		struct svg_line *line = &words->owned[i];

		pair_words_owned(text_restart(scratch), &from, node, i);
		*line = keep_line(plan, scratch);
		line->x = BOX_PADDING;
		line->y = box->height + OWNED_GAP + FIRST_LINE - BOX_FRAME / 2 + (int)i * SVG_LINE;
		box->width = MAX(
		        box->width, line->x + BOX_PADDING +
		                            svg_text_width(line->text, line->len, SVG_TEXT_SIZE));
	}
	if (words->n_owned)
		box->height += OWNED_GAP + BOX_FRAME / 2 + SVG_LINE * (int)words->n_owned;
}

/* The words of a node, and the size of its box. */
static void write_words(struct svg_plan *plan, struct svg_words *words, struct pair_box *box,
        const struct node *node, struct label *label, struct text *scratch)
{
	int width = 0, end = 0;

	if (!node->ns) {
		words->lines[0] = (struct svg_line){
		        .text = node_heading(node), .len = strlen(node_heading(node))};
		words->n_lines = 1;
	} else {
		words->n_lines = label_count_lines(node);
		for (size_t i = 0; i < words->n_lines; i++) {
			label_write(text_restart(scratch), label, node, (enum label_line)i);
			words->lines[i] = keep_line(plan, scratch);
		}
	}
	for (size_t i = 0; i < words->n_lines; i++) {
		struct svg_line *line = &words->lines[i];

		line->x = i == LABEL_OWNER ? end + BEFORE_OWNER : BOX_PADDING;
		line->y = FIRST_LINE + (i == LABEL_LEADER ? 0 : SVG_LINE);
		end = line->x + svg_text_width(line->text, line->len, SVG_TEXT_SIZE);
		width = MAX(width, end);
	}
	box->width = width + BOX_PADDING;
	box->height = BOX_FRAME + SVG_LINE * BOX_LINES;
	write_owned(plan, words, box, node, label, scratch);
}

/* Places the boxes of a panel as if its corner were at 0,0. */
static void plan_panel(struct svg_plan *plan, enum pair_part part, struct label *label)
{
	static const struct pair_spacing spacing = {
	        .x = SVG_PADDING,
	        .y = SVG_HEADING,
	        .column_gap = SVG_COLUMN_GAP,
	        .row_gap = SVG_ROW_GAP,
	        .is_widened = true,
	};
	struct svg_panel *panel = &plan->panels[part];
	struct pair_tree *tree = &plan->pair.trees[part];
	struct text scratch;
	int right, bottom;

	panel->words = arena_array(plan->arena, tree->hierarchy.n, sizeof(*panel->words));
	text_init(&scratch);
	for (size_t i = 0; i < tree->hierarchy.n; i++)
		write_words(plan, &panel->words[i], &tree->boxes[i], &tree->hierarchy.nodes[i],
		        label, &scratch);
	text_release(&scratch);
	pair_layout_place(tree, &spacing, &right, &bottom);
	/* An empty panel has one line of text. */
	if (tree->hierarchy.n == 0)
		bottom += SVG_LINE - SVG_ROW_GAP;
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

/* The higher an owner stands, the further right is its lane: then lines that go down do not cross.
 */
static void place_side_by_side(struct svg_plan *plan)
{
	struct svg_panel *pids = &plan->panels[PAIR_PID];
	struct svg_panel *users = &plan->panels[PAIR_USER];
	const int lanes = SVG_MARGIN + pids->width;
	const int right = lanes + SVG_MARGIN + SVG_LANE * (int)plan->pair.n_lanes;

	move_panel(plan, PAIR_PID, SVG_MARGIN, plan->header);
	move_panel(plan, PAIR_USER, right, plan->header);
	pids->height = users->height = MAX(pids->height, users->height);
	for (size_t i = 0; i < plan->pair.n_lanes; i++)
		plan->lane_x[i] = right - SVG_LANE * (int)(i + 1);
	plan->width = right + users->width;
	plan->height = plan->header + pids->height;
}

/* The higher an owner stands, the further left is its lane: then lines do not cross there. */
static void place_stacked(struct svg_plan *plan)
{
	struct svg_panel *pids = &plan->panels[PAIR_PID];
	struct svg_panel *users = &plan->panels[PAIR_USER];

	move_panel(plan, PAIR_PID, SVG_MARGIN, plan->header);
	move_panel(plan, PAIR_USER, SVG_MARGIN, pids->y + pids->height + SVG_MARGIN);
	pids->width = users->width = MAX(pids->width, users->width);
	plan->width = SVG_MARGIN + pids->width;
	for (size_t i = 0; i < plan->pair.n_lanes; i++)
		plan->lane_x[i] = plan->width + SVG_LANE * (int)(i + 1);
	plan->width += SVG_LANE * (int)plan->pair.n_lanes;
	plan->height = users->y + users->height;
}

/* A picture of one hierarchy, which has no lines to owners. */
static void place_alone(struct svg_plan *plan, enum pair_part part)
{
	const struct svg_panel *panel = &plan->panels[part];

	move_panel(plan, part, SVG_MARGIN, plan->header);
	plan->width = SVG_MARGIN + panel->width;
	plan->height = plan->header + panel->height;
}

/* Micrometres that a pixel gets on a landscape A4 page. */
static int page_scale(int width, int height)
{
	const int across = 297000 / width, down = 210000 / height;

	return across < down ? across : down;
}

/* A picture that is too large for a page should at least be scrolled in one direction only: down.
 */
static bool is_better_wide(const struct svg_plan *plan)
{
	const struct svg_panel *pids = &plan->panels[PAIR_PID];
	const struct svg_panel *users = &plan->panels[PAIR_USER];
	const int around = 3 * SVG_MARGIN + SVG_LANE * (int)plan->pair.n_lanes;
	const int width = pids->width + users->width + around;
	const int height = plan->header + MAX(pids->height, users->height);
	const int narrow = MAX(pids->width, users->width) + around;
	const int long_height = plan->header + pids->height + users->height;

	if (width > SVG_WIDE && height > SVG_PAGE)
		return false;
	return page_scale(width, height) > page_scale(narrow, long_height);
}

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
	plan->lane_x = arena_array(plan->arena, pair->n_lanes, sizeof(*plan->lane_x));
}

static void keep_reason(void *data, const char *line)
{
	struct svg_plan *const plan = data;
	const size_t len = strlen(line);

	plan->reasons[plan->n_reasons++] =
	        (struct svg_line){.text = arena_copy(plan->arena, line, len), .len = len};
}

static void plan_header(
        struct svg_plan *plan, const struct export_request *request, struct label *label)
{
	struct text scratch;

	text_init(&scratch);
	label_write_title(text_restart(&scratch), label);
	plan->title = keep_line(plan, &scratch);
	label_write_subtitle(text_restart(&scratch), label, &request->view);
	plan->subtitle = keep_line(plan, &scratch);
	if (request->filter) {
		label_write_filter(
		        text_restart(&scratch), label, request->filter, &plan->pair.count);
		keep_reason(plan, text_get(&scratch));
	}
	text_release(&scratch);
	partial_lines(label->model, partial_reasons_of_file(label->model, label->names),
	        keep_reason, plan);
	plan->header = SVG_HEADER + SVG_LINE * (int)plan->n_reasons;
}

/* The legend is as wide as the panels, if one stands below the other. */
static void plan_legend(struct svg_plan *plan, const struct model *model)
{
	int width = SVG_LEGEND_MIN;

	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		width = MAX(width, plan->panels[part].width);
	svg_legend_build(&plan->legend, &plan->pair, model, plan->n_hidden_owners, width);
	plan->header += plan->legend.height;
}

/* Makes the picture at least so wide that `width` pixels fit between the margins. */
static void widen(struct svg_plan *plan, int width)
{
	plan->width = MAX(plan->width, width + 2 * SVG_MARGIN);
}

static void widen_for(struct svg_plan *plan, const struct svg_line *line, int size)
{
	widen(plan, svg_text_width(line->text, line->len, size));
}

void svg_plan_build(struct svg_plan *ret, const struct export_request *request, struct label *label)
{
	struct svg_plan plan = {.arena = arena_new()};

	build_pair(&plan, request);
	plan_header(&plan, request, label);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		if (plan.pair.has_part[part])
			plan_panel(&plan, part, label);
	}
	plan_legend(&plan, request->model);
	if (!plan.pair.has_part[PAIR_PID] || !plan.pair.has_part[PAIR_USER])
		place_alone(&plan, plan.pair.has_part[PAIR_PID] ? PAIR_PID : PAIR_USER);
	else if (is_better_wide(&plan))
		place_side_by_side(&plan);
	else
		place_stacked(&plan);
	plan.width += SVG_MARGIN;
	plan.height += SVG_MARGIN;
	widen(&plan, plan.legend.width);
	widen_for(&plan, &plan.title, SVG_TITLE_SIZE);
	widen_for(&plan, &plan.subtitle, SVG_TEXT_SIZE);
	for (size_t i = 0; i < plan.n_reasons; i++)
		widen_for(&plan, &plan.reasons[i], SVG_TEXT_SIZE);
	*ret = plan;
}

void svg_plan_release(struct svg_plan *plan)
{
	pair_plan_release(&plan->pair);
	arena_free(plan->arena);
	*plan = (struct svg_plan){0};
}
