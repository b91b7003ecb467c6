/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Colours as linear light, and the contrast of two of them. */

struct light {
	double rgb[3]; /* red, green, blue: 0 to 1 */
};

/* From `#rrggbb` in sRGB. */
struct light light_read(const char *color);

/* The contrast of two colours by WCAG 2: 1 to 21. */
double light_contrast(const char *a, const char *b);
