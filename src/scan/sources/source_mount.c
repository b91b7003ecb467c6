/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "scan/reopen.h"
#include "scan/sources/mount_table.h"
#include "scan/sources/sources.h"

#include <limits.h>
#include <string.h>

enum {
	PART = 64 * 1024,
	TRIES = 16, /* members that are tried to find one with the root of the mount namespace */
};

/* A process or thread in a mount namespace. */
struct member {
	uint64_t inode; /* of the mount namespace; 0: not known */
	struct process_record *record;
	pid_t tid; /* 0: the process */
};

/* One mountinfo at a time, for one thread of the scan. */
struct mountinfo {
	struct scan_thread *thread;
	struct reopen reopen;
	char *text;
	size_t len, capacity;
	bool is_cut;         /* longer than KERNEL_MOUNTINFO_MAX */
	char root[PATH_MAX]; /* of the process it was read from; "": the same as "/" */
	bool with_ids;       /* collect the ids of all mounts */
	struct u64_set ids;
};

/* --- One mountinfo --- */

static struct mountinfo *mountinfo_new(struct scan_thread *thread, bool with_ids)
{
	struct mountinfo *const info = memory_new(sizeof(*info));

	info->thread = thread;
	info->with_ids = with_ids;
	reopen_init(&info->reopen, thread->scan);
	return info;
}

static void mountinfo_free(struct mountinfo *info)
{
	reopen_release(&info->reopen);
	u64_set_release(&info->ids);
	free(info->text);
	free(info);
}

/* Reads the mountinfo of a process or thread by its handle, up to KERNEL_MOUNTINFO_MAX bytes. */
static int read_text(struct mountinfo *info, int at)
{
	struct scan *const scan = info->thread->scan;
	struct kernel *const k = scan->kernel;
	const int file = k->ops->file_open(k, at, "mountinfo");
	ssize_t n = file;

	if (file < 0)
		return file;
	info->len = 0;
	do {
		if (scan_state_is_cancelled(scan)) {
			n = -ECANCELED;
			break;
		}
		info->text =
		        memory_grow(info->text, &info->capacity, info->len + PART, sizeof(char));
		n = k->ops->file_read(k, file, info->text + info->len, PART);
		if (n > 0)
			info->len += (size_t)n;
	} while (n > 0 && info->len < KERNEL_MOUNTINFO_MAX);
	info->is_cut = n > 0;
	k->ops->close(k, file);
	return n < 0 ? (int)n : 0;
}

/* Sets info->root. Returns true if the root directory of the process is that of its mount
 * namespace, which is assumed if its link is refused. */
static bool read_root(struct mountinfo *info, int at)
{
	struct kernel *const k = info->thread->scan->kernel;
	const ssize_t n = k->ops->root_link(k, at, info->root, sizeof(info->root) - 1);

	info->root[n > 0 ? n : 0] = '\0';
	if (strcmp(info->root, "/") == 0)
		info->root[0] = '\0';
	return info->root[0] == '\0';
}

static void take_mounts(struct mountinfo *info, const struct member *member)
{
	if (info->with_ids)
		mount_table_ids(info->text, info->len, &info->ids);
	mount_table_add_holders(info->thread, info->text, info->len, info->root,
	        &(struct holder_record){
	                .process = member->record, .tid = member->tid, .mnt = member->inode});
	if (info->is_cut) {
		process_record_refuse(member->record, "mountinfo", -EFBIG);
		member->record->is_unreadable = true;
	}
}

/* --- The mount namespaces of processes and threads --- */

/* Reads a mount namespace by one of its members. Returns true if that is done. */
static bool read_member(struct mountinfo *info, const struct member *member, bool must_have_root)
{
	struct process_record *const record = member->record;
	const int at = reopen_process(&info->reopen, record, member->tid);
	int r;

	if (at < 0 || (!read_root(info, at) && must_have_root))
		return false;
	r = read_text(info, at);
	if (r < 0 && !process_record_is_gone_error(r) && r != -ECANCELED)
		process_record_refuse(record, "mountinfo", r);
	if (r < 0 || !reopen_is_still_in(&info->reopen, record, member->tid, NS_MNT, member->inode))
		return false;
	take_mounts(info, member);
	return true;
}

/* All members, sorted by mount namespace. */
struct groups {
	struct member *members;
	size_t n_members, capacity;
	size_t *starts; /* the first member of each mount namespace, and the end of the last */
	size_t n;
	bool with_ids;
	struct mountinfo *infos[SCAN_THREADS_MAX]; /* of each thread; NULL: none yet */
};

