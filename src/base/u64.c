/* SPDX-License-Identifier: Apache-2.0 */
#include "base/u64.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <string.h>

/* --- a sorted set ----------------------------------------------------------------------------- */

static size_t first_from(const struct u64_set *set, uint64_t number)
{
	return LOWER_BOUND(set->n, i, set->items[i] < number);
}

void u64_set_release(struct u64_set *set)
{
	free(set->items);
	*set = (struct u64_set){0};
}

void u64_set_clear(struct u64_set *set)
{
	set->n = 0;
}

bool u64_set_is_same(const struct u64_set *a, const struct u64_set *b)
{
	return a->n == b->n && (!a->n || memcmp(a->items, b->items, a->n * sizeof(*a->items)) == 0);
}

void u64_set_copy(struct u64_set *set, const struct u64_set *from)
{
	u64_set_clear(set);
	for (size_t i = 0; i < from->n; i++)
		u64_set_push(set, from->items[i]);
}

void u64_set_add(struct u64_set *set, uint64_t number)
{
	const size_t i = first_from(set, number);

	if (i < set->n && set->items[i] == number)
		return;
	u64_set_push(set, number);
	memmove(set->items + i + 1, set->items + i, (set->n - 1 - i) * sizeof(number));
	set->items[i] = number;
}

void u64_set_remove(struct u64_set *set, uint64_t number)
{
	const size_t i = first_from(set, number);

	if (i == set->n || set->items[i] != number)
		return;
	set->n--;
	memmove(set->items + i, set->items + i + 1, (set->n - i) * sizeof(number));
}

void u64_set_push(struct u64_set *set, uint64_t number)
{
	MEMORY_APPEND(set->items, set->n, set->capacity) = number;
}

static int compare(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return COMPARE(left, right);
}

void u64_set_sort(struct u64_set *set)
{
	if (set->n > 0)
		qsort(set->items, set->n, sizeof(*set->items), compare);
}

void u64_set_sort_unique(struct u64_set *set)
{
	size_t n = 0;

	u64_set_sort(set);
	for (size_t i = 0; i < set->n; i++) {
		if (n == 0 || set->items[n - 1] != set->items[i])
			set->items[n++] = set->items[i];
	}
	set->n = n;
}

bool u64_set_has(const struct u64_set *set, uint64_t number)
{
	const size_t i = first_from(set, number);

	return i < set->n && set->items[i] == number;
}

size_t u64_set_count(const struct u64_set *set, uint64_t number)
{
	const size_t end = LOWER_BOUND(set->n, i, set->items[i] <= number);

	return end - first_from(set, number);
}

uint64_t u64_set_hash(uint64_t seed, const char *bytes, size_t len)
{
	return u64_set_hash_more(seed ^ UINT64_C(0xcbf29ce484222325), bytes, len);
}

uint64_t u64_set_hash_more(uint64_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* --- a hash table ----------------------------------------------------------------------------- */

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

size_t u64_map_bytes(const struct u64_map *map)
{
	return map->size * sizeof(*map->entries);
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
