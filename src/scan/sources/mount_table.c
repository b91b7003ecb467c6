/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/mount_table.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"

#include <string.h>

enum { UNKNOWN = -1 };

/* File systems whose answers a server gives, by prefixes of their types: a path through one may
 * never resolve. */
static const char *const SLOW[] = {"fuse", "nfs", "autofs", "9p", "cifs", "smb", "afs", "ceph",
        "coda", "glusterfs", "gfs", "lustre", "ocfs", "orangefs", "virtiofs", "beegfs", "gpfs"};

bool mount_table_is_worth(const char *text, size_t len)
{
	static const char words[] = " - nsfs ";

	return memmem(text, len, words, sizeof(words) - 1) != NULL;
}

/* The next line, without its newline. */
static bool next_line(const char **p, const char *end, struct proc_slice *ret)
{
	const char *const from = *p;
	const char *newline;

	if (from >= end)
		return false;
	newline = memchr(from, '\n', (size_t)(end - from));
	*p = newline ? newline + 1 : end;
	*ret = (struct proc_slice){from, (size_t)((newline ? newline : end) - from)};
	return true;
}

static uint64_t spot(unsigned parent, const char *point, size_t len)
{
	return u64_set_hash(u64_set_hash(0, (const char *)&parent, sizeof(parent)), point, len);
}

static int by_id(const void *a, const void *b)
{
	const struct proc_mount *const left = a, *const right = b;

	return COMPARE(left->id, right->id);
}

void mount_table_parse(struct mount_table *table, const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_slice line;

	while (next_line(&text, end, &line)) {
		struct proc_mount mount;

		if (proc_mountinfo_parse(line.bytes, line.len, &mount) < 0)
			continue;
		MEMORY_APPEND(table->mounts, table->n, table->capacity) = mount;
		u64_set_push(&table->spots, spot(mount.parent, mount.point.bytes, mount.point.len));
	}
	u64_set_sort(&table->spots);
	if (table->n > 0)
		qsort(table->mounts, table->n, sizeof(*table->mounts), by_id);
	table->access = memory_new((table->n + 1) * sizeof(*table->access));
	table->climb = memory_new((table->n + 1) * sizeof(*table->climb));
	for (size_t i = 0; i < table->n; i++)
		table->access[i] = UNKNOWN;
}

void mount_table_release(struct mount_table *table)
{
	free(table->mounts);
	free(table->access);
	free(table->climb);
	u64_set_release(&table->spots);
	*table = (struct mount_table){0};
}

static const struct proc_mount *find(const struct mount_table *table, unsigned id)
{
	const size_t i = LOWER_BOUND(table->n, at, table->mounts[at].id < id);

	return i < table->n && table->mounts[i].id == id ? &table->mounts[i] : NULL;
}

static bool is_slow(const struct proc_mount *mount)
{
	for (size_t i = 0; i < ARRAY_SIZE(SLOW); i++) {
		const size_t len = strlen(SLOW[i]);

		if (mount->type.len >= len && memcmp(mount->type.bytes, SLOW[i], len) == 0)
			return true;
	}
	return false;
}

static size_t mounts_at(
        const struct mount_table *table, unsigned parent, const char *point, size_t len)
{
	return u64_set_count(&table->spots, spot(parent, point, len));
}

/* Whether the path from the root of `parent` to `mount`, which is mounted on it, leads to another
 * mount: one on the same mount point, on the root of `parent`, or on a directory between. */
static bool is_covered_on(const struct mount_table *table, const struct proc_mount *parent,
        const struct proc_mount *mount)
{
	const struct proc_slice to = mount->point, from = parent->point;
	size_t hashed = from.len;
	uint64_t hash;

	if (to.len < from.len || mounts_at(table, parent->id, to.bytes, to.len) != 1)
		return true;
	if (to.len == from.len) /* it is on the root of its parent */
		return false;
	if (mounts_at(table, parent->id, from.bytes, from.len) > 0)
		return true;
	hash = spot(parent->id, to.bytes, hashed);
	for (size_t i = from.len + 1; i < to.len; i++) {
		if (to.bytes[i] != '/')
			continue;
		hash = u64_set_hash_more(hash, to.bytes + hashed, i - hashed);
		hashed = i;
		if (u64_set_has(&table->spots, hash))
			return true;
	}
	return false;
}

/* Access to the mount point of a mount. Climbs to the first mount whose access is known, or that
 * has no parent in the table, and from there down again; so each mount is climbed over once. */
static enum mount_access find_access(struct mount_table *table, size_t i)
{
	size_t n = 0;

	while (table->access[i] == UNKNOWN) {
		const struct proc_mount *const parent = find(table, table->mounts[i].parent);

		table->access[i] = MOUNT_COVERED; /* stays so if the parents form a cycle */
		table->climb[n++] = i;
		if (!parent || parent == &table->mounts[i]) {
			table->access[i] = MOUNT_REACHABLE;
			n--;
			break;
		}
		i = (size_t)(parent - table->mounts);
	}
	while (n-- > 0) {
		const struct proc_mount *const parent = &table->mounts[i];
		const int of_parent = table->access[i];

		i = table->climb[n];
		if (of_parent == MOUNT_COVERED || is_covered_on(table, parent, &table->mounts[i]))
			table->access[i] = MOUNT_COVERED;
		else
			table->access[i] = is_slow(parent) ? MOUNT_MAY_HANG : of_parent;
	}
	return table->access[i];
}

bool mount_table_get(struct mount_table *table, size_t i, struct holder_record *ret)
{
	const struct proc_mount *const mount = &table->mounts[i];
	struct proc_link link;

	if (!proc_mountinfo_equals(mount->type, "nsfs") ||
	        proc_link_parse(mount->root.bytes, mount->root.len, &link) < 0 ||
	        !nstype_from_name(link.type, link.type_len, &ret->type))
		return false;
	ret->kind = HOLDER_MOUNT;
	ret->inode = link.inode;
	ret->access = mounts_at(table, mount->id, mount->point.bytes, mount->point.len) > 0
	                      ? MOUNT_COVERED
	                      : find_access(table, i);
	return true;
}

static char *full_path(struct arena *arena, const char *root, struct proc_slice point)
{
	const size_t root_len = strlen(root);
	char *const path = arena_alloc(arena, root_len + point.len + 1);

	memcpy(path, root, root_len);
	proc_mountinfo_unescape(point, path + root_len);
	return path;
}

void mount_table_add_holders(struct scan_thread *thread, const char *text, size_t len,
        const char *root, const struct holder_record *seen_by)
{
	struct mount_table table = {0};

	if (!mount_table_is_worth(text, len))
		return;
	mount_table_parse(&table, text, len);
	for (size_t i = 0; i < table.n && !scan_state_is_cancelled(thread->scan); i++) {
		struct holder_record holder = *seen_by;

		if (!mount_table_get(&table, i, &holder))
			continue;
		holder.fd = -1;
		holder.handle = -1;
		holder.path = full_path(thread->arena, root, table.mounts[i].point);
		holder.root_len = strlen(root);
		holders_add(&thread->holders, &holder);
	}
	mount_table_release(&table);
}

unsigned mount_table_first_id(const char *text, size_t len)
{
	const char *p = text;
	uint64_t id = 0;

	return proc_number_parse(&p, text + len, UINT32_MAX, &id) ? (unsigned)id : 0;
}

void mount_table_ids(const char *text, size_t len, struct u64_set *ids)
{
	const char *const end = text + len;
	struct proc_slice line;

	while (next_line(&text, end, &line))
		u64_set_push(ids, mount_table_first_id(line.bytes, line.len));
}
