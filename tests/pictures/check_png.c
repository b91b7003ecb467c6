/* SPDX-License-Identifier: Apache-2.0 */

/* Checks that a PNG shows an SVG: its proportion is that of the picture, it has several colours,
 * and the ground of each panel has the colour that the SVG gives it. Faults go to standard error.
 * Exit status 1 if there is one.
 *
 * usage: check_png SVG PNG */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/pictures/drawing.h"
#include "tests/snapshot/text.h"
#include "tests/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The samples of a panel: in the stripe between its left side and its boxes. */
enum { SAMPLES = 9, SAMPLE_X = 8, SAMPLES_NEEDED = 6, TOLERANCE = 6 };

/* An image with 8 bits a channel, without interlacing: that is what the renderers write. */
struct image {
	unsigned width, height, channels;
	unsigned char *rows;
	size_t stride;
};

static unsigned be32(const unsigned char *at)
{
	return (unsigned)at[0] << 24 | (unsigned)at[1] << 16 | (unsigned)at[2] << 8 | at[3];
}

/* All IDAT chunks in one. */
static struct bytes join_data(const struct bytes *png)
{
	const unsigned char *at = (const unsigned char *)png->bytes + 8;
	const unsigned char *end = (const unsigned char *)png->bytes + png->len;
	struct bytes data = {.bytes = memory_new(png->len)};

	while (end - at >= 12) {
		const size_t len = be32(at);

		if (len > (size_t)(end - at) - 12)
			break;
		if (memcmp(at + 4, "IDAT", 4) == 0) {
			memcpy(data.bytes + data.len, at + 8, len);
			data.len += len;
		}
		at += len + 12;
	}
	return data;
}

static unsigned char paeth(int a, int b, int c)
{
	const int p = a + b - c, pa = abs(p - a), pb = abs(p - b), pc = abs(p - c);

	return (unsigned char)(pa <= pb && pa <= pc ? a : pb <= pc ? b : c);
}

/* Undoes the filter of a row in place (PNG specification, 9.2); `above` is NULL for the first. */
static void unfilter(
        unsigned char *row, const unsigned char *above, size_t n, size_t step, int filter)
{
	for (size_t i = 0; i < n; i++) {
		const int a = i >= step ? row[i - step] : 0;
		const int b = above ? above[i] : 0;
		const int c = above && i >= step ? above[i - step] : 0;
		const unsigned char by[] = {0, (unsigned char)a, (unsigned char)b,
		        (unsigned char)((a + b) / 2), paeth(a, b, c)};

		row[i] = (unsigned char)(row[i] + by[filter]);
	}
}

static struct image read_png(const char *path)
{
	static const unsigned channels[] = {1, 0, 3, 0, 2, 0, 4};
	_cleanup_bytes_ struct bytes png = read_path(path);
	const unsigned char *head = (const unsigned char *)png.bytes;

	if (png.len < 33 || memcmp(head, "\x89PNG\r\n\x1a\n", 8) != 0)
		drawing_fail("%s is no PNG", path);
	if (head[24] != 8 || head[25] > 6 || channels[head[25]] == 0 || head[28] != 0)
		drawing_fail(
		        "%s: %u bits, type %u, interlacing %u", path, head[24], head[25], head[28]);
	struct image image = {.width = be32(head + 16),
	        .height = be32(head + 20),
	        .channels = channels[head[25]]};
	image.stride = (size_t)image.width * image.channels + 1;
	image.rows = memory_new(image.stride * image.height + 1);
	_cleanup_bytes_ struct bytes data = join_data(&png);
	uLongf len = image.stride * image.height;
	if (uncompress(image.rows, &len, (const unsigned char *)data.bytes, data.len) != Z_OK ||
	        len != image.stride * image.height)
		drawing_fail("%s is damaged", path);
	for (size_t y = 0; y < image.height; y++) {
		unsigned char *row = image.rows + y * image.stride;

		assert_true(row[0] <= 4);
		unfilter(row + 1, y ? row + 1 - image.stride : NULL, image.stride - 1,
		        image.channels, row[0]);
	}
	return image;
}

/* The colour of a pixel, as on a white page; x and y are those of the SVG. */
static unsigned pixel(const struct image *image, const struct drawing *drawing, int x, int y)
{
	const size_t column = MIN((size_t)x * image->width / drawing->width, image->width - 1);
	const size_t line = MIN((size_t)y * image->height / drawing->height, image->height - 1);
	const unsigned char *at = image->rows + line * image->stride + 1 + column * image->channels;
	const bool is_grey = image->channels < 3;
	const unsigned alpha = image->channels % 2 ? 255 : at[image->channels - 1];
	unsigned rgb = 0;

	for (size_t i = 0; i < 3; i++)
		rgb = rgb << 8 | (at[is_grey ? 0 : i] * alpha + 255 * (255 - alpha)) / 255;
	return rgb;
}

static bool are_close(unsigned a, unsigned b)
{
	for (int shift = 0; shift < 24; shift += 8)
		if (abs((int)(a >> shift & 255) - (int)(b >> shift & 255)) > TOLERANCE)
			return false;
	return true;
}

static size_t check_panel(
        const struct image *image, const struct drawing *drawing, const struct panel *panel)
{
	const int height = panel->area.bottom - panel->area.top;
	const unsigned wanted =
	        panel->fill ? (unsigned)strtoul(panel->fill + 1, NULL, 16) : 0xffffff;
	unsigned seen = 0;
	int n = 0;

	for (int i = 0; i < SAMPLES; i++) {
		const unsigned rgb = pixel(image, drawing, panel->area.left + SAMPLE_X,
		        panel->area.top + height * (i + 1) / (SAMPLES + 1));

		if (are_close(rgb, wanted))
			n++;
		else
			seen = rgb;
	}
	if (!panel->fill || n >= SAMPLES_NEEDED)
		return 0;
	fprintf(stderr, "%s is #%06x, not %s\n", panel->class, seen, panel->fill);
	return 1;
}

static size_t check_colors(const struct image *image)
{
	const size_t n_pixels = (size_t)image->width * image->height;
	const unsigned char *first = image->rows + 1;
	size_t n = 0;

	for (size_t i = 0; i < n_pixels; i += n_pixels / 20000 + 1) {
		const unsigned char *row = image->rows + i / image->width * image->stride + 1;

		n += memcmp(row + i % image->width * image->channels, first, image->channels) != 0;
	}
	if (n > 20)
		return 0;
	fprintf(stderr, "the image is empty\n");
	return 1;
}

static size_t check_proportion(const struct image *image, const struct drawing *drawing)
{
	const double wanted = (double)drawing->width / drawing->height;
	const double seen = (double)image->width / image->height;

	if (seen > wanted * 0.98 && seen < wanted * 1.02)
		return 0;
	fprintf(stderr, "%u x %u pixels are not in the proportion of %d x %d\n", image->width,
	        image->height, drawing->width, drawing->height);
	return 1;
}

int main(int argc, char **argv)
{
	struct drawing drawing;
	size_t n = 0;

	if (argc != 3)
		return 2;
	struct image image = read_png(argv[2]);
	drawing_read(&drawing, read_path(argv[1]).bytes);
	n += check_proportion(&image, &drawing);
	n += check_colors(&image);
	for (size_t i = 0; i < drawing.n_panels; i++)
		n += check_panel(&image, &drawing, &drawing.panels[i]);
	free(image.rows);
	drawing_release(&drawing);
	return n > 0;
}
