/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "base/utf8.h"
#include "export/export.h"
#include "export/svg_lines.h"
#include "export/svg_net.h"
#include "export/svg_page.h"
#include "export/svg_plan.h"
#include "export/svg_style.h"
#include "export/svg_text.h"
#include "view/pair_words.h"

#include <string.h>

struct svg {
	FILE *out;
	struct svg_plan plan;
	struct label label;
	struct svg_style style;
	struct text scratch;
};

static void write_header(struct svg *svg)
{
	const struct svg_plan *plan = &svg->plan;

	svg_legend_describe(text_restart(&svg->scratch), &plan->legend);
	text_get(&svg->scratch);
	svg_page_begin(svg->out, &plan->page, &svg->style, plan->width, plan->height,
	        &(struct svg_line){.text = svg->scratch.bytes, .len = svg->scratch.len});
	svg_legend_write(
	        svg->out, &plan->legend, &svg->style, SVG_MARGIN, svg_page_height(&plan->page));
}

/* The node of the user namespace that owns a node of the PID hierarchy; NULL for other nodes, and
 * if the owner has no node. */
static const struct node *owner_of(const struct svg *svg, const struct node *node)
{
	const struct pair_plan *pair = &svg->plan.pair;

	if (node->ns->type != NS_PID || !pair->has_part[PAIR_PID])
		return NULL;
	const size_t i = pair->owners[node - pair->trees[PAIR_PID].hierarchy.nodes];
	return i == NODE_NO_PARENT ? NULL : &pair->trees[PAIR_USER].hierarchy.nodes[i];
}

/* The attributes of a line: the leader is bold, what is only above a match is dim. */
static const char *line_style(const struct svg *svg, const struct node *node, size_t line)
{
	const bool is_held = line == LABEL_LEADER && !node->ns->leader && !node->n_alike;

	if (is_held)
		return svg->style.attributes[SVG_HELD];
	if (node->is_above || line == LABEL_OWNER)
		return svg->style.attributes[SVG_DIM];
	return line == LABEL_LEADER ? " font-weight=\"bold\"" : "";
}

static void write_lines(struct svg *svg, const struct node *node, const struct pair_box *box,
        const struct svg_words *words)
{
	for (size_t i = 0; i < words->n_lines; i++) {
		/* The first line of a group names its owner. */
		const bool has_owner = i == (node->n_alike ? LABEL_LEADER : LABEL_OWNER);
		const struct node *owner = has_owner ? owner_of(svg, node) : NULL;
		const struct svg_line *line = &words->lines[i];
		const char *style =
		        owner ? svg->style.attributes[SVG_LINK] : line_style(svg, node, i);

		if (owner) {
			fputs("<a href=\"#", svg->out);
			label_write_id(svg->out, &svg->label, owner, false);
			fputs(i == LABEL_LEADER ? "\" font-weight=\"bold\">" : "\">", svg->out);
		}
		svg_text_write(svg->out, box->x + line->x, box->y + line->y, style, line);
		if (owner)
			fputs("</a>", svg->out);
	}
}

/* The compartment with what the namespace owns, below a rule. */
static void write_owned(
        const struct svg *svg, const struct pair_box *box, const struct svg_words *words)
{
	if (words->n_owned == 0)
		return;
	fprintf(svg->out, "<path d=\"M%d %dh%d\"%s/>", box->x, box->y + words->rule_y, box->width,
	        svg->style.attributes[SVG_RULE]);
	for (size_t i = 0; i < words->n_owned; i++) {
		const struct svg_line *line = &words->owned[i];

		svg_text_write(svg->out, box->x + line->x, box->y + line->y,
		        svg->style.attributes[SVG_DIM], line);
	}
}

static void write_rect(FILE *out, const struct pair_box *box, int radius, const char *attributes)
{
	fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"%s/>", box->x,
	        box->y, box->width, box->height, radius, attributes);
}

static const char *box_style(const struct svg *svg, const struct node *node)
{
	const enum svg_class class = node->is_above              ? SVG_PALE_BOX
	                             : node->ns->type == NS_PID  ? SVG_PID_BOX
	                             : node->ns->type == NS_USER ? SVG_USER_BOX
	                                                         : SVG_OWNED_BOX;

	return svg->style.attributes[class];
}

