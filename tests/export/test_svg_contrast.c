/* SPDX-License-Identifier: Apache-2.0 */

/* The colours of an SVG in each theme: text and lines have the contrast to what is behind them that
 * WCAG 2 asks for; what must differ on grey paper does. */

#include "base/attributes.h"
#include "export/export.h"
#include "export/palette.h"
#include "tests/export/light.h"
#include "tests/export/xml.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <stdlib.h>
#include <string.h>

static const enum export_theme themes[] = {
        EXPORT_THEME_LIGHT, EXPORT_THEME_DARK, EXPORT_THEME_MONO};

static bool is_class(const struct xml_element *element, const char *class)
{
	const char *classes = xml_get(element, "class");

	return classes && strncmp(classes, class, strlen(class)) == 0;
}

/* The attribute of the element or the nearest one around it. */
static const char *inherited(const struct xml *xml, size_t i, const char *name)
{
	for (;; i = xml->elements[i].parent) {
		const char *value = xml_get(&xml->elements[i], name);

		if (value || i == 0)
			return value;
	}
}

/* Fills that are behind an element. */
struct grounds {
	const char *fills[4];
	size_t n;
};

static void add_ground(struct grounds *grounds, const char *fill)
{
	grounds->fills[grounds->n++] = fill;
}

static void add_panels(struct grounds *grounds, enum export_theme theme)
{
	add_ground(grounds, palette_get(theme, PALETTE_PID_PANEL));
	add_ground(grounds, palette_get(theme, PALETTE_USER_PANEL));
}

/* Behind the text of a box is the box, or the panel if that is not filled; the text of a panel and
 * of the header have others. */
static struct grounds behind(const struct xml *xml, size_t i, enum export_theme theme)
{
	struct grounds grounds = {.n = 0};
	size_t group = xml->elements[i].parent;

	if (strcmp(xml->elements[group].name, "a") == 0)
		group = xml->elements[group].parent;
	if (group == 0 || is_class(&xml->elements[group], "legend")) {
		add_ground(&grounds, palette_get(theme, PALETTE_GROUND));
		return grounds;
	}
	if (strcmp(xml->elements[i].name, "text") != 0 ||
	        is_class(&xml->elements[group], "panel")) {
		add_panels(&grounds, theme);
		return grounds;
	}
	for (size_t r = group + 1; r < i; r++) {
		const char *fill = xml_get(&xml->elements[r], "fill");

		if (strcmp(xml->elements[r].name, "rect") != 0)
			continue;
		if (strcmp(fill, "none") != 0)
			add_ground(&grounds, fill);
		else
			add_panels(&grounds, theme);
	}
	return grounds;
}

static void assert_readable(
        const struct xml *xml, size_t i, const char *color, double least, enum export_theme theme)
{
	struct grounds grounds = behind(xml, i, theme);

	/* Lines to owners leave the panels. */
	if (is_class(&xml->elements[i], "owner") || is_class(&xml->elements[i], "tip"))
		add_ground(&grounds, palette_get(theme, PALETTE_GROUND));
	assert_true(grounds.n > 0);
	for (size_t g = 0; g < grounds.n; g++)
		if (light_contrast(color, grounds.fills[g]) < least)
			fail_msg("theme %d: %s of %s on %s: %.2f", (int)theme, color,
			        xml->elements[i].name, grounds.fills[g],
			        light_contrast(color, grounds.fills[g]));
}

static void assert_contrast(const struct xml *xml, enum export_theme theme)
{
	size_t n = 0;

	for (size_t i = 1; i < xml->n; i++) {
		const struct xml_element *element = &xml->elements[i];
		const char *stroke = inherited(xml, i, "stroke");
		const bool is_shape =
		        strcmp(element->name, "rect") == 0 || strcmp(element->name, "path") == 0;

		if (strcmp(element->name, "text") == 0)
			assert_readable(xml, i, inherited(xml, i, "fill"), 4.5, theme);
		else if (is_shape && stroke && strcmp(stroke, "none") != 0)
			assert_readable(xml, i, stroke, 3, theme);
		else
			continue;
		n++;
	}
	assert_true(n > 20);
}

static void parse(struct xml *xml, const struct export_request *request)
{
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, request), 0);
	xml_parse(xml, fixture_text_end(&text));
}

/* Namespaces of all kinds, and two of which the parent is not known. */
static const struct model *unknown_parents(void)
{
	struct builder *b = builder_new();
	struct ns *user = fixture_user(b, 100, NULL, 0, NULL);

	user->parent.state = user->owner.state = REL_HIDDEN;
	fixture_user(b, 200, NULL, 0, NULL)->parent.state = REL_FAILED;
	fixture_pid(b, 300, NULL, NULL);
	return fixture_freeze(b, NULL);
}

static void test_contrast(void **state)
{
	(void)state;
	char sleep[] = "sleep";
	const struct filter filter = {.text = sleep};
	const struct model *rich = fixture_rich(), *unknown = unknown_parents();

	for (size_t i = 0; i < ARRAY_SIZE(themes); i++) {
		const struct export_request requests[] = {
		        {.model = rich, .theme = themes[i], .view.with_details = true},
		        {.model = rich, .theme = themes[i], .filter = &filter},
		        {.model = unknown, .theme = themes[i]},
		};

		for (size_t r = 0; r < ARRAY_SIZE(requests); r++) {
			struct xml xml;

			parse(&xml, &requests[r]);
			assert_contrast(&xml, themes[i]);
			xml_release(&xml);
		}
	}
	model_unref(rich);
	model_unref(unknown);
}

/* Printed in grey, text, dim text and edges differ, and PID and user namespaces. */
static void test_grey(void **state)
{
	(void)state;
	static const enum palette_color pairs[][2] = {
	        {PALETTE_TEXT, PALETTE_DIM},
	        {PALETTE_DIM, PALETTE_EDGE},
	        {PALETTE_PID_FILL, PALETTE_USER_FILL},
	};
	static const double least[] = {1.5, 1.5, 1.15};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		const double seen = light_contrast(palette_get(EXPORT_THEME_LIGHT, pairs[i][0]),
		        palette_get(EXPORT_THEME_LIGHT, pairs[i][1]));

		if (seen < least[i])
			fail_msg("pair %zu: %.2f", i, seen);
	}
}

static void test_mono(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &(struct export_request){.model = model,
	                                               .theme = EXPORT_THEME_MONO,
	                                               .view.with_details = true}),
	        0);
	char *svg = fixture_text_end(&text);
	for (const char *at = svg; (at = strstr(at, "=\"#")); at++)
		assert_true(strncmp(at, "=\"#000000\"", 10) == 0 ||
		            strncmp(at, "=\"#ffffff\"", 10) == 0 || strncmp(at, "=\"#ns-", 6) == 0);
	free(svg);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_contrast),
	        cmocka_unit_test(test_grey),
	        cmocka_unit_test(test_mono),
	};

	return cmocka_run_group_tests_name("contrast of SVG", tests, NULL, NULL);
}
