/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reopen.h"

#include "kernel/proc/proc.h"

struct reached reopen_failed(int error)
{
	struct reached reached = {.result = REACH_REFUSED, .handle = -EBADF, .error = error};

	if (scan_state_is_gone_error(error))
		reached.result = REACH_GONE;
	else if (error == -EOPNOTSUPP)
		reached.result = REACH_UNSUPPORTED;
	return reached;
}

/* --- the open process ------------------------------------------------------------------------- */

void reopen_init(struct reopen *reopen, struct scan *scan)
{
	*reopen = (struct reopen){
	        .scan = scan, .process = -EBADF, .thread = -EBADF, .ns_dir = -EBADF, .fds = -EBADF};
}

static void close_handle(struct kernel *k, int *handle)
{
	if (*handle >= 0)
		k->ops->close(k, *handle);
	*handle = -EBADF;
}

static void release_thread(struct reopen *reopen)
{
	struct kernel *const k = reopen->scan->kernel;

	close_handle(k, &reopen->fds);
	close_handle(k, &reopen->ns_dir);
	close_handle(k, &reopen->thread);
	reopen->tid = 0;
}

void reopen_release(struct reopen *reopen)
{
	release_thread(reopen);
	close_handle(reopen->scan->kernel, &reopen->process);
	reopen->record = NULL;
	reopen->is_checked = false;
}

void reopen_begin(struct reopen *reopen, struct scan *scan, struct process_record *record,
        int process, int ns_dir)
{
	reopen_init(reopen, scan);
	reopen->record = record;
	reopen->process = process;
	reopen->ns_dir = ns_dir;
	reopen->is_checked = true;
}

void reopen_end(struct reopen *reopen)
{
	reopen->process = reopen->ns_dir = -EBADF;
	reopen_release(reopen);
}

/* Whether the open process is the one that was read: it has the same start time, if that was read
 * already. */
static int check_start(struct reopen *reopen, struct process_record *record)
{
	struct kernel *const k = reopen->scan->kernel;
	struct proc_stat stat;
	char text[2048];
	const ssize_t n = k->ops->process_read(k, reopen->process, "stat", text, sizeof(text));

	if (n < 0 && !scan_state_is_gone_error(n))
		return (int)n;
	if (n < 0 || proc_stat_parse(text, (size_t)n, &stat) < 0 ||
	        (scan_state_has(record, PART_STAT) && stat.started != record->started)) {
		record->is_gone = true;
		return -ESRCH;
	}
	return 0;
}

/* The same. A directory with the inode number that it had is that of the process: the kernel gives
 * no other one that number. It may have given this one a new number since. */
static int check_process(struct reopen *reopen, struct process_record *record)
{
	struct kernel *const k = reopen->scan->kernel;
	struct kernel_process directory;

	if (scan_state_has(record, PART_DIRECTORY) &&
	        k->ops->process_stat(k, reopen->process, &directory) == 0 &&
	        directory.ino == record->directory_ino)
		return 0;
	return check_start(reopen, record);
}

/* Opens the process and the thread. Returns 0 or a negative errno. */
static int open_thread(struct reopen *reopen, struct process_record *record, pid_t tid)
{
	struct kernel *const k = reopen->scan->kernel;

	if (reopen->record != record) {
		reopen_release(reopen);
		reopen->process = k->ops->process_open(k, record->pid);
		if (scan_state_is_gone_error(reopen->process))
			record->is_gone = true;
		if (reopen->process < 0)
			return reopen->process;
		reopen->record = record;
	}
	if (tid == 0)
		tid = record->live_thread;
	if (reopen->tid == tid)
		return 0;
	release_thread(reopen);
	if (tid == 0)
		return 0;
	reopen->thread = k->ops->thread_open(k, reopen->process, tid);
	if (reopen->thread < 0)
		return reopen->thread;
	reopen->tid = tid;
	return 0;
}

static int handle_of(const struct reopen *reopen)
{
	return reopen->tid != 0 ? reopen->thread : reopen->process;
}

static int open_ns_dir(struct reopen *reopen, struct process_record *record, pid_t tid)
{
	struct kernel *const k = reopen->scan->kernel;
	const int r = open_thread(reopen, record, tid);

	if (r < 0)
		return r;
	if (reopen->ns_dir < 0)
		reopen->ns_dir = k->ops->ns_dir_open(k, handle_of(reopen));
	return reopen->ns_dir < 0 ? reopen->ns_dir : 0;
}

int reopen_process(struct reopen *reopen, struct process_record *record, pid_t tid)
{
	int r = record->is_gone ? -ESRCH : open_thread(reopen, record, tid);

	if (r == 0 && !reopen->is_checked && scan_state_has(record, PART_STAT))
		r = check_process(reopen, record);
	if (r < 0)
		return r;
	reopen->is_checked = true;
	return handle_of(reopen);
}

