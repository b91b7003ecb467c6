/* SPDX-License-Identifier: Apache-2.0 */
#include "ui/list/tags.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a;
	const uint64_t y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Where the tag is, or where it would be. */
static size_t place(const struct tags *tags, uint64_t tag)
{
	size_t low = 0;

	for (size_t high = tags->n; low < high;) {
		const size_t middle = low + (high - low) / 2;

		if (tags->all[middle] < tag)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void tags_release(struct tags *tags)
{
	free(tags->all);
	*tags = (struct tags){0};
}

bool tags_has(const struct tags *tags, uint64_t tag)
{
	const size_t i = place(tags, tag);

	return i < tags->n && tags->all[i] == tag;
}

void tags_add(struct tags *tags, uint64_t tag)
{
	const size_t i = place(tags, tag);

	if (i < tags->n && tags->all[i] == tag)
		return;
	tags_push(tags, tag);
	memmove(tags->all + i + 1, tags->all + i, (tags->n - 1 - i) * sizeof(tag));
	tags->all[i] = tag;
}

void tags_remove(struct tags *tags, uint64_t tag)
{
	const size_t i = place(tags, tag);

	if (i == tags->n || tags->all[i] != tag)
		return;
	tags->n--;
	memmove(tags->all + i, tags->all + i + 1, (tags->n - i) * sizeof(tag));
}

void tags_clear(struct tags *tags)
{
	tags->n = 0;
}

void tags_push(struct tags *tags, uint64_t tag)
{
	tags->all = memory_grow(tags->all, &tags->capacity, tags->n + 1, sizeof(tag));
	tags->all[tags->n++] = tag;
}

void tags_sort(struct tags *tags)
{
	size_t n = 0;

	if (tags->n)
		qsort(tags->all, tags->n, sizeof(*tags->all), compare);
	for (size_t i = 0; i < tags->n; i++) {
		if (!n || tags->all[n - 1] != tags->all[i])
			tags->all[n++] = tags->all[i];
	}
	tags->n = n;
}
