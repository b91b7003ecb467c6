/* SPDX-License-Identifier: Apache-2.0 */

/* The colours of lines to owners: visible on what is behind them, and different for readers with
 * each kind of colour blindness. Their dashes differ as well (test_svg_lines.c). */

#include "base/attributes.h"
#include "export/palette.h"
#include "tests/export/light.h"
#include "tests/unit.h"

#include <math.h>

static const enum export_theme themes[] = {EXPORT_THEME_LIGHT, EXPORT_THEME_DARK};

/* How a reader sees linear light: Machado, Oliveira, Fernandes 2009, at severity 1. */
static const struct {
	const char *name;
	double matrix[3][3];
} readers[] = {
        {"all cones", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
        {"protanopia", {{0.152286, 1.052583, -0.204868}, {0.114503, 0.786281, 0.099216},
                               {-0.003882, -0.048116, 1.051998}}},
        {"deuteranopia", {{0.367322, 0.860646, -0.227968}, {0.280085, 0.672501, 0.047413},
                                 {-0.011820, 0.042940, 0.968881}}},
        {"tritanopia", {{1.255528, -0.076749, -0.178779}, {-0.078411, 0.930809, 0.147602},
                               {0.004733, 0.691367, 0.303900}}},
};

static struct light seen_by(size_t reader, struct light light)
{
	struct light seen = {{0}};

	for (size_t i = 0; i < 3; i++) {
		for (size_t k = 0; k < 3; k++)
			seen.rgb[i] += readers[reader].matrix[i][k] * light.rgb[k];
		seen.rgb[i] = fmin(1, fmax(0, seen.rgb[i]));
	}
	return seen;
}

static double lab_step(double t)
{
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16 / 116.0;
}

/* The distance of two colours in CIELAB: 2 is just noticeable side by side. */
static double distance(struct light a, struct light b)
{
	static const double xyz[3][3] = {{0.4124 / 0.95047, 0.3576 / 0.95047, 0.1805 / 0.95047},
	        {0.2126, 0.7152, 0.0722}, {0.0193 / 1.08883, 0.1192 / 1.08883, 0.9505 / 1.08883}};
	double lab[2][3], steps[2][3];

	for (size_t c = 0; c < 2; c++) {
		const double *rgb = c ? b.rgb : a.rgb;

		for (size_t i = 0; i < 3; i++)
			steps[c][i] = lab_step(
			        xyz[i][0] * rgb[0] + xyz[i][1] * rgb[1] + xyz[i][2] * rgb[2]);
		lab[c][0] = 116 * steps[c][1] - 16;
		lab[c][1] = 500 * (steps[c][0] - steps[c][1]);
		lab[c][2] = 200 * (steps[c][1] - steps[c][2]);
	}
	return sqrt(pow(lab[0][0] - lab[1][0], 2) + pow(lab[0][1] - lab[1][1], 2) +
	            pow(lab[0][2] - lab[1][2], 2));
}

static const char *owner_color(enum export_theme theme, unsigned i)
{
	return palette_get(theme, (enum palette_color)(PALETTE_OWNER_LINE + i));
}

static void test_contrast(void **state)
{
	static const enum palette_color behind[] = {
	        PALETTE_GROUND, PALETTE_PID_PANEL, PALETTE_USER_PANEL};

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(themes); t++) {
		for (unsigned i = 0; i < PALETTE_OWNERS; i++) {
			for (size_t b = 0; b < ARRAY_SIZE(behind); b++) {
				const char *ground = palette_get(themes[t], behind[b]);

				assert_true(light_contrast(owner_color(themes[t], i), ground) >= 3);
			}
		}
	}
}

static void test_colour_blind_readers(void **state)
{
	enum { LEAST = 10 };

	(void)state;
	for (size_t t = 0; t < ARRAY_SIZE(themes); t++) {
		for (unsigned i = 0; i < PALETTE_OWNERS * PALETTE_OWNERS; i++) {
			const char *a = owner_color(themes[t], i / PALETTE_OWNERS);
			const char *b = owner_color(themes[t], i % PALETTE_OWNERS);

			for (size_t r = 0; a != b && r < ARRAY_SIZE(readers); r++) {
				const double seen = distance(
				        seen_by(r, light_read(a)), seen_by(r, light_read(b)));

				if (seen < LEAST)
					fail_msg(
					        "%s and %s, %s: %.0f", a, b, readers[r].name, seen);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_contrast),
	        cmocka_unit_test(test_colour_blind_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
