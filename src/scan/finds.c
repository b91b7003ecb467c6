/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/finds.h"

#include "base/memory.h"
#include "scan/reading.h"

#include <string.h>

void finds_add(struct haul *haul, const struct find *find)
{
	haul->finds = memory_grow(
	        haul->finds, &haul->finds_capacity, haul->n_finds + 1, sizeof(*haul->finds));
	haul->finds[haul->n_finds++] = *find;
}

void finds_add_doubt(struct haul *haul, const struct doubt *doubt)
{
	haul->doubts = memory_grow(
	        haul->doubts, &haul->doubts_capacity, haul->n_doubts + 1, sizeof(*haul->doubts));
	haul->doubts[haul->n_doubts++] = *doubt;
}

void finds_add_plug(struct haul *haul, const struct plug *plug)
{
	haul->plugs = memory_grow(
	        haul->plugs, &haul->plugs_capacity, haul->n_plugs + 1, sizeof(*haul->plugs));
	haul->plugs[haul->n_plugs++] = *plug;
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

void finds_move(struct haul *to, struct haul *from)
{
	to->finds = append(to->finds, &to->n_finds, &to->finds_capacity, from->finds,
	        &from->n_finds, sizeof(*to->finds));
}

void finds_gather(struct scan *scan)
{
	struct haul *const all = &scan->hauls[0];

	for (unsigned i = 1; i < scan->n_readers; i++) {
		struct haul *const haul = &scan->hauls[i];

		finds_move(all, haul);
		all->doubts = append(all->doubts, &all->n_doubts, &all->doubts_capacity,
		        haul->doubts, &haul->n_doubts, sizeof(*all->doubts));
		all->plugs = append(all->plugs, &all->n_plugs, &all->plugs_capacity, haul->plugs,
		        &haul->n_plugs, sizeof(*all->plugs));
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
	const struct find *const left = a, *const right = b;

	if (left->type != right->type)
		return COMPARE(left->type, right->type);
	if (left->inode != right->inode)
		return COMPARE(left->inode, right->inode);
	if (left->kind != right->kind)
		return COMPARE(NEARNESS[left->kind], NEARNESS[right->kind]);
	if (left->refusal != right->refusal)
		return COMPARE(right->refusal, left->refusal);
	if (left->reading != right->reading)
		return COMPARE(left->reading, right->reading);
	if (left->tid != right->tid)
		return COMPARE(left->tid, right->tid);
	return COMPARE(left->fd, right->fd);
}

void finds_sort(struct scan *scan)
{
	struct haul *const all = &scan->hauls[0];

	if (all->n_finds > 0)
		qsort(all->finds, all->n_finds, sizeof(*all->finds), by_namespace);
}

size_t finds_first(const struct scan *scan, enum nstype type, uint64_t inode)
{
	const struct haul *const all = &scan->hauls[0];
	size_t low = 0, high = all->n_finds;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct find *const find = &all->finds[middle];

		if (find->type < type || (find->type == type && find->inode < inode))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void finds_release(struct scan *scan)
{
	struct kernel *const k = scan->kernel;

	for (unsigned i = 0; i < scan->n_readers; i++) {
		struct haul *const haul = &scan->hauls[i];

		for (size_t j = 0; j < haul->n_finds; j++) {
			if (haul->finds[j].handle >= 0)
				k->ops->close(k, haul->finds[j].handle);
		}
		free(haul->finds);
		free(haul->doubts);
		free(haul->plugs);
	}
	free(scan->hauls);
	numbers_release(&scan->listed);
}
