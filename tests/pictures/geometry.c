/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/pictures/geometry.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
	SIZE_MOST = 32767, /* of cairo, which rsvg-convert and Inkscape use */
	TEXT_PADDING = 2,  /* between text and the sides of its box */
	LINES_APART = 6,
	LINE_FROM_BOX = 4,
	LINE_FROM_EDGE = 3,
	AT_BOX = 1, /* how far from its edge a line may end */
	SHOWN = 5,  /* faults of a kind */
};

struct check {
	struct geometry *found;
	const struct drawing *drawing;
	const char *name;
	FILE *out;
};

/* A straight piece of a line. */
struct piece {
	struct area area; /* of no width or height, if it is not diagonal */
	size_t route;
};

struct pieces {
	struct piece *pieces;
	size_t n;
};

/* The boxes at the ends of a line to an owner; DRAWING_NONE: none. */
struct ends {
	int pid, user;
};

static void __attribute__((format(printf, 3, 4)))
fault(struct check *check, enum geometry_fault kind, const char *format, ...)
{
	va_list args;

	check->found->n_all++;
	if (++check->found->n[kind] > SHOWN || !check->out)
		return;
	fprintf(check->out, "%s: ", check->name);
	va_start(args, format);
	vfprintf(check->out, format, args);
	va_end(args);
	fputc('\n', check->out);
}

/* --- areas ------------------------------------------------------------------------------------ */

