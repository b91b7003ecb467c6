/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/container_mounts.h"
#include "scan/pins.h"
#include "scan/reopen.h"
#include "scan/sources/sources.h"

#include <limits.h>
#include <string.h>

/* --- the mounts in a mountinfo --------------------------------------------------------------- */

/* False if no mount in the text is of a namespace. */
static bool may_hold(const char *text, size_t len)
{
	static const char type[] = " - nsfs ";

	return memmem(text, len, type, strlen(type));
}

static bool get_mount(struct proc_mount_table *table, size_t i, struct holder_record *ret)
{
	const struct proc_mount *const mount = &table->mounts[i];
	struct proc_link link;

	if (!proc_mountinfo_equals(mount->type, "nsfs") ||
	        proc_link_parse(mount->root.bytes, mount->root.len, &link) < 0 ||
	        !nstype_from_name(link.type, link.type_len, &ret->type))
		return false;
	ret->kind = HOLDER_MOUNT;
	ret->inode = link.inode;
	ret->access = proc_mountinfo_table_access(table, i);
	return true;
}

void source_mount_add_holders(struct scan_thread *thread, const char *text, size_t len,
        const char *root, const struct holder_record *seen_by)
{
	const size_t root_len = strlen(root);
	struct proc_mount_table table;

	pins_note(thread, text, len, root, seen_by);
	if (!may_hold(text, len))
		return;
	proc_mountinfo_table_init(&table, text, len);
	for (size_t i = 0; i < table.n && !scan_state_is_cancelled(thread->scan); i++) {
		const struct proc_slice point = table.mounts[i].point;
		struct holder_record holder = *seen_by;
		char *path;

		if (!get_mount(&table, i, &holder))
			continue;
		path = arena_alloc(thread->arena, root_len + point.len + 1);
		memcpy(path, root, root_len);
		proc_mountinfo_unescape(point, path + root_len);
		holder.fd = -1;
		holder.handle = -1;
		holder.path = path;
		holder.root_len = root_len;
		scan_state_add(&thread->holders, &holder);
	}
	proc_mountinfo_table_release(&table);
}

void source_mount_record(struct scan_thread *thread, const char *text, size_t len, const char *root,
        bool is_cut, const struct holder_record *seen_by)
{
	proc_mountinfo_ids(text, len, &thread->mount_ids);
	source_mount_add_holders(thread, text, len, root, seen_by);
	container_mounts_note(thread, seen_by->mnt, text, len);
	if (is_cut) {
		scan_state_refuse(seen_by->process, "mountinfo", -EFBIG);
		seen_by->process->is_unreadable = true;
	}
}

/* --- reading a mountinfo --------------------------------------------------------------------- */

enum { PART = 64 * 1024 };

/* A process or thread in a mount namespace. */
struct member {
	uint64_t inode; /* of the mount namespace; 0: not known */
	struct process_record *record;
	pid_t tid; /* 0: the process */
};

/* One mountinfo at a time, for one thread of the scan. */
struct mountinfo {
	struct scan_thread *thread;
	struct reopen *reopen; /* reads it */
	char *text;            /* memory of the thread */
	size_t len;
	bool is_cut;         /* longer than KERNEL_MOUNTINFO_MAX */
	bool is_refused;     /* the root directory is not known */
	bool has_root;       /* it is that of the mount namespace */
	char root[PATH_MAX]; /* of the process it was read from; "": the same as "/" */
	/* The last of the members that were tried whose read failed, and the error; NULL: none. */
	struct process_record *refuser;
	int refusal;
	const struct member *chrooted; /* one with another root directory; NULL: none */
};

