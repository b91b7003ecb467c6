/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/pictures/drawing.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "tests/unit.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void drawing_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	fail();
}

bool drawing_has_class(const char *classes, const char *class)
{
	const size_t len = strlen(class);

	while (classes && *classes) {
		const size_t n = strcspn(classes, " ");

		if (n == len && strncmp(classes, class, n) == 0)
			return true;
		classes += n + strspn(classes + n, " ");
	}
	return false;
}

static int take_number(const char **at)
{
	char *end;

	*at += strspn(*at, " ,");
	const long number = strtol(*at, &end, 10);
	if (end == *at || *end == '.' || *end == 'e' || number < INT_MIN || number > INT_MAX)
		drawing_fail("no whole number at: %.40s", *at);
	*at = end;
	return (int)number;
}

/* `translate(X Y)`; there are no other transformations. */
static struct point take_translate(const char *transform)
{
	static const char name[] = "translate(";
	struct point point;

	if (strncmp(transform, name, strlen(name)) != 0)
		drawing_fail("transform=\"%s\"", transform);
	transform += strlen(name);
	point.x = take_number(&transform);
	point.y = *transform == ')' ? 0 : take_number(&transform);
	assert_string_equal(transform, ")");
	return point;
}

/* The index of the next element further out; SIZE_MAX beyond the root. */
static size_t outer(const struct xml *xml, size_t i)
{
	return i == 0 ? SIZE_MAX : xml->elements[i].parent;
}

static struct point origin_of(const struct xml *xml, size_t i)
{
	struct point origin = {0};

	for (; i != SIZE_MAX; i = outer(xml, i)) {
		const char *transform = xml_get(&xml->elements[i], "transform");
		const struct point by = transform ? take_translate(transform) : (struct point){0};

		origin.x += by.x;
		origin.y += by.y;
	}
	return origin;
}

/* The element itself or the next one further out that has a class, or an attribute if `class` is
 * NULL; SIZE_MAX: none. */
static size_t find_outer(const struct xml *xml, size_t i, const char *class, const char *attribute)
{
	for (; i != SIZE_MAX; i = outer(xml, i)) {
		const struct xml_element *element = &xml->elements[i];

		if (class ? drawing_has_class(xml_get(element, "class"), class)
		          : xml_get(element, attribute) != NULL)
			break;
	}
	return i;
}

static struct area area_of(const struct xml *xml, size_t i)
{
	const struct xml_element *rect = &xml->elements[i];
	const struct point origin = origin_of(xml, i);
	const int x = origin.x + xml_number(rect, "x", 0);
	const int y = origin.y + xml_number(rect, "y", 0);

	return (struct area){
	        x, y, x + xml_number(rect, "width", 0), y + xml_number(rect, "height", 0)};
}

static void add_point(struct route *route, struct point point)
{
	route->points =
	        memory_grow(route->points, &route->capacity, route->n + 1, sizeof(*route->points));
	route->points[route->n++] = point;
}

/* How many numbers a command of a path takes; -1: not known. */
static int numbers_of(char command)
{
	static const struct {
		char command;
		int n;
	} commands[] = {
	        {'m', 2}, {'l', 2}, {'h', 1}, {'v', 1}, {'q', 4}, {'t', 2}, {'c', 6}, {'z', 0}};

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (commands[i].command == tolower((unsigned char)command))
			return commands[i].n;
	return -1;
}

/* The points of one command, from its numbers. */
static void add_points(struct route *route, char command, const int *numbers, int n,
        struct point origin, struct point from)
{
	const bool is_relative = islower((unsigned char)command);
	const struct point base = is_relative ? from : origin;

	if (n == 1 && tolower((unsigned char)command) == 'h')
		add_point(route, (struct point){base.x + numbers[0], from.y});
	else if (n == 1)
		add_point(route, (struct point){from.x, base.y + numbers[0]});
	for (int i = 0; i + 1 < n; i += 2)
		add_point(route, (struct point){base.x + numbers[i], base.y + numbers[i + 1]});
}

