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

/* The text of one control group, as one thread has read it, and what it says. */
struct cgroup_record {
	const char *text;
	size_t len;
	struct cgroup_record *next; /* with the same hash */
	struct cgroup_lines lines;
	struct name_trust trust;             /* of the outermost container, else of the label */
	const struct process_record *oldest; /* of those in the group */

	/* Of the model that is made; NULL: none. */
	bool is_merged;
	const char *path;
	const struct container *container, *claim, *label;
};

/* --- the user that may choose a name ---------------------------------------------------------- */

/* The owner of the directory that the first `depth` components of the path lead to; or, of the
 * whole path (SIZE_MAX). */
static int read_owner(
        struct kernel *k, const struct cgroup_lines *lines, size_t depth, uid_t *ret_uid)
{
	const char *end = lines->path;
	int r = -ENODEV;

	while (*end && depth-- > 0)
		end += 1 + strcspn(end + 1, "/");
	_cleanup_free_ char *path = memory_printf("%.*s", (int)(end - lines->path), lines->path);
	for (size_t i = 0; lines->hierarchies[i] && r == -ENODEV; i++)
		r = k->ops->cgroup_owner(k, lines->hierarchies[i], *path ? path : "/", ret_uid);
	return r;
}

/* The owner of a directory may make groups with any name in it. An ID that is not mapped here could
 * be any user. The groups that root makes for the services of a user have names by that user. */
static struct name_trust read_trust(
        const struct scan *scan, const struct cgroup_lines *lines, const struct cgroup_name *name)
{
	const struct kernel_overflow *const overflow = &scan->host.overflow_uid;
	struct name_trust trust = {.trust = TRUST_UNKNOWN};
	uid_t uid;

	if (lines->match.is_outside ||
	        read_owner(scan->kernel, lines, name->owner_depth, &uid) < 0 ||
	        (overflow->is_possible && uid == overflow->id))
		return trust;
	if (uid == 0 && lines->match.has_user)
		uid = lines->match.user;
	trust.trust = uid == 0 ? TRUST_ROOT : TRUST_USER;
	trust.uid = uid;
	return trust;
}

/* --- reading ---------------------------------------------------------------------------------- */

/* The files of some hierarchies can be long: 14 paths of 4,095 bytes. */
enum { CGROUP_MAX = 64 * 1024 };

static int match(struct scan_thread *thread, struct cgroup_record *record)
{
	const struct scan *const scan = thread->scan;
	struct cgroup_lines *const lines = &record->lines;
	uid_t uid;
	int r = cgroup_lines_match(thread->arena, record->text, record->len, false, lines);

	if (r == 0 && lines->has_deleted &&
	        read_owner(scan->kernel, lines, SIZE_MAX, &uid) == -ENOENT)
		r = cgroup_lines_match(thread->arena, record->text, record->len, true, lines);
	if (r < 0)
		return r;
	if (lines->match.n_nested)
		record->trust = read_trust(scan, lines, &lines->match.nested[0]);
	else if (lines->match.label.id)
		record->trust = read_trust(scan, lines, &lines->match.label);
	return 0;
}

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

static struct cgroup_record *find(const struct cgroup_table *table, const char *text, size_t len)
{
	size_t i;

	if (!u64_map_find(&table->by_hash, hash_of(text, len), &i))
		return NULL;
	for (struct cgroup_record *record = table->records[i]; record; record = record->next) {
		if (record->len == len && memcmp(record->text, text, len) == 0)
			return record;
	}
	return NULL;
}

/* Finds the text in the table of the thread, or adds it. */
static int intern(
        struct scan_thread *thread, const char *text, size_t len, struct cgroup_record **ret)
{
	struct cgroup_table *const table = &thread->cgroups;
	struct cgroup_record *record = find(table, text, len);
	bool is_new;
	int r;

	*ret = record;
	if (record)
		return 0;
	record = arena_alloc(thread->arena, sizeof(*record));
	record->text = arena_copy(thread->arena, text, len);
	record->len = len;
	r = match(thread, record);
	if (r < 0)
		return r;
	const size_t i = u64_map_add(&table->by_hash, hash_of(text, len), &is_new);
	table->records = memory_grow(
	        table->records, &table->capacity, i + 1, sizeof(struct cgroup_record *));
	record->next = is_new ? NULL : table->records[i];
	table->records[i] = record;
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
	struct cgroup_record *const same = find(&thread->cgroups, group->text, group->len);

	if (same && same->oldest)
		note_oldest(group, same->oldest);
}

void containers_begin(struct scan *scan)
{
	for (size_t i = 0; i < scan->n_processes; i++) {
		if (scan->processes[i].cgroup)
			note_oldest(scan->processes[i].cgroup, &scan->processes[i]);
	}
	for (unsigned i = 0; i < scan->n_threads; i++) {
		const struct cgroup_table *const table = &scan->threads[i]->cgroups;

		for (size_t at = 0; at < table->by_hash.n; at++) {
			for (struct cgroup_record *r = table->records[at]; r; r = r->next) {
				r->is_merged = false;
				for (unsigned t = 0; t < scan->n_threads; t++)
					note_oldest_of(scan->threads[t], r);
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
		process->container_state = REL_FAILED;
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
