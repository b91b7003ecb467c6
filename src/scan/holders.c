/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/holders.h"

#include "base/memory.h"
#include "scan/process_record.h"

#include <limits.h>
#include <string.h>

void holders_add(struct holder_list *list, const struct holder_record *holder)
{
	MEMORY_APPEND(list->records, list->n, list->capacity) = *holder;
	list->is_sorted = false;
}

void holders_add_candidate(struct holder_list *list, const struct fd_candidate *candidate)
{
	MEMORY_APPEND(list->candidates, list->n_candidates, list->candidates_capacity) = *candidate;
}

void holders_add_socket(struct holder_list *list, const struct socket_ref *socket)
{
	MEMORY_APPEND(list->sockets, list->n_sockets, list->sockets_capacity) = *socket;
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
	to->is_sorted &= from->n == 0;
	to->records = append(
	        to->records, &to->n, &to->capacity, from->records, &from->n, sizeof(*to->records));
	to->candidates = append(to->candidates, &to->n_candidates, &to->candidates_capacity,
	        from->candidates, &from->n_candidates, sizeof(*to->candidates));
	to->sockets = append(to->sockets, &to->n_sockets, &to->sockets_capacity, from->sockets,
	        &from->n_sockets, sizeof(*to->sockets));
}

/* How cheaply a namespace is opened by a holder: by a link of a thread first; by a mount, which
 * takes a job of the helper, last. */
static unsigned cost(const struct holder_record *holder)
{
	static const unsigned char costs[HOLDER_KINDS] = {
	        [HOLDER_THREAD] = 0,
	        [HOLDER_FOR_CHILDREN] = 1,
	        [HOLDER_SOCKET] = 2,
	        [HOLDER_FD] = 3,
	        [HOLDER_MOUNT] = 5,
	};

	return holder->is_listed ? 4 : costs[holder->kind];
}

/* Records without a process come last. */
static pid_t pid_of(const struct holder_record *holder)
{
	return holder->process ? holder->process->pid : INT_MAX;
}

static int by_namespace(const void *a, const void *b)
{
	const struct holder_record *const left = a, *const right = b;

	if (left->type != right->type)
		return COMPARE(left->type, right->type);
	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	if (cost(left) != cost(right))
		return COMPARE(cost(left), cost(right));
	if (left->access != right->access)
		return COMPARE(left->access, right->access);
	if (pid_of(left) != pid_of(right))
		return COMPARE(pid_of(left), pid_of(right));
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

void holders_sort(struct holder_list *list)
{
	if (!list->is_sorted && list->n > 0)
		qsort(list->records, list->n, sizeof(*list->records), by_namespace);
	list->is_sorted = true;
}

size_t holders_first(const struct holder_list *list, enum nstype type, uint64_t inode)
{
	const struct holder_record *const records = list->records;

	return LOWER_BOUND(list->n, at,
	        records[at].type < type || (records[at].type == type && records[at].inode < inode));
}

bool holders_is_of(const struct holder_list *list, size_t i, enum nstype type, uint64_t inode)
{
	return i < list->n && list->records[i].type == type && list->records[i].inode == inode;
}

void holders_release(struct holder_list *list, struct kernel *kernel)
{
	for (size_t i = 0; i < list->n; i++) {
		if (list->records[i].handle >= 0)
			kernel->ops->close(kernel, list->records[i].handle);
	}
	free(list->records);
	free(list->candidates);
	free(list->sockets);
}
