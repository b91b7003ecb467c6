/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "model/builder_internal.h"

#include <string.h>

struct builder *builder_new(void)
{
	struct builder *builder = memory_new(sizeof(*builder));

	builder->arena = arena_new();
	return builder;
}

void builder_free(struct builder *builder)
{
	if (!builder)
		return;
	arena_free(builder->arena);
	free(builder->namespaces);
	free(builder->first_of_key);
	u64_map_release(&builder->by_key);
	free(builder->processes);
	free(builder->held);
	free(builder->notes);
	free(builder);
}

struct arena *builder_arena(struct builder *builder)
{
	return builder->arena;
}

struct host *builder_host(struct builder *builder)
{
	return &builder->host;
}

/* Numbers of one type and device, the usual case, have different keys. */
static uint64_t key_of(enum nstype type, uint64_t dev, uint64_t inode)
{
	return inode ^ (dev << 32) ^ ((uint64_t)type << 56);
}

struct ns *builder_find_ns(struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode)
{
	size_t i;

	if (!u64_map_find(&builder->by_key, key_of(type, dev, inode), &i))
		return NULL;
	for (struct building *b = builder->first_of_key[i]; b; b = b->next_of_key) {
		if (b->ns.inode == inode && b->ns.type == type && b->ns.dev == dev)
			return &b->ns;
	}
	return NULL;
}

static void index_ns(struct builder *builder, struct building *building)
{
	const struct ns *ns = &building->ns;
	bool is_new;
	const size_t i =
	        u64_map_add(&builder->by_key, key_of(ns->type, ns->dev, ns->inode), &is_new);

	builder->first_of_key = memory_grow(builder->first_of_key, &builder->keys_capacity, i + 1,
	        sizeof(*builder->first_of_key));
	building->next_of_key = is_new ? NULL : builder->first_of_key[i];
	builder->first_of_key[i] = building;
}

static struct ns *new_ns(struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode)
{
	struct building *building = arena_alloc(builder->arena, sizeof(*building));
	struct ns *ns = &building->ns;

	ns->type = type;
	ns->dev = dev;
	ns->inode = inode;
	ns->parent.state = nstype_is_hierarchical(type) ? REL_FAILED : REL_NONE;
	ns->owner.state = REL_FAILED;
	ns->owner_uid_state = type == NS_USER ? REL_FAILED : REL_NONE;
	ns->maps_state = type == NS_USER ? REL_FAILED : REL_NONE;
	index_ns(builder, building);
	MEMORY_APPEND(builder->namespaces, builder->n_namespaces, builder->namespaces_capacity) =
	        ns;
	return ns;
}

struct ns *builder_ns(
        struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode, bool *ret_is_new)
{
	struct ns *ns = builder_find_ns(builder, type, dev, inode);

	if (ret_is_new)
		*ret_is_new = !ns;
	return ns ? ns : new_ns(builder, type, dev, inode);
}

struct ns *const *builder_namespaces(struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->n_namespaces;
	return builder->namespaces;
}

struct process *builder_process(struct builder *builder, pid_t pid)
{
	struct process *process = arena_alloc(builder->arena, sizeof(*process));

	process->pid = pid;
	builder->processes = memory_grow(builder->processes, &builder->processes_capacity,
	        builder->n_processes + 1, sizeof(struct process *));
	if (builder->n_processes && pid < builder->processes[builder->n_processes - 1]->pid)
		builder->is_unsorted = true;
	builder->processes[builder->n_processes++] = process;
	return process;
}

struct process *const *builder_processes(struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->n_processes;
	return builder->processes;
}

static int by_pid(const void *a, const void *b)
{
	const struct process *const *left = a, *const *right = b;

	return COMPARE((*left)->pid, (*right)->pid);
}

void builder_sort_processes(struct builder *builder)
{
	if (builder->is_unsorted)
		qsort(builder->processes, builder->n_processes, sizeof(struct process *), by_pid);
	builder->is_unsorted = false;
}

const struct process *builder_find_process(const struct builder *builder, pid_t pid)
{
	const size_t n = builder->n_processes;
	const size_t i = LOWER_BOUND(n, at, builder->processes[at]->pid < pid);

	return i < n && builder->processes[i]->pid == pid ? builder->processes[i] : NULL;
}

/* --- leaders ---------------------------------------------------------------------------------- */

static bool is_init_of(const struct process *process, const struct ns *ns)
{
	return ns->type == NS_PID && process_pid_inside(process, ns) == 1;
}

static bool is_older(const struct process *a, const struct process *b)
{
	if (a->is_kernel != b->is_kernel)
		return b->is_kernel;
	if (a->started != b->started)
		return a->started < b->started;
	return a->pid < b->pid;
}

/* True if `process` is a better leader of `ns` than `best` (NULL: there is none yet). `parent` is
 * the parent of `process`, NULL if it was not read. */
static bool leads_better(const struct ns *ns, const struct process *process,
        const struct process *parent, const struct process *best)
{
	if (is_init_of(process, ns))
		return true;
	if (parent && parent->ns[ns->type] == ns)
		return false;
	if (!best)
		return true;
	return !is_init_of(best, ns) && is_older(process, best);
}

void builder_choose_leaders(struct builder *builder)
{
	builder_sort_processes(builder);
	for (size_t i = 0; i < builder->n_processes; i++) {
		const struct process *process = builder->processes[i];
		const struct process *parent = builder_find_process(builder, process->ppid);

		for (enum nstype type = 0; type < NS_TYPES; type++) {
			struct ns *ns = process->ns[type] ? builder_own(process->ns[type]) : NULL;

			if (ns && leads_better(ns, process, parent, ns->leader))
				ns->leader = process;
		}
	}
}

/* --- holders and notes ------------------------------------------------------------------------ */

void builder_hold(struct builder *builder, const struct ns *ns, const struct holder *holder)
{
	struct held *held = &MEMORY_APPEND(builder->held, builder->n_held, builder->held_capacity);

	*held = (struct held){.ns = ns, .holder = *holder};
	held->holder.path = arena_strdup(builder->arena, holder->path);
}

void builder_note(struct builder *builder, pid_t pid, const char *what, int error)
{
	MEMORY_APPEND(builder->notes, builder->n_notes, builder->notes_capacity) = (struct note){
	        .pid = pid, .what = arena_strdup(builder->arena, what), .error = error};
}
