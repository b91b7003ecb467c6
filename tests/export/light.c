/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/export/light.h"

#include "tests/unit.h"

#include <math.h>
#include <stdio.h>

struct light light_read(const char *color)
{
	struct light light;
	unsigned rgb;

	assert_int_equal(sscanf(color, "#%6x", &rgb), 1);
	for (unsigned i = 0; i < 3; i++) {
		const double c = (rgb >> (8 * (2 - i)) & 0xff) / 255.0;

		light.rgb[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
	}
	return light;
}

/* The relative luminance of WCAG 2. */
static double luminance(const char *color)
{
	const struct light light = light_read(color);

	return 0.2126 * light.rgb[0] + 0.7152 * light.rgb[1] + 0.0722 * light.rgb[2];
}

double light_contrast(const char *a, const char *b)
{
	const double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return fmax(x, y) / fmin(x, y);
}
