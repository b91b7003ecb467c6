/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_mount.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/open_mount.h"
#include "scan/reopen.h"
#include "scan/scan_threads.h"
#include "scan/sources/mount_table.h"

#include <limits.h>
#include <string.h>

enum {
	PART = 64 * 1024,
	TRIES = 16, /* members looked at for one with the root of its mount namespace */
};

/* One process or thread in a mount namespace. */
struct inhabitant {
	uint64_t inode; /* 0: of an unknown one */
	uint32_t process;
	pid_t tid;
};

struct inhabitants {
	struct inhabitant *items;
	size_t n, capacity;
};

/* What one reader needs to read mountinfos. */
struct mounts {
	struct scan *scan;
	struct holder_list *holders;
	struct arena *arena;
	struct reopen reopen;
	bool with_ids; /* the numbers of all mounts are wanted */
	struct u64_set ids;
	char *text;
	size_t len, capacity;
	bool is_cut;         /* there was more of it */
	char root[PATH_MAX]; /* of the member whose mountinfo it is, ends with NUL; empty: "/" */
};

/* --- who is where --- */

static void add_inhabitant(struct inhabitants *all, uint64_t inode, size_t record, pid_t tid)
{
	all->items = memory_grow(all->items, &all->capacity, all->n + 1, sizeof(*all->items));
	all->items[all->n++] = (struct inhabitant){inode, (uint32_t)record, tid};
}

static int by_namespace(const void *a, const void *b)
{
	const struct inhabitant *const left = a, *const right = b;

	if (left->inode != right->inode)
		return (left->inode > right->inode) - (left->inode < right->inode);
	if (left->process != right->process)
		return (left->process > right->process) - (left->process < right->process);
	return (left->tid > right->tid) - (left->tid < right->tid);
}

static void list_inhabitants(const struct scan *scan, struct inhabitants *ret)
{
	const struct holder_list *const all = &scan->holders[0];

	*ret = (struct inhabitants){0};
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (!scan->processes[i].has_gone && scan->processes[i].inode[NS_MNT] != 0)
			add_inhabitant(ret, scan->processes[i].inode[NS_MNT], i, 0);
	}
	for (size_t i = 0; i < all->n_records; i++) {
		const struct holder_record *const holder = &all->records[i];

		if (holder->kind == HOLDER_THREAD && holder->type == NS_MNT)
			add_inhabitant(ret, holder->inode, holder->process, holder->tid);
	}
	if (ret->n > 0)
		qsort(ret->items, ret->n, sizeof(*ret->items), by_namespace);
}

void source_mount_list_read(const struct scan *scan, struct u64_set *ret_inodes)
{
	struct inhabitants all;

	list_inhabitants(scan, &all);
	*ret_inodes = (struct u64_set){0};
	for (size_t i = 0; i < all.n; i++) {
		if (i == 0 || all.items[i].inode != all.items[i - 1].inode)
			u64_set_push(ret_inodes, all.items[i].inode);
	}
	for (size_t i = 0; i < scan->listed.n; i++)
		u64_set_push(ret_inodes, scan->listed.items[i]);
	u64_set_sort(ret_inodes);
	free(all.items);
}

/* --- one mountinfo --- */

/* Reads it into mounts->text: paths may be very long, so not without end. */
static int read_parts(struct mounts *mounts, int file)
{
	struct kernel *const k = mounts->scan->kernel;
	ssize_t n;

	mounts->len = 0;
	do {
		if (scan_is_cancelled(mounts->scan))
			return -ECANCELED;
		mounts->text = memory_grow(
		        mounts->text, &mounts->capacity, mounts->len + PART, sizeof(char));
		n = k->ops->file_read(k, file, mounts->text + mounts->len, PART);
		if (n > 0)
			mounts->len += (size_t)n;
	} while (n > 0 && mounts->len < KERNEL_MOUNTINFO_MAX);
	mounts->is_cut = n > 0;
	return n < 0 ? (int)n : 0;
}

static int read_text(struct mounts *mounts, int at)
{
	struct kernel *const k = mounts->scan->kernel;
	const int file = k->ops->file_open(k, at, "mountinfo");
	int r;

	if (file < 0)
		return file;
	r = read_parts(mounts, file);
	k->ops->close(k, file);
	return r;
}

