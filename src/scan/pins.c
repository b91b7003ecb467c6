/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/pins.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/reach.h"

#include <string.h>

/* --- mounts of procfs ------------------------------------------------------------------------- */

static const char TYPE[] = " - proc ";

static uint64_t device_of(unsigned major, unsigned minor)
{
	return (uint64_t)major << 32 | minor;
}

static uint64_t own_device(const struct scan *scan)
{
	return device_of(scan->host.proc_major, scan->host.proc_minor);
}

static bool is_of_others(const struct scan *scan, const struct proc_mount *mount)
{
	return proc_mountinfo_equals(mount->type, "proc") &&
	       device_of(mount->major, mount->minor) != own_device(scan);
}

/* The names of the option since Linux 5.8, and its numbers, of which older kernels have no 4. */
static bool is_hiding(const struct proc_mount *mount)
{
	struct proc_slice value;

	return proc_mountinfo_option(mount->options, "hidepid", &value) &&
	       (proc_mountinfo_equals(value, "ptraceable") || proc_mountinfo_equals(value, "4"));
}

static const char *path_of(struct arena *arena, const char *root, struct proc_slice point)
{
	const size_t root_len = strlen(root);
	char *const path = arena_alloc(arena, root_len + point.len + 1);

	memcpy(path, root, root_len);
	proc_mountinfo_unescape(point, path + root_len);
	return path;
}

/* The table is made only if a mount is not where /proc usually is. */
struct access_table {
	const char *text;
	size_t len;
	bool is_made;
	struct proc_mount_table table;
};

static enum mount_access access_of(struct access_table *all, const struct proc_mount *mount)
{
	struct proc_mount_table *const table = &all->table;
	size_t i;

	if (proc_mountinfo_is_plain(all->text, all->len, mount))
		return MOUNT_REACHABLE;
	if (!all->is_made)
		proc_mountinfo_table_init(table, all->text, all->len);
	all->is_made = true;
	i = LOWER_BOUND(table->n, at, table->mounts[at].id < mount->id);
	return proc_mountinfo_table_access(table, i);
}

static void note_mount(struct scan_thread *thread, const struct proc_mount *mount,
        struct access_table *table, const char *root, const struct holder_record *seen_by)
{
	struct procfs_mounts *const list = &thread->procfs_mounts;

	MEMORY_APPEND(list->mounts, list->n, list->capacity) = (struct procfs_mount){
	        .mnt = seen_by->mnt,
	        .mnt_id = seen_by->mnt_id,
	        .process = seen_by->process,
	        .tid = seen_by->tid,
	        .id = mount->id,
	        .major = mount->major,
	        .minor = mount->minor,
	        .path = path_of(thread->arena, root, mount->point),
	        .root_len = strlen(root),
	        .is_whole = proc_mountinfo_equals(mount->root, "/"),
	        .is_hiding = is_hiding(mount),
	        .access = access_of(table, mount),
	};
}

void pins_note(struct scan_thread *thread, const char *text, size_t len, const char *root,
        const struct holder_record *seen_by)
{
	struct access_table table = {.text = text, .len = len};
	const char *const end = text + len;
	const char *at = text;

	while (seen_by->mnt != 0 && (at = memmem(at, (size_t)(end - at), TYPE, sizeof(TYPE) - 1))) {
		const char *const newline = memrchr(text, '\n', (size_t)(at - text));
		const char *const line = newline ? newline + 1 : text;
		const char *const stop = memchr(at, '\n', (size_t)(end - at));
		struct proc_mount mount;

		at = stop ? stop : end;
		if (proc_mountinfo_parse(line, (size_t)(at - line), &mount) == 0 &&
		        is_of_others(thread->scan, &mount))
			note_mount(thread, &mount, &table, root, seen_by);
	}
	if (table.is_made)
		proc_mountinfo_table_release(&table.table);
}

void pins_carry(struct scan *scan, const struct procfs_mount *mount, struct process_record *process,
        pid_t tid)
{
	struct procfs_mounts *const list = &scan->threads[0]->procfs_mounts;
	struct procfs_mount copy = *mount;

	copy.process = process;
	copy.tid = tid;
	copy.path = arena_strdup(scan->arena, mount->path);
	MEMORY_APPEND(list->mounts, list->n, list->capacity) = copy;
}

