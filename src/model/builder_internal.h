/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The builder's data, for builder*.c and identity.c. */

#include "base/u64.h"
#include "model/model.h"

/* A namespace while it is built. Freezing fills the arrays of struct ns, which are const, through
 * these pointers. */
struct building {
	struct ns ns; /* first, so that a pointer to it is a pointer to this */
	const struct process **processes;
	const struct ns **children;
	const struct ns **owned;
	struct building *next_of_key; /* the next with the same key in builder.by_key */
};

struct held {
	const struct ns *ns;
	struct holder holder;
};

struct builder {
	struct arena *arena;
	struct host host;

	struct ns **namespaces;
	size_t n_namespaces, namespaces_capacity;
	struct u64_map by_key; /* a hash of type, device and inode; its indexes are those of */
	struct building **first_of_key;
	size_t keys_capacity;

	struct process **processes;
	size_t n_processes, processes_capacity;
	bool is_unsorted; /* the processes are not in the order of their PIDs */

	struct held *held;
	size_t n_held, held_capacity;

	struct note *notes;
	size_t n_notes, notes_capacity;
};

/* Relations point to const, but the namespaces are the builder's own: until the model is frozen
 * they may be written. */
static inline struct ns *builder_own(const struct ns *ns)
{
	union {
		const struct ns *given;
		struct ns *own;
	} pointer = {.given = ns};

	return pointer.own;
}

/* Sorts the processes by PID, unless they are sorted. */
void builder_sort_processes(struct builder *builder);

/* The process with that PID, NULL if there is none. They must be sorted. */
const struct process *builder_find_process(const struct builder *builder, pid_t pid);
