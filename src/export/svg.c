/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "export/export.h"
#include "export/svg_lines.h"
#include "export/svg_plan.h"

#include <string.h>

struct svg {
	FILE *out;
	struct svg_plan plan;
	struct label label;
	struct text tooltip;
	bool with_details;
	bool is_collapsed;
};

/* Light colours are the default, for paper and for viewers without media queries. The target of a
 * link is framed. */
static const char style[] =
        "<style>\n"
        "text{font:12px \"DejaVu Sans Mono\",ui-monospace,Menlo,Consolas,monospace;fill:#1b1f24;"
        "white-space:pre}\n"
        ".title{font:bold 20px \"DejaVu Sans\",system-ui,Helvetica,Arial,sans-serif}\n"
        ".heading{font:bold 14px \"DejaVu Sans\",system-ui,Helvetica,Arial,sans-serif}\n"
        ".leader{font-weight:bold}\n"
        ".held{font-style:italic}\n"
        ".small,.held{fill:#57606a}\n"
        "a text{fill:#8a5a00}\n"
        "a:hover text{text-decoration:underline}\n"
        ".ground{fill:#ffffff}\n"
        ".panel{stroke-width:1}\n"
        ".panel.pid{fill:#f3faf4;stroke:#2e7d4f}\n"
        ".panel.user{fill:#f2f7fd;stroke:#2f6fae}\n"
        ".ns rect,.key{fill:#fff4dc;stroke:#8a5a00;stroke-width:1}\n"
        ".pid rect,.key.pid{fill:#d7f0de;stroke:#2e7d4f}\n"
        ".user rect,.key.user{fill:#d6e8fa;stroke:#2f6fae}\n"
        ".top rect{stroke-width:2}\n"
        ".group rect,.key.many{stroke-width:3;stroke-dasharray:6 2}\n"
        ".ns:target rect{stroke-width:4}\n"
        ".outside rect{fill:none;stroke:#57606a;stroke-dasharray:4 3}\n"
        ".edge{fill:none;stroke:#57606a}\n"
        ".owner{fill:none;stroke:#8a5a00;stroke-dasharray:5 3}\n"
        ".tip,.fold{fill:#8a5a00}\n"
        "@media (prefers-color-scheme:dark){\n"
        "text{fill:#e6edf3}\n"
        ".small,.held{fill:#b1bac4}\n"
        "a text{fill:#e3a24a}\n"
        ".ground{fill:#0d1117}\n"
        ".panel.pid{fill:#0f1f16;stroke:#3fa36b}\n"
        ".panel.user{fill:#0f1b2b;stroke:#5a9bdc}\n"
        ".ns rect,.key{fill:#4a3812;stroke:#e3a24a}\n"
        ".pid rect,.key.pid{fill:#17452b;stroke:#3fa36b}\n"
        ".user rect,.key.user{fill:#143a61;stroke:#5a9bdc}\n"
        ".outside rect{fill:none;stroke:#8b949e}\n"
        ".edge{stroke:#8b949e}\n"
        ".owner{stroke:#e3a24a}\n"
        ".tip,.fold{fill:#e3a24a}\n"
        "}\n"
        "</style>\n";

/* Escaped text (base/escape.h) has no characters that XML forbids; only its markup is quoted. */
static void write_quoted(FILE *out, const char *text, size_t len)
{
	size_t from = 0;

	for (size_t i = 0; i < len; i++) {
		const char *entity = text[i] == '<'   ? "&lt;"
		                     : text[i] == '>' ? "&gt;"
		                     : text[i] == '&' ? "&amp;"
		                     : text[i] == '"' ? "&quot;"
		                                      : NULL;

		if (!entity)
			continue;
		fwrite(text + from, 1, i - from, out);
		fputs(entity, out);
		from = i + 1;
	}
	fwrite(text + from, 1, len - from, out);
}

static void write_text(FILE *out, int x, int y, const char *class, const struct svg_line *line)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\"", x, y);
	if (*class)
		fprintf(out, " class=\"%s\"", class);
	fputc('>', out);
	write_quoted(out, line->text, line->len);
	fputs("</text>", out);
}

static struct svg_line words(const char *text)
{
	return (struct svg_line){.text = text, .len = strlen(text)};
}

/* The condition for a part of the legend. */
enum key_when {
	KEY_ALWAYS,
	KEY_DETAILS,
	KEY_GROUPS,
	KEY_LINES,    /* lines to owners are drawn; */
	KEY_NO_LINES, /* or not, because there are too many */
};

/* The legend, from left to right. */
struct legend_key {
	enum key_when when;
	const char *class; /* of its sample box; NULL: the sample is a dashed line */
	int radius;
	const char *text;
};