/* The frame of a group, of a root; it is inherited, so that a style sheet can change it. */
static const char *frame_style(const struct node *node)
{
	if (node->n_alike)
		return " stroke-width=\"3\" stroke-dasharray=\"6 2\"";
	return node->parent == NODE_NO_PARENT ? " stroke-width=\"2\"" : "";
}

static void write_ns(struct svg *svg, const struct node *node, const struct pair_box *box,
        const struct svg_words *words)
{
	enum { ROUND = 16, SQUARE = 2 };
	const struct ns *ns = node->ns;
	FILE *tooltip = text_restart(&svg->scratch);

	fputs("<g id=\"", svg->out);
	label_write_id(svg->out, &svg->label, node, false);
	fprintf(svg->out, "\" class=\"ns %s%s%s%s\"%s><title>", nstype_name(ns->type),
	        node->parent == NODE_NO_PARENT ? " top" : "", node->n_alike ? " group" : "",
	        node->is_above ? " above" : "", frame_style(node));
	label_write_tooltip(tooltip, &svg->label, node);
	text_get(&svg->scratch);
	svg_text_quote(svg->out, svg->scratch.bytes, svg->scratch.len);
	fputs("</title>", svg->out);
	write_rect(svg->out, box, ns->type == NS_PID ? ROUND : SQUARE, box_style(svg, node));
	if (!nstype_is_hierarchical(ns->type))
		svg_style_write_fold(svg->out, &svg->style, box->x + box->width, box->y);
	write_lines(svg, node, box, words);
	write_owned(svg, box, words);
	fputs("</g>\n", svg->out);
}

static void write_panel(const struct svg *svg, enum pair_part part)
{
	static const enum svg_class classes[PAIR_PARTS] = {
	        [PAIR_PID] = SVG_PID_PANEL, [PAIR_USER] = SVG_USER_PANEL};
	const struct svg_panel *panel = &svg->plan.panels[part];
	const struct svg_line heading =
	        svg_text_line(pair_words_heading(svg->plan.pair.kinds[part]));
	const struct svg_line none = svg_text_line("(none)");
	const int x = panel->x + SVG_PADDING;

	fprintf(svg->out,
	        "<g class=\"panel\">\n"
	        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"8\"%s/>\n",
	        panel->x, panel->y, panel->width, panel->height,
	        svg->style.attributes[classes[part]]);
	svg_page_write_title(svg->out, x, panel->y + 26, "heading", SVG_HEADING_SIZE, &heading);
	if (svg->plan.pair.trees[part].hierarchy.n == 0)
		svg_text_write(svg->out, x, panel->y + SVG_HEADING + SVG_LINE,
		        svg->style.attributes[SVG_DIM], &none);
	fputs("</g>\n", svg->out);
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
		fprintf(svg->out, "<g class=\"outside%s\" stroke-dasharray=\"4 3\">",
		        node->is_unknown ? " unknown" : "");
		write_rect(svg->out, box, 0, svg->style.attributes[SVG_FRAME]);
		svg_text_write(svg->out, box->x + line->x, box->y + SVG_ANCHOR + 4,
		        svg->style.attributes[SVG_DIM], line);
		write_owned(svg, box, &all[i]);
		fputs("</g>\n", svg->out);
	}
}

/* Later elements are drawn over earlier ones. */
static void write_lines_of_all(struct svg *svg)
{
	FILE *out = svg->out;

	fprintf(out, "<g%s>\n", svg->style.attributes[SVG_EDGE]);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		svg_lines_write_edges(out, &svg->plan, part);
	fputs("</g>\n", out);
	svg_lines_write_owners(out, &svg->plan, &svg->style);
}

static void write_hierarchies(FILE *out, const struct export_request *request)
{
	struct svg svg = {.out = out};

	label_init(&svg.label, request->model, request->names);
	text_init(&svg.scratch);
	svg_style_init(&svg.style, request->theme);
	svg_plan_build(&svg.plan, request, &svg.label);
	write_header(&svg);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		if (svg.plan.pair.has_part[part])
			write_panel(&svg, part);
	}
	write_lines_of_all(&svg);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		write_nodes(&svg, part);
	fputs("</svg>\n", out);
	svg_plan_release(&svg.plan);
	text_release(&svg.scratch);
	label_release(&svg.label);
}

int export_svg(FILE *out, const struct export_request *request)
{
	struct utf8_locale locale;

	utf8_locale_begin(&locale);
	if (request->view.with_links)
		svg_net_write(out, request);
	else
		write_hierarchies(out, request);
	utf8_locale_end(&locale);
	return 0;
}
