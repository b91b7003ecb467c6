/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_route.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "view/partial.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	STUB = 14,         /* where a line meets the bottom of a box, from its right or left end */
	TRACK_FIRST = 7,   /* the first track, below the row: an arrow head is above it */
	TRACK_LABEL = 16,  /* the same, with labels above it */
	LABEL_BASE = 12,   /* their baseline, below the row */
	LABEL_ABOVE = 4,   /* a baseline above a line */
	LABEL_BESIDE = 12, /* a label beside a box: an arrow head is between them */
	LABEL_GAP = 8,
};

static size_t node_of(const struct svg_route *route, enum pair_part part)
{
	return part == PAIR_PID ? route->line->pid : route->line->user;
}

static const struct pair_box *box_of(
        const struct svg_routes *all, const struct svg_route *route, enum pair_part part)
{
	return &all->pair->trees[part].boxes[node_of(route, part)];
}

/* --- labels ---------------------------------------------------------------------------------- */

static void set_label(struct svg_routes *all, struct svg_end *end, const char *text)
{
	const size_t len = strlen(text);

	end->label = (struct svg_line){.text = arena_copy(all->arena, text, len),
	        .len = len,
	        .width = svg_text_width(text, len, SVG_TEXT_SIZE)};
}

/* What is at the other end of a line; of a group how many. */
static void write_name(
        char *ret, size_t size, const struct svg_routes *all, const struct node *node, size_t n)
{
	const struct ns *ns = node->ns;
	const char *type = nstype_name(ns->type);

	if (n > 1)
		snprintf(ret, size, "%zu%s %s", n, partial_plus(all->model, ns), type);
	else
		snprintf(ret, size, "%s:[%" PRIu64 "]", type, ns->inode);
}

/* The PID namespaces that the lines of one owner stand for. */
static size_t count_owned(const struct svg_routes *all, const struct svg_route *route)
{
	size_t n = 0;

	for (size_t i = 0; i < all->pair->n_drawn; i++)
		if (all->routes[i].line->user == route->line->user)
			n += all->routes[i].line->n;
	return n;
}

/* A line that stands for several has their number at the owner. */
static void label_route(struct svg_routes *all, struct svg_route *route)
{
	const struct hierarchy *pids = &all->pair->trees[PAIR_PID].hierarchy;
	const struct hierarchy *users = &all->pair->trees[PAIR_USER].hierarchy;
	const struct node *pid = &pids->nodes[route->line->pid];
	const struct node *user = &users->nodes[route->line->user];
	const size_t n = route->line->n, n_owned = count_owned(all, route);
	char text[160], count[64], name[64];

	if (!route->is_far && n == 1)
		return;
	write_name(text, sizeof(text), all, pid, n_owned);
	set_label(all, &route->ends[PAIR_USER], text);
	if (!route->is_far && n_owned == n)
		return;
	write_name(count, sizeof(count), all, pid, n);
	write_name(name, sizeof(name), all, user, user->n_alike);
	if (!route->is_far)
		snprintf(text, sizeof(text), "%s", count);
	else if (n_owned > n && n > 1)
		snprintf(text, sizeof(text), "%s, %s", count, name);
	else
		snprintf(text, sizeof(text), "%s", name);
	set_label(all, &route->ends[PAIR_PID], text);
}

void svg_route_build(struct svg_routes *ret, struct pair_plan *pair, const struct model *model,
        struct arena *arena)
{
	*ret = (struct svg_routes){.arena = arena,
	        .pair = pair,
	        .model = model,
	        .routes = arena_array(arena, pair->n_drawn, sizeof(*ret->routes))};
	for (size_t i = 0; i < pair->n_drawn; i++)
		ret->routes[i] = (struct svg_route){.line = &pair->lines[i]};
	for (size_t i = 0; i < pair->n_drawn; i++)
		label_route(ret, &ret->routes[i]);
}

void svg_route_widen_boxes(const struct svg_routes *all, enum pair_part part)
{
	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		const struct svg_line *label = &all->routes[i].ends[part].label;
		struct pair_box *box =
		        &all->pair->trees[part].boxes[node_of(&all->routes[i], part)];

		if (label->len)
			box->width = MAX(box->width, label->width + STUB + 2 * LABEL_GAP);
	}
}

static bool is_far(const struct svg_route *route)
{
	const struct svg_end *pid = &route->ends[PAIR_PID], *user = &route->ends[PAIR_USER];

	return abs(pid->y - user->y) > SVG_SCREEN || abs(pid->x - user->x) > SVG_PAGE_WIDTH;
}

