/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reach.h"

#include "base/memory.h"

#include <string.h>

enum {
	AT_ONCE = KERNEL_MOUNTED_MAX, /* namespaces opened together */
	DEPTH_MAX = 8,                /* largest depth, see struct mount_batch */
};

/* --- namespaces that only mounts keep --------------------------------------------------------- */

/* One namespace, and the mount of it that is tried. */
struct attempt {
	size_t holder; /* number of the mount */
	enum nstype type;
	uint64_t inode;
	struct process_record *viewer; /* the next to try if the one that saw the mount has ended */
	struct reached result;
};

/* Where the path to a mount point begins: at a process or thread, or in a mount namespace. */
struct viewpoint {
	struct reopen reopen;
	int mount_ns; /* handle; negative: none */
};

struct mount_batch {
	struct reopen *reopen;
	unsigned depth; /* of mount namespaces that are mounted in one another */
	struct attempt attempts[AT_ONCE];
	size_t n;
	struct kernel_mounted items[AT_ONCE]; /* of one call of the helper */
	struct attempt *of_item[AT_ONCE];
	size_t n_items;
	struct viewpoint viewpoints[AT_ONCE];
	size_t n_viewpoints;
};

static void open_all(struct reopen *reopen, const size_t *firsts, size_t n, unsigned depth,
        struct reached *results);

static struct holder_record *holder_at(const struct mount_batch *batch, size_t i)
{
	return &batch->reopen->scan->holders.records[i];
}

/* Moves an attempt on to the next mount that can be tried. Returns false if there is none. */
static bool advance(const struct mount_batch *batch, struct attempt *attempt)
{
	static const int errors[] = {[MOUNT_MAY_HANG] = -EREMOTE, [MOUNT_COVERED] = -ESTALE};
	const struct holder_list *const all = &batch->reopen->scan->holders;

	for (; scan_state_is_holder_of(all, attempt->holder, attempt->type, attempt->inode);
	        attempt->holder++) {
		const struct holder_record *const holder = holder_at(batch, attempt->holder);

		if (!scan_state_is_kind(holder, HOLDER_MOUNT) || holder->is_gone)
			continue;
		if (holder->access == MOUNT_REACHABLE)
			return true;
		if (attempt->result.result == REACH_GONE)
			attempt->result = reopen_failed(errors[holder->access]);
	}
	return false;
}

/* Opens a mount namespace by what holds it, which may be a mount in another one. */
static struct reached open_held(struct reopen *reopen, uint64_t inode, unsigned depth)
{
	const struct holder_list *const all = &reopen->scan->holders;
	const size_t first = scan_state_first_holder(all, NS_MNT, inode);
	struct reached reached = reopen_failed(-ESRCH);

	if (scan_state_is_holder_of(all, first, NS_MNT, inode))
		reached = reopen_holders(reopen, first, false);
	if (reached.result == REACH_BY_HELPER && depth <= DEPTH_MAX)
		open_all(reopen, &first, 1, depth, &reached);
	else if (reached.result == REACH_BY_HELPER)
		reached = reopen_failed(-ELOOP);
	return reached;
}

/* Opens the process or thread that saw a mount, or another one given for it. Returns a handle;
 * -ESRCH if it has ended or left the mount namespace; and the first two bytes of the path of its
 * root directory. */
static int open_viewer(struct reopen *reopen, struct process_record *record,
        const struct holder_record *mount, pid_t tid, char root[static 2])
{
	struct kernel *const k = reopen->scan->kernel;
	const int handle = reopen_process(reopen, record, tid);

	if (scan_state_is_gone_error(handle))
		return -ESRCH;
	if (handle >= 0 && mount->mnt != 0) {
		const int r = reopen_check_link(reopen, record, tid, NS_MNT, mount->mnt);

		if (r < 0)
			return scan_state_is_gone_error(r) ? -ESRCH : r;
	}
	/* The helper would be refused the root directory too: no need for a job. */
	if (handle >= 0 && k->ops->root_link(k, handle, root, 2) == -EACCES)
		return -EACCES;
	return handle;
}

/* True if the path of the mount begins at a process that sees it. */
static bool is_by_process(const struct holder_record *mount)
{
	return mount->process && mount->mnt_id == 0;
}

