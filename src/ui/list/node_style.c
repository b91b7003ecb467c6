/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/node_style.h"

/* Something of it was refused: a relation, its owner, or maps that a process could have told. */
static bool is_problems_open(const struct ns *ns)
{
	return ns->parent.state == REL_FAILED || ns->owner.state == REL_FAILED ||
	       ns->owner_uid_state == REL_FAILED ||
	       (ns->maps_state == REL_FAILED && ns->n_processes > 0);
}

const char *node_style_mark(
        const struct node *node, const struct marks *marks, enum style *ret_style)
{
	const enum node_mark mark = node->ns ? marks_get(marks, node_tag(node)) : MARK_NONE;

	*ret_style = mark == MARK_GONE ? STYLE_GONE : mark == MARK_NEW ? STYLE_NEW : STYLE_PLAIN;
	if (mark != MARK_NONE)
		return mark == MARK_GONE ? "x" : "+";
	if (node->ns && is_problems_open(node->ns)) {
		*ret_style = STYLE_ERROR;
		return "!";
	}
	return node->ns && !node->ns->n_processes ? "~" : "";
}

enum style node_style_of(const struct node *node)
{
	if (node->mark == MARK_GONE)
		return STYLE_GONE;
	if (!node->ns)
		return node->process ? STYLE_PLAIN : STYLE_DIM;
	return node->ns->type == NS_USER  ? STYLE_USER
	       : node->ns->type == NS_PID ? STYLE_PID
	                                  : STYLE_FLAT;
}
