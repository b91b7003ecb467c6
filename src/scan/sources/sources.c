/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/sources.h"

#include "scan/pins.h"

#include <string.h>

#define BIT(source) (1u << SOURCE_##source)

/* What is read of each process. */
static const struct {
	uint32_t any; /* if one of these is wanted */
	void (*read)(struct open_process *open);
} OF_PROCESS[] = {
        {BIT(THREAD), source_thread_read},
        {BIT(FD) | BIT(SOCKET) | BIT(DETACHED), source_fd_read},
};

static int drop_mount_holders(struct scan *scan);

/* What is read after that, in this order. Mounts are read for descriptors too, whose links may have
 * the path of a mount point as text; there may be more of those in the mount namespaces without a
 * process. */
static const struct {
	uint32_t any, all; /* if one of these is wanted; and all of these */
	int (*read)(struct scan *scan);
	bool reports; /* the function adds `any` to scan->sources itself, if they could be read */
} AFTER_PROCESSES[] = {
        {BIT(MOUNT) | BIT(FD), 0, source_mount_read, false},
        {BIT(FD), 0, source_fd_resolve, false},
        {BIT(FD), 0, drop_mount_holders, false},
        {BIT(MNTNS) | BIT(MOUNT), 0, source_mntns_begin, false},
        {BIT(MNTNS), 0, source_mntns_read, true},
        {BIT(MOUNT), 0, source_mntns_read_held, false},
        {BIT(MOUNT), BIT(FD), source_fd_resolve, false},
        {BIT(DETACHED), 0, source_fd_resolve_detached, true},
        {BIT(LISTNS), 0, source_listns_read, true},
        {BIT(SOCKET), 0, source_socket_read, true},
};

/* Mounts that were read only to resolve descriptors are not reported. */
static int drop_mount_holders(struct scan *scan)
{
	struct holder_list *const all = &scan->holders;
	size_t n = 0;

	if (scan_state_wants(scan, SOURCE_MOUNT))
		return 0;
	for (size_t i = 0; i < all->n; i++) {
		if (!scan_state_is_kind(&all->records[i], HOLDER_MOUNT))
			all->records[n++] = all->records[i];
	}
	all->n = n;
	return 0;
}

static uint32_t of_processes(void)
{
	uint32_t sources = 0;

	for (size_t i = 0; i < ARRAY_SIZE(OF_PROCESS); i++)
		sources |= OF_PROCESS[i].any;
	return sources;
}

static uint32_t after_processes(bool reports)
{
	uint32_t sources = 0;

	for (size_t i = 0; i < ARRAY_SIZE(AFTER_PROCESSES); i++) {
		if (AFTER_PROCESSES[i].reports == reports)
			sources |= AFTER_PROCESSES[i].any;
	}
	return sources;
}

uint32_t sources_all(void)
{
	return BIT(PROCESS) | of_processes() | after_processes(false) | after_processes(true);
}

/* Jobs that were stuck when an earlier run ended are still there, in state D (proc_pid_stat(5)).
 * Those of a run that has not ended count, too: they may get stuck. Any process may have such a
 * name, so only those of root and of this user count. */
static bool is_stuck_job(const struct scan *scan, const struct process_record *record)
{
	static const char *const names[] = {
	        KERNEL_JOB_MOUNTED, KERNEL_JOB_MOUNTINFO, KERNEL_JOB_FILES, KERNEL_JOB_PROC_MOUNTS};

	if (record->is_gone || record->state != 'D' || !record->comm ||
	        scan_state_is_ours(scan, record) ||
	        (record->uid != 0 && record->uid != scan->host.euid))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(record->comm, names[i]) == 0)
			return true;
	}
	return false;
}

static void count_stuck(struct scan *scan)
{
	size_t n = 0;

	for (size_t i = 0; i < scan->n_processes; i++)
		n += is_stuck_job(scan, &scan->processes[i]);
	if (scan->kernel->ops->set_stuck)
		scan->kernel->ops->set_stuck(scan->kernel, n);
}

void sources_note_stuck(struct scan *scan)
{
	if (!scan->is_held_back)
		return;
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (is_stuck_job(scan, &scan->processes[i]))
			scan_state_note(scan, scan->processes[i].pid, "job of nsbrowse", ETIMEDOUT,
			        PARTIAL_WAITING);
	}
}

int sources_read(struct scan *scan)
{
	int r = 0;

	count_stuck(scan);
	scan->sources |= scan->wanted & sources_all() & ~after_processes(true);
	scan_state_gather(scan);
	for (size_t i = 0; i < ARRAY_SIZE(AFTER_PROCESSES) && r == 0; i++) {
		if ((scan->wanted & AFTER_PROCESSES[i].any) == 0 ||
		        (scan->wanted & AFTER_PROCESSES[i].all) != AFTER_PROCESSES[i].all)
			continue;
		r = AFTER_PROCESSES[i].read(scan);
		scan_state_sort(&scan->holders);
	}
	scan->n_source_notes = scan->notes.n;
	scan->source_partial = scan->partial;
	/* What it notes is never carried over. */
	return r == 0 && scan_state_wants(scan, SOURCE_MOUNT) ? pins_read(scan) : r;
}

bool sources_is_refused(struct open_process *open, int at, const char *what, long error)
{
	struct kernel *const k = open->thread->scan->kernel;

	if (scan_state_is_gone_error(error))
		return false;
	if (error == -EACCES && scan_state_is_ending(k, at, at != open->process))
		return false;
	scan_state_refuse(open->record, what, error);
	open->record->is_unreadable = true;
	return true;
}

void sources_read_process(struct open_process *open)
{
	const struct scan *const scan = open->thread->scan;
	struct process_record *const record = open->record;
	int r;

	/* Kernel threads have no threads and descriptors of their own; if the namespaces of a
	 * process are refused, so are these. */
	if (record->is_gone || record->is_kernel || record->is_closed ||
	        !scan_state_has(record, PART_STAT))
		return;
	if ((scan->wanted & of_processes()) == 0)
		return;
	open->is_leaderless = scan_state_is_dead(record);
	if (record->n_threads > 1) {
		r = scan->kernel->ops->list_tids(
		        scan->kernel, open->process, &open->tids, &open->n_tids);
		if (r < 0)
			sources_is_refused(open, open->process, "task", r);
	} else if (open->is_leaderless) {
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(OF_PROCESS); i++) {
		if ((scan->wanted & OF_PROCESS[i].any) != 0)
			OF_PROCESS[i].read(open);
	}
	scan_state_mark(record, PART_HOLDERS);
	free(open->tids);
}
