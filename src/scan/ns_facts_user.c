/* SPDX-License-Identifier: Apache-2.0 */
/* Whose IDs a user namespace has: by the files of subordinate IDs, and by the maps of others. And
 * its limits. */
#include "base/arena.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/proc/proc_ns.h"
#include "scan/ns_facts.h"
#include "scan/ns_open.h"

#include <string.h>

/* How many ranges are compared for one namespace: ranges of nested namespaces may all overlap. */
enum { STEPS_MAX = 100000 };

/* /etc/subuid or /etc/subgid. */
struct subid_file {
	int error; /* positive errno */
	char *text;
	struct proc_ns_subid *lines; /* they point into the text */
	size_t n, capacity;
};

/* A line of the uid_map of a namespace: the UIDs from `first` to `last`, as the scan sees them. */
struct used_uids {
	uint32_t first, last;
	uint32_t last_before; /* the largest `last` of this and all before it */
	const struct ns *ns;
};

struct ns_facts_ids {
	bool is_inside; /* the scan was in another user namespace than the initial one */
	struct subid_file uids, gids;
	struct used_uids *used; /* by `first`: of all but the top user namespaces */
	size_t n_used, used_capacity;
};

/* --- the files -------------------------------------------------------------------------------- */

static void read_file(struct kernel *k, bool of_groups, struct subid_file *ret)
{
	struct proc_ns_subid line;
	size_t len;
	const int r = k->ops->subids ? k->ops->subids(k, of_groups, &ret->text, &len) : -EOPNOTSUPP;

	if (r < 0) {
		ret->error = -r;
		return;
	}
	for (const char *p = ret->text, *const end = p + len; proc_ns_subid_next(&p, end, &line);)
		MEMORY_APPEND(ret->lines, ret->n, ret->capacity) = line;
}

static void release_file(struct subid_file *file)
{
	free(file->text);
	free(file->lines);
}

static int by_first_id(const void *a, const void *b)
{
	const struct ns_facts_subid *const left = a, *const right = b;

	if (left->first != right->first)
		return COMPARE(left->first, right->first);
	if (left->count != right->count)
		return COMPARE(left->count, right->count);
	return strcmp(left->owner, right->owner);
}

/* The parts of the file that a map refers to. */
static const struct ns_facts_subid *cut(
        const struct subid_file *file, const struct id_map *map, struct arena *arena, size_t *ret_n)
{
	struct ns_facts_subid *found = NULL, *kept;
	size_t n = 0, capacity = 0;

	for (size_t i = 0; i < map->n; i++) {
		const uint64_t from = map->ranges[i].outside, to = from + map->ranges[i].count;

		for (size_t j = 0; j < file->n; j++) {
			const struct proc_ns_subid *const line = &file->lines[j];
			const uint64_t first = MAX(from, (uint64_t)line->first);
			const uint64_t end = MIN(to, (uint64_t)line->first + line->count);

			if (first < end)
				MEMORY_APPEND(found, n, capacity) =
				        (struct ns_facts_subid){.first = (uint32_t)first,
				                .count = (uint32_t)(end - first),
				                .owner = arena_copy(
				                        arena, line->owner.bytes, line->owner.len)};
		}
	}
	if (n > 0)
		qsort(found, n, sizeof(*found), by_first_id);
	kept = arena_array(arena, n, sizeof(*kept));
	if (n > 0)
		memcpy(kept, found, n * sizeof(*kept));
	free(found);
	*ret_n = n;
	return kept;
}

/* --- other user namespaces -------------------------------------------------------------------- */

static int by_first_uid(const void *a, const void *b)
{
	const struct used_uids *const left = a, *const right = b;

	if (left->first != right->first)
		return COMPARE(left->first, right->first);
	return COMPARE(left->ns->inode, right->ns->inode);
}

static void add_used(struct ns_facts_ids *ids, const struct ns *ns)
{
	for (size_t i = 0; i < ns->uid_map.n; i++) {
		const struct id_range *const range = &ns->uid_map.ranges[i];

		if (range->count > 0)
			MEMORY_APPEND(ids->used, ids->n_used, ids->used_capacity) =
			        (struct used_uids){.first = range->outside,
			                .last = range->outside + range->count - 1,
			                .ns = ns};
	}
}

static bool is_above(const struct ns *above, const struct ns *ns)
{
	while (ns && ns != above)
		ns = ns->parent.ns;
	return ns != NULL;
}

/* Adds a namespace once; the UIDs of ancestors and descendants are shared by their nature. */
static void add_overlap(const struct ns *ns, const struct ns *other, struct ns_facts_user *ret)
{
	const size_t n = ret->n_overlaps;
	const size_t i = LOWER_BOUND(n, at, ret->overlaps[at] < other->inode);

	if (is_above(ns, other) || is_above(other, ns) ||
	        (i < n && ret->overlaps[i] == other->inode))
		return;
	if (n == NS_FACTS_OVERLAPS_MAX) {
		ret->has_more_overlaps = true;
		return;
	}
	memmove(&ret->overlaps[i + 1], &ret->overlaps[i], (n - i) * sizeof(ret->overlaps[0]));
	ret->overlaps[i] = other->inode;
	ret->n_overlaps++;
}

static void find_overlaps(
        const struct ns_facts_ids *ids, const struct ns *ns, struct ns_facts_user *ret)
{
	const struct used_uids *const used = ids->used;
	size_t steps = 0;

	for (size_t i = 0; i < ns->uid_map.n; i++) {
		const struct id_range *const range = &ns->uid_map.ranges[i];
		const uint32_t last = range->outside + range->count - 1;
		size_t at = LOWER_BOUND(ids->n_used, x, used[x].first <= last);

		while (at-- > 0 && used[at].last_before >= range->outside &&
		        !ret->has_more_overlaps) {
			ret->has_more_overlaps = ++steps > STEPS_MAX;
			if (used[at].last >= range->outside && !ret->has_more_overlaps)
				add_overlap(ns, used[at].ns, ret);
		}
	}
}

