/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/identify.h"

#include "model/identity.h"
#include "scan/reach.h"

struct identifying {
	struct scan *scan;
	struct u64_set kept; /* inodes of namespaces that a descriptor or a mount keeps */
};

static bool has_no_id(void *data, const struct ns *ns)
{
	(void)data;
	return ns->id == 0;
}

/* Takes the id of a namespace, or else, of an open one, the time of its inode. */
static void identify(struct scan *scan, struct ns *ns, const struct reached *reached)
{
	struct kernel *const k = scan->kernel;

	if (reached->result == REACHED)
		ns->id = reached->key.id;
	if (reached->handle < 0)
		return;
	if (ns->id == 0 && k->ops->ns_made(k, reached->handle, &ns->made, &ns->is_made_before) < 0)
		ns->made = 0;
	k->ops->close(k, reached->handle);
}

/* A namespace that can be opened by the id that it had, and has the same inode, is the same: that
 * takes no walk to a mount point. */
static void try_old_ids(struct scan *scan, const size_t *numbers, size_t n_numbers)
{
	struct kernel *const k = scan->kernel;
	struct nsrel_key keys[KERNEL_KEYS_MAX];
	int types[KERNEL_KEYS_MAX], handles[KERNEL_KEYS_MAX];
	struct ns *namespaces[KERNEL_KEYS_MAX];
	size_t n = 0;

	for (size_t i = 0; i < n_numbers; i++) {
		struct ns *const ns = scan->namespaces[numbers[i]].ns;
		const struct ns *const was =
		        scan->previous ? model_find(scan->previous, ns->type, ns->inode) : NULL;

		if (!was || was->id == 0)
			continue;
		keys[n] = (struct nsrel_key){.dev = was->dev, .ino = was->inode, .id = was->id};
		types[n] = nstype_clone(ns->type);
		namespaces[n++] = ns;
	}
	if (n == 0 || !k->ops->ns_open_keys || k->ops->ns_open_keys(k, keys, types, n, handles) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (handles[i] < 0)
			continue;
		namespaces[i]->id = keys[i].id;
		k->ops->close(k, handles[i]);
	}
}

static bool receive_opened(void *data, struct ns *ns, const struct reached *reached)
{
	const struct identifying *const identifying = data;

	identify(identifying->scan, ns, reached);
	return true;
}

/* Walks over all namespaces that the walk wants. Returns false if it ended before those that only
 * the helper can open. */
static bool walk_all(struct reach_walk *walk)
{
	reach_near(walk);
	if (walk->has_ended)
		return false;
	for (size_t i = 0; i < walk->n_far; i += KERNEL_KEYS_MAX)
		try_old_ids(
		        walk->scan, walk->far + i, MIN(walk->n_far - i, (size_t)KERNEL_KEYS_MAX));
	walk->receive = receive_opened;
	reach_far(walk);
	return true;
}

/* Ends the walk if this kernel has no ids. */
static bool receive_id(void *data, struct ns *ns, const struct reached *reached)
{
	const struct identifying *const identifying = data;

	identify(identifying->scan, ns, reached);
	return reached->result != REACH_UNSUPPORTED && (reached->result != REACHED || ns->id != 0);
}

/* Reads the ids of all namespaces. Returns false if this kernel has none. */
static bool read_ids(struct identifying *identifying)
{
	struct reach_walk walk = {.scan = identifying->scan,
	        .only_keys = true,
	        .data = identifying,
	        .wants = has_no_id,
	        .receive = receive_id};
	const bool has_ids = walk_all(&walk);

	reach_release(&walk);
	return has_ids;
}

static bool has_no_time(void *data, const struct ns *ns)
{
	const struct identifying *const identifying = data;

	return ns->id == 0 && ns->made == 0 && u64_set_has(&identifying->kept, ns->inode);
}

/* Ends the walk if this kernel has ids. */
static bool receive_time(void *data, struct ns *ns, const struct reached *reached)
{
	const struct identifying *const identifying = data;

	identify(identifying->scan, ns, reached);
	return ns->id == 0;
}

static void read_times(struct identifying *identifying)
{
	struct reach_walk walk = {.scan = identifying->scan,
	        .data = identifying,
	        .wants = has_no_time,
	        .receive = receive_time};

	walk_all(&walk);
	reach_release(&walk);
}

/* The inode keeps its time while something refers to it. The types share one range of inodes. */
static void list_kept(const struct scan *scan, struct u64_set *ret)
{
	for (size_t i = 0; i < scan->holders.n; i++) {
		const struct holder_record *const holder = &scan->holders.records[i];

		if (holders_is_kind(holder, HOLDER_FD) || holders_is_kind(holder, HOLDER_MOUNT))
			u64_set_push(ret, holder->inode);
	}
	u64_set_sort(ret);
}

/* Within one scan the same inode means the same namespace. */
static void copy_known(struct builder *builder, const struct model *first)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns =
		        model_find(first, namespaces[i]->type, namespaces[i]->inode);

		if (!ns)
			continue;
		namespaces[i]->id = ns->id;
		namespaces[i]->made = ns->made;
		namespaces[i]->is_made_before = ns->is_made_before;
	}
}

void identify_and_carry(struct scan *scan, struct builder *builder)
{
	struct identifying identifying = {.scan = scan};
	bool has_ids = false;

	list_kept(scan, &identifying.kept);
	if (scan->first)
		copy_known(builder, scan->first);
	else if (scan->previous)
		has_ids = read_ids(&identifying);
	if (!has_ids && identifying.kept.n > 0)
		read_times(&identifying);
	u64_set_release(&identifying.kept);
	identity_carry(builder, scan->first ? scan->first : scan->previous);
}
