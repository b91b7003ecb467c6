/* SPDX-License-Identifier: Apache-2.0 */

/* Checks SVG files by geometry.h. Prints the pixels, the points of text on A4 and the bytes of
 * each, and its faults to standard error. Exit status 1 if there is one.
 *
 * usage: check_svg FILE... */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/pictures/geometry.h"
#include "tests/unit.h"

#include <errno.h>
#include <string.h>

static char *read_file(const char *path, size_t *ret_len)
{
	_cleanup_fclose_ FILE *file = fopen(path, "re");
	char *bytes = NULL;
	size_t capacity = 0, len = 0, n;

	if (!file)
		fail_msg("%s: %s", path, strerror(errno));
	do {
		bytes = memory_grow(bytes, &capacity, len + 65537, 1);
		n = fread(bytes + len, 1, 65536, file);
		len += n;
		bytes[len] = 0;
	} while (n > 0);
	*ret_len = len;
	return bytes;
}

int main(int argc, char **argv)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/');
		struct drawing drawing;
		struct geometry found;
		size_t len;

		drawing_read(&drawing, read_file(argv[i], &len));
		geometry_check(&found, &drawing, slash ? slash + 1 : argv[i], stderr);
		printf("%d x %d, %.1f pt, %zu bytes, %zu faults\n", drawing.width, drawing.height,
		        geometry_points(&drawing), len, found.n_all);
		n += found.n_all;
		drawing_release(&drawing);
	}
	return n > 0;
}
