/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "scan/pins.h"
#include "scan/reach.h"
#include "scan/sources/sources.h"

/* The mount namespaces whose mounts are known: those with a process or thread, and those that the
 * kernel has listed. */
static void list_read(const struct scan *scan, struct u64_set *ret)
{
	*ret = (struct u64_set){0};
	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];

		if (!record->is_gone && record->inode[NS_MNT] != 0)
			u64_set_push(ret, record->inode[NS_MNT]);
	}
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (scan_state_is_kind(holder, HOLDER_THREAD) && holder->type == NS_MNT)
			u64_set_push(ret, holder->inode);
	}
	for (size_t i = 0; i < scan->listed.n; i++)
		u64_set_push(ret, scan->listed.items[i]);
	u64_set_sort_unique(ret);
}

/* Notes what could not be read of a mount namespace, unless that is gone. */
static void note_failure(struct scan *scan, const char *what, uint64_t inode, int error)
{
	if (!scan_state_is_gone_error(error))
		scan_state_note_ns(scan, 0, what, NS_MNT, inode, -error, PARTIAL_FAILED);
}

/* --- carried over ----------------------------------------------------------------------------- */

/* Those that processes hold, also by mounts that they see. */
static void list_held_by_processes(const struct scan *scan, struct u64_set *ret)
{
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (holder->type == NS_MNT && holder->process && !holder->is_gone)
			u64_set_push(ret, holder->inode);
	}
	u64_set_sort_unique(ret);
}

/* What was found without a process, and its notes. */
static void carry(struct scan *scan)
{
	const struct scan *const kept = scan->kept;

	for (size_t i = 0; i < kept->holders.n; i++) {
		struct holder_record holder = kept->holders.records[i];

		if (holder.process || holder.id != 0) /* the latter are listed again */
			continue;
		holder.is_kept = true;
		holder.path = arena_strdup(scan->arena, holder.path);
		scan_state_add(&scan->holders, &holder);
	}
	u64_set_copy(&scan->listed, &kept->listed);
	pins_carry_listed(scan, kept);
	for (size_t i = 0; i < kept->n_source_notes; i++) {
		const struct note *const note = &kept->notes.notes[i];

		MEMORY_APPEND(scan->notes.notes, scan->notes.n, scan->notes.capacity) =
		        (struct note){.pid = note->pid,
		                .what = arena_strdup(scan->arena, note->what),
		                .error = note->error};
	}
	scan->partial |= kept->source_partial;
	scan->sources |= kept->sources & 1u << SOURCE_MNTNS;
	scan->is_mntns_carried = true;
}

int source_mntns_begin(struct scan *scan)
{
	struct mount_holding *const now = &scan->mount_holding;
	const struct scan *const kept = scan->kept;

	list_read(scan, &now->read);
	list_held_by_processes(scan, &now->held);
	if (kept && !kept->is_mntns_stale &&
	        u64_set_is_same(&now->read, &kept->mount_holding.read) &&
	        u64_set_is_same(&now->held, &kept->mount_holding.held))
		carry(scan);
	return 0;
}

/* --- listed by the kernel --------------------------------------------------------------------- */

/* Those that are read by one call. */
struct listed {
	struct scan *scan;
	const struct kernel_mount_ns **namespaces;
	uint64_t *ids;
	size_t n;
};

/* A missing right is ENOENT or EPERM: such a mount namespace is entered, if it is still there. */
static void note_unread(struct scan *scan, uint64_t inode, int error)
{
	if (!scan_state_is_unavailable(error))
		note_failure(scan, "mounts", inode, error);
}

static void take_listed(void *data, size_t i, const struct kernel_mounts *mounts)
{
	const struct listed *const listed = data;
	const struct kernel_mount_ns *const mount_ns = listed->namespaces[i];
	struct scan *const scan = listed->scan;

	if (mounts->error < 0) {
		note_unread(scan, mount_ns->key.ino, mounts->error);
		return;
	}
	if (mounts->is_cut)
		scan_state_note(scan, 0, "mounts", EFBIG, PARTIAL_FAILED);
	source_mount_add_holders(scan->threads[0], mounts->text, mounts->len, "",
	        &(struct holder_record){.mnt = mount_ns->key.ino, .mnt_id = mount_ns->id});
	u64_set_push(&scan->listed, mount_ns->key.ino);
}

/* The mounts of all these, by one job: a job for each would take far longer. */
static void read_listed(struct listed *listed)
{
	struct kernel *const k = listed->scan->kernel;
	const int r = k->ops->mount_ns_texts(k, listed->ids, listed->n, take_listed, listed);

	for (size_t i = 0; i < listed->n && r < 0; i++)
		note_unread(listed->scan, listed->namespaces[i]->key.ino, r);
	scan_state_gather(listed->scan);
}

static int read_list(struct scan *scan, struct kernel_mount_ns **ret, size_t *ret_n)
{
	struct kernel *const k = scan->kernel;
	const int r = source_listns_read_mount_ns(scan, ret, ret_n);

	if (r != -ENOENT)
		return r;
	return k->ops->mount_ns_list ? k->ops->mount_ns_list(k, ret, ret_n) : -EOPNOTSUPP;
}

