/* SPDX-License-Identifier: Apache-2.0 */
#include "model/mounts.h"

#include "base/arena.h"
#include "base/attributes.h"
#include "base/memory.h"
#include "base/u64.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* `mounts` is what callers get; the rest is of this file. */
struct owner {
	struct mounts mounts;
	struct arena *arena; /* of all of it, this too */
	atomic_uint references;
};

/* Strings with the same hash form a list. */
struct interned {
	const struct interned *next;
	size_t len;
	char bytes[];
};

struct mounts_builder {
	struct arena *arena;
	struct u64_map by_hash; /* an index of `strings` */
	const struct interned **strings;
	size_t strings_capacity;
	struct mount_entry *added; /* of the table that is open */
	size_t n_added, added_capacity;
	uint64_t tag; /* of that table */
	const struct mount_table **tables;
	size_t n_tables, tables_capacity;
	size_t n_entries;
};

/* --- references ------------------------------------------------------------------------------- */

/* Only references change once it is finished. */
static struct owner *owner_of(const struct mounts *mounts)
{
	return (struct owner *)(uintptr_t)mounts;
}

const struct mounts *mounts_ref(const struct mounts *mounts)
{
	if (mounts)
		atomic_fetch_add(&owner_of(mounts)->references, 1);
	return mounts;
}

void mounts_unref(const struct mounts *mounts)
{
	if (mounts && atomic_fetch_sub(&owner_of(mounts)->references, 1) == 1)
		arena_free(owner_of(mounts)->arena);
}

size_t mounts_size(const struct mounts *mounts)
{
	return arena_size(owner_of(mounts)->arena);
}

/* --- lookups ---------------------------------------------------------------------------------- */

const struct mount_table *mounts_find(const struct mounts *mounts, uint64_t mnt)
{
	const size_t n = mounts ? mounts->n : 0;
	const size_t i = LOWER_BOUND(n, at, mounts->tables[at]->mnt < mnt);

	return i < n && mounts->tables[i]->mnt == mnt ? mounts->tables[i] : NULL;
}

const struct mount_entry *mounts_find_entry(const struct mount_table *table, unsigned id)
{
	for (size_t i = 0; i < table->n; i++) {
		if (table->entries[i].id == id)
			return &table->entries[i];
	}
	return NULL;
}

bool mounts_is_within(const char *path, const char *directory)
{
	const size_t len = strlen(directory);

	if (len == 1)
		return *path == *directory;
	return strncmp(path, directory, len) == 0 && (path[len] == '/' || path[len] == '\0');
}

const struct mount_entry *mounts_at(const struct mount_table *table, const char *path)
{
	const struct mount_entry *found = NULL;

	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *const entry = &table->entries[i];

		if (!entry->is_covered && entry->point && mounts_is_within(path, entry->point) &&
		        (!found || strlen(entry->point) >= strlen(found->point)))
			found = entry;
	}
	return found;
}

/* --- the builder ------------------------------------------------------------------------------ */

struct mounts_builder *mounts_builder_new(void)
{
	struct mounts_builder *const builder = memory_new(sizeof(*builder));

	builder->arena = arena_new();
	return builder;
}

static void release_lists(struct mounts_builder *builder)
{
	u64_map_release(&builder->by_hash);
	free(builder->strings);
	free(builder->added);
	free(builder->tables);
	free(builder);
}

void mounts_builder_free(struct mounts_builder *builder)
{
	if (!builder)
		return;
	arena_free(builder->arena);
	release_lists(builder);
}

size_t mounts_builder_size(const struct mounts_builder *builder)
{
	return arena_size(builder->arena) + u64_map_bytes(&builder->by_hash) +
	       builder->strings_capacity * sizeof(*builder->strings) +
	       builder->added_capacity * sizeof(*builder->added) +
	       builder->tables_capacity * sizeof(*builder->tables);
}

const char *mounts_builder_intern(struct mounts_builder *builder, const char *bytes, size_t len)
{
	const uint64_t hash = u64_set_hash(0, bytes, len);
	const struct interned *at;
	struct interned *added;
	bool is_new;
	const size_t i = u64_map_add(&builder->by_hash, hash, &is_new);

	builder->strings = memory_grow(
	        builder->strings, &builder->strings_capacity, i + 1, sizeof(*builder->strings));
	at = is_new ? NULL : builder->strings[i];
	while (at && (at->len != len || memcmp(at->bytes, bytes, len) != 0))
		at = at->next;
	if (at)
		return at->bytes;
	added = arena_alloc(builder->arena, sizeof(*added) + len + 1);
	added->next = is_new ? NULL : builder->strings[i];
	added->len = len;
	memcpy(added->bytes, bytes, len);
	builder->strings[i] = added;
	return added->bytes;
}

void mounts_builder_add(struct mounts_builder *builder, const struct mount_entry *entry)
{
	MEMORY_APPEND(builder->added, builder->n_added, builder->added_capacity) = *entry;
}

/* --- the tree --------------------------------------------------------------------------------- */

/* The mounts of one table, while they are put in preorder. */
struct tree {
	const struct mount_entry *added; /* by parent, then as siblings are sorted */
	size_t n;
	bool *is_done;              /* of each of these */
	bool *is_expanded;          /* of the first child of each id: all were pushed */
	struct mount_entry *sorted; /* the result */
	size_t n_sorted;
	size_t *stack; /* of `added`: what is next is on top */
	size_t *parents;
	size_t n_stack;
};

static int by_parent(const void *a, const void *b)
{
	const struct mount_entry *const left = a, *const right = b;
	const int by_point = strcmp(left->point, right->point);

	if (left->parent_id != right->parent_id)
		return COMPARE(left->parent_id, right->parent_id);
	/* `end` is the place in the text, which is the order of stacked mounts. */
	return by_point != 0 ? by_point : COMPARE(left->end, right->end);
}

