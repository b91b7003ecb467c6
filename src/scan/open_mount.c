/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/open_mount.h"

#include "base/memory.h"

#include <string.h>

enum { DEPTH_MAX = 8 };

static void open_all(struct reopen *reopen, const struct place *const *places, size_t n,
        unsigned depth, int *ret_handles);

/* One namespace, and which of its mounts is tried. */
struct attempt {
	const struct place *place;
	size_t holder;
	size_t stand_in; /* the reading that may stand in next for who saw that mount */
	int result;      /* handle, or why not so far; -EAGAIN: to be tried */
};

/* From where mounts are looked for: a process or thread, or a mount namespace. */
struct standpoint {
	struct reopen reopen;
	int mount_ns; /* negative: none */
};

struct batch {
	struct reopen *reopen;
	unsigned depth; /* mounted in a mount namespace that is only mounted itself, ... */
	struct attempt attempts[OPEN_MOUNT_AT_ONCE];
	size_t n;
	struct kernel_mounted items[OPEN_MOUNT_AT_ONCE];
	struct attempt *of_item[OPEN_MOUNT_AT_ONCE];
	size_t n_items;
	struct standpoint standpoints[OPEN_MOUNT_AT_ONCE];
	size_t n_standpoints;
};

static struct holder_record *find_at(const struct batch *batch, size_t i)
{
	return &batch->reopen->scan->holders[0].records[i];
}

static bool is_same_ns(const struct holder_record *a, const struct holder_record *b)
{
	return a->type == b->type && a->inode == b->inode;
}

/* Moves an attempt to the next mount that can be tried. False: there is none. */
static bool advance(const struct batch *batch, struct attempt *attempt)
{
	const struct holder_list *const all = &batch->reopen->scan->holders[0];
	const struct holder_record *const first = find_at(batch, attempt->place->holder);

	for (; attempt->holder < all->n_records; attempt->holder++) {
		const struct holder_record *const holder = find_at(batch, attempt->holder);

		if (!is_same_ns(holder, first))
			return false;
		if (holder->kind != HOLDER_MOUNT || holder->has_gone)
			continue;
		if (holder->refusal == 0)
			return true;
		if (attempt->result == -EAGAIN || attempt->result == -ESRCH)
			attempt->result = holder->refusal;
	}
	return false;
}

static int by_mount_namespace(const void *a, const void *b)
{
	const struct attempt *const *left = a, *const *right = b;

	return ((*left)->holder > (*right)->holder) - ((*left)->holder < (*right)->holder);
}

/* Whether two mounts are looked for from the same place. */
static bool is_same_place(const struct holder_record *a, const struct holder_record *b)
{
	return a->process == b->process && a->tid == b->tid && a->mnt == b->mnt &&
	       a->mnt_id == b->mnt_id;
}

/* A mount namespace that no process is in. */
static int open_mount_ns(struct batch *batch, const struct holder_record *mount)
{
	struct scan *const scan = batch->reopen->scan;
	struct kernel *const k = scan->kernel;
	const struct place place = {
	        .is_holder = true, .holder = holders_first(scan, NS_MNT, mount->mnt)};
	const struct place *const far = &place;
	struct nsrel_key key;
	int r = -ESRCH;

	if (mount->mnt_id != 0)
		return k->ops->mount_ns_open(k, mount->mnt_id);
	for (size_t i = place.holder; i < scan->holders[0].n_records; i++) {
		struct holder_record *const holder = find_at(batch, i);

		if (holder->type != NS_MNT || holder->inode != mount->mnt)
			break;
		r = reopen_holder(batch->reopen, holder, &key);
		if (r >= 0)
			return r;
	}
	if (r == -EAGAIN && batch->depth < DEPTH_MAX)
		open_all(batch->reopen, &far, 1, batch->depth + 1, &r);
	return r;
}

/* Who saw the mount, if he is still there (-ESRCH if not), and the first two bytes of the path of
 * his root. */
static int open_inhabitant(
        struct reopen *reopen, const struct holder_record *mount, char root[static 2])
{
	struct kernel *const k = reopen->scan->kernel;
	struct process_record *const record = &reopen->scan->processes[mount->process];
	const int handle = reopen_process(reopen, record, mount->tid);

	if (process_record_is_gone_error(handle))
		return -ESRCH;
	if (handle >= 0 && mount->mnt != 0 &&
	        !reopen_is_still_in(reopen, record, mount->tid, NS_MNT, mount->mnt))
		return -ESRCH;
	/* Who may not see the root of a process is not let in there either: no job is to find that
	 * out. */
	if (handle >= 0 && k->ops->root_link(k, handle, root, 2) == -EACCES)
		return -EACCES;
	return handle;
}

static int open_place(struct batch *batch, const struct holder_record *holder)
{
	struct standpoint *const standpoint = &batch->standpoints[batch->n_standpoints++];
	char root[2];

	standpoint->mount_ns = -EBADF;
	reopen_init(&standpoint->reopen, batch->reopen->scan);
	if (holder->process != HOLDER_NO_PROCESS)
		return open_inhabitant(&standpoint->reopen, holder, root);
	standpoint->mount_ns = open_mount_ns(batch, holder);
	return standpoint->mount_ns;
}

static void close_places(struct batch *batch)
{
	struct kernel *const k = batch->reopen->scan->kernel;

	for (size_t i = 0; i < batch->n_standpoints; i++) {
		reopen_release(&batch->standpoints[i].reopen);
		if (batch->standpoints[i].mount_ns >= 0)
			k->ops->close(k, batch->standpoints[i].mount_ns);
	}
	batch->n_standpoints = 0;
}