static const struct legend_key keys[] = {
        {KEY_ALWAYS, "key pid", 9, "PID namespace"},
        {KEY_ALWAYS, "key user", 2, "user namespace"},
        {KEY_DETAILS, "key", 2, "owned namespace"},
        {KEY_GROUPS, "key many", 2, "similar namespaces"},
        {KEY_LINES, NULL, 0, "owned by (to the initial user namespace not drawn)"},
        {KEY_NO_LINES, NULL, 0, "owned by (too many to draw: follow the links)"},
};

enum {
	SUBTITLE_Y = 60,
	LEGEND_Y = 78, /* without reasons above it */
	SAMPLE_WIDTH = 26,
	SAMPLE_HEIGHT = 18,
	LEGEND_GAP = 28,
};

/* The folded corner of an owned namespace, which distinguishes it without colour. */
static void write_fold(FILE *out, int x, int y, int width)
{
	enum { FOLD = 8 };

	fprintf(out, "<path class=\"fold\" d=\"M%d %dv%dh%dz\"/>", x + width - FOLD, y, FOLD, FOLD);
}

static int key_width(const struct legend_key *key)
{
	return SAMPLE_WIDTH + 8 + svg_plan_text_width(key->text, strlen(key->text), SVG_TEXT_SIZE) +
	       LEGEND_GAP;
}

static bool is_key_shown(const struct svg *svg, const struct legend_key *key)
{
	const bool is_shown[] = {
	        [KEY_ALWAYS] = true,
	        [KEY_DETAILS] = svg->with_details,
	        [KEY_GROUPS] = svg->is_collapsed,
	        [KEY_LINES] = svg->plan.n_hidden_owners == 0,
	        [KEY_NO_LINES] = svg->plan.n_hidden_owners > 0,
	};

	return is_shown[key->when];
}

static void write_key(FILE *out, const struct legend_key *key, int x, int y)
{
	const struct svg_line text = words(key->text);

	if (key->class)
		fprintf(out,
		        "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
		        "rx=\"%d\"/>",
		        key->class, x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT, key->radius);
	if (key->when == KEY_DETAILS)
		write_fold(out, x, y, SAMPLE_WIDTH);
	if (!key->class)
		fprintf(out, "<path class=\"owner\" d=\"M%d %dH%d\"/>", x, y + SAMPLE_HEIGHT / 2,
		        x + SAMPLE_WIDTH);
	write_text(out, x + SAMPLE_WIDTH + 8, y + 13, "small", &text);
	fputc('\n', out);
}

static void write_header(struct svg *svg)
{
	const struct svg_plan *plan = &svg->plan;
	int x = SVG_MARGIN;

	fprintf(svg->out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" "
	        "viewBox=\"0 0 %d %d\" xml:space=\"preserve\">\n<title>",
	        plan->width, plan->height, plan->width, plan->height);
	write_quoted(svg->out, plan->title.text, plan->title.len);
	for (size_t i = 0; i < plan->n_reasons; i++) {
		fputs("; ", svg->out);
		write_quoted(svg->out, plan->reasons[i].text, plan->reasons[i].len);
	}
	fprintf(svg->out,
	        "</title>\n%s"
	        "<rect class=\"ground\" width=\"%d\" height=\"%d\"/>\n",
	        style, plan->width, plan->height);
	write_text(svg->out, SVG_MARGIN, 38, "title", &plan->title);
	fputc('\n', svg->out);
	write_text(svg->out, SVG_MARGIN, SUBTITLE_Y, "small", &plan->subtitle);
	fputc('\n', svg->out);
	for (size_t i = 0; i < plan->n_reasons; i++) {
		write_text(svg->out, SVG_MARGIN, SUBTITLE_Y + SVG_LINE * ((int)i + 1), "",
		        &plan->reasons[i]);
		fputc('\n', svg->out);
	}
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!is_key_shown(svg, &keys[i]))
			continue;
		write_key(svg->out, &keys[i], x, LEGEND_Y + SVG_LINE * (int)plan->n_reasons);
		x += key_width(&keys[i]);
	}
}

/* The node of the user namespace that owns a node of the PID hierarchy; NULL for other nodes, and
 * if the owner has no node. */
static const struct node *owner_of(const struct svg *svg, const struct node *node)
{
	const struct pair_plan *pair = &svg->plan.pair;

	if (node->ns->type != NS_PID)
		return NULL;
	const size_t i = pair->owners[node - pair->trees[PAIR_PID].hierarchy.nodes];
	return i == NODE_NO_PARENT ? NULL : &pair->trees[PAIR_USER].hierarchy.nodes[i];
}