static bool overlap(struct area a, struct area b)
{
	return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static bool is_inside(struct area inner, struct area area)
{
	return inner.left >= area.left && inner.right <= area.right && inner.top >= area.top &&
	       inner.bottom <= area.bottom;
}

static struct area grown(struct area area, int by)
{
	return (struct area){area.left - by, area.top - by, area.right + by, area.bottom + by};
}

static bool has_point(struct area area, struct point point)
{
	return point.x >= area.left && point.x <= area.right && point.y >= area.top &&
	       point.y <= area.bottom;
}

/* A piece counts as an area of at least one pixel, so that it overlaps what it runs through. */
static struct area thick(struct area area)
{
	area.right += area.right == area.left;
	area.bottom += area.bottom == area.top;
	return area;
}

/* At the edge, not in the middle. */
static bool is_at(struct area box, struct point point)
{
	return has_point(grown(box, AT_BOX), point) && !has_point(grown(box, -AT_BOX - 1), point);
}

static int box_at(const struct drawing *drawing, struct point point)
{
	for (size_t i = 0; i < drawing->n_boxes; i++)
		if (is_at(drawing->boxes[i].area, point))
			return (int)i;
	return DRAWING_NONE;
}

static const char *name_of(const struct box *box)
{
	return box->id ? box->id : box->class;
}

#define AREA_FORMAT     "%d,%d-%d,%d"
#define AREA_ARGS(area) (area).left, (area).top, (area).right, (area).bottom

/* --- ids, sizes ------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void check_ids(struct check *check)
{
	const struct xml *xml = &check->drawing->xml;
	_cleanup_free_ const char **ids = memory_new((xml->n + 1) * sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < xml->n; i++)
		if (xml_get(&xml->elements[i], "id"))
			ids[n++] = xml_get(&xml->elements[i], "id");
	qsort(ids, n, sizeof(*ids), by_text);
	for (size_t i = 1; i < n; i++)
		if (strcmp(ids[i - 1], ids[i]) == 0)
			fault(check, GEOMETRY_ID, "the id %s occurs twice", ids[i]);
	for (size_t i = 0; i < xml->n; i++) {
		const char *link = xml_get(&xml->elements[i], "href");
		const char *id = link ? link + 1 : NULL;

		if (link && (*link != '#' || !bsearch(&id, ids, n, sizeof(*ids), by_text)))
			fault(check, GEOMETRY_LINK, "the link %s leads nowhere", link);
	}
}

static void check_size(struct check *check)
{
	const struct drawing *drawing = check->drawing;

	if (drawing->width > SIZE_MOST || drawing->height > SIZE_MOST)
		fault(check, GEOMETRY_SIZE, "%d x %d pixels are more than %d", drawing->width,
		        drawing->height, SIZE_MOST);
}

/* --- panels and boxes ------------------------------------------------------------------------- */

static void check_panels(struct check *check)
{
	const struct drawing *drawing = check->drawing;
	const struct area all = {1, 1, drawing->width - 1, drawing->height - 1};

	if (drawing->n_panels == 0)
		fault(check, GEOMETRY_PANEL, "there is no panel");
	for (size_t i = 0; i < drawing->n_panels; i++) {
		const struct panel *panel = &drawing->panels[i];

		if (!is_inside(panel->area, all))
			fault(check, GEOMETRY_PANEL, "%s at " AREA_FORMAT " is beyond %d x %d",
			        panel->class, AREA_ARGS(panel->area), drawing->width,
			        drawing->height);
		for (size_t k = 0; k < i; k++)
			if (overlap(panel->area, drawing->panels[k].area))
				fault(check, GEOMETRY_PANEL, "%s overlaps %s", panel->class,
				        drawing->panels[k].class);
	}
}

static void check_boxes(struct check *check)
{
	const struct drawing *drawing = check->drawing;

	for (size_t i = 0; i < drawing->n_boxes; i++) {
		const struct box *box = &drawing->boxes[i];
		bool is_in_panel = false;

		for (size_t k = 0; k < drawing->n_panels; k++)
			is_in_panel = is_in_panel ||
			              is_inside(box->area, grown(drawing->panels[k].area, -4));
		if (!is_in_panel)
			fault(check, GEOMETRY_BOX_OUT, "%s at " AREA_FORMAT " is in no panel",
			        name_of(box), AREA_ARGS(box->area));
		for (size_t k = 0; k < i; k++) {
			const struct box *other = &drawing->boxes[k];

			if (overlap(grown(box->area, 1), grown(other->area, 1)))
				fault(check, GEOMETRY_BOX_OVERLAP,
				        "%s at " AREA_FORMAT " overlaps %s at " AREA_FORMAT,
				        name_of(box), AREA_ARGS(box->area), name_of(other),
				        AREA_ARGS(other->area));
		}
	}
}

/* --- text ------------------------------------------------------------------------------------- */

static void check_place(struct check *check, const struct words *words)
{
	const struct drawing *drawing = check->drawing;
	const struct area all = {0, 0, drawing->width, drawing->height};
	const struct box *box = words->box == DRAWING_NONE ? NULL : &drawing->boxes[words->box];

	if (!is_inside(words->area, all))
		fault(check, GEOMETRY_TEXT_OUT, "'%s' at " AREA_FORMAT " is beyond the picture",
		        words->text, AREA_ARGS(words->area));
	else if (box && !is_inside(words->area, box->area))
		fault(check, GEOMETRY_TEXT_OUT,
		        "'%s' at " AREA_FORMAT " is beyond its box %s at " AREA_FORMAT, words->text,
		        AREA_ARGS(words->area), name_of(box), AREA_ARGS(box->area));
	else if (box && (words->area.left < box->area.left + TEXT_PADDING ||
	                        words->area.right > box->area.right - TEXT_PADDING))
		fault(check, GEOMETRY_TEXT_OUT, "'%s' at " AREA_FORMAT " touches its box %s",
		        words->text, AREA_ARGS(words->area), name_of(box));
	for (size_t i = 0; !box && i < drawing->n_boxes; i++)
		if (overlap(words->area, drawing->boxes[i].area))
			fault(check, GEOMETRY_TEXT_OVERLAP,
			        "'%s' at " AREA_FORMAT " overlaps the box %s at " AREA_FORMAT,
			        words->text, AREA_ARGS(words->area), name_of(&drawing->boxes[i]),
			        AREA_ARGS(drawing->boxes[i].area));
}

static int by_top(const void *a, const void *b)
{
	const struct words *x = a, *y = b;

	return (x->area.top > y->area.top) - (x->area.top < y->area.top);
}

static void check_texts(struct check *check)
{
	const size_t n = check->drawing->n_words;
	_cleanup_free_ struct words *words = memory_new((n + 1) * sizeof(*words));

	for (size_t i = 0; i < n; i++)
		words[i] = check->drawing->words[i];
	qsort(words, n, sizeof(*words), by_top);
	for (size_t i = 0; i < n; i++) {
		check_place(check, &words[i]);
		for (size_t k = i + 1; k < n && words[k].area.top < words[i].area.bottom; k++)
			if (overlap(words[i].area, words[k].area))
				fault(check, GEOMETRY_TEXT_OVERLAP,
				        "'%s' at " AREA_FORMAT " overlaps '%s' at " AREA_FORMAT,
				        words[i].text, AREA_ARGS(words[i].area), words[k].text,
				        AREA_ARGS(words[k].area));
	}
}

/* --- lines ------------------------------------------------------------------------------------ */

/* The pieces of all lines that are not in the legend. */
static struct pieces cut(const struct route *routes, size_t n)
{
	struct pieces pieces = {0};
	size_t capacity = 0;

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 1; !routes[i].is_sample && k < routes[i].n; k++) {
			const struct point a = routes[i].points[k - 1], b = routes[i].points[k];
			const struct area area = {
			        MIN(a.x, b.x), MIN(a.y, b.y), MAX(a.x, b.x), MAX(a.y, b.y)};

			pieces.pieces = memory_grow(
			        pieces.pieces, &capacity, pieces.n + 1, sizeof(*pieces.pieces));
			pieces.pieces[pieces.n++] = (struct piece){.area = area, .route = i};
		}
	}
	return pieces;
}

