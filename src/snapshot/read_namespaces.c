/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "snapshot/reader.h"

#include <limits.h>

/* What one costs in the builder and when it is frozen, beside the arena before that: hash slots,
 * entries of sorted arrays, and their copies while they are sorted. */
enum {
	COST_NS = 160,
	COST_HOLDER = 144,
};

/* The elements of a list that should be three numbers. */
struct triple {
	uint32_t number[3];
	size_t n;
};

static void read_number(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	struct triple *triple = data;
	const uint64_t number = fields_number_at(f, key, element, 0, UINT32_MAX);

	if (triple->n < ARRAY_SIZE(triple->number))
		triple->number[triple->n] = (uint32_t)number;
	triple->n++;
}

static void read_range(
        struct fields *f, const char *key, const struct json_span *element, void *data)
{
	struct id_range **next = data;
	struct triple triple = {.n = 0};

	fields_list_at(f, key, element, read_number, &triple);
	if (triple.n != ARRAY_SIZE(triple.number))
		fields_fail(f, key, "has an element that is not a list of three numbers");
	*(*next)++ = (struct id_range){triple.number[0], triple.number[1], triple.number[2]};
}

static struct id_map read_map(struct fields *f, const char *key)
{
	struct id_map map;
	struct id_range *ranges = fields_array(f, key, sizeof(*ranges), 0, &map.n);

	map.ranges = ranges;
	if (map.n)
		fields_list(f, key, read_range, &ranges);
	return map;
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

static int read_holder(struct reader *reader, const struct json_span *span, const struct ns *ns)
{
	static const char *const keys[] = {"by", "pid", "fd", "tid", "path", "mnt", NULL};
	struct fields f = fields_of(reader, span, keys);
	const char *kinds[HOLDER_KINDS];
	struct holder holder = {0};

	for (enum holder_kind kind = 0; kind < HOLDER_KINDS; kind++)
		kinds[kind] = model_holder_kind_name(kind);
	const struct json_span by = fields_value(&f, "by");
	holder.kind = fields_find_word(&f, "by", &by, kinds, HOLDER_KINDS);
	if (holder.kind == HOLDER_KINDS) {
		holder.kind = HOLDER_OTHER;
		holder.path = fields_text_at(&f, "by", &by);
		if (fields_has(&f, "pid"))
			holder.pid = (pid_t)fields_number(&f, "pid", 1, INT_MAX);
	}
	const bool is_fd = holder.kind == HOLDER_FD || holder.kind == HOLDER_SOCKET;
	const bool is_thread = holder.kind == HOLDER_THREAD || holder.kind == HOLDER_FOR_CHILDREN;
	if (is_fd || is_thread)
		holder.pid = (pid_t)fields_number(&f, "pid", 1, INT_MAX);
	if (is_fd)
		holder.fd = (int)fields_number(&f, "fd", 0, INT_MAX);
	if (is_thread || (is_fd && fields_has(&f, "tid")))
		holder.tid = (pid_t)fields_number(&f, "tid", 1, INT_MAX);
	if (holder.kind == HOLDER_MOUNT) {
		holder.path = fields_text(&f, "path");
		holder.mnt = fields_number_or_null(&f, "mnt", 1, INT64_MAX);
	}
	if (f.error)
		return f.error;
	/* Children and owned namespaces are derived from their own entries. */
	if (holder.kind != HOLDER_CHILD && holder.kind != HOLDER_OWNS)
		builder_hold(reader->builder, ns, &holder);
	return fields_charge(reader, span->start, COST_HOLDER);
}

static void read_holder_at(
        struct fields *f, const char *key _unused_, const struct json_span *element, void *data)
{
	f->error = read_holder(f->reader, element, data);
}

/* Adds the namespace; a second one with the same type and inode is an error. */
static struct ns *make_ns(struct fields *f)
{
	const char *types[NS_TYPES];
	bool is_new = true;

