/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Collections of 64-bit numbers. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* --- a sorted set ----------------------------------------------------------------------------- */

/* A set of 64-bit numbers in a sorted array: tags, inode numbers, UIDs, hashes of strings. A zeroed
 * struct is an empty set; u64_set_release frees it. Lookups are O(log n), and several threads may
 * do them at once.
 *
 * It is filled in one of two ways: number by number with u64_set_add (O(n) each, always sorted), or
 * with u64_set_push followed by one u64_set_sort or u64_set_sort_unique. */

struct u64_set {
	uint64_t *items;
	size_t n;
	size_t capacity;
};

void u64_set_release(struct u64_set *set);

/* Empties the set but keeps its memory. */
void u64_set_clear(struct u64_set *set);

/* True if both sets have the same numbers. */
bool u64_set_is_same(const struct u64_set *a, const struct u64_set *b);

/* Replaces the numbers of the set by those of another one. */
void u64_set_copy(struct u64_set *set, const struct u64_set *from);

/* Adds a number that is not in the sorted set yet; else does nothing. */
void u64_set_add(struct u64_set *set, uint64_t number);

/* Removes a number from the sorted set, once; does nothing if it is not there. */
void u64_set_remove(struct u64_set *set, uint64_t number);

/* Appends a number, O(1). No lookup is valid until the set is sorted. */
void u64_set_push(struct u64_set *set, uint64_t number);

/* Sorts the numbers; one that was pushed several times stays several times, for u64_set_count. */
void u64_set_sort(struct u64_set *set);

/* Sorts the numbers and drops repeated ones. */
void u64_set_sort_unique(struct u64_set *set);

bool u64_set_has(const struct u64_set *set, uint64_t number);

/* How many times the number is in the set: above 1 only after u64_set_sort. */
size_t u64_set_count(const struct u64_set *set, uint64_t number);

/* The hash of a string (FNV-1a), for a set of strings. `seed` is 0 or the hash of what precedes
 * the string. Different strings may have the same hash, so a set of hashes can only rule out. */
uint64_t u64_set_hash(uint64_t seed, const char *bytes, size_t len);

/* Given the hash of a string A, returns that of A followed by these bytes (with A's seed). */
uint64_t u64_set_hash_more(uint64_t hash, const char *bytes, size_t len);

/* --- a hash table ----------------------------------------------------------------------------- */

/* A hash table from 64-bit numbers to array indexes: the index is that of an array beside it which
 * holds the values. A zeroed struct is an empty map; u64_map_release frees it. Open addressing;
 * lookups are O(1) on average. Keys that hostile input can choose make them O(n). */

struct u64_map {
	struct u64_map_entry *entries;
	size_t size; /* a power of two, or 0; at least half of the entries are free */
	size_t n;
};

void u64_map_release(struct u64_map *map);

/* Bytes of memory that it has. */
size_t u64_map_bytes(const struct u64_map *map);

/* True and the index of that key; false if it is not in the map. */
bool u64_map_find(const struct u64_map *map, uint64_t key, size_t *ret_index);

/* The index of that key. A new key gets the next one: 0 for the first, n - 1 for the last.
 * Sets *ret_is_new. */
size_t u64_map_add(struct u64_map *map, uint64_t key, bool *ret_is_new);
