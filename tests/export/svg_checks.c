/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/export/svg_checks.h"

#include "base/attributes.h"
#include "export/svg_plan.h"
#include "tests/unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void svg_checks_inert(const struct xml *xml)
{
	static const char *const harmless[] = {
	        "svg", "title", "desc", "style", "rect", "path", "text", "g", "a"};
	const char **ids = calloc(xml->n, sizeof(*ids));
	size_t n = 0;

	assert_non_null(ids);
	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		bool is_harmless = false;

		for (size_t h = 0; h < ARRAY_SIZE(harmless); h++)
			is_harmless = is_harmless || xml_is_named(element, harmless[h]);
		assert_true(is_harmless);
		for (size_t a = 0; a < element->n_attributes; a++)
			assert_int_not_equal(strncmp(element->attributes[a].name, "on", 2), 0);
		if (xml_get(element, "id"))
			ids[n++] = xml_get(element, "id");
	}
	qsort(ids, n, sizeof(*ids), by_text);
	for (size_t i = 1; i < n; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
	for (size_t i = 0; i < xml->n; i++) {
		const char *link = xml_get(&xml->elements[i], "href");

		if (!link)
			continue;
		assert_int_equal(link[0], '#');
		link++;
		assert_non_null(bsearch(&link, ids, n, sizeof(*ids), by_text));
	}
	free(ids);
}

size_t svg_checks_next_group(const struct xml *xml, size_t i)
{
	while (i < xml->n &&
	        (!xml_is_named(&xml->elements[i], "g") || !xml_get(&xml->elements[i], "id")))
		i++;
	return i;
}

size_t svg_checks_find_group(const struct xml *xml, const struct ns *ns)
{
	char id[64];

	snprintf(id, sizeof(id), "ns-%" PRIu64, ns->inode);
	for (size_t i = svg_checks_next_group(xml, 0); i < xml->n;
	        i = svg_checks_next_group(xml, i + 1))
		if (strcmp(xml_get(&xml->elements[i], "id"), id) == 0)
			return i;
	fail_msg("no group %s", id);
	return 0;
}

static const struct xml_element *shape_of(const struct xml *xml, size_t group)
{
	for (size_t i = group + 1; i < xml->n; i++)
		if (xml->elements[i].parent == group && xml_is_named(&xml->elements[i], "rect"))
			return &xml->elements[i];
	fail_msg("a group without a shape");
	return NULL;
}

struct area {
	int left, top, right, bottom;
};

/* The whole picture. */
static struct area picture_area(const struct xml *xml)
{
	struct area area = {0};
	const char *box = xml_get(&xml->elements[0], "viewBox");

	assert_non_null(box);
	assert_int_equal(sscanf(box, "0 0 %d %d", &area.right, &area.bottom), 2);
	return area;
}

static struct area area_of(const struct xml_element *rect)
{
	const int x = xml_number(rect, "x", 0), y = xml_number(rect, "y", 0);

	return (struct area){
	        x, y, x + xml_number(rect, "width", -1), y + xml_number(rect, "height", -1)};
}

static int by_left(const void *a, const void *b)
{
	const struct area *x = a, *y = b;

	if (x->left != y->left)
		return x->left < y->left ? -1 : 1;
	return (x->top > y->top) - (x->top < y->top);
}

void svg_checks_columns(const struct xml *xml)
{
	struct area *areas = calloc(xml->n, sizeof(*areas));
	const struct area picture = picture_area(xml);
	size_t n = 0;

	assert_non_null(areas);
	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		const bool is_box =
		        xml_is_named(element, "g") &&
		        (xml_get(element, "id") || xml_has(element, "class", "outside") ||
		                xml_has(element, "class", "outside unknown"));

		if (!is_box)
			continue;
		const struct area area = area_of(shape_of(xml, i));

		assert_true(area.left > 0 && area.top > 0 && area.left < area.right);
		assert_true(area.top < area.bottom && area.right < picture.right &&
		            area.bottom < picture.bottom);
		areas[n++] = area;
	}
	qsort(areas, n, sizeof(*areas), by_left);
	for (size_t i = 0; n > 0 && i < n - 1; i++)
		if (areas[i].left == areas[i + 1].left)
			assert_true(areas[i].bottom <= areas[i + 1].top);
	free(areas);
}

void svg_checks_no_overlap(const struct xml *xml)
{
	for (size_t i = svg_checks_next_group(xml, 0); i < xml->n;
	        i = svg_checks_next_group(xml, i + 1)) {
		const struct area a = area_of(shape_of(xml, i));

		for (size_t j = svg_checks_next_group(xml, i + 1); j < xml->n;
		        j = svg_checks_next_group(xml, j + 1)) {
			const struct area b = area_of(shape_of(xml, j));

			assert_true(a.right <= b.left || b.right <= a.left || a.bottom <= b.top ||
			            b.bottom <= a.top);
		}
	}
}

void svg_checks_text(const struct xml *xml)
{
	const struct area picture = picture_area(xml);

	for (size_t i = 0; i < xml->n; i++) {
		const struct xml_element *text = &xml->elements[i];

		if (!xml_is_named(text, "text"))
			continue;
		const int size = xml_number(text, "font-size", SVG_TEXT_SIZE);
		const int x = xml_number(text, "x", -1), y = xml_number(text, "y", -1);
		const int right = x + svg_text_width(text->text, strlen(text->text), size);

		assert_true(x > 0 && right < picture.right);
		size_t group = text->parent;
		while (group != 0 && !xml_is_named(&xml->elements[group], "g"))
			group = xml->elements[group].parent;
		if (group == 0 || xml_has(&xml->elements[group], "class", "legend"))
			continue;
		const struct area box = area_of(shape_of(xml, group));
		assert_true(x > box.left && right < box.right);
		assert_true(y - SVG_TEXT_SIZE >= box.top && y < box.bottom);
	}
}

void svg_checks_all(const struct xml *xml)
{
	svg_checks_inert(xml);
	svg_checks_columns(xml);
	svg_checks_no_overlap(xml);
	svg_checks_text(xml);
}
