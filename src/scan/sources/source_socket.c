/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "scan/sources/sources.h"

#include <string.h>

/* The sockets of one call of the helper. */
struct socket_batch {
	struct scan *scan;
	struct kernel_socket items[KERNEL_SOCKETS_MAX];
	const struct socket_ref *sockets[KERNEL_SOCKETS_MAX]; /* of the items */
	size_t n;
	struct socket_ref *chosen; /* one of each socket */
	size_t n_chosen;
	size_t n_read, n_refused; /* sockets, of all calls */
	size_t n_unsupported;     /* of those that were refused: EOPNOTSUPP */
	struct holder_list found;
	struct u64_set open; /* namespaces to which a handle is kept */
};

static int by_socket(const void *a, const void *b)
{
	const struct socket_ref *const left = a, *const right = b;

	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	/* Rather one in the table of the process: any kernel finds that by its PID. */
	if (!left->tid != !right->tid)
		return COMPARE(!right->tid, !left->tid);
	return COMPARE(left->process, right->process);
}

static int by_process(const void *a, const void *b)
{
	const struct socket_ref *const left = a, *const right = b;

	if (left->process != right->process)
		return COMPARE(left->process, right->process);
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

/* Chooses one descriptor of each socket, sorted by process and thread. */
static void choose(struct socket_batch *batch)
{
	const struct holder_list *const all = &batch->scan->holders;
	struct socket_ref *const sockets = memory_new((all->n_sockets + 1) * sizeof(*sockets));
	size_t n = 0;

	if (all->n_sockets > 0) {
		memcpy(sockets, all->sockets, all->n_sockets * sizeof(*sockets));
		qsort(sockets, all->n_sockets, sizeof(*sockets), by_socket);
	}
	for (size_t i = 0; i < all->n_sockets; i++) {
		if (n == 0 || sockets[i].inode != sockets[n - 1].inode)
			sockets[n++] = sockets[i];
	}
	if (n > 0)
		qsort(sockets, n, sizeof(*sockets), by_process);
	batch->chosen = sockets;
	batch->n_chosen = n;
}

/* A process keeps the namespace that it is in anyway: only sockets of others are holders. Of the
 * many sockets that one namespace may have, one keeps its handle. */
static void record_result(struct socket_batch *batch, size_t i)
{
	struct kernel *const k = batch->scan->kernel;
	const struct kernel_socket *const item = &batch->items[i];
	struct process_record *const record = batch->sockets[i]->process;
	const bool is_holder = item->error == 0 && item->key.ino != record->inode[NS_NET];
	const bool is_kept =
	        is_holder && item->ns >= 0 && !u64_set_has(&batch->open, item->key.ino);

	if (is_kept)
		u64_set_add(&batch->open, item->key.ino);
	if (is_holder)
		scan_state_add(&batch->found, &(struct holder_record){.type = NS_NET,
		                                      .kind = HOLDER_SOCKET,
		                                      .inode = item->key.ino,
		                                      .process = record,
		                                      .tid = batch->sockets[i]->tid,
		                                      .fd = item->fd,
		                                      .handle = is_kept ? item->ns : -EBADF});
	if (item->ns >= 0 && !is_kept)
		k->ops->close(k, item->ns);
}

/* A descriptor that is no socket any more was closed meanwhile. */
static bool is_closed(int error)
{
	return scan_state_is_gone_error(error) || error == -EBADF || error == -ENOTSOCK;
}

static void record_error(struct socket_batch *batch, const struct socket_ref *socket, int error)
{
	if (is_closed(error))
		return;
	batch->n_refused++;
	batch->n_unsupported += error == -EOPNOTSUPP;
	if (error != -EOPNOTSUPP)
		scan_state_refuse(socket->process, "socket", error);
}

static void read_batch(struct socket_batch *batch)
{
	struct kernel *const k = batch->scan->kernel;
	const int r = batch->n > 0 ? k->ops->socket_ns(k, batch->items, batch->n) : 0;

	for (size_t i = 0; i < batch->n; i++) {
		const int error = r < 0 ? r : batch->items[i].error;

		if (r == 0)
			record_result(batch, i);
		if (error < 0)
			record_error(batch, batch->sockets[i], error);
		batch->n_read += error == 0;
		if (i + 1 == batch->n || batch->items[i].process != batch->items[i + 1].process)
			k->ops->close(k, batch->items[i].process);
	}
	batch->n = 0;
}

static int open_holder(struct kernel *k, const struct socket_ref *socket)
{
	const int process = k->ops->process_open(k, socket->process->pid);

	if (process < 0 || socket->tid == 0)
		return process;
	const int thread = k->ops->thread_open(k, process, socket->tid);
	k->ops->close(k, process);
	return thread;
}

/* Sockets of one descriptor table stand together, and share the handle of its process or thread. */
static void add_item(struct socket_batch *batch, const struct socket_ref *socket)
{
	struct kernel *const k = batch->scan->kernel;
	const struct socket_ref *const last = batch->n > 0 ? batch->sockets[batch->n - 1] : NULL;
	const bool is_same = last && last->process == socket->process && last->tid == socket->tid;
	const int process = is_same ? batch->items[batch->n - 1].process : open_holder(k, socket);

	if (process < 0) {
		record_error(batch, socket, process);
		return;
	}
	batch->sockets[batch->n] = socket;
	batch->items[batch->n++] = (struct kernel_socket){.process = process,
	        .pid = socket->tid ? socket->tid : socket->process->pid,
	        .fd = socket->fd,
	        .error = -EOPNOTSUPP,
	        .ns = -EBADF};
}

static void read_all(struct socket_batch *batch)
{
	for (size_t i = 0; i < batch->n_chosen && !scan_state_is_cancelled(batch->scan); i++) {
		add_item(batch, &batch->chosen[i]);
		if (batch->n == KERNEL_SOCKETS_MAX)
			read_batch(batch);
	}
	read_batch(batch);
}

/* If there are sockets, but all are refused, the source does not count as read. */
int source_socket_read(struct scan *scan)
{
	_cleanup_free_ struct socket_batch *batch = NULL;

	/* The helper takes a PID, which in another PID namespace is another process. */
	if (!scan->kernel->ops->socket_ns || scan->host.is_foreign_proc)
		return 0;
	batch = memory_new(sizeof(*batch));
	batch->scan = scan;
	choose(batch);
	read_all(batch);
	free(batch->chosen);
	if (batch->n_read > 0 || batch->n_refused == 0)
		scan->sources |= 1u << SOURCE_SOCKET;
	/* This source was chosen, and the kernel cannot. Other errors have notes. */
	else if (batch->n_refused == batch->n_unsupported)
		scan_state_note(scan, 0, "socket", EOPNOTSUPP, PARTIAL_FAILED);
	scan_state_move(&scan->holders, &batch->found);
	scan_state_release_holders(&batch->found, scan->kernel);
	u64_set_release(&batch->open);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}
