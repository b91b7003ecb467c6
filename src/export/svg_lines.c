/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_lines.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "export/palette.h"
#include "export/svg_route.h"

#include <stdlib.h>

enum { CORNER = 6 };

/* --- from parents to children ---------------------------------------------------------------- */

/* Where the latest child of a node joined its lines: the next one begins there, because a line that
 * is drawn several times looks thicker. */
struct joined {
	int first_x; /* the column at the place of its layer, */
	int first_y; /* and on the line beside it */
	int x;       /* the latest column of a grid, */
	int y;       /* on the line beside it, */
	int bus_x;   /* and on the line above the grid; 0: none */
};

static int trunk_of(int x)
{
	return x - SVG_COLUMN_GAP / 2;
}

/* To the first child, which stands beside its parent. */
static void write_first(
        FILE *out, const struct pair_box *parent, const struct pair_box *child, struct joined *at)
{
	const int y = child->y + SVG_ANCHOR;

	fprintf(out, "<path class=\"edge\" d=\"M%d %dH%d\"/>\n", parent->x + parent->width, y,
	        child->x);
	*at = (struct joined){.first_x = child->x, .first_y = y, .x = child->x};
}

/* A branch of the line that goes down beside the column. */
static void write_branch(FILE *out, const struct pair_box *child, struct joined *at)
{
	const int trunk = trunk_of(child->x), y = child->y + SVG_ANCHOR;
	const bool is_first = child->x == at->first_x;

	fprintf(out, "<path class=\"edge\" d=\"M%d %dV%dQ%d %d %d %dH%d\"/>\n", trunk,
	        is_first ? at->first_y : at->y, y - CORNER, trunk, y, trunk + CORNER, y, child->x);
	if (is_first)
		*at = (struct joined){.first_x = child->x, .first_y = y - CORNER, .x = child->x};
	else
		at->y = y - CORNER;
}

/* To the first box of a further column of a grid: along a line above the grid, which comes from the
 * line beside its first column, and then down beside this one. */
static void write_column(
        FILE *out, const struct pair_box *parent, const struct pair_box *child, struct joined *at)
{
	const int trunk = trunk_of(child->x), first = trunk_of(at->first_x);
	const int y = child->y + SVG_ANCHOR, bus = child->y - SVG_BUS;
	const bool is_from_below = parent->y == child->y;

	fputs("<path class=\"edge\" d=\"", out);
	if (at->bus_x == 0 && is_from_below)
		fprintf(out, "M%d %dV%dQ%d %d %d %d", first, y, bus + CORNER, first, bus,
		        first + CORNER, bus);
	else if (at->bus_x == 0)
		fprintf(out, "M%d %dQ%d %d %d %d", first, bus - CORNER, first, bus, first + CORNER,
		        bus);
	else
		fprintf(out, "M%d %d", at->bus_x, bus);
	fprintf(out, "H%dQ%d %d %d %d", trunk - CORNER, trunk, bus, trunk, bus + CORNER);
	fprintf(out, "V%dQ%d %d %d %dH%d\"/>\n", y - CORNER, trunk, y, trunk + CORNER, y, child->x);
	at->x = child->x;
	at->y = y - CORNER;
	at->bus_x = trunk - CORNER;
}

/* Preorder: a grid follows column by column, from the top down. */
void svg_lines_write_edges(FILE *out, const struct svg_plan *plan, enum pair_part part)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	const struct hierarchy *hierarchy = &tree->hierarchy;
	_cleanup_free_ struct joined *joined = memory_new((hierarchy->n + 1) * sizeof(*joined));

	for (size_t i = 0; i < hierarchy->n; i++) {
		const size_t parent = hierarchy->nodes[i].parent;
		const struct pair_box *box = &tree->boxes[i];

		if (parent == NODE_NO_PARENT)
			continue;
		struct joined *at = &joined[parent];

		if (at->x == 0)
			write_first(out, &tree->boxes[parent], box, at);
		else if (box->x > at->x)
			write_column(out, &tree->boxes[parent], box, at);
		else
			write_branch(out, box, at);
	}
}

/* --- from PID namespaces to their owners ----------------------------------------------------- */

enum {
	SMALL = 3, /* the radius of corners in the gap below a row */
	TIP = 3,   /* how far from the box a line begins in its arrow head */
};

static int sign(int from, int to)
{
	return to < from ? -1 : 1;
}

/* Through the lane, from the track of the owner to that of the PID namespace. */
static void write_lane(FILE *out, const struct svg_route *route)
{
	const struct svg_end *user = &route->ends[PAIR_USER], *pid = &route->ends[PAIR_PID];
	const int x = route->lane_x, along = sign(user->x, x), down = sign(user->track, pid->track);
	const int corner = MIN(CORNER, abs(pid->track - user->track) / 2);

	if (corner == 0)
		return;
	fprintf(out, "H%dQ%d %d %d %d", x - along * corner, x, user->track, x,
	        user->track + down * corner);
	if (user->track + down * corner != pid->track - down * corner)
		fprintf(out, "V%d", pid->track - down * corner);
	fprintf(out, "Q%d %d %d %d", x, pid->track, x - corner, pid->track);
}

/* A line goes from the owner to the PID namespace, so that the dashes of lines in one lane
 * coincide. */
static void write_owner(FILE *out, const struct svg_route *route, const char *attributes)
{
	const struct svg_end *user = &route->ends[PAIR_USER], *pid = &route->ends[PAIR_PID];
	const int along = sign(user->x, route->lane_x);

	fprintf(out, "<path%s stroke-dasharray=\"%s\" d=\"", attributes,
	        svg_style_dashes(route->lane));
	if (user->is_side)
		fprintf(out, "M%d %d", user->x + TIP, user->y);
	else
		fprintf(out, "M%d %dV%dQ%d %d %d %d", user->x, user->y + TIP, user->track - SMALL,
		        user->x, user->track, user->x + along * SMALL, user->track);
	write_lane(out, route);
	if (pid->is_side)
		fprintf(out, "H%d", pid->x);
	else
		fprintf(out, "H%dQ%d %d %d %dV%d", pid->x + SMALL, pid->x, pid->track, pid->x,
		        pid->track - SMALL, pid->y);
	fputs("\"/>\n", out);
}

static void write_label(FILE *out, const struct svg_style *style, const struct svg_line *label)
{
	if (label->len == 0)
		return;
	svg_text_write(out, label->x, label->y, style->attributes[SVG_DIM], label);
	fputc('\n', out);
}

/* The arrow head points at the owner. */
void svg_lines_write_owners(FILE *out, const struct svg_plan *plan, const struct svg_style *style)
{
	bool is_labelled = false; /* the end at this owner */

	for (size_t i = 0; i < plan->pair.n_drawn; i++) {
		const struct svg_route *route = &plan->routes.routes[i];
		const struct svg_end *user = &route->ends[PAIR_USER];
		const size_t color = route->lane % PALETTE_OWNERS;

		write_owner(out, route, style->attributes[SVG_OWNER + color]);
		write_label(out, style, &route->ends[PAIR_PID].label);
		if (i == 0 || plan->routes.routes[i - 1].line->user != route->line->user) {
			is_labelled = false;
			fprintf(out, "<path%s d=\"M%d %d%s\"/>\n",
			        style->attributes[SVG_TIP + color], user->x, user->y,
			        user->is_side ? "l7-5v10z" : "l-5 6h10z");
		}
		/* Of several lines only those that are long or stand for several have one. */
		if (!is_labelled)
			write_label(out, style, &user->label);
		is_labelled = is_labelled || user->label.len > 0;
	}
}
