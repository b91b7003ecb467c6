/* SPDX-License-Identifier: Apache-2.0 */
#include "base/u64_set.h"

#include "base/attributes.h"
#include "base/memory.h"

#include <string.h>

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
