/* SPDX-License-Identifier: Apache-2.0 */
#include "model/identity.h"

#include "base/arena.h"
#include "base/memory.h"

#include <string.h>

/* A namespace of this scan and the same one in the previous model. */
struct match {
	struct ns *now;
	const struct ns *was;
};

struct carrying {
	struct builder *builder;
	const struct model *previous;
	struct match *todo; /* a stack: parents and owners of a match are matched too */
	size_t n_todo, todo_capacity;
};

bool identity_is_carried(const struct ns *ns)
{
	return ns->tag != 0 && ns->parent.state != REL_FAILED && ns->owner.state != REL_FAILED &&
	       ns->owner_uid_state != REL_FAILED;
}

static void push(struct carrying *c, struct ns *now, const struct ns *was)
{
	if (now->tag)
		return;
	now->tag = was->tag;
	MEMORY_APPEND(c->todo, c->n_todo, c->todo_capacity) = (struct match){now, was};
}

/* Parents and owners never change: the relation leads to the same namespace as before. */
static void carry_relation(struct carrying *c, struct relation *now, const struct relation *was)
{
	if (now->state != REL_FAILED)
		return;
	now->state = was->state;
	if (!was->ns)
		return;
	struct ns *end = builder_ns(c->builder, was->ns->type, was->ns->dev, was->ns->inode, NULL);
	now->ns = end;
	push(c, end, was->ns);
}

bool identity_is_unread(const struct ns *ns)
{
	return ns->parent.state == REL_UNREAD || ns->owner.state == REL_UNREAD ||
	       ns->owner_uid_state == REL_UNREAD;
}

static void carry_relations(struct carrying *c, struct ns *now, const struct ns *was)
{
	carry_relation(c, &now->parent, &was->parent);
	carry_relation(c, &now->owner, &was->owner);
	if (now->owner_uid_state == REL_FAILED) {
		now->owner_uid_state = was->owner_uid_state;
		now->owner_uid = was->owner_uid;
	}
}

static void carry_map(struct arena *arena, struct id_map *now, const struct id_map *was)
{
	struct id_range *ranges = arena_array(arena, was->n, sizeof(*ranges));

	if (was->n)
		memcpy(ranges, was->ranges, was->n * sizeof(*ranges));
	*now = (struct id_map){.ranges = ranges, .n = was->n};
}

static void carry_match(struct carrying *c, const struct match *match)
{
	struct ns *now = match->now;
	const struct ns *was = match->was;

	now->id = was->id;
	/* Without ids it is read in each scan: it is what matches them. */
	if (now->id && !now->made) {
		now->made = was->made;
		now->is_made_before = was->is_made_before;
	}
	if (!identity_is_unread(was))
		carry_relations(c, now, was);
	/* A map is written once (user_namespaces(7)); setgroups is fixed from then on. */
	if (now->maps_state == REL_FAILED && was->maps_state == REL_KNOWN && was->uid_map.n &&
	        was->gid_map.n) {
		struct arena *arena = builder_arena(c->builder);

		now->maps_state = REL_KNOWN;
		now->setgroups = was->setgroups;
		carry_map(arena, &now->uid_map, &was->uid_map);
		carry_map(arena, &now->gid_map, &was->gid_map);
	}
}

static void match_ids(struct carrying *c)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(c->builder, &n);

	for (size_t i = 0; i < n; i++) {
		struct ns *ns = namespaces[i];
		const struct ns *was = ns->id ? model_find_tag(c->previous, ns->id) : NULL;

		if (was && was->type == ns->type && was->inode == ns->inode)
			push(c, ns, was);
	}
}

/* The previous namespace with that number; NULL if one of the two has an id, which decides. */
static const struct ns *same_number(const struct carrying *c, const struct ns *ns)
{
	const struct ns *was = model_find(c->previous, ns->type, ns->inode);

	return was && was->dev == ns->dev && !ns->id && !was->id ? was : NULL;
}

static const struct process *same_process(const struct carrying *c, const struct process *process)
{
	const struct process *was = model_find_process(c->previous, process->pid);

	return was && was->started == process->started ? was : NULL;
}

static void match_members(struct carrying *c)
{
	size_t n;
	struct process *const *const processes = builder_processes(c->builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct process *process = processes[i];
		const struct process *was = same_process(c, process);

		for (enum nstype type = 0; was && type < NS_TYPES; type++) {
			const struct ns *ns = process->ns[type];
			const struct ns *then = ns && !ns->tag ? same_number(c, ns) : NULL;

			if (then && was->ns[type] == then)
				push(c, builder_own(ns), then);
		}
	}
}

static bool is_held_by(const struct ns *ns, const struct holder *holder)
{
	for (size_t i = 0; i < ns->n_holders; i++) {
		const struct holder *h = &ns->holders[i];

		if (h->kind == holder->kind && h->pid == holder->pid && h->tid == holder->tid &&
		        h->fd == holder->fd && h->mnt == holder->mnt &&
		        strcmp(h->path ? h->path : "", holder->path ? holder->path : "") == 0)
			return true;
	}
	return false;
}

static bool is_held_again(const struct carrying *c, const struct held *held, const struct ns *then)
{
	const struct ns *ns = held->ns;
	const enum holder_kind kind = held->holder.kind;

	/* Descriptors and mounts keep the nsfs inode of a namespace, and so its time of creation.
	 */
	if ((kind == HOLDER_FD || kind == HOLDER_MOUNT) && ns->made && then->made) {
		if (ns->made != then->made)
			return false;
		if (then->is_made_before)
			return true;
	}
	if (!is_held_by(then, &held->holder))
		return false;
	if (kind == HOLDER_MOUNT)
		return !ns->made && !then->made && then->owner.state == REL_FAILED;
	const struct process *process = builder_find_process(c->builder, held->holder.pid);
	return process && same_process(c, process);
}

static void match_holders(struct carrying *c)
{
	size_t n;
	const struct held *const all = builder_holders(c->builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct held *held = &all[i];
		const struct ns *then = held->ns->tag ? NULL : same_number(c, held->ns);

		if (then && is_held_again(c, held, then))
			push(c, builder_own(held->ns), then);
	}
}

void identity_carry(struct builder *builder, const struct model *previous)
{
	struct carrying c = {.builder = builder, .previous = previous};

	if (!previous)
		return;
	builder_set_next_tag(builder, previous->next_tag);
	match_ids(&c);
	match_members(&c);
	match_holders(&c);
	while (c.n_todo) {
		const struct match match = c.todo[--c.n_todo];

		carry_match(&c, &match);
	}
	free(c.todo);
}
