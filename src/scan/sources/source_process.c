/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_process.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc_stat.h"
#include "scan/readers.h"
#include "scan/visit.h"

#include <string.h>

/* The types that a zombie still has come first, then the rest. */
static const unsigned char LINK_ORDER[READING_LINKS] = {NS_USER, NS_PID, NS_MNT, NS_NET, NS_UTS,
        NS_IPC, NS_CGROUP, NS_TIME, READING_PID_FOR_CHILDREN, READING_TIME_FOR_CHILDREN};

int source_process_list(struct scan *scan)
{
	_cleanup_free_ pid_t *pids = NULL;
	size_t n;
	const int r = scan->kernel->ops->list_pids(scan->kernel, &pids, &n);

	if (r < 0)
		return r;
	scan->readings = memory_new((n ? n : 1) * sizeof(*scan->readings));
	scan->n_readings = n;
	for (size_t i = 0; i < n; i++)
		scan->readings[i].pid = pids[i];
	return 0;
}

/* What an error of a read means for the process: true if it has gone. */
static bool note_error(struct reading *reading, const char *what, long error)
{
	if (reading_is_gone_error(error))
		reading->has_gone = true;
	else
		reading_refuse(reading, what, error);
	return reading->has_gone;
}

/* ENOENT says that the process has none: a zombie, a leader thread that ended before the others,
 * a kernel without that type, or no child born yet; that it has gone is left to stat to say. So is
 * EACCES, which a link gives too when its process has gone since it was looked up. */
static void read_links(struct reader *reader, struct reading *reading, int ns_dir)
{
	struct kernel *const k = reader->scan->kernel;
	bool has_any = false;

	for (size_t i = 0; i < READING_LINKS; i++) {
		const unsigned link = LINK_ORDER[i];
		const int r =
		        reading_read_link(k, ns_dir, &reading_links[link], &reading->inode[link]);

		if (r == 0) {
			has_any = true;
			continue;
		}
		if (r == -ENOENT)
			continue;
		if (r == -ESRCH) {
			reading->has_gone = true;
			return;
		}
		reading_refuse(reading, reading_links[link].note, r);
		reading->is_problems_openable = true;
		/* The same right is asked for all of them. */
		if (!has_any && (r == -EACCES || r == -EPERM)) {
			reading->is_closed = true;
			return;
		}
	}
}

static void read_ns_dir(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	const int ns_dir = k->ops->ns_dir_open(k, process);

	if (ns_dir < 0) {
		reading->is_problems_openable = !note_error(reading, "ns", ns_dir);
		return;
	}
	read_links(reader, reading, ns_dir);
	k->ops->close(k, ns_dir);
}

/* Whose the directory is. False: it is not the process's, or nothing is known of it. */
static bool read_directory(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	struct kernel_process directory;
	const int r = k->ops->process_stat(k, process, &directory);

	if (r < 0) {
		note_error(reading, r == -EXDEV ? "process" : "uid", r);
		return r != -EXDEV;
	}
	reading->uid = directory.uid;
	reading->is_uid_known = true;
	reading->ino = directory.ino;
	return true;
}

static void set_nspid(struct reader *reader, struct reading *reading, const pid_t *pids, size_t n)
{
	pid_t *const copy = arena_array(reader->arena, n, sizeof(*copy));

	memcpy(copy, pids, n * sizeof(*copy));
	reading->nspid = copy;
	reading->n_nspid = n;
}

/* A process may be in 65,536 groups (setgroups(2)), and their line comes before that of its PIDs.
 */