void pins_carry_listed(struct scan *scan, const struct scan *from)
{
	for (unsigned t = 0; t < from->n_threads; t++) {
		const struct procfs_mounts *const all = &from->threads[t]->procfs_mounts;

		for (size_t i = 0; i < all->n; i++) {
			if (!all->mounts[i].process)
				pins_carry(scan, &all->mounts[i], NULL, 0);
		}
	}
}

/* --- each procfs ------------------------------------------------------------------------------ */

enum { TRIES = 8 }; /* mounts of one procfs that are tried */

/* A procfs: mounts that follow each other in the list. */
struct procfs {
	const struct procfs_mount *mounts;
	size_t n;
	size_t next;      /* the mount that is tried next */
	unsigned n_tried; /* how many were */
	pid_t ended;      /* the process by which the last one was tried, if it has ended; else 0 */
	bool is_retried;  /* that mount was tried again, by another process */
	bool is_known;
	int result; /* as in struct kernel_proc_mount; -ENODATA: no mount can be tried */
	uint64_t pid_ns;
};

struct look {
	struct scan *scan;
	struct procfs_mount *mounts; /* by device; those in our own mount namespace first */
	size_t n_mounts, mounts_capacity;
	struct procfs *all;
	size_t n, capacity;
	struct u64_set alive; /* hashes of the PID namespaces that have processes */
	struct u64_set shown; /* of those that a procfs shows */
	struct u64_set candidates;
	bool with_ns; /* `shown` is needed: some procfs cannot be looked at */
};

static int by_device(const void *a, const void *b, void *own)
{
	const struct procfs_mount *const left = a, *const right = b;
	const uint64_t mnt = *(const uint64_t *)own;
	const int r =
	        COMPARE(device_of(left->major, left->minor), device_of(right->major, right->minor));

	if (r)
		return r;
	if (left->is_whole != right->is_whole)
		return right->is_whole - left->is_whole;
	if ((left->mnt == mnt) != (right->mnt == mnt))
		return (right->mnt == mnt) - (left->mnt == mnt);
	return left->mnt != right->mnt ? COMPARE(left->mnt, right->mnt)
	                               : COMPARE(left->id, right->id);
}

/* The number of a PID namespace is used again at once: the start of its oldest process, which is
 * that of its PID 1, tells it from the one before. */
static void list_alive(struct look *look)
{
	const struct scan *const scan = look->scan;
	struct u64_map by_inode = {0};
	uint64_t(*oldest)[2] = memory_new((scan->n_processes + 1) * sizeof(*oldest));

	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];
		bool is_new;
		size_t at;

		if (record->is_gone || record->inode[NS_PID] == 0)
			continue;
		at = u64_map_add(&by_inode, record->inode[NS_PID], &is_new);
		if (is_new || record->started < oldest[at][1]) {
			oldest[at][0] = record->inode[NS_PID];
			oldest[at][1] = record->started;
		}
	}
	for (size_t i = 0; i < by_inode.n; i++)
		u64_set_push(
		        &look->alive, u64_set_hash(0, (const char *)oldest[i], sizeof(oldest[i])));
	u64_set_sort_unique(&look->alive);
	u64_map_release(&by_inode);
	free(oldest);
}

/* A mount namespace that a process has shown that has ended was read again, if it is still there.
 */
static void collect(struct look *look)
{
	struct scan *const scan = look->scan;

	for (unsigned t = 0; t < scan->n_threads; t++) {
		const struct procfs_mounts *const list = &scan->threads[t]->procfs_mounts;

		for (size_t i = 0; i < list->n; i++) {
			if (!list->mounts[i].process || !list->mounts[i].process->is_gone)
				MEMORY_APPEND(look->mounts, look->n_mounts, look->mounts_capacity) =
				        list->mounts[i];
		}
	}
	if (look->n_mounts == 0)
		return;
	qsort_r(look->mounts, look->n_mounts, sizeof(*look->mounts), by_device, &scan->own_mnt);
	list_alive(look);
}

