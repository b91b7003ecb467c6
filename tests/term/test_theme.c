/* SPDX-License-Identifier: Apache-2.0 */

/* The themes are readable: contrast by WCAG 2, with the palettes of xterm and of VGA (Linux
 * console), on black and on white. */

#include "base/attributes.h"
#include "term/theme.h"
#include "tests/unit.h"

#include <math.h>

static const struct palette {
	const char *name;
	unsigned colors[16]; /* 0xRRGGBB */
} palettes[] = {
        {"xterm", {0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
                          0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff,
                          0xffffff}},
        {"VGA", {0x000000, 0xaa0000, 0x00aa00, 0xaa5500, 0x0000aa, 0xaa00aa, 0x00aaaa, 0xaaaaaa,
                        0x555555, 0xff5555, 0x55ff55, 0xffff55, 0x5555ff, 0xff55ff, 0x55ffff,
                        0xffffff}},
};

enum ground { DARK = 1, LIGHT = 2 };

static double linear(unsigned byte)
{
	const double part = byte / 255.0;

	return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4);
}

static double luminance(unsigned color)
{
	return 0.2126 * linear(color >> 16) + 0.7152 * linear(color >> 8 & 0xff) +
	       0.0722 * linear(color & 0xff);
}

static double contrast(unsigned a, unsigned b)
{
	const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* On a terminal with white text on black, or black text on white. */
static double contrast_of(const struct palette *palette, struct look look, bool is_light)
{
	const unsigned ground = is_light ? 0xffffff : 0x000000, text = 0xffffff - ground;

	return contrast(look.foreground == LOOK_DEFAULT ? text : palette->colors[look.foreground],
	        look.background == LOOK_DEFAULT ? ground : palette->colors[look.background]);
}

static double least(enum theme theme, int colors, enum ground ground)
{
	double result = 21;

	for (size_t i = 0; i < ARRAY_SIZE(palettes); i++) {
		for (enum style style = 0; style < STYLES; style++) {
			const struct look look = theme_look(theme, style, colors);

			if (ground & DARK)
				result = fmin(result, contrast_of(&palettes[i], look, false));
			if (ground & LIGHT)
				result = fmin(result, contrast_of(&palettes[i], look, true));
		}
	}
	return result;
}

static void test_contrast(void **state)
{
	static const struct {
		const char *name;
		enum theme theme;
		enum ground ground;
		double bar;
	} rows[] = {
	        {"auto", THEME_AUTO, DARK | LIGHT, 2.7},
	        {"dark", THEME_DARK, DARK, 4.5},
	        {"light", THEME_LIGHT, LIGHT, 4.5},
	        {"contrast", THEME_CONTRAST, DARK | LIGHT, 7},
	        {"mono", THEME_MONO, DARK | LIGHT, 7},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const double worst = least(rows[i].theme, 256, rows[i].ground);

		print_message(
		        "%-8s at least %.1f:1 (bar %.1f)\n", rows[i].name, worst, rows[i].bar);
		assert_true(worst >= rows[i].bar);
	}
	assert_true(least(THEME_CONTRAST, 8, DARK | LIGHT) >= 7);
}

/* Without colours every theme is mono; with 8 no theme uses more. */
static void test_few_colors(void **state)
{
	(void)state;
	for (enum theme theme = 0; theme < THEME_NAMES; theme++) {
		for (enum style style = 0; style < STYLES; style++) {
			const struct look none = theme_look(theme, style, 0);
			const struct look mono = theme_look(THEME_MONO, style, 256);
			const struct look eight = theme_look(theme, style, 8);

			assert_memory_equal(&none, &mono, sizeof(none));
			assert_int_equal(mono.foreground, LOOK_DEFAULT);
			assert_int_equal(mono.background, LOOK_DEFAULT);
			assert_true(eight.foreground < 8 && eight.background < 8);
		}
	}
}

/* What was found has a look of its own, in attributes too: not those of the selected row. */
static void test_found(void **state)
{
	static const int colors[] = {0, 8, 256};

	(void)state;
	for (enum theme theme = 0; theme < THEME_NAMES; theme++) {
		for (size_t i = 0; i < ARRAY_SIZE(colors); i++) {
			const struct look found = theme_look(theme, STYLE_MATCH, colors[i]);

			assert_true(found.attributes & LOOK_UNDERLINE);
			for (enum style style = 0; style < STYLES; style++) {
				const struct look other = theme_look(theme, style, colors[i]);

				if (style != STYLE_MATCH)
					assert_memory_not_equal(&other, &found, sizeof(found));
			}
			assert_int_not_equal(found.attributes,
			        theme_look(theme, STYLE_SELECTED, colors[i]).attributes);
		}
	}
}

/* The rows that differ in what holds them differ in each theme, and from plain ones. */
static void test_rows(void **state)
{
	static const enum style styles[] = {
	        STYLE_PLAIN, STYLE_OWNER, STYLE_HOLDER, STYLE_LEAKED, STYLE_SELECTED};
	static const int colors[] = {0, 8, 256};

	(void)state;
	for (enum theme theme = 0; theme < THEME_NAMES; theme++) {
		for (size_t i = 0; i < ARRAY_SIZE(colors); i++) {
			for (size_t a = 0; a < ARRAY_SIZE(styles); a++) {
				const struct look one = theme_look(theme, styles[a], colors[i]);

				for (size_t b = 0; b < a; b++) {
					const struct look other =
					        theme_look(theme, styles[b], colors[i]);

					assert_memory_not_equal(&one, &other, sizeof(one));
				}
			}
		}
	}
}

static void test_background(void **state)
{
	static const struct {
		const char *value;
		enum theme theme;
	} rows[] = {{NULL, THEME_AUTO}, {"", THEME_AUTO}, {"15;0", THEME_DARK},
	        {"0;15", THEME_LIGHT}, {"0;default;7", THEME_LIGHT}, {"7;8", THEME_DARK},
	        {"0;default", THEME_AUTO}, {"0;16", THEME_AUTO}, {"0;-1", THEME_AUTO},
	        {"15", THEME_AUTO}, {"0;1x", THEME_AUTO}, {"0;99999999999999999999", THEME_AUTO},
	        {";", THEME_AUTO}};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(theme_resolve(THEME_AUTO, rows[i].value), rows[i].theme);
	assert_int_equal(theme_resolve(THEME_DARK, "0;15"), THEME_DARK);
	assert_int_equal(theme_resolve(THEME_MONO, "15;0"), THEME_MONO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_contrast),
	        cmocka_unit_test(test_few_colors),
	        cmocka_unit_test(test_found),
	        cmocka_unit_test(test_rows),
	        cmocka_unit_test(test_background),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
