/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/containers.h"

#include "base/arena.h"
#include "base/memory.h"
#include "scan/containers/cgroup_lines.h"

#include <errno.h>
#include <string.h>

/* Which user may choose a name. */
struct name_trust {
	enum trust trust;
	uid_t uid;
};

/* Part of a record below, by which it is found. */
struct cgroup_text {
	const char *text;
	size_t len;
	struct cgroup_text *next; /* with the same hash */
};

/* The text of one control group, as one thread has read it, and what it says. */
struct cgroup_record {
	struct cgroup_text text; /* first */
	struct cgroup_lines lines;
	struct name_trust trust;             /* of the outermost container, else of the label */
	const struct process_record *oldest; /* of those in the group */

	/* Of the model that is made; NULL: none. */
	bool is_merged;
	const char *path;
	const struct container *container, *claim, *label;
};

/* Who owns a directory; its text is `HIERARCHY:PATH`. */
struct cgroup_owner {
	struct cgroup_text text; /* first */
	int error;               /* 0, or negative: why it is not known */
	uid_t uid;
};

/* --- tables of texts -------------------------------------------------------------------------- */

/* By words, since the text of a host with many hierarchies has a thousand bytes. */
static uint64_t hash_of(const char *text, size_t len)
{
	uint64_t hash = len, word;

	for (size_t at = 0; at < len; at += sizeof(word)) {
		word = 0;
		memcpy(&word, text + at, MIN(sizeof(word), len - at));
		hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		hash ^= hash >> 29;
	}
	return hash;
}

/* Returns the record that begins with that text; NULL: none. */
static void *find(const struct cgroup_table *table, const char *text, size_t len)
{
	size_t i;

	if (!u64_map_find(&table->by_hash, hash_of(text, len), &i))
		return NULL;
	for (struct cgroup_text *at = table->texts[i]; at; at = at->next) {
		if (at->len == len && memcmp(at->text, text, len) == 0)
			return at;
	}
	return NULL;
}

static void add(struct cgroup_table *table, struct cgroup_text *text)
{
	bool is_new;
	const size_t i = u64_map_add(&table->by_hash, hash_of(text->text, text->len), &is_new);

	table->texts =
	        memory_grow(table->texts, &table->capacity, i + 1, sizeof(struct cgroup_text *));
	text->next = is_new ? NULL : table->texts[i];
	table->texts[i] = text;
}

/* --- the user that may choose a name ---------------------------------------------------------- */

/* The owner of the directory that the first `depth` components of the path lead to. A thread asks
 * once for each directory. */
static int read_owner(struct scan_thread *thread, const char *hierarchy, const char *path,
        size_t depth, uid_t *ret_uid)
{
	struct kernel *const k = thread->scan->kernel;
	const char *end = path;

	while (*end && depth-- > 0)
		end += 1 + strcspn(end + 1, "/");
	_cleanup_free_ char *name =
	        memory_printf("%s:%.*s", hierarchy, end == path ? 1 : (int)(end - path), path);
	const size_t len = strlen(name);
	struct cgroup_store *const store = thread->cgroups;
	struct cgroup_owner *owner = find(&store->owners, name, len);
	if (!owner) {
		owner = arena_alloc(store->arena, sizeof(*owner));
		owner->text.text = arena_copy(store->arena, name, len);
		owner->text.len = len;
		owner->error = k->ops->cgroup_owner(
		        k, hierarchy, name + strlen(hierarchy) + 1, &owner->uid);
		add(&store->owners, &owner->text);
	}
	*ret_uid = owner->uid;
	return owner->error;
}

/* The owner of a directory may make groups with any name in it. An ID that is not mapped here could
 * be any user. The groups that root makes for the services of a user have names by that user. */
static struct name_trust read_trust_in(struct scan_thread *thread, const char *hierarchy,
        const struct cgroup_lines *lines, const struct cgroup_name *name)
{
	const struct kernel_overflow *const overflow = &thread->scan->host.overflow_uid;
	uid_t uid = 0;

	for (size_t depth = name->owner_depth + 1; uid == 0 && depth-- > name->owner_first;) {
		if (read_owner(thread, hierarchy, lines->path, depth, &uid) < 0 ||
		        (overflow->is_possible && uid == overflow->id))
			return (struct name_trust){.trust = TRUST_UNKNOWN};
	}
	if (uid == 0 && lines->match.has_user)
		uid = lines->match.user;
	return (struct name_trust){.trust = uid == 0 ? TRUST_ROOT : TRUST_USER, .uid = uid};
}

