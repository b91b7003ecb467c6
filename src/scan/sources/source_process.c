/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/containers.h"
#include "scan/sources/sources.h"

#include <string.h>

enum { CHUNK = 16 }; /* processes taken at once: threads then rarely write to one cache line */

int source_process_list(struct scan *scan)
{
	_cleanup_free_ pid_t *pids = NULL;
	size_t n;
	const int r = scan->kernel->ops->list_pids(scan->kernel, &pids, &n);

	if (r < 0)
		return r;
	scan->processes = memory_new((n ? n : 1) * sizeof(*scan->processes));
	scan->n_processes = n;
	for (size_t i = 0; i < n; i++)
		scan->processes[i].pid = pids[i];
	return 0;
}

/* Keeps what an error of a read means for the process. Returns true if it has ended. */
static bool note_error(struct process_record *record, const char *what, long error)
{
	if (scan_state_is_gone_error(error))
		record->is_gone = true;
	else
		scan_state_refuse(record, what, error);
	return record->is_gone;
}

/* ENOENT: the process has no such namespace (a zombie, or its first thread has ended; the kernel
 * lacks the type; no child was created yet). It does not mean that the process has ended, and
 * neither does EACCES, although a link gives both then: stat, which is read last, decides. */
static void read_links(struct scan_thread *thread, struct process_record *record, int ns_dir)
{
	/* The namespaces that a zombie still has come first. */
	static const unsigned char order[NS_LINKS] = {NS_USER, NS_PID, NS_MNT, NS_NET, NS_UTS,
	        NS_IPC, NS_CGROUP, NS_TIME, NS_PID_FOR_CHILDREN, NS_TIME_FOR_CHILDREN};
	struct kernel *const k = thread->scan->kernel;
	bool has_any = false;

	for (size_t i = 0; i < NS_LINKS; i++) {
		const struct ns_link *const link = &scan_state_links[order[i]];
		const int r = scan_state_read_link(k, ns_dir, link, &record->inode[order[i]]);

		if (r == 0) {
			has_any = true;
			continue;
		}
		if (r == -ENOENT)
			continue;
		if (r == -ESRCH) {
			record->is_gone = true;
			return;
		}
		scan_state_refuse(record, link->note, r);
		record->is_unreadable = true;
		/* All links need the same right. */
		if (!has_any && (r == -EACCES || r == -EPERM)) {
			record->is_closed = true;
			return;
		}
	}
}

static void read_ns_dir(struct scan_thread *thread, struct process_record *record, int process)
{
	struct kernel *const k = thread->scan->kernel;
	const int ns_dir = k->ops->ns_dir_open(k, process);

	if (ns_dir < 0) {
		record->is_unreadable = !note_error(record, "ns", ns_dir);
		return;
	}
	read_links(thread, record, ns_dir);
	k->ops->close(k, ns_dir);
	if (!record->is_closed)
		scan_state_mark(record, PART_LINKS);
}

/* Returns false if the directory is not that of the process, or its owner was refused. */
static bool read_directory(struct scan_thread *thread, struct process_record *record, int process)
{
	struct kernel *const k = thread->scan->kernel;
	struct kernel_process directory;
	const int r = k->ops->process_stat(k, process, &directory);

	if (r < 0) {
		note_error(record, r == -EXDEV ? "process" : "uid", r);
		return r != -EXDEV;
	}
	record->uid = directory.uid;
	record->directory_ino = directory.ino;
	scan_state_mark(record, PART_DIRECTORY);
	return true;
}

static void set_nspid(
        struct scan_thread *thread, struct process_record *record, const pid_t *pids, size_t n)
{
	pid_t *const copy = arena_array(thread->arena, n, sizeof(*copy));

	memcpy(copy, pids, n * sizeof(*copy));
	record->nspid = copy;
	record->n_nspid = n;
}

/* A process may be in 65,536 groups (setgroups(2)), and their line comes before that of its PIDs:
 * if the text does not fit into that of the thread, it is read again. */