/* --- all and one ------------------------------------------------------------------------------ */

struct ns_facts_ids *ns_facts_ids_new(struct kernel *kernel, const struct model *model)
{
	struct ns_facts_ids *const ids = memory_new(sizeof(*ids));
	uint32_t last = 0;

	ids->is_inside = model_is_partial_by(model, PARTIAL_USER_NAMESPACE);
	read_file(kernel, false, &ids->uids);
	read_file(kernel, true, &ids->gids);
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *const ns = model->namespaces[i];

		if (ns->type == NS_USER && ns->parent.ns)
			add_used(ids, ns);
	}
	if (ids->n_used > 0)
		qsort(ids->used, ids->n_used, sizeof(*ids->used), by_first_uid);
	for (size_t i = 0; i < ids->n_used; i++)
		ids->used[i].last_before = last = MAX(last, ids->used[i].last);
	return ids;
}

void ns_facts_ids_free(struct ns_facts_ids *ids)
{
	if (!ids)
		return;
	release_file(&ids->uids);
	release_file(&ids->gids);
	free(ids->used);
	free(ids);
}

static enum ns_facts_answer has_root(const struct id_map *map)
{
	for (size_t i = 0; i < map->n; i++) {
		if (map->ranges[i].outside == 0 && map->ranges[i].count > 0)
			return NS_FACTS_YES;
	}
	return NS_FACTS_NO;
}

/* A top namespace maps all IDs, or the scan is inside of it: then the numbers of its maps are those
 * of another namespace than the ones in the files. */
void ns_facts_user_read(struct ns_facts_ids *ids, const struct ns *ns, struct arena *arena,
        struct ns_facts_user *ret)
{
	ret->subuid_error = ids->uids.error;
	ret->subgid_error = ids->gids.error;
	if (ns->maps_state != REL_KNOWN)
		return;
	if (!ids->is_inside)
		ret->host_root = has_root(&ns->uid_map);
	if (!ns->parent.ns)
		return;
	ret->subuid = cut(&ids->uids, &ns->uid_map, arena, &ret->n_subuid);
	ret->subgid = cut(&ids->gids, &ns->gid_map, arena, &ret->n_subgid);
	find_overlaps(ids, ns, ret);
}

/* --- limits ----------------------------------------------------------------------------------- */

/* Those of many user namespaces are read for so long: each takes a process of the helper. */
enum { LIMITS_MS = 5000 };

/* Namespaces whose limits are read by one call. */
struct limits_batch {
	int handles[KERNEL_INSIDE_MAX];
	struct ns_limit *limits[KERNEL_INSIDE_MAX];
	size_t n;
};

/* The limits of all types, not known for that reason. */
static void refuse_limits(struct ns_limit *limits, int error)
{
	for (enum nstype type = 0; type < NS_TYPES; type++)
		limits[type] = (struct ns_limit){.error = -error};
}

static void take_limits(void *data, size_t i, int error, const char *text, size_t len)
{
	struct ns_limit *const ret = ((struct limits_batch *)data)->limits[i];
	struct kernel_ns_limit limits[KERNEL_NS_LIMITS];
	enum nstype type;

	if (error == 0 && len != sizeof(limits))
		error = -EIO;
	refuse_limits(ret, error < 0 ? error : -EOPNOTSUPP);
	if (error < 0)
		return;
	memcpy(limits, text, sizeof(limits));
	for (size_t j = 0; j < KERNEL_NS_LIMITS; j++) {
		if (nstype_from_clone(limits[j].type, &type))
			ret[type] = (struct ns_limit){.is_known = limits[j].error == 0,
			        .error = -limits[j].error,
			        .max = limits[j].error ? 0 : limits[j].max};
	}
}

static void read_batch(struct kernel *k, struct limits_batch *batch)
{
	const int r = k->ops->ns_inside_each(
	        k, batch->handles, batch->n, nstype_clone(NS_USER), take_limits, batch);

	for (size_t i = 0; i < batch->n; i++) {
		if (r < 0)
			refuse_limits(batch->limits[i], r);
		kernel_close(k, batch->handles[i]);
	}
	batch->n = 0;
}

int ns_facts_user_read_limits(struct kernel *k, const struct model *model,
        const struct ns_facts_target *targets, size_t n, const atomic_bool *is_cancelled)
{
	const int64_t end = monotonic_ms() + LIMITS_MS;
	struct limits_batch batch = {.n = 0};
	bool stops = false;

	for (size_t i = 0; i < n; i++) {
		struct ns_limit *const limits =
		        arena_array(ns_facts_arena(targets[i].facts), NS_TYPES, sizeof(*limits));
		int handle = stops ? -ECANCELED : -ETIMEDOUT;

		targets[i].facts->user.limits = limits;
		if (!stops && monotonic_ms() < end)
			handle = k->ops->ns_inside_each ? ns_open(k, model, targets[i].ns)
			                                : -EOPNOTSUPP;
		if (handle < 0)
			refuse_limits(limits, handle);
		else {
			batch.limits[batch.n] = limits;
			batch.handles[batch.n++] = handle;
		}
		if (batch.n == KERNEL_INSIDE_MAX || (batch.n > 0 && i + 1 == n))
			read_batch(k, &batch);
		stops = is_cancelled && atomic_load(is_cancelled);
	}
	return stops ? -ECANCELED : 0;
}