/* Only root can put a process into a group that root has made and kept, so one hierarchy proves a
 * name. A unit that a daemon has given to a user belongs to that user in some hierarchies only. */
static struct name_trust read_trust(struct scan_thread *thread, const struct cgroup_lines *lines,
        const struct cgroup_name *name)
{
	struct name_trust best = {.trust = TRUST_UNKNOWN};

	if (lines->match.is_outside)
		return best;
	for (size_t i = 0; lines->hierarchies[i]; i++) {
		const struct name_trust trust =
		        read_trust_in(thread, lines->hierarchies[i], lines, name);

		if (trust.trust == (name->is_given ? TRUST_USER : TRUST_ROOT))
			return trust;
		if (best.trust == TRUST_UNKNOWN)
			best = trust;
	}
	return best;
}

/* The outermost container, else the label; NULL: neither. */
static const struct cgroup_name *name_of(const struct cgroup_path *match)
{
	if (match->n_nested)
		return &match->nested[0];
	return match->label.id ? &match->label : NULL;
}

static bool is_proven(void *data, const struct cgroup_lines *lines)
{
	return read_trust(data, lines, name_of(&lines->match)).trust == TRUST_ROOT;
}

/* True if the kernel has added ` (deleted)` to the path, so no such directory is there. */
static bool is_gone(struct kernel *k, const struct cgroup_lines *lines)
{
	uid_t uid;
	int r = -ENODEV;

	for (size_t i = 0; lines->hierarchies[i] && r == -ENODEV; i++)
		r = k->ops->cgroup_owner(k, lines->hierarchies[i], lines->path, &uid);
	return r == -ENOENT;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The files of some hierarchies can be long: 14 paths of 4,095 bytes. */
enum { CGROUP_MAX = 64 * 1024 };

static int match(struct scan_thread *thread, struct cgroup_record *record)
{
	struct cgroup_lines *const lines = &record->lines;
	const char *const text = record->text.text;
	const size_t len = record->text.len;
	struct arena *const arena = thread->cgroups->arena;
	int r = cgroup_lines_match(arena, text, len, false, is_proven, thread, lines);

	if (r == 0 && lines->has_deleted && is_gone(thread->scan->kernel, lines))
		r = cgroup_lines_match(arena, text, len, true, is_proven, thread, lines);
	if (r < 0)
		return r;
	const struct cgroup_name *const name = name_of(&lines->match);
	if (name)
		record->trust = read_trust(thread, lines, name);
	return 0;
}

/* Finds the text in the table of the thread, or adds it. */
static int intern(
        struct scan_thread *thread, const char *text, size_t len, struct cgroup_record **ret)
{
	struct cgroup_store *const store = thread->cgroups;
	struct cgroup_record *record = find(&store->texts, text, len);
	int r;

	*ret = record;
	if (record)
		return 0;
	record = arena_alloc(store->arena, sizeof(*record));
	record->text.text = arena_copy(store->arena, text, len);
	record->text.len = len;
	r = match(thread, record);
	if (r < 0)
		return r;
	add(&store->texts, &record->text);
	*ret = record;
	return 0;
}

void containers_read(struct scan_thread *thread, struct process_record *record, int process)
{
	struct kernel *const k = thread->scan->kernel;
	_cleanup_free_ char *more = NULL;
	const char *text = thread->text;
	ssize_t r = k->ops->process_read(k, process, "cgroup", thread->text, sizeof(thread->text));

	if (r == sizeof(thread->text)) {
		text = more = memory_new(CGROUP_MAX);
		r = k->ops->process_read(k, process, "cgroup", more, CGROUP_MAX);
		if (r == CGROUP_MAX) /* cut, maybe in a name */
			r = -EFBIG;
	}
	if (r > 0)
		r = intern(thread, text, (size_t)r, &record->cgroup);
	if (r < 0)
		scan_state_refuse(record, "cgroup", r);
	else
		scan_state_mark(record, PART_CGROUP);
}

bool containers_are_same(const struct process_record *a, const struct process_record *b)
{
	const struct cgroup_record *const left = a->cgroup, *const right = b->cgroup;

	if (!left || !right)
		return left == right;
	return left->text.len == right->text.len &&
	       memcmp(left->text.text, right->text.text, left->text.len) == 0;
}

void containers_read_again(struct scan_thread *thread, struct process_record *record)
{
	const struct cgroup_text *const text = &record->cgroup->text;
	const int r = intern(thread, text->text, text->len, &record->cgroup);

	if (r < 0)
		scan_state_refuse(record, "cgroup", r);
}

/* --- merging ---------------------------------------------------------------------------------- */

static void note_oldest(struct cgroup_record *group, const struct process_record *process)
{
	if (scan_state_has(process, PART_STAT) && !process->is_gone &&
	        (!group->oldest || process->started < group->oldest->started))
		group->oldest = process;
}

/* The same text, as another thread has read it. */
static void note_oldest_of(const struct scan_thread *thread, struct cgroup_record *group)
{
	struct cgroup_record *const same =
	        find(&thread->cgroups->texts, group->text.text, group->text.len);

	if (same && same->oldest)
		note_oldest(group, same->oldest);
}

/* The record of the oldest may be one of an earlier model. */
static void forget_oldest(const struct cgroup_table *table)
{
	for (size_t at = 0; at < table->by_hash.n; at++) {
		for (struct cgroup_text *of = table->texts[at]; of; of = of->next)
			((struct cgroup_record *)of)->oldest = NULL;
	}
}

void containers_begin(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_threads; i++)
		forget_oldest(&scan->threads[i]->cgroups->texts);
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (scan->processes[i].cgroup)
			note_oldest(scan->processes[i].cgroup, &scan->processes[i]);
	}
	for (unsigned i = 0; i < scan->n_threads; i++) {
		const struct cgroup_table *const table = &scan->threads[i]->cgroups->texts;

		for (size_t at = 0; at < table->by_hash.n; at++) {
			for (struct cgroup_text *of = table->texts[at]; of; of = of->next) {
				struct cgroup_record *const record = (struct cgroup_record *)of;

				record->is_merged = false;
				for (unsigned t = 0; t < scan->n_threads; t++)
					note_oldest_of(scan->threads[t], record);
			}
		}
	}
}

