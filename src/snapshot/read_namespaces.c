/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"
#include "base/memory.h"
#include "snapshot/fields.h"

#include <limits.h>
#include <string.h>

/* What one costs in the builder and when it is frozen, beside the arena before that: hash slots,
 * entries of sorted arrays, and their copies while they are sorted. */
enum {
	COST_NS = 160,
	COST_HOLDER = 144,
};

static struct id_map read_map(struct fields *f, const char *key)
{
	struct arena *arena = builder_arena(f->reader->builder);
	const json_t *list = fields_list(f, key);
	const size_t n = json_array_size(list);
	struct id_range *ranges = arena_array(arena, n, sizeof(*ranges));

	for (size_t i = 0; i < n && f->error == 0; i++) {
		const json_t *range = json_array_get(list, i);
		uint32_t number[3];

		if (json_array_size(range) != 3)
			fields_fail(f, key, "holds what is not a list of three numbers");
		for (size_t j = 0; j < 3 && f->error == 0; j++)
			number[j] = (uint32_t)fields_number_of(
			        f, key, json_array_get(range, j), 0, UINT32_MAX);
		if (f->error == 0)
			ranges[i] = (struct id_range){number[0], number[1], number[2]};
	}
	return (struct id_map){.ranges = ranges, .n = n};
}

static void read_maps(struct fields *f, struct ns *ns)
{
	static const char *const words[] = {
	        [SETGROUPS_ALLOW] = "allow",
	        [SETGROUPS_DENY] = "deny",
	};

	ns->maps_state = fields_state(f, "maps_state", "uid_map");
	if (fields_state(f, "maps_state", "gid_map") == REL_KNOWN) {
		ns->uid_map = read_map(f, "uid_map");
		ns->gid_map = read_map(f, "gid_map");
	}
	if (!fields_is_null(f, "setgroups"))
		ns->setgroups = fields_word(f, "setgroups", words, ARRAY_SIZE(words));
}

static void read_owner_uid(struct fields *f, struct ns *ns)
{
	ns->owner_uid_state = fields_state(f, "owner_uid_state", "owner_uid");
	if (ns->owner_uid_state == REL_KNOWN)
		ns->owner_uid = (uid_t)fields_number(f, "owner_uid", 0, UINT32_MAX);
	ns->owner_name = fields_text_or_null(f, "owner_name");
}

/* All of a namespace but its holders. */
static int read_facts(struct reader *reader, const json_t *json, size_t offset, struct ns **ret_ns)
{
	struct fields f = fields_of(reader, json, offset);
	const enum ns_type type = fields_type(&f, "type");
	const uint64_t inode = fields_number(&f, "inode", 1, INT64_MAX);
	const uint64_t dev = fields_number_or_null(&f, "dev", 1, INT64_MAX);
	bool is_new;

	if (f.error)
		return f.error;
	struct ns *ns = builder_ns(reader->builder, type, dev, inode, &is_new);
	if (!is_new)
		return reader_fail(reader, offset, "%s:[%ju] is there twice", ns_type_name(type),
		        (uintmax_t)inode);
	struct ns_entry entry = {.ns = ns, .offset = offset};
	ns->id = fields_number_or_null(&f, "id", 1, INT64_MAX);
	ns->parent.state = fields_state(&f, "parent_state", "parent");
	entry.parent = fields_number_or_null(&f, "parent", 1, INT64_MAX);
	ns->owner.state = fields_state(&f, "owner_state", "owner");
	entry.owner = fields_number_or_null(&f, "owner", 1, INT64_MAX);
	read_owner_uid(&f, ns);
	if (type == NS_USER)
		read_maps(&f, ns);
	if (f.error)
		return f.error;
	reader->namespaces = memory_grow(reader->namespaces, &reader->namespaces_capacity,
	        reader->n_namespaces + 1, sizeof(*reader->namespaces));
	reader->namespaces[reader->n_namespaces++] = entry;
	*ret_ns = ns;
	return reader_charge(reader, offset, COST_NS);
}

static int read_holder(struct reader *reader, const struct json_span *span, void *data)
{
	_cleanup_json_ json_t *json = NULL;
	const struct ns *ns = data;
	const char *kinds[HOLDER_KINDS];
	struct holder holder = {0};
	const int r = reader_parse_span(reader, span, &json);

	if (r < 0)
		return r;
	for (enum holder_kind kind = 0; kind < HOLDER_KINDS; kind++)
		kinds[kind] = holder_kind_name(kind);
	struct fields f = fields_of(reader, json, span->start);
	holder.kind = fields_word(&f, "by", kinds, HOLDER_KINDS);
	const bool is_fd = holder.kind == HOLDER_FD || holder.kind == HOLDER_SOCKET;
	const bool is_thread = holder.kind == HOLDER_THREAD || holder.kind == HOLDER_FOR_CHILDREN;
	if (is_fd || is_thread)
		holder.pid = (pid_t)fields_number(&f, "pid", 1, INT_MAX);
	if (is_fd)
		holder.fd = (int)fields_number(&f, "fd", 0, INT_MAX);
	if (is_thread)
		holder.tid = (pid_t)fields_number(&f, "tid", 1, INT_MAX);
	if (holder.kind == HOLDER_MOUNT) {
		holder.path = fields_text(&f, "path");
		holder.mnt = fields_number_or_null(&f, "mnt", 1, INT64_MAX);
	}
	if (f.error)
		return f.error;
	/* Children, and what it owns, are told by their own lines: not believed twice. */
	if (holder.kind != HOLDER_CHILD && holder.kind != HOLDER_OWNS)
		builder_hold(reader->builder, ns, &holder);
	return reader_charge(reader, span->start, COST_HOLDER);
}

