/* SPDX-License-Identifier: Apache-2.0 */
#include "model/ns_facts.h"

#include "base/arena.h"
#include "base/memory.h"

#include <stdatomic.h>

/* It is in its arena. */
struct counted {
	struct ns_facts facts; /* first, so that a pointer to it is a pointer to this */
	struct arena *arena;
	atomic_uint *references; /* NULL: the arena is that of a model */
};

static const struct counted *counted_of(const struct ns_facts *facts)
{
	return (const struct counted *)facts;
}

struct ns_facts *ns_facts_new_in(struct arena *arena, enum nstype type)
{
	struct counted *const counted = arena_alloc(arena, sizeof(*counted));

	counted->arena = arena;
	counted->facts.type = type;
	return &counted->facts;
}

struct ns_facts *ns_facts_new(enum nstype type)
{
	struct arena *const arena = arena_new();
	struct ns_facts *const facts = ns_facts_new_in(arena, type);
	atomic_uint *const references = arena_alloc(arena, sizeof(*references));

	atomic_init(references, 1);
	((struct counted *)facts)->references = references;
	return facts;
}

struct arena *ns_facts_arena(struct ns_facts *facts)
{
	return counted_of(facts)->arena;
}

const struct ns_facts *ns_facts_ref(const struct ns_facts *facts)
{
	if (facts && counted_of(facts)->references)
		atomic_fetch_add_explicit(counted_of(facts)->references, 1, memory_order_relaxed);
	return facts;
}

void ns_facts_unref(const struct ns_facts *facts)
{
	const struct counted *const counted = counted_of(facts);

	if (!facts || !counted->references)
		return;
	if (atomic_fetch_sub_explicit(counted->references, 1, memory_order_acq_rel) == 1)
		arena_free(counted->arena);
}

const char *ns_facts_ipc_name(enum ns_facts_ipc_kind kind)
{
	static const char *const names[NS_FACTS_IPC_KINDS] = {
	        [NS_FACTS_SHM] = "shm",
	        [NS_FACTS_SEM] = "sem",
	        [NS_FACTS_MSG] = "msg",
	        [NS_FACTS_MQUEUE] = "mqueue",
	};
	return names[kind];
}
