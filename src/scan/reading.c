/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reading.h"

#include "base/arena.h"
#include "base/memory.h"

const struct reading_link reading_links[READING_LINKS] = {
        [NS_CGROUP] = {"cgroup", "ns/cgroup", NS_CGROUP, false},
        [NS_IPC] = {"ipc", "ns/ipc", NS_IPC, false},
        [NS_MNT] = {"mnt", "ns/mnt", NS_MNT, false},
        [NS_NET] = {"net", "ns/net", NS_NET, false},
        [NS_PID] = {"pid", "ns/pid", NS_PID, false},
        [NS_TIME] = {"time", "ns/time", NS_TIME, false},
        [NS_USER] = {"user", "ns/user", NS_USER, false},
        [NS_UTS] = {"uts", "ns/uts", NS_UTS, false},
        [READING_PID_FOR_CHILDREN] = {"pid_for_children", "ns/pid_for_children", NS_PID, true},
        [READING_TIME_FOR_CHILDREN] = {"time_for_children", "ns/time_for_children", NS_TIME, true},
};

bool scan_is_cancelled(const struct scan *scan)
{
	const atomic_bool *const flag = scan->options->is_cancelled;

	return flag && atomic_load_explicit(flag, memory_order_relaxed);
}

void scan_note(struct scan *scan, pid_t pid, const char *what, int error)
{
	struct note_list *const list = &scan->notes;

	list->notes = memory_grow(list->notes, &list->capacity, list->n + 1, sizeof(*list->notes));
	list->notes[list->n++] = (struct note){
	        .pid = pid, .what = arena_strdup(scan->arenas[0], what), .error = error};
}

struct reading *scan_find_reading(const struct scan *scan, pid_t pid)
{
	size_t low = 0, high = scan->n_readings;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (scan->readings[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == scan->n_readings || scan->readings[low].pid != pid)
		return NULL;
	return &scan->readings[low];
}

bool reading_is_gone_error(long error)
{
	return error == -ENOENT || error == -ESRCH;
}

void reading_refuse(struct reading *reading, const char *what, long error)
{
	if (reading->refused)
		return;
	reading->refused = what;
	reading->refused_error = (int)-error;
}