/* Returns a handle, closed by close_viewpoints, or a negative errno. */
static int open_viewpoint(struct mount_batch *batch, const struct holder_record *mount)
{
	struct viewpoint *const viewpoint = &batch->viewpoints[batch->n_viewpoints++];
	struct scan *const scan = batch->reopen->scan;
	struct reached reached;
	char root[2];

	viewpoint->mount_ns = -EBADF;
	reopen_init(&viewpoint->reopen, scan);
	if (is_by_process(mount))
		return open_viewer(&viewpoint->reopen, mount->process, mount, mount->tid, root);
	if (mount->mnt_id != 0) {
		viewpoint->mount_ns = scan->kernel->ops->mount_ns_open(scan->kernel, mount->mnt_id);
		return viewpoint->mount_ns;
	}
	reached = open_held(batch->reopen, mount->mnt, batch->depth + 1);
	if (reached.result != REACHED)
		return reached.error;
	viewpoint->mount_ns = reached.handle;
	return reached.handle;
}

static void close_viewpoints(struct mount_batch *batch)
{
	struct kernel *const k = batch->reopen->scan->kernel;

	for (size_t i = 0; i < batch->n_viewpoints; i++) {
		reopen_release(&batch->viewpoints[i].reopen);
		if (batch->viewpoints[i].mount_ns >= 0)
			k->ops->close(k, batch->viewpoints[i].mount_ns);
	}
	batch->n_viewpoints = 0;
}

/* The process that saw the mount has ended, or its root directory may not be read, but the mount
 * may be there for others: puts the next process of that mount namespace, with the same root
 * directory, in its place. Returns false if there is none. */
static bool replace_viewer(struct mount_batch *batch, struct attempt *attempt)
{
	const struct scan *const scan = batch->reopen->scan;
	struct holder_record *const mount = holder_at(batch, attempt->holder);

	if (!is_by_process(mount) || mount->mnt == 0)
		return false;
	if (!attempt->viewer)
		attempt->viewer = scan->processes;
	while (attempt->viewer < scan->processes + scan->n_processes) {
		struct process_record *const record = attempt->viewer++;
		char root[2] = "";

		if (record->inode[NS_MNT] != mount->mnt ||
		        open_viewer(batch->reopen, record, mount, 0, root) < 0 || root[0] != '/' ||
		        root[1] != '\0')
			continue;
		mount->process = record;
		mount->tid = 0;
		mount->root_len = 0;
		return true;
	}
	return false;
}

/* Keeps the result for one mount, a handle or a negative errno. If it cannot be opened, the next
 * mount of the namespace is tried in the next round. */
static void finish_mount(struct mount_batch *batch, struct attempt *attempt, int result)
{
	struct kernel *const k = batch->reopen->scan->kernel;
	struct holder_record *const mount = holder_at(batch, attempt->holder);
	struct nsrel_key key = {0};
	int r;

	if (result == -ESRCH && replace_viewer(batch, attempt))
		return;
	attempt->holder++;
	attempt->viewer = NULL;
	if (result == -ETIMEDOUT || result == -EBUSY)
		attempt->holder = batch->reopen->scan->holders.n; /* the others may hang, too */
	if (scan_state_is_gone_error(result) || result == -ENOTDIR) {
		mount->is_gone = true;
		return;
	}
	r = result < 0 ? result : k->ops->ns_key(k, result, &key);
	if (result >= 0 && r < 0)
		k->ops->close(k, result);
	attempt->result = r < 0 ? reopen_failed(r)
	                        : (struct reached){.result = REACHED, .handle = result, .key = key};
}

static void add_item(struct mount_batch *batch, struct attempt *attempt, int place)
{
	const struct scan *const scan = batch->reopen->scan;
	const struct holder_record *const mount = holder_at(batch, attempt->holder);
	const char *const point = mount->path + mount->root_len;

	batch->of_item[batch->n_items] = attempt;
	batch->items[batch->n_items++] = (struct kernel_mounted){
	        .place = place,
	        .is_mount_ns = !is_by_process(mount),
	        .is_own = is_by_process(mount) && scan_state_is_ours(scan, mount->process),
	        .point = *point ? point : "/",
	        .type = nstype_clone(mount->type),
	        .ino = mount->inode,
	        .ns = -EOPNOTSUPP,
	};
}

/* Makes an item of each attempt. Neighbours with the same viewpoint share it. (`before` is a copy,
 * since finish_mount may put another process into the record.) */