static bool is_same_procfs(const struct procfs_mount *a, const struct procfs_mount *b)
{
	return a->major == b->major && a->minor == b->minor;
}

static bool may_try(const struct procfs_mount *mount)
{
	return mount->is_whole && mount->access == MOUNT_REACHABLE;
}

static bool can_be_tried(const struct procfs *procfs)
{
	for (size_t i = 0; i < procfs->n; i++) {
		if (may_try(&procfs->mounts[i]))
			return true;
	}
	return false;
}

/* Devices are used again: the first of its mounts counts, too. */
static uint64_t hash_of(const struct procfs *procfs)
{
	const struct procfs_mount *const mount = procfs->mounts;
	const uint64_t key[] = {device_of(mount->major, mount->minor), mount->mnt, mount->id};

	return u64_set_hash(0, (const char *)key, sizeof(key));
}

/* Nothing has changed for a procfs that showed processes as long as no PID namespace is without
 * processes now that had some. */
static bool may_take_kept(const struct look *look)
{
	const struct scan *const kept = look->scan->kept;
	const struct u64_set *const before = kept ? &kept->procfs.alive : &look->alive;

	for (size_t i = 0; i < before->n; i++) {
		if (!u64_set_has(&look->alive, before->items[i]))
			return false;
	}
	return kept != NULL;
}

static void make_all(struct look *look)
{
	for (size_t i = 0, end; i < look->n_mounts; i = end) {
		const struct procfs_mount *const first = &look->mounts[i];
		struct procfs procfs = {.mounts = first, .result = -ENODATA};

		for (end = i + 1; end < look->n_mounts; end++) {
			if (!is_same_procfs(&look->mounts[end], first))
				break;
		}
		procfs.n = end - i;
		look->with_ns |= !can_be_tried(&procfs);
		MEMORY_APPEND(look->all, look->n, look->capacity) = procfs;
	}
}

/* The kept state has no numbers of PID namespaces. */
static void take_kept(struct look *look)
{
	if (look->with_ns || !may_take_kept(look))
		return;
	for (size_t i = 0; i < look->n; i++) {
		struct procfs *const procfs = &look->all[i];

		procfs->is_known = u64_set_has(&look->scan->kept->procfs.shown, hash_of(procfs));
		procfs->result = procfs->is_known ? 1 : procfs->result;
	}
}

/* --- looking ---------------------------------------------------------------------------------- */

/* The process of a mount, or the next one in its mount namespace if that has ended. `ended`:
 * another one that has. */
static struct process_record *viewer_of(
        const struct scan *scan, const struct procfs_mount *mount, pid_t ended)
{
	if (!mount->process->is_gone && mount->process->pid != ended)
		return mount->process;
	for (size_t i = 0; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		if (!record->is_gone && record->pid != ended && record->inode[NS_MNT] == mount->mnt)
			return record;
	}
	return NULL;
}

/* Moves on to the next mount that can be tried. NULL: there is none. */
static const struct procfs_mount *advance(struct procfs *procfs)
{
	if (procfs->ended && !procfs->is_retried) {
		procfs->is_retried = true;
		return &procfs->mounts[procfs->next - 1];
	}
	while (!procfs->is_known && procfs->next < procfs->n && procfs->n_tried < TRIES) {
		const struct procfs_mount *const mount = &procfs->mounts[procfs->next++];

		if (!may_try(mount))
			continue;
		procfs->n_tried++;
		return mount;
	}
	return NULL;
}

static int open_mount_ns(struct scan *scan, struct reopen *reopen, const struct procfs_mount *mount)
{
	if (mount->mnt_id != 0 && scan->kernel->ops->mount_ns_open)
		return scan->kernel->ops->mount_ns_open(scan->kernel, mount->mnt_id);
	const struct reached reached = reach_mount_ns(reopen, mount->mnt);
	return reached.result == REACHED ? reached.handle : reached.error;
}

