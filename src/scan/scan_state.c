/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan_state.h"

#include "base/arena.h"
#include "base/memory.h"

#include <string.h>

bool scan_state_wants(const struct scan *scan, enum source source)
{
	return scan->wanted >> source & 1;
}

bool scan_state_is_ours(const struct scan *scan, const struct process_record *record)
{
	const pid_t helper = scan->helper;

	if (scan->host.self != 0 && record->pid == scan->host.self)
		return true;
	return helper != 0 && (record->pid == helper || record->ppid == helper);
}

bool scan_state_is_cancelled(const struct scan *scan)
{
	return scan->is_cancelled && atomic_load_explicit(scan->is_cancelled, memory_order_relaxed);
}

void scan_state_step(struct scan *scan)
{
	if (scan->steps_done)
		atomic_fetch_add_explicit(scan->steps_done, 1, memory_order_relaxed);
}

void scan_state_note(struct scan *scan, pid_t pid, const char *what, int error)
{
	struct note_list *const list = &scan->notes;

	MEMORY_APPEND(list->notes, list->n, list->capacity) =
	        (struct note){.pid = pid, .what = arena_strdup(scan->arena, what), .error = error};
}

void scan_state_limit(struct scan *scan, const char *what)
{
	scan->is_limited = true;
	for (size_t i = 0; i < scan->notes.n; i++) {
		if (scan->notes.notes[i].pid == 0 && strcmp(scan->notes.notes[i].what, what) == 0)
			return;
	}
	scan_state_note(scan, 0, what, 0);
}

struct process_record *scan_state_find(const struct scan *scan, pid_t pid)
{
	struct process_record *const records = scan->processes;
	const size_t i = LOWER_BOUND(scan->n_processes, at, records[at].pid < pid);

	return i < scan->n_processes && records[i].pid == pid ? &records[i] : NULL;
}
