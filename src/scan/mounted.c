/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/mounted.h"

#include "base/memory.h"

#include <string.h>

enum { DEPTH_MAX = 8 };

static void open_all(struct members *members, const struct place *const *places, size_t n,
        unsigned depth, int *ret_handles);

/* One namespace, and which of its mounts is tried. */
struct attempt {
	const struct place *place;
	size_t find;
	size_t stand_in; /* the reading that may stand in next for who saw that mount */
	int result;      /* handle, or why not so far; -EAGAIN: to be tried */
};

/* From where mounts are looked for: a process or thread, or a mount namespace. */
struct standpoint {
	struct members members;
	int mount_ns; /* negative: none */
};

struct batch {
	struct members *members;
	unsigned depth; /* mounted in a mount namespace that is only mounted itself, ... */
	struct attempt attempts[MOUNTED_AT_ONCE];
	size_t n;
	struct kernel_mounted items[MOUNTED_AT_ONCE];
	struct attempt *of_item[MOUNTED_AT_ONCE];
	size_t n_items;
	struct standpoint standpoints[MOUNTED_AT_ONCE];
	size_t n_standpoints;
};

static struct find *find_at(const struct batch *batch, size_t i)
{
	return &batch->members->scan->hauls[0].finds[i];
}

static bool is_same_ns(const struct find *a, const struct find *b)
{
	return a->type == b->type && a->inode == b->inode;
}

/* Moves an attempt to the next mount that can be tried. False: there is none. */
static bool advance(const struct batch *batch, struct attempt *attempt)
{
	const struct haul *const all = &batch->members->scan->hauls[0];
	const struct find *const first = find_at(batch, attempt->place->find);

	for (; attempt->find < all->n_finds; attempt->find++) {
		const struct find *const find = find_at(batch, attempt->find);

		if (!is_same_ns(find, first))
			return false;
		if (find->kind != HOLDER_MOUNT || find->has_gone)
			continue;
		if (find->refusal == 0)
			return true;
		if (attempt->result == -EAGAIN || attempt->result == -ESRCH)
			attempt->result = find->refusal;
	}
	return false;
}

static int by_mount_namespace(const void *a, const void *b)
{
	const struct attempt *const *left = a, *const *right = b;

	return ((*left)->find > (*right)->find) - ((*left)->find < (*right)->find);
}

/* Whether two mounts are looked for from the same place. */
static bool is_same_place(const struct find *a, const struct find *b)
{
	return a->reading == b->reading && a->tid == b->tid && a->mnt == b->mnt &&
	       a->mnt_id == b->mnt_id;
}

/* A mount namespace that no process is in. */
static int open_mount_ns(struct batch *batch, const struct find *mount)
{
	struct scan *const scan = batch->members->scan;
	struct kernel *const k = scan->kernel;
	const struct place place = {.is_find = true, .find = finds_first(scan, NS_MNT, mount->mnt)};
	const struct place *const far = &place;
	struct nsrel_key key;
	int r = -ESRCH;

	if (mount->mnt_id != 0)
		return k->ops->mount_ns_open(k, mount->mnt_id);
	for (size_t i = place.find; i < scan->hauls[0].n_finds; i++) {
		struct find *const find = find_at(batch, i);

		if (find->type != NS_MNT || find->inode != mount->mnt)
			break;
		r = members_find_open(batch->members, find, &key);
		if (r >= 0)
			return r;
	}
	if (r == -EAGAIN && batch->depth < DEPTH_MAX)
		open_all(batch->members, &far, 1, batch->depth + 1, &r);
	return r;
}

/* Who saw the mount, if he is still there (-ESRCH if not), and the first two bytes of the path of
 * his root. */
static int open_inhabitant(struct members *members, const struct find *mount, char root[static 2])
{
	struct kernel *const k = members->scan->kernel;
	struct reading *const reading = &members->scan->readings[mount->reading];
	const int handle = members_open(members, reading, mount->tid);

	if (reading_is_gone_error(handle))
		return -ESRCH;
	if (handle >= 0 && mount->mnt != 0 &&
	        !members_is_still_in(members, reading, mount->tid, NS_MNT, mount->mnt))
		return -ESRCH;
	/* Who may not see the root of a process is not let in there either: no job is to find that
	 * out. */
	if (handle >= 0 && k->ops->root_link(k, handle, root, 2) == -EACCES)
		return -EACCES;
	return handle;
}

static int open_place(struct batch *batch, const struct find *find)
{
	struct standpoint *const standpoint = &batch->standpoints[batch->n_standpoints++];
	char root[2];

	standpoint->mount_ns = -EBADF;
	members_init(&standpoint->members, batch->members->scan);
	if (find->reading != FIND_NOBODY)
		return open_inhabitant(&standpoint->members, find, root);
	standpoint->mount_ns = open_mount_ns(batch, find);
	return standpoint->mount_ns;
}

