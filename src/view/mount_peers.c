/* SPDX-License-Identifier: Apache-2.0 */
#include "view/mount_peers.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"

#include <stdlib.h>

const char *mount_peer_name(enum mount_peer_kind kind)
{
	static const char *const names[MOUNT_PEER_KINDS] = {
	        [MOUNT_PEER] = "peer",
	        [MOUNT_PEER_MASTER] = "master",
	        [MOUNT_PEER_SLAVE] = "slave",
	};

	return names[kind];
}

/* --- of one mount ----------------------------------------------------------------------------- */

static bool is_of_kind(
        const struct mount_entry *entry, const struct mount_entry *other, enum mount_peer_kind kind)
{
	switch (kind) {
	case MOUNT_PEER:
		return entry->shared && other->shared == entry->shared;
	case MOUNT_PEER_MASTER:
		return entry->master && other->shared == entry->master;
	case MOUNT_PEER_SLAVE:
		return entry->shared && other->master == entry->shared;
	case MOUNT_PEER_KINDS:
		break;
	}
	return false;
}

size_t mount_peers_list(const struct mounts *mounts, const struct mount_table *own,
        const struct mount_entry *entry, struct mount_peer **ret)
{
	size_t n = 0, capacity = 0;

	*ret = NULL;
	for (enum mount_peer_kind kind = 0; kind < MOUNT_PEER_KINDS; kind++) {
		for (size_t t = 0; mounts && t < mounts->n; t++) {
			const struct mount_table *const table = mounts->tables[t];

			for (size_t i = 0; table != own && i < table->n; i++) {
				if (is_of_kind(entry, &table->entries[i], kind))
					MEMORY_APPEND(*ret, n, capacity) = (struct mount_peer){
					        kind, table, &table->entries[i]};
			}
		}
	}
	return n;
}

/* --- of all mounts of a mount namespace ------------------------------------------------------- */

/* How many other mount namespaces have a mount of a peer group. */
struct group {
	size_t n;
	size_t last; /* the table that was counted last, from 1; 0: none */
};

static void count_table(const struct mount_table *table, size_t number, const struct u64_map *map,
        struct group *all)
{
	size_t i;

	for (size_t at = 0; at < table->n; at++) {
		const unsigned shared = table->entries[at].shared;

		if (!shared || !u64_map_find(map, shared, &i) || all[i].last == number)
			continue;
		all[i].last = number;
		all[i].n++;
	}
}

void mount_peers_count(const struct mounts *mounts, const struct mount_table *own, size_t *ret)
{
	_cleanup_free_ struct group *groups = memory_new((own->n + 1) * sizeof(*groups));
	struct u64_map map = {0};
	bool is_new;
	size_t group;

	for (size_t i = 0; i < own->n; i++) {
		if (own->entries[i].shared)
			u64_map_add(&map, own->entries[i].shared, &is_new);
	}
	for (size_t t = 0; map.n && t < mounts->n; t++) {
		if (mounts->tables[t] != own)
			count_table(mounts->tables[t], t + 1, &map, groups);
	}
	for (size_t i = 0; i < own->n; i++)
		ret[i] =
		        own->entries[i].shared && u64_map_find(&map, own->entries[i].shared, &group)
		                ? groups[group].n
		                : 0;
	u64_map_release(&map);
}