ssize_t reopen_read(struct reopen *reopen, struct process_record *record, const char *file,
        char *buffer, size_t size)
{
	struct kernel *const k = reopen->scan->kernel;
	const int r = reopen_process(reopen, record, 0);

	/* These files belong to the process as a whole, also if its first thread has ended. */
	return r < 0 ? r : k->ops->process_read(k, reopen->process, file, buffer, size);
}

/* Files of a process or thread that has ended give EACCES too: then returns -ESRCH. */
static int settle_error(struct reopen *reopen, struct process_record *record, int error)
{
	if (error != -EACCES || reopen->process < 0)
		return error;
	if (scan_state_is_ending(reopen->scan->kernel, handle_of(reopen), reopen->tid != 0))
		return -ESRCH;
	return check_start(reopen, record) == -ESRCH ? -ESRCH : error;
}

int reopen_check_link(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t inode)
{
	struct kernel *const k = reopen->scan->kernel;
	uint64_t now;
	int r = open_ns_dir(reopen, record, tid);

	if (r == 0)
		r = scan_state_read_link(k, reopen->ns_dir, &scan_state_links[link], &now);
	if (r == 0 && now != inode)
		r = -ESRCH;
	return settle_error(reopen, record, r);
}

/* --- one way to a namespace ------------------------------------------------------------------- */

/* A namespace by its handle or a negative errno. only_key: closes the handle. */
static struct reached reached_by(struct reopen *reopen, int handle, bool only_key)
{
	struct kernel *const k = reopen->scan->kernel;
	struct reached reached = {.result = REACHED, .handle = handle};
	const int r = handle < 0 ? handle : k->ops->ns_key(k, handle, &reached.key);

	if (handle >= 0 && (r < 0 || only_key))
		close_handle(k, &reached.handle);
	return r < 0 ? reopen_failed(r) : reached;
}

/* By a link of a process or thread, which led to `*inode`; it is set to what the link leads to
 * now, 0: nothing. */
static struct reached by_link(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t *inode, bool only_key)
{
	struct kernel *const k = reopen->scan->kernel;
	const char *const name = scan_state_links[link].name;
	struct reached reached = {.result = REACHED, .handle = -EBADF};
	int r = open_ns_dir(reopen, record, tid);

	if (r < 0)
		return reopen_failed(r);
	r = only_key ? k->ops->ns_link_key(k, reopen->ns_dir, name, &reached.key) : -ENOENT;
	/* The link may be missing (scan_state_read_unborn). */
	if (r == -ENOENT && (!only_key || link == NS_PID_FOR_CHILDREN))
		reached = reached_by(reopen, k->ops->ns_open(k, reopen->ns_dir, name), only_key);
	else if (r < 0)
		reached = reopen_failed(r);
	if (reached.result == REACHED && reached.key.ino != *inode) {
		/* The process changed its namespace or ended. */
		*inode = reached.key.ino;
		close_handle(k, &reached.handle);
		return reopen_failed(-ESRCH);
	}
	if (settle_error(reopen, record, reached.error) == -ESRCH)
		return reopen_failed(-ESRCH);
	if (reached.result == REACH_GONE)
		*inode = 0;
	return reached;
}

struct reached reopen_link(struct reopen *reopen, unsigned link)
{
	uint64_t inode = reopen->record->inode[link];
	struct reached reached = by_link(reopen, reopen->record, 0, link, &inode, false);

	reached.pid = reopen->record->pid;
	return reached;
}

/* Returns a handle or a negative errno; -ESRCH: the descriptor was closed. */
static int open_fd(struct reopen *reopen, struct process_record *record, pid_t tid, int fd)
{
	struct kernel *const k = reopen->scan->kernel;
	int r = reopen_process(reopen, record, tid);

	if (r < 0)
		return r;
	if (reopen->fds < 0)
		reopen->fds = k->ops->fds_open(k, handle_of(reopen));
	r = reopen->fds < 0 ? reopen->fds : k->ops->fd_open_ns(k, reopen->fds, fd);
	return r == -EBADF ? -ESRCH : settle_error(reopen, record, r);
}

/* The inode alone identifies the namespace: the types share one range of numbers. */
static struct reached by_fd(
        struct reopen *reopen, const struct holder_record *holder, bool only_key)
{
	const int handle = open_fd(reopen, holder->process, holder->tid, holder->fd);
	struct reached reached = reached_by(reopen, handle, only_key);

	if (handle == -ENOTTY) /* it refers to something else now */
		return reopen_failed(-ESRCH);
	if (reached.result != REACHED || reached.key.ino == holder->inode)
		return reached;
	close_handle(reopen->scan->kernel, &reached.handle);
	return reopen_failed(-ESRCH);
}

