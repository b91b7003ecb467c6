/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan_state.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"

#include <string.h>

const struct ns_link ns_links[NS_LINKS] = {
        [NS_CGROUP] = {"cgroup", "ns/cgroup", NS_CGROUP, false},
        [NS_IPC] = {"ipc", "ns/ipc", NS_IPC, false},
        [NS_MNT] = {"mnt", "ns/mnt", NS_MNT, false},
        [NS_NET] = {"net", "ns/net", NS_NET, false},
        [NS_PID] = {"pid", "ns/pid", NS_PID, false},
        [NS_TIME] = {"time", "ns/time", NS_TIME, false},
        [NS_USER] = {"user", "ns/user", NS_USER, false},
        [NS_UTS] = {"uts", "ns/uts", NS_UTS, false},
        [NS_PID_FOR_CHILDREN] = {"pid_for_children", "ns/pid_for_children", NS_PID, true},
        [NS_TIME_FOR_CHILDREN] = {"time_for_children", "ns/time_for_children", NS_TIME, true},
};

bool scan_has_source(const struct scan *scan, enum source source)
{
	return scan->options->sources >> source & 1;
}

bool scan_is_ours(const struct scan *scan, const struct process_record *record)
{
	const pid_t helper = scan->options->helper;

	if (scan->host.self != 0 && record->pid == scan->host.self)
		return true;
	return helper != 0 && (record->pid == helper || record->ppid == helper);
}

bool scan_is_cancelled(const struct scan *scan)
{
	const atomic_bool *const flag = scan->options->is_cancelled;

	return flag && atomic_load_explicit(flag, memory_order_relaxed);
}

unsigned scan_progress_percent(const struct scan_progress *progress)
{
	const size_t total = atomic_load_explicit(&progress->total, memory_order_relaxed);
	const size_t done = atomic_load_explicit(&progress->done, memory_order_relaxed);

	if (total == 0)
		return 0;
	return done >= total ? 100 : (unsigned)(done * 100 / total);
}

void progress_begin(struct scan *scan, size_t steps)
{
	struct scan_progress *const progress = scan->options->progress;

	if (!progress)
		return;
	atomic_store_explicit(&progress->done, 0, memory_order_relaxed);
	/* One more, since making a model of it takes its time too. */
	atomic_store_explicit(&progress->total, steps + steps / 10 + 1, memory_order_relaxed);
}

void progress_step(struct scan *scan)
{
	if (scan->options->progress)
		atomic_fetch_add_explicit(&scan->options->progress->done, 1, memory_order_relaxed);
}

void progress_end(struct scan *scan)
{
	struct scan_progress *const progress = scan->options->progress;

	if (progress)
		atomic_store_explicit(&progress->done,
		        atomic_load_explicit(&progress->total, memory_order_relaxed),
		        memory_order_relaxed);
}

void scan_note(struct scan *scan, pid_t pid, const char *what, int error)
{
	struct note_list *const list = &scan->notes;

	list->notes = memory_grow(list->notes, &list->capacity, list->n + 1, sizeof(*list->notes));
	list->notes[list->n++] = (struct note){
	        .pid = pid, .what = arena_strdup(scan->arenas[0], what), .error = error};
}

void scan_limit(struct scan *scan, const char *what)
{
	scan->is_limited = true;
	for (size_t i = 0; i < scan->notes.n; i++) {
		if (scan->notes.notes[i].pid == 0 && strcmp(scan->notes.notes[i].what, what) == 0)
			return;
	}
	scan_note(scan, 0, what, 0);
}

struct process_record *scan_find_process(const struct scan *scan, pid_t pid)
{
	const size_t n = scan->n_processes;
	const size_t i = LOWER_BOUND(n, at, scan->processes[at].pid < pid);

	return i < n && scan->processes[i].pid == pid ? &scan->processes[i] : NULL;
}

size_t process_record_index(const struct scan *scan, const struct process_record *record)
{
	return (size_t)(record - scan->processes);
}

int ns_link_read(struct kernel *kernel, int ns_dir, const struct ns_link *link, uint64_t *ret_inode)
{
	const char *const type = nstype_name(link->type);
	struct proc_link parsed;
	char text[64];
	ssize_t r = kernel->ops->ns_link(kernel, ns_dir, link->name, text, sizeof(text));

	if (r >= 0)
		r = proc_link_parse(text, (size_t)r, &parsed);
	if (r < 0)
		return (int)r;
	if (parsed.type_len != strlen(type) || memcmp(parsed.type, type, parsed.type_len) != 0)
		return -EINVAL;
	*ret_inode = parsed.inode;
	return 0;
}

bool process_record_is_gone_error(long error)
{
	return error == -ENOENT || error == -ESRCH;
}

void process_record_refuse(struct process_record *record, const char *what, long error)
{
	record->is_replaced |= error == -EXDEV;
	if (record->refused)
		return;
	record->refused = what;
	record->refused_error = (int)-error;
}
