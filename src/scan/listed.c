/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/listed.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "base/text.h"
#include "scan/sources/sources.h"

static uint64_t address(const void *pointer)
{
	return (uintptr_t)pointer;
}

/* Namespaces that one of the two lacks. */
struct difference {
	size_t counts[NS_TYPES];
	const struct ns *first;
};

static void count(struct difference *difference, const struct ns *ns)
{
	difference->counts[ns->type]++;
	if (!difference->first)
		difference->first = ns;
}

/* "listns: WHAT: 2 pid, 1 uts, first pid:[4026532109]" */
static void note(struct builder *builder, const char *what, const struct difference *difference)
{
	const char *separator = ": ";
	struct text text;

	if (!difference->first)
		return;
	text_init(&text);
	fputs(what, text.out);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		if (difference->counts[type] == 0)
			continue;
		fprintf(text.out, "%s%zu %s", separator, difference->counts[type],
		        nstype_name(type));
		separator = ", ";
	}
	fprintf(text.out, ", first %s:[%llu]", nstype_name(difference->first->type),
	        (unsigned long long)difference->first->inode);
	builder_note(builder, 0, text_get(&text), 0);
	text_release(&text);
}

/* Addresses of the namespaces that something in the model holds, or that a relation leads to. */
static void collect_held(struct builder *builder, struct u64_set *ret)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		u64_set_push(ret, address(namespaces[i]->parent.ns));
		u64_set_push(ret, address(namespaces[i]->owner.ns));
	}
	const struct held *const holders = builder_holders(builder, &n);
	for (size_t i = 0; i < n; i++)
		u64_set_push(ret, address(holders[i].ns));
	u64_set_sort_unique(ret);
}

/* True if no record but that of the list has it. */
static bool is_by_list(const struct scan *scan, const struct ns_record *record)
{
	return !record->process && scan->holders.records[record->holder].id != 0;
}

static bool has_any_by_list(const struct scan *scan)
{
	for (size_t i = 0; i < scan->n_namespaces; i++) {
		if (is_by_list(scan, &scan->namespaces[i]))
			return true;
	}
	return false;
}

static void note_listed_only(struct scan *scan, struct builder *builder)
{
	struct difference difference = {.first = NULL};
	struct u64_set held = {0};

	if (!has_any_by_list(scan))
		return;
	collect_held(builder, &held);
	for (size_t i = 0; i < scan->n_namespaces; i++) {
		const struct ns_record *const record = &scan->namespaces[i];

		if (is_by_list(scan, record) && !u64_set_has(&held, address(record->ns)))
			count(&difference, record->ns);
	}
	u64_set_release(&held);
	note(builder, NOTE_LISTNS "found nowhere else", &difference);
}

/* Namespaces that the kernel did not list. */
struct unlisted {
	const struct ns **namespaces;
	size_t n, capacity;
};

static void collect_unlisted(
        const struct ns_listing *listing, struct builder *builder, struct unlisted *unlisted)
{
	size_t n;
	struct ns *const *const namespaces = builder_namespaces(builder, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = namespaces[i];

		if (ns->id != 0 && !u64_set_has(&listing->first, ns->id) &&
		        !u64_set_has(&listing->last, ns->id))
			MEMORY_APPEND(unlisted->namespaces, unlisted->n, unlisted->capacity) = ns;
	}
}

/* What has begun since the last list, and was found after it, is listed now. */
static int drop_listed_now(struct scan *scan, struct unlisted *unlisted)
{
	_cleanup_free_ struct kernel_ns_id *list = NULL;
	struct u64_set now = {0};
	size_t n_list = 0, n = 0;
	const int r = scan->kernel->ops->ns_list(scan->kernel, &list, &n_list);

	if (r < 0)
		return r;
	for (size_t i = 0; i < n_list; i++)
		u64_set_push(&now, list[i].id);
	u64_set_sort_unique(&now);
	for (size_t i = 0; i < unlisted->n; i++) {
		if (!u64_set_has(&now, unlisted->namespaces[i]->id))
			unlisted->namespaces[n++] = unlisted->namespaces[i];
	}
	unlisted->n = n;
	u64_set_release(&now);
	return 0;
}

/* Counts those that can still be opened, of at most KERNEL_KEYS_MAX. */
static int count_open(struct kernel *k, const struct ns *const *namespaces, size_t n,
        struct difference *difference)
{
	struct nsrel_key keys[KERNEL_KEYS_MAX] = {{.ino = 0}};
	int types[KERNEL_KEYS_MAX] = {0}, handles[KERNEL_KEYS_MAX];
	int r, error = 0;

	for (size_t i = 0; i < n; i++) {
		const struct ns *const ns = namespaces[i];

		keys[i] = (struct nsrel_key){.dev = ns->dev, .ino = ns->inode, .id = ns->id};
		types[i] = nstype_clone(ns->type);
	}
	r = k->ops->ns_open_keys(k, keys, types, n, handles);
	for (size_t i = 0; i < n && r == 0; i++) {
		if (handles[i] >= 0)
			count(difference, namespaces[i]);
		else if (handles[i] != -ESTALE)
			error = handles[i];
		kernel_close(k, handles[i]);
	}
	return r < 0 ? r : error;
}

static void note_unlisted(struct scan *scan, struct builder *builder)
{
	struct difference difference = {.first = NULL};
	struct unlisted unlisted = {.n = 0};
	int r = 0;

	collect_unlisted(&scan->listing, builder, &unlisted);
	if (unlisted.n > 0)
		r = drop_listed_now(scan, &unlisted);
	for (size_t i = 0; i < unlisted.n && r == 0; i += KERNEL_KEYS_MAX)
		r = count_open(scan->kernel, unlisted.namespaces + i,
		        MIN(unlisted.n - i, (size_t)KERNEL_KEYS_MAX), &difference);
	if (r < 0)
		source_listns_note(scan, r);
	note(builder, NOTE_LISTNS "not listed", &difference);
	free(unlisted.namespaces);
}

void listed_merge(struct scan *scan, struct builder *builder)
{
	if (!scan->listing.has_first || !scan->listing.has_last)
		return;
	note_listed_only(scan, builder);
	note_unlisted(scan, builder);
}