/* Where a member has its root directory. */
static bool is_at_root(struct mounts *mounts, int at)
{
	struct kernel *const k = mounts->scan->kernel;
	const ssize_t n = k->ops->root_link(k, at, mounts->root, sizeof(mounts->root) - 1);

	mounts->root[n > 0 ? n : 0] = '\0';
	/* Where that is refused it is taken for the root, as it nearly always is. */
	if (strcmp(mounts->root, "/") == 0)
		mounts->root[0] = '\0';
	return mounts->root[0] == '\0';
}

static char *full_path(const struct mounts *mounts, struct proc_slice point)
{
	const size_t root_len = strlen(mounts->root);
	char *const path = arena_alloc(mounts->arena, root_len + point.len + 1);

	memcpy(path, mounts->root, root_len);
	proc_mountinfo_unescape(point, path + root_len);
	return path;
}

/* `place` is where the mount points are looked for: a find with reading, tid, mnt. */
static void take_mounts(struct mounts *mounts, const struct holder_record *place)
{
	struct mount_table table = {0};
	struct mount_find mount;

	if (!mount_table_is_worth(mounts->text, mounts->len))
		return;
	mount_table_parse(&table, mounts->text, mounts->len);
	for (size_t i = 0; i < table.n && !scan_is_cancelled(mounts->scan); i++) {
		struct holder_record holder = *place;

		if (!mount_table_get(&table, i, &mount))
			continue;
		holder.type = mount.type;
		holder.kind = HOLDER_MOUNT;
		holder.inode = mount.inode;
		holder.fd = -1;
		holder.handle = -1;
		holder.path = full_path(mounts, mount.point);
		holder.root_len = strlen(mounts->root);
		holder.mount_id = mount.id;
		holder.refusal = mount.refusal;
		holders_add(mounts->holders, &holder);
	}
	mount_table_release(&table);
}

static void take_mounts_of(struct mounts *mounts, const struct inhabitant *one)
{
	take_mounts(mounts, &(struct holder_record){
	                            .process = one->process, .tid = one->tid, .mnt = one->inode});
}

/* What is behind the cut is not seen. */
static void note_cut(const struct mounts *mounts, struct process_record *record)
{
	if (!mounts->is_cut)
		return;
	process_record_refuse(record, "mountinfo", -EFBIG);
	record->is_problems_openable = true;
}

static struct process_record *reading_of(const struct mounts *mounts, const struct inhabitant *one)
{
	return &mounts->scan->processes[one->process];
}

/* By one of those who are in there. True if that is settled. */
static bool read_by(struct mounts *mounts, const struct inhabitant *one, bool must_be_at_root)
{
	struct process_record *const record = reading_of(mounts, one);
	const int at = reopen_process(&mounts->reopen, record, one->tid);
	int r;

	if (at < 0 || (!is_at_root(mounts, at) && must_be_at_root))
		return false;
	r = read_text(mounts, at);
	if (r < 0 && !process_record_is_gone_error(r) && r != -ECANCELED)
		process_record_refuse(record, "mountinfo", r);
	if (r < 0 || !reopen_is_still_in(&mounts->reopen, record, one->tid, NS_MNT, one->inode))
		return false;
	if (mounts->with_ids)
		mount_table_ids(mounts->text, mounts->len, &mounts->ids);
	take_mounts_of(mounts, one);
	note_cut(mounts, record);
	return true;
}

static void read_namespace(struct mounts *mounts, const struct inhabitant *ones, size_t n)
{
	for (size_t i = 0; i < n && i < TRIES; i++) {
		if (read_by(mounts, &ones[i], true))
			return;
	}
	for (size_t i = 0; i < n; i++) {
		if (scan_is_cancelled(mounts->scan) || read_by(mounts, &ones[i], false))
			return;
	}
}

static void init_mounts(struct mounts *mounts, struct scan *scan, unsigned thread)
{
	mounts->scan = scan;
	mounts->holders = &scan->holders[thread];
	mounts->arena = scan->arenas[thread];
	reopen_init(&mounts->reopen, scan);
}

static void release_mounts(struct mounts *mounts)
{
	reopen_release(&mounts->reopen);
	u64_set_release(&mounts->ids);
	free(mounts->text);
	free(mounts);
}

