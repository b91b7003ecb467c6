/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/members.h"

#include "kernel/proc/proc_stat.h"

void members_init(struct members *members, struct scan *scan)
{
	*members = (struct members){
	        .scan = scan, .process = -EBADF, .thread = -EBADF, .ns_dir = -EBADF, .fds = -EBADF};
}

static void close_handle(struct kernel *k, int *handle)
{
	if (*handle >= 0)
		k->ops->close(k, *handle);
	*handle = -EBADF;
}

static void release_thread(struct members *members)
{
	struct kernel *const k = members->scan->kernel;

	close_handle(k, &members->fds);
	close_handle(k, &members->ns_dir);
	close_handle(k, &members->thread);
	members->tid = 0;
}

void members_release(struct members *members)
{
	release_thread(members);
	close_handle(members->scan->kernel, &members->process);
	members->reading = NULL;
	members->is_checked = false;
}

/* Whether the open process is the one that was read: its start time says so. */
static int check_process(struct members *members, struct reading *reading)
{
	struct kernel *const k = members->scan->kernel;
	struct proc_stat stat;
	char text[2048];
	const ssize_t n = k->ops->process_read(k, members->process, "stat", text, sizeof(text));

	if (n < 0 && !reading_is_gone_error(n))
		return (int)n;
	if (n < 0 || proc_stat_parse(text, (size_t)n, &stat) < 0 ||
	        stat.started != reading->started) {
		reading->has_gone = true;
		return -ESRCH;
	}
	return 0;
}

/* Returns 0 or an error; when that says so, the reading has gone. */
static int open_process(struct members *members, struct reading *reading)
{
	struct kernel *const k = members->scan->kernel;

	if (members->reading == reading)
		return 0;
	members_release(members);
	members->process = k->ops->process_open(k, reading->pid);
	if (members->process >= 0) {
		members->reading = reading;
		return 0;
	}
	if (reading_is_gone_error(members->process))
		reading->has_gone = true;
	return members->process;
}

/* The thread too, if there is one: the one that stands for the process where its first has ended.
 */
static int open_thread(struct members *members, struct reading *reading, pid_t tid)
{
	struct kernel *const k = members->scan->kernel;
	const int r = open_process(members, reading);

	if (r < 0)
		return r;
	if (tid == 0)
		tid = reading->thread;
	if (members->tid == tid)
		return 0;
	release_thread(members);
	if (tid == 0)
		return 0;
	members->thread = k->ops->thread_open(k, members->process, tid);
	if (members->thread < 0)
		return members->thread;
	members->tid = tid;
	return 0;
}

static int handle_of(const struct members *members)
{
	return members->tid != 0 ? members->thread : members->process;
}

static int open_ns_dir(struct members *members, struct reading *reading, pid_t tid)
{
	struct kernel *const k = members->scan->kernel;
	const int r = open_thread(members, reading, tid);

	if (r < 0)
		return r;
	if (members->ns_dir < 0)
		members->ns_dir = k->ops->ns_dir_open(k, handle_of(members));
	return members->ns_dir < 0 ? members->ns_dir : 0;
}

