/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/holders.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "scan/scan_state.h"

#include <string.h>

void holders_add(struct holder_list *holders, const struct holder_record *holder)
{
	holders->records = memory_grow(holders->records, &holders->records_capacity,
	        holders->n_records + 1, sizeof(*holders->records));
	holders->records[holders->n_records++] = *holder;
}

void holders_add_candidate(struct holder_list *holders, const struct fd_candidate *candidate)
{
	holders->candidates = memory_grow(holders->candidates, &holders->candidates_capacity,
	        holders->n_candidates + 1, sizeof(*holders->candidates));
	holders->candidates[holders->n_candidates++] = *candidate;
}

void holders_add_socket(struct holder_list *holders, const struct socket_ref *socket)
{
	holders->sockets = memory_grow(holders->sockets, &holders->sockets_capacity,
	        holders->n_sockets + 1, sizeof(*holders->sockets));
	holders->sockets[holders->n_sockets++] = *socket;
}

static void *append(
        void *to, size_t *n, size_t *capacity, const void *from, size_t *n_from, size_t size)
{
	if (*n_from == 0)
		return to;
	to = memory_grow(to, capacity, *n + *n_from, size);
	memcpy((char *)to + *n * size, from, *n_from * size);
	*n += *n_from;
	*n_from = 0;
	return to;
}

void holders_move(struct holder_list *to, struct holder_list *from)
{
	to->records = append(to->records, &to->n_records, &to->records_capacity, from->records,
	        &from->n_records, sizeof(*to->records));
}

void holders_gather(struct scan *scan)
{
	struct holder_list *const all = &scan->holders[0];

	for (unsigned i = 1; i < scan->n_readers; i++) {
		struct holder_list *const holders = &scan->holders[i];

		holders_move(all, holders);
		all->candidates = append(all->candidates, &all->n_candidates,
		        &all->candidates_capacity, holders->candidates, &holders->n_candidates,
		        sizeof(*all->candidates));
		all->sockets = append(all->sockets, &all->n_sockets, &all->sockets_capacity,
		        holders->sockets, &holders->n_sockets, sizeof(*all->sockets));
	}
}

/* How near a namespace is by that: threads and descriptors are asked directly, mounts by the
 * helper. */
static const unsigned char NEARNESS[HOLDER_KINDS + 1] = {
        [HOLDER_THREAD] = 0,
        [HOLDER_FOR_CHILDREN] = 1,
        [HOLDER_SOCKET] = 2,
        [HOLDER_FD] = 3,
        [HOLDER_KINDS] = 4,
        [HOLDER_MOUNT] = 5,
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int by_namespace(const void *a, const void *b)
{
	const struct holder_record *const left = a, *const right = b;

	if (left->type != right->type)
		return COMPARE(left->type, right->type);
	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	if (left->kind != right->kind)
		return COMPARE(NEARNESS[left->kind], NEARNESS[right->kind]);
	if (left->refusal != right->refusal)
		return COMPARE(right->refusal, left->refusal);
	if (left->process != right->process)
		return COMPARE(left->process, right->process);
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

void holders_sort(struct scan *scan)
{
	struct holder_list *const all = &scan->holders[0];

	if (all->n_records > 0)
		qsort(all->records, all->n_records, sizeof(*all->records), by_namespace);
}

size_t holders_first(const struct scan *scan, enum nstype type, uint64_t inode)
{
	const struct holder_list *const all = &scan->holders[0];

	return LOWER_BOUND(all->n_records, i,
	        all->records[i].type < type ||
	                (all->records[i].type == type && all->records[i].inode < inode));
}

void holders_release(struct scan *scan)
{
	struct kernel *const k = scan->kernel;

	for (unsigned i = 0; i < scan->n_readers; i++) {
		struct holder_list *const holders = &scan->holders[i];

		for (size_t j = 0; j < holders->n_records; j++) {
			if (holders->records[j].handle >= 0)
				k->ops->close(k, holders->records[j].handle);
		}
		free(holders->records);
		free(holders->candidates);
		free(holders->sockets);
	}
	free(scan->holders);
	u64_set_release(&scan->listed);
}
