/* SPDX-License-Identifier: Apache-2.0 */
#include "export/svg_legend.h"

#include "base/attributes.h"
#include "export/svg_text.h"
#include "view/pair_words.h"
#include "view/partial.h"

#include <string.h>

enum {
	SAMPLE_WIDTH = 26,
	SAMPLE_HEIGHT = 18,
	SAMPLE_GAP = 8,
	KEY_GAP = 24,
	KEY_LINE = 24, /* from one line of keys to the next */
	BASELINE = 13, /* of its text, from the top of the key */
};

/* --- the census ------------------------------------------------------------------------------ */

/* `is_below_owner`: the line to it comes from its owner, not from its parent. */
static void count_node(struct svg_census *census, const struct node *node,
        const struct model *model, bool is_below_owner)
{
	census->n_edges += node->parent != NODE_NO_PARENT;
	census->n_owned_edges += is_below_owner;
	census->n_listed += node->n_details;
	if (!node->ns) {
		census->n_outside++;
		return;
	}
	census->n_held += !node->ns->leader && !node->n_alike;
	census->n_pale += node->is_above;
	census->has_plus = census->has_plus ||
	                   ((node->n_alike || node->n_details) && *partial_plus(model, node->ns));
	if (!nstype_is_hierarchical(node->ns->type)) {
		census->n_owned += node->n_alike ? node->n_alike : 1;
		return;
	}
	/* PID namespaces may be among user namespaces, too. */
	const enum pair_part part = node->ns->type == NS_PID ? PAIR_PID : PAIR_USER;
	census->has_part[part] = true;
	census->n_boxes[part]++;
	census->n_roots[part] += node->parent == NODE_NO_PARENT;
	census->n_groups[part] += node->n_alike > 0;
	census->n_alike[part] += node->n_alike;
}

static void count_all(struct svg_census *ret, const struct pair_plan *pair,
        const struct model *model, size_t n_hidden_lines)
{
	*ret = (struct svg_census){
	        .owned = pair_words_other(pair->kinds[PAIR_USER]),
	        .n_lines = pair->n_drawn,
	        .n_hidden_lines = n_hidden_lines,
	        .n_initial_lines = pair->n_lines - pair->n_drawn - n_hidden_lines,
	        .has_plus = *partial_plus(model, NULL) != '\0',
	};
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		ret->has_part[part] = pair->has_part[part];
		const struct hierarchy *hierarchy = &pair->trees[part].hierarchy;

		for (size_t i = 0; i < hierarchy->n; i++) {
			const struct node *node = &hierarchy->nodes[i];
			const struct ns *above = node->parent != NODE_NO_PARENT
			                                 ? hierarchy->nodes[node->parent].ns
			                                 : NULL;

			count_node(ret, node, model,
			        above && node->ns && above->type != node->ns->type);
		}
	}
}

/* --- the legend ------------------------------------------------------------------------------ */

/* A box, a line, or a text as sample, and what it means. */
struct key_row {
	enum svg_class class;
	enum { SAMPLE_BOX, SAMPLE_LINE, SAMPLE_TEXT } kind;
	int radius;              /* of a box */
	const char *attributes;  /* more of them */
	const char *sample_text; /* of SAMPLE_TEXT */
	const char *meaning;     /* NULL: that of the census */
};

#define OWNER_DASHES " stroke-dasharray=\"6 3\""

