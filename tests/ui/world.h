/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A host whose user namespaces come and go, as the seed wills: slot i is a namespace below that of
 * slot parents[i]; a new one in the same slot has the same number, and another tag. */

enum { WORLD_SLOTS = 60 };

struct world {
	uint32_t seed;
	bool is_alive[WORLD_SLOTS];
	unsigned births[WORLD_SLOTS];
	size_t parents[WORLD_SLOTS];
};

void world_init(struct world *world, uint32_t seed);

/* The next random number, less than `n`. */
unsigned world_below(struct world *world, unsigned n);

/* Some come, some go; a child keeps its parent alive, so that only those without one go. */
void world_change(struct world *world);

/* One comes in that slot. */
void world_bear(struct world *world, size_t slot);

/* What is so now; the caller has the reference. */
const struct model *world_model(const struct world *world);

uint64_t world_tag(const struct world *world, size_t slot);
size_t world_slot(uint64_t tag);
bool world_lives(const struct world *world, uint64_t tag);
bool world_has_living_child(const struct world *world, size_t slot);
