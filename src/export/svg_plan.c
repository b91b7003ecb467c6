/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_plan.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/width.h"
#include "view/collapse.h"
#include "view/words.h"

#include <stdlib.h>
#include <string.h>

enum {
	BOX_PADDING = 10,
	BOX_FRAME = 10,  /* above and below the text together */
	BOX_LINES = 2,   /* the leader; the number and, behind it, the owner */
	FIRST_LINE = 17, /* a baseline, from the top of the box */
	BEFORE_OWNER = 10,
};

int svg_text_width(const char *text, size_t len, int size)
{
	/* A monospaced font is 0.60 of its size wide. */
	return (width_columns(text, len) * size * 5 + 7) / 8;
}

static struct svg_line keep_line(struct svg_plan *plan, struct text *scratch)
{
	const char *bytes = text_get(scratch);

	return (struct svg_line){
	        .text = arena_copy(plan->arena, bytes, scratch->len),
	        .len = scratch->len,
	};
}

/* An owned PID namespace has its box in its own hierarchy: it is not drawn twice. */
static void drop_owned_pids(struct hierarchy *h)
{
	bool *is_dropped = memory_new((h->n + 1) * sizeof(*is_dropped));

	for (size_t i = 0; i < h->n; i++)
		is_dropped[i] = h->nodes[i].is_owned && h->nodes[i].ns->type == NS_PID;
	hierarchy_drop(h, is_dropped);
	free(is_dropped);
}

static int largest(int a, int b)
{
	return a > b ? a : b;
}

static void write_box(struct svg_plan *plan, struct svg_box *box, const struct node *node,
        struct label *label, struct text *scratch)
{
	int width = 0, end = 0;

	if (!node->ns) {
		box->lines[0] =
		        (struct svg_line){.text = WORDS_OUTSIDE, .len = strlen(WORDS_OUTSIDE)};
		box->n_lines = 1;
	} else {
		box->n_lines = node->is_owned ? LABEL_OWNER : LABEL_LINES;
		for (size_t i = 0; i < box->n_lines; i++) {
			FILE *out = text_restart(scratch);

			if (node->n_alike)
				label_write_group(out, label, node, (enum label_line)i);
			else
				label_write(out, label, node->ns, (enum label_line)i);
			box->lines[i] = keep_line(plan, scratch);
		}
	}
	for (size_t i = 0; i < box->n_lines; i++) {
		struct svg_line *line = &box->lines[i];

		line->x = i == LABEL_OWNER ? end + BEFORE_OWNER : BOX_PADDING;
		line->y = FIRST_LINE + (i == LABEL_LEADER ? 0 : SVG_LINE);
		end = line->x + svg_text_width(line->text, line->len, SVG_TEXT_SIZE);
		width = largest(width, end);
	}
	box->width = width + BOX_PADDING;
	box->height = BOX_FRAME + SVG_LINE * BOX_LINES;
}

/* A column is as wide as its widest box, and so are all others in it. */
static void place_columns(struct svg_section *section)
{
	const struct layout *layout = &section->layout;
	int *widths = memory_new(layout->columns * sizeof(*widths));
	int *starts = memory_new(layout->columns * sizeof(*starts));
	int x = SVG_PADDING; /* from the left of the panel */

	for (size_t i = 0; i < layout->n; i++) {
		int *width = &widths[layout->places[i].column];

		if (*width < section->boxes[i].width)
			*width = section->boxes[i].width;
	}
	for (unsigned c = 0; c < layout->columns; c++) {
		starts[c] = x;
		x += widths[c] + SVG_COLUMN_GAP;
	}
	for (size_t i = 0; i < layout->n; i++) {
		section->boxes[i].x = starts[layout->places[i].column];
		section->boxes[i].width = widths[layout->places[i].column];
	}
	if (layout->columns > 0)
		x -= SVG_COLUMN_GAP;
	section->width = x + SVG_PADDING;
	free(widths);
	free(starts);
}