static void read_group(struct scan_thread *thread, void *data, size_t i)
{
	struct groups *const groups = data;
	const struct member *const members = &groups->members[groups->starts[i]];
	const size_t n = groups->starts[i + 1] - groups->starts[i];
	struct mountinfo *info = groups->infos[thread->number];

	if (!info)
		info = groups->infos[thread->number] = mountinfo_new(thread, groups->with_ids);
	for (size_t j = 0; j < n && j < TRIES; j++) {
		if (read_member(info, &members[j], true))
			return;
	}
	for (size_t j = 0; j < n && !scan_state_is_cancelled(thread->scan); j++) {
		if (read_member(info, &members[j], false))
			return;
	}
}

static void add_member(
        struct groups *groups, uint64_t inode, struct process_record *record, pid_t tid)
{
	MEMORY_APPEND(groups->members, groups->n_members, groups->capacity) =
	        (struct member){inode, record, tid};
}

static int by_namespace(const void *a, const void *b)
{
	const struct member *const left = a, *const right = b;

	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	if (left->record != right->record)
		return COMPARE(left->record, right->record);
	return COMPARE(left->tid, right->tid);
}

static void make_groups(struct groups *groups, const struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		if (!record->is_gone && record->inode[NS_MNT] != 0)
			add_member(groups, record->inode[NS_MNT], record, 0);
	}
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (holders_is_kind(holder, HOLDER_THREAD) && holder->type == NS_MNT)
			add_member(groups, holder->inode, holder->process, holder->tid);
	}
	if (groups->n_members > 0)
		qsort(groups->members, groups->n_members, sizeof(*groups->members), by_namespace);
	groups->starts = memory_new((groups->n_members + 1) * sizeof(*groups->starts));
	for (size_t i = 0; i < groups->n_members; i++) {
		if (i == 0 || groups->members[i].inode != groups->members[i - 1].inode)
			groups->starts[groups->n++] = i;
	}
	groups->starts[groups->n] = groups->n_members;
}

/* --- Processes whose mount namespace was refused --- */

static bool is_refused(const struct process_record *record)
{
	return !record->is_gone && record->inode[NS_MNT] == 0 && !record->is_kernel &&
	       record->is_unreadable && !process_record_is_dead(record);
}

static bool has_refused(const struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (is_refused(&scan->processes[i]))
			return true;
	}
	return false;
}

/* The id of the first mount that a process sees; 0 if it cannot be read. */
static unsigned read_first_id(struct kernel *k, int at)
{
	const int file = k->ops->file_open(k, at, "mountinfo");
	char text[64];
	ssize_t n;

	if (file < 0)
		return 0;
	n = k->ops->file_read(k, file, text, sizeof(text));
	k->ops->close(k, file);
	return n > 0 ? mount_table_first_id(text, (size_t)n) : 0;
}

/* Reads their mounts, unless the id of the first one shows that the mount namespace was read. */
static void read_refused(struct scan *scan, const struct groups *groups)
{
	struct mountinfo *const info = mountinfo_new(scan->threads[0], true);

	for (unsigned i = 0; i < scan->n_threads; i++) {
		const struct u64_set *const ids = groups->infos[i] ? &groups->infos[i]->ids : NULL;

		for (size_t j = 0; ids && j < ids->n; j++)
			u64_set_push(&info->ids, ids->items[j]);
	}
	u64_set_sort(&info->ids);
	for (size_t i = 0; i < scan->n_processes && !scan_state_is_cancelled(scan); i++) {
		const struct member member = {.record = &scan->processes[i]};
		unsigned first;
		int at;

		if (!is_refused(member.record))
			continue;
		at = reopen_process(&info->reopen, member.record, 0);
		first = at < 0 ? 0 : read_first_id(scan->kernel, at);
		if (first == 0 || u64_set_has(&info->ids, first) || read_text(info, at) < 0)
			continue;
		read_root(info, at);
		take_mounts(info, &member);
		u64_set_sort(&info->ids);
	}
	mountinfo_free(info);
}

int source_mount_read(struct scan *scan)
{
	struct groups groups = {.with_ids = has_refused(scan)};
	int r;

	make_groups(&groups, scan);
	r = scan_threads_run(scan, groups.n, 1, read_group, &groups);
	if (r == 0 && groups.with_ids)
		read_refused(scan, &groups);
	for (unsigned i = 0; i < scan->n_threads; i++) {
		if (groups.infos[i])
			mountinfo_free(groups.infos[i]);
	}
	scan_threads_gather(scan);
	free(groups.starts);
	free(groups.members);
	return scan_state_is_cancelled(scan) ? -ECANCELED : r;
}
