/* SPDX-License-Identifier: Apache-2.0 */
#include "view/order.h"

#include <stdlib.h>

/* What is compared first: the class, then the value. */
struct key {
	unsigned class;
	uint64_t value;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static struct key by_number(const struct node *node)
{
	(void)node;
	return (struct key){0};
}

/* The most come first. */
static struct key by_processes(const struct node *node)
{
	return (struct key){0, node->ns ? UINT64_MAX - node->ns->n_processes : 0};
}

static struct key by_owner(const struct node *node)
{
	if (node->process)
		return (struct key){!node->process->is_uid_known, node->process->uid};
	const struct ns *user = node->ns->type == NS_USER ? node->ns : node->ns->owner.ns;
	if (!user || user->owner_uid_state != REL_KNOWN)
		return (struct key){1, 0};
	return (struct key){0, user->owner_uid};
}

/* The oldest come first: the kernel counts its namespaces (6.18); without that the start of the
 * leader is all there is to go by. */
static struct key by_age(const struct node *node)
{
	if (node->process)
		return (struct key){0, node->process->started};
	if (node->ns->id)
		return (struct key){0, node->ns->id};
	return node->ns->leader ? (struct key){1, node->ns->leader->started} : (struct key){2, 0};
}

static const struct {
	const char *name;
	struct key (*key)(const struct node *node);
} orders[VIEW_SORTS] = {
        [VIEW_SORT_NUMBER] = {"number", by_number},
        [VIEW_SORT_PROCESSES] = {"processes", by_processes},
        [VIEW_SORT_OWNER] = {"owner", by_owner},
        [VIEW_SORT_AGE] = {"age", by_age},
};

const char *order_name(enum view_sort sort)
{
	return orders[sort].name;
}

static int compare_identity(const struct node *a, const struct node *b)
{
	int r;

	if (a->process)
		return compare_numbers((uint64_t)a->process->pid, (uint64_t)b->process->pid);
	r = compare_numbers(a->ns->type, b->ns->type);
	return r ? r : compare_numbers(a->ns->inode, b->ns->inode);
}

/* Lines that a user namespace owns stand before its children. */
static unsigned rank(const struct view_options *options, const struct node *node)
{
	if (node->is_owned)
		return 0;
	if (node->process || !view_is_by_owner(options))
		return 1;
	return node->ns->type == NS_USER ? 2 : 1;
}

int order_compare(const struct view_options *options, const struct node *a, const struct node *b)
{
	int r = compare_numbers(rank(options, a), rank(options, b));

	if (r)
		return r;
	const struct key x = orders[options->sort].key(a), y = orders[options->sort].key(b);
	r = compare_numbers(x.class, y.class);
	if (r)
		return r;
	r = compare_numbers(x.value, y.value);
	if (!r)
		r = compare_identity(a, b);
	if (r)
		return options->is_inverted ? -r : r;
	return compare_numbers(a->mark != MARK_GONE, b->mark != MARK_GONE);
}

static int compare_nodes(const void *a, const void *b, void *options)
{
	return order_compare(options, a, b);
}

void order_sort(const struct view_options *options, struct node *nodes, size_t n)
{
	struct view_options copy = *options;

	if (n > 1)
		qsort_r(nodes, n, sizeof(*nodes), compare_nodes, &copy);
}