/* Rows come in preorder, so the boxes of one lie together. */
static void place_rows(struct svg_section *section)
{
	const struct layout *layout = &section->layout;
	int y = SVG_HEADING; /* from the top of the panel */

	for (size_t i = 0, end; i < layout->n; i = end) {
		int height = 0;

		for (end = i; end < layout->n && layout->places[end].row == layout->places[i].row;
		        end++) {
			section->boxes[end].y = y;
			if (height < section->boxes[end].height)
				height = section->boxes[end].height;
		}
		y += height + SVG_ROW_GAP;
	}
	if (layout->n == 0)
		y += SVG_LINE;
	section->height = y + SVG_PADDING - SVG_ROW_GAP;
}

/* As if its panel stood in the corner. */
static void plan_section(struct svg_plan *plan, const struct export_request *request,
        enum view_kind kind, struct label *label)
{
	const struct view_options options = {
	        .kind = kind, .with_details = request->view.with_details};
	struct svg_section *section = &plan->sections[kind];
	struct text scratch;

	hierarchy_build(&section->hierarchy, request->model, NULL, &options);
	drop_owned_pids(&section->hierarchy);
	if (request->view.is_collapsed)
		hierarchy_collapse(&section->hierarchy, &(struct collapse_options){0});
	node_index_build(&section->index, &section->hierarchy);
	layout_build(&section->layout, &section->hierarchy);
	section->boxes = arena_array(plan->arena, section->hierarchy.n, sizeof(*section->boxes));
	text_init(&scratch);
	for (size_t i = 0; i < section->hierarchy.n; i++)
		write_box(plan, &section->boxes[i], &section->hierarchy.nodes[i], label, &scratch);
	text_release(&scratch);
	place_columns(section);
	place_rows(section);
}

static void move_section(struct svg_section *section, int x, int y)
{
	section->x = x;
	section->y = y;
	for (size_t i = 0; i < section->layout.n; i++) {
		section->boxes[i].x += x;
		section->boxes[i].y += y;
	}
}

/* The node of the user namespace that owns it, or that stands for that one. */
static size_t owner_node(const struct svg_plan *plan, const struct node *node)
{
	return node_index_find(&plan->sections[VIEW_USER].index, node->ns->owner.ns->tag);
}

/* The initial user namespace owns most PID namespaces: saying so once is enough. */
static bool is_line_drawn(const struct svg_plan *plan, const struct node *node)
{
	return node->ns && node->ns->owner.ns && node->ns->owner.ns->parent.state != REL_INITIAL &&
	       owner_node(plan, node) != NODE_NO_PARENT;
}

