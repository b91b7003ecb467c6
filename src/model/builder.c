/* SPDX-License-Identifier: Apache-2.0 */
#include "model/builder.h"

#include "base/arena.h"
#include "base/memory.h"
#include "base/u64.h"
#include "model/container_list.h"
#include "model/leader.h"

#include <limits.h>
#include <string.h>

/* A namespace while it is built. Freezing fills the arrays of struct ns, which are const, through
 * these pointers. */
struct building {
	struct ns ns; /* first, so that a pointer to it is a pointer to this */
	const struct process **processes;
	const struct ns **children;
	const struct ns **owned;
	struct building *next_of_key; /* the next with the same key in builder.by_key */
};

struct builder {
	struct arena *arena;
	struct host host;

	struct ns **namespaces;
	size_t n_namespaces, namespaces_capacity;
	struct u64_map by_key; /* a hash of type, device and inode: an index of first_of_key */
	struct building **first_of_key;
	size_t keys_capacity;

	struct process **processes;
	size_t n_processes, processes_capacity;
	bool is_unsorted; /* the processes are not in the order of their PIDs */

	struct container_list containers;

	struct held *held;
	size_t n_held, held_capacity;

	struct note *notes;
	size_t n_notes, notes_capacity;
	struct ns_pin *pins;
	size_t n_pins, pins_capacity;

	uint64_t next_tag; /* for a namespace that has none; never given before */
};

/* --- filled: namespaces and processes --------------------------------------------------------- */

struct builder *builder_new(void)
{
	struct builder *builder = memory_new(sizeof(*builder));

	builder->arena = arena_new();
	builder->next_tag = BUILDER_OWN_TAG;
	return builder;
}

void builder_free(struct builder *builder)
{
	if (!builder)
		return;
	arena_free(builder->arena);
	free(builder->namespaces);
	free(builder->first_of_key);
	u64_map_release(&builder->by_key);
	free(builder->processes);
	container_list_release(&builder->containers);
	free(builder->held);
	free(builder->notes);
	free(builder->pins);
	free(builder);
}

struct arena *builder_arena(struct builder *builder)
{
	return builder->arena;
}

void builder_set_next_tag(struct builder *builder, uint64_t tag)
{
	builder->next_tag = tag;
}

struct host *builder_host(struct builder *builder)
{
	return &builder->host;
}

/* Numbers of one type and device, the usual case, have different keys. */
static uint64_t key_of(enum nstype type, uint64_t dev, uint64_t inode)
{
	return inode ^ (dev << 32) ^ ((uint64_t)type << 56);
}

struct ns *builder_find_ns(struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode)
{
	size_t i;

	if (!u64_map_find(&builder->by_key, key_of(type, dev, inode), &i))
		return NULL;
	for (struct building *b = builder->first_of_key[i]; b; b = b->next_of_key) {
		if (b->ns.inode == inode && b->ns.type == type && b->ns.dev == dev)
			return &b->ns;
	}
	return NULL;
}

struct ns *builder_ns(
        struct builder *builder, enum nstype type, uint64_t dev, uint64_t inode, bool *ret_is_new)
{
	struct ns *ns = builder_find_ns(builder, type, dev, inode);
	struct building *building;
	bool is_new_key;
	size_t key;

	if (ret_is_new)
		*ret_is_new = !ns;
	if (ns)
		return ns;
	building = arena_alloc(builder->arena, sizeof(*building));
	ns = &building->ns;
	ns->type = type;
	ns->dev = dev;
	ns->inode = inode;
	ns->parent.state = nstype_is_hierarchical(type) ? REL_FAILED : REL_NONE;
	ns->owner.state = REL_FAILED;
	ns->owner_uid_state = type == NS_USER ? REL_FAILED : REL_NONE;
	ns->maps_state = type == NS_USER ? REL_FAILED : REL_NONE;
	MEMORY_APPEND(builder->namespaces, builder->n_namespaces, builder->namespaces_capacity) =
	        ns;