static void release_pieces(struct pieces *pieces)
{
	free(pieces->pieces);
}

/* True if the pieces run beside each other, less than `apart` pixels away. */
static bool run_close(struct area a, struct area b, int apart)
{
	const bool both_across = a.top == a.bottom && b.top == b.bottom;
	const bool both_down = a.left == a.right && b.left == b.right;

	if (both_across)
		return a.left < b.right && b.left < a.right && abs(a.top - b.top) < apart;
	return both_down && a.top < b.bottom && b.top < a.bottom && abs(a.left - b.left) < apart;
}

static void check_struck(struct check *check, const struct pieces *pieces, const char *what)
{
	const struct drawing *drawing = check->drawing;

	for (size_t i = 0; i < drawing->n_words; i++) {
		const struct words *words = &drawing->words[i];

		for (size_t k = 0; words->box == DRAWING_NONE && k < pieces->n; k++)
			if (overlap(words->area, thick(pieces->pieces[k].area)))
				fault(check, GEOMETRY_TEXT_STRUCK,
				        "%s at " AREA_FORMAT " runs through '%s' at " AREA_FORMAT,
				        what, AREA_ARGS(pieces->pieces[k].area), words->text,
				        AREA_ARGS(words->area));
	}
}

static bool is_at_pieces(const struct pieces *pieces, size_t route, struct point point)
{
	for (size_t i = 0; i < pieces->n; i++)
		if (pieces->pieces[i].route != route &&
		        has_point(grown(pieces->pieces[i].area, AT_BOX), point))
			return true;
	return false;
}

/* A connector leads to a box, or to those of its siblings, from another box or from another
 * connector. Each box but the roots has one. */
static void check_edges(struct check *check, const struct pieces *pieces)
{
	const struct drawing *drawing = check->drawing;
	_cleanup_free_ size_t *n_edges = memory_new((drawing->n_boxes + 1) * sizeof(*n_edges));

	for (size_t i = 0; i < drawing->n_edges; i++) {
		const struct route *edge = &drawing->edges[i];
		const struct point first = edge->points[0], last = edge->points[edge->n - 1];
		const int box = box_at(drawing, last);

		if (edge->is_sample)
			continue;
		if (box != DRAWING_NONE)
			n_edges[box]++;
		else if (!is_at_pieces(pieces, i, last))
			fault(check, GEOMETRY_EDGE_END, "a connector ends at %d,%d, at no box",
			        last.x, last.y);
		if (box_at(drawing, first) == DRAWING_NONE && !is_at_pieces(pieces, i, first))
			fault(check, GEOMETRY_EDGE_END, "a connector begins at %d,%d, at no box",
			        first.x, first.y);
	}
	for (size_t i = 0; i < drawing->n_boxes; i++) {
		const bool is_root =
		        !drawing->boxes[i].id || drawing_has_class(drawing->boxes[i].class, "top");

		if (n_edges[i] != !is_root)
			fault(check, GEOMETRY_EDGE_END, "%s has %zu connectors to its parent",
			        name_of(&drawing->boxes[i]), n_edges[i]);
	}
	for (size_t i = 0; i < pieces->n; i++)
		for (size_t k = 0; k < drawing->n_boxes; k++)
			if (overlap(thick(pieces->pieces[i].area),
			            grown(drawing->boxes[k].area, -2)))
				fault(check, GEOMETRY_EDGE_BOX,
				        "a connector at " AREA_FORMAT " runs through %s",
				        AREA_ARGS(pieces->pieces[i].area),
				        name_of(&drawing->boxes[k]));
}

/* The box at the end of a line, or at the arrow head in which it ends. */
static int end_box(const struct drawing *drawing, struct point point)
{
	const int box = box_at(drawing, point);

	for (size_t i = 0; box == DRAWING_NONE && i < drawing->n_tips; i++) {
		const struct area tip = drawing->tips[i];

		if (!has_point(grown(tip, AT_BOX), point))
			continue;
		for (size_t k = 0; k < drawing->n_boxes; k++)
			if (overlap(grown(tip, AT_BOX), drawing->boxes[k].area))
				return (int)k;
	}
	return box;
}