int source_mntns_read(struct scan *scan)
{
	struct listed listed = {.scan = scan};
	_cleanup_free_ struct kernel_mount_ns *list = NULL;
	struct u64_set read;
	size_t n = 0;
	int r;

	if (scan->is_mntns_carried)
		return 0;
	r = read_list(scan, &list, &n);
	if (r < 0) {
		if (!scan_state_is_unavailable(r))
			scan_state_note(scan, 0, "mount namespaces", -r, PARTIAL_FAILED);
		return 0;
	}
	scan->sources |= 1u << SOURCE_MNTNS;
	list_read(scan, &read);
	listed.namespaces = memory_new((n + 1) * sizeof(*listed.namespaces));
	listed.ids = memory_new((n + 1) * sizeof(*listed.ids));
	for (size_t i = 0; i < n; i++) {
		if (u64_set_has(&read, list[i].key.ino))
			continue;
		scan_state_add(&scan->holders, &(struct holder_record){.type = NS_MNT,
		                                       .is_listed = true,
		                                       .inode = list[i].key.ino,
		                                       .fd = -1,
		                                       .handle = -1,
		                                       .mnt_id = list[i].id});
		listed.namespaces[listed.n] = &list[i];
		listed.ids[listed.n++] = list[i].id;
	}
	if (listed.n > 0 && !scan_state_is_cancelled(scan))
		read_listed(&listed);
	u64_set_release(&read);
	free(listed.namespaces);
	free(listed.ids);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

/* --- listed by the kernel, with processes in a chroot ------------------------------------------
 */

struct chrooted {
	struct scan *scan;
	struct mount_group **groups;
	uint64_t *ids;
	size_t n;
};

static void take_chrooted(void *data, size_t i, const struct kernel_mounts *mounts)
{
	const struct chrooted *const chrooted = data;
	struct mount_group *const group = chrooted->groups[i];

	if (mounts->error < 0)
		return;
	group->has_root = true;
	group->is_stale = mounts->is_cut;
	source_mount_record(chrooted->scan->threads[0], mounts->text, mounts->len, "",
	        mounts->is_cut,
	        &(struct holder_record){.process = group->process,
	                .tid = group->tid,
	                .mnt = group->mnt,
	                .mnt_id = chrooted->ids[i]});
}

static int by_inode(const void *a, const void *b)
{
	const struct kernel_mount_ns *const left = a, *const right = b;

	return COMPARE(left->key.ino, right->key.ino);
}

/* The groups that are in the list, and their ids. */
static void match_chrooted(struct chrooted *to, struct mount_group **groups, size_t n,
        struct kernel_mount_ns *list, size_t n_list)
{
	if (n_list > 0)
		qsort(list, n_list, sizeof(*list), by_inode);
	for (size_t i = 0; i < n; i++) {
		const uint64_t inode = groups[i]->mnt;
		const size_t at = LOWER_BOUND(n_list, j, list[j].key.ino < inode);

		if (at == n_list || list[at].key.ino != inode)
			continue;
		to->groups[to->n] = groups[i];
		to->ids[to->n++] = list[at].id;
	}
}

void source_mntns_read_chrooted(struct scan *scan, struct mount_group **groups, size_t n)
{
	struct kernel *const k = scan->kernel;
	struct chrooted chrooted = {.scan = scan};
	_cleanup_free_ struct kernel_mount_ns *list = NULL;
	size_t n_list = 0;

	if (!scan_state_wants(scan, SOURCE_MNTNS) || !k->ops->mount_ns_list ||
	        k->ops->mount_ns_list(k, &list, &n_list) < 0)
		return;
	chrooted.groups = memory_new(n * sizeof(*chrooted.groups));
	chrooted.ids = memory_new(n * sizeof(*chrooted.ids));
	match_chrooted(&chrooted, groups, n, list, n_list);
	/* What fails is read by the processes. */
	if (chrooted.n > 0)
		k->ops->mount_ns_texts(k, chrooted.ids, chrooted.n, take_chrooted, &chrooted);
	free(chrooted.groups);
	free(chrooted.ids);
}

/* --- held by what was found ------------------------------------------------------------------- */

static void read_held(struct reopen *reopen, uint64_t inode)
{
	struct scan *const scan = reopen->scan;
	struct kernel *const k = scan->kernel;
	const struct reached reached = reach_mount_ns(reopen, inode);
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r;

	r = reached.result == REACHED ? k->ops->mount_ns_mountinfo(k, reached.handle, &text, &len)
	                              : reached.error;
	if (reached.handle >= 0)
		k->ops->close(k, reached.handle);
	if (r < 0) {
		note_failure(scan, "mountinfo", inode, r);
		return;
	}
	if (r > 0)
		scan_state_note(scan, 0, "mountinfo", EFBIG, PARTIAL_FAILED);
	/* To the list of the thread: scan->holders stays sorted meanwhile. */
	source_mount_add_holders(
	        scan->threads[0], text, len, "", &(struct holder_record){.mnt = inode});
}

/* The mount namespaces that are held and not in `done`; adds them to `done`. */
static void list_held(const struct scan *scan, struct u64_set *done, struct u64_set *ret)
{
	*ret = (struct u64_set){0};
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (holder->type == NS_MNT && !holder->is_gone && !u64_set_has(done, holder->inode))
			u64_set_push(ret, holder->inode);
	}
	u64_set_sort_unique(ret);
	for (size_t i = 0; i < ret->n; i++)
		u64_set_push(done, ret->items[i]);
	u64_set_sort(done);
}

int source_mntns_read_held(struct scan *scan)
{
	struct u64_set done, held;
	struct reopen reopen;
	bool is_done = !scan->kernel->ops->mount_ns_mountinfo;

	if (is_done || scan->is_mntns_carried)
		return 0;
	reopen_init(&reopen, scan);
	list_read(scan, &done);
	while (!is_done && !scan_state_is_cancelled(scan)) {
		list_held(scan, &done, &held);
		for (size_t i = 0; i < held.n && !scan_state_is_cancelled(scan); i++)
			read_held(&reopen, held.items[i]);
		is_done = held.n == 0;
		u64_set_release(&held);
		scan_state_gather(scan);
		scan_state_sort(&scan->holders);
	}
	u64_set_release(&done);
	reopen_release(&reopen);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
