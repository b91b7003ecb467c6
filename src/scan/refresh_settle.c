/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/refresh_settle.h"

#include "base/monotonic.h"

enum {
	ENDING_MS = 60 * 1000, /* how long a process that ends is read each time */
	FORCED_MAX = 3, /* models that are made one after another though nothing has changed */
};

/* --- processes that end ----------------------------------------------------------------------- */

/* A zombie, or a process that has left its namespaces already. */
static bool is_ending(const struct process_record *record)
{
	if (!scan_state_has(record, PART_STAT) || record->is_kernel || record->live_thread != 0)
		return false;
	return scan_state_is_dead(record) ||
	       (record->inode[NS_MNT] == 0 && scan_state_has(record, PART_LINKS) &&
	               !record->is_unreadable);
}

void refresh_settle_ending(struct process_record *record, const struct process_record *was)
{
	if (!is_ending(record))
		record->ending_since = 0;
	else if (was && was->ending_since != 0)
		record->ending_since = was->ending_since;
	else
		record->ending_since = monotonic_ms();
}

static bool is_recent(const struct refresh *refresh, pid_t pid)
{
	const struct process_record *const record = scan_state_find(refresh->state, pid);

	return record && monotonic_ms() - record->ending_since < ENDING_MS;
}

bool refresh_settle_has(const struct refresh *refresh)
{
	if (!refresh->state)
		return false;
	for (size_t i = 0; i < refresh->ending.n; i++) {
		if (is_recent(refresh, (pid_t)refresh->ending.items[i]))
			return true;
	}
	return refresh->is_forced;
}

void refresh_settle_want(struct refresh *refresh, pid_t pid)
{
	u64_set_push(&refresh->pending, (uint64_t)pid);
	refresh->is_forced = true;
}

/* A process without threads and descriptors: it had ended, or its PID was another process, when
 * these were to be read. */
static bool lacks_holders(const struct scan *state, const struct process_record *record)
{
	const uint32_t of_processes =
	        1u << SOURCE_THREAD | 1u << SOURCE_FD | 1u << SOURCE_SOCKET | 1u << SOURCE_DETACHED;
	const bool lacks_any =
	        !scan_state_has(record, PART_FOR_CHILDREN) ||
	        ((state->wanted & of_processes) != 0 && !scan_state_has(record, PART_HOLDERS));

	return lacks_any && scan_state_has(record, PART_STAT) && !record->is_kernel &&
	       !record->is_closed && !record->is_unreadable && !scan_state_is_dead(record);
}

static void settle_processes(struct refresh *refresh, struct scan *state)
{
	for (size_t i = 0; i < state->n_processes; i++) {
		struct process_record *const record = &state->processes[i];

		if (record->is_gone || record->is_moved || lacks_holders(state, record))
			refresh_settle_want(refresh, record->pid);
		record->is_gone = false;
		refresh_settle_ending(record, record);
		if (record->ending_since != 0)
			u64_set_push(&refresh->ending, (uint64_t)record->pid);
	}
}

static void settle_holders(struct refresh *refresh, struct scan *state)
{
	for (size_t i = 0; i < state->holders.n; i++) {
		struct holder_record *const holder = &state->holders.records[i];

		kernel_close(refresh->kernel, holder->handle);
		holder->handle = -EBADF;
		if (!holder->is_gone)
			continue;
		refresh->is_forced = true;
		if (!holder->process)
			state->is_mntns_stale = true;
		else if (holder->kind != HOLDER_MOUNT)
			refresh_settle_want(refresh, holder->process->pid);
		for (size_t g = 0; g < state->mounts.n && holder->kind == HOLDER_MOUNT; g++)
			state->mounts.groups[g].is_stale |=
			        state->mounts.groups[g].mnt == holder->mnt;
	}
}

/* Makes the state that a model was made of the one to begin with next time. What was found to be
 * gone meanwhile is in it, maybe as in the model: it is read again. */
static void settle(struct refresh *refresh, struct scan *state)
{
	const bool was_forced = refresh->is_forced;

	u64_set_clear(&refresh->pending);
	u64_set_clear(&refresh->ending);
	refresh->is_forced = false;
	settle_processes(refresh, state);
	settle_holders(refresh, state);
	u64_set_sort_unique(&refresh->pending);
	u64_set_sort_unique(&refresh->ending);
	refresh->n_forced = was_forced && refresh->is_forced ? refresh->n_forced + 1 : 0;
	if (refresh->n_forced >= FORCED_MAX) {
		u64_set_clear(&refresh->pending);
		refresh->is_forced = false;
	}
	scan_state_trim(state);
	state->previous = state->before = NULL;
	state->kept = NULL;
}

void refresh_settle_commit(struct refresh *refresh, struct scan *state, const struct model *model)
{
	const struct model *const replaced = refresh->last;

	settle(refresh, state);
	refresh->last = model_ref(model);
	model_unref(replaced);
	scan_free(refresh->state);
	refresh->state = state;
}

void refresh_settle_add(const struct refresh *refresh, struct u64_set *pids)
{
	for (size_t i = 0; i < refresh->pending.n; i++)
		u64_set_push(pids, refresh->pending.items[i]);
	for (size_t i = 0; i < refresh->ending.n; i++) {
		if (is_recent(refresh, (pid_t)refresh->ending.items[i]))
			u64_set_push(pids, refresh->ending.items[i]);
	}
}
