/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_socket.h"

#include "base/attributes.h"
#include "base/memory.h"

/* One call of the helper. */
struct batch {
	struct scan *scan;
	struct kernel_socket items[KERNEL_SOCKETS_MAX];
	const struct socket_ref *sockets[KERNEL_SOCKETS_MAX];
	size_t n;
	struct holder_list found;
	struct u64_set open; /* namespaces to which a handle is kept */
};

static int by_socket(const void *a, const void *b)
{
	const struct socket_ref *const left = a, *const right = b;

	if (left->inode != right->inode)
		return (left->inode > right->inode) - (left->inode < right->inode);
	return (left->process > right->process) - (left->process < right->process);
}

static int by_process(const void *a, const void *b)
{
	const struct socket_ref *const left = a, *const right = b;

	if (left->process != right->process)
		return (left->process > right->process) - (left->process < right->process);
	return (left->fd > right->fd) - (left->fd < right->fd);
}

/* One descriptor of each socket, those of one process together. */
static void choose(struct holder_list *all)
{
	size_t n = 0;

	if (all->n_sockets == 0)
		return;
	qsort(all->sockets, all->n_sockets, sizeof(*all->sockets), by_socket);
	for (size_t i = 0; i < all->n_sockets; i++) {
		/* A thread's own table cannot be reached by the process's PID. */
		if (all->sockets[i].tid == 0 &&
		        (n == 0 || all->sockets[i].inode != all->sockets[n - 1].inode))
			all->sockets[n++] = all->sockets[i];
	}
	all->n_sockets = n;
	qsort(all->sockets, n, sizeof(*all->sockets), by_process);
}

/* That a process has sockets where it is itself says nothing: it keeps that namespace anyway. One
 * that was brought from elsewhere keeps a namespace that may have nobody else. */
static bool is_from_elsewhere(const struct batch *batch, size_t i)
{
	const struct process_record *const record =
	        &batch->scan->processes[batch->sockets[i]->process];

	return batch->items[i].error == 0 && batch->items[i].key.ino != record->inode[NS_NET];
}

/* One way to a namespace is enough: there may be thousands of sockets of one. */
static int take_way(struct batch *batch, const struct kernel_socket *item)
{
	if (item->ns < 0 || u64_set_has(&batch->open, item->key.ino))
		return -EBADF;
	u64_set_push(&batch->open, item->key.ino);
	u64_set_sort(&batch->open);
	return item->ns;
}

static void take_answer(struct batch *batch, size_t i)
{
	struct kernel *const k = batch->scan->kernel;
	const struct kernel_socket *const item = &batch->items[i];
	const bool is_holder = is_from_elsewhere(batch, i);
	const int handle = is_holder ? take_way(batch, item) : -EBADF;

	if (is_holder)
		holders_add(&batch->found, &(struct holder_record){.type = NS_NET,
		                                   .kind = HOLDER_SOCKET,
		                                   .inode = item->key.ino,
		                                   .process = batch->sockets[i]->process,
		                                   .tid = batch->sockets[i]->tid,
		                                   .fd = item->fd,
		                                   .handle = handle});
	if (item->ns >= 0 && handle < 0)
		k->ops->close(k, item->ns);
}

static int ask_batch(struct batch *batch)
{
	struct kernel *const k = batch->scan->kernel;
	const int r = batch->n > 0 ? k->ops->socket_ns(k, batch->items, batch->n) : 0;

	for (size_t i = 0; i < batch->n; i++) {
		if (r == 0)
			take_answer(batch, i);
		if (i + 1 == batch->n || batch->items[i].process != batch->items[i + 1].process)
			k->ops->close(k, batch->items[i].process);
	}
	batch->n = 0;
	return r;
}

static void add_item(struct batch *batch, const struct socket_ref *socket)
{
	struct kernel *const k = batch->scan->kernel;
	const struct process_record *const record = &batch->scan->processes[socket->process];
	const bool is_same =
	        batch->n > 0 && batch->sockets[batch->n - 1]->process == socket->process;
	const int process =
	        is_same ? batch->items[batch->n - 1].process : k->ops->process_open(k, record->pid);

	if (process < 0)
		return;
	batch->sockets[batch->n] = socket;
	batch->items[batch->n++] = (struct kernel_socket){.process = process,
	        .pid = record->pid,
	        .fd = socket->fd,
	        .error = -EOPNOTSUPP,
	        .ns = -EBADF};
}

static int ask_all(struct batch *batch)
{
	const struct holder_list *const all = &batch->scan->holders[0];
	int r = 0;

	for (size_t i = 0; i < all->n_sockets && r == 0; i++) {
		if (scan_is_cancelled(batch->scan))
			break;
		add_item(batch, &all->sockets[i]);
		if (batch->n == KERNEL_SOCKETS_MAX)
			r = ask_batch(batch);
	}
	return ask_batch(batch) < 0 ? -EOPNOTSUPP : r;
}

int source_socket_read(struct scan *scan)
{
	_cleanup_free_ struct batch *batch = NULL;

	/* Sockets are asked for by PID: one of another PID namespace would be somebody else's. */
	if (!scan->kernel->ops->socket_ns || scan->host.is_foreign_proc)
		return 0;
	batch = memory_new(sizeof(*batch));
	batch->scan = scan;
	choose(&scan->holders[0]);
	if (ask_all(batch) == 0)
		scan->sources |= 1u << SOURCE_SOCKET;
	holders_move(&scan->holders[0], &batch->found);
	holders_sort(scan);
	free(batch->found.records);
	u64_set_release(&batch->open);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
