/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/names.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/proc/proc.h"

#include <string.h>

/* The processes whose command lines are read in one call. */
struct names {
	struct scan *scan;
	struct kernel_cmdline *items;
	struct process_record **processes; /* of the items */
	size_t n;
};

static void name(struct scan *scan, struct process_record *record, const char *bytes, size_t len)
{
	struct arena *const arena = scan->arenas[0];

	record->name = proc_cmdline_name(arena, bytes, len, record->comm);
	if (scan->options->with_cmdlines)
		record->cmdline = proc_cmdline_split(arena, bytes, len);
}

static void take(void *data, size_t i, const char *bytes, size_t len)
{
	const struct names *const names = data;

	name(names->scan, names->processes[i], bytes, len);
}

static void note_waiting(struct scan *scan, struct process_record *record)
{
	record->is_waiting = true;
	scan_note(scan, record->pid, NOTE_CMDLINE, ETIMEDOUT);
	scan_limit(scan, NOTE_WAITING);
}

/* Those whose read waited in an earlier scan, as its notes say. */
static void carry_waiting(struct scan *scan)
{
	const struct model *const before = scan->before;

	for (size_t i = 0; before && i < before->n_notes; i++) {
		const struct note *const note = &before->notes[i];
		const struct process *process;
		struct process_record *record;

		if (note->error != ETIMEDOUT || strcmp(note->what, NOTE_CMDLINE) != 0)
			continue;
		process = model_find_process(before, note->pid);
		record = scan_find_process(scan, note->pid);
		if (process && record && !record->is_waiting && record->is_stat_known &&
		        record->started == process->started)
			note_waiting(scan, record);
	}
}

/* Kernel threads and zombies have none. */
static bool has_cmdline(const struct process_record *record)
{
	const bool is_dead = record->state == 'Z' || record->state == 'X';

	return !record->is_kernel && !(is_dead && record->n_threads <= 1);
}

static void collect(struct names *names, bool only_leaders)
{
	struct scan *const scan = names->scan;

	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		if (record->has_gone || record->name || record->is_waiting ||
		        !record->is_stat_known || (only_leaders && !record->is_leader))
			continue;
		if (!has_cmdline(record)) {
			name(scan, record, "", 0);
			continue;
		}
		names->items[names->n] = (struct kernel_cmdline){
		        .pid = record->pid, .ino = record->ino, .started = record->started};
		names->processes[names->n++] = record;
	}
}

/* Drops what has its answer; what was not tried is left for the next call. */
static void settle(struct names *names)
{
	struct scan *const scan = names->scan;
	size_t n_left = 0;

	for (size_t i = 0; i < names->n; i++) {
		struct process_record *const record = names->processes[i];
		const int error = names->items[i].error;

		if (error == -EAGAIN) {
			names->items[n_left] = names->items[i];
			names->processes[n_left++] = record;
		} else if (error == -ETIMEDOUT) {
			scan->n_given_up++;
			note_waiting(scan, record);
		} else if (error < 0 && !process_record_is_gone_error(error)) {
			process_record_refuse(record, NOTE_CMDLINE, error);
		}
	}
	names->n = n_left;
}

static int read_in_time(struct names *names)
{
	struct scan *const scan = names->scan;
	struct kernel *const k = scan->kernel;

	while (names->n > 0 && scan->n_given_up < NAMES_GIVEN_UP_MAX &&
	        scan->given_up_ms < NAMES_DEADLINE_MS) {
		const size_t n_given_up = scan->n_given_up, n = names->n;
		const int64_t begin = monotonic_ms();
		const int r = k->ops->cmdlines(k, names->items, names->n, take, names);

		if (scan_is_cancelled(scan))
			return -ECANCELED;
		if (r < 0) {
			scan_note(scan, 0, NOTE_CMDLINE, -r);
			return 0;
		}
		settle(names);
		if (names->n == n) /* no job could be had */
			return 0;
		if (scan->n_given_up > n_given_up)
			scan->given_up_ms += monotonic_ms() - begin;
	}
	return 0;
}

int names_read(struct scan *scan, bool only_leaders)
{
	_cleanup_free_ struct kernel_cmdline *items =
	        memory_new((scan->n_processes + 1) * sizeof(*items));
	_cleanup_free_ struct process_record **processes =
	        memory_new((scan->n_processes + 1) * sizeof(struct process_record *));
	struct names names = {.scan = scan, .items = items, .processes = processes};
	int r;

	carry_waiting(scan);
	collect(&names, only_leaders);
	r = read_in_time(&names);
	if (r == 0 && names.n > 0)
		scan_limit(scan, NOTE_NAMES);
	return r;
}