bool svg_route_label_far(struct svg_routes *all)
{
	bool is_more = false;

	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		struct svg_route *route = &all->routes[i];

		if (route->is_far || !is_far(route))
			continue;
		is_more = route->is_far = true;
		label_route(all, route);
	}
	return is_more;
}

/* --- tracks ---------------------------------------------------------------------------------- */

/* The ends of one owner's lines in one row. */
struct track {
	size_t row;
	size_t owner;
	int x; /* of the box that is furthest from the lane */
	bool is_labelled;
};

/* The end in a panel, if it is at the bottom of its box. */
static bool make_track(struct track *ret, const struct svg_routes *all,
        const struct svg_route *route, enum pair_part part)
{
	const size_t node = node_of(route, part);

	*ret = (struct track){.row = all->pair->trees[part].row_of[node],
	        .owner = route->line->user,
	        .x = all->pair->trees[part].boxes[node].x,
	        .is_labelled = route->ends[part].label.len > 0};
	return !route->ends[part].is_side;
}

static int compare_tracks(const void *a, const void *b)
{
	const struct track *x = a, *y = b;
	int r = COMPARE(x->row, y->row);

	r = r ? r : COMPARE(x->owner, y->owner);
	return r ? r : COMPARE(x->x, y->x);
}

/* From the top down: the nearer to the lane a box is, the higher is its track. Then the others do
 * not cross it. */
static int compare_places(const void *a, const void *b)
{
	const struct track *x = a, *y = b;
	const int r = COMPARE(x->row, y->row);

	return r ? r : COMPARE(y->x, x->x);
}

static int compare_places_from_left(const void *a, const void *b)
{
	const struct track *x = a, *y = b;
	const int r = COMPARE(x->row, y->row);

	return r ? r : COMPARE(x->x, y->x);
}

/* The tracks of a panel, sorted by row and from the top down. */
static size_t list_tracks(struct track *ret, const struct svg_routes *all, enum pair_part part)
{
	const bool is_from_left = all->is_wide && part == PAIR_USER;
	size_t n = 0, n_tracks = 0;

	for (size_t i = 0; i < all->pair->n_drawn; i++)
		n += make_track(&ret[n], all, &all->routes[i], part);
	qsort(ret, n, sizeof(*ret), compare_tracks);
	for (size_t i = 0; i < n; i++) {
		struct track *last = &ret[n_tracks ? n_tracks - 1 : 0];

		if (n_tracks == 0 || last->row != ret[i].row || last->owner != ret[i].owner)
			ret[n_tracks++] = ret[i];
		else
			last->is_labelled = last->is_labelled || ret[i].is_labelled;
	}
	qsort(ret, n_tracks, sizeof(*ret),
	        is_from_left ? compare_places_from_left : compare_places);
	return n_tracks;
}

static void set_offset(
        struct svg_routes *all, enum pair_part part, const struct track *track, int offset)
{
	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		struct track other;

		if (make_track(&other, all, &all->routes[i], part) && other.row == track->row &&
		        other.owner == track->owner)
			all->routes[i].ends[part].offset = offset;
	}
}

/* Where the horizontal part of a line is, in its panel. */
static int y_in_panel(
        const struct svg_routes *all, const struct svg_route *route, enum pair_part part)
{
	const struct pair_tree *tree = &all->pair->trees[part];
	const struct pair_row *row = &tree->rows[tree->row_of[node_of(route, part)]];
	const struct svg_end *end = &route->ends[part];

	return row->y + (end->is_side ? SVG_ANCHOR : row->height + end->offset);
}

/* True if a line to another owner leaves the PID panel at nearly the same y. */
static bool is_too_close(const struct svg_routes *all, size_t owner, int y)
{
	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		const struct svg_route *route = &all->routes[i];

		if (route->line->user != owner &&
		        abs(y_in_panel(all, route, PAIR_PID) - y) < SVG_APART)
			return true;
	}
	return false;
}

/* The tracks of one row; `is_parted`: away from the lines that leave the PID panel. */
static void place_tracks(struct svg_routes *all, enum pair_part part, const struct track *tracks,
        size_t n, bool is_parted)
{
	const struct pair_tree *tree = &all->pair->trees[part];
	struct pair_row *row = &tree->rows[tracks->row];
	const bool is_above_grid =
	        tracks->row + 1 < tree->n_rows && tree->rows[tracks->row + 1].is_grid;
	int offset = TRACK_FIRST;

	for (size_t i = 0; i < n; i++)
		offset = tracks[i].is_labelled ? TRACK_LABEL : offset;
	for (size_t i = 0; i < n; i++) {
		offset += i ? SVG_APART : 0;
		while (is_parted &&
		        is_too_close(all, tracks[i].owner, row->y + row->height + offset))
			offset++;
		set_offset(all, part, &tracks[i], offset);
	}
	row->below = offset - TRACK_FIRST + (is_above_grid ? SVG_BUS : 0);
}

