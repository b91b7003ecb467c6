/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/identify.h"

#include "base/memory.h"
#include "model/identity.h"
#include "scan/open_mount.h"

struct identifying {
	struct scan *scan;
	struct builder *builder;
	const struct places *places;
	struct reopen reopen;
	struct open_mount_batch batch;
};

static struct ns *get_ns(const struct identifying *identifying, size_t i)
{
	size_t n;

	return builder_namespaces(identifying->builder, &n)[i];
}

/* By the ids they had: one that can still be opened by its id and has that number is the same. */
static void learn_by_old_ids(struct identifying *identifying)
{
	struct scan *const scan = identifying->scan;
	struct kernel *const k = scan->kernel;
	struct nsrel_key keys[OPEN_MOUNT_AT_ONCE];
	int types[OPEN_MOUNT_AT_ONCE], handles[OPEN_MOUNT_AT_ONCE];
	struct ns *asked[OPEN_MOUNT_AT_ONCE];
	size_t n = 0;

	for (size_t i = 0; i < identifying->batch.n; i++) {
		struct ns *const ns = identifying->batch.namespaces[i];
		const struct ns *const was =
		        scan->previous ? model_find(scan->previous, ns->type, ns->inode) : NULL;

		if (!was || was->id == 0)
			continue;
		keys[n] = (struct nsrel_key){.dev = was->dev, .ino = was->inode, .id = was->id};
		types[n] = nstype_clone(ns->type);
		asked[n++] = ns;
	}
	if (n == 0 || !k->ops->ns_open_keys || k->ops->ns_open_keys(k, keys, types, n, handles) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		if (handles[i] < 0)
			continue;
		asked[i]->id = keys[i].id;
		k->ops->close(k, handles[i]);
	}
}

/* What an open namespace says of itself. The handle is given away. */
static void learn_from(struct identifying *identifying, struct ns *ns, int handle)
{
	struct kernel *const k = identifying->scan->kernel;
	struct nsrel_key key;

	if (handle < 0)
		return;
	if (k->ops->ns_key(k, handle, &key) == 0)
		ns->id = key.id;
	if (ns->id == 0 && k->ops->ns_made(k, handle, &ns->made, &ns->is_made_before) < 0)
		ns->made = 0;
	k->ops->close(k, handle);
}

/* Those that only the helper can open. */
static void learn_batch(struct identifying *identifying)
{
	struct open_mount_batch *const batch = &identifying->batch;
	size_t n = 0;

	learn_by_old_ids(identifying);
	for (size_t i = 0; i < batch->n; i++) {
		if (batch->namespaces[i]->id != 0)
			continue;
		batch->namespaces[n] = batch->namespaces[i];
		batch->places[n++] = batch->places[i];
	}
	batch->n = n;
	if (n > 0)
		open_mount_all(&identifying->reopen, batch);
	for (size_t i = 0; i < n; i++)
		learn_from(identifying, batch->namespaces[i], batch->handles[i]);
	batch->n = 0;
}

static void learn_later(struct identifying *identifying, size_t i)
{
	open_mount_add(
	        &identifying->batch, get_ns(identifying, i), &identifying->places->places[i]);
	if (identifying->batch.n == OPEN_MOUNT_AT_ONCE)
		learn_batch(identifying);
}

/* Returns false if this kernel has none. */
static bool learn_ids(struct identifying *identifying)
{
	for (size_t i = 0; i < identifying->places->n && !scan_is_cancelled(identifying->scan);
	        i++) {
		struct ns *const ns = get_ns(identifying, i);
		struct nsrel_key key;
		const int r = reopen_ns_key(
		        &identifying->reopen, ns, &identifying->places->places[i], &key);

		if (r == -EOPNOTSUPP || (r == 0 && key.id == 0))
			return false;
		if (r == 0)
			ns->id = key.id;
		if (r == -EAGAIN)
			learn_later(identifying, i);
	}
	if (identifying->batch.n > 0)
		learn_batch(identifying);
	return true;
}

/* The namespaces that a descriptor or a mount keeps. Types share one range of numbers. */
static void list_kept(const struct scan *scan, struct u64_set *ret)
{
	const struct holder_list *const all = &scan->holders[0];

	*ret = (struct u64_set){0};
	for (size_t i = 0; i < all->n_records; i++) {
		const struct holder_record *const holder = &all->records[i];

		if (holder->kind == HOLDER_FD || holder->kind == HOLDER_MOUNT)
			u64_set_push(ret, holder->inode);
	}
	u64_set_sort(ret);
}

/* Until it shows that this kernel has ids. */
static void learn_made(struct identifying *identifying, const struct u64_set *kept)
{
	struct nsrel_key key;
	pid_t pid;

	for (size_t i = 0; i < identifying->places->n && !scan_is_cancelled(identifying->scan);
	        i++) {
		struct ns *const ns = get_ns(identifying, i);
		int handle;

		if (ns->id != 0 || ns->made != 0 || !u64_set_has(kept, ns->inode))
			continue;
		handle = reopen_ns_open(
		        &identifying->reopen, ns, &identifying->places->places[i], &key, &pid);
		if (handle == -EAGAIN)
			learn_later(identifying, i);
		learn_from(identifying, ns, handle);
		if (ns->id != 0)
			break;
	}
	if (identifying->batch.n > 0)
		learn_batch(identifying);
}

/* The same scan, so the same numbers mean the same namespaces. */
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

void identify_and_carry(struct scan *scan, struct builder *builder, const struct places *places)
{
	struct identifying identifying = {.scan = scan, .builder = builder, .places = places};
	struct u64_set kept;
	bool has_ids = false;

	reopen_init(&identifying.reopen, scan);
	list_kept(scan, &kept);
	if (scan->first)
		copy_known(builder, scan->first);
	else if (scan->previous)
		has_ids = learn_ids(&identifying);
	if (!has_ids && kept.n > 0)
		learn_made(&identifying, &kept);
	reopen_release(&identifying.reopen);
	u64_set_release(&kept);
	identity_carry(builder, scan->first ? scan->first : scan->previous);
}
