/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/rows.h"

#include "base/attributes.h"
#include "view/filter.h"
#include "view/sharing.h"

bool rows_is_shown(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	const struct node *node = &hierarchy->nodes[index];

	if (rule->filtered && rule->filtered[index] == FILTERED_OUT)
		return false;
	return node->mark != MARK_GONE || marks_get(rule->marks, node_tag(node)) == MARK_GONE;
}

bool rows_is_last(const struct hierarchy *hierarchy, const struct rows_rule *rule, size_t index)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t parent = nodes[index].parent;
	const size_t end = parent == NODE_NO_PARENT ? hierarchy->n : nodes[parent].end;

	for (size_t i = nodes[index].end; i < end; i = nodes[i].end) {
		if (rows_is_shown(hierarchy, rule, i))
			return false;
	}
	return true;
}

struct finding rows_match(const bool *hits, size_t n, size_t at, bool is_next, bool is_back)
{
	struct finding finding = {.index = NODE_NO_PARENT};

	for (size_t i = 0; i < n; i++)
		finding.n += hits[i];
	if (!finding.n)
		return finding;
	if (is_next || !hits[at]) {
		do {
			const size_t next = is_back ? (at ? at : n) - 1 : (at + 1) % n;

			finding.has_wrapped |= is_back ? next > at : next < at;
			at = next;
		} while (!hits[at]);
	}
	finding.index = at;
	for (size_t i = 0; i <= at; i++)
		finding.place += hits[i];
	return finding;
}

/* --- a node that is gone ------------------------------------------------------------------ */

/* Another namespace (or process) with the same number, which the kernel uses again. */
static bool is_namesake(const struct node *node, const struct node *gone)
{
	if (node_tag(node) == node_tag(gone))
		return false;
	if (node->process || gone->process)
		return node->process && gone->process && node->process->pid == gone->process->pid;
	return node->ns && gone->ns && node->ns->type == gone->ns->type &&
	       node->ns->inode == gone->ns->inode;
}

/* The next shown child of `parent` after `gone`, else the one before, else the parent. Not one with
 * the number of `gone`, which would look as if nothing had happened. */
static size_t neighbour(const struct hierarchy *hierarchy, const struct rows_rule *rule,
        size_t parent, const struct node *gone)
{
	const struct node *nodes = hierarchy->nodes;
	const size_t end = parent == NODE_NO_PARENT ? hierarchy->n : nodes[parent].end;
	size_t best = parent;

	for (size_t i = parent == NODE_NO_PARENT ? 0 : parent + 1; i < end; i = nodes[i].end) {
		/* A line without a namespace has no place in the order. */
		if (nodes[i].mark == MARK_GONE || !rows_is_shown(hierarchy, rule, i) ||
		        node_is_heading(&nodes[i]) || is_namesake(&nodes[i], gone))
			continue;
		best = i;
		if (node_compare(&hierarchy->options, &nodes[i], gone) >= 0)
			break;
	}
	return best;
}

/* The parent of the tops: the line over several ones, if there is one. */
static size_t parent_of_tops(const struct hierarchy *hierarchy)
{
	const struct node *first = hierarchy->nodes;

	return hierarchy->n && node_is_heading(first) ? 0 : NODE_NO_PARENT;
}

size_t rows_successor(const struct hierarchy *now, const struct rows_rule *rule,
        const struct hierarchy *before, size_t index)
{
	const struct node *nodes = before->nodes;
	size_t best = 0;

	for (size_t i = index; i != NODE_NO_PARENT; i = nodes[i].parent) {
		const size_t was = nodes[i].parent;
		const size_t parent = was == NODE_NO_PARENT
		                              ? parent_of_tops(now)
		                              : hierarchy_find(now, node_tag(&nodes[was]));

		if (was != NODE_NO_PARENT &&
		        (parent == NODE_NO_PARENT || now->nodes[parent].mark == MARK_GONE))
			continue;
		/* The line over several tops has no place in the order. */
		if (!node_is_heading(&nodes[i]))
			best = neighbour(now, rule, parent, &nodes[i]);
		break;
	}
	return best == NODE_NO_PARENT ? 0 : best;
}

/* --- another view ------------------------------------------------------------------------- */

/* The namespace of that type to select instead of `ns`; NULL if there is none. */
static const struct ns *counterpart(const struct ns *ns, enum nstype type)
{
	if (ns->type == type)
		return ns;
	if (type == NS_USER)
		return ns->owner.ns;
	for (; ns; ns = ns->type == NS_USER ? ns->parent.ns : ns->owner.ns) {
		if (ns->leader && ns->leader->ns[type])
			return ns->leader->ns[type];
		for (size_t i = 0; i < ns->n_owned; i++) {
			if (ns->owned[i]->type == type)
				return ns->owned[i];
		}
	}
	return NULL;
}

static void add_tag(uint64_t *tags, size_t *n, const struct ns *ns)
{
	if (ns)
		tags[(*n)++] = ns->tag;
}

/* The container of a process; NULL: none. */
static const struct container *container_of(const struct node *selected)
{
	const struct process *process = selected->process;

	if (!process && selected->ns)
		process = selected->ns->leader;
	return process ? process->container : selected->container;
}

/* The namespaces of a container that are not the host's. */
static void add_own(uint64_t *tags, size_t *n, const struct rows_switch *change,
        const struct container *container)
{
	const enum nstype types[] = {view_kind_row(change->kind)->type, NS_PID};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		const enum sharing sharing = sharing_of(change->model, container, types[i]);

		if (sharing == SHARING_OWN || sharing == SHARING_OTHERS)
			add_tag(tags, n, sharing_ns(container, types[i]));
	}
}

size_t rows_candidates(const struct node *selected, const struct rows_switch *change,
        uint64_t tags[static ROWS_CANDIDATES_MAX])
{
	const enum view_kind kind = change->kind;
	const enum nstype type = view_kind_row(kind)->type;
	size_t n = 0;

	if (!selected)
		return 0;
	if (change->is_itself_first)
		tags[n++] = node_tag(selected);
	if (kind == VIEW_CONTAINERS) {
		const struct container *container = container_of(selected);

		tags[n++] = container ? container->tag : NODE_HOST_TAG;
	} else if (selected->process) {
		add_tag(tags, &n, selected->process->ns[type]);
		add_tag(tags, &n, selected->process->ns[NS_USER]);
	} else if (selected->ns) {
		if (kind == VIEW_PROCESSES && selected->ns->leader)
			tags[n++] = node_process_tag(selected->ns->leader);
		add_tag(tags, &n, counterpart(selected->ns, type));
		add_tag(tags, &n, selected->ns->owner.ns);
	} else if (selected->container || selected->pod) {
		const struct container *container =
		        selected->container ? selected->container : selected->pod;

		if (kind == VIEW_PROCESSES && container->leader)
			tags[n++] = node_process_tag(container->leader);
		add_own(tags, &n, change, container);
	}
	if (!change->is_itself_first)
		tags[n++] = node_tag(selected);
	return n;
}