/* Takes the path up to its end or to the next M. */
static void take_subpath(struct route *route, const char **at, struct point origin)
{
	char command = 'M';

	while (**at) {
		*at += strspn(*at, " ,\n");
		const bool is_command = isalpha((unsigned char)**at);

		if (is_command && tolower((unsigned char)**at) == 'm' && route->n > 0)
			return;
		if (is_command)
			command = *(*at)++;
		int numbers[6] = {0};
		const int n = numbers_of(command);
		const struct point from = route->n ? route->points[route->n - 1] : origin;

		if (n < 0 || (n == 0 && !is_command))
			drawing_fail("unknown in a path: %c before: %.40s", command, *at);
		for (int i = 0; i < n; i++)
			numbers[i] = take_number(at);
		if (n == 0)
			add_point(route, route->points[0]);
		else
			add_points(route, command, numbers, n, origin, from);
		*at += strspn(*at, " ,\n");
	}
}

static struct area measure(const struct route *route)
{
	struct area area = {INT_MAX, INT_MAX, INT_MIN, INT_MIN};

	for (size_t i = 0; i < route->n; i++) {
		area.left = MIN(area.left, route->points[i].x);
		area.top = MIN(area.top, route->points[i].y);
		area.right = MAX(area.right, route->points[i].x);
		area.bottom = MAX(area.bottom, route->points[i].y);
	}
	return area;
}

static void read_path(struct drawing *drawing, size_t i)
{
	const struct xml *xml = &drawing->xml;
	const char *at = xml_get(&xml->elements[i], "d");
	const size_t classed = find_outer(xml, i, NULL, "class");
	const bool is_sample = find_outer(xml, i, "legend", NULL) != SIZE_MAX;

	assert_non_null(at);
	if (classed == SIZE_MAX)
		drawing_fail("a path without a class: %.40s", at);
	const char *class = xml_get(&xml->elements[classed], "class");
	while (*at) {
		struct route route = {.is_sample = is_sample};

		take_subpath(&route, &at, origin_of(xml, i));
		if (drawing_has_class(class, "edge"))
			MEMORY_APPEND(drawing->edges, drawing->n_edges, drawing->c_edges) = route;
		else if (drawing_has_class(class, "owner"))
			MEMORY_APPEND(drawing->owners, drawing->n_owners, drawing->c_owners) =
			        route;
		else {
			if (drawing_has_class(class, "tip") && !is_sample)
				MEMORY_APPEND(drawing->tips, drawing->n_tips, drawing->c_tips) =
				        measure(&route);
			free(route.points);
		}
	}
}

static void read_rect(struct drawing *drawing, size_t i)
{
	const struct xml_element *rect = &drawing->xml.elements[i];

	if (drawing_has_class(xml_get(rect, "class"), "panel"))
		MEMORY_APPEND(drawing->panels, drawing->n_panels, drawing->c_panels) =
		        (struct panel){
		                .area = area_of(&drawing->xml, i),
		                .class = xml_get(rect, "class"),
		                .fill = xml_get(rect, "fill"),
		        };
}

/* The box that a group is: the place of its first rect. */
static void read_group(struct drawing *drawing, size_t group)
{
	const struct xml *xml = &drawing->xml;
	const struct xml_element *element = &xml->elements[group];
	const char *class = xml_get(element, "class");
	struct box box = {.class = class, .id = xml_get(element, "id")};
	bool has_rect = false;

	if (find_outer(xml, group, "legend", NULL) != SIZE_MAX)
		return;
	if (!drawing_has_class(class, "ns") && !drawing_has_class(class, "outside"))
		return;
	for (size_t i = group + 1; i < xml->n && xml->elements[i].parent >= group; i++) {
		const struct xml_element *inner = &xml->elements[i];
		const char *link = xml_is_named(inner, "a") ? xml_get(inner, "href") : NULL;

		if (xml_is_named(inner, "rect") && !has_rect) {
			box.area = area_of(xml, i);
			has_rect = true;
		}
		if (link && !box.owner)
			box.owner = link + 1;
	}
	if (!has_rect)
		drawing_fail("no rect in the group %s", box.id ? box.id : class);
	MEMORY_APPEND(drawing->boxes, drawing->n_boxes, drawing->c_boxes) = box;
}

/* An attribute that the element has or inherits; `missing` if there is none. */
static const char *inherited(
        const struct xml *xml, size_t i, const char *attribute, const char *missing)
{
	const size_t from = find_outer(xml, i, NULL, attribute);

	return from == SIZE_MAX ? missing : xml_get(&xml->elements[from], attribute);
}