/* Makes the item of a mount. Returns 0 or a negative errno. */
static int make_item(const struct look *look, struct reopen *reopen,
        const struct procfs_mount *mount, pid_t ended, struct kernel_proc_mount *ret)
{
	struct scan *const scan = look->scan;
	const char *const point = mount->path + mount->root_len;

	*ret = (struct kernel_proc_mount){.mount_ns = -EBADF,
	        .point = *point ? point : "/",
	        .major = mount->major,
	        .minor = mount->minor,
	        .is_hiding = mount->is_hiding,
	        .with_ns = look->with_ns};
	if (!mount->process) {
		ret->mount_ns = open_mount_ns(scan, reopen, mount);
		return ret->mount_ns < 0 ? ret->mount_ns : 0;
	}
	const struct process_record *const viewer = viewer_of(scan, mount, ended);
	if (!viewer)
		return -ESRCH;
	ret->pid = viewer->pid;
	ret->tid = viewer == mount->process && mount->tid ? mount->tid : viewer->live_thread;
	ret->is_own = scan_state_is_ours(scan, viewer);
	return 0;
}

/* True if another mount of the same procfs may give a result. */
static bool is_passing(int result)
{
	return scan_state_is_gone_error(result) || result == -ENOTDIR || result == -ESTALE ||
	       result == -EACCES || result == -EPERM || result == -EBADF;
}

static void set_result(struct procfs *procfs, int result, uint64_t pid_ns)
{
	procfs->result = result;
	procfs->pid_ns = pid_ns;
	procfs->is_known = !is_passing(result);
}

/* Handles of mount namespaces stay open until the call is over, so there are not too many. */
enum { AT_ONCE = 256, HANDLES_MAX = 32 };

struct round {
	struct kernel_proc_mount items[AT_ONCE];
	struct procfs *of_item[AT_ONCE];
	size_t n, n_handles;
};

static void call(struct scan *scan, struct round *round)
{
	struct kernel *const k = scan->kernel;
	const int r = k->ops->proc_mounts(k, round->items, round->n);

	for (size_t i = 0; i < round->n; i++) {
		const struct kernel_proc_mount *const item = &round->items[i];

		kernel_close(k, item->mount_ns);
		set_result(round->of_item[i], r < 0 ? r : item->result, item->pid_ns);
		round->of_item[i]->ended = item->result == -ESRCH ? item->pid : 0;
	}
	round->n = round->n_handles = 0;
}

/* Tries one mount of each procfs of which nothing is known yet. False: there was none. */
static bool try_round(struct look *look, struct reopen *reopen, struct round *round)
{
	struct scan *const scan = look->scan;
	bool is_tried = false;

	for (size_t i = 0; i < look->n && !scan_state_is_cancelled(scan); i++) {
		struct procfs *const procfs = &look->all[i];
		const struct procfs_mount *const mount = advance(procfs);
		int r;

		if (!mount)
			continue;
		is_tried = true;
		r = make_item(look, reopen, mount, procfs->ended, &round->items[round->n]);
		if (r < 0) {
			set_result(procfs, r, 0);
			continue;
		}
		round->n_handles += round->items[round->n].mount_ns >= 0;
		round->of_item[round->n++] = procfs;
		if (round->n == AT_ONCE || round->n_handles == HANDLES_MAX)
			call(scan, round);
	}
	if (round->n > 0)
		call(scan, round);
	return is_tried;
}

static void look_at_all(struct look *look)
{
	_cleanup_free_ struct round *round = memory_new(sizeof(*round));
	struct reopen reopen;

	if (!look->scan->kernel->ops->proc_mounts)
		return;
	reopen_init(&reopen, look->scan);
	while (!scan_state_is_cancelled(look->scan) && try_round(look, &reopen, round)) {
	}
	reopen_release(&reopen);
}

/* --- pins ------------------------------------------------------------------------------------- */

static void keep_results(struct look *look)
{
	struct procfs_known *const known = &look->scan->procfs;

	u64_set_clear(&known->shown);
	for (size_t i = 0; i < look->n; i++) {
		if (look->all[i].result != 1)
			continue;
		u64_set_push(&known->shown, hash_of(&look->all[i]));
		u64_set_push(&look->shown, look->all[i].pid_ns);
	}
	u64_set_sort(&known->shown);
	u64_set_sort_unique(&look->shown);
	u64_set_copy(&known->alive, &look->alive);
}