static int parse_status(
        struct scan_thread *thread, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	struct kernel *const k = thread->scan->kernel;
	_cleanup_free_ char *more = NULL;
	const char *text = thread->text;
	ssize_t n = k->ops->process_read(k, process, "status", thread->text, sizeof(thread->text));

	if (n == sizeof(thread->text)) {
		text = more = memory_new(PROCESS_STATUS_MAX);
		n = k->ops->process_read(k, process, "status", more, PROCESS_STATUS_MAX);
	}
	return n < 0 ? (int)n : proc_status_nspid(text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

/* In the PID namespace of /proc its PID is the one that /proc lists; those in the namespaces below
 * are in its status. */
static void read_nspid(struct scan_thread *thread, struct process_record *record, int process)
{
	const uint64_t here = thread->scan->host.pid_ns;
	pid_t pids[PROC_NSPID_MAX];
	size_t n;
	int r;

	set_nspid(thread, record, &record->pid, 1);
	if (here != 0 && record->inode[NS_PID] == here)
		return;
	r = parse_status(thread, process, pids, &n);
	if (r == 0) {
		set_nspid(thread, record, pids, n);
		scan_state_mark(record, PART_STATUS);
	} else if (r != -ENODATA) { /* Linux before 4.1 has no such line */
		note_error(record, "status", r);
	}
}

static ssize_t parse_stat(struct scan_thread *thread, int process, struct proc_stat *ret)
{
	struct kernel *const k = thread->scan->kernel;
	const ssize_t r =
	        k->ops->process_read(k, process, "stat", thread->text, sizeof(thread->text));

	return r < 0 ? r : proc_stat_parse(thread->text, (size_t)r, ret);
}

/* Another mount covers the process: nothing is known of it but its PID. */
static void set_unreadable(struct scan_thread *thread, struct process_record *record)
{
	record->is_unreadable = true;
	memset(record->read_at, 0, sizeof(record->read_at));
	record->comm = "";
	memset(record->inode, 0, sizeof(record->inode));
	set_nspid(thread, record, &record->pid, 1);
}

static void read_stat(struct scan_thread *thread, struct process_record *record, int process)
{
	struct proc_stat stat;
	ssize_t r = parse_stat(thread, process, &stat);

	/* The directory of another process is mounted over that of this one. */
	if (r >= 0 && stat.pid != record->pid)
		r = -EXDEV;
	if (r == -EXDEV)
		set_unreadable(thread, record);
	if (r < 0) {
		record->is_unreadable |= !note_error(record, "stat", r);
		return;
	}
	record->ppid = stat.ppid;
	record->state = stat.state;
	record->is_kernel = stat.is_kernel;
	record->started = stat.started;
	record->n_threads = stat.n_threads;
	record->comm = arena_copy(thread->arena, stat.comm, stat.comm_len);
	scan_state_mark(record, PART_STAT);
}

/* A zombie keeps only its user and PID namespaces. */
static void clear_zombie_namespaces(struct process_record *record)
{
	for (unsigned link = 0; link < NS_LINKS; link++) {
		if (link != NS_USER && link != NS_PID)
			record->inode[link] = 0;
	}
}

/* stat comes last: if it can still be read, the process existed during all reads before, so that
 * what was refused or missing in them was not so because the process had ended. */
static void read_opened(struct scan_thread *thread, struct process_record *record, int process)
{
	if (!read_directory(thread, record, process)) {
		set_unreadable(thread, record);
		return;
	}
	if (!record->is_gone)
		read_ns_dir(thread, record, process);
	if (!record->is_gone)
		read_nspid(thread, record, process);
	if (!record->is_gone && !thread->scan->without_containers)
		containers_read(thread, record, process);
	if (!record->is_gone)
		read_stat(thread, record, process);
	if (record->is_gone)
		return;
	if (!scan_state_has(record, PART_STAT))
		record->comm = "";
	if (scan_state_is_dead(record))
		clear_zombie_namespaces(record);
}

static void read_process(struct scan_thread *thread, void *data, size_t i)
{
	struct scan *const scan = thread->scan;
	struct kernel *const k = scan->kernel;
	struct process_record *const record = &scan->processes[i];
	const bool *const with_holders = data;
	const int process = k->ops->process_open(k, record->pid);

	if (process >= 0) {
		read_opened(thread, record, process);
		if (*with_holders)
			sources_read_process(thread, record, process);
		k->ops->close(k, process);
	} else if (!note_error(record, "process", process)) {
		set_unreadable(thread, record);
	}
	if (record->pid == scan->helper && !record->is_replaced) {
		record->refused = NULL;
		record->is_unreadable = false;
	}
	scan_state_step(scan);
}

int source_process_read(struct scan *scan, bool with_holders)
{
	return scan_state_run(scan, scan->n_processes, CHUNK, read_process, &with_holders);
}

/* The process may have ended since, or have started threads. If it has ended, it stays: the first
 * model of this scan shows it. */
static void read_holders(struct scan_thread *thread, void *data, size_t i)
{
	struct scan *const scan = thread->scan;
	struct kernel *const k = scan->kernel;
	struct process_record *const record = &scan->processes[i];
	struct proc_stat stat;
	int process;
	ssize_t r;

	(void)data;
	scan_state_step(scan);
	if (record->is_gone || !scan_state_has(record, PART_STAT))
		return;
	process = k->ops->process_open(k, record->pid);
	r = process < 0 ? process : parse_stat(thread, process, &stat);
	if (r < 0 && !scan_state_is_gone_error(r)) {
		scan_state_refuse(record, process < 0 ? "process" : "stat", r);
		record->is_unreadable = true;
	}
	if (r == 0 && stat.started == record->started) {
		if (stat.state == 'Z' && record->state != 'Z')
			clear_zombie_namespaces(record);
		record->state = stat.state;
		record->n_threads = stat.n_threads;
		sources_read_process(thread, record, process);
	}
	if (process >= 0)
		k->ops->close(k, process);
}

int source_process_read_holders(struct scan *scan)
{
	return scan_state_run(scan, scan->n_processes, CHUNK, read_holders, NULL);
}
