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
	BOX_FRAME = 14, /* above and below the text together */
	OWNED_LINES = 2,
};

int svg_text_width(const char *text, size_t len, int size)
{
	/* A monospaced font is 0.60 of its size wide. */
	return (width_columns(text, len) * size * 5 + 7) / 8;
}

static struct svg_line keep_line(struct svg_plan *plan, struct scratch *scratch)
{
	scratch_end(scratch);
	return (struct svg_line){
	        .text = arena_copy(plan->arena, scratch->text, scratch->len),
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

static void write_box(struct svg_plan *plan, struct svg_box *box, const struct node *node,
        struct label *label, struct scratch *scratch)
{
	int width = 0;

	if (!node->ns) {
		box->lines[0] = (struct svg_line){WORDS_OUTSIDE, strlen(WORDS_OUTSIDE)};
		box->n_lines = 1;
	} else {
		box->n_lines = node->is_owned ? OWNED_LINES : LABEL_LINES;
		for (size_t i = 0; i < box->n_lines; i++) {
			FILE *out = scratch_begin(scratch);

			if (node->n_alike)
				label_write_group(out, label, node, (enum label_line)i);
			else
				label_write(out, label, node->ns, (enum label_line)i);
			box->lines[i] = keep_line(plan, scratch);
		}
	}
	for (size_t i = 0; i < box->n_lines; i++) {
		const int w = svg_text_width(box->lines[i].text, box->lines[i].len, SVG_TEXT_SIZE);

		width = w > width ? w : width;
	}
	box->width = width + 2 * BOX_PADDING;
	box->height = BOX_FRAME + SVG_LINE * (node->is_owned ? OWNED_LINES : LABEL_LINES);
}

/* A column is as wide as its widest box, and so are all others in it. */
static void place_columns(struct svg_section *section)
{
	const struct layout *layout = &section->layout;
	int *widths = memory_new(layout->columns * sizeof(*widths));
	int *starts = memory_new(layout->columns * sizeof(*starts));
	int x = SVG_MARGIN + SVG_PADDING;

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
	section->width = x + SVG_PADDING - SVG_MARGIN;
	free(widths);
	free(starts);
}

/* Rows come in preorder, so the boxes of one lie together. */
static void place_rows(struct svg_section *section)
{
	const struct layout *layout = &section->layout;
	int y = section->y + SVG_HEADING;

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
	section->height = y + SVG_PADDING - SVG_ROW_GAP - section->y;
}

/* Below `y`; returns where the panel ends. */
static int plan_section(struct svg_plan *plan, const struct export_request *request,
        enum view_kind kind, struct label *label, int y)
{
	const struct view_options options = {
	        .kind = kind, .with_details = request->view.with_details};
	struct svg_section *section = &plan->sections[kind];
	struct scratch scratch;

	section->y = y;
	hierarchy_build(&section->hierarchy, request->model, NULL, &options);
	drop_owned_pids(&section->hierarchy);
	if (request->view.is_collapsed)
		hierarchy_collapse(&section->hierarchy, &(struct collapse_options){0});
	node_index_build(&section->index, &section->hierarchy);
	layout_build(&section->layout, &section->hierarchy);
	section->boxes = arena_array(plan->arena, section->hierarchy.n, sizeof(*section->boxes));
	scratch_init(&scratch);
	for (size_t i = 0; i < section->hierarchy.n; i++)
		write_box(plan, &section->boxes[i], &section->hierarchy.nodes[i], label, &scratch);
	scratch_release(&scratch);
	place_columns(section);
	place_rows(section);
	return section->y + section->height;
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

/* Lines to the same owner share a lane; the higher the owner stands, the further left its lane,
 * so that the lines do not cross there. */
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
		plan->width +=
		        i == 0 || plan->owners[i].user != plan->owners[i - 1].user ? SVG_LANE : 0;
		plan->owners[i].lane_x = plan->width;
	}
}

static int largest(int a, int b)
{
	return a > b ? a : b;
}

void svg_plan_widen(struct svg_plan *plan, int width)
{
	plan->width = largest(plan->width, width + 2 * SVG_MARGIN);
}

void svg_plan_build(struct svg_plan *ret, const struct export_request *request, struct label *label)
{
	struct svg_plan plan = {.arena = arena_new()};
	struct scratch scratch;

	scratch_init(&scratch);
	label_write_title(scratch_begin(&scratch), label);
	plan.title = keep_line(&plan, &scratch);
	label_write_subtitle(scratch_begin(&scratch), label);
	plan.subtitle = keep_line(&plan, &scratch);
	scratch_release(&scratch);

	const int middle = plan_section(&plan, request, VIEW_PID, label, SVG_HEADER);
	const int bottom = plan_section(&plan, request, VIEW_USER, label, middle + SVG_MARGIN);
	struct svg_section *pids = &plan.sections[VIEW_PID];
	struct svg_section *users = &plan.sections[VIEW_USER];

	pids->width = users->width = largest(pids->width, users->width);
	plan.width = SVG_MARGIN + pids->width;
	plan_owners(&plan);
	plan.width += SVG_MARGIN;
	svg_plan_widen(&plan, svg_text_width(plan.title.text, plan.title.len, SVG_TITLE_SIZE));
	svg_plan_widen(&plan, svg_text_width(plan.subtitle.text, plan.subtitle.len, SVG_TEXT_SIZE));
	plan.height = bottom + SVG_MARGIN;
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
