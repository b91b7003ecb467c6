/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/refresh_copy.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/containers.h"
#include "scan/containers/monitor_args.h"
#include "scan/pins.h"
#include "scan/sources/sources.h"

/* --- processes -------------------------------------------------------------------------------- */

static const char *const *copy_arguments(struct arena *arena, const char *const *from)
{
	const char **copy;
	size_t n = 0;

	if (!from)
		return NULL;
	while (from[n])
		n++;
	copy = arena_array(arena, n + 1, sizeof(*copy));
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_strdup(arena, from[i]);
	return copy;
}

static struct monitor_args *copy_monitor(struct arena *arena, const struct monitor_args *from)
{
	struct monitor_args *copy;

	if (!from)
		return NULL;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = *from;
	copy->id = arena_strdup(arena, from->id);
	copy->name = arena_strdup(arena, from->name);
	return copy;
}

static bool is_refused_later(const struct process_record *record)
{
	const struct process_refusal refusal = scan_state_refusal(record);

	return !scan_state_is_same_refusal(&refusal, &record->own);
}

/* What was refused later is forgotten: it is read again. */
static void copy_record(struct arena *arena, const struct process_record *from,
        struct process_record *to, bool is_kept)
{
	*to = *from;
	to->nspid = arena_copy_array(arena, from->nspid, from->n_nspid, sizeof(*from->nspid));
	to->comm = arena_strdup(arena, from->comm);
	to->name = arena_strdup(arena, from->name);
	to->cmdline = copy_arguments(arena, from->cmdline);
	to->monitor = copy_monitor(arena, from->monitor);
	to->refused = from->own.what;
	to->refused_error = from->own.error;
	to->is_unreadable = from->own.is_unreadable;
	to->is_replaced = from->own.is_replaced;
	to->lacks_descriptors = from->own.lacks_descriptors;
	to->is_leader = false;
	to->is_moved = false;
	to->is_kept = is_kept && !is_refused_later(from);
}

/* --- what processes have ---------------------------------------------------------------------- */

/* From the records of one state to those of another. */
struct mapping {
	const struct scan *from;
	struct process_record **to; /* of each record; NULL: it is left out */
	bool is_kept;
};

static struct mapping mapping_new(const struct scan *from, bool is_kept)
{
	return (struct mapping){.from = from,
	        .to = memory_new((from->n_processes + 1) * sizeof(struct process_record *)),
	        .is_kept = is_kept};
}

static struct process_record *map(
        const struct mapping *mapping, const struct process_record *record)
{
	return record ? mapping->to[record - mapping->from->processes] : NULL;
}

/* Mounts and sockets are not what a process has by itself. */
static void copy_holders(const struct mapping *mapping, struct holder_list *to)
{
	const struct holder_list *const from = &mapping->from->holders;
	const bool are_paths_kept = mapping->is_kept && !mapping->from->are_mounts_stale;

	for (size_t i = 0; i < from->n; i++) {
		struct holder_record holder = from->records[i];

		holder.process = map(mapping, holder.process);
		if (!holder.process || holder.kind == HOLDER_MOUNT ||
		        holder.kind == HOLDER_SOCKET || (holder.by_path && !are_paths_kept))
			continue;
		holder.is_kept = mapping->is_kept;
		holder.is_gone = false;
		scan_state_add(to, &holder);
	}
	for (size_t i = 0; i < from->n_candidates; i++) {
		struct fd_candidate candidate = from->candidates[i];

		candidate.process = map(mapping, candidate.process);
		candidate.is_tried &= are_paths_kept && !candidate.has_refused;
		if (candidate.process)
			MEMORY_APPEND(to->candidates, to->n_candidates, to->candidates_capacity) =
			        candidate;
	}
	for (size_t i = 0; i < from->n_sockets; i++) {
		struct socket_ref socket = from->sockets[i];

		socket.process = map(mapping, socket.process);
		if (socket.process)
			MEMORY_APPEND(to->sockets, to->n_sockets, to->sockets_capacity) = socket;
	}
}

/* --- mounts ----------------------------------------------------------------------------------- */

/* True if the process or thread is still there and in that mount namespace. */
static bool is_member(const struct scan *scan, const struct mount_group *group)
{
	if (group->tid == 0)
		return group->process->inode[NS_MNT] == group->mnt;
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_THREAD) && holder->type == NS_MNT &&
		        holder->process == group->process && holder->tid == group->tid)
			return holder->inode == group->mnt;
	}
	return false;
}

/* One that was read by a process with another root directory is read again: there may be a process
 * now that sees more. */
static void copy_groups(const struct mapping *mapping, struct scan *to)
{
	const struct mount_groups *const from = &mapping->from->mounts;
	struct mount_groups *const groups = &to->mounts;

	for (size_t i = 0; i < from->n; i++) {
		struct mount_group group = from->groups[i];
		const struct process_record *const was = group.process;

		if (group.is_stale || !group.has_root || is_refused_later(was))
			continue;
		group.process = map(mapping, was);
		if (!group.process)
			group.process = scan_state_find(to, was->pid);
		if (group.process && group.process->started == was->started &&
		        is_member(to, &group))
			MEMORY_APPEND(groups->groups, groups->n, groups->capacity) = group;
	}
}