/* Whether a process is in the mount namespace of a mount, and has its root: for whom the path of
 * the mount leads there, too. */
static bool sees_mount(struct reopen *reopen, size_t i, const struct holder_record *mount)
{
	const struct holder_record from = {.process = i, .mnt = mount->mnt};
	char root[2] = "";

	return reopen->scan->processes[i].inode[NS_MNT] == mount->mnt &&
	       open_inhabitant(reopen, &from, root) >= 0 && root[0] == '/' && root[1] == '\0';
}

/* Who saw the mount has gone, which says nothing of the mount: the next one in that mount namespace
 * takes his place. False: there is none. */
static bool take_stand_in(struct batch *batch, struct attempt *attempt)
{
	struct scan *const scan = batch->reopen->scan;
	struct holder_record *const mount = find_at(batch, attempt->holder);

	if (mount->process == HOLDER_NO_PROCESS || mount->mnt == 0)
		return false;
	for (; attempt->stand_in < scan->n_processes; attempt->stand_in++) {
		if (!sees_mount(batch->reopen, attempt->stand_in, mount))
			continue;
		mount->process = attempt->stand_in++;
		mount->tid = 0;
		mount->root_len = 0;
		return true;
	}
	return false;
}

static void add_item(struct batch *batch, struct attempt *attempt, int place)
{
	const struct holder_record *const holder = find_at(batch, attempt->holder);
	const char *const point = holder->path + holder->root_len;

	batch->of_item[batch->n_items] = attempt;
	batch->items[batch->n_items++] = (struct kernel_mounted){
	        .place = place,
	        .is_mount_ns = holder->process == HOLDER_NO_PROCESS,
	        .point = *point ? point : "/",
	        .type = nstype_clone(holder->type),
	        .ino = holder->inode,
	        .ns = -EOPNOTSUPP,
	};
}

/* What became of one mount: the next one of the same namespace is tried in the next round. */
static void settle(struct batch *batch, struct attempt *attempt, int result)
{
	struct holder_record *const holder = find_at(batch, attempt->holder);

	if (result == -ESRCH && take_stand_in(batch, attempt))
		return;
	attempt->holder++;
	attempt->stand_in = 0;
	if (result == -ETIMEDOUT)
		attempt->holder = batch->reopen->scan->holders[0].n_records; /* once is enough */
	if (process_record_is_gone_error(result) || result == -ENOTDIR)
		holder->has_gone = true;
	else
		attempt->result =
		        result == -EAGAIN ? -EBUSY : result; /* that has a meaning of ours */
}

/* Opens the places of those attempts, and makes items of them. */
static void make_items(struct batch *batch, struct attempt *const *attempts, size_t n)
{
	const struct holder_record *before = NULL;
	int place = -EBADF;

	batch->n_items = 0;
	for (size_t i = 0; i < n; i++) {
		const struct holder_record *const holder = find_at(batch, attempts[i]->holder);

		if (!before || !is_same_place(holder, before))
			place = open_place(batch, holder);
		before = holder;
		if (place < 0)
			settle(batch, attempts[i], place);
		else
			add_item(batch, attempts[i], place);
	}
}

/* One mount of each namespace that is not open yet. Returns false when there is none left. */
static bool try_round(struct batch *batch)
{
	struct kernel *const k = batch->reopen->scan->kernel;
	struct attempt *trying[OPEN_MOUNT_AT_ONCE];
	size_t n = 0;
	int r;

	for (size_t i = 0; i < batch->n; i++) {
		struct attempt *const attempt = &batch->attempts[i];

		if (attempt->result < 0 && attempt->result != -EOPNOTSUPP &&
		        advance(batch, attempt))
			trying[n++] = attempt;
	}
	if (n == 0)
		return false;
	qsort(trying, n, sizeof(*trying), by_mount_namespace);
	make_items(batch, trying, n);
	r = batch->n_items == 0 || !k->ops->ns_open_mounted
	            ? 0
	            : k->ops->ns_open_mounted(k, batch->items, batch->n_items);
	for (size_t i = 0; i < batch->n_items; i++)
		settle(batch, batch->of_item[i], r < 0 ? r : batch->items[i].ns);
	close_places(batch);
	return true;
}

static void open_all(struct reopen *reopen, const struct place *const *places, size_t n,
        unsigned depth, int *ret_handles)
{
	_cleanup_free_ struct batch *batch = memory_new(sizeof(*batch));

	batch->reopen = reopen;
	batch->depth = depth;
	batch->n = n;
	for (size_t i = 0; i < n; i++)
		batch->attempts[i] = (struct attempt){
		        .place = places[i], .holder = places[i]->holder, .result = -EAGAIN};
	while (!scan_is_cancelled(reopen->scan) && try_round(batch)) {
	}
	for (size_t i = 0; i < n; i++) {
		const int result = batch->attempts[i].result;

		ret_handles[i] = result == -EAGAIN ? -ESRCH : result;
	}
}

void open_mount_add(struct open_mount_batch *batch, struct ns *ns, const struct place *place)
{
	batch->namespaces[batch->n] = ns;
	batch->places[batch->n++] = place;
}

void open_mount_all(struct reopen *reopen, struct open_mount_batch *batch)
{
	open_all(reopen, batch->places, batch->n, 0, batch->handles);
}

int open_mount_one(struct reopen *reopen, const struct place *place)
{
	int handle;

	open_all(reopen, &place, 1, 0, &handle);
	return handle;
}
