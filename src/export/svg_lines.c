/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_lines.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

enum { CORNER = 6 };

/* The edge to a child: a straight line to the first one, beside its parent; the next ones branch
 * off a line that goes down between the columns, each from where the one before left it (a line
 * drawn several times would look thicker). */
static void write_edge(
        FILE *out, const struct pair_box *parent, const struct pair_box *child, int from_y)
{
	const int trunk = child->x - SVG_COLUMN_GAP / 2;
	const int y = child->y + SVG_ANCHOR;

	if (from_y == 0)
		fprintf(out, "<path class=\"edge\" d=\"M%d %dH%d\"/>\n", parent->x + parent->width,
		        y, child->x);
	else
		fprintf(out, "<path class=\"edge\" d=\"M%d %dV%dQ%d %d %d %dH%d\"/>\n", trunk,
		        from_y, y - CORNER, trunk, y, trunk + CORNER, y, child->x);
}

void svg_lines_write_edges(FILE *out, const struct svg_plan *plan, enum pair_part part)
{
	const struct pair_tree *tree = &plan->pair.trees[part];
	const struct hierarchy *hierarchy = &tree->hierarchy;
	/* Where the latest child of each node joined its line; 0: none yet. */
	_cleanup_free_ int *joined = memory_new((hierarchy->n + 1) * sizeof(*joined));

	for (size_t i = 0; i < hierarchy->n; i++) {
		const size_t parent = hierarchy->nodes[i].parent;
		const struct pair_box *box = &tree->boxes[i];

		if (parent == NODE_NO_PARENT)
			continue;
		write_edge(out, &tree->boxes[parent], box, joined[parent]);
		/* A branch leaves the line before its corner; the first child has none. */
		joined[parent] = box->y + SVG_ANCHOR - (joined[parent] ? CORNER : 0);
	}
}

/* The y of the line in the gap below a box: boxes of neighbouring columns have different ones, so
 * that their lines do not coincide. */
static int gap_y(const struct pair_box *box, unsigned column)
{
	return box->y + box->height + 7 + 2 * (int)(column % 3);
}

static int sign(int from, int to)
{
	return to < from ? -1 : 1;
}

/* The line goes from the owner to the PID namespace, so that the dashes of lines in one lane
 * coincide. The tip points at the owner. */
static void write_owner(FILE *out, const struct svg_plan *plan, const struct svg_style *style,
        const struct pair_line *line)
{
	enum { SMALL = 3, EXIT = 22 };
	const struct pair_tree *users = &plan->pair.trees[PAIR_USER];
	const struct pair_tree *pids = &plan->pair.trees[PAIR_PID];
	const struct pair_box *user = &users->boxes[line->user];
	const struct pair_box *pid = &pids->boxes[line->pid];
	const int lane = plan->lane_x[line->lane];
	const int user_x = lane < user->x ? user->x + EXIT : user->x + user->width - EXIT;
	const int user_bottom = user->y + user->height;
	const int user_y = gap_y(user, users->hierarchy.nodes[line->user].depth);
	const int pid_x = pid->x + pid->width - EXIT;
	const int pid_y = gap_y(pid, pids->hierarchy.nodes[line->pid].depth);
	const int along = sign(user_x, lane);
	const int down = sign(user_y, pid_y);
	const int corner = abs(pid_y - user_y) < 2 * CORNER ? 0 : CORNER;

	fprintf(out, "<path%s d=\"M%d %dV%dQ%d %d %d %d", style->attributes[SVG_OWNER], user_x,
	        user_bottom, user_y - SMALL, user_x, user_y, user_x + along * SMALL, user_y);
	fprintf(out, "H%dQ%d %d %d %d", lane - along * corner, lane, user_y, lane,
	        user_y + down * corner);
	fprintf(out, "V%dQ%d %d %d %d", pid_y - down * corner, lane, pid_y, lane - corner, pid_y);
	fprintf(out, "H%dQ%d %d %d %dV%d\"/>\n", pid_x + SMALL, pid_x, pid_y, pid_x, pid_y - SMALL,
	        pid->y + pid->height);
	fprintf(out, "<path%s d=\"M%d %dl-4 6h8z\"/>\n", style->attributes[SVG_TIP], user_x,
	        user_bottom);
}

void svg_lines_write_owners(FILE *out, const struct svg_plan *plan, const struct svg_style *style)
{
	for (size_t i = 0; i < plan->pair.n_drawn; i++)
		write_owner(out, plan, style, &plan->pair.lines[i]);
}
