/* SPDX-License-Identifier: Apache-2.0 */
#include "export/dot_facts.h"

#include "view/partial.h"
#include "view/words_container.h"

static void set_class(struct dot_graph *dot, Agnode_t *made, const struct node *node)
{
	const char *const type = nstype_name(node->ns->type);
	char class[32];

	snprintf(class, sizeof(class), "ns %s%s", type, node->n_alike ? " group" : "");
	dot_graph_set(dot, made, DOT_CLASS, class);
	dot_graph_set(dot, made, DOT_TYPE, type);
}

static void set_processes(
        struct dot_graph *dot, Agnode_t *made, const struct model *model, const struct node *node)
{
	size_t n = node->n_alike ? 0 : node->ns->n_processes;
	char number[32];

	for (size_t i = 0; i < node->n_alike; i++)
		n += node->alike[i]->n_processes;
	snprintf(number, sizeof(number), "%zu%s", n, partial_plus(model, node->ns));
	dot_graph_set(dot, made, DOT_PROCESSES, number);
}

/* What a single namespace has, but not a group. */
static void set_single(
        struct dot_graph *dot, Agnode_t *made, const struct ns *ns, struct text *scratch)
{
	dot_graph_set_number(dot, made, DOT_INODE, ns->inode);
	if (ns->id)
		dot_graph_set_number(dot, made, DOT_NS_ID, ns->id);
	if (ns->leader && ns->leader->container) {
		words_container_of_ns(text_restart(scratch), ns);
		dot_graph_set(dot, made, DOT_CONTAINER, text_get(scratch));
	}
}

void dot_facts_set(struct dot_graph *dot, Agnode_t *made, struct label *label,
        const struct node *node, const char *owner, struct text *scratch)
{
	const struct ns *const ns = node->ns;

	label_write_id(text_restart(scratch), label, node, false);
	dot_graph_set(dot, made, DOT_ID, text_get(scratch));
	label_write_tooltip(text_restart(scratch), label, node);
	dot_graph_set_text(dot, made, DOT_TOOLTIP, scratch, DOT_QUOTE_TOOLTIP);
	set_class(dot, made, node);
	set_processes(dot, made, label->model, node);
	if (node->n_alike)
		dot_graph_set_number(dot, made, DOT_MEMBERS, node->n_alike);
	else
		set_single(dot, made, ns, scratch);
	if (ns->type != NS_USER && ns->owner.ns) {
		if (!owner) {
			label_write_id(text_restart(scratch), label,
			        &(struct node){.ns = ns->owner.ns}, true);
			owner = text_get(scratch);
		}
		dot_graph_set(dot, made, DOT_OWNER, owner);
	} else if (ns->type == NS_USER && ns->owner_uid_state == REL_KNOWN) {
		dot_graph_set_number(dot, made, DOT_OWNER_UID, ns->owner_uid);
	}
}
