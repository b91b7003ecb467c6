/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/nspid.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"

static void set(
        struct scan_thread *thread, struct process_record *record, const pid_t *pids, size_t n)
{
	record->nspid = arena_copy_array(thread->arena, pids, n, sizeof(*pids));
	record->n_nspid = n;
}

void nspid_set_plain(struct scan_thread *thread, struct process_record *record)
{
	set(thread, record, &record->pid, 1);
}

/* --- of the model before ---------------------------------------------------------------------- */

static const struct process *find_before(
        const struct scan_thread *thread, const struct process_record *record)
{
	const struct model *const before = thread->scan->before;

	return before ? model_find_process(before, record->pid) : NULL;
}

/* Whether it is the same process is only known with its start. */
static bool carry(struct scan_thread *thread, struct process_record *record)
{
	const struct process *const was = find_before(thread, record);

	if (!was || was->n_nspid < 2)
		return false;
	set(thread, record, was->nspid, was->n_nspid);
	record->has_old_nspid = true;
	return true;
}

/* --- by the kernel ---------------------------------------------------------------------------- */

/* A process may be in a PID namespace that is nested more deeply; then its status is read. */
enum { DEPTH_MAX = ARRAY_SIZE(((struct scan_thread *)NULL)->pid_places) / 2 };

static void close_place(struct kernel *k, struct pid_place *place)
{
	if (place->inode != 0)
		k->ops->close(k, place->handle);
	*place = (struct pid_place){0};
}

void nspid_release(struct scan_thread *thread)
{
	for (size_t i = 0; i < ARRAY_SIZE(thread->pid_places); i++)
		close_place(thread->scan->kernel, &thread->pid_places[i]);
}

static struct pid_place *find_place(struct scan_thread *thread, uint64_t inode)
{
	for (size_t i = 0; i < ARRAY_SIZE(thread->pid_places); i++) {
		if (thread->pid_places[i].inode == inode)
			return &thread->pid_places[i];
	}
	return NULL;
}

/* Takes the handle. */
static struct pid_place *add_place(
        struct scan_thread *thread, uint64_t inode, uint64_t parent, int handle)
{
	struct pid_place *const place =
	        &thread->pid_places[thread->next_place++ % ARRAY_SIZE(thread->pid_places)];

	close_place(thread->scan->kernel, place);
	*place = (struct pid_place){.inode = inode, .parent = parent, .handle = handle};
	return place;
}

void nspid_keep(struct scan_thread *thread, uint64_t inode, uint64_t parent, int handle)
{
	if (find_place(thread, inode) || inode == 0)
		kernel_close(thread->scan->kernel, handle);
	else
		add_place(thread, inode, parent, handle);
}

/* The inode of the namespace of a handle or negative errno; 0: it is not known. */
static uint64_t inode_of(struct kernel *k, int handle)
{
	struct nsrel_key key;

	return handle >= 0 && k->ops->ns_key(k, handle, &key) == 0 ? key.ino : 0;
}

/* The PID namespace of a process. Those that follow each other are usually in the same one. */
static struct pid_place *open_place(
        struct scan_thread *thread, const struct process_record *record, int ns_dir)
{
	struct kernel *const k = thread->scan->kernel;
	const uint64_t inode = record->inode[NS_PID];
	struct pid_place *const place = find_place(thread, inode);
	int handle;

	if (place)
		return place;
	handle = k->ops->ns_open(k, ns_dir, "pid");
	if (inode_of(k, handle) == inode)
		return add_place(thread, inode, 0, handle);
	kernel_close(k, handle);
	return NULL;
}

/* The parent of a PID namespace. Returns false if it is not known; sets *place to NULL if it is
 * that of /proc. */