	key = u64_map_add(&builder->by_key, key_of(type, dev, inode), &is_new_key);
	builder->first_of_key = memory_grow(builder->first_of_key, &builder->keys_capacity, key + 1,
	        sizeof(*builder->first_of_key));
	building->next_of_key = is_new_key ? NULL : builder->first_of_key[key];
	builder->first_of_key[key] = building;
	return ns;
}

struct ns *const *builder_namespaces(struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->n_namespaces;
	return builder->namespaces;
}

struct process *builder_process(struct builder *builder, pid_t pid)
{
	struct process *process = arena_alloc(builder->arena, sizeof(*process));

	process->pid = pid;
	process->uid_state = REL_FAILED;
	if (builder->n_processes && pid < builder->processes[builder->n_processes - 1]->pid)
		builder->is_unsorted = true;
	MEMORY_APPEND(builder->processes, builder->n_processes, builder->processes_capacity) =
	        process;
	return process;
}

struct process *const *builder_processes(struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->n_processes;
	return builder->processes;
}

static int by_pid(const void *a, const void *b)
{
	const struct process *const *left = a, *const *right = b;

	return COMPARE((*left)->pid, (*right)->pid);
}

static void sort_processes(struct builder *builder)
{
	if (builder->is_unsorted)
		qsort(builder->processes, builder->n_processes, sizeof(struct process *), by_pid);
	builder->is_unsorted = false;
}

const struct process *builder_find_process(struct builder *builder, pid_t pid)
{
	const size_t n = builder->n_processes;

	sort_processes(builder);
	const size_t i = LOWER_BOUND(n, at, builder->processes[at]->pid < pid);

	return i < n && builder->processes[i]->pid == pid ? builder->processes[i] : NULL;
}

/* --- filled: leaders ------------------------------------------------------------------------- */

void builder_choose_leaders(struct builder *builder)
{
	sort_processes(builder);
	for (size_t i = 0; i < builder->n_processes; i++) {
		const struct process *process = builder->processes[i];
		const struct process *parent = builder_find_process(builder, process->ppid);

		for (enum nstype type = 0; type < NS_TYPES; type++) {
			struct ns *ns = process->ns[type] ? builder_own(process->ns[type]) : NULL;

			if (ns && leader_is_better(ns, process, parent, ns->leader))
				ns->leader = process;
		}
	}
	container_list_choose_leaders(&builder->containers,
	        (const struct process *const *)builder->processes, builder->n_processes);
}

/* --- filled: holders and notes --------------------------------------------------------------- */

void builder_hold(struct builder *builder, const struct ns *ns, const struct holder *holder)
{
	struct held *held = &MEMORY_APPEND(builder->held, builder->n_held, builder->held_capacity);

	*held = (struct held){.ns = ns, .holder = *holder};
	held->holder.path = arena_strdup(builder->arena, holder->path);
}

const struct held *builder_holders(const struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->n_held;
	return builder->held;
}

void builder_note(struct builder *builder, pid_t pid, const char *what, int error)
{
	MEMORY_APPEND(builder->notes, builder->n_notes, builder->notes_capacity) = (struct note){
	        .pid = pid, .what = arena_strdup(builder->arena, what), .error = error};
}

void builder_pin(struct builder *builder, const struct ns_pin *pin)
{
	struct ns_pin *const copy =
	        &MEMORY_APPEND(builder->pins, builder->n_pins, builder->pins_capacity);

	*copy = *pin;
	copy->by = arena_strdup(builder->arena, pin->by);
	copy->path = arena_strdup(builder->arena, pin->path);
}

/* --- frozen: relations ----------------------------------------------------------------------- */

static int compare_ns(const struct ns *a, const struct ns *b)
{
	if (a->type != b->type)
		return COMPARE(a->type, b->type);
	if (a->inode != b->inode)
		return COMPARE(a->inode, b->inode);
	return COMPARE(a->dev, b->dev);
}

static int by_number(const void *a, const void *b)
{
	return compare_ns(*(const struct ns *const *)a, *(const struct ns *const *)b);
}