static void make_items(struct mount_batch *batch, struct attempt *const *attempts, size_t n)
{
	struct holder_record before = {0};
	int place = -EBADF;

	batch->n_items = 0;
	for (size_t i = 0; i < n; i++) {
		const struct holder_record *const mount = holder_at(batch, attempts[i]->holder);

		if (i == 0 || mount->process != before.process || mount->tid != before.tid ||
		        mount->mnt != before.mnt || mount->mnt_id != before.mnt_id)
			place = open_viewpoint(batch, mount);
		before = *mount;
		if (place >= 0)
			add_item(batch, attempts[i], place);
		else if (place != -EACCES || !replace_viewer(batch, attempts[i]))
			finish_mount(batch, attempts[i], place);
	}
}

static int by_holder(const void *a, const void *b)
{
	const struct attempt *const *left = a, *const *right = b;

	return COMPARE((*left)->holder, (*right)->holder);
}

/* Tries one mount of each namespace that is not open yet. Returns false if none is left. */
static bool try_round(struct mount_batch *batch)
{
	struct kernel *const k = batch->reopen->scan->kernel;
	struct attempt *trying[AT_ONCE];
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < batch->n; i++) {
		struct attempt *const attempt = &batch->attempts[i];
		const enum reach result = attempt->result.result;

		if (result != REACHED && result != REACH_UNSUPPORTED && advance(batch, attempt))
			trying[n++] = attempt;
	}
	if (n == 0)
		return false;
	qsort(trying, n, sizeof(*trying), by_holder);
	make_items(batch, trying, n);
	if (batch->n_items > 0 && k->ops->ns_open_mounted)
		r = k->ops->ns_open_mounted(k, batch->items, batch->n_items);
	for (size_t i = 0; i < batch->n_items; i++)
		finish_mount(batch, batch->of_item[i], r < 0 ? r : batch->items[i].ns);
	close_viewpoints(batch);
	return true;
}

static void open_all(struct reopen *reopen, const size_t *firsts, size_t n, unsigned depth,
        struct reached *results)
{
	_cleanup_free_ struct mount_batch *batch = memory_new(sizeof(*batch));
	const struct holder_record *const records = reopen->scan->holders.records;

	batch->reopen = reopen;
	batch->depth = depth;
	batch->n = n;
	for (size_t i = 0; i < n; i++)
		batch->attempts[i] = (struct attempt){.holder = firsts[i],
		        .type = records[firsts[i]].type,
		        .inode = records[firsts[i]].inode,
		        .result = reopen_failed(-ESRCH)};
	while (!scan_state_is_cancelled(reopen->scan) && try_round(batch)) {
	}
	for (size_t i = 0; i < n; i++)
		results[i] = batch->attempts[i].result;
}

struct reached reach_mount_ns(struct reopen *reopen, uint64_t inode)
{
	return open_held(reopen, inode, 0);
}

/* --- all namespaces --------------------------------------------------------------------------- */

void reach_near(struct reach_walk *walk)
{
	struct scan *const scan = walk->scan;
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t i = 0; i < scan->n_namespaces && !scan_state_is_cancelled(scan); i++) {
		const struct ns_record *const record = &scan->namespaces[i];
		const enum reach_want want = walk->wants(walk->data, record->ns);
		struct reached reached;

		if (want == REACH_NOTHING)
			continue;
		reached = reopen_ns(&reopen, record, want == REACH_KEY);
		if (reached.result == REACH_BY_HELPER)
			MEMORY_APPEND(walk->far, walk->n_far, walk->far_capacity) = i;
		else
			walk->receive(walk->data, record->ns, &reached);
	}
	reopen_release(&reopen);
}

void reach_far(struct reach_walk *walk)
{
	struct scan *const scan = walk->scan;
	struct reopen reopen;

	reopen_init(&reopen, scan);
	for (size_t next = 0; next < walk->n_far && !scan_state_is_cancelled(scan);) {
		struct reached reached[AT_ONCE];
		struct ns *namespaces[AT_ONCE];
		size_t firsts[AT_ONCE], n = 0;

		while (n < AT_ONCE && next < walk->n_far) {
			const struct ns_record *const record = &scan->namespaces[walk->far[next++]];

			if (walk->wants(walk->data, record->ns) == REACH_NOTHING)
				continue;
			namespaces[n] = record->ns;
			firsts[n++] = record->holder;
		}
		if (n > 0)
			open_all(&reopen, firsts, n, 0, reached);
		for (size_t i = 0; i < n; i++)
			walk->receive(walk->data, namespaces[i], &reached[i]);
	}
	reopen_release(&reopen);
}

void reach_release(struct reach_walk *walk)
{
	free(walk->far);
}