static int by_user(const void *a, const void *b)
{
	const struct svg_owner *x = a;
	const struct svg_owner *y = b;

	if (x->user != y->user)
		return x->user < y->user ? -1 : 1;
	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* Lines to the same owner share a lane. */
static void plan_owners(struct svg_plan *plan)
{
	const struct hierarchy *pids = &plan->sections[VIEW_PID].hierarchy;
	size_t n = 0;

	for (size_t i = 0; i < pids->n; i++)
		n += is_line_drawn(plan, &pids->nodes[i]);
	if (n > SVG_OWNERS_MAX) {
		plan->n_hidden_owners = n;
		return;
	}
	plan->owners = arena_array(plan->arena, n, sizeof(*plan->owners));
	for (size_t i = 0; i < pids->n; i++) {
		const struct node *node = &pids->nodes[i];

		if (is_line_drawn(plan, node))
			plan->owners[plan->n_owners++] = (struct svg_owner){
			        .pid = i,
			        .user = owner_node(plan, node),
			};
	}
	if (n > 0)
		qsort(plan->owners, n, sizeof(*plan->owners), by_user);
	for (size_t i = 0; i < n; i++) {
		plan->n_lanes += i == 0 || plan->owners[i].user != plan->owners[i - 1].user;
		plan->owners[i].lane = plan->n_lanes - 1;
	}
}

/* The higher an owner stands, the further right its lane: then lines that go down do not cross. */
static void place_side_by_side(struct svg_plan *plan)
{
	struct svg_section *pids = &plan->sections[VIEW_PID];
	struct svg_section *users = &plan->sections[VIEW_USER];
	const int lanes = SVG_MARGIN + pids->width;
	const int right = lanes + SVG_MARGIN + SVG_LANE * (int)plan->n_lanes;

	move_section(pids, SVG_MARGIN, SVG_HEADER);
	move_section(users, right, SVG_HEADER);
	pids->height = users->height = largest(pids->height, users->height);
	for (size_t i = 0; i < plan->n_owners; i++)
		plan->owners[i].lane_x = right - SVG_LANE * (int)(plan->owners[i].lane + 1);
	plan->width = right + users->width;
	plan->height = SVG_HEADER + pids->height;
}

/* The higher an owner stands, the further left its lane: then lines do not cross there. */
static void place_stacked(struct svg_plan *plan)
{
	struct svg_section *pids = &plan->sections[VIEW_PID];
	struct svg_section *users = &plan->sections[VIEW_USER];

	move_section(pids, SVG_MARGIN, SVG_HEADER);
	move_section(users, SVG_MARGIN, pids->y + pids->height + SVG_MARGIN);
	pids->width = users->width = largest(pids->width, users->width);
	plan->width = SVG_MARGIN + pids->width;
	for (size_t i = 0; i < plan->n_owners; i++)
		plan->owners[i].lane_x = plan->width + SVG_LANE * (int)(plan->owners[i].lane + 1);
	plan->width += SVG_LANE * (int)plan->n_lanes;
	plan->height = users->y + users->height;
}

/* Micrometres that a pixel gets on A4, on its side. */
static int page_scale(int width, int height)
{
	const int across = 297000 / width, down = 210000 / height;

	return across < down ? across : down;
}

/* What is too large for a page is scrolled: down, if there is a choice. */
static bool is_better_wide(const struct svg_plan *plan)
{
	const struct svg_section *pids = &plan->sections[VIEW_PID];
	const struct svg_section *users = &plan->sections[VIEW_USER];
	const int around = 3 * SVG_MARGIN + SVG_LANE * (int)plan->n_lanes;
	const int width = pids->width + users->width + around;
	const int height = SVG_HEADER + largest(pids->height, users->height);
	const int narrow = largest(pids->width, users->width) + around;
	const int long_height = SVG_HEADER + pids->height + users->height;

	if (width > SVG_WIDE && height > SVG_PAGE)
		return false;
	return page_scale(width, height) > page_scale(narrow, long_height);
}

void svg_plan_widen(struct svg_plan *plan, int width)
{
	plan->width = largest(plan->width, width + 2 * SVG_MARGIN);
}

void svg_plan_build(struct svg_plan *ret, const struct export_request *request, struct label *label)
{
	struct svg_plan plan = {.arena = arena_new()};
	struct text scratch;

	text_init(&scratch);
	label_write_title(text_restart(&scratch), label);
	plan.title = keep_line(&plan, &scratch);
	label_write_subtitle(text_restart(&scratch), label);
	plan.subtitle = keep_line(&plan, &scratch);
	text_release(&scratch);

	plan_section(&plan, request, VIEW_PID, label);
	plan_section(&plan, request, VIEW_USER, label);
	plan_owners(&plan);
	if (is_better_wide(&plan))
		place_side_by_side(&plan);
	else
		place_stacked(&plan);
	plan.width += SVG_MARGIN;
	plan.height += SVG_MARGIN;
	svg_plan_widen(&plan, svg_text_width(plan.title.text, plan.title.len, SVG_TITLE_SIZE));
	svg_plan_widen(&plan, svg_text_width(plan.subtitle.text, plan.subtitle.len, SVG_TEXT_SIZE));
	*ret = plan;
}

void svg_plan_release(struct svg_plan *plan)
{
	for (size_t i = 0; i < VIEW_KINDS; i++) {
		node_index_release(&plan->sections[i].index);
		layout_release(&plan->sections[i].layout);
		hierarchy_release(&plan->sections[i].hierarchy);
	}
	arena_free(plan->arena);
	*plan = (struct svg_plan){0};
}
