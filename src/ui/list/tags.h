/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A set of tags of namespaces (model.h): what the user closed. Sorted; O(log n) to ask. */

struct tags {
	uint64_t *all;
	size_t n;
	size_t capacity;
};

void tags_release(struct tags *tags);
bool tags_has(const struct tags *tags, uint64_t tag);
void tags_add(struct tags *tags, uint64_t tag);
void tags_remove(struct tags *tags, uint64_t tag);
void tags_clear(struct tags *tags);

/* Puts in one more without sorting: nothing may be asked before tags_sort. */
void tags_push(struct tags *tags, uint64_t tag);
void tags_sort(struct tags *tags);