/* Reads the mountinfo of a process or thread by its handle, up to KERNEL_MOUNTINFO_MAX bytes. */
static int read_text(struct mountinfo *info, int at)
{
	struct scan_thread *const thread = info->thread;
	struct scan *const scan = thread->scan;
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
		info->text = thread->long_text =
		        memory_grow(thread->long_text, &thread->long_capacity, info->len + PART, 1);
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
static bool read_root(struct mountinfo *info, struct process_record *record, int at)
{
	struct kernel *const k = info->thread->scan->kernel;
	const ssize_t n = k->ops->root_link(k, at, info->root, sizeof(info->root) - 1);

	info->is_refused = n < 0;
	if (n < 0)
		scan_state_refuse(record, "root", n);
	info->root[n > 0 ? n : 0] = '\0';
	if (strcmp(info->root, "/") == 0)
		info->root[0] = '\0';
	return info->root[0] == '\0';
}

static void record_mounts(struct mountinfo *info, const struct member *member)
{
	source_mount_record(info->thread, info->text, info->len, info->root, info->is_cut,
	        &(struct holder_record){
	                .process = member->record, .tid = member->tid, .mnt = member->inode});
}

/* --- the mount namespaces of processes and threads -------------------------------------------- */

/* The link of a root directory that is in no mount of the mount namespace, but in another one or in
 * a detached mount (open_tree(2)), is "/", too: then the text is empty.
 *
 * Reads a mount namespace by one of its members. Returns 1 if that is done, 0 if its root directory
 * is not that of the mount namespace, or a negative errno. */
static int read_member(struct mountinfo *info, const struct member *member, bool must_have_root)
{
	struct process_record *const record = member->record;
	const int at = reopen_process(info->reopen, record, member->tid);
	int r;

	if (at < 0)
		return at;
	info->has_root = read_root(info, record, at);
	if (!info->has_root && must_have_root)
		return 0;
	r = read_text(info, at);
	if (r == 0)
		r = reopen_check_link(info->reopen, record, member->tid, NS_MNT, member->inode);
	if (r < 0)
		return r;
	info->has_root = info->has_root && proc_mountinfo_has_root(info->text, info->len);
	if (!info->has_root && must_have_root)
		return 0;
	record_mounts(info, member);
	return 1;
}

/* What was refused is noted again when it is read again: such a group is never kept. */
static struct mount_group group_of(const struct mountinfo *info, const struct member *member)
{
	return (struct mount_group){.mnt = member->inode,
	        .process = member->record,
	        .tid = member->tid,
	        .has_root = info->has_root,
	        .is_stale = info->is_cut || info->is_refused};
}

/* Tries one member after the other. Returns true if one was read, and which. */
static bool read_by_any(struct mountinfo *info, const struct member *members, size_t n,
        bool must_have_root, struct mount_group *ret)
{
	for (size_t i = 0; i < n && !scan_state_is_cancelled(info->thread->scan); i++) {
		const int r = read_member(info, &members[i], must_have_root);

		if (r > 0) {
			*ret = group_of(info, &members[i]);
			return true;
		}
		if (r == 0)
			info->chrooted = &members[i];
		if (r < 0 && !scan_state_is_gone_error(r)) {
			info->refuser = members[i].record;
			info->refusal = r;
		}
	}
	return false;
}

void source_mount_visit(struct scan_thread *thread, struct reopen *reopen)
{
	struct process_record *const record = reopen->record;
	const struct member member = {record->inode[NS_MNT], record, 0};
	struct mount_groups *const read = &thread->visited;
	struct mountinfo info;

	if (!scan_state_wants(thread->scan, SOURCE_MOUNT) &&
	        !scan_state_wants(thread->scan, SOURCE_FD))
		return;
	info.thread = thread;
	info.reopen = reopen;
	info.text = NULL;
	if (read_member(&info, &member, true) > 0)
		MEMORY_APPEND(read->groups, read->n, read->capacity) = group_of(&info, &member);
}

/* All members of those that no visit has read, sorted by mount namespace. */
struct groups {
	struct member *members;
	size_t n_members, capacity;
	size_t *starts; /* the first member of each mount namespace, and the end of the last */
	size_t n;
	struct u64_set kept;      /* those that were read: carried over, or by visits */
	struct mount_group *read; /* of each; without a process: it was not read */
	/* Those whose members have another root directory, as far as they could be read. */
	struct mount_group **chrooted;
	size_t n_chrooted;
	struct reopen reopen[SCAN_THREADS_MAX]; /* of each thread */
};

/* The group gets a process, without `has_root`, if only processes with another root directory
 * could be read. */
static void read_group(struct scan_thread *thread, void *data, size_t i)
{
	struct groups *const groups = data;
	const struct member *const members = &groups->members[groups->starts[i]];
	const size_t n = groups->starts[i + 1] - groups->starts[i];
	struct mountinfo info = {.thread = thread, .reopen = &groups->reopen[thread->number]};

	if (read_by_any(&info, members, n, true, &groups->read[i]))
		return;
	if (info.chrooted)
		groups->read[i] = (struct mount_group){.mnt = info.chrooted->inode,
		        .process = info.chrooted->record,
		        .tid = info.chrooted->tid};
	else if (info.refuser && !scan_state_is_cancelled(thread->scan))
		scan_state_refuse(info.refuser, "mountinfo", info.refusal);
}

/* Reads what processes with another root directory see. */
static void read_chrooted_group(struct scan_thread *thread, void *data, size_t i)
{
	struct groups *const groups = data;
	struct mount_group *const group = groups->chrooted[i];
	const size_t number = (size_t)(group - groups->read);
	const struct member *const members = &groups->members[groups->starts[number]];
	const size_t n = groups->starts[number + 1] - groups->starts[number];
	struct mountinfo info = {.thread = thread, .reopen = &groups->reopen[thread->number]};

	if (group->has_root)
		return;
	group->process = NULL;
	if (!read_by_any(&info, members, n, false, group) && info.refuser &&
	        !scan_state_is_cancelled(thread->scan))
		scan_state_refuse(info.refuser, "mountinfo", info.refusal);
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

static void make_groups(struct groups *groups, struct scan *scan)
{
	uint64_t last = 0;

	for (size_t i = 0; i < scan->mounts.n; i++)
		u64_set_push(&groups->kept, scan->mounts.groups[i].mnt);
	u64_set_sort(&groups->kept);
	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];
		const uint64_t inode = record->inode[NS_MNT];

		if (record->is_gone || inode == 0 || inode == last)
			continue;
		if (u64_set_has(&groups->kept, inode))
			last = inode; /* those of one set usually follow each other */
		else
			add_member(groups, inode, record, 0);
	}
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_THREAD) && holder->type == NS_MNT &&
		        !u64_set_has(&groups->kept, holder->inode))
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
	groups->read = memory_new((groups->n + 1) * sizeof(*groups->read));
	for (unsigned i = 0; i < scan->n_threads; i++)
		reopen_init(&groups->reopen[i], scan);
}