static bool go_up(struct scan_thread *thread, struct pid_place **place)
{
	struct kernel *const k = thread->scan->kernel;
	struct pid_place *const from = *place;
	int handle;

	*place = from->parent != 0 ? find_place(thread, from->parent) : NULL;
	if (*place || from->parent == thread->scan->host.pid_ns)
		return true;
	handle = k->ops->ns_parent(k, from->handle);
	from->parent = inode_of(k, handle);
	if (from->parent != 0 && from->parent != thread->scan->host.pid_ns) {
		*place = add_place(thread, from->parent, 0, handle);
		return true;
	}
	kernel_close(k, handle);
	return from->parent != 0;
}

static bool can_translate(const struct scan_thread *thread, const struct process_record *record)
{
	const struct scan *const scan = thread->scan;

	return scan->kernel->ops->pid_in_ns && !thread->lacks_pid_in_ns &&
	       !scan->host.is_foreign_proc && scan->host.pid_ns != 0 && record->inode[NS_PID] != 0;
}

static bool translate(struct scan_thread *thread, struct process_record *record, int ns_dir)
{
	struct kernel *const k = thread->scan->kernel;
	pid_t inwards[DEPTH_MAX + 1];
	struct pid_place *place;
	size_t at = DEPTH_MAX + 1;

	if (ns_dir < 0 || !can_translate(thread, record))
		return false;
	place = open_place(thread, record, ns_dir);
	if (!place)
		return false;
	while (place) {
		const int pid = at > 1 ? k->ops->pid_in_ns(k, place->handle, record->pid) : -E2BIG;

		thread->lacks_pid_in_ns |= pid == -EOPNOTSUPP;
		if (pid <= 0 || !go_up(thread, &place))
			return false;
		inwards[--at] = pid;
	}
	inwards[--at] = record->pid;
	set(thread, record, &inwards[at], DEPTH_MAX + 1 - at);
	return true;
}

/* --- of its status ---------------------------------------------------------------------------- */

/* A process may be in 65,536 groups (setgroups(2)), and their line comes before that of its PIDs:
 * if the text does not fit into that of the thread, it is read again. */
static int parse_status(
        struct scan_thread *thread, int process, pid_t pids[static PROC_NSPID_MAX], size_t *ret_n)
{
	struct kernel *const k = thread->scan->kernel;
	_cleanup_free_ char *more = NULL;
	const char *text = thread->text;
	ssize_t n = k->ops->process_read(k, process, "status", thread->text, sizeof(thread->text));

	if (n == sizeof(thread->text)) {
		text = more = memory_new(PROCESS_STATUS_MAX);
		n = k->ops->process_read(k, process, "status", more, PROCESS_STATUS_MAX);
	}
	return n < 0 ? (int)n : proc_status_nspid(text, (size_t)n, pids, PROC_NSPID_MAX, ret_n);
}

static int read_status(struct scan_thread *thread, struct process_record *record, int process)
{
	pid_t pids[PROC_NSPID_MAX];
	size_t n;
	const int r = parse_status(thread, process, pids, &n);

	if (r == 0) {
		set(thread, record, pids, n);
		scan_state_mark(record, PART_STATUS);
	}
	return r == -ENODATA ? 0 : r; /* Linux before 4.1 has no such line */
}

/* --- all three -------------------------------------------------------------------------------- */

int nspid_read(struct scan_thread *thread, struct process_record *record, int process, int ns_dir,
        bool must_be_quick)
{
	const uint64_t here = thread->scan->host.pid_ns;

	if (scan_state_has(record, PART_STATUS))
		return 0;
	nspid_set_plain(thread, record);
	if (here != 0 && record->inode[NS_PID] == here)
		return 0;
	if (carry(thread, record) || translate(thread, record, ns_dir)) {
		scan_state_mark(record, PART_STATUS);
		return 0;
	}
	return must_be_quick ? 0 : read_status(thread, record, process);
}

int nspid_check(struct scan_thread *thread, struct process_record *record, int process)
{
	const struct process *const was = find_before(thread, record);

	if (!record->has_old_nspid || (was && was->started == record->started))
		return 0;
	record->has_old_nspid = false;
	record->read_at[PART_STATUS] = 0;
	nspid_set_plain(thread, record);
	return read_status(thread, record, process);
}
