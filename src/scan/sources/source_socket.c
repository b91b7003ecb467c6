/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/source_socket.h"

#include "base/attributes.h"
#include "base/memory.h"

/* One call of the helper. */
struct batch {
	struct scan *scan;
	struct kernel_socket items[KERNEL_SOCKETS_MAX];
	const struct plug *plugs[KERNEL_SOCKETS_MAX];
	size_t n;
	struct haul found;
	struct numbers open; /* namespaces to which a handle is kept */
};

static int by_socket(const void *a, const void *b)
{
	const struct plug *const left = a, *const right = b;

	if (left->inode != right->inode)
		return (left->inode > right->inode) - (left->inode < right->inode);
	return (left->reading > right->reading) - (left->reading < right->reading);
}

static int by_process(const void *a, const void *b)
{
	const struct plug *const left = a, *const right = b;

	if (left->reading != right->reading)
		return (left->reading > right->reading) - (left->reading < right->reading);
	return (left->fd > right->fd) - (left->fd < right->fd);
}

/* One descriptor of each socket, those of one process together. */
static void choose(struct haul *all)
{
	size_t n = 0;

	if (all->n_plugs == 0)
		return;
	qsort(all->plugs, all->n_plugs, sizeof(*all->plugs), by_socket);
	for (size_t i = 0; i < all->n_plugs; i++) {
		/* A thread's own table cannot be reached by the process's PID. */
		if (all->plugs[i].tid == 0 &&
		        (n == 0 || all->plugs[i].inode != all->plugs[n - 1].inode))
			all->plugs[n++] = all->plugs[i];
	}
	all->n_plugs = n;
	qsort(all->plugs, n, sizeof(*all->plugs), by_process);
}

/* That a process has sockets where it is itself says nothing: it keeps that namespace anyway. One
 * that was brought from elsewhere keeps a namespace that may have nobody else. */
static bool is_from_elsewhere(const struct batch *batch, size_t i)
{
	const struct reading *const reading = &batch->scan->readings[batch->plugs[i]->reading];

	return batch->items[i].error == 0 && batch->items[i].key.ino != reading->inode[NS_NET];
}

/* One way to a namespace is enough: there may be thousands of sockets of one. */
static int take_way(struct batch *batch, const struct kernel_socket *item)
{
	if (item->ns < 0 || numbers_has(&batch->open, item->key.ino))
		return -EBADF;
	numbers_add(&batch->open, item->key.ino);
	numbers_sort(&batch->open);
	return item->ns;
}

static void take_answer(struct batch *batch, size_t i)
{
	struct kernel *const k = batch->scan->kernel;
	const struct kernel_socket *const item = &batch->items[i];
	const bool is_holder = is_from_elsewhere(batch, i);
	const int handle = is_holder ? take_way(batch, item) : -EBADF;

	if (is_holder)
		finds_add(&batch->found, &(struct find){.type = NS_NET,
		                                 .kind = HOLDER_SOCKET,
		                                 .inode = item->key.ino,
		                                 .reading = batch->plugs[i]->reading,
		                                 .tid = batch->plugs[i]->tid,
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

static void add_item(struct batch *batch, const struct plug *plug)
{
	struct kernel *const k = batch->scan->kernel;
	const struct reading *const reading = &batch->scan->readings[plug->reading];
	const bool is_same = batch->n > 0 && batch->plugs[batch->n - 1]->reading == plug->reading;
	const int process = is_same ? batch->items[batch->n - 1].process
	                            : k->ops->process_open(k, reading->pid);

	if (process < 0)
		return;
	batch->plugs[batch->n] = plug;
	batch->items[batch->n++] = (struct kernel_socket){.process = process,
	        .pid = reading->pid,
	        .fd = plug->fd,
	        .error = -EOPNOTSUPP,
	        .ns = -EBADF};
}

static int ask_all(struct batch *batch)
{
	const struct haul *const all = &batch->scan->hauls[0];
	int r = 0;

	for (size_t i = 0; i < all->n_plugs && r == 0; i++) {
		if (scan_is_cancelled(batch->scan))
			break;
		add_item(batch, &all->plugs[i]);
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
	choose(&scan->hauls[0]);
	if (ask_all(batch) == 0)
		scan->sources |= 1u << SOURCE_SOCKET;
	finds_move(&scan->hauls[0], &batch->found);
	finds_sort(scan);
	free(batch->found.finds);
	numbers_release(&batch->open);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
