/* SPDX-License-Identifier: Apache-2.0 */
#include "model/container_list.h"

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
	MEMORY_APPEND(list->all, list->n, list->capacity) = container;
	return container;
}

/* --- what is derived -------------------------------------------------------------------------- */

typedef void member_fn(struct container *container, const struct process *process);

static struct container *own(const struct container *container)
{
	union {
		const struct container *given;
		struct container *own;
	} pointer = {.given = container};

	return pointer.own;
}

/* Calls `run` with each container that the process is in, and its label. */
static void each_of(const struct process *process, member_fn *run)
{
	for (const struct container *c = process->claim; c && c != process->container; c = c->outer)
		run(own(c), process);
	if (process->container)
		run(own(process->container), process);
	if (process->label)
		run(own(process->label), process);
}

static void count(struct container *container, const struct process *process)
{
	(void)process;
	container->n_processes++;
}

static void add(struct container *container, const struct process *process)
{
	const bool has_ended = !process->state || process->state == 'Z' || process->state == 'X';
	union {
		const struct process *const *given;
		const struct process **own;
	} members = {.given = container->processes};

	members.own[container->n_processes++] = process;
	if (!has_ended && (!container->leader || process->started < container->leader->started))
		container->leader = process;
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
		each_of(processes[i], count);
	for (size_t i = 0; i < list->n; i++) {
		struct container *const container = list->all[i];

		container->processes =
		        arena_array(arena, container->n_processes, sizeof(*container->processes));
		container->n_processes = 0;
	}
	for (size_t i = 0; i < n; i++)
		each_of(processes[i], add);
	if (list->n)
		qsort(list->all, list->n, sizeof(*list->all), by_tag);
}