static void close_places(struct batch *batch)
{
	struct kernel *const k = batch->members->scan->kernel;

	for (size_t i = 0; i < batch->n_standpoints; i++) {
		members_release(&batch->standpoints[i].members);
		if (batch->standpoints[i].mount_ns >= 0)
			k->ops->close(k, batch->standpoints[i].mount_ns);
	}
	batch->n_standpoints = 0;
}

/* Whether a process is in the mount namespace of a mount, and has its root: for whom the path of
 * the mount leads there, too. */
static bool sees_mount(struct members *members, size_t i, const struct find *mount)
{
	const struct find from = {.reading = i, .mnt = mount->mnt};
	char root[2] = "";

	return members->scan->readings[i].inode[NS_MNT] == mount->mnt &&
	       open_inhabitant(members, &from, root) >= 0 && root[0] == '/' && root[1] == '\0';
}

/* Who saw the mount has gone, which says nothing of the mount: the next one in that mount namespace
 * takes his place. False: there is none. */
static bool take_stand_in(struct batch *batch, struct attempt *attempt)
{
	struct scan *const scan = batch->members->scan;
	struct find *const mount = find_at(batch, attempt->find);

	if (mount->reading == FIND_NOBODY || mount->mnt == 0)
		return false;
	for (; attempt->stand_in < scan->n_readings; attempt->stand_in++) {
		if (!sees_mount(batch->members, attempt->stand_in, mount))
			continue;
		mount->reading = attempt->stand_in++;
		mount->tid = 0;
		mount->root_len = 0;
		return true;
	}
	return false;
}

static void add_item(struct batch *batch, struct attempt *attempt, int place)
{
	const struct find *const find = find_at(batch, attempt->find);
	const char *const point = find->path + find->root_len;

	batch->of_item[batch->n_items] = attempt;
	batch->items[batch->n_items++] = (struct kernel_mounted){
	        .place = place,
	        .is_mount_ns = find->reading == FIND_NOBODY,
	        .point = *point ? point : "/",
	        .type = nsrel_type_from_name(nstype_name(find->type)),
	        .ino = find->inode,
	        .ns = -EOPNOTSUPP,
	};
}

/* What became of one mount: the next one of the same namespace is tried in the next round. */
static void settle(struct batch *batch, struct attempt *attempt, int result)
{
	struct find *const find = find_at(batch, attempt->find);

	if (result == -ESRCH && take_stand_in(batch, attempt))
		return;
	attempt->find++;
	attempt->stand_in = 0;
	if (result == -ETIMEDOUT)
		attempt->find = batch->members->scan->hauls[0].n_finds; /* once is enough */
	if (reading_is_gone_error(result) || result == -ENOTDIR)
		find->has_gone = true;
	else
		attempt->result =
		        result == -EAGAIN ? -EBUSY : result; /* that has a meaning of ours */
}

/* Opens the places of those attempts, and makes items of them. */
static void make_items(struct batch *batch, struct attempt *const *attempts, size_t n)
{
	const struct find *before = NULL;
	int place = -EBADF;

	batch->n_items = 0;
	for (size_t i = 0; i < n; i++) {
		const struct find *const find = find_at(batch, attempts[i]->find);

		if (!before || !is_same_place(find, before))
			place = open_place(batch, find);
		before = find;
		if (place < 0)
			settle(batch, attempts[i], place);
		else
			add_item(batch, attempts[i], place);
	}
}

/* One mount of each namespace that is not open yet. Returns false when there is none left. */
static bool try_round(struct batch *batch)
{
	struct kernel *const k = batch->members->scan->kernel;
	struct attempt *trying[MOUNTED_AT_ONCE];
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

static void open_all(struct members *members, const struct place *const *places, size_t n,
        unsigned depth, int *ret_handles)
{
	_cleanup_free_ struct batch *batch = memory_new(sizeof(*batch));

	batch->members = members;
	batch->depth = depth;
	batch->n = n;
	for (size_t i = 0; i < n; i++)
		batch->attempts[i] = (struct attempt){
		        .place = places[i], .find = places[i]->find, .result = -EAGAIN};
	while (!scan_is_cancelled(members->scan) && try_round(batch)) {
	}
	for (size_t i = 0; i < n; i++) {
		const int result = batch->attempts[i].result;

		ret_handles[i] = result == -EAGAIN ? -ESRCH : result;
	}
}

void mounted_add(struct mounted_batch *batch, struct ns *ns, const struct place *place)
{
	batch->namespaces[batch->n] = ns;
	batch->places[batch->n++] = place;
}

void mounted_open(struct members *members, struct mounted_batch *batch)
{
	open_all(members, batch->places, batch->n, 0, batch->handles);
}

int mounted_open_one(struct members *members, const struct place *place)
{
	int handle;

	open_all(members, &place, 1, 0, &handle);
	return handle;
}
