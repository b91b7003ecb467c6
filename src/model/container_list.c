/* SPDX-License-Identifier: Apache-2.0 */
#include "model/container_list.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <stdlib.h>

void container_list_release(struct container_list *list)
{
	free(list->all);
	u64_map_release(&list->by_tag);
	*list = (struct container_list){.n = 0};
}

/* Processes may choose ids so that hashes are equal: the next tag that is free is taken then. */
struct container *container_list_get(struct container_list *list, struct arena *arena,
        const struct container *identity, bool *ret_is_new)
{
	struct container *container = arena_alloc(arena, sizeof(*container));
	bool is_new;
	size_t i;

	container->kind = identity->kind;
	container->kind_name = container_kind_name(identity->kind);
	if (!container->kind_name)
		container->kind_name = arena_strdup(arena, identity->kind_name);
	container->id = arena_strdup(arena, identity->id);
	container->trust = identity->trust;
	container->trust_uid = identity->trust_uid;
	container->outer = identity->outer;
	container->tag = container_hash(container);
	while (i = u64_map_add(&list->by_tag, container->tag, &is_new),
	        !is_new && !container_is_same(list->all[i], container))
		container->tag++;
	if (ret_is_new)
		*ret_is_new = is_new;
	if (!is_new)
		return list->all[i];
	container->name = arena_strdup(arena, identity->name);
	container->pod_id = arena_strdup(arena, identity->pod_id);
	container->unit = arena_strdup(arena, identity->unit);
	container->source = arena_strdup(arena, identity->source);
	MEMORY_APPEND(list->all, list->n, list->capacity) = container;
	return container;
}

/* --- what is derived -------------------------------------------------------------------------- */

typedef void member_fn(
        struct container *container, const struct process *process, const struct ns *host);

static struct container *own(const struct container *container)
{
	union {
		const struct container *given;
		struct container *own;
	} pointer = {.given = container};

	return pointer.own;
}

/* Calls `run` with each container that the process is in, and its label. */
static void each_of(const struct process *process, member_fn *run, const struct ns *host)
{
	for (const struct container *c = process->claim; c && c != process->container; c = c->outer)
		run(own(c), process, host);
	if (process->container)
		run(own(process->container), process, host);
	if (process->label)
		run(own(process->label), process, host);
}

static void count(struct container *container, _unused_ const struct process *process,
        _unused_ const struct ns *host)
{
	container->n_processes++;
}

/* The mount namespace of the host, if PID 1 is that of the host; else NULL. */
static const struct ns *host_mounts(const struct process *const *processes, size_t n)
{
	const struct ns *pids = n && processes[0]->pid == 1 ? processes[0]->ns[NS_PID] : NULL;
	const bool is_host = pids && (pids->parent.state == REL_INITIAL ||
	                                     nstype_is_initial(NS_PID, pids->inode));

	return is_host ? processes[0]->ns[NS_MNT] : NULL;
}

/* Every container has a mount namespace of its own. A process of it in that of the host started
 * or watches it, as that of bwrap(1) for a Flatpak. */
static bool is_outside(const struct process *process, const struct ns *host)
{
	const struct ns *ns = process->ns[NS_MNT];

	return ns && (ns == host || nstype_is_initial(NS_MNT, ns->inode));
}

static bool is_better_leader(
        const struct process *process, const struct process *leader, const struct ns *host)
{
	if (!leader || is_outside(leader, host) != is_outside(process, host))
		return !leader || is_outside(leader, host);
	return process->started < leader->started;
}

static void lead(struct container *container, const struct process *process, const struct ns *host)
{
	const bool has_ended = !process->state || process->state == 'Z' || process->state == 'X';

	if (!has_ended && is_better_leader(process, container->leader, host))
		container->leader = process;
}

void container_list_choose_leaders(
        struct container_list *list, const struct process *const *processes, size_t n)
{
	const struct ns *host = host_mounts(processes, n);

	for (size_t i = 0; i < list->n; i++)
		list->all[i]->leader = NULL;
	for (size_t i = 0; i < n; i++)
		each_of(processes[i], lead, host);
}

static void add(
        struct container *container, const struct process *process, _unused_ const struct ns *host)
{
	union {
		const struct process *const *given;
		const struct process **own;
	} members = {.given = container->processes};

	members.own[container->n_processes++] = process;
}

static int by_tag(const void *a, const void *b)
{
	const struct container *const *left = a;
	const struct container *const *right = b;

	return COMPARE((*left)->tag, (*right)->tag);
}

void container_list_freeze(struct container_list *list, struct arena *arena,
        const struct process *const *processes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		each_of(processes[i], count, NULL);
	for (size_t i = 0; i < list->n; i++) {
		struct container *const container = list->all[i];

		container->processes =
		        arena_array(arena, container->n_processes, sizeof(*container->processes));
		container->n_processes = 0;
		container->pod_tag = container_pod_hash(container);
	}
	for (size_t i = 0; i < n; i++)
		each_of(processes[i], add, NULL);
	if (list->n)
		qsort(list->all, list->n, sizeof(*list->all), by_tag);
}
