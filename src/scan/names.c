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
	struct process_record **records; /* of the items */
	size_t n;
};

static void set_name(
        struct scan *scan, struct process_record *record, const char *bytes, size_t len)
{
	record->name = proc_cmdline_name(scan->arena, bytes, len, record->comm);
	if (scan->with_cmdlines)
		record->cmdline = proc_cmdline_split(scan->arena, bytes, len);
	process_record_mark(record, PART_CMDLINE);
}

static void take(void *data, size_t i, const char *bytes, size_t len)
{
	const struct names *const names = data;

	set_name(names->scan, names->records[i], bytes, len);
}

static void note_waiting(struct scan *scan, struct process_record *record)
{
	record->is_waiting = true;
	scan_state_note(scan, record->pid, NOTE_CMDLINE, ETIMEDOUT);
	scan_state_limit(scan, NOTE_WAITING);
}

/* Marks the processes whose read was given up in an earlier scan: its notes tell. */
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
		record = scan_state_find(scan, note->pid);
		if (process && record && !record->is_waiting &&
		        process_record_has(record, PART_STAT) &&
		        record->started == process->started)
			note_waiting(scan, record);
	}
}

static void collect(struct names *names, bool only_leaders)
{
	struct scan *const scan = names->scan;

	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		if (record->is_gone || record->name || record->is_waiting ||
		        !process_record_has(record, PART_STAT) ||
		        (only_leaders && !record->is_leader))
			continue;
		/* Kernel threads and zombies have no command line. */
		if (record->is_kernel ||
		        (process_record_is_dead(record) && record->n_threads <= 1)) {
			set_name(scan, record, "", 0);
			continue;
		}
		names->items[names->n] = (struct kernel_cmdline){.pid = record->pid,
		        .ino = record->directory_ino,
		        .started = record->started};
		names->records[names->n++] = record;
	}
}

/* Removes the items that have an answer. Those that were not tried stay for the next call. */
static void remove_answered(struct names *names)
{
	struct scan *const scan = names->scan;
	size_t n_left = 0;

	for (size_t i = 0; i < names->n; i++) {
		struct process_record *const record = names->records[i];
		const int error = names->items[i].error;

		if (error == -EAGAIN) {
			names->items[n_left] = names->items[i];
			names->records[n_left++] = record;
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

		if (scan_state_is_cancelled(scan))
			return -ECANCELED;
		if (r < 0) {
			scan_state_note(scan, 0, NOTE_CMDLINE, -r);
			return 0;
		}
		remove_answered(names);
		if (names->n == n) /* the helper could not start a job */
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
	_cleanup_free_ struct process_record **records =
	        memory_new((scan->n_processes + 1) * sizeof(struct process_record *));
	struct names names = {.scan = scan, .items = items, .records = records};
	int r;

	carry_waiting(scan);
	collect(&names, only_leaders);
	r = read_in_time(&names);
	if (r == 0 && names.n > 0)
		scan_state_limit(scan, NOTE_NAMES);
	return r;
}
