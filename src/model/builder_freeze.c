/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "model/builder.h"
#include "model/builder_internal.h"
#include "model/identity.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct building *building_of(const struct ns *ns)
{
	return (struct building *)builder_own(ns);
}

static int compare_ns(const struct ns *a, const struct ns *b)
{
	if (a->type != b->type)
		return COMPARE(a->type, b->type);
	if (a->inode != b->inode)
		return COMPARE(a->inode, b->inode);
	return COMPARE(a->dev, b->dev);
}

static int by_number(const void *a, const void *b)
{
	return compare_ns(*(const struct ns *const *)a, *(const struct ns *const *)b);
}

static int by_tag(const void *a, const void *b)
{
	const struct ns *left = *(const struct ns *const *)a;
	const struct ns *right = *(const struct ns *const *)b;

	if (left->tag != right->tag)
		return COMPARE(left->tag, right->tag);
	return compare_ns(left, right);
}

/* --- relations -------------------------------------------------------------------------------- */

static int problem(const struct ns *ns, const char *what, struct builder_problem *ret)
{
	*ret = (struct builder_problem){.type = ns->type, .inode = ns->inode, .what = what};
	return -EINVAL;
}

static int check_ends(const struct ns *ns, struct builder_problem *ret)
{
	if ((ns->parent.state == REL_KNOWN) != (ns->parent.ns != NULL) ||
	        (ns->owner.state == REL_KNOWN) != (ns->owner.ns != NULL))
		return problem(ns, "has a relation that is both known and unknown", ret);
	if (ns->parent.ns && (ns->parent.ns->type != ns->type || !nstype_is_hierarchical(ns->type)))
		return problem(ns, "has a parent of another type", ret);
	if (ns->owner.ns && ns->owner.ns->type != NS_USER)
		return problem(ns, "has an owner that is not a user namespace", ret);
	if (ns->type == NS_USER && ns->parent.ns && ns->owner.ns && ns->parent.ns != ns->owner.ns)
		return problem(ns, "has an owner that is not its parent", ret);
	return 0;
}

/* Walks up to the first ancestor whose depth is known, then sets the depths on the way down. */
static int set_depth(struct ns *ns, struct builder_problem *ret)
{
	unsigned steps = 0;
	const struct ns *top = ns;

	while (top->depth == UINT_MAX && top->parent.ns) {
		top = top->parent.ns;
		if (++steps > BUILDER_DEPTH_MAX)
			return problem(ns, "is its own ancestor, or has more than 1,000", ret);
	}
	unsigned depth = (top->depth == UINT_MAX ? 0 : top->depth) + steps;
	if (depth > BUILDER_DEPTH_MAX)
		return problem(ns, "is its own ancestor, or has more than 1,000", ret);
	for (struct ns *at = ns; at->depth == UINT_MAX; at = builder_own(at->parent.ns)) {
		at->depth = depth--;
		if (!at->parent.ns)
			break;
	}
	return 0;
}

/* Checks that a parent has the same type, an owner is a user namespace, a user namespace's owner is
 * its parent, and a chain of parents ends within BUILDER_DEPTH_MAX. Sets `depth`. O(n). */
static int check_relations(struct builder *builder, struct builder_problem *ret_problem)
{
	for (size_t i = 0; i < builder->n_namespaces; i++)
		builder->namespaces[i]->depth = UINT_MAX;
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		int r = check_ends(builder->namespaces[i], ret_problem);

		if (r >= 0)
			r = set_depth(builder->namespaces[i], ret_problem);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- holders ---------------------------------------------------------------------------------- */

static int compare_paths(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int by_holder(const void *a, const void *b)
{
	const struct held *left = a, *right = b;
	const struct holder *x = &left->holder, *y = &right->holder;

	if (left->ns != right->ns)
		return compare_ns(left->ns, right->ns);
	if (x->kind != y->kind)
		return COMPARE(x->kind, y->kind);
	if (x->pid != y->pid)
		return COMPARE(x->pid, y->pid);
	/* Copied descriptor tables of threads have the same descriptors: one entry is enough. */
	if (x->tid != y->tid && x->kind != HOLDER_FD && x->kind != HOLDER_SOCKET)
		return COMPARE(x->tid, y->tid);
	if (x->fd != y->fd)
		return COMPARE(x->fd, y->fd);
	if (compare_paths(x->path, y->path) != 0)
		return compare_paths(x->path, y->path);
	if (x->mnt != y->mnt)
		return COMPARE(x->mnt, y->mnt);
	return x->ns && y->ns ? compare_ns(x->ns, y->ns) : 0;
}

/* Of equal holders, the one without a TID comes first: it stays. */
static int by_holder_and_thread(const void *a, const void *b)
{
	const struct held *left = a, *right = b;
	const int order = by_holder(a, b);

	return order ? order : COMPARE(left->holder.tid, right->holder.tid);
}

/* A child keeps its parent alive, and a namespace its owner. */
static void hold_relations(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			builder_hold(builder, ns->parent.ns,
			        &(struct holder){.kind = HOLDER_CHILD, .ns = ns});
		if (ns->owner.ns && ns->type != NS_USER)
			builder_hold(builder, ns->owner.ns,
			        &(struct holder){.kind = HOLDER_OWNS, .ns = ns});
	}
}

static void freeze_holders(struct builder *builder)
{
	hold_relations(builder);
	if (!builder->n_held)
		return;
	qsort(builder->held, builder->n_held, sizeof(*builder->held), by_holder_and_thread);

	struct holder *all = arena_array(builder->arena, builder->n_held, sizeof(*all));
	for (size_t i = 0; i < builder->n_held; i++) {
		const struct held *held = &builder->held[i];
		struct ns *ns = builder_own(held->ns);

		if (i > 0 && by_holder(held, held - 1) == 0)
			continue;
		if (!ns->holders)
			ns->holders = all;
		*all++ = held->holder;
		ns->n_holders++;
	}
}

/* --- lists of a namespace --------------------------------------------------------------------- */

/* Members, children and owned namespaces are counted, then their arrays are allocated, then filled
 * in the order of processes and namespaces, which leaves each array sorted. */
static void count_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_processes; i++) {
		for (enum nstype type = 0; type < NS_TYPES; type++) {
			const struct ns *ns = builder->processes[i]->ns[type];

			if (ns)
				builder_own(ns)->n_processes++;
		}
	}
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			builder_own(ns->parent.ns)->n_children++;
		if (ns->owner.ns && ns->type != NS_USER)
			builder_own(ns->owner.ns)->n_owned++;
	}
}

