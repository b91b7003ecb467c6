/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_process.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/scan_threads.h"
#include "scan/visit.h"

#include <string.h>

/* The types that a zombie still has come first, then the rest. */
static const unsigned char LINK_ORDER[NS_LINKS] = {NS_USER, NS_PID, NS_MNT, NS_NET, NS_UTS, NS_IPC,
        NS_CGROUP, NS_TIME, NS_PID_FOR_CHILDREN, NS_TIME_FOR_CHILDREN};

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

/* What an error of a read means for the process: true if it has gone. */
static bool note_error(struct process_record *record, const char *what, long error)
{
	if (process_record_is_gone_error(error))
		record->has_gone = true;
	else
		process_record_refuse(record, what, error);
	return record->has_gone;
}

/* ENOENT says that the process has none: a zombie, a leader thread that ended before the others,
 * a kernel without that type, or no child born yet; that it has gone is left to stat to say. So is
 * EACCES, which a link gives too when its process has gone since it was looked up. */
static void read_links(struct scan_thread *thread, struct process_record *record, int ns_dir)
{
	struct kernel *const k = thread->scan->kernel;
	bool has_any = false;

	for (size_t i = 0; i < NS_LINKS; i++) {
		const unsigned link = LINK_ORDER[i];
		const int r = ns_link_read(k, ns_dir, &ns_links[link], &record->inode[link]);

		if (r == 0) {
			has_any = true;
			continue;
		}
		if (r == -ENOENT)
			continue;
		if (r == -ESRCH) {
			record->has_gone = true;
			return;
		}
		process_record_refuse(record, ns_links[link].note, r);
		record->is_problems_openable = true;
		/* The same right is asked for all of them. */
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
		record->is_problems_openable = !note_error(record, "ns", ns_dir);
		return;
	}
	read_links(thread, record, ns_dir);
	k->ops->close(k, ns_dir);
}

/* Whose the directory is. False: it is not the process's, or nothing is known of it. */
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
	record->is_uid_known = true;
	record->ino = directory.ino;
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

/* A process may be in 65,536 groups (setgroups(2)), and their line comes before that of its PIDs.
 */
static int parse_long_status(
        struct kernel *k, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	_cleanup_free_ char *text = memory_new(PROCESS_STATUS_MAX);
	const ssize_t n = k->ops->process_read(k, process, "status", text, PROCESS_STATUS_MAX);

	return n < 0 ? (int)n : proc_status_nspid(text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

static int parse_status(
        struct scan_thread *thread, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	struct kernel *const k = thread->scan->kernel;
	const ssize_t n =
	        k->ops->process_read(k, process, "status", thread->text, sizeof(thread->text));

	if (n < 0)
		return (int)n;
	if ((size_t)n == sizeof(thread->text))
		return parse_long_status(k, process, pids, ret_n);
	return proc_status_nspid(thread->text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

/* Its PIDs: in the PID namespace of that /proc it is the one by which it is listed; further in
 * only its status knows. */
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
	if (r == 0)
		set_nspid(thread, record, pids, n);
	else if (r != -ENODATA) /* Linux before 4.1 has no such line */
		note_error(record, "status", r);
}

static ssize_t parse_stat(struct scan_thread *thread, int process, struct proc_stat *ret)
{
	struct kernel *const k = thread->scan->kernel;
	const ssize_t r =
	        k->ops->process_read(k, process, "stat", thread->text, sizeof(thread->text));

	return r < 0 ? r : proc_stat_parse(thread->text, (size_t)r, ret);
}

/* Something is mounted over the process: of itself nothing is known but its number. */
static void set_unreadable(struct scan_thread *thread, struct process_record *record)
{
	record->is_problems_openable = true;
	record->is_stat_known = false;
	record->is_uid_known = false;
	record->comm = "";
	memset(record->inode, 0, sizeof(record->inode));
	set_nspid(thread, record, &record->pid, 1);
}

static void read_stat(struct scan_thread *thread, struct process_record *record, int process)
{
	struct proc_stat stat;
	ssize_t r = parse_stat(thread, process, &stat);

	/* Another process's directory is mounted over its own. */
	if (r >= 0 && stat.pid != record->pid)
		r = -EXDEV;
	if (r == -EXDEV)
		set_unreadable(thread, record);
	if (r < 0) {
		record->is_problems_openable |= !note_error(record, "stat", r);
		return;
	}
	record->is_stat_known = true;
	record->ppid = stat.ppid;
	record->state = stat.state;
	record->is_kernel = stat.is_kernel;
	record->started = stat.started;
	record->n_threads = stat.n_threads;
	record->comm = arena_copy(thread->arena, stat.comm, stat.comm_len);
}

/* What is left of a dead process: its user and PID namespaces. */
static void clear_zombie_namespaces(struct process_record *record)
{
	for (unsigned link = 0; link < NS_LINKS; link++) {
		if (link != NS_USER && link != NS_PID)
			record->inode[link] = 0;
	}
}

/* stat comes last: a process that it still finds was there for all that was read before, so what
 * was refused was refused, and what was missing was missing. */
static void read_opened(struct scan_thread *thread, struct process_record *record, int process)
{
	if (!read_directory(thread, record, process)) {
		set_unreadable(thread, record);
		return;
	}
	if (!record->has_gone)
		read_ns_dir(thread, record, process);
	if (!record->has_gone)
		read_nspid(thread, record, process);
	if (!record->has_gone)
		read_stat(thread, record, process);
	if (record->has_gone)
		return;
	if (!record->is_stat_known)
		record->comm = "";
	if (record->state == 'Z' || record->state == 'X')
		clear_zombie_namespaces(record);
	if (thread->is_whole)
		visit_process(thread, record, process);
}

static void read_process(struct scan_thread *thread, struct process_record *record)
{
	struct kernel *const k = thread->scan->kernel;
	const int process = k->ops->process_open(k, record->pid);

	if (process >= 0) {
		read_opened(thread, record, process);
		k->ops->close(k, process);
	} else if (!note_error(record, "process", process)) {
		set_unreadable(thread, record);
	}
	if (record->pid == thread->scan->options->helper && !record->is_replaced) {
		record->refused = NULL;
		record->is_problems_openable = false;
	}
}

int source_process_read(struct scan *scan, bool is_whole)
{
	return scan_threads_run(scan, read_process, is_whole);
}

/* The process was in the picture already, so it stays there, even if it has gone since. */
static int open_again(
        struct scan_thread *thread, const struct process_record *record, struct proc_stat *ret)
{
	struct kernel *const k = thread->scan->kernel;
	int process;

	if (record->has_gone || !record->is_stat_known)
		return -ESRCH;
	process = k->ops->process_open(k, record->pid);
	if (process < 0)
		return process;
	if (parse_stat(thread, process, ret) < 0 || ret->started != record->started) {
		k->ops->close(k, process);
		return -ESRCH;
	}
	return process;
}

/* What it is by now: it may have died, or become many threads. */
static void read_rest(struct scan_thread *thread, struct process_record *record)
{
	struct kernel *const k = thread->scan->kernel;
	struct proc_stat stat;
	const int process = open_again(thread, record, &stat);

	if (process < 0)
		return;
	if (stat.state == 'Z' && record->state != 'Z')
		clear_zombie_namespaces(record);
	record->state = stat.state;
	record->n_threads = stat.n_threads;
	visit_process(thread, record, process);
	k->ops->close(k, process);
}

int source_process_read_rest(struct scan *scan)
{
	return scan_threads_run(scan, read_rest, true);
}