static void write_lines(struct svg *svg, const struct node *node, const struct pair_box *box,
        const struct svg_words *words)
{
	static const char *const classes[LABEL_LINES] = {"leader", "", "small"};

	for (size_t i = 0; i < words->n_lines; i++) {
		const char *class = i == 0 && !node->ns->leader ? "held" : classes[i];
		/* The first line of a group names its owner. */
		const bool has_owner = i == (node->n_alike ? LABEL_LEADER : LABEL_OWNER);
		const struct node *owner = has_owner ? owner_of(svg, node) : NULL;
		const bool is_link = owner != NULL;

		if (is_link) {
			fputs("<a href=\"#", svg->out);
			label_write_id(svg->out, &svg->label, owner, false);
			fputs("\">", svg->out);
		}
		const struct svg_line *line = &words->lines[i];
		write_text(
		        svg->out, box->x + line->x, box->y + line->y, is_link ? "" : class, line);
		if (is_link)
			fputs("</a>", svg->out);
	}
}

static void write_rect(FILE *out, const struct pair_box *box, int radius)
{
	fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"/>", box->x,
	        box->y, box->width, box->height, radius);
}

static void write_ns(struct svg *svg, const struct node *node, const struct pair_box *box,
        const struct svg_words *words)
{
	enum { ROUND = 16, SQUARE = 2 };
	const struct ns *ns = node->ns;
	FILE *tooltip = text_restart(&svg->tooltip);

	fputs("<g id=\"", svg->out);
	label_write_id(svg->out, &svg->label, node, false);
	fprintf(svg->out, "\" class=\"ns %s%s%s\"%s><title>", nstype_name(ns->type),
	        node->parent == NODE_NO_PARENT ? " top" : "", node->n_alike ? " group" : "",
	        node->is_above ? " opacity=\"0.5\"" : "");
	label_write_tooltip(tooltip, &svg->label, node);
	text_get(&svg->tooltip);
	write_quoted(svg->out, svg->tooltip.bytes, svg->tooltip.len);
	fputs("</title>", svg->out);
	write_rect(svg->out, box, ns->type == NS_PID ? ROUND : SQUARE);
	if (node->is_owned)
		write_fold(svg->out, box->x, box->y, box->width);
	write_lines(svg, node, box, words);
	fputs("</g>\n", svg->out);
}

static void write_panel(FILE *out, const struct svg_plan *plan, enum pair_part part)
{
	static const char *const headings[PAIR_PARTS] = {
	        [PAIR_PID] = "PID namespaces", [PAIR_USER] = "User namespaces"};
	const struct svg_panel *panel = &plan->panels[part];
	const struct svg_line heading = words(headings[part]);
	const struct svg_line none = words("(none)");
	const int x = panel->x + SVG_PADDING;

	fprintf(out,
	        "<rect class=\"panel %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	        "rx=\"8\"/>\n",
	        view_kind_row(plan->pair.kinds[part])->name, panel->x, panel->y, panel->width,
	        panel->height);
	write_text(out, x, panel->y + 26, "heading", &heading);
	fputc('\n', out);
	if (plan->pair.trees[part].hierarchy.n == 0)
		write_text(out, x, panel->y + SVG_HEADING + SVG_LINE, "small", &none);
}

static void write_nodes(struct svg *svg, enum pair_part part)
{
	const struct pair_tree *tree = &svg->plan.pair.trees[part];
	const struct svg_words *all = svg->plan.panels[part].words;

	for (size_t i = 0; i < tree->hierarchy.n; i++) {
		const struct node *node = &tree->hierarchy.nodes[i];
		const struct pair_box *box = &tree->boxes[i];
		const struct svg_line *line = &all[i].lines[0];

		if (node->ns) {
			write_ns(svg, node, box, &all[i]);
			continue;
		}
		fprintf(svg->out, "<g class=\"outside%s\">", node->is_unknown ? " unknown" : "");
		write_rect(svg->out, box, 0);
		write_text(svg->out, box->x + line->x, box->y + SVG_ANCHOR + 4, "small", line);
		fputs("</g>\n", svg->out);
	}
}

int export_svg(FILE *out, const struct export_request *request)
{
	struct svg svg = {.out = out,
	        .with_details = request->view.with_details,
	        .is_collapsed = request->view.is_collapsed};
	int legend = 0;

	label_init(&svg.label, request->model, request->names);
	text_init(&svg.tooltip);
	svg_plan_build(&svg.plan, request, &svg.label);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		legend += is_key_shown(&svg, &keys[i]) ? key_width(&keys[i]) : 0;
	svg_plan_widen(&svg.plan, legend);
	write_header(&svg);
	/* Later elements are drawn over earlier ones. */
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		write_panel(out, &svg.plan, part);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		svg_lines_write_edges(out, &svg.plan, part);
	svg_lines_write_owners(out, &svg.plan);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		write_nodes(&svg, part);
	fputs("</svg>\n", out);
	svg_plan_release(&svg.plan);
	text_release(&svg.tooltip);
	label_release(&svg.label);
	return 0;
}
