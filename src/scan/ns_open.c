/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/ns_open.h"

#include "kernel/proc/proc.h"
#include "scan/scan_state.h"

#include <string.h>

enum {
	MEMBERS_MAX = 64,  /* processes that are tried: all have ended, or all refuse */
	DEPTH_MAX = 4,     /* namespaces that only mounts in each other, or children, keep */
	RELATIVES_MAX = 4, /* children and owned namespaces that are tried */
};

/* --- processes -------------------------------------------------------------------------------- */

/* 0, or -ESRCH if another process has that PID now. */
static int check_start(struct kernel *k, int handle, const struct process *process)
{
	struct proc_stat stat;
	char text[2048];
	const ssize_t n = k->ops->process_read(k, handle, "stat", text, sizeof(text));
	const int r = n < 0 ? (int)n : proc_stat_parse(text, (size_t)n, &stat);

	if (r < 0)
		return scan_state_is_gone_error(r) ? -ESRCH : r;
	return process->state == 0 || stat.started == process->started ? 0 : -ESRCH;
}

int ns_open_process(struct kernel *kernel, const struct process *process)
{
	const int handle = kernel->ops->process_open(kernel, process->pid);
	const int r = handle < 0 ? handle : check_start(kernel, handle, process);

	if (r < 0)
		kernel_close(kernel, handle);
	return r == 0 ? handle : scan_state_is_gone_error(r) ? -ESRCH : r;
}

/* Opens the directory that has the links of the namespaces of a process, thread `tid` (0: of the
 * process). */
static int open_links(struct kernel *k, int process, pid_t tid)
{
	const int thread = tid ? k->ops->thread_open(k, process, tid) : process;
	const int links = thread < 0 ? thread : k->ops->ns_dir_open(k, thread);

	if (tid)
		kernel_close(k, thread);
	return links;
}

int ns_open_check(
        struct kernel *kernel, int handle, const struct process *process, const struct ns *ns)
{
	const int links = open_links(kernel, handle, process->live_thread);
	uint64_t inode = 0;
	const int r = links < 0 ? links
	                        : scan_state_read_link(
	                                  kernel, links, &scan_state_links[ns->type], &inode);

	kernel_close(kernel, links);
	if (r < 0)
		return scan_state_is_gone_error(r) ? -ESRCH : r;
	return inode == ns->inode ? 0 : -ESRCH;
}

int ns_open_member(struct kernel *kernel, const struct ns *ns, size_t *at)
{
	int result = -ESRCH;

	for (; *at < MIN(ns->n_processes, (size_t)MEMBERS_MAX); ++*at) {
		const struct process *const process = ns->processes[*at];
		const int handle = ns_open_process(kernel, process);
		const int r = handle < 0 ? handle : ns_open_check(kernel, handle, process, ns);

		if (r == 0) {
			++*at;
			return handle;
		}
		kernel_close(kernel, handle);
		if (r != -ESRCH)
			result = r;
	}
	return result;
}

/* --- one way to a namespace ------------------------------------------------------------------- */

/* `handle`, an open namespace or a negative errno, if it is `ns`; else it is closed. */
static int only_if_same(struct kernel *k, int handle, const struct ns *ns)
{
	struct nsrel_key key;
	int r = handle < 0 ? handle : k->ops->ns_key(k, handle, &key);

	if (r >= 0 && (key.ino != ns->inode || (key.id && ns->id && key.id != ns->id)))
		r = -ESRCH;
	if (r < 0)
		kernel_close(k, handle);
	return r >= 0 ? handle : scan_state_is_gone_error(r) ? -ESRCH : r;
}

static int by_link(struct kernel *k, int process, pid_t tid, enum nstype type, bool for_children)
{
	const unsigned link = !for_children    ? (unsigned)type
	                      : type == NS_PID ? (unsigned)NS_PID_FOR_CHILDREN
	                                       : (unsigned)NS_TIME_FOR_CHILDREN;
	const int links = open_links(k, process, tid);
	const int ns = links < 0 ? links : k->ops->ns_open(k, links, scan_state_links[link].name);

	kernel_close(k, links);
	return ns;
}

static int by_process(struct kernel *k, const struct ns *ns)
{
	int result = -ESRCH;

	for (size_t at = 0; at < ns->n_processes;) {
		const int process = ns_open_member(k, ns, &at);
		int handle;

		if (process < 0) /* all were tried */
			return process == -ESRCH ? result : process;
		handle = by_link(k, process, ns->processes[at - 1]->live_thread, ns->type, false);
		handle = only_if_same(k, handle, ns);
		kernel_close(k, process);
		if (handle >= 0)
			return handle;
		if (handle != -ESRCH)
			result = handle;
	}
	return result;
}

/* -ESRCH also if the namespace has no id, or this kernel has no ids. */
static int by_id(struct kernel *k, const struct ns *ns)
{
	const struct nsrel_key key = {.dev = ns->dev, .ino = ns->inode, .id = ns->id};
	const int type = nstype_clone(ns->type);
	int handle = -ESRCH;
	int r = -ESRCH;

	if (ns->id && k->ops->ns_open_keys)
		r = k->ops->ns_open_keys(k, &key, &type, 1, &handle);
	if (r == -EOPNOTSUPP || handle == -EOPNOTSUPP || handle == -ESTALE)
		return -ESRCH;
	return r < 0 ? r : handle;
}

static int by_fd(struct kernel *k, int process, const struct holder *holder)
{
	const int thread = holder->tid ? k->ops->thread_open(k, process, holder->tid) : process;
	const int fds = thread < 0 ? thread : k->ops->fds_open(k, thread);
	const int ns = fds < 0 ? fds : k->ops->fd_open_ns(k, fds, holder->fd);

	kernel_close(k, fds);
	if (holder->tid)
		kernel_close(k, thread);
	return ns == -ENOTTY ? -ESRCH : ns; /* the number is that of another file now */
}