/* Opens the link, or not: then *ret_handle stays negative. */
static int ask_link(
        struct members *members, unsigned link, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	const char *const name = reading_links[link].name;
	int handle, r;

	if (!ret_handle)
		return k->ops->ns_link_key(k, members->ns_dir, name, ret_key);
	handle = k->ops->ns_open(k, members->ns_dir, name);
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
static int reach_link(struct members *members, struct reading *reading, pid_t tid, unsigned link,
        uint64_t *inode, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	int handle = -EBADF;
	int r = open_ns_dir(members, reading, tid);

	if (r < 0)
		return r;
	r = ask_link(members, link, ret_key, ret_handle ? &handle : NULL);
	if (r == 0 && ret_key->ino != *inode) {
		/* It has moved since, or turned to dust. */
		*inode = ret_key->ino;
		close_handle(k, &handle);
		return -ESRCH;
	}
	/* So say links of a process that has gone meanwhile, too. */
	if (r == -EACCES && check_process(members, reading) == -ESRCH)
		return -ESRCH;
	if (reading_is_gone_error(r))
		*inode = 0;
	if (r == 0 && ret_handle)
		*ret_handle = handle;
	return r;
}

int members_open(struct members *members, struct reading *reading, pid_t tid)
{
	int r = reading->has_gone ? -ESRCH : open_thread(members, reading, tid);

	if (r == 0 && !members->is_checked && reading->is_stat_known)
		r = check_process(members, reading);
	if (r < 0)
		return r;
	members->is_checked = true;
	return handle_of(members);
}

/* The namespace that a descriptor leads to. Its number tells which: all types share one range. */
static int open_fd(struct members *members, struct reading *reading, pid_t tid, int fd,
        struct nsrel_key *ret_key)
{
	struct kernel *const k = members->scan->kernel;
	int handle, r = members_open(members, reading, tid);

	if (r < 0)
		return r;
	if (members->fds < 0)
		members->fds = k->ops->fds_open(k, handle_of(members));
	if (members->fds < 0)
		return members->fds;
	handle = k->ops->fd_open_ns(k, members->fds, fd);
	if (handle < 0)
		return handle;
	r = k->ops->ns_key(k, handle, ret_key);
	if (r < 0)
		k->ops->close(k, handle);
	return r < 0 ? r : handle;
}

int members_fd_open(struct members *members, struct reading *reading, pid_t tid, int fd,
        struct nsrel_key *ret_key, enum nstype *ret_type)
{
	struct kernel *const k = members->scan->kernel;
	const int handle = open_fd(members, reading, tid, fd, ret_key);
	int type;

	if (handle < 0)
		return handle;
	type = k->ops->ns_type(k, handle);
	if (nstype_from_clone(type, ret_type))
		return handle;
	k->ops->close(k, handle);
	return type < 0 ? type : -ENOTTY;
}

static int reach_fd(struct members *members, struct find *find, struct nsrel_key *ret_key)
{
	struct kernel *const k = members->scan->kernel;
	struct reading *const reading = &members->scan->readings[find->reading];
	const int handle = open_fd(members, reading, find->tid, find->fd, ret_key);

	if (handle >= 0 && ret_key->ino == find->inode)
		return handle;
	if (handle >= 0)
		k->ops->close(k, handle);
	/* It was closed, or is something else by now. */
	if (handle >= 0 || handle == -EBADF || handle == -ENOTTY)
		return -ESRCH;
	return handle;
}

static int reach_listed(struct members *members, const struct find *find, struct nsrel_key *ret_key)
{
	struct kernel *const k = members->scan->kernel;
	const int handle = k->ops->mount_ns_open(k, find->mnt_id);
	const int r = handle < 0 ? handle : k->ops->ns_key(k, handle, ret_key);

	if (handle >= 0 && r < 0)
		k->ops->close(k, handle);
	return r < 0 ? r : handle;
}

/* What is open already is given away, or only asked. */
static int reach_open(
        struct members *members, struct find *find, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	const int r = k->ops->ns_key(k, find->handle, ret_key);

	if (r == 0 && ret_handle) {
		*ret_handle = find->handle;
		find->handle = -EBADF;
	}
	return r;
}

static int reach_thread(
        struct members *members, struct find *find, struct nsrel_key *ret_key, int *ret_handle)
{
	return reach_link(members, &members->scan->readings[find->reading], find->tid, find->link,
	        &find->inode, ret_key, ret_handle);
}

/* Opens what a find keeps, or only asks for its key: then *ret_handle stays as it is. */
static int reach_find(
        struct members *members, struct find *find, struct nsrel_key *ret_key, int *ret_handle)
{
	struct kernel *const k = members->scan->kernel;
	const uint64_t inode = find->inode;
	int handle;

	if (find->kind == HOLDER_MOUNT)
		return -EAGAIN;
	if (find->reading != FIND_NOBODY && members->scan->readings[find->reading].has_gone)
		return -ESRCH;
	if (find->handle >= 0)
		return reach_open(members, find, ret_key, ret_handle);
	if (find->kind == HOLDER_THREAD || find->kind == HOLDER_FOR_CHILDREN) {
		const int r = reach_thread(members, find, ret_key, ret_handle);

		find->inode = inode; /* stays in its place among the others */
		return r;
	} else if (find->kind == HOLDER_FD) {
		handle = reach_fd(members, find, ret_key);
	} else if (find->kind == HOLDER_KINDS) {
		handle = reach_listed(members, find, ret_key);
	} else {
		return -EAGAIN;
	}
	if (handle >= 0 && ret_handle)
		*ret_handle = handle;
	else if (handle >= 0)
		k->ops->close(k, handle);
	return handle < 0 ? handle : 0;
}

static int reach_any_find(struct members *members, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	struct haul *const all = &members->scan->hauls[0];
	const struct find *const first = &all->finds[place->find];
	int result = -ESRCH;

	for (size_t i = place->find; i < all->n_finds; i++) {
		struct find *const find = &all->finds[i];
		int r;

		if (find->type != first->type || find->inode != first->inode)
			break;
		if (find->has_gone)
			continue;
		r = reach_find(members, find, ret_key, ret_handle);
		if (r == 0 || r == -EOPNOTSUPP)
			return r;
		if (reading_is_gone_error(r))
			find->has_gone = true;
		else if (result != -EAGAIN)
			result = r;
	}
	return result;
}

static int reach_any_member(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	const struct scan *const scan = members->scan;
	const uint64_t inode = ns->inode;
	int result = -ESRCH;

	for (size_t i = place->reading; i < scan->n_readings; i++) {
		struct reading *const reading = &scan->readings[i];

		for (unsigned link = 0; link < READING_LINKS && !reading->has_gone; link++) {
			int r;

			if (reading->inode[link] != inode || reading_links[link].type != ns->type)
				continue;
			r = reach_link(members, reading, 0, link, &reading->inode[link], ret_key,
			        ret_handle);
			if (r == 0 || r == -EOPNOTSUPP)
				return r;
			if (!reading_is_gone_error(r))
				result = r;
		}
	}
	return result;
}

static int reach_any(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, int *ret_handle)
{
	return place->is_find ? reach_any_find(members, place, ret_key, ret_handle)
	                      : reach_any_member(members, ns, place, ret_key, ret_handle);
}

int members_ns_key(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key)
{
	return reach_any(members, ns, place, ret_key, NULL);
}

int members_ns_open(struct members *members, const struct ns *ns, const struct place *place,
        struct nsrel_key *ret_key, pid_t *ret_pid)
{
	int handle = -EBADF;
	const int r = reach_any(members, ns, place, ret_key, &handle);

	*ret_pid = members->reading ? members->reading->pid : 0;
	return r < 0 ? r : handle;
}

int members_find_open(struct members *members, struct find *find, struct nsrel_key *ret_key)
{
	int handle = -EBADF;
	const int r = reach_find(members, find, ret_key, &handle);

	return r < 0 ? r : handle;
}

ssize_t members_read(struct members *members, struct reading *reading, const char *file,
        char *buffer, size_t size)
{
	struct kernel *const k = members->scan->kernel;
	const int r = members_open(members, reading, 0);

	/* What is asked for belongs to the process as a whole, also when its first thread has
	 * ended. */
	return r < 0 ? r : k->ops->process_read(k, members->process, file, buffer, size);
}

bool members_is_still_in(
        struct members *members, struct reading *reading, pid_t tid, unsigned link, uint64_t inode)
{
	struct kernel *const k = members->scan->kernel;
	uint64_t now;

	return open_ns_dir(members, reading, tid) == 0 &&
	       reading_read_link(k, members->ns_dir, &reading_links[link], &now) == 0 &&
	       now == inode;
}