static int problem(const struct ns *ns, const char *what, struct builder_problem *ret)
{
	*ret = (struct builder_problem){.type = ns->type, .inode = ns->inode, .what = what};
	return -EINVAL;
}

static int check_ends(const struct ns *ns, struct builder_problem *ret)
{
	if ((ns->parent.state == REL_KNOWN) != (ns->parent.ns != NULL) ||
	        (ns->owner.state == REL_KNOWN) != (ns->owner.ns != NULL))
		return problem(ns, "has a relation that is both known and unknown", ret);
	if (ns->parent.ns && (ns->parent.ns->type != ns->type || !nstype_is_hierarchical(ns->type)))
		return problem(ns, "has a parent of another type", ret);
	if (ns->owner.ns && ns->owner.ns->type != NS_USER)
		return problem(ns, "has an owner that is not a user namespace", ret);
	if (ns->type == NS_USER && ns->parent.ns && ns->owner.ns && ns->parent.ns != ns->owner.ns)
		return problem(ns, "has an owner that is not its parent", ret);
	return 0;
}

/* Walks up to the first ancestor whose depth is known, then sets the depths on the way down. */
static int set_depth(struct ns *ns, struct builder_problem *ret)
{
	unsigned depth = 0;
	const struct ns *top = ns;

	for (; top->depth == UINT_MAX && top->parent.ns && depth <= BUILDER_DEPTH_MAX; depth++)
		top = top->parent.ns;
	if (top->depth != UINT_MAX)
		depth += top->depth;
	if (depth > BUILDER_DEPTH_MAX)
		return problem(ns, "is its own ancestor, or has more than 1,000", ret);
	for (struct ns *at = ns; at->depth == UINT_MAX; at = builder_own(at->parent.ns)) {
		at->depth = depth--;
		if (!at->parent.ns)
			break;
	}
	return 0;
}

/* Checks that a parent has the same type, an owner is a user namespace, a user namespace's owner is
 * its parent, and a chain of parents ends within BUILDER_DEPTH_MAX. Sets `depth`. O(n). */
static int check_relations(struct builder *builder, struct builder_problem *ret_problem)
{
	for (size_t i = 0; i < builder->n_namespaces; i++)
		builder->namespaces[i]->depth = UINT_MAX;
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		int r = check_ends(builder->namespaces[i], ret_problem);

		if (r >= 0)
			r = set_depth(builder->namespaces[i], ret_problem);
		if (r < 0)
			return r;
	}
	return 0;
}

/* --- frozen: holders ------------------------------------------------------------------------- */

static int compare_paths(const char *a, const char *b)
{
	return strcmp(a ? a : "", b ? b : "");
}

static int by_holder(const void *a, const void *b)
{
	const struct held *left = a, *right = b;
	const struct holder *x = &left->holder, *y = &right->holder;

	if (left->ns != right->ns)
		return compare_ns(left->ns, right->ns);
	if (x->kind != y->kind)
		return COMPARE(x->kind, y->kind);
	if (x->pid != y->pid)
		return COMPARE(x->pid, y->pid);
	/* Copied descriptor tables of threads have the same descriptors: one entry is enough. */
	if (x->tid != y->tid && x->kind != HOLDER_FD && x->kind != HOLDER_SOCKET)
		return COMPARE(x->tid, y->tid);
	if (x->fd != y->fd)
		return COMPARE(x->fd, y->fd);
	if (compare_paths(x->path, y->path) != 0)
		return compare_paths(x->path, y->path);
	if (x->mnt != y->mnt)
		return COMPARE(x->mnt, y->mnt);
	return x->ns && y->ns ? compare_ns(x->ns, y->ns) : 0;
}

/* Of equal holders, the one without a TID comes first: it stays. */
static int by_holder_and_thread(const void *a, const void *b)
{
	const struct held *left = a, *right = b;
	const int order = by_holder(a, b);

	return order ? order : COMPARE(left->holder.tid, right->holder.tid);
}