/* --- all that have somebody in them --- */

struct groups {
	struct scan *scan;
	bool with_ids;
	struct inhabitants all;
	size_t *starts; /* one more than there are groups */
	size_t n;
	struct mounts *mounts[SCAN_THREADS_MAX];
};

static void make_groups(struct groups *groups)
{
	const struct inhabitants *const all = &groups->all;

	groups->starts = memory_new((all->n + 1) * sizeof(*groups->starts));
	for (size_t i = 0; i < all->n; i++) {
		if (i == 0 || all->items[i].inode != all->items[i - 1].inode)
			groups->starts[groups->n++] = i;
	}
	groups->starts[groups->n] = all->n;
}

static void read_group(void *data, unsigned thread, size_t i)
{
	struct groups *const groups = data;
	const size_t from = groups->starts[i], to = groups->starts[i + 1];

	if (!groups->mounts[thread]) {
		groups->mounts[thread] = memory_new(sizeof(struct mounts));
		init_mounts(groups->mounts[thread], groups->scan, thread);
		groups->mounts[thread]->with_ids = groups->with_ids;
	}
	read_namespace(groups->mounts[thread], &groups->all.items[from], to - from);
}

/* --- those whose mount namespace was refused --- */

/* The number of the first mount that a process sees. */
static unsigned read_first_id(struct mounts *mounts, int at)
{
	struct kernel *const k = mounts->scan->kernel;
	const int file = k->ops->file_open(k, at, "mountinfo");
	char text[64];
	ssize_t n;

	if (file < 0)
		return 0;
	n = k->ops->file_read(k, file, text, sizeof(text));
	k->ops->close(k, file);
	return n > 0 ? mount_table_first_id(text, (size_t)n) : 0;
}

static bool is_refused(const struct process_record *record)
{
	return !record->has_gone && record->inode[NS_MNT] == 0 && !record->is_kernel &&
	       record->is_problems_openable && record->state != 'Z' && record->state != 'X';
}

static bool has_refused(const struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (is_refused(&scan->processes[i]))
			return true;
	}
	return false;
}

static void read_refused(struct mounts *mounts, struct process_record *record)
{
	const int at = reopen_process(&mounts->reopen, record, 0);
	const struct inhabitant one = {
	        .process = (uint32_t)process_record_index(mounts->scan, record)};
	const unsigned first = at < 0 ? 0 : read_first_id(mounts, at);

	if (first == 0 || u64_set_has(&mounts->ids, first) || read_text(mounts, at) < 0)
		return;
	is_at_root(mounts, at);
	mount_table_ids(mounts->text, mounts->len, &mounts->ids);
	u64_set_sort(&mounts->ids);
	take_mounts_of(mounts, &one);
	note_cut(mounts, record);
}

/* Their mounts are known by the numbers if they are in a mount namespace that was read. */
static void read_all_refused(struct scan *scan, const struct groups *groups)
{
	struct mounts *const mounts = memory_new(sizeof(*mounts));

	init_mounts(mounts, scan, 0);
	for (unsigned i = 0; i < scan->n_readers; i++) {
		const struct u64_set *const ids =
		        groups->mounts[i] ? &groups->mounts[i]->ids : NULL;

		for (size_t j = 0; ids && j < ids->n; j++)
			u64_set_push(&mounts->ids, ids->items[j]);
	}
	u64_set_sort(&mounts->ids);
	for (size_t i = 0; i < scan->n_processes && !scan_is_cancelled(scan); i++) {
		if (is_refused(&scan->processes[i]))
			read_refused(mounts, &scan->processes[i]);
	}
	release_mounts(mounts);
}

/* --- the whole --- */

/* Descriptors opened there read as the path; those whose mount is gone as "/". */
void source_mount_list_paths(const struct scan *scan, struct u64_set *ret)
{
	const struct holder_list *const all = &scan->holders[0];

	*ret = (struct u64_set){0};
	u64_set_push(ret, u64_set_hash(0, "/", 1));
	for (size_t i = 0; i < all->n_records; i++) {
		const struct holder_record *const holder = &all->records[i];

		if (holder->kind == HOLDER_MOUNT)
			u64_set_push(ret, u64_set_hash(0, holder->path, strlen(holder->path)));
	}
	u64_set_sort(ret);
}