static const struct key_row keys[SVG_SIGNS] = {
        [SIGN_PID] = {SVG_PID_BOX, SAMPLE_BOX, 9, "", NULL, "PID namespace"},
        [SIGN_USER] = {SVG_USER_BOX, SAMPLE_BOX, 2, "", NULL, "user namespace"},
        [SIGN_OWNED] = {SVG_OWNED_BOX, SAMPLE_BOX, 2, "", NULL, NULL},
        [SIGN_COMPARTMENT] = {SVG_USER_BOX, SAMPLE_BOX, 2, "", NULL, "what it owns"},
        [SIGN_ROOT] = {SVG_FRAME, SAMPLE_BOX, 2, " stroke-width=\"2\"", NULL, "root of this view"},
        [SIGN_GROUP] = {SVG_FRAME, SAMPLE_BOX, 2, " stroke-width=\"3\" stroke-dasharray=\"6 2\"",
                NULL, "similar namespaces"},
        [SIGN_HELD] = {SVG_HELD, SAMPLE_TEXT, 0, "", "held by", "no process found in it"},
        [SIGN_OUTSIDE] = {SVG_FRAME, SAMPLE_BOX, 2, " stroke-dasharray=\"4 3\"", NULL,
                "parent or owner not known"},
        [SIGN_PALE] = {SVG_PALE_BOX, SAMPLE_BOX, 2, "", NULL, "only above a match"},
        [SIGN_EDGE] = {SVG_EDGE, SAMPLE_LINE, 0, "", NULL, "from parent to child"},
        [SIGN_OWNED_EDGE] = {SVG_EDGE, SAMPLE_LINE, 0, "", NULL,
                "from parent to child, from owner to owned"},
        [SIGN_OWNER] = {SVG_OWNER, SAMPLE_LINE, 0, OWNER_DASHES, NULL, "to the owner"},
        [SIGN_OTHER_OWNER] = {SVG_OWNER, SAMPLE_LINE, 0, OWNER_DASHES, NULL,
                "to the owner, if not the initial one"},
        [SIGN_HIDDEN_OWNER] = {SVG_DIM, SAMPLE_TEXT, 0, "",
                "owners:", "in the boxes, as lines would be too many"},
        [SIGN_PLUS] = {SVG_DIM, SAMPLE_TEXT, 0, "", "3+", "at least 3"},
};

static bool is_drawn(const struct svg_census *census, enum svg_sign sign)
{
	const bool is_sign[SVG_SIGNS] = {
	        [SIGN_PID] = census->n_boxes[PAIR_PID] > 0,
	        [SIGN_USER] = census->n_boxes[PAIR_USER] > 0,
	        [SIGN_OWNED] = census->n_owned > 0,
	        [SIGN_COMPARTMENT] = census->n_listed > 0,
	        [SIGN_ROOT] = census->n_roots[PAIR_PID] + census->n_roots[PAIR_USER] > 0,
	        [SIGN_GROUP] = census->n_groups[PAIR_PID] + census->n_groups[PAIR_USER] > 0,
	        [SIGN_HELD] = census->n_held > 0,
	        [SIGN_OUTSIDE] = census->n_outside > 0,
	        [SIGN_PALE] = census->n_pale > 0,
	        [SIGN_EDGE] = census->n_edges > 0 && census->n_owned_edges == 0,
	        [SIGN_OWNED_EDGE] = census->n_owned_edges > 0,
	        [SIGN_OWNER] = census->n_lines > 0 && census->n_initial_lines == 0,
	        [SIGN_OTHER_OWNER] = census->n_lines > 0 && census->n_initial_lines > 0,
	        [SIGN_HIDDEN_OWNER] = census->n_hidden_lines > 0,
	        [SIGN_PLUS] = census->has_plus,
	};

	return is_sign[sign];
}

static int text_width(const char *text)
{
	return svg_text_width(text, strlen(text), SVG_TEXT_SIZE);
}

static int sample_width(const struct key_row *key)
{
	return key->kind == SAMPLE_TEXT ? text_width(key->sample_text) : SAMPLE_WIDTH;
}

static const char *meaning_of(const struct key_row *key, const struct svg_census *census)
{
	return key->meaning ? key->meaning : census->owned;
}

static int key_width(const struct key_row *key, const struct svg_census *census)
{
	return sample_width(key) + SAMPLE_GAP + text_width(meaning_of(key, census));
}

void svg_legend_build(struct svg_legend *ret, const struct pair_plan *pair,
        const struct model *model, size_t n_hidden_lines, int width)
{
	int x = 0, y = 0;

	*ret = (struct svg_legend){0};
	count_all(&ret->census, pair, model, n_hidden_lines);
	for (enum svg_sign sign = 0; sign < SVG_SIGNS; sign++) {
		const int wide = key_width(&keys[sign], &ret->census);

		if (!is_drawn(&ret->census, sign))
			continue;
		if (x > 0 && x + wide > width) {
			x = 0;
			y += KEY_LINE;
		}
		ret->keys[sign].is_drawn = true;
		ret->keys[sign].x = x;
		ret->keys[sign].y = y;
		ret->width = MAX(ret->width, x + wide);
		ret->height = y + KEY_LINE;
		x += wide + KEY_GAP;
	}
}