/* By the handle that is open already: it is passed on, unless only the key is wanted. */
static struct reached by_handle(struct reopen *reopen, struct holder_record *holder, bool only_key)
{
	struct kernel *const k = reopen->scan->kernel;
	struct reached reached = {.result = REACHED, .handle = -EBADF};
	const int r = k->ops->ns_key(k, holder->handle, &reached.key);

	if (r < 0)
		return reopen_failed(r);
	if (!only_key) {
		reached.handle = holder->handle;
		holder->handle = -EBADF;
	}
	return reached;
}

/* Returns a handle or a negative errno; -ESRCH: it is gone. */
static int open_by_id(struct kernel *k, const struct holder_record *holder)
{
	const struct nsrel_key key = {.id = holder->id};
	const int type = nstype_clone(holder->type);
	int handle;
	const int r = k->ops->ns_open_keys(k, &key, &type, 1, &handle);

	if (r < 0)
		return r;
	return handle == -ESTALE ? -ESRCH : handle;
}

static struct reached by_holder(struct reopen *reopen, struct holder_record *holder, bool only_key)
{
	struct kernel *const k = reopen->scan->kernel;
	uint64_t inode = holder->inode;

	if (scan_state_is_kind(holder, HOLDER_MOUNT))
		return (struct reached){.result = REACH_BY_HELPER, .handle = -EBADF};
	if (holder->process && holder->process->is_gone)
		return reopen_failed(-ESRCH);
	if (holder->handle >= 0)
		return by_handle(reopen, holder, only_key);
	if (holder->id != 0)
		return reached_by(reopen, open_by_id(k, holder), only_key);
	if (holder->is_listed)
		return reached_by(reopen, k->ops->mount_ns_open(k, holder->mnt_id), only_key);
	switch (holder->kind) {
	case HOLDER_THREAD:
	case HOLDER_FOR_CHILDREN:
		return by_link(
		        reopen, holder->process, holder->tid, holder->link, &inode, only_key);
	case HOLDER_FD:
		return by_fd(reopen, holder, only_key);
	default: /* a socket whose namespace another socket has a handle of */
		return (struct reached){.result = REACH_BY_HELPER, .handle = -EBADF};
	}
}

/* --- all ways to a namespace ------------------------------------------------------------------ */

struct reached reopen_holders(struct reopen *reopen, size_t first, bool only_key)
{
	struct holder_list *const all = &reopen->scan->holders;
	const struct holder_record ns = all->records[first];
	struct reached result = reopen_failed(-ESRCH);

	for (size_t i = first; scan_state_is_holder_of(all, i, ns.type, ns.inode); i++) {
		struct holder_record *const holder = &all->records[i];
		struct reached reached;

		if (holder->is_gone)
			continue;
		reached = by_holder(reopen, holder, only_key);
		reached.pid = holder->process ? holder->process->pid : 0;
		if (reached.result == REACHED || reached.result == REACH_UNSUPPORTED)
			return reached;
		if (reached.result == REACH_GONE)
			holder->is_gone = true;
		else if (result.result != REACH_BY_HELPER)
			result = reached;
	}
	return result;
}

static struct reached by_processes(struct reopen *reopen, const struct ns_record *ns, bool only_key)
{
	const struct scan *const scan = reopen->scan;
	const uint64_t inode = ns->ns->inode;
	struct reached result = reopen_failed(-ESRCH);

	for (struct process_record *record = ns->process;
	        record < scan->processes + scan->n_processes; record++) {
		for (unsigned link = 0; link < NS_LINKS && !record->is_gone; link++) {
			struct reached reached;

			if (record->inode[link] != inode ||
			        scan_state_links[link].type != ns->ns->type)
				continue;
			reached = by_link(reopen, record, 0, link, &record->inode[link], only_key);
			record->is_moved |= record->inode[link] != inode;
			reached.pid = record->pid;
			if (reached.result == REACHED || reached.result == REACH_UNSUPPORTED)
				return reached;
			if (reached.result != REACH_GONE)
				result = reached;
		}
	}
	return result;
}

struct reached reopen_ns(struct reopen *reopen, const struct ns_record *ns, bool only_key)
{
	return ns->process ? by_processes(reopen, ns, only_key)
	                   : reopen_holders(reopen, ns->holder, only_key);
}

int reopen_fd(struct reopen *reopen, struct holder_record *holder)
{
	struct kernel *const k = reopen->scan->kernel;
	const int handle = open_fd(reopen, holder->process, holder->tid, holder->fd);
	struct nsrel_key key;
	int r;

	if (handle < 0)
		return handle;
	r = k->ops->ns_key(k, handle, &key);
	if (r == 0)
		r = k->ops->ns_type(k, handle);
	k->ops->close(k, handle);
	if (r < 0)
		return r;
	holder->inode = key.ino;
	return nstype_from_clone(r, &holder->type) ? 0 : -ENOTTY;
}