/* `mnts`: an index of to->mounts. */
static void copy_mount_holders(
        const struct mapping *mapping, struct scan *to, const struct u64_map *mnts)
{
	const struct holder_list *const from = &mapping->from->holders;
	size_t group;

	for (size_t i = 0; i < from->n; i++) {
		struct holder_record holder = from->records[i];

		if (!scan_state_is_kind(&holder, HOLDER_MOUNT) || !holder.process)
			continue;
		if (holder.mnt == 0) {
			holder.process = map(mapping, holder.process);
		} else if (u64_map_find(mnts, holder.mnt, &group)) {
			holder.process = to->mounts.groups[group].process;
			holder.tid = to->mounts.groups[group].tid;
		} else {
			continue;
		}
		holder.is_gone = false;
		holder.path = arena_strdup(to->arena, holder.path);
		holder.is_kept = true;
		scan_state_add(&to->holders, &holder);
	}
}

static void copy_container_mounts(
        const struct scan *from, struct scan *to, const struct u64_map *mnts)
{
	struct mount_list *const list = &to->threads[0]->mounts;
	size_t group;

	for (unsigned t = 0; t < from->n_threads; t++) {
		const struct mount_list *const all = &from->threads[t]->mounts;

		for (size_t i = 0; i < all->n; i++) {
			struct mount_record mount = all->mounts[i];

			if (!u64_map_find(mnts, mount.mnt, &group))
				continue;
			mount.root = arena_strdup(to->arena, mount.root);
			mount.point = arena_strdup(to->arena, mount.point);
			MEMORY_APPEND(list->mounts, list->n, list->capacity) = mount;
		}
	}
}

static void copy_procfs_mounts(const struct scan *from, struct scan *to, const struct u64_map *mnts)
{
	size_t group;

	for (unsigned t = 0; t < from->n_threads; t++) {
		const struct procfs_mounts *const all = &from->threads[t]->procfs_mounts;

		for (size_t i = 0; i < all->n; i++) {
			if (all->mounts[i].process &&
			        u64_map_find(mnts, all->mounts[i].mnt, &group))
				pins_carry(to, &all->mounts[i], to->mounts.groups[group].process,
				        to->mounts.groups[group].tid);
		}
	}
}

/* Mounts that processes see whose mount namespace is refused depend on one another, by the ids of
 * mounts, which are used again: all are read again if one of these processes is not there any more,
 * or a new one sees any. */
static bool can_keep_mounts(const struct mapping *mapping, struct scan *part)
{
	const struct scan *const from = mapping->from;

	if (from->are_mounts_stale || !scan_state_wants(from, SOURCE_MOUNT))
		return false;
	for (size_t i = 0; i < from->holders.n && from->mounts.with_ids; i++) {
		const struct holder_record *const holder = &from->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_MOUNT) && holder->mnt == 0 &&
		        holder->process && !map(mapping, holder->process))
			return false;
	}
	for (size_t i = 0; i < part->n_processes; i++) {
		struct process_record *const record = &part->processes[i];

		if (source_mount_is_refused(record) && source_mount_sees_any(part, record))
			return false;
	}
	return true;
}

static void copy_mounts(const struct mapping *mapping, struct scan *to, struct scan *part)
{
	struct u64_map mnts = {0};
	bool is_new;

	if (!can_keep_mounts(mapping, part)) {
		for (size_t i = 0; i < to->n_processes; i++)
			to->processes[i].is_kept &= !source_mount_is_refused(&to->processes[i]);
		return;
	}
	copy_groups(mapping, to);
	for (size_t i = 0; i < to->mounts.n; i++)
		u64_map_add(&mnts, to->mounts.groups[i].mnt, &is_new);
	copy_mount_holders(mapping, to, &mnts);
	copy_container_mounts(mapping->from, to, &mnts);
	copy_procfs_mounts(mapping->from, to, &mnts);
	if (mapping->from->mounts.with_ids)
		u64_set_copy(&to->mounts.ids, &mapping->from->mounts.ids);
	u64_map_release(&mnts);
}

/* --- states ----------------------------------------------------------------------------------- */

void refresh_copy_changed(struct scan *next, const struct scan *kept, struct scan *part)
{
	struct mapping old = mapping_new(kept, true), new = mapping_new(part, false);
	const size_t max = kept->n_processes + part->n_processes;
	size_t i = 0, j = 0;

	next->processes = memory_new((max + 1) * sizeof(*next->processes));
	while (i < kept->n_processes || j < part->n_processes) {
		const struct process_record *const a = &kept->processes[i],
		                                   *const b = &part->processes[j];
		struct process_record *const to = &next->processes[next->n_processes];

		if (j == part->n_processes || (i < kept->n_processes && a->pid < b->pid)) {
			copy_record(next->arena, a, to, true);
			old.to[i++] = to;
			next->n_processes++;
			continue;
		}
		if (i < kept->n_processes && a->pid == b->pid)
			i++;
		if (!b->is_gone) {
			copy_record(next->arena, b, to, false);
			new.to[j] = to;
			next->n_processes++;
		}
		j++;
	}
	source_listns_carry(next, kept);
	copy_holders(&old, &next->holders);
	copy_holders(&new, &next->holders);
	copy_mounts(&old, next, part);
	free(old.to);
	free(new.to);
}

void refresh_copy_processes(struct scan *next, const struct scan *from)
{
	struct mapping mapping = mapping_new(from, false);

	next->processes = memory_new((from->n_processes + 1) * sizeof(*next->processes));
	next->n_processes = from->n_processes;
	next->own_mnt = from->own_mnt;
	source_listns_carry(next, from);
	for (size_t i = 0; i < from->n_processes; i++) {
		copy_record(next->arena, &from->processes[i], &next->processes[i], false);
		mapping.to[i] = &next->processes[i];
		if (next->processes[i].cgroup)
			containers_read_again(next->threads[0], &next->processes[i]);
	}
	copy_holders(&mapping, &next->holders);
	free(mapping.to);
}