static int parse_long_status(
        struct kernel *k, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	_cleanup_free_ char *text = memory_new(READING_STATUS_MAX);
	const ssize_t n = k->ops->process_read(k, process, "status", text, READING_STATUS_MAX);

	return n < 0 ? (int)n : proc_status_nspid(text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

static int parse_status(
        struct reader *reader, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	struct kernel *const k = reader->scan->kernel;
	const ssize_t n =
	        k->ops->process_read(k, process, "status", reader->text, sizeof(reader->text));

	if (n < 0)
		return (int)n;
	if ((size_t)n == sizeof(reader->text))
		return parse_long_status(k, process, pids, ret_n);
	return proc_status_nspid(reader->text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

/* Its PIDs: in the PID namespace of that /proc it is the one by which it is listed; further in
 * only its status knows. */
static void read_nspid(struct reader *reader, struct reading *reading, int process)
{
	const uint64_t here = reader->scan->host.pid_ns;
	pid_t pids[PROC_NSPID_MAX];
	size_t n;
	int r;

	set_nspid(reader, reading, &reading->pid, 1);
	if (here != 0 && reading->inode[NS_PID] == here)
		return;
	r = parse_status(reader, process, pids, &n);
	if (r == 0)
		set_nspid(reader, reading, pids, n);
	else if (r != -ENODATA) /* Linux before 4.1 has no such line */
		note_error(reading, "status", r);
}

static ssize_t parse_stat(struct reader *reader, int process, struct proc_stat *ret)
{
	struct kernel *const k = reader->scan->kernel;
	const ssize_t r =
	        k->ops->process_read(k, process, "stat", reader->text, sizeof(reader->text));

	return r < 0 ? r : proc_stat_parse(reader->text, (size_t)r, ret);
}

/* Something is mounted over the process: of itself nothing is known but its number. */
static void set_unreadable(struct reader *reader, struct reading *reading)
{
	reading->is_problems_openable = true;
	reading->is_stat_known = false;
	reading->is_uid_known = false;
	reading->comm = "";
	memset(reading->inode, 0, sizeof(reading->inode));
	set_nspid(reader, reading, &reading->pid, 1);
}

static void read_stat(struct reader *reader, struct reading *reading, int process)
{
	struct proc_stat stat;
	ssize_t r = parse_stat(reader, process, &stat);

	/* Another process's directory is mounted over its own. */
	if (r >= 0 && stat.pid != reading->pid)
		r = -EXDEV;
	if (r == -EXDEV)
		set_unreadable(reader, reading);
	if (r < 0) {
		reading->is_problems_openable |= !note_error(reading, "stat", r);
		return;
	}
	reading->is_stat_known = true;
	reading->ppid = stat.ppid;
	reading->state = stat.state;
	reading->is_kernel = stat.is_kernel;
	reading->started = stat.started;
	reading->n_threads = stat.n_threads;
	reading->comm = arena_copy(reader->arena, stat.comm, stat.comm_len);
}

/* What is left of a dead process: its user and PID namespaces. */
static void bury(struct reading *reading)
{
	for (unsigned link = 0; link < READING_LINKS; link++) {
		if (link != NS_USER && link != NS_PID)
			reading->inode[link] = 0;
	}
}

/* stat comes last: a process that it still finds was there for all that was read before, so what
 * was refused was refused, and what was missing was missing. */
static void read_opened(struct reader *reader, struct reading *reading, int process)
{
	if (!read_directory(reader, reading, process)) {
		set_unreadable(reader, reading);
		return;
	}
	if (!reading->has_gone)
		read_ns_dir(reader, reading, process);
	if (!reading->has_gone)
		read_nspid(reader, reading, process);
	if (!reading->has_gone)
		read_stat(reader, reading, process);
	if (reading->has_gone)
		return;
	if (!reading->is_stat_known)
		reading->comm = "";
	if (reading->state == 'Z' || reading->state == 'X')
		bury(reading);
	if (reader->is_whole)
		visit_process(reader, reading, process);
}

static void read_process(struct reader *reader, struct reading *reading)
{
	struct kernel *const k = reader->scan->kernel;
	const int process = k->ops->process_open(k, reading->pid);

	if (process >= 0) {
		read_opened(reader, reading, process);
		k->ops->close(k, process);
	} else if (!note_error(reading, "process", process)) {
		set_unreadable(reader, reading);
	}
	if (reading->pid == reader->scan->options->helper && !reading->is_replaced) {
		reading->refused = NULL;
		reading->is_problems_openable = false;
	}
}

int source_process_read(struct scan *scan, bool is_whole)
{
	return readers_run(scan, read_process, is_whole);
}

/* The process was in the picture already, so it stays there, even if it has gone since. */
static int open_again(struct reader *reader, const struct reading *reading, struct proc_stat *ret)
{
	struct kernel *const k = reader->scan->kernel;
	int process;

	if (reading->has_gone || !reading->is_stat_known)
		return -ESRCH;
	process = k->ops->process_open(k, reading->pid);
	if (process < 0)
		return process;
	if (parse_stat(reader, process, ret) < 0 || ret->started != reading->started) {
		k->ops->close(k, process);
		return -ESRCH;
	}
	return process;
}

/* What it is by now: it may have died, or become many threads. */
static void read_rest(struct reader *reader, struct reading *reading)
{
	struct kernel *const k = reader->scan->kernel;
	struct proc_stat stat;
	const int process = open_again(reader, reading, &stat);

	if (process < 0)
		return;
	if (stat.state == 'Z' && reading->state != 'Z')
		bury(reading);
	reading->state = stat.state;
	reading->n_threads = stat.n_threads;
	visit_process(reader, reading, process);
	k->ops->close(k, process);
}

int source_process_read_rest(struct scan *scan)
{
	return readers_run(scan, read_rest, true);
}