/* mountinfo shows only the mounts below the root directory of a process (proc_pid_mountinfo(5)): a
 * user can hide others by chroot(2) from those who cannot read them otherwise. */
static void keep_groups(struct scan *scan, const struct groups *groups)
{
	struct mount_groups *const kept = &scan->mounts;

	for (size_t i = 0; i < groups->n; i++) {
		const struct mount_group *const group = &groups->read[i];

		if (!group->process)
			continue;
		MEMORY_APPEND(kept->groups, kept->n, kept->capacity) = *group;
		if (!group->has_root)
			scan_state_note_ns(scan, group->process->pid,
			        "mounts outside of the root directories of processes", NS_MNT,
			        group->mnt, ENODATA, PARTIAL_FAILED);
	}
}

static void end_thread(struct scan_thread *thread, void *data)
{
	struct groups *const groups = data;

	reopen_release(&groups->reopen[thread->number]);
}

/* By the helper, which needs no process for that, else by what such a process sees. */
static int read_chrooted(struct scan *scan, struct groups *groups)
{
	groups->chrooted = memory_new((groups->n + 1) * sizeof(struct mount_group *));
	for (size_t i = 0; i < groups->n; i++) {
		if (groups->read[i].process && !groups->read[i].has_root)
			groups->chrooted[groups->n_chrooted++] = &groups->read[i];
	}
	if (groups->n_chrooted == 0)
		return 0;
	source_mntns_read_chrooted(scan, groups->chrooted, groups->n_chrooted);
	return scan_state_run(scan, groups->n_chrooted, 1, read_chrooted_group, end_thread, groups);
}

static void groups_release(struct groups *groups)
{
	u64_set_release(&groups->kept);
	free(groups->chrooted);
	free(groups->read);
	free(groups->starts);
	free(groups->members);
}

/* --- processes whose mount namespace was refused ---------------------------------------------- */

bool source_mount_is_refused(const struct process_record *record)
{
	return !record->is_gone && record->inode[NS_MNT] == 0 && !record->is_kernel &&
	       record->is_unreadable && !scan_state_is_dead(record);
}

/* Reads the id of the first mount that a process sees, 0 if it sees none. */
static int read_first_id(struct kernel *k, int at, unsigned *ret)
{
	const int file = k->ops->file_open(k, at, "mountinfo");
	char text[64];
	ssize_t n;

	if (file < 0)
		return file;
	n = k->ops->file_read(k, file, text, sizeof(text));
	k->ops->close(k, file);
	*ret = n > 0 ? proc_mountinfo_first_id(text, (size_t)n) : 0;
	return n < 0 ? (int)n : 0;
}