static int by_socket(struct kernel *k, int process, const struct holder *holder)
{
	struct kernel_socket socket = {
	        .process = process, .pid = holder->pid, .fd = holder->fd, .ns = -EBADF};
	const int r = k->ops->socket_ns ? k->ops->socket_ns(k, &socket, 1) : -EOPNOTSUPP;

	if (r < 0 || socket.error < 0)
		return r < 0 ? r : socket.error;
	return socket.ns >= 0 ? socket.ns : -ESRCH;
}

static int by_process_of_holder(struct kernel *k, const struct model *model, const struct ns *ns,
        const struct holder *holder)
{
	const struct process *const process = model_find_process(model, holder->pid);
	const int handle = process ? ns_open_process(k, process) : -ESRCH;
	int found;

	if (handle < 0)
		return handle;
	switch (holder->kind) {
	case HOLDER_FD:
		found = by_fd(k, handle, holder);
		break;
	case HOLDER_SOCKET:
		found = by_socket(k, handle, holder);
		break;
	case HOLDER_THREAD:
	case HOLDER_FOR_CHILDREN:
		found = by_link(
		        k, handle, holder->tid, ns->type, holder->kind == HOLDER_FOR_CHILDREN);
		break;
	default:
		found = -ESRCH;
	}
	kernel_close(k, handle);
	return only_if_same(k, found, ns);
}

/* --- all ways --------------------------------------------------------------------------------- */

static int open_ns(
        struct kernel *k, const struct model *model, const struct ns *ns, unsigned depth);

/* A process whose root directory is that of its mount namespace, so that the path of a mount
 * begins there. */
static int open_viewer(struct kernel *k, const struct ns *mount_ns)
{
	int result = -ESRCH;

	for (size_t at = 0; at < mount_ns->n_processes;) {
		const int process = ns_open_member(k, mount_ns, &at);
		char root[2];
		ssize_t n;

		if (process < 0)
			return process == -ESRCH ? result : process;
		n = k->ops->root_link(k, process, root, sizeof(root));
		if (n == 1)
			return process;
		kernel_close(k, process);
		if (n < 0 && !scan_state_is_gone_error(n))
			result = (int)n;
	}
	return result;
}

/* The path is used only if the scan has opened the namespace, and what it holds it by may have been
 * this mount: the scan uses no path that may wait for a file server. */
static int by_mount(struct kernel *k, const struct model *model, const struct ns *ns,
        const struct holder *holder, unsigned depth)
{
	const struct ns *const mount_ns = model_find(model, NS_MNT, holder->mnt);
	struct kernel_mounted item = {.point = holder->path,
	        .type = nstype_clone(ns->type),
	        .ino = ns->inode,
	        .ns = -EOPNOTSUPP};
	int r;

	if (!mount_ns || !holder->path || ns->owner.state == REL_FAILED || !k->ops->ns_open_mounted)
		return -ESRCH;
	item.is_mount_ns = mount_ns->n_processes == 0;
	item.place = item.is_mount_ns ? open_ns(k, model, mount_ns, depth + 1)
	                              : open_viewer(k, mount_ns);
	if (item.place < 0)
		return item.place;
	r = k->ops->ns_open_mounted(k, &item, 1);
	kernel_close(k, item.place);
	if (r == 0)
		r = item.ns;
	return only_if_same(k, r == -ESTALE || r == -ENOTDIR ? -ESRCH : r, ns);
}

/* Its child leads to it, and so does a namespace that it owns (ioctl_nsfs(2)). */
static int by_relative(struct kernel *k, const struct model *model, const struct ns *ns,
        const struct holder *holder, unsigned depth)
{
	const int relative = open_ns(k, model, holder->ns, depth + 1);
	int found = relative;

	if (relative >= 0)
		found = holder->kind == HOLDER_CHILD ? k->ops->ns_parent(k, relative)
		                                     : k->ops->ns_owner(k, relative);
	kernel_close(k, relative);
	return only_if_same(k, found, ns);
}

static int by_holder(struct kernel *k, const struct model *model, const struct ns *ns,
        const struct holder *holder, unsigned depth)
{
	if (holder->kind == HOLDER_MOUNT)
		return by_mount(k, model, ns, holder, depth);
	if (holder->kind == HOLDER_CHILD || holder->kind == HOLDER_OWNS)
		return by_relative(k, model, ns, holder, depth);
	return by_process_of_holder(k, model, ns, holder);
}

static int open_ns(struct kernel *k, const struct model *model, const struct ns *ns, unsigned depth)
{
	unsigned n_relatives = 0;
	int result = by_process(k, ns);
	int handle = result >= 0 ? result : only_if_same(k, by_id(k, ns), ns);

	if (result == -ESRCH || handle >= 0)
		result = handle;
	for (size_t i = 0; i < ns->n_holders && handle < 0 && depth < DEPTH_MAX; i++) {
		const struct holder *const holder = &ns->holders[i];

		if (handle == -ETIMEDOUT || handle == -EBUSY) /* the others may hang, too */
			break;
		if (holder->ns && ++n_relatives > RELATIVES_MAX)
			break; /* they come last */
		handle = by_holder(k, model, ns, holder, depth);
		if (result == -ESRCH || handle >= 0)
			result = handle;
	}
	return result;
}

int ns_open(struct kernel *kernel, const struct model *model, const struct ns *ns)
{
	return open_ns(kernel, model, ns, 0);
}
