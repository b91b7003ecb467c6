/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_style.h"

#include "base/text.h"
#include "export/palette.h"

#include <assert.h>
#include <string.h>

/* No colour of the palette: `none`, or that the attribute is left out. */
enum { NONE = PALETTE_COLORS, UNSET };

struct class_row {
	const char *name;      /* the last one of its classes, which no other row has */
	unsigned fill, stroke; /* enum palette_color, NONE, UNSET */
	const char *more;      /* attributes that no theme changes */
	const char *classes;   /* more classes, for programs */
};

static const struct class_row classes[SVG_CLASSES] = {
        [SVG_INK] = {"ink", PALETTE_TEXT, UNSET, "", ""},
        [SVG_GROUND] = {"ground", PALETTE_GROUND, UNSET, "", ""},
        [SVG_DIM] = {"dim", PALETTE_DIM, UNSET, "", ""},
        [SVG_HELD] = {"held", PALETTE_DIM, UNSET, " font-style=\"italic\"", ""},
        [SVG_LINK] = {"link", PALETTE_LINK, UNSET, "", ""},
        [SVG_PID_PANEL] = {"pid-panel", PALETTE_PID_PANEL, PALETTE_PID_LINE, "", "panel "},
        [SVG_USER_PANEL] = {"user-panel", PALETTE_USER_PANEL, PALETTE_USER_LINE, "", "panel "},
        [SVG_PID_BOX] = {"pid-box", PALETTE_PID_FILL, PALETTE_PID_LINE, "", ""},
        [SVG_USER_BOX] = {"user-box", PALETTE_USER_FILL, PALETTE_USER_LINE, "", ""},
        [SVG_OWNED_BOX] = {"owned-box", PALETTE_OWNED_FILL, PALETTE_OWNED_LINE, "", ""},
        [SVG_PALE_BOX] = {"pale-box", NONE, PALETTE_ABOVE, " stroke-dasharray=\"1 2\"", ""},
        [SVG_FOLD] = {"fold", PALETTE_OWNED_LINE, UNSET, "", ""},
        [SVG_RULE] = {"rule", NONE, PALETTE_USER_LINE,
                " stroke-width=\"1\" stroke-dasharray=\"none\"", ""},
        [SVG_FRAME] = {"frame", NONE, PALETTE_OUTSIDE, "", ""},
        [SVG_EDGE] = {"edge", NONE, PALETTE_EDGE, "", ""},
        [SVG_OWNER + 0] = {"owner-1", NONE, PALETTE_OWNER_LINE + 0, " stroke-width=\"2\"",
                "owner "},
        [SVG_OWNER + 1] = {"owner-2", NONE, PALETTE_OWNER_LINE + 1, " stroke-width=\"2\"",
                "owner "},
        [SVG_OWNER + 2] = {"owner-3", NONE, PALETTE_OWNER_LINE + 2, " stroke-width=\"2\"",
                "owner "},
        [SVG_OWNER + 3] = {"owner-4", NONE, PALETTE_OWNER_LINE + 3, " stroke-width=\"2\"",
                "owner "},
        [SVG_OWNER + 4] = {"owner-5", NONE, PALETTE_OWNER_LINE + 4, " stroke-width=\"2\"",
                "owner "},
        [SVG_OWNER + 5] = {"owner-6", NONE, PALETTE_OWNER_LINE + 5, " stroke-width=\"2\"",
                "owner "},
        [SVG_TIP + 0] = {"tip-1", PALETTE_OWNER_LINE + 0, UNSET, "", "tip "},
        [SVG_TIP + 1] = {"tip-2", PALETTE_OWNER_LINE + 1, UNSET, "", "tip "},
        [SVG_TIP + 2] = {"tip-3", PALETTE_OWNER_LINE + 2, UNSET, "", "tip "},
        [SVG_TIP + 3] = {"tip-4", PALETTE_OWNER_LINE + 3, UNSET, "", "tip "},
        [SVG_TIP + 4] = {"tip-5", PALETTE_OWNER_LINE + 4, UNSET, "", "tip "},
        [SVG_TIP + 5] = {"tip-6", PALETTE_OWNER_LINE + 5, UNSET, "", "tip "},
};

static const char *const dashes[] = {
        "6 3", "2 3", "10 4", "8 3 2 3", "4 2", "8 3 2 3 2 3", "12 2 4 2"};

/* Each colour begins with other dashes, and goes on with the next ones. */
const char *svg_style_dashes(size_t lane)
{
	return dashes[(lane % PALETTE_OWNERS + lane / PALETTE_OWNERS) % ARRAY_SIZE(dashes)];
}

static const char *paint(enum export_theme theme, unsigned color)
{
	return color == NONE ? "none" : palette_get(theme, color);
}

static void init_class(struct text *text, const struct class_row *row, enum export_theme theme)
{
	FILE *out = text_restart(text);

	fprintf(out, " class=\"%s%s\"", row->classes, row->name);
	if (row->fill != UNSET)
		fprintf(out, " fill=\"%s\"", paint(theme, row->fill));
	if (row->stroke != UNSET)
		fprintf(out, " stroke=\"%s\"", paint(theme, row->stroke));
	fputs(row->more, out);
	text_get(text);
}

void svg_style_init(struct svg_style *style, enum export_theme theme)
{
	struct text text;

	*style = (struct svg_style){.theme = theme};
	text_init(&text);
	for (size_t i = 0; i < SVG_CLASSES; i++) {
		init_class(&text, &classes[i], theme);
		assert(text.len < sizeof(style->attributes[i]));
		memcpy(style->attributes[i], text.bytes, text.len);
	}
	text_release(&text);
}

void svg_style_write_fold(FILE *out, const struct svg_style *style, int right, int top)
{
	enum { FOLD = 8 };

	fprintf(out, "<path d=\"M%d %dv%dh%dz\"%s/>", right - FOLD, top, FOLD, FOLD,
	        style->attributes[SVG_FOLD]);
}

static void write_dark_sheet(FILE *out)
{
	fputs("<style media=\"(prefers-color-scheme: dark)\">\n"
	      "@media (prefers-color-scheme: dark){\n",
	        out);
	for (size_t i = 0; i < SVG_CLASSES; i++) {
		const struct class_row *row = &classes[i];

		fprintf(out, ".%s{", row->name);
		if (row->fill != UNSET && row->fill != NONE)
			fprintf(out, "fill:%s", paint(EXPORT_THEME_DARK, row->fill));
		if (row->stroke != UNSET)
			fprintf(out, "%sstroke:%s", row->fill == NONE ? "" : ";",
			        paint(EXPORT_THEME_DARK, row->stroke));
		/* What the picture leaves free of the window. */
		if (i == SVG_INK)
			fprintf(out, ";background:%s", paint(EXPORT_THEME_DARK, PALETTE_GROUND));
		fputs("}\n", out);
	}
	fputs("}\n</style>\n", out);
}

void svg_style_write_sheets(FILE *out, const struct svg_style *style, bool is_one_page)
{
	/* The frame inherits it from its group. */
	fputs("<style media=\"screen\">\n:target{stroke-width:4}\n</style>\n", out);
	if (is_one_page)
		fputs("<style media=\"print\">\n.ink{max-height:100vh}\n</style>\n", out);
	if (style->theme == EXPORT_THEME_AUTO)
		write_dark_sheet(out);
}