static void push(struct tree *tree, size_t i, size_t parent)
{
	tree->is_done[i] = true;
	tree->stack[tree->n_stack] = i;
	tree->parents[tree->n_stack++] = parent;
}

/* Pushes the children of a mount, the last one first. */
static void push_children(struct tree *tree, unsigned id, size_t parent)
{
	const size_t first = LOWER_BOUND(tree->n, i, tree->added[i].parent_id < id);
	const size_t end = LOWER_BOUND(tree->n, i, tree->added[i].parent_id <= id);

	/* Many mounts of a snapshot may have the same id. */
	if (first == end || tree->is_expanded[first])
		return;
	tree->is_expanded[first] = true;
	for (size_t i = end; i-- > first;) {
		if (!tree->is_done[i])
			push(tree, i, parent);
	}
}

static void add_subtree(struct tree *tree, size_t top)
{
	push(tree, top, MOUNTS_NO_PARENT);
	while (tree->n_stack > 0) {
		const size_t parent = tree->parents[--tree->n_stack];
		struct mount_entry *const entry = &tree->sorted[tree->n_sorted];

		*entry = tree->added[tree->stack[tree->n_stack]];
		entry->parent = parent;
		entry->depth = parent == MOUNTS_NO_PARENT ? 0 : tree->sorted[parent].depth + 1;
		push_children(tree, entry->id, tree->n_sorted++);
	}
}

/* Tops are those whose parent is not in the table; then what cycles have left. */
static void sort_tree(struct tree *tree, const struct u64_set *ids)
{
	for (size_t i = 0; i < tree->n; i++) {
		const struct mount_entry *const entry = &tree->added[i];

		if (!tree->is_done[i] &&
		        (entry->parent_id == entry->id || !u64_set_has(ids, entry->parent_id)))
			add_subtree(tree, i);
	}
	for (size_t i = 0; i < tree->n; i++) {
		if (!tree->is_done[i])
			add_subtree(tree, i);
	}
	for (size_t i = tree->n; i-- > 0;) {
		struct mount_entry *const entry = &tree->sorted[i];

		entry->end = MAX(entry->end, i + 1);
		if (entry->parent != MOUNTS_NO_PARENT)
			tree->sorted[entry->parent].end =
			        MAX(tree->sorted[entry->parent].end, entry->end);
	}
}

void mounts_builder_set_tag(struct mounts_builder *builder, uint64_t tag)
{
	builder->tag = tag;
}

void mounts_builder_end(struct mounts_builder *builder, uint64_t mnt, int error, bool is_at_least)
{
	const size_t n = builder->n_added;
	struct mount_table *const table = arena_alloc(builder->arena, sizeof(*table));
	struct u64_set ids = {0};
	struct tree tree = {.added = builder->added,
	        .n = n,
	        .is_done = memory_new((n + 1) * sizeof(*tree.is_done)),
	        .is_expanded = memory_new((n + 1) * sizeof(*tree.is_expanded)),
	        .sorted = arena_array(builder->arena, n, sizeof(*tree.sorted)),
	        .stack = memory_new((n + 1) * sizeof(*tree.stack)),
	        .parents = memory_new((n + 1) * sizeof(*tree.parents))};

	for (size_t i = 0; i < n; i++) {
		builder->added[i].end = i;
		u64_set_push(&ids, builder->added[i].id);
	}
	u64_set_sort(&ids);
	if (n > 0)
		qsort(builder->added, n, sizeof(*builder->added), by_parent);
	for (size_t i = 0; i < n; i++)
		builder->added[i].end = 0;
	sort_tree(&tree, &ids);
	*table = (struct mount_table){.mnt = mnt,
	        .tag = builder->tag,
	        .error = error,
	        .is_at_least = is_at_least,
	        .entries = tree.sorted,
	        .n = n};
	MEMORY_APPEND(builder->tables, builder->n_tables, builder->tables_capacity) = table;
	builder->n_entries += n;
	builder->n_added = 0;
	builder->tag = 0;
	u64_set_release(&ids);
	free(tree.is_done);
	free(tree.is_expanded);
	free(tree.stack);
	free(tree.parents);
}

static int by_mnt(const void *a, const void *b)
{
	const struct mount_table *const *left = a;
	const struct mount_table *const *right = b;

	return COMPARE((*left)->mnt, (*right)->mnt);
}

/* Of two tables of one namespace the first that was added stays: qsort(3) is not stable. */
static void sort_tables(struct mounts_builder *builder)
{
	struct u64_map seen = {0};
	size_t n = 0;

	for (size_t i = 0; i < builder->n_tables; i++) {
		bool is_new;

		u64_map_add(&seen, builder->tables[i]->mnt, &is_new);
		if (is_new)
			builder->tables[n++] = builder->tables[i];
		else
			builder->n_entries -= builder->tables[i]->n;
	}
	builder->n_tables = n;
	if (n > 0)
		qsort(builder->tables, n, sizeof(struct mount_table *), by_mnt);
	u64_map_release(&seen);
}

const struct mounts *mounts_builder_finish(struct mounts_builder *builder)
{
	struct owner *const owner = arena_alloc(builder->arena, sizeof(*owner));
	const struct mount_table **tables;

	sort_tables(builder);
	tables = arena_array(builder->arena, builder->n_tables, sizeof(struct mount_table *));
	for (size_t i = 0; i < builder->n_tables; i++)
		tables[i] = builder->tables[i];
	owner->mounts = (struct mounts){
	        .tables = tables, .n = builder->n_tables, .n_entries = builder->n_entries};
	owner->arena = builder->arena;
	atomic_init(&owner->references, 1);
	release_lists(builder);
	return &owner->mounts;
}
