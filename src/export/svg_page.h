/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "export/export.h"
#include "export/label.h"
#include "export/svg_style.h"
#include "export/svg_text.h"

/* What every SVG begins with: the root element, the names of the picture for screen readers, style
 * sheets, title, subtitle, and the lines that say what the picture lacks. */

struct svg_page {
	struct svg_line title;
	struct svg_line subtitle;
	struct svg_line reasons[PARTIALS + 1]; /* below it: the filter, why the view is partial */
	size_t n_reasons;
};

/* Sets the lines, with memory of `arena`. `count` is that of the filter of the request; NULL: the
 * picture is not filtered. */
void svg_page_set(struct svg_page *ret, struct arena *arena, const struct export_request *request,
        struct label *label, const char *subtitle, const struct filter_count *count);

/* The pixels that the widest line takes; and the y at which what follows them begins. */
int svg_page_width(const struct svg_page *page);
int svg_page_height(const struct svg_page *page);

/* Writes all up to these lines. `description` says what is drawn. The caller ends the root element.
 */
void svg_page_begin(FILE *out, const struct svg_page *page, const struct svg_style *style,
        int width, int height, const struct svg_line *description);

/* A title or heading with its baseline at `x` and `y`, in a proportional font. */
void svg_page_write_title(
        FILE *out, int x, int y, const char *class, int size, const struct svg_line *line);