/* A child keeps its parent alive, and a namespace its owner. */
static void hold_relations(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			builder_hold(builder, ns->parent.ns,
			        &(struct holder){.kind = HOLDER_CHILD, .ns = ns});
		if (ns->owner.ns && ns->type != NS_USER)
			builder_hold(builder, ns->owner.ns,
			        &(struct holder){.kind = HOLDER_OWNS, .ns = ns});
	}
}

static void freeze_holders(struct builder *builder)
{
	hold_relations(builder);
	if (!builder->n_held)
		return;
	qsort(builder->held, builder->n_held, sizeof(*builder->held), by_holder_and_thread);

	struct holder *all = arena_array(builder->arena, builder->n_held, sizeof(*all));
	for (size_t i = 0; i < builder->n_held; i++) {
		const struct held *held = &builder->held[i];
		struct ns *ns = builder_own(held->ns);

		if (i > 0 && by_holder(held, held - 1) == 0)
			continue;
		if (!ns->holders)
			ns->holders = all;
		*all++ = held->holder;
		ns->n_holders++;
	}
}

struct container *builder_container(
        struct builder *builder, const struct container *identity, bool *ret_is_new)
{
	return container_list_get(&builder->containers, builder->arena, identity, ret_is_new);
}

struct container *const *builder_containers(struct builder *builder, size_t *ret_n)
{
	*ret_n = builder->containers.n;
	return builder->containers.all;
}

/* --- frozen: the lists of a namespace --------------------------------------------------------- */

static struct building *building_of(const struct ns *ns)
{
	return (struct building *)builder_own(ns);
}

/* Members, children and owned namespaces are counted, then their arrays are allocated, then filled
 * in the order of processes and namespaces, which leaves each array sorted. */
static void count_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_processes; i++) {
		for (enum nstype type = 0; type < NS_TYPES; type++) {
			const struct ns *ns = builder->processes[i]->ns[type];

			if (ns)
				builder_own(ns)->n_processes++;
		}
	}
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			builder_own(ns->parent.ns)->n_children++;
		if (ns->owner.ns && ns->type != NS_USER)
			builder_own(ns->owner.ns)->n_owned++;
	}
}

static void allocate_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		struct building *b = building_of(builder->namespaces[i]);

		b->processes =
		        arena_array(builder->arena, b->ns.n_processes, sizeof(*b->processes));
		b->children = arena_array(builder->arena, b->ns.n_children, sizeof(*b->children));
		b->owned = arena_array(builder->arena, b->ns.n_owned, sizeof(*b->owned));
		b->ns.processes = b->processes;
		b->ns.children = b->children;
		b->ns.owned = b->owned;
	}
}

/* In nanoseconds since 1970, for the order of ages: snapshots may lack the host's numbers. Never
 * 0. */
static uint64_t start_time(const struct host *host, const struct process *process)
{
	enum { SECOND = 1000 * 1000 * 1000, HERTZ = 100 };
	const uint64_t seconds_max = UINT64_C(1) << 33;
	const uint64_t hertz = host->hertz ? host->hertz : HERTZ;
	const uint64_t seconds = (uint64_t)host->booted + process->started / hertz;

	return 1 + MIN(seconds, seconds_max) * SECOND + host->booted_nsec +
	       process->started % hertz * SECOND / hertz;
}

static void set_since(struct ns *ns, uint64_t time)
{
	if (!ns->since || time < ns->since)
		ns->since = time;
}

static void fill_members(struct builder *builder)
{
	for (size_t i = 0; i < builder->n_processes; i++) {
		const struct process *process = builder->processes[i];

		for (enum nstype type = 0; type < NS_TYPES; type++) {
			struct building *b;

			if (!process->ns[type])
				continue;
			b = building_of(process->ns[type]);
			*b->processes++ = process;
			/* Without its state, its start was not read either. */
			if (process->state)
				set_since(&b->ns, start_time(&builder->host, process));
			/* Only if the parent of each member is a member too, in an edited snapshot.
			 */
			if (!b->ns.leader)
				b->ns.leader = process;
		}
	}
	for (size_t i = 0; i < builder->n_namespaces; i++) {
		const struct ns *ns = builder->namespaces[i];

		if (ns->parent.ns)
			*building_of(ns->parent.ns)->children++ = ns;
		if (ns->owner.ns && ns->type != NS_USER)
			*building_of(ns->owner.ns)->owned++ = ns;
		if (!ns->since)
			builder_own(ns)->since = ns->made;
	}
}

