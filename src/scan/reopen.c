/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/reopen.h"

#include "kernel/proc/proc.h"

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

/* Whether the open process is the one that was read: its start time says so. */
static int check_process(struct reopen *reopen, struct process_record *record)
{
	struct kernel *const k = reopen->scan->kernel;
	struct proc_stat stat;
	char text[2048];
	const ssize_t n = k->ops->process_read(k, reopen->process, "stat", text, sizeof(text));

	if (n < 0 && !process_record_is_gone_error(n))
		return (int)n;
	if (n < 0 || proc_stat_parse(text, (size_t)n, &stat) < 0 ||
	        stat.started != record->started) {
		record->has_gone = true;
		return -ESRCH;
	}
	return 0;
}

/* Returns 0 or an error; when that says so, the reading has gone. */
static int open_process(struct reopen *reopen, struct process_record *record)
{
	struct kernel *const k = reopen->scan->kernel;

	if (reopen->record == record)
		return 0;
	reopen_release(reopen);
	reopen->process = k->ops->process_open(k, record->pid);
	if (reopen->process >= 0) {
		reopen->record = record;
		return 0;
	}
	if (process_record_is_gone_error(reopen->process))
		record->has_gone = true;
	return reopen->process;
}

/* The thread too, if there is one: the one that stands for the process where its first has ended.
 */