static size_t count_in_row(const struct track *tracks, size_t n)
{
	size_t i = 0;

	while (i < n && tracks[i].row == tracks->row)
		i++;
	return i;
}

int svg_route_tracks(struct svg_routes *all, enum pair_part part)
{
	const struct pair_tree *tree = &all->pair->trees[part];
	struct track tracks[SVG_OWNERS_MAX];
	int right = 0;

	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		struct svg_end *end = &all->routes[i].ends[part];
		const size_t node = node_of(&all->routes[i], part);
		const struct pair_box *box = &tree->boxes[node];

		end->is_side = tree->rows[tree->row_of[node]].last == node &&
		               !(all->is_wide && part == PAIR_USER);
		if (end->is_side && end->label.len)
			right = MAX(right, box->x + box->width + LABEL_BESIDE + end->label.width);
	}
	const size_t n = list_tracks(tracks, all, part);

	for (size_t first = 0, in_row; first < n; first += in_row) {
		in_row = count_in_row(&tracks[first], n - first);
		place_tracks(all, part, &tracks[first], in_row, false);
	}
	return right;
}

void svg_route_part_tracks(struct svg_routes *all, const struct pair_spacing *spacing, int *bottom)
{
	struct pair_tree *users = &all->pair->trees[PAIR_USER];
	struct track tracks[SVG_OWNERS_MAX];
	const size_t n = list_tracks(tracks, all, PAIR_USER);

	for (size_t first = 0, in_row; first < n; first += in_row) {
		const struct pair_row *row = &users->rows[tracks[first].row];
		const int usual = row->below;

		in_row = count_in_row(&tracks[first], n - first);
		place_tracks(all, PAIR_USER, &tracks[first], in_row, true);
		if (row->below != usual)
			pair_layout_rows(users, spacing, bottom);
	}
}

/* --- places ---------------------------------------------------------------------------------- */

static void place_label(struct svg_end *end, int row_bottom, bool is_from_left)
{
	if (end->is_side) {
		end->label.x = end->x + LABEL_BESIDE;
		end->label.y = end->y - LABEL_ABOVE;
		return;
	}
	end->label.x = is_from_left ? end->x + LABEL_GAP : end->x - LABEL_GAP - end->label.width;
	end->label.y = row_bottom + LABEL_BASE;
}

static void place_end(struct svg_routes *all, struct svg_route *route, enum pair_part part)
{
	const bool is_from_left = all->is_wide && part == PAIR_USER;
	const struct pair_tree *tree = &all->pair->trees[part];
	const struct pair_box *box = box_of(all, route, part);
	const int row_bottom = box->y + tree->rows[tree->row_of[node_of(route, part)]].height;
	struct svg_end *end = &route->ends[part];

	if (end->is_side) {
		end->x = box->x + box->width;
		end->y = end->track = box->y + SVG_ANCHOR;
	} else {
		end->x = is_from_left ? box->x + STUB : box->x + box->width - STUB;
		end->y = box->y + box->height;
		end->track = row_bottom + end->offset;
	}
	place_label(end, row_bottom, is_from_left);
}

struct lane {
	size_t lane; /* of struct pair_line */
	int y;       /* at the owner */
};

static int compare_lanes(const void *a, const void *b)
{
	const struct lane *x = a, *y = b;
	const int r = COMPARE(x->y, y->y);

	return r ? r : COMPARE(x->lane, y->lane);
}

/* The higher an owner stands, the nearer to its box is its lane: then lines do not cross there. */
static void place_lanes(struct svg_routes *all, int left)
{
	const size_t n = all->pair->n_lanes;
	struct lane lanes[SVG_OWNERS_MAX];
	size_t order[SVG_OWNERS_MAX];

	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		const struct svg_route *route = &all->routes[i];

		lanes[route->line->lane] =
		        (struct lane){route->line->lane, route->ends[PAIR_USER].track};
	}
	qsort(lanes, n, sizeof(*lanes), compare_lanes);
	for (size_t i = 0; i < n; i++)
		order[lanes[i].lane] = all->is_wide ? n - 1 - i : i;
	for (size_t i = 0; i < all->pair->n_drawn; i++) {
		struct svg_route *route = &all->routes[i];

		route->lane = order[route->line->lane];
		route->lane_x = left + SVG_LANE * (int)route->lane;
	}
}

void svg_route_place(struct svg_routes *all, int left)
{
	for (size_t i = 0; i < all->pair->n_drawn; i++)
		for (enum pair_part part = 0; part < PAIR_PARTS; part++)
			place_end(all, &all->routes[i], part);
	place_lanes(all, left);
}
