/* SPDX-License-Identifier: Apache-2.0 */
#include "base/u64_map.h"

#include "base/memory.h"

struct u64_map_entry {
	uint64_t key;
	size_t number; /* the index + 1; 0: the entry is free */
};

/* The entry of that key, or the free one where it belongs. */
static struct u64_map_entry *find_entry(const struct u64_map *map, uint64_t key)
{
	/* Fibonacci hashing: the upper half of the product depends on every bit of the key. */
	size_t i = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32);

	for (;; i++) {
		struct u64_map_entry *entry = &map->entries[i & (map->size - 1)];

		if (entry->number == 0 || entry->key == key)
			return entry;
	}
}

static void grow(struct u64_map *map)
{
	const struct u64_map old = *map;

	map->size = old.size > 0 ? 2 * old.size : 64;
	map->entries = memory_new(map->size * sizeof(*map->entries));
	for (size_t i = 0; i < old.size; i++) {
		if (old.entries[i].number > 0)
			*find_entry(map, old.entries[i].key) = old.entries[i];
	}
	free(old.entries);
}

void u64_map_release(struct u64_map *map)
{
	free(map->entries);
	*map = (struct u64_map){0};
}

bool u64_map_find(const struct u64_map *map, uint64_t key, size_t *ret_index)
{
	const struct u64_map_entry *entry = map->size > 0 ? find_entry(map, key) : NULL;

	if (!entry || entry->number == 0)
		return false;
	*ret_index = entry->number - 1;
	return true;
}

size_t u64_map_add(struct u64_map *map, uint64_t key, bool *ret_is_new)
{
	if (2 * (map->n + 1) > map->size)
		grow(map);
	struct u64_map_entry *entry = find_entry(map, key);

	*ret_is_new = entry->number == 0;
	if (*ret_is_new)
		*entry = (struct u64_map_entry){.key = key, .number = ++map->n};
	return entry->number - 1;
}