static int open_thread(struct reopen *reopen, struct process_record *record, pid_t tid)
{
	struct kernel *const k = reopen->scan->kernel;
	const int r = open_process(reopen, record);

	if (r < 0)
		return r;
	if (tid == 0)
		tid = record->thread;
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

/* Opens the link, or not: then *ret_handle stays negative. */
static int ask_link(
        struct reopen *reopen, unsigned link, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = reopen->scan->kernel;
	const char *const name = ns_links[link].name;
	int handle, r;

	if (!ret_handle)
		return k->ops->ns_link_key(k, reopen->ns_dir, name, ret_key);
	handle = k->ops->ns_open(k, reopen->ns_dir, name);
	if (handle < 0)
		return handle;
	r = k->ops->ns_key(k, handle, ret_key);
	if (r < 0)
		k->ops->close(k, handle);
	else
		*ret_handle = handle;
	return r;
}

/* By a link of a process or thread, which led to `*inode`: what it leads to by now is what it has.
 */
static int reach_link(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t *inode, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = reopen->scan->kernel;
	int handle = -EBADF;
	int r = open_ns_dir(reopen, record, tid);

	if (r < 0)
		return r;
	r = ask_link(reopen, link, ret_key, ret_handle ? &handle : NULL);
	if (r == 0 && ret_key->ino != *inode) {
		/* It has moved since, or turned to dust. */
		*inode = ret_key->ino;
		close_handle(k, &handle);
		return -ESRCH;
	}
	/* So say links of a process that has gone meanwhile, too. */
	if (r == -EACCES && check_process(reopen, record) == -ESRCH)
		return -ESRCH;
	if (process_record_is_gone_error(r))
		*inode = 0;
	if (r == 0 && ret_handle)
		*ret_handle = handle;
	return r;
}

int reopen_process(struct reopen *reopen, struct process_record *record, pid_t tid)
{
	int r = record->has_gone ? -ESRCH : open_thread(reopen, record, tid);

	if (r == 0 && !reopen->is_checked && record->is_stat_known)
		r = check_process(reopen, record);
	if (r < 0)
		return r;
	reopen->is_checked = true;
	return handle_of(reopen);
}

/* The namespace that a descriptor leads to. Its number tells which: all types share one range. */
static int open_fd(struct reopen *reopen, struct process_record *record, pid_t tid, int fd,
        struct nsrel_key *ret_key)
{
	struct kernel *const k = reopen->scan->kernel;
	int handle, r = reopen_process(reopen, record, tid);

	if (r < 0)
		return r;
	if (reopen->fds < 0)
		reopen->fds = k->ops->fds_open(k, handle_of(reopen));
	if (reopen->fds < 0)
		return reopen->fds;
	handle = k->ops->fd_open_ns(k, reopen->fds, fd);
	if (handle < 0)
		return handle;
	r = k->ops->ns_key(k, handle, ret_key);
	if (r < 0)
		k->ops->close(k, handle);
	return r < 0 ? r : handle;
}

int reopen_fd_open(struct reopen *reopen, struct process_record *record, pid_t tid, int fd,
        struct nsrel_key *ret_key, enum nstype *ret_type)
{
	struct kernel *const k = reopen->scan->kernel;
	const int handle = open_fd(reopen, record, tid, fd, ret_key);
	int type;

	if (handle < 0)
		return handle;
	type = k->ops->ns_type(k, handle);
	if (nstype_from_clone(type, ret_type))
		return handle;
	k->ops->close(k, handle);
	return type < 0 ? type : -ENOTTY;
}

static int reach_fd(struct reopen *reopen, struct holder_record *holder, struct nsrel_key *ret_key)
{
	struct kernel *const k = reopen->scan->kernel;
	struct process_record *const record = &reopen->scan->processes[holder->process];
	const int handle = open_fd(reopen, record, holder->tid, holder->fd, ret_key);

	if (handle >= 0 && ret_key->ino == holder->inode)
		return handle;
	if (handle >= 0)
		k->ops->close(k, handle);
	/* It was closed, or is something else by now. */
	if (handle >= 0 || handle == -EBADF || handle == -ENOTTY)
		return -ESRCH;
	return handle;
}

static int reach_listed(
        struct reopen *reopen, const struct holder_record *holder, struct nsrel_key *ret_key)
{
	struct kernel *const k = reopen->scan->kernel;
	const int handle = k->ops->mount_ns_open(k, holder->mnt_id);
	const int r = handle < 0 ? handle : k->ops->ns_key(k, handle, ret_key);

	if (handle >= 0 && r < 0)
		k->ops->close(k, handle);
	return r < 0 ? r : handle;
}

/* What is open already is given away, or only asked. */
static int reach_open(struct reopen *reopen, struct holder_record *holder,
        struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = reopen->scan->kernel;
	const int r = k->ops->ns_key(k, holder->handle, ret_key);

	if (r == 0 && ret_handle) {
		*ret_handle = holder->handle;
		holder->handle = -EBADF;
	}
	return r;
}

static int reach_thread(struct reopen *reopen, struct holder_record *holder,
        struct nsrel_key *ret_key, int *ret_handle)
{
	return reach_link(reopen, &reopen->scan->processes[holder->process], holder->tid,
	        holder->link, &holder->inode, ret_key, ret_handle);
}

/* Opens what a find keeps, or only asks for its key: then *ret_handle stays as it is. */
static int reach_find(struct reopen *reopen, struct holder_record *holder,
        struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = reopen->scan->kernel;
	const uint64_t inode = holder->inode;
	int handle;

	if (holder->kind == HOLDER_MOUNT)
		return -EAGAIN;
	if (holder->process != HOLDER_NO_PROCESS &&
	        reopen->scan->processes[holder->process].has_gone)
		return -ESRCH;
	if (holder->handle >= 0)
		return reach_open(reopen, holder, ret_key, ret_handle);
	if (holder->kind == HOLDER_THREAD || holder->kind == HOLDER_FOR_CHILDREN) {
		const int r = reach_thread(reopen, holder, ret_key, ret_handle);

		holder->inode = inode; /* stays in its place among the others */
		return r;
	} else if (holder->kind == HOLDER_FD) {
		handle = reach_fd(reopen, holder, ret_key);
	} else if (holder->kind == HOLDER_KINDS) {
		handle = reach_listed(reopen, holder, ret_key);
	} else {
		return -EAGAIN;
	}
	if (handle >= 0 && ret_handle)
		*ret_handle = handle;
	else if (handle >= 0)
		k->ops->close(k, handle);
	return handle < 0 ? handle : 0;
}

static int reach_any_find(struct reopen *reopen, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	struct holder_list *const all = &reopen->scan->holders[0];
	const struct holder_record *const first = &all->records[place->holder];
	int result = -ESRCH;

	for (size_t i = place->holder; i < all->n_records; i++) {
		struct holder_record *const holder = &all->records[i];
		int r;

		if (holder->type != first->type || holder->inode != first->inode)
			break;
		if (holder->has_gone)
			continue;
		r = reach_find(reopen, holder, ret_key, ret_handle);
		if (r == 0 || r == -EOPNOTSUPP)
			return r;
		if (process_record_is_gone_error(r))
			holder->has_gone = true;
		else if (result != -EAGAIN)
			result = r;
	}
	return result;
}

static int reach_any_member(struct reopen *reopen, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	const struct scan *const scan = reopen->scan;
	const uint64_t inode = ns->inode;
	int result = -ESRCH;

	for (size_t i = place->process; i < scan->n_processes; i++) {
		struct process_record *const record = &scan->processes[i];

		for (unsigned link = 0; link < NS_LINKS && !record->has_gone; link++) {
			int r;

			if (record->inode[link] != inode || ns_links[link].type != ns->type)
				continue;
			r = reach_link(
			        reopen, record, 0, link, &record->inode[link], ret_key, ret_handle);
			if (r == 0 || r == -EOPNOTSUPP)
				return r;
			if (!process_record_is_gone_error(r))
				result = r;
		}
	}
	return result;
}

static int reach_any(struct reopen *reopen, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	return place->is_holder ? reach_any_find(reopen, place, ret_key, ret_handle)
	                        : reach_any_member(reopen, ns, place, ret_key, ret_handle);
}

int reopen_ns_key(struct reopen *reopen, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key)
{
	return reach_any(reopen, ns, place, ret_key, NULL);
}

int reopen_ns_open(struct reopen *reopen, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, pid_t *ret_pid)
{
	int handle = -EBADF;
	const int r = reach_any(reopen, ns, place, ret_key, &handle);

	*ret_pid = reopen->record ? reopen->record->pid : 0;
	return r < 0 ? r : handle;
}

int reopen_holder(struct reopen *reopen, struct holder_record *holder, struct nsrel_key *ret_key)
{
	int handle = -EBADF;
	const int r = reach_find(reopen, holder, ret_key, &handle);

	return r < 0 ? r : handle;
}

ssize_t reopen_read(struct reopen *reopen, struct process_record *record, const char *file,
        char *buffer, size_t size)
{
	struct kernel *const k = reopen->scan->kernel;
	const int r = reopen_process(reopen, record, 0);

	/* What is asked for belongs to the process as a whole, also when its first thread has
	 * ended. */
	return r < 0 ? r : k->ops->process_read(k, reopen->process, file, buffer, size);
}

bool reopen_is_still_in(struct reopen *reopen, struct process_record *record, pid_t tid,
        unsigned link, uint64_t inode)
{
	struct kernel *const k = reopen->scan->kernel;
	uint64_t now;

	return open_ns_dir(reopen, record, tid) == 0 &&
	       ns_link_read(k, reopen->ns_dir, &ns_links[link], &now) == 0 && now == inode;
}