	for (enum nstype type = 0; type < NS_TYPES; type++)
		types[type] = nstype_name(type);
	const enum nstype type = fields_word(f, "type", types, NS_TYPES);
	const uint64_t inode = fields_number(f, "inode", 1, INT64_MAX);
	const uint64_t dev = fields_number_or_null(f, "dev", 1, INT64_MAX);
	if (f->error)
		return NULL;
	struct ns *ns = builder_ns(f->reader->builder, type, dev, inode, &is_new);
	if (!is_new)
		f->error = fields_refuse(f->reader, f->offset, "%s:[%ju] is a duplicate",
		        types[type], (uintmax_t)inode);
	return ns;
}

static int read_ns(struct reader *reader, const struct json_span *span)
{
	static const char *const keys[] = {"type", "inode", "dev", "id", "parent", "parent_state",
	        "owner", "owner_state", "owner_uid", "owner_name", "owner_uid_state", "listed",
	        "held_by", "uid_map", "gid_map", "setgroups", "maps_state", "facts", NULL};
	struct fields f = fields_of(reader, span, keys);
	struct ns *ns = make_ns(&f);

	if (f.error)
		return f.error;
	struct ns_entry entry = {.type = ns->type,
	        .inode = ns->inode,
	        .ns = ns,
	        .place = fields_place(reader, span->start)};
	ns->id = fields_number_or_null(&f, "id", 1, INT64_MAX);
	ns->parent.state = fields_state(&f, "parent_state", "parent");
	if (ns->parent.state == REL_KNOWN)
		entry.parent = fields_number(&f, "parent", 1, INT64_MAX);
	ns->owner.state = fields_state(&f, "owner_state", "owner");
	if (ns->owner.state == REL_KNOWN)
		entry.owner = fields_number(&f, "owner", 1, INT64_MAX);
	ns->owner_uid_state = fields_id_state(&f, "owner_uid_state", "owner_uid");
	if (model_has_id(ns->owner_uid_state))
		ns->owner_uid = (uid_t)fields_number(&f, "owner_uid", 0, UINT32_MAX);
	ns->owner_name = fields_text_or_null(&f, "owner_name");
	ns->is_listed_only = fields_has(&f, "listed") && fields_bool(&f, "listed");
	fields_list(&f, "held_by", read_holder_at, ns);
	if (ns->type == NS_USER)
		read_maps(&f, ns);
	if (fields_has(&f, "facts"))
		read_facts(&f, ns);
	if (f.error)
		return f.error;
	MEMORY_APPEND(reader->namespaces, reader->n_namespaces, reader->namespaces_capacity) =
	        entry;
	return fields_charge(reader, span->start, COST_NS);
}

static int compare_keys(enum nstype a_type, uint64_t a, enum nstype b_type, uint64_t b)
{
	if (a_type != b_type)
		return a_type < b_type ? -1 : 1;
	return COMPARE(a, b);
}

static int by_number(const void *a, const void *b)
{
	const struct ns_entry *left = a, *right = b;

	return compare_keys(left->type, left->inode, right->type, right->inode);
}

const struct ns_entry *read_namespaces_find(
        const struct reader *reader, enum nstype type, uint64_t inode)
{
	const struct ns_entry *all = reader->namespaces;
	const size_t i = LOWER_BOUND(reader->n_namespaces, at,
	        compare_keys(all[at].type, all[at].inode, type, inode) < 0);

	return i < reader->n_namespaces && all[i].type == type && all[i].inode == inode ? &all[i]
	                                                                                : NULL;
}

/* References have no device, so an inode must be unique within its type. */
static int sort_entries(struct reader *reader)
{
	if (reader->n_namespaces)
		qsort(reader->namespaces, reader->n_namespaces, sizeof(*reader->namespaces),
		        by_number);
	for (size_t i = 1; i < reader->n_namespaces; i++) {
		const struct ns_entry *entry = &reader->namespaces[i];

		if (by_number(entry - 1, entry) == 0)
			return fields_refuse_at(reader, &entry->place, "%s:[%ju] is a duplicate",
			        nstype_name(entry->type), (uintmax_t)entry->inode);
	}
	return 0;
}

static int relate(struct reader *reader, const struct ns_entry *entry, struct relation *relation,
        enum nstype type, uint64_t inode)
{
	const struct ns_entry *end;

	if (relation->state != REL_KNOWN)
		return 0;
	end = read_namespaces_find(reader, type, inode);
	if (!end)
		return fields_refuse_at(reader, &entry->place,
		        "%s:[%ju] leads to %s:[%ju], which is not in the snapshot",
		        nstype_name(entry->type), (uintmax_t)entry->inode, nstype_name(type),
		        (uintmax_t)inode);
	relation->ns = end->ns;
	return 0;
}

int read_namespaces(struct reader *reader, const struct json_span *span)
{
	int r = fields_each(reader, span, read_ns);

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
