/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/source_process.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc_cmdline.h"
#include "kernel/proc_link.h"
#include "kernel/proc_stat.h"
#include "scan/readers.h"

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

static int parse_link(
        const struct reading_link *link, const char *text, size_t len, uint64_t *ret_inode)
{
	const char *const type = ns_type_name(link->type);
	struct proc_link parsed;
	const int r = proc_link_parse(text, len, &parsed);

	if (r < 0)
		return r;
	if (parsed.type_len != strlen(type) || memcmp(parsed.type, type, parsed.type_len) != 0)
		return -EINVAL;
	*ret_inode = parsed.inode;
	return 0;
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
		char text[64];
		ssize_t r =
		        k->ops->ns_link(k, ns_dir, reading_links[link].name, text, sizeof(text));

		if (r >= 0)
			r = parse_link(
			        &reading_links[link], text, (size_t)r, &reading->inode[link]);
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
		reading->is_unreadable = true;
		/* The same right is asked for all of them. */
		if (!has_any && (r == -EACCES || r == -EPERM))
			return;
	}
}

static void read_ns_dir(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	const int ns_dir = k->ops->ns_dir_open(k, process);

	if (ns_dir < 0) {
		reading->is_unreadable = !note_error(reading, "ns", ns_dir);
		return;
	}
	read_links(reader, reading, ns_dir);
	k->ops->close(k, ns_dir);
}

static void read_uid(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	const int r = k->ops->process_uid(k, process, &reading->uid);

	if (r < 0)
		note_error(reading, "uid", r);
	else
		reading->is_uid_known = true;
}

static void set_nspid(struct reader *reader, struct reading *reading, const pid_t *pids, size_t n)
{
	pid_t *const copy = arena_array(reader->arena, n, sizeof(*copy));

	memcpy(copy, pids, n * sizeof(*copy));
	reading->nspid = copy;
	reading->n_nspid = n;
}

/* Its PIDs: in the PID namespace of that /proc it is the one by which it is listed; further in
 * only its status knows. */
static void read_nspid(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	const uint64_t here = reader->scan->host.pid_ns;
	pid_t pids[PROC_NSPID_MAX];
	size_t n;
	ssize_t r;

	set_nspid(reader, reading, &reading->pid, 1);
	if (here != 0 && reading->inode[NS_PID] == here)
		return;
	r = k->ops->process_read(k, process, "status", reader->text, sizeof(reader->text));
	if (r < 0) {
		note_error(reading, "status", r);
		return;
	}
	if (proc_status_nspid(reader->text, (size_t)r, pids, PROC_NSPID_MAX, &n) == 0)
		set_nspid(reader, reading, pids, n);
}

static ssize_t parse_stat(struct reader *reader, int process, struct proc_stat *ret)
{
	struct kernel *const k = reader->scan->kernel;
	const ssize_t r =
	        k->ops->process_read(k, process, "stat", reader->text, sizeof(reader->text));

	return r < 0 ? r : proc_stat_parse(reader->text, (size_t)r, ret);
}

static void read_stat(struct reader *reader, struct reading *reading, int process)
{
	struct proc_stat stat;
	const ssize_t r = parse_stat(reader, process, &stat);

	if (r < 0) {
		reading->is_unreadable |= !note_error(reading, "stat", r);
		return;
	}
	reading->is_stat_known = true;
	reading->ppid = stat.ppid;
	reading->state = stat.state;
	reading->is_kernel = stat.is_kernel;
	reading->started = stat.started;
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

/* Into reader->cmdline: its length, 0 if it cannot be read. */
static size_t read_cmdline(struct reader *reader, struct reading *reading, int process)
{
	struct kernel *const k = reader->scan->kernel;
	const ssize_t r = k->ops->process_read(
	        k, process, "cmdline", reader->cmdline, sizeof(reader->cmdline));

	if (r >= 0)
		return (size_t)r;
	note_error(reading, "cmdline", r);
	return 0;
}

static void set_name(struct reader *reader, struct reading *reading, size_t cmdline_len)
{
	reading->name =
	        proc_cmdline_name(reader->arena, reader->cmdline, cmdline_len, reading->comm);
	if (reader->scan->options->with_cmdlines)
		reading->cmdline = proc_cmdline_split(reader->arena, reader->cmdline, cmdline_len);
}

/* stat comes last: a process that it still finds was there for all that was read before, so what
 * was refused was refused, and what was missing was missing. */
static void read_opened(struct reader *reader, struct reading *reading, int process)
{
	size_t cmdline_len = 0;

	read_uid(reader, reading, process);
	if (!reading->has_gone)
		read_ns_dir(reader, reading, process);
	if (!reading->has_gone)
		read_nspid(reader, reading, process);
	if (!reading->has_gone && reader->with_names)
		cmdline_len = read_cmdline(reader, reading, process);
	if (!reading->has_gone)
		read_stat(reader, reading, process);
	if (reading->has_gone)
		return;
	if (!reading->is_stat_known)
		reading->comm = "";
	if (reading->state == 'Z' || reading->state == 'X')
		bury(reading);
	if (reader->with_names)
		set_name(reader, reading, cmdline_len);
}

static void read_process(struct reader *reader, struct reading *reading)
{
	struct kernel *const k = reader->scan->kernel;
	const int process = k->ops->process_open(k, reading->pid);

	if (process >= 0) {
		read_opened(reader, reading, process);
		k->ops->close(k, process);
	} else if (!note_error(reading, "process", process)) {
		reading->is_unreadable = true;
		reading->comm = "";
		set_nspid(reader, reading, &reading->pid, 1);
	}
	if (reading->pid == reader->scan->options->helper) {
		reading->refused = NULL;
		reading->is_unreadable = false;
	}
}

int source_process_read(struct scan *scan, bool with_names)
{
	return readers_run(scan, read_process, with_names);
}

/* The process was in the picture already, so it stays there, even if it has gone since. */
static void read_name(struct reader *reader, struct reading *reading)
{
	struct kernel *const k = reader->scan->kernel;
	struct proc_stat stat;
	ssize_t r;
	int process;

	if (reading->name || reading->has_gone || !reading->is_stat_known)
		return;
	process = k->ops->process_open(k, reading->pid);
	if (process < 0)
		return;
	r = k->ops->process_read(k, process, "cmdline", reader->cmdline, sizeof(reader->cmdline));
	if (r < 0 && !reading_is_gone_error(r))
		reading_refuse(reading, "cmdline", r);
	if (r >= 0 && parse_stat(reader, process, &stat) == 0 && stat.started == reading->started)
		set_name(reader, reading, (size_t)r);
	k->ops->close(k, process);
}

static void read_leader_name(struct reader *reader, struct reading *reading)
{
	if (reading->is_leader)
		read_name(reader, reading);
}

int source_process_read_names(struct scan *scan, bool only_leaders)
{
	return readers_run(scan, only_leaders ? read_leader_name : read_name, true);
}
