/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A host on which user namespaces are created and removed at random. Slot i is a namespace below
 * that of slot parents[i]; a new one in the same slot has the same number and another tag. */

enum { WORLD_SLOTS = 60 };

struct world {
	uint32_t seed;
	bool has_owned; /* each user namespace owns one of another type, most of them net */
	bool exists[WORLD_SLOTS];
	unsigned generations[WORLD_SLOTS];
	size_t parents[WORLD_SLOTS];
};

void world_init(struct world *world, uint32_t seed);

/* The next random number, less than `n`. */
unsigned world_below(struct world *world, unsigned n);

/* Creates some namespaces and removes some. A child keeps its parent alive (namespaces(7)), so that
 * only namespaces without one are removed. */
void world_change(struct world *world);

/* Creates a namespace in that slot. */
void world_create(struct world *world, size_t slot);

/* The model of the current state; the caller owns the reference. */
const struct model *world_model(const struct world *world);

uint64_t world_tag(const struct world *world, size_t slot);
size_t world_slot(uint64_t tag);
bool world_has(const struct world *world, uint64_t tag);
bool world_has_child(const struct world *world, size_t slot);
