/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/numbers.h"

#include "base/memory.h"

#include <stdlib.h>

void numbers_add(struct numbers *numbers, uint64_t number)
{
	numbers->items = memory_grow(
	        numbers->items, &numbers->capacity, numbers->n + 1, sizeof(*numbers->items));
	numbers->items[numbers->n++] = number;
}

static int compare(const void *a, const void *b)
{
	const uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

void numbers_sort(struct numbers *numbers)
{
	if (numbers->n > 0)
		qsort(numbers->items, numbers->n, sizeof(*numbers->items), compare);
}

/* The first that is not smaller. */
static size_t holder(const struct numbers *numbers, uint64_t number)
{
	size_t low = 0, high = numbers->n;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (numbers->items[middle] < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool numbers_has(const struct numbers *numbers, uint64_t number)
{
	const size_t i = holder(numbers, number);

	return i < numbers->n && numbers->items[i] == number;
}

size_t numbers_count(const struct numbers *numbers, uint64_t number)
{
	if (!numbers_has(numbers, number))
		return 0;
	return (number == UINT64_MAX ? numbers->n : holder(numbers, number + 1)) -
	       holder(numbers, number);
}

void numbers_release(struct numbers *numbers)
{
	free(numbers->items);
	*numbers = (struct numbers){0};
}

/* FNV-1a. */
uint64_t numbers_hash(uint64_t seed, const char *bytes, size_t len)
{
	return numbers_hash_on(seed ^ UINT64_C(0xcbf29ce484222325), bytes, len);
}

uint64_t numbers_hash_on(uint64_t hash, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * UINT64_C(0x100000001b3);
	return hash;
}