/* --- frozen: the model ----------------------------------------------------------------------- */

static int by_tag(const void *a, const void *b)
{
	const struct ns *left = *(const struct ns *const *)a;
	const struct ns *right = *(const struct ns *const *)b;

	if (left->tag != right->tag)
		return COMPARE(left->tag, right->tag);
	return compare_ns(left, right);
}

/* The ui selects by tag, so tags must differ. In an edited snapshot two may be equal. */
static struct ns **sort_by_tag(struct builder *builder)
{
	struct ns **sorted = arena_copy_array(
	        builder->arena, builder->namespaces, builder->n_namespaces, sizeof(*sorted));
	bool is_clean = true;

	qsort(sorted, builder->n_namespaces, sizeof(*sorted), by_tag);
	for (size_t i = builder->n_namespaces; i > 1; i--) {
		if (sorted[i - 1]->tag != sorted[i - 2]->tag)
			continue;
		sorted[i - 1]->tag = builder->next_tag++;
		is_clean = false;
	}
	if (!is_clean)
		qsort(sorted, builder->n_namespaces, sizeof(*sorted), by_tag);
	return sorted;
}

static const struct model *make_model(struct builder *builder)
{
	struct arena *arena = builder->arena;
	struct model *model = arena_alloc(arena, sizeof(*model));

	for (size_t i = 0; i < builder->n_namespaces; i++) {
		struct ns *ns = builder->namespaces[i];

		ns->index = i;
		ns->is_listed_only &= ns->n_processes == 0 && ns->n_holders == 0;
		if (!ns->tag)
			ns->tag = ns->id && ns->id < BUILDER_OWN_TAG ? ns->id : builder->next_tag++;
	}
	for (size_t i = 0; i < builder->n_processes; i++)
		builder->processes[i]->index = i;
	model->host = builder->host;
	model->by_tag = (const struct ns *const *)sort_by_tag(builder);
	model->next_tag = builder->next_tag;
	model->namespaces = arena_copy_array(
	        arena, builder->namespaces, builder->n_namespaces, sizeof(struct ns *));
	model->n_namespaces = builder->n_namespaces;
	model->processes = arena_copy_array(
	        arena, builder->processes, builder->n_processes, sizeof(struct process *));
	model->n_processes = builder->n_processes;
	container_list_freeze(&builder->containers, arena, model->processes, model->n_processes);
	model->containers = arena_copy_array(
	        arena, builder->containers.all, builder->containers.n, sizeof(struct container *));
	model->n_containers = builder->containers.n;
	model->notes =
	        arena_copy_array(arena, builder->notes, builder->n_notes, sizeof(struct note));
	model->n_notes = builder->n_notes;
	pin_sort(builder->pins, builder->n_pins);
	model->pins =
	        arena_copy_array(arena, builder->pins, builder->n_pins, sizeof(struct ns_pin));
	model->n_pins = builder->n_pins;
	model->references = arena_alloc(arena, sizeof(*model->references));
	atomic_init(model->references, 1);
	model->arena = arena;
	builder->arena = NULL;
	return model;
}

int builder_freeze(struct builder *builder, const struct model **ret_model,
        struct builder_problem *ret_problem)
{
	struct builder_problem problem;
	int r;

	if (builder->n_namespaces)
		qsort(builder->namespaces, builder->n_namespaces, sizeof(struct ns *), by_number);
	sort_processes(builder);
	r = check_relations(builder, &problem);
	if (r < 0) {
		if (ret_problem)
			*ret_problem = problem;
		builder_free(builder);
		return r;
	}
	builder_choose_leaders(builder);
	count_members(builder);
	allocate_members(builder);
	fill_members(builder);
	freeze_holders(builder);
	*ret_model = make_model(builder);
	builder_free(builder);
	return 0;
}
