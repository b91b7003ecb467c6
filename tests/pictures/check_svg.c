/* SPDX-License-Identifier: Apache-2.0 */

/* Checks SVG files by geometry.h. Prints the pixels, the points of text on A4, rounded down, and
 * the bytes of each, and its faults to standard error. Exit status 1 if there is one.
 *
 * usage: check_svg FILE... */

#include "tests/pictures/geometry.h"
#include "tests/snapshot/text.h"

#include <string.h>

int main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		struct drawing drawing;
		struct geometry found;
		const struct bytes svg = read_path(argv[i]);

		drawing_read(&drawing, svg.bytes);
		geometry_check(&found, &drawing, slash ? slash + 1 : argv[i], stderr);
		const double points = geometry_points(&drawing); /* large if there is no text */
		const int tenths = points < 1000000 ? (int)(points * 10) : 10000000;

		printf("%d x %d, %d.%d pt, %zu bytes, %zu faults\n", drawing.width, drawing.height,
		        tenths / 10, tenths % 10, svg.len, found.n_all);
		n += found.n_all;
		drawing_release(&drawing);
	}
	return n > 0;
}
