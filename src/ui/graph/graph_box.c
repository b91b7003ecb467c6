/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/graph/graph_box.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/text.h"
#include "ui/list/marks.h"
#include "view/words.h"

#include <inttypes.h>
#include <string.h>

enum {
	NAME_MAX_COLUMNS = 16, /* of a name alone */
	LINE_COLUMNS = 36,     /* of a line in a box */
	FIXED_LINES = 4,
	OWNED_NUMBERS = 2, /* of a type, before `…` */
};

/* The number of types among the owned namespaces that are shown; these are sorted by type. */
static int owned_types(const struct graph_look *look, const struct node *node)
{
	const struct ns *ns = node->ns;
	int n = 0;

	if (!look->view.with_details || !ns || ns->type != NS_USER || node->n_alike)
		return 0;
	for (size_t i = 0; i < ns->n_owned; i++)
		n += i == 0 || ns->owned[i]->type != ns->owned[i - 1]->type;
	return n;
}

int graph_box_compartment(const struct graph_look *look, const struct node *node)
{
	return look->zoom == GRAPH_BOXES && node->ns ? FIXED_LINES : 1;
}

int graph_box_lines(const struct graph_look *look, const struct node *node)
{
	const int fixed = graph_box_compartment(look, node);

	return look->zoom == GRAPH_BOXES ? fixed + owned_types(look, node) : fixed;
}

/* The index behind the owned namespaces that have the type of number `first`. */
static size_t end_of_type(const struct ns *ns, size_t first)
{
	size_t end = first;

	while (end < ns->n_owned && ns->owned[end]->type == ns->owned[first]->type)
		end++;
	return end;
}

/* ` | net 2 mnt 1`, after the name. */
static void add_owned(struct line *line, const struct graph_look *look, const struct node *node)
{
	const struct ns *ns = node->ns;

	if (!owned_types(look, node))
		return;
	line_add(line, STYLE_PLAIN, " ");
	line_add(line, STYLE_PLAIN, line_glyphs(look->is_ascii)->edge);
	for (size_t first = 0, end; first < ns->n_owned; first = end) {
		end = end_of_type(ns, first);
		line_printf(line, STYLE_PLAIN, " %s %zu", nstype_name(ns->owned[first]->type),
		        end - first);
	}
}

/* `net 3  4026532001 4026532004 …`: the owned namespaces of type number `number`. */
static void add_owned_of(
        struct line *line, const struct graph_look *look, const struct ns *ns, int number)
{
	size_t first = 0;

	while (number-- > 0)
		first = end_of_type(ns, first);
	const size_t n = end_of_type(ns, first) - first;
	line_printf(line, STYLE_PLAIN, "%s %zu ", nstype_name(ns->owned[first]->type), n);
	for (size_t i = 0; i < n && i < OWNED_NUMBERS; i++)
		line_printf(line, STYLE_PLAIN, " %" PRIu64, ns->owned[first + i]->inode);
	if (n > OWNED_NUMBERS) {
		line_add(line, STYLE_PLAIN, " ");
		line_add(line, STYLE_PLAIN, line_glyphs(look->is_ascii)->ellipsis);
	}
}

static const struct model *model_of(const struct graph_look *look, const struct node *node)
{
	return node->mark == MARK_GONE ? look->marks->baseline : look->model;
}

/* The leader or a holder; of a group what its members have in common, and their number. */
static void add_name(
        struct line *line, const struct graph_look *look, const struct node *node, int columns)
{
	const struct process *leader = node->ns->leader;
	const bool is_short = look->zoom == GRAPH_NAMES || node->n_alike;
	enum style style;
	_cleanup_text_ struct text text;

	text_init(&text);
	if (node->n_alike && !leader)
		words_holders_alike(text.out, node->ns);
	else if (leader && is_short)
		escape_write(text.out, leader->name, strlen(leader->name), 0);
	else
		words_leader(text.out, model_of(look, node), node->ns);
	line_add(line, STYLE_PLAIN, marks_sign(node, look->marks, &style));
	line_add_within(line, STYLE_PLAIN, text_get(&text), columns);
	if (node->n_alike)
		line_printf(line, STYLE_PLAIN, look->is_ascii ? " x %zu" : " × %zu", node->n_alike);
}

/* `(bash)`, `[systemd (1) 4026531837 │ net 2]` */
static void add_short(struct line *line, const struct graph_look *look, const struct node *node)
{
	const bool is_user = node->ns->type == NS_USER;
	const bool is_named = look->zoom == GRAPH_NAMES;

	line_add(line, STYLE_PLAIN, is_user ? "[" : "(");
	add_name(line, look, node, is_named ? NAME_MAX_COLUMNS : LINE_COLUMNS);
	if (!is_named && !node->n_alike)
		line_printf(line, STYLE_PLAIN, " %" PRIu64, node->ns->inode);
	add_owned(line, look, node);
	line_add(line, STYLE_PLAIN, is_user ? "]" : ")");
}

static void add_fixed(
        struct line *line, const struct graph_look *look, const struct node *node, int index)
{
	_cleanup_text_ struct text text;

	text_init(&text);
	if (index == 0)
		add_name(line, look, node, LINE_COLUMNS);
	if (index == 1 && node->n_alike)
		fprintf(text.out, "%zu %s namespaces", node->n_alike, nstype_name(node->ns->type));
	else if (index == 1)
		words_ns(text.out, node->ns);
	if (index == 2) {
		fputs("owner ", text.out);
		words_owner(text.out, node->ns, look->names);
	}
	if (index == 3)
		words_held_by(text.out, model_of(look, node), node->ns, 1);
	line_add_within(line, STYLE_PLAIN, text_get(&text), LINE_COLUMNS);
}

void graph_box_line(
        struct line *ret, const struct graph_look *look, const struct node *node, int index)
{
	line_init(ret, GRAPH_LINE_MAX, look->is_ascii);
	if (!node->ns)
		line_add(ret, STYLE_PLAIN, WORDS_OUTSIDE);
	else if (look->zoom != GRAPH_BOXES)
		add_short(ret, look, node);
	else if (index < FIXED_LINES)
		add_fixed(ret, look, node, index);
	else
		add_owned_of(ret, look, node->ns, index - FIXED_LINES);
}