/* The box with the group that an element is in. */
static int find_box(const struct drawing *drawing, size_t i)
{
	const size_t ns = find_outer(&drawing->xml, i, "ns", NULL);
	const size_t group = ns != SIZE_MAX ? ns : find_outer(&drawing->xml, i, "outside", NULL);
	const char *class =
	        group == SIZE_MAX ? NULL : xml_get(&drawing->xml.elements[group], "class");

	/* Attribute values are pointers into the file: each is there once. */
	for (size_t k = drawing->n_boxes; class && k-- > 0;)
		if (drawing->boxes[k].class == class)
			return (int)k;
	return DRAWING_NONE;
}

/* In thousandths of the size of the font: a column of DejaVu Sans Mono; a character of DejaVu Sans
 * Bold, on average. */
enum { MONO = 602, PROPORTIONAL = 690, ASCENT = 760, DESCENT = 240 };

static void read_text(struct drawing *drawing, size_t i)
{
	const struct xml *xml = &drawing->xml;
	const struct xml_element *element = &xml->elements[i];
	const char *anchor = inherited(xml, i, "text-anchor", "start");
	const bool is_mono = strstr(inherited(xml, i, "font-family", "Mono"), "Mono") != NULL;
	const struct point origin = origin_of(xml, i);
	const int size = atoi(inherited(xml, i, "font-size", "12"));
	const int columns = (int)utf8_columns(element->text, strlen(element->text));
	const int width = (columns * size * (is_mono ? MONO : PROPORTIONAL) + 999) / 1000;
	const int from = strcmp(anchor, "end") == 0      ? width
	                 : strcmp(anchor, "middle") == 0 ? width / 2
	                                                 : 0;
	const int left = origin.x + xml_number(element, "x", 0) - from;
	const int y = origin.y + xml_number(element, "y", 0);

	MEMORY_APPEND(drawing->words, drawing->n_words, drawing->c_words) = (struct words){
	        .area = {left, y - size * ASCENT / 1000, left + width, y + size * DESCENT / 1000},
	        .text = element->text,
	        .size = size,
	        .box = find_box(drawing, i),
	};
}

static void read_nothing(struct drawing *drawing, size_t i)
{
	(void)drawing;
	(void)i;
}

static void read_size(struct drawing *drawing, size_t i)
{
	const char *view = xml_get(&drawing->xml.elements[i], "viewBox");

	assert_non_null(view);
	assert_int_equal(take_number(&view), 0);
	assert_int_equal(take_number(&view), 0);
	drawing->width = take_number(&view);
	drawing->height = take_number(&view);
}

static const struct {
	const char *name;
	void (*read)(struct drawing *drawing, size_t i);
} readers[] = {
        {"svg", read_size},
        {"title", read_nothing},
        {"desc", read_nothing},
        {"style", read_nothing},
        {"a", read_nothing},
        {"g", read_group},
        {"rect", read_rect},
        {"path", read_path},
        {"text", read_text},
};

void drawing_read(struct drawing *ret, char *svg)
{
	struct utf8_locale locale;

	*ret = (struct drawing){0};
	utf8_locale_begin(&locale);
	xml_parse(&ret->xml, svg);
	for (size_t i = 0; i < ret->xml.n; i++) {
		size_t k = 0;

		while (k < ARRAY_SIZE(readers) &&
		        !xml_is_named(&ret->xml.elements[i], readers[k].name))
			k++;
		if (k == ARRAY_SIZE(readers))
			drawing_fail("unknown element: %s", ret->xml.elements[i].name);
		readers[k].read(ret, i);
	}
	utf8_locale_end(&locale);
}

void drawing_release(struct drawing *drawing)
{
	for (size_t i = 0; i < drawing->n_edges; i++)
		free(drawing->edges[i].points);
	for (size_t i = 0; i < drawing->n_owners; i++)
		free(drawing->owners[i].points);
	free(drawing->boxes);
	free(drawing->panels);
	free(drawing->words);
	free(drawing->edges);
	free(drawing->owners);
	free(drawing->tips);
	xml_release(&drawing->xml);
	*drawing = (struct drawing){0};
}
