/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A hash table from 64-bit numbers to array indexes: the index is that of an array beside it which
 * holds the values. A zeroed struct is an empty map; u64_map_release frees it. Open addressing;
 * lookups are O(1) on average. Keys that hostile input can choose make them O(n). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct u64_map {
	struct u64_map_entry *entries;
	size_t size; /* a power of two, or 0; at least half of the entries are free */
	size_t n;
};

void u64_map_release(struct u64_map *map);

/* True and the index of that key; false if it is not in the map. */
bool u64_map_find(const struct u64_map *map, uint64_t key, size_t *ret_index);

/* The index of that key. A new key gets the next one: 0 for the first, n - 1 for the last.
 * Sets *ret_is_new. */
size_t u64_map_add(struct u64_map *map, uint64_t key, bool *ret_is_new);