/* Where its holders stand. */
static int find_holders(
        struct reader *reader, const struct json_span *span, struct json_span *ret_holders)
{
	static const char held_by[] = "held_by";
	struct json_scan scan = json_scan_span(reader->text, span);
	struct json_span key, value;
	bool is_first = true;
	int r = json_scan_open(&scan, '{');

	if (r < 0)
		return reader_fail_scan(reader, &scan);
	while ((r = json_scan_member(&scan, &is_first, &key, &value)) > 0) {
		if (key.len != sizeof(held_by) - 1 ||
		        memcmp(reader->text + key.start, held_by, key.len) != 0)
			continue;
		*ret_holders = value;
		return 0;
	}
	if (r < 0)
		return reader_fail_scan(reader, &scan);
	return reader_fail(reader, span->start, "\"held_by\" is missing");
}

/* One namespace may be held by tens of thousands, too much for the parser at once: it gets the
 * element with null in place of the holders, and then each of them. */
static int read_ns(struct reader *reader, const struct json_span *span, void *data _unused_)
{
	static const char null[] = "null";
	_cleanup_json_ json_t *json = NULL;
	struct json_span holders, rest = *span;
	struct ns *ns = NULL;
	int r = find_holders(reader, span, &holders);

	if (r < 0)
		return r;
	const size_t before = holders.start - span->start;
	const size_t after = span->len - before - holders.len;
	rest.values -= holders.values - 1;
	reader->scratch = memory_grow(
	        reader->scratch, &reader->scratch_capacity, before + sizeof(null) + after, 1);
	memcpy(reader->scratch, reader->text + span->start, before);
	memcpy(reader->scratch + before, null, sizeof(null) - 1);
	memcpy(reader->scratch + before + sizeof(null) - 1,
	        reader->text + holders.start + holders.len, after);
	r = reader_parse(reader, &rest, reader->scratch, before + sizeof(null) - 1 + after, &json);
	if (r >= 0)
		r = read_facts(reader, json, span->start, &ns);
	if (r < 0)
		return r;
	return reader_each(reader, &holders, read_holder, ns);
}

static int compare_keys(enum ns_type a_type, uint64_t a, enum ns_type b_type, uint64_t b)
{
	if (a_type != b_type)
		return a_type < b_type ? -1 : 1;
	return (a > b) - (a < b);
}

static int by_number(const void *a, const void *b)
{
	const struct ns_entry *left = a, *right = b;

	return compare_keys(left->ns->type, left->ns->inode, right->ns->type, right->ns->inode);
}

const struct ns_entry *reader_find_ns(
        const struct reader *reader, enum ns_type type, uint64_t inode)
{
	size_t low = 0, high = reader->n_namespaces;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const struct ns_entry *entry = &reader->namespaces[middle];
		const int order = compare_keys(entry->ns->type, entry->ns->inode, type, inode);

		if (order == 0)
			return entry;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* References carry no device, so a number must be unique among its type. */
static int sort_entries(struct reader *reader)
{
	if (reader->n_namespaces)
		qsort(reader->namespaces, reader->n_namespaces, sizeof(*reader->namespaces),
		        by_number);
	for (size_t i = 1; i < reader->n_namespaces; i++) {
		const struct ns_entry *entry = &reader->namespaces[i];

		if (by_number(entry - 1, entry) == 0)
			return reader_fail(reader, entry->offset, "%s:[%ju] is there twice",
			        ns_type_name(entry->ns->type), (uintmax_t)entry->ns->inode);
	}
	return 0;
}

static int relate(struct reader *reader, const struct ns_entry *entry, struct relation *relation,
        enum ns_type type, uint64_t inode)
{
	const struct ns_entry *end;

	if (relation->state != REL_KNOWN)
		return 0;
	end = reader_find_ns(reader, type, inode);
	if (!end)
		return reader_fail(reader, entry->offset,
		        "%s:[%ju] leads to %s:[%ju], which is not there",
		        ns_type_name(entry->ns->type), (uintmax_t)entry->ns->inode,
		        ns_type_name(type), (uintmax_t)inode);
	relation->ns = end->ns;
	return 0;
}

int read_namespaces(struct reader *reader, const struct json_span *span)
{
	int r = reader_each(reader, span, read_ns, NULL);

	if (r >= 0)
		r = sort_entries(reader);
	for (size_t i = 0; i < reader->n_namespaces && r >= 0; i++) {
		const struct ns_entry *entry = &reader->namespaces[i];
		struct ns *ns = entry->ns;

		r = relate(reader, entry, &ns->parent, ns->type, entry->parent);
		if (r >= 0)
			r = relate(reader, entry, &ns->owner, NS_USER, entry->owner);
	}
	return r;
}
