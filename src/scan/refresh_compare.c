/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/refresh_compare.h"

#include "base/memory.h"
#include "model/same.h"
#include "scan/containers.h"
#include "scan/containers/monitor_args.h"

#include <string.h>

/* --- processes -------------------------------------------------------------------------------- */

static bool is_same_monitor(const struct monitor_args *a, const struct monitor_args *b)
{
	if (!a || !b)
		return a == b;
	return a->kind == b->kind && same_texts(a->id, b->id) && same_texts(a->name, b->name);
}

/* The same parts could be read. A zombie has no namespaces for children. */
static bool are_same_parts(const struct process_record *a, const struct process_record *b)
{
	static const enum process_part parts[] = {
	        PART_DIRECTORY, PART_LINKS, PART_STAT, PART_FOR_CHILDREN};
	const size_t n = ARRAY_SIZE(parts) - (scan_state_is_dead(b) ? 1 : 0);

	for (size_t i = 0; i < n; i++) {
		if (scan_state_has(a, parts[i]) != scan_state_has(b, parts[i]))
			return false;
	}
	return true;
}

static bool is_same_name(const struct process_record *a, const struct process_record *b)
{
	return same_texts(a->comm, b->comm) && same_texts(a->name, b->name) &&
	       same_arguments(a->cmdline, b->cmdline) && a->is_cmdline_cut == b->is_cmdline_cut &&
	       a->cmdline_error == b->cmdline_error && a->is_waiting == b->is_waiting &&
	       is_same_monitor(a->monitor, b->monitor);
}

bool refresh_compare_processes(const struct process_record *was, const struct process_record *now)
{
	return was->started == now->started && was->ppid == now->ppid && was->uid == now->uid &&
	       are_same_parts(was, now) && scan_state_is_same_refusal(&was->own, &now->own) &&
	       memcmp(was->inode, now->inode, sizeof(was->inode)) == 0 &&
	       was->lacks_link == now->lacks_link && same_states(was->state, now->state) &&
	       was->is_kernel == now->is_kernel && was->is_closed == now->is_closed &&
	       was->live_thread == now->live_thread && was->n_nspid == now->n_nspid &&
	       memcmp(was->nspid, now->nspid, now->n_nspid * sizeof(*now->nspid)) == 0 &&
	       containers_are_same(was, now) && is_same_name(was, now);
}

/* --- holders ---------------------------------------------------------------------------------- */

/* What one process has, as numbers that are compared. */
enum possession_form { POSSESSION_NAMESPACE, POSSESSION_PATH, POSSESSION_SOCKET };

struct possession {
	enum possession_form form;
	pid_t pid, tid;
	int fd;
	unsigned kind, link, type; /* of a holder; of a path `kind` is may_be_namespace */
	uint64_t number;           /* the inode; the hash of a path */
};

struct possessions {
	struct possession *items;
	size_t n, capacity;
};

static int by_all(const void *a, const void *b)
{
	const struct possession *const left = a, *const right = b;

	if (left->pid != right->pid)
		return COMPARE(left->pid, right->pid);
	if (left->form != right->form)
		return COMPARE(left->form, right->form);
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	if (left->fd != right->fd)
		return COMPARE(left->fd, right->fd);
	if (left->kind != right->kind)
		return COMPARE(left->kind, right->kind);
	if (left->link != right->link)
		return COMPARE(left->link, right->link);
	if (left->type != right->type)
		return COMPARE(left->type, right->type);
	return COMPARE(left->number, right->number);
}

static void add(struct possessions *all, struct possession possession)
{
	MEMORY_APPEND(all->items, all->n, all->capacity) = possession;
}

/* A process of the list, or NULL. */
static const struct process_record *chosen(
        const struct u64_set *processes, const struct process_record *process)
{
	return process && u64_set_has(processes, (uintptr_t)process) ? process : NULL;
}

/* Holders that come of paths are left out: the paths are compared. */
static void collect_holders(
        const struct holder_list *list, const struct u64_set *processes, struct possessions *ret)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct holder_record *const holder = &list->records[i];
		const bool is_left_out = holder->kind == HOLDER_MOUNT ||
		                         holder->kind == HOLDER_SOCKET || holder->by_path;
		const struct process_record *const process =
		        is_left_out ? NULL : chosen(processes, holder->process);

		if (!process)
			continue;
		add(ret, (struct possession){.form = POSSESSION_NAMESPACE,
		                 .pid = process->pid,
		                 .tid = holder->tid,
		                 .fd = holder->fd,
		                 .kind = holder->kind,
		                 .link = holder->link,
		                 .type = holder->type,
		                 .number = holder->inode});
	}
}

static void collect_paths(
        const struct holder_list *list, const struct u64_set *processes, struct possessions *ret)
{
	for (size_t i = 0; i < list->n_candidates; i++) {
		const struct fd_candidate *const candidate = &list->candidates[i];
		const struct process_record *const process = chosen(processes, candidate->process);

		if (process)
			add(ret, (struct possession){.form = POSSESSION_PATH,
			                 .pid = process->pid,
			                 .tid = candidate->tid,
			                 .fd = candidate->fd,
			                 .kind = candidate->may_be_namespace,
			                 .number = candidate->hash});
	}
}

static void collect_sockets(
        const struct holder_list *list, const struct u64_set *processes, struct possessions *ret)
{
	for (size_t i = 0; i < list->n_sockets; i++) {
		const struct socket_ref *const socket = &list->sockets[i];
		const struct process_record *const process = chosen(processes, socket->process);

		if (process)
			add(ret, (struct possession){.form = POSSESSION_SOCKET,
			                 .pid = process->pid,
			                 .tid = socket->tid,
			                 .fd = socket->fd,
			                 .number = socket->inode});
	}
}

/* What these processes have, sorted. */
static void collect(
        const struct holder_list *list, const struct u64_set *processes, struct possessions *ret)
{
	collect_holders(list, processes, ret);
	collect_paths(list, processes, ret);
	collect_sockets(list, processes, ret);
	if (ret->n > 0)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_all);
}

bool refresh_compare_holders(const struct scan *kept, const struct scan *part)
{
	struct u64_set before = {0}, after = {0};
	struct possessions was = {0}, now = {0};
	bool is_same;

	for (size_t i = 0; i < part->n_processes; i++) {
		const struct process_record *const record = &part->processes[i];
		const struct process_record *const old = scan_state_find(kept, record->pid);

		if (old)
			u64_set_push(&before, (uintptr_t)old);
		u64_set_push(&after, (uintptr_t)record);
	}
	u64_set_sort(&before);
	u64_set_sort(&after);
	collect(&kept->holders, &before, &was);
	collect(&part->holders, &after, &now);
	is_same = was.n == now.n;
	for (size_t i = 0; i < now.n && is_same; i++)
		is_same = by_all(&was.items[i], &now.items[i]) == 0;
	u64_set_release(&before);
	u64_set_release(&after);
	free(was.items);
	free(now.items);
	return is_same;
}
