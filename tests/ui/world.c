/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/ui/world.h"

#include "base/arena.h"
#include "model/builder.h"
#include "tests/unit.h"

enum { DEV = 4, TOP = 100 };

static uint32_t world_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

unsigned world_below(struct world *world, unsigned n)
{
	return world_random(&world->seed) % n;
}

uint64_t world_tag(const struct world *world, size_t slot)
{
	return 1000 + slot * 100000 + world->generations[slot];
}

bool world_has_child(const struct world *world, size_t slot)
{
	for (size_t i = slot + 1; i < WORLD_SLOTS; i++) {
		if (world->exists[i] && world->parents[i] == slot)
			return true;
	}
	return false;
}

void world_create(struct world *world, size_t slot)
{
	do
		world->parents[slot] = world_below(world, (unsigned)slot);
	while (!world->exists[world->parents[slot]]);
	world->exists[slot] = true;
	world->generations[slot]++;
}

void world_change(struct world *world)
{
	for (unsigned n = world_below(world, 6); n > 0; n--) {
		const size_t slot = 1 + world_below(world, WORLD_SLOTS - 1);

		if (!world->exists[slot])
			world_create(world, slot);
		else if (!world_has_child(world, slot))
			world->exists[slot] = false;
	}
}

void world_init(struct world *world, uint32_t seed)
{
	*world = (struct world){.seed = seed, .exists = {true}};
	for (size_t i = 1; i < WORLD_SLOTS; i++) {
		if (world_below(world, 2))
			world_create(world, i);
	}
}

static const struct ns *add_owned(
        struct builder *builder, const struct world *world, size_t slot, const struct ns *owner)
{
	static const enum nstype types[] = {
	        NS_NET, NS_UTS, NS_NET, NS_MNT, NS_NET, NS_IPC, NS_NET, NS_TIME, NS_NET, NS_CGROUP};
	const enum nstype type = types[slot % ARRAY_SIZE(types)];
	struct ns *const ns = builder_ns(builder, type, DEV, TOP + WORLD_SLOTS + slot, NULL);

	ns->id = 100000000 + world_tag(world, slot);
	ns->owner.state = REL_KNOWN;
	ns->owner.ns = owner;
	return ns;
}

/* Two of three namespaces have a process, a child of the process in the parent namespace. */
static void add_process(struct builder *builder, const struct world *world, size_t slot,
        const struct ns *ns, const struct ns *owned)
{
	struct process *process = builder_process(builder, TOP + (pid_t)slot);
	pid_t *pids = arena_array(builder_arena(builder), 2, sizeof(*pids));

	pids[0] = process->pid;
	pids[1] = (pid_t)slot;
	process->nspid = pids;
	process->n_nspid = 2;
	process->ppid = TOP + (pid_t)world->parents[slot];
	process->started = 10 * slot + world->generations[slot];
	process->name = slot % 2 ? "bash" : "\x1b[2J";
	process->comm = process->name;
	process->ns[NS_USER] = ns;
	if (owned)
		process->ns[owned->type] = owned;
	process->uid_state = slot % 4 ? REL_KNOWN : REL_FAILED;
	process->uid = (uid_t)(slot % 5);
}

const struct model *world_model(const struct world *world)
{
	struct builder *builder = builder_new();
	const struct model *model;

	builder_host(builder)->name = "random";
	for (size_t i = 0; i < WORLD_SLOTS; i++) {
		if (!world->exists[i])
			continue;
		struct ns *ns = builder_ns(builder, NS_USER, DEV, TOP + i, NULL);
		ns->id = world_tag(world, i);
		ns->owner_uid_state = REL_KNOWN;
		ns->owner_uid = (uid_t)(i % 5);
		ns->parent.state = i ? REL_KNOWN : REL_INITIAL;
		ns->parent.ns =
		        i ? builder_ns(builder, NS_USER, DEV, TOP + world->parents[i], NULL) : NULL;
		ns->owner = ns->parent;
		const struct ns *const owned =
		        world->has_owned ? add_owned(builder, world, i, ns) : NULL;
		if (i % 3)
			add_process(builder, world, i, ns, owned);
	}
	assert_int_equal(builder_freeze(builder, &model, NULL), 0);
	return model;
}

size_t world_slot(uint64_t tag)
{
	return (size_t)((tag - 1000) / 100000);
}

bool world_has(const struct world *world, uint64_t tag)
{
	const size_t slot = world_slot(tag);

	return world->exists[slot] && world_tag(world, slot) == tag;
}
