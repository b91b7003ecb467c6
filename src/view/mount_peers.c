/* SPDX-License-Identifier: Apache-2.0 */
#include "view/mount_peers.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"

#include <stdlib.h>

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
