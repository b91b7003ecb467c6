/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/arena.h"
#include "base/u64.h"
#include "model/model.h"

/* The containers of a model that is built (builder.h). Zeroed: empty. */
struct container_list {
	struct container **all;
	size_t n, capacity;
	struct u64_map by_tag;
};

void container_list_release(struct container_list *list);

/* As builder_container. */
struct container *container_list_get(struct container_list *list, struct arena *arena,
        const struct container *identity, bool *ret_is_new);

/* Sets the leaders. `processes` are sorted by PID. */
void container_list_choose_leaders(
        struct container_list *list, const struct process *const *processes, size_t n);

/* Sorts the containers by tag and sets what else is derived of them. `processes` are sorted by PID.
 */
void container_list_freeze(struct container_list *list, struct arena *arena,
        const struct process *const *processes, size_t n);
