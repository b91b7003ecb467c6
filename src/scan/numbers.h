/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A set of numbers that is filled first and asked then, O(log n). Zeroed: empty. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct numbers {
	uint64_t *items;
	size_t n, capacity;
};

void numbers_add(struct numbers *numbers, uint64_t number);

/* Before it is asked: after that several threads may ask. */
void numbers_sort(struct numbers *numbers);

bool numbers_has(const struct numbers *numbers, uint64_t number);

/* How often it was added. */
size_t numbers_count(const struct numbers *numbers, uint64_t number);

void numbers_release(struct numbers *numbers);

/* A number for bytes, which goes on from `seed` (0 to begin). Different bytes may have the same:
 * it is for ruling out what cannot be. */
uint64_t numbers_hash(uint64_t seed, const char *bytes, size_t len);

/* The hash of the bytes of `hash` and these behind them. */
uint64_t numbers_hash_on(uint64_t hash, const char *bytes, size_t len);
