/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_legend.h"

#include "base/attributes.h"
#include "export/dot_style.h"

static const struct dot_setting text_only[] = {
        DOT_TEXT(DOT_SHAPE, "plaintext"), DOT_TEXT(DOT_STYLE, ""), {0}};

/* A sample, on the left; if it has a tail, it is the head of a sample edge. */
static const struct key {
	enum dot_sign sign;
	const char *name;
	const char *text;
	const struct dot_setting *settings; /* NULL: the defaults, here and below */
	const char *tail_name;
	const char *tail_text; /* NULL: `owned` */
	const struct dot_setting *tail_settings;
	const struct dot_setting *edge;
} keys[] = {
        {DOT_SIGN_PID, "legend-pid", "PID namespace", dot_style_pid, NULL, NULL, NULL, NULL},
        {DOT_SIGN_USER, "legend-user", "user namespace", NULL, NULL, NULL, NULL, NULL},
        {DOT_SIGN_ROOT, "legend-root", "root of this view", dot_style_root, NULL, NULL, NULL, NULL},
        {DOT_SIGN_GROUP, "legend-group", "similar namespaces", dot_style_group, NULL, NULL, NULL,
                NULL},
        {DOT_SIGN_ABOVE, "legend-above", "only above a match", dot_style_above, NULL, NULL, NULL,
                NULL},
        {DOT_SIGN_OUTSIDE, "legend-outside", "parent or owner not known", dot_style_outside, NULL,
                NULL, NULL, NULL},
        {DOT_SIGN_EDGE, "legend-parent", "parent", text_only, "legend-child", "child", text_only,
                NULL},
        {DOT_SIGN_OWNED, "legend-owner-of-one", "owner", text_only, "legend-owned", NULL,
                dot_style_owned, dot_style_owned_edge},
        {DOT_SIGN_OWNED_PID, "legend-owner-of-pid", "owner", text_only, "legend-below-owner",
                "PID namespace", dot_style_pid, dot_style_owned_edge},
        {DOT_SIGN_FOLDER, "legend-folder", "several of one type", dot_style_folder, NULL, NULL,
                NULL, NULL},
        {DOT_SIGN_NOTE, "legend-owner-of-several", "owner", text_only, "legend-details",
                "other namespaces", dot_style_note, dot_style_details_edge},
        {DOT_SIGN_OWNER, "legend-owner", "owner, if not the initial one", text_only,
                "legend-owned-pid", "PID namespace", text_only, dot_style_owner_edge},
        {DOT_SIGN_BY_INITIAL, "legend-initial",
                "without line and owner: owned by\\nthe initial user namespace", text_only, NULL,
                NULL, NULL, NULL},
        {DOT_SIGN_PLUS, "legend-plus", "3+: 3 or more", text_only, NULL, NULL, NULL, NULL},
};

static const struct dot_setting cluster[] = {DOT_TEXT(DOT_LABEL, "Legend"),
        DOT_TEXT(DOT_LABELJUST, "r"), DOT_TEXT(DOT_FONTSIZE, "10"),
        DOT_PAINT(DOT_COLOR, PALETTE_EDGE), {0}};

static const struct dot_setting sample_node[] = {DOT_TEXT(DOT_CLASS, "legend"),
        DOT_TEXT(DOT_FONTSIZE, "9"), DOT_TEXT(DOT_HEIGHT, "0.2"), {0}};

static const struct dot_setting sample_edge[] = {
        DOT_TEXT(DOT_CLASS, "legend"), DOT_TEXT(DOT_CONSTRAINT, "true"), {0}};

static Agnode_t *add_sample(struct dot_graph *dot, Agraph_t *part, const char *name,
        const char *text, const struct dot_setting *settings)
{
	Agnode_t *made = dot_graph_node(part, name);

	dot_graph_apply(dot, made, sample_node);
	dot_graph_set(dot, made, DOT_LABEL, text);
	if (settings)
		dot_graph_apply(dot, made, settings);
	return made;
}

void dot_legend_add(
        struct dot_graph *dot, Agraph_t *part, unsigned signs, const char *owned, Agraph_t *left)
{
	dot_graph_apply(dot, part, cluster);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		const struct key *key = &keys[i];

		if (!(signs & key->sign))
			continue;
		Agnode_t *head = add_sample(dot, part, key->name, key->text, key->settings);

		agsubnode(left, head, 1);
		if (!key->tail_name)
			continue;
		Agnode_t *tail = add_sample(dot, part, key->tail_name,
		        key->tail_text ? key->tail_text : owned, key->tail_settings);
		Agedge_t *edge = dot_graph_edge(dot, tail, head);

		if (key->edge)
			dot_graph_apply(dot, edge, key->edge);
		dot_graph_apply(dot, edge, sample_edge);
	}
}