/* The mount namespaces with a process whose PID namespace no procfs shows. */
static void list_candidates(struct look *look)
{
	const struct scan *const scan = look->scan;

	for (size_t i = 0; i < scan->n_processes; i++) {
		const struct process_record *const record = &scan->processes[i];
		const uint64_t pid_ns = record->inode[NS_PID];

		if (!record->is_gone && record->inode[NS_MNT] != 0 && pid_ns != scan->host.pid_ns &&
		        !u64_set_has(&look->shown, pid_ns))
			u64_set_push(&look->candidates, record->inode[NS_MNT]);
	}
	u64_set_sort_unique(&look->candidates);
}

/* True if a procfs that cannot be looked at may show processes: one in its mount namespaces, unless
 * another procfs shows that, or those outside of the PID namespace of the scan. */
static bool may_be_of_process(const struct look *look, const struct procfs *procfs)
{
	if (look->scan->host.is_inside_pid || look->scan->host.is_foreign_proc)
		return true;
	for (size_t i = 0; i < procfs->n; i++) {
		if (u64_set_has(&look->candidates, procfs->mounts[i].mnt))
			return true;
	}
	return false;
}

/* The state of a procfs of which no mount could be tried. */
static enum pin_state state_of(const struct procfs *procfs)
{
	enum pin_state state = PIN_PART;

	for (size_t i = 0; i < procfs->n; i++) {
		const struct procfs_mount *const mount = &procfs->mounts[i];

		if (mount->is_whole && mount->access == MOUNT_MAY_HANG)
			return PIN_SLOW;
		if (mount->is_whole || mount->access == MOUNT_COVERED)
			state = PIN_COVERED;
	}
	return state;
}

/* Mounts in mount namespaces that several processes have shown are there once. */
static size_t count_mounts(const struct procfs *procfs)
{
	size_t n = 0;

	for (size_t i = 0; i < procfs->n; i++) {
		const struct procfs_mount *const mount = &procfs->mounts[i];

		n += i == 0 || mount->mnt != mount[-1].mnt || mount->id != mount[-1].id;
	}
	return n;
}

static void add_pin(struct scan *scan, const struct procfs *procfs, enum pin_state state)
{
	const struct procfs_mount *const mount = procfs->mounts;
	struct pin_list *const list = &scan->pins;

	MEMORY_APPEND(list->pins, list->n, list->capacity) = (struct ns_pin){.type = NS_PID,
	        .by = PIN_BY_PROC_MOUNT,
	        .state = state,
	        .path = arena_strdup(scan->arena, mount->path),
	        .mnt = mount->mnt,
	        .major = mount->major,
	        .minor = mount->minor,
	        .n_mounts = count_mounts(procfs)};
}

static void add_result(struct look *look, const struct procfs *procfs)
{
	if (procfs->result == 0)
		add_pin(look->scan, procfs, PIN_NO_PROCESS);
	else if (procfs->result == -ENODATA && !may_be_of_process(look, procfs))
		add_pin(look->scan, procfs, state_of(procfs));
	else if (procfs->is_known && procfs->result < 0 &&
	         !scan_state_is_unavailable(procfs->result))
		scan_state_note_ns(look->scan, 0, "mount of proc", NS_MNT, procfs->mounts->mnt,
		        -procfs->result, PARTIAL_FAILED);
}

int pins_read(struct scan *scan)
{
	struct look look = {.scan = scan};

	scan->pins.n = 0;
	collect(&look);
	make_all(&look);
	take_kept(&look);
	if (look.n > 0)
		look_at_all(&look);
	keep_results(&look);
	list_candidates(&look);
	for (size_t i = 0; i < look.n && !scan_state_is_cancelled(scan); i++)
		add_result(&look, &look.all[i]);
	u64_set_release(&look.alive);
	u64_set_release(&look.shown);
	u64_set_release(&look.candidates);
	free(look.mounts);
	free(look.all);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

void pins_merge(const struct scan *scan, struct builder *builder)
{
	for (size_t i = 0; i < scan->pins.n; i++)
		builder_pin(builder, &scan->pins.pins[i]);
}