static bool is_pid(const struct drawing *drawing, int box)
{
	return box != DRAWING_NONE && drawing_has_class(drawing->boxes[box].class, "pid");
}

static bool has_tip(const struct drawing *drawing, struct area box, const struct route *route)
{
	const struct point ends[] = {route->points[0], route->points[route->n - 1]};

	for (size_t i = 0; i < drawing->n_tips; i++)
		for (size_t k = 0; k < ARRAY_SIZE(ends); k++)
			if (has_point(grown(drawing->tips[i], AT_BOX), ends[k]) &&
			        overlap(grown(drawing->tips[i], AT_BOX), box))
				return true;
	return false;
}

/* Finds both ends of each line; a line that lacks one is a fault. */
static struct ends *find_ends(struct check *check)
{
	const struct drawing *drawing = check->drawing;
	struct ends *all = memory_new((drawing->n_owners + 1) * sizeof(*all));

	for (size_t i = 0; i < drawing->n_owners; i++) {
		const struct route *route = &drawing->owners[i];
		const struct point first = route->points[0], last = route->points[route->n - 1];
		const int a = end_box(drawing, first), b = end_box(drawing, last);

		all[i] = is_pid(drawing, a) ? (struct ends){a, b} : (struct ends){b, a};
		if (route->is_sample)
			continue;
		if (a == DRAWING_NONE || b == DRAWING_NONE)
			fault(check, GEOMETRY_LINE_END,
			        "the line %d,%d-%d,%d to an owner ends at no box", first.x, first.y,
			        last.x, last.y);
		else if (is_pid(drawing, a) == is_pid(drawing, b))
			fault(check, GEOMETRY_LINE_END, "a line to an owner leads from %s to %s",
			        name_of(&drawing->boxes[a]), name_of(&drawing->boxes[b]));
		else if (!has_tip(drawing, drawing->boxes[all[i].user].area, route))
			fault(check, GEOMETRY_TIP, "the line to the owner %s has no arrow head",
			        name_of(&drawing->boxes[all[i].user]));
	}
	return all;
}

static const struct box *find_id(const struct drawing *drawing, const char *id)
{
	for (size_t i = 0; id && i < drawing->n_boxes; i++)
		if (drawing->boxes[i].id && strcmp(drawing->boxes[i].id, id) == 0)
			return &drawing->boxes[i];
	return NULL;
}

/* A line leads to the owner that its box links to. If there are lines, each PID namespace has one,
 * unless the initial user namespace owns it. */
static void check_owners(struct check *check, const struct ends *all)
{
	const struct drawing *drawing = check->drawing;
	_cleanup_free_ size_t *n_lines = memory_new((drawing->n_boxes + 1) * sizeof(*n_lines));
	size_t n = 0;

	for (size_t i = 0; i < drawing->n_owners; i++) {
		const struct ends ends = all[i];

		n += !drawing->owners[i].is_sample;
		if (drawing->owners[i].is_sample || ends.pid == DRAWING_NONE ||
		        ends.user == DRAWING_NONE)
			continue;
		const struct box *pid = &drawing->boxes[ends.pid];
		const struct box *user = &drawing->boxes[ends.user];

		n_lines[ends.pid]++;
		if (!pid->owner || !user->id || strcmp(pid->owner, user->id) != 0)
			fault(check, GEOMETRY_LINE_OWNER,
			        "the line of %s leads to %s, its link to %s", name_of(pid),
			        name_of(user), pid->owner ? pid->owner : "nothing");
	}
	for (size_t i = 0; n > 0 && i < drawing->n_boxes; i++) {
		const struct box *owner = find_id(drawing, drawing->boxes[i].owner);

		if (!is_pid(drawing, (int)i) || !owner || drawing_has_class(owner->class, "top"))
			continue;
		if (n_lines[i] != 1)
			fault(check, GEOMETRY_LINE_OWNER, "%s has %zu lines to its owner %s",
			        name_of(&drawing->boxes[i]), n_lines[i], name_of(owner));
	}
}