/* The mounts that one of these processes sees, unless the id of the first one shows that they were
 * read. Returns 0 or a negative errno. */
static int read_by_refused(struct mountinfo *info, struct process_record *record)
{
	struct kernel *const k = info->thread->scan->kernel;
	struct u64_set *const ids = &info->thread->mount_ids;
	const int at = reopen_process(info->reopen, record, 0);
	unsigned first = 0;
	int r = at < 0 ? at : read_first_id(k, at, &first);

	if (r < 0 || first == 0 || u64_set_has(ids, first))
		return r;
	r = read_text(info, at);
	if (r < 0)
		return r;
	read_root(info, record, at);
	record_mounts(info, &(const struct member){.record = record});
	u64_set_sort(ids);
	return 0;
}

bool source_mount_sees_any(struct scan *scan, struct process_record *record)
{
	struct reopen reopen;
	struct mountinfo info = {.thread = scan->threads[0], .reopen = &reopen};
	int at, r;

	reopen_init(&reopen, scan);
	at = reopen_process(&reopen, record, 0);
	r = at < 0 ? at : read_text(&info, at);
	reopen_release(&reopen);
	return r < 0 || info.is_cut || may_hold(info.text, info.len);
}

static void read_refused(struct scan *scan)
{
	struct scan_thread *const thread = scan->threads[0];
	struct reopen reopen;
	struct mountinfo info = {.thread = thread, .reopen = &reopen};

	reopen_init(&reopen, scan);
	for (unsigned i = 1; i < scan->n_threads; i++) {
		for (size_t j = 0; j < scan->threads[i]->mount_ids.n; j++)
			u64_set_push(&thread->mount_ids, scan->threads[i]->mount_ids.items[j]);
	}
	for (size_t i = 0; i < scan->mounts.ids.n; i++)
		u64_set_push(&thread->mount_ids, scan->mounts.ids.items[i]);
	u64_set_sort(&thread->mount_ids);
	for (size_t i = 0; i < scan->n_processes && !scan_state_is_cancelled(scan); i++) {
		struct process_record *const record = &scan->processes[i];
		const bool is_read = record->is_kept || !source_mount_is_refused(record);
		const int r = is_read ? 0 : read_by_refused(&info, record);

		if (r < 0 && r != -ECANCELED)
			scan_state_refuse(record, "mountinfo", r);
	}
	u64_set_copy(&scan->mounts.ids, &thread->mount_ids);
	reopen_release(&reopen);
}

/* What a process has shown that has ended since is left out: the mount namespace may have ended
 * with it, and is read again by another member if it has one. */
static void gather_visited(struct scan *scan)
{
	struct mount_groups *const to = &scan->mounts;
	struct holder_list *const all = &scan->holders;
	size_t n = 0;

	for (size_t i = 0; i < all->n; i++) {
		const struct holder_record holder = all->records[i];

		if (!scan_state_is_kind(&holder, HOLDER_MOUNT) || !holder.process ||
		        !holder.process->is_gone)
			all->records[n++] = holder;
	}
	all->n = n;
	for (unsigned i = 0; i < scan->n_threads; i++) {
		struct mount_groups *const from = &scan->threads[i]->visited;

		for (size_t j = 0; j < from->n; j++) {
			if (!from->groups[j].process->is_gone)
				MEMORY_APPEND(to->groups, to->n, to->capacity) = from->groups[j];
		}
		from->n = 0;
	}
}

int source_mount_read(struct scan *scan)
{
	struct groups groups = {0};
	bool has_refused = false;
	int r;

	for (size_t i = 0; i < scan->n_processes; i++)
		has_refused |= source_mount_is_refused(&scan->processes[i]);
	gather_visited(scan);
	make_groups(&groups, scan);
	r = scan_state_run(scan, groups.n, 1, read_group, end_thread, &groups);
	if (r == 0)
		r = read_chrooted(scan, &groups);
	if (r == 0 && has_refused)
		read_refused(scan);
	scan->mounts.with_ids = has_refused;
	keep_groups(scan, &groups);
	groups_release(&groups);
	scan_state_gather(scan);
	return scan_state_is_cancelled(scan) ? -ECANCELED : r;
}