int source_mount_read(struct scan *scan)
{
	struct groups groups = {.scan = scan, .with_ids = has_refused(scan)};
	int r;

	list_inhabitants(scan, &groups.all);
	make_groups(&groups);
	r = scan_threads_run_each(scan, groups.n, read_group, &groups);
	if (r == 0 && groups.with_ids)
		read_all_refused(scan, &groups);
	for (unsigned i = 0; i < scan->n_readers; i++) {
		if (groups.mounts[i])
			release_mounts(groups.mounts[i]);
	}
	holders_gather(scan);
	free(groups.starts);
	free(groups.all.items);
	return scan_is_cancelled(scan) ? -ECANCELED : r;
}

/* --- mount namespaces that nobody is in --- */

static int open_by_finds(struct mounts *mounts, uint64_t inode)
{
	struct scan *const scan = mounts->scan;
	const struct holder_list *const all = &scan->holders[0];
	const size_t first = holders_first(scan, NS_MNT, inode);
	const struct place place = {.is_holder = true, .holder = first};
	struct nsrel_key key;
	int r = -ESRCH;

	for (size_t i = first; i < all->n_records && all->records[i].type == NS_MNT &&
	                       all->records[i].inode == inode;
	        i++) {
		r = reopen_holder(&mounts->reopen, &all->records[i], &key);
		if (r >= 0)
			return r;
	}
	if (r == -EAGAIN)
		r = open_mount_one(&mounts->reopen, &place);
	return r;
}

static void read_orphan(struct mounts *mounts, uint64_t inode)
{
	struct scan *const scan = mounts->scan;
	struct kernel *const k = scan->kernel;
	const int handle = open_by_finds(mounts, inode);
	char *text = NULL;
	size_t len;
	int r;

	if (handle < 0)
		return;
	r = k->ops->mount_ns_mountinfo(k, handle, &text, &len);
	k->ops->close(k, handle);
	if (r < 0)
		return;
	if (r > 0) {
		scan_note(scan, 0, "mountinfo", EFBIG);
		scan->is_cut = true;
	}
	free(mounts->text);
	mounts->text = text;
	mounts->len = mounts->capacity = len;
	mounts->root[0] = '\0';
	take_mounts(mounts, &(struct holder_record){.process = HOLDER_NO_PROCESS, .mnt = inode});
}

/* The mount namespaces among the finds that are not in `done` yet; they are then. */
static void list_orphans(const struct scan *scan, struct u64_set *done, struct u64_set *ret)
{
	const struct holder_list *const all = &scan->holders[0];

	*ret = (struct u64_set){0};
	for (size_t i = 0; i < all->n_records; i++) {
		const struct holder_record *const holder = &all->records[i];

		if (holder->type == NS_MNT && !holder->has_gone &&
		        !u64_set_has(done, holder->inode) &&
		        (ret->n == 0 || ret->items[ret->n - 1] != holder->inode))
			u64_set_push(ret, holder->inode);
	}
	for (size_t i = 0; i < ret->n; i++)
		u64_set_push(done, ret->items[i]);
	u64_set_sort(done);
}

int source_mount_read_orphans(struct scan *scan)
{
	struct kernel *const k = scan->kernel;
	struct holder_list found = {0};
	struct mounts *mounts;
	struct u64_set done, orphans;
	bool is_done = !k->ops->mount_ns_mountinfo;

	if (is_done)
		return 0;
	mounts = memory_new(sizeof(*mounts));
	init_mounts(mounts, scan, 0);
	mounts->holders = &found; /* the others stay sorted while they are searched */
	source_mount_list_read(scan, &done);
	while (!is_done && !scan_is_cancelled(scan)) {
		list_orphans(scan, &done, &orphans);
		for (size_t i = 0; i < orphans.n && !scan_is_cancelled(scan); i++)
			read_orphan(mounts, orphans.items[i]);
		is_done = orphans.n == 0;
		u64_set_release(&orphans);
		holders_move(&scan->holders[0], &found);
		holders_sort(scan);
	}
	free(found.records);
	u64_set_release(&done);
	release_mounts(mounts);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