static void check_lines(struct check *check, const struct pieces *lines, const struct ends *ends)
{
	const struct drawing *drawing = check->drawing;

	for (size_t i = 0; i < lines->n; i++) {
		const struct piece *piece = &lines->pieces[i];
		const struct ends *at = &ends[piece->route];

		for (size_t k = 0; k < drawing->n_boxes; k++)
			if ((int)k != at->pid && (int)k != at->user &&
			        overlap(thick(piece->area),
			                grown(drawing->boxes[k].area, LINE_FROM_BOX - 1)))
				fault(check, GEOMETRY_LINE_BOX,
				        "a line to an owner at " AREA_FORMAT
				        " is too close to %s at " AREA_FORMAT,
				        AREA_ARGS(piece->area), name_of(&drawing->boxes[k]),
				        AREA_ARGS(drawing->boxes[k].area));
		for (size_t k = 0; k < i; k++) {
			const struct piece *other = &lines->pieces[k];
			const struct ends *there = &ends[other->route];

			if (other->route == piece->route ||
			        (at->user == there->user && at->user != DRAWING_NONE))
				continue;
			if (run_close(piece->area, other->area, LINES_APART))
				fault(check, GEOMETRY_LINE_CLOSE,
				        "lines to two owners at " AREA_FORMAT " and " AREA_FORMAT
				        " are too close",
				        AREA_ARGS(piece->area), AREA_ARGS(other->area));
		}
	}
}

static void check_lines_on_edges(
        struct check *check, const struct pieces *lines, const struct pieces *edges)
{
	for (size_t i = 0; i < lines->n; i++)
		for (size_t k = 0; k < edges->n; k++)
			if (run_close(lines->pieces[i].area, edges->pieces[k].area, LINE_FROM_EDGE))
				fault(check, GEOMETRY_LINE_EDGE,
				        "a line to an owner at " AREA_FORMAT
				        " overlaps a connector at " AREA_FORMAT,
				        AREA_ARGS(lines->pieces[i].area),
				        AREA_ARGS(edges->pieces[k].area));
}

/* Lines to one owner may share its arrow head. */
static void check_tips(struct check *check)
{
	const struct drawing *drawing = check->drawing;

	for (size_t i = 0; i < drawing->n_tips; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct area a = drawing->tips[i], b = drawing->tips[k];

			if (overlap(a, b) && memcmp(&a, &b, sizeof(a)) != 0)
				fault(check, GEOMETRY_TIP,
				        "the arrow heads at " AREA_FORMAT " and " AREA_FORMAT
				        " overlap",
				        AREA_ARGS(a), AREA_ARGS(b));
		}
	}
}

void geometry_check(
        struct geometry *ret, const struct drawing *drawing, const char *name, FILE *out)
{
	struct check check = {.found = ret, .drawing = drawing, .name = name, .out = out};
	_cleanup_(release_pieces) struct pieces edges = cut(drawing->edges, drawing->n_edges);
	_cleanup_(release_pieces) struct pieces lines = cut(drawing->owners, drawing->n_owners);

	*ret = (struct geometry){0};
	check_ids(&check);
	check_size(&check);
	check_panels(&check);
	check_boxes(&check);
	check_texts(&check);
	check_struck(&check, &edges, "a connector");
	check_struck(&check, &lines, "a line to an owner");
	check_edges(&check, &edges);
	_cleanup_free_ struct ends *ends = find_ends(&check);
	check_owners(&check, ends);
	check_lines(&check, &lines, ends);
	check_lines_on_edges(&check, &lines, &edges);
	check_tips(&check);
}

/* A connector that does not begin at a box branches off from one before it. */
void geometry_parents(const struct drawing *drawing, int *parents)
{
	_cleanup_(release_pieces) struct pieces pieces = cut(drawing->edges, drawing->n_edges);
	_cleanup_free_ int *from = memory_new((drawing->n_edges + 1) * sizeof(*from));

	for (size_t i = 0; i < drawing->n_boxes; i++)
		parents[i] = DRAWING_NONE;
	for (size_t i = 0; i < drawing->n_edges; i++) {
		const struct route *edge = &drawing->edges[i];
		const int box = box_at(drawing, edge->points[edge->n - 1]);

		from[i] = box_at(drawing, edge->points[0]);
		for (size_t k = 0; from[i] == DRAWING_NONE && k < pieces.n; k++)
			if (pieces.pieces[k].route < i &&
			        has_point(pieces.pieces[k].area, edge->points[0]))
				from[i] = from[pieces.pieces[k].route];
		if (box != DRAWING_NONE)
			parents[box] = from[i];
	}
}

double geometry_points(const struct drawing *drawing)
{
	static const double page_width = 841.89, page_height = 595.28, margin = 24;
	const double across = (page_width - 2 * margin) / drawing->width;
	const double down = (page_height - 2 * margin) / drawing->height;
	int size = INT_MAX;

	for (size_t i = 0; i < drawing->n_words; i++)
		size = MIN(size, drawing->words[i].size);
	return size * (across < down ? across : down);
}