static void allocate_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		struct building *b = building_of(builder->namespaces[i]);

		b->processes =
		        arena_array(builder->arena, b->ns.n_processes, sizeof(*b->processes));
		b->children = arena_array(builder->arena, b->ns.n_children, sizeof(*b->children));
		b->owned = arena_array(builder->arena, b->ns.n_owned, sizeof(*b->owned));
		b->ns.processes = b->processes;
		b->ns.children = b->children;
		b->ns.owned = b->owned;
	}
}

static void fill_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_processes; i++) {
		const struct process *process = builder->processes[i];

		for (enum nstype type = 0; type < NS_TYPES; type++) {
			if (process->ns[type])
				*building_of(process->ns[type])->processes++ = process;
		}
	}
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			*building_of(ns->parent.ns)->children++ = ns;
		if (ns->owner.ns && ns->type != NS_USER)
			*building_of(ns->owner.ns)->owned++ = ns;
	}
}

/* If the parent of each member is a member too, none leads by the rule of builder.h. Only an edited
 * snapshot has such a cycle of parents. */
static void choose_missing_leaders(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		struct ns *ns = builder->namespaces[i];

		if (!ns->leader && ns->n_processes)
			ns->leader = ns->processes[0];
	}
}

/* --- the model -------------------------------------------------------------------------------- */

static void *copy_array(struct arena *arena, const void *array, size_t n, size_t size)
{
	void *copy = arena_array(arena, n, size);

	if (n)
		memcpy(copy, array, n * size);
	return copy;
}

/* The ui selects by tag, so tags must differ. In an edited snapshot two may be equal. */
static struct ns **sort_by_tag(struct builder *builder, uint64_t *next_tag)
{
	struct ns **sorted = copy_array(
	        builder->arena, builder->namespaces, builder->n_namespaces, sizeof(*sorted));
	bool is_clean = true;

	qsort(sorted, builder->n_namespaces, sizeof(*sorted), by_tag);
	for (size_t i = builder->n_namespaces; i > 1; i--) {
		if (sorted[i - 1]->tag != sorted[i - 2]->tag)
			continue;
		sorted[i - 1]->tag = (*next_tag)++;
		is_clean = false;
	}
	if (!is_clean)
		qsort(sorted, builder->n_namespaces, sizeof(*sorted), by_tag);
	return sorted;
}

static const struct model *make_model(struct builder *builder, const struct model *previous)
{
	struct arena *arena = builder->arena;
	struct model *model = arena_alloc(arena, sizeof(*model));

	identity_assign(builder, previous, &model->next_tag);
	model->host = builder->host;
	model->by_tag = (const struct ns *const *)sort_by_tag(builder, &model->next_tag);
	model->namespaces =
	        copy_array(arena, builder->namespaces, builder->n_namespaces, sizeof(struct ns *));
	model->n_namespaces = builder->n_namespaces;
	model->processes = copy_array(
	        arena, builder->processes, builder->n_processes, sizeof(struct process *));
	model->n_processes = builder->n_processes;
	model->notes = copy_array(arena, builder->notes, builder->n_notes, sizeof(struct note));
	model->n_notes = builder->n_notes;
	model->references = arena_alloc(arena, sizeof(*model->references));
	atomic_init(model->references, 1);
	model->arena = arena;
	builder->arena = NULL;
	return model;
}

int builder_freeze(struct builder *builder, const struct model *previous,
        const struct model **ret_model, struct builder_problem *ret_problem)
{
	struct builder_problem problem;
	int r;

	identity_carry(builder, previous);
	if (builder->n_namespaces)
		qsort(builder->namespaces, builder->n_namespaces, sizeof(struct ns *), by_number);
	builder_sort_processes(builder);
	r = check_relations(builder, &problem);
	if (r < 0) {
		if (ret_problem)
			*ret_problem = problem;
		builder_free(builder);
		return r;
	}
	count_members(builder);
	allocate_members(builder);
	fill_members(builder);
	builder_choose_leaders(builder);
	choose_missing_leaders(builder);
	freeze_holders(builder);
	*ret_model = make_model(builder, previous);
	builder_free(builder);
	return 0;
}
