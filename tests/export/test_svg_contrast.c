/* SPDX-License-Identifier: Apache-2.0 */

/* The colours of an SVG, light and dark: text and lines have the contrast that WCAG 2 asks for. */

#include "base/attributes.h"
#include "export/export.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The colour that the style gives `selector` behind `from`: the last rule that names it. */
static unsigned color_of(const char *from, const char *end, const char *selector, const char *what)
{
	const size_t len = strlen(selector);
	unsigned color = UINT_MAX;

	for (const char *at = from; (at = strstr(at, selector)) && at < end; at += len) {
		const char *rule = strchr(at, '{');
		const char *value = strstr(rule, what);
		const bool is_whole =
		        (at[len] == '{' || at[len] == ',') && (at[-1] == '\n' || at[-1] == ',');

		if (is_whole && value && value < strchr(rule, '}'))
			assert_int_equal(sscanf(value + strlen(what), ":#%x", &color), 1);
	}
	if (color == UINT_MAX)
		fail_msg("no %s for %s", what, selector);
	return color;
}

/* WCAG 2: the relative luminance of a colour. */
static double luminance(unsigned color)
{
	static const double weights[] = {0.0722, 0.7152, 0.2126};
	double sum = 0;

	for (unsigned i = 0; i < 3; i++) {
		const double c = (color >> (8 * i) & 0xff) / 255.0;

		sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
	}
	return sum;
}

static double contrast(unsigned a, unsigned b)
{
	const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

static void assert_contrast(const char *from, const char *end)
{
	static const struct {
		const char *front, *what, *back;
		double least;
	} pairs[] = {
	        {"text", "fill", ".ground", 4.5},
	        {"text", "fill", ".panel.pid", 4.5},
	        {"text", "fill", ".panel.user", 4.5},
	        {"text", "fill", ".pid rect", 4.5},
	        {"text", "fill", ".user rect", 4.5},
	        {"text", "fill", ".ns rect", 4.5},
	        {".small", "fill", ".ground", 4.5},
	        {".small", "fill", ".user rect", 4.5},
	        {".held", "fill", ".pid rect", 4.5},
	        {".held", "fill", ".user rect", 4.5},
	        {".held", "fill", ".ns rect", 4.5},
	        {"a text", "fill", ".pid rect", 4.5},
	        {".owner", "stroke", ".ground", 4.5},
	        {".owner", "stroke", ".panel.pid", 4.5},
	        {".owner", "stroke", ".panel.user", 4.5},
	        {".edge", "stroke", ".panel.pid", 4.5},
	        {".edge", "stroke", ".panel.user", 4.5},
	        {".pid rect", "stroke", ".panel.pid", 3},
	        {".user rect", "stroke", ".panel.user", 3},
	        {".ns rect", "stroke", ".panel.user", 3},
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		const double seen = contrast(color_of(from, end, pairs[i].front, pairs[i].what),
		        color_of(from, end, pairs[i].back, "fill"));

		if (seen < pairs[i].least)
			fail_msg("%s on %s: %.2f", pairs[i].front, pairs[i].back, seen);
	}
}

static void test_contrast(void **state)
{
	(void)state;
	const struct model *model = fixture_rich();
	struct fixture_text text;

	fixture_text_begin(&text);
	assert_int_equal(export_svg(text.file, &(struct export_request){.model = model}), 0);
	char *svg = fixture_text_end(&text);
	const char *light = strstr(svg, "<style>");
	const char *dark = strstr(svg, "@media (prefers-color-scheme:dark)");

	assert_true(light && dark);
	assert_contrast(light, dark);
	assert_contrast(dark, strstr(dark, "</style>"));
	free(svg);
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_contrast),
	};

	return cmocka_run_group_tests_name("contrast of SVG", tests, NULL, NULL);
}