static void write_sample(
        FILE *out, const struct key_row *key, const struct svg_style *style, int x, int y)
{
	const char *attributes = style->attributes[key->class];

	if (key->kind == SAMPLE_TEXT) {
		const struct svg_line text = svg_text_line(key->sample_text);

		svg_text_write(out, x, y + BASELINE, attributes, &text);
	} else if (key->kind == SAMPLE_BOX)
		fprintf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\"%s%s/>",
		        x, y, SAMPLE_WIDTH, SAMPLE_HEIGHT, key->radius, attributes,
		        key->attributes);
	else
		fprintf(out, "<path d=\"M%d %dH%d\"%s%s/>", x, y + SAMPLE_HEIGHT / 2,
		        x + SAMPLE_WIDTH, attributes, key->attributes);
}

void svg_legend_write(
        FILE *out, const struct svg_legend *legend, const struct svg_style *style, int x, int y)
{
	fputs("<g class=\"legend\">\n", out);
	for (enum svg_sign sign = 0; sign < SVG_SIGNS; sign++) {
		const struct key_row *key = &keys[sign];
		const struct svg_line meaning = svg_text_line(meaning_of(key, &legend->census));
		const int key_x = x + legend->keys[sign].x, key_y = y + legend->keys[sign].y;

		if (!legend->keys[sign].is_drawn)
			continue;
		write_sample(out, key, style, key_x, key_y);
		if (sign == SIGN_OWNED)
			svg_style_write_fold(out, style, key_x + SAMPLE_WIDTH, key_y);
		if (sign == SIGN_COMPARTMENT)
			fprintf(out, "<path d=\"M%d %dh%d\"%s/>", key_x, key_y + SAMPLE_HEIGHT / 2,
			        SAMPLE_WIDTH, style->attributes[SVG_RULE]);
		svg_text_write(out, key_x + sample_width(key) + SAMPLE_GAP, key_y + BASELINE,
		        style->attributes[SVG_DIM], &meaning);
		fputc('\n', out);
	}
	fputs("</g>\n", out);
}

/* --- the description ------------------------------------------------------------------------- */

/* `69 user namespaces (1 root of this view, 60 in 1 group of similar ones)` */
static void describe_part(FILE *out, const struct svg_census *census, enum pair_part part)
{
	const size_t n_roots = census->n_roots[part], n_groups = census->n_groups[part];
	const size_t n = census->n_boxes[part] - n_groups + census->n_alike[part];

	fprintf(out, "%zu %s namespace%s", n, part == PAIR_PID ? "PID" : "user", n == 1 ? "" : "s");
	if (n_roots > 0)
		fprintf(out, " (%zu root%s of this view", n_roots, n_roots == 1 ? "" : "s");
	if (n_groups > 0)
		fprintf(out, "%s%zu in %zu group%s of similar ones", n_roots ? ", " : " (",
		        census->n_alike[part], n_groups, n_groups == 1 ? "" : "s");
	fputs(n_roots + n_groups ? ")" : "", out);
}

/* `; 4 lines from PID namespaces to their owners`; nothing if there are none. */
static void describe_count(FILE *out, size_t n, const char *one, const char *many)
{
	if (n > 0)
		fprintf(out, "; %zu %s", n, n == 1 ? one : many);
}

void svg_legend_describe(FILE *out, const struct svg_legend *legend)
{
	const struct svg_census *census = &legend->census;

	fputs("Drawn: ", out);
	for (enum pair_part part = 0; part < PAIR_PARTS; part++) {
		if (!census->has_part[part])
			continue;
		fputs(part > 0 && census->has_part[0] ? "; " : "", out);
		describe_part(out, census, part);
	}
	if (census->n_owned > 0)
		fprintf(out, "; %zu %s%s", census->n_owned, census->owned,
		        census->n_owned == 1 ? "" : "s");
	describe_count(out, census->n_listed, "namespace of another type in the box of its owner",
	        "namespaces of other types in the boxes of their owners");
	describe_count(out, census->n_held, "box of a namespace without a known process",
	        "boxes of namespaces without a known process");
	describe_count(out, census->n_pale, "box only above a match of the filter",
	        "boxes only above a match of the filter");
	describe_count(out, census->n_outside, "box for what is not known here",
	        "boxes for what is not known here");
	describe_count(out, census->n_lines, "line from a PID namespace to its owner",
	        "lines from PID namespaces to their owners");
	describe_count(out, census->n_hidden_lines,
	        "line to an owner not drawn, as it would be too many",
	        "lines to owners not drawn, as they would be too many");
	describe_count(out, census->n_initial_lines, "line to the initial user namespace not drawn",
	        "lines to the initial user namespace not drawn");
	fputc('.', out);
}