/* A pod of gVisor has a group of the same form, the first processes of which are those of the
 * sandbox. */
static enum container_kind kind_of(const struct cgroup_record *record)
{
	static const char comm[] = "runsc-";
	const enum container_kind kind = record->lines.match.nested[0].kind;

	if (kind != CONTAINER_KUBERNETES || !record->oldest ||
	        strncmp(record->oldest->comm, comm, sizeof(comm) - 1) != 0)
		return kind;
	return CONTAINER_GVISOR;
}

static const struct container *get(struct builder *builder, const struct cgroup_name *name,
        enum container_kind kind, struct name_trust trust, const struct container *outer)
{
	return builder_container(builder,
	        &(const struct container){.kind = kind,
	                .id = name->id,
	                .trust = trust.trust,
	                .trust_uid = trust.uid,
	                .outer = outer,
	                .name = name->name,
	                .pod_id = name->pod_id,
	                .unit = name->unit,
	                .source = "cgroup"},
	        NULL);
}

/* A group outside the cgroup namespace of this program has names that are not known from here: no
 * container, only claims. */
static void merge_record(struct builder *builder, struct cgroup_record *record)
{
	const struct cgroup_path *const match = &record->lines.match;
	const struct container *outer = NULL;

	record->container = record->claim = record->label = NULL;
	record->path = arena_strdup(builder_arena(builder), record->lines.path);
	for (size_t i = 0; i < match->n_nested; i++) {
		const struct name_trust inside = {.trust = TRUST_CONTAINER};

		outer = get(builder, &match->nested[i],
		        i == 0 ? kind_of(record) : match->nested[i].kind,
		        i == 0 ? record->trust : inside, outer);
		if (i == 0 && !match->is_outside)
			record->container = outer;
		else
			record->claim = outer;
	}
	if (match->n_nested == 0 && match->label.id)
		record->label = get(builder, &match->label, match->label.kind, record->trust, NULL);
	record->is_merged = true;
}

void containers_merge(
        struct builder *builder, const struct process_record *of, struct process *process)
{
	struct cgroup_record *const record = of->cgroup;

	if (!record) {
		process->container_state = of->is_cgroup_unread ? REL_UNREAD : REL_FAILED;
		return;
	}
	if (!record->is_merged)
		merge_record(builder, record);
	process->container = record->container;
	process->claim = record->claim;
	process->label = record->label;
	if (record->lines.match.is_outside)
		process->container_state = REL_HIDDEN;
	else if (!process->container && scan_state_is_dead(of))
		process->container_state = REL_FAILED;
}

const char *containers_path(const struct process_record *record)
{
	return record->cgroup ? record->cgroup->path : NULL;
}
