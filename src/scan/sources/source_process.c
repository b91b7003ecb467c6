/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/containers.h"
#include "scan/nspid.h"
#include "scan/sources/sources.h"
#include "scan/visit.h"

#include <errno.h>
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
	static const unsigned char order[NS_TYPES] = {
	        NS_USER, NS_PID, NS_MNT, NS_NET, NS_UTS, NS_IPC, NS_CGROUP, NS_TIME};
	struct kernel *const k = thread->scan->kernel;
	bool has_any = false;

	for (size_t i = 0; i < NS_TYPES; i++) {
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

/* The namespaces for children, in the same way. */
static void read_links_for_children(
        struct scan_thread *thread, struct process_record *record, int ns_dir)
{
	struct kernel *const k = thread->scan->kernel;

	for (unsigned i = NS_TYPES; i < NS_LINKS; i++) {
		const struct ns_link *const link = &scan_state_links[i];
		int r = scan_state_read_link(k, ns_dir, link, &record->inode[i]);

		/* A process that ends has no link, too. */
		if (i == NS_PID_FOR_CHILDREN && r == -ENOENT && record->inode[NS_MNT] != 0) {
			uint64_t born;

			r = scan_state_read_unborn(k, ns_dir, &record->inode[i]);
			/* Or the first child has been created in between. */
			record->lacks_link =
			        r == 0 && scan_state_read_link(k, ns_dir, link, &born) == -ENOENT;
		}
		if (r == -ESRCH)
			return;
		if (r < 0 && r != -ENOENT) {
			scan_state_refuse(record, link->note, r);
			record->is_unreadable = true;
		}
	}
	scan_state_mark(record, PART_FOR_CHILDREN);
}

/* Returns a handle or a negative errno. */
static int read_ns_dir(struct scan_thread *thread, struct process_record *record, int process)
{
	struct kernel *const k = thread->scan->kernel;
	const int ns_dir = k->ops->ns_dir_open(k, process);

	if (ns_dir < 0) {
		record->is_unreadable = !note_error(record, "ns", ns_dir);
		return ns_dir;
	}
	read_links(thread, record, ns_dir);
	if (!record->is_closed)
		scan_state_mark(record, PART_LINKS);
	return ns_dir;
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
	nspid_set_plain(thread, record);
}

static bool is_refusal(long error)
{
	return error == -EPERM || error == -EACCES;
}

/* A process that ends has no link pid_for_children some time before it is a zombie. It has made no
 * PID namespace. */
static void forget_lost_link(struct process_record *record, bool is_ending)
{
	if (is_ending && !scan_state_is_dead(record) && record->inode[NS_PID_FOR_CHILDREN] == 0)
		record->read_at[PART_FOR_CHILDREN] = 0;
}

static void read_stat(struct open_process *open)
{
	struct scan_thread *const thread = open->thread;
	struct process_record *const record = open->record;
	struct proc_stat stat;
	ssize_t r = parse_stat(thread, open->process, &stat);

	/* The directory of another process is mounted over that of this one. */
	if (r >= 0 && stat.pid != record->pid)
		r = -EXDEV;
	if (r == -EXDEV)
		set_unreadable(thread, record);
	if (r < 0) {
		record->is_unreadable |= !note_error(record, "stat", r);
		open->is_stat_failed = !is_refusal(r);
		return;
	}
	record->ppid = stat.ppid;
	record->state = stat.state;
	record->is_kernel = stat.is_kernel;
	record->started = stat.started;
	record->n_threads = stat.n_threads;
	record->comm = arena_copy(thread->arena, stat.comm, stat.comm_len);
	scan_state_mark(record, PART_STAT);
	forget_lost_link(record, stat.is_exiting);
}

/* A zombie keeps only its user and PID namespaces. */
static void clear_zombie_namespaces(struct process_record *record)
{
	for (unsigned link = 0; link < NS_LINKS; link++) {
		if (link != NS_USER && link != NS_PID)
			record->inode[link] = 0;
	}
}

static void read_nspid(struct open_process *open, bool must_be_quick)
{
	const int r =
	        nspid_read(open->thread, open->record, open->process, open->ns_dir, must_be_quick);

	if (r < 0)
		note_error(open->record, "status", r);
}

static void check_nspid(struct open_process *open)
{
	const int r = nspid_check(open->thread, open->record, open->process);

	if (r < 0)
		note_error(open->record, "status", r);
}

static void visit(struct open_process *open, bool is_whole)
{
	visit_claim(open->thread, open->record);
	if (is_whole) {
		read_links_for_children(open->thread, open->record, open->ns_dir);
		visit_read(open->thread, open->record, open->process, open->ns_dir);
	} else {
		visit_keys(open->thread, open->record, open->ns_dir);
	}
}

/* stat comes last: if it can still be read, the process existed during all reads before, so that
 * what was refused or missing in them was not so because the process had ended. */
static void read_opened(struct open_process *open, bool is_whole)
{
	struct scan_thread *const thread = open->thread;
	struct process_record *const record = open->record;

	if (!read_directory(thread, record, open->process)) {
		set_unreadable(thread, record);
		return;
	}
	if (!record->is_gone)
		open->ns_dir = read_ns_dir(thread, record, open->process);
	if (!record->is_gone && open->ns_dir >= 0 && !record->is_closed)
		visit(open, is_whole);
	if (!record->is_gone)
		read_nspid(open, !is_whole);
	/* The quick model has the containers of those that are first in a namespace. */
	record->is_cgroup_unread = thread->scan->with_visits && !thread->scan->without_containers &&
	                           !is_whole && record->claimed == 0;
	if (!record->is_gone && !thread->scan->without_containers && !record->is_cgroup_unread)
		containers_read(thread, record, open->process);
	if (!record->is_gone)
		read_stat(open);
	if (!record->is_gone)
		check_nspid(open);
	if (record->is_gone)
		return;
	if (!scan_state_has(record, PART_STAT))
		record->comm = "";
	if (scan_state_is_dead(record))
		clear_zombie_namespaces(record);
}

static void close_process(struct open_process *open)
{
	struct kernel *const k = open->thread->scan->kernel;

	kernel_close(k, open->ns_dir);
	kernel_close(k, open->process);
}

static void read_process(struct scan_thread *thread, void *data, size_t i)
{
	struct scan *const scan = thread->scan;
	struct process_record *const record = &scan->processes[i];
	const bool *const is_whole = data;
	struct open_process open = {.thread = thread,
	        .record = record,
	        .process = scan->kernel->ops->process_open(scan->kernel, record->pid),
	        .ns_dir = -EBADF};

	if (open.process >= 0) {
		read_opened(&open, *is_whole);
		if (*is_whole)
			sources_read_process(&open);
	} else if (!note_error(record, "process", open.process)) {
		set_unreadable(thread, record);
		open.is_stat_failed = !is_refusal(open.process);
	}
	close_process(&open);
	/* The helper is not dumpable: nobody may read its namespaces, and with hidepid not its stat
	 * either. Other errors of its stat are reported. */
	if (record->pid == scan->helper && !record->is_replaced && !open.is_stat_failed) {
		record->refused = NULL;
		record->is_unreadable = false;
	}
	scan_state_step(scan);
}

static void end_thread(struct scan_thread *thread, _unused_ void *data)
{
	nspid_release(thread);
}

/* container_mounts.h needs it while the processes are read. */
static uint64_t read_own_mnt(struct scan *scan)
{
	struct kernel *const k = scan->kernel;
	const int process = k->ops->process_open(k, scan->host.self);
	const int ns_dir = process < 0 ? process : k->ops->ns_dir_open(k, process);
	uint64_t inode = 0;

	if (ns_dir < 0 || scan_state_read_link(k, ns_dir, &scan_state_links[NS_MNT], &inode) < 0)
		inode = 0;
	kernel_close(k, ns_dir);
	kernel_close(k, process);
	return inode;
}

int source_process_read(struct scan *scan, bool is_whole)
{
	if (scan->host.self != 0 && scan->own_mnt == 0)
		scan->own_mnt = read_own_mnt(scan);
	return scan_state_run(scan, scan->n_processes, CHUNK, read_process, end_thread, &is_whole);
}

/* --- the second time -------------------------------------------------------------------------- */

/* Returns false if it is not the process that was read, or that cannot be known. */
static bool check_process(struct open_process *open)
{
	struct process_record *const record = open->record;
	struct proc_stat stat;
	const ssize_t r =
	        open->process < 0 ? open->process : parse_stat(open->thread, open->process, &stat);

	if (r < 0 && !scan_state_is_gone_error(r)) {
		scan_state_refuse(record, open->process < 0 ? "process" : "stat", r);
		record->is_unreadable = true;
	}
	if (r < 0 || stat.started != record->started)
		return false;
	if (stat.state == 'Z' && record->state != 'Z')
		clear_zombie_namespaces(record);
	record->state = stat.state;
	record->n_threads = stat.n_threads;
	return true;
}

/* A link for children that is missing means something only if the process has not ended. */
static void read_late_links(struct open_process *open)
{
	struct process_record *const record = open->record;
	struct kernel *const k = open->thread->scan->kernel;

	if (record->is_closed || !scan_state_has(record, PART_LINKS))
		return;
	open->ns_dir = k->ops->ns_dir_open(k, open->process);
	if (open->ns_dir < 0) {
		sources_is_refused(open, open->process, "ns", open->ns_dir);
		return;
	}
	if (record->state == 'Z')
		return;
	read_links_for_children(open->thread, record, open->ns_dir);
	if (record->inode[NS_PID_FOR_CHILDREN] == 0)
		forget_lost_link(record, scan_state_is_ending(k, open->process, true));
}

static void read_late_nspid(struct open_process *open)
{
	const int r = nspid_read(open->thread, open->record, open->process, open->ns_dir, false);

	if (r < 0)
		scan_state_refuse(open->record, "status", r);
}

/* The process may have ended since, or have started threads. If it has ended, it stays: the first
 * model of this scan shows it. */
static void read_again(struct scan_thread *thread, _unused_ void *data, size_t i)
{
	struct scan *const scan = thread->scan;
	struct process_record *const record = &scan->processes[i];
	struct open_process open = {
	        .thread = thread, .record = record, .process = -EBADF, .ns_dir = -EBADF};
	const bool is_cgroup_unread = record->is_cgroup_unread;

	record->is_cgroup_unread = false;
	scan_state_step(scan);
	if (record->is_gone || !scan_state_has(record, PART_STAT))
		return;
	open.process = scan->kernel->ops->process_open(scan->kernel, record->pid);
	if (check_process(&open)) {
		if (is_cgroup_unread)
			containers_read(thread, record, open.process);
		read_late_links(&open);
		read_late_nspid(&open);
		visit_read(thread, record, open.process, open.ns_dir);
		sources_read_process(&open);
	}
	close_process(&open);
}

int source_process_read_holders(struct scan *scan)
{
	return scan_state_run(scan, scan->n_processes, CHUNK, read_again, end_thread, NULL);
}
