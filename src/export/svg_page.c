/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_page.h"

#include "base/attributes.h"
#include "export/svg_measures.h"
#include "view/partial.h"

#include <string.h>

enum {
	TITLE_Y = 38,
	SUBTITLE_Y = 60,
	LEGEND_Y = 78, /* without reasons above it */
	/* What is larger has text below 4 points on a landscape A4 page. */
	ONE_PAGE_WIDTH = 2382,
	ONE_PAGE_HEIGHT = 1641,
};

/* --- the lines ------------------------------------------------------------------------------- */

struct keeping {
	struct svg_page *page;
	struct arena *arena;
};

static struct svg_line keep_line(struct arena *arena, const char *text)
{
	return (struct svg_line){.text = arena_strdup(arena, text), .len = strlen(text)};
}

static void keep_reason(void *data, const char *line)
{
	const struct keeping *const keeping = data;
	struct svg_page *const page = keeping->page;

	page->reasons[page->n_reasons++] = keep_line(keeping->arena, line);
}

void svg_page_set(struct svg_page *ret, struct arena *arena, const struct export_request *request,
        struct label *label, const char *subtitle, const struct filter_count *count)
{
	struct keeping keeping = {ret, arena};
	_cleanup_text_ struct text scratch;

	*ret = (struct svg_page){.n_reasons = 0};
	text_init(&scratch);
	label_write_title(text_restart(&scratch), label);
	ret->title = keep_line(arena, text_get(&scratch));
	ret->subtitle = keep_line(arena, subtitle);
	if (request->filter && count) {
		label_write_filter(text_restart(&scratch), label, request->filter, count);
		keep_reason(&keeping, text_get(&scratch));
	}
	partial_lines(label->model, partial_reasons_of_file(label->model, label->names),
	        keep_reason, &keeping);
}

int svg_page_width(const struct svg_page *page)
{
	int width = svg_text_title_width(page->title.text, page->title.len, SVG_TITLE_SIZE);

	width = MAX(width, svg_text_width(page->subtitle.text, page->subtitle.len, SVG_TEXT_SIZE));
	for (size_t i = 0; i < page->n_reasons; i++) {
		const struct svg_line *const line = &page->reasons[i];

		width = MAX(width, svg_text_width(line->text, line->len, SVG_TEXT_SIZE));
	}
	return width;
}

int svg_page_height(const struct svg_page *page)
{
	return LEGEND_Y + SVG_LINE * (int)page->n_reasons;
}

/* --- elements -------------------------------------------------------------------------------- */

/* All other text inherits its font from the root. */
void svg_page_write_title(
        FILE *out, int x, int y, const char *class, int size, const struct svg_line *line)
{
	static const char format[] =
	        " class=\"%s\" font-family=\"DejaVu Sans, system-ui, Helvetica, "
	        "Arial, sans-serif\" font-size=\"%d\" font-weight=\"bold\"";
	char attributes[sizeof(format) + 16];

	snprintf(attributes, sizeof(attributes), format, class, size);
	svg_text_write(out, x, y, attributes, line);
	fputc('\n', out);
}

/* The names of the picture for readers that cannot see it: title and description. */
static void write_names(FILE *out, const struct svg_page *page, const struct svg_line *description)
{
	fputs("<title id=\"title\">", out);
	svg_text_quote(out, page->title.text, page->title.len);
	for (size_t i = 0; i < page->n_reasons; i++) {
		fputs("; ", out);
		svg_text_quote(out, page->reasons[i].text, page->reasons[i].len);
	}
	fputs("</title>\n<desc id=\"desc\">", out);
	svg_text_quote(out, description->text, description->len);
	for (size_t i = 0; i < page->n_reasons; i++) {
		fputc(' ', out);
		svg_text_quote(out, page->reasons[i].text, page->reasons[i].len);
		fputc('.', out);
	}
	fputs("</desc>\n", out);
}

/* In a narrow window and on paper the picture is as wide as that, with its height in proportion;
 * elsewhere, also for renderers without CSS, as large as the viewBox. */
static void write_root(FILE *out, const struct svg_style *style, int width, int height)
{
	fprintf(out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100%%\" "
	        "viewBox=\"0 0 %d %d\" style=\"max-width:%dpx;height:auto;white-space:pre\" "
	        "role=\"img\" aria-labelledby=\"title desc\" font-family=\"DejaVu Sans Mono, "
	        "ui-monospace, Menlo, Consolas, monospace\" font-size=\"%d\"%s "
	        "xml:space=\"preserve\">\n",
	        width, height, width, SVG_TEXT_SIZE, style->attributes[SVG_INK]);
}

void svg_page_begin(FILE *out, const struct svg_page *page, const struct svg_style *style,
        int width, int height, const struct svg_line *description)
{
	write_root(out, style, width, height);
	write_names(out, page, description);
	svg_style_write_sheets(out, style, width <= ONE_PAGE_WIDTH && height <= ONE_PAGE_HEIGHT);
	fprintf(out, "<rect width=\"%d\" height=\"%d\"%s/>\n", width, height,
	        style->attributes[SVG_GROUND]);
	svg_page_write_title(out, SVG_MARGIN, TITLE_Y, "title", SVG_TITLE_SIZE, &page->title);
	svg_text_write(out, SVG_MARGIN, SUBTITLE_Y, style->attributes[SVG_DIM], &page->subtitle);
	fputc('\n', out);
	for (size_t i = 0; i < page->n_reasons; i++) {
		svg_text_write(out, SVG_MARGIN, SUBTITLE_Y + SVG_LINE * ((int)i + 1), "",
		        &page->reasons[i]);
		fputc('\n', out);
	}
}
