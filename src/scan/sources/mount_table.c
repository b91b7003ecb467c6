/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/sources/mount_table.h"

#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"

#include <string.h>

enum { WAY_UNKNOWN = 1 };

/* File systems that answer when somebody else does, by the words their types begin with: walking
 * through them may take for ever. */
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

	return (left->id > right->id) - (left->id < right->id);
}

void mount_table_parse(struct mount_table *table, const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_slice line;

	while (next_line(&text, end, &line)) {
		struct proc_mount mount;

		if (proc_mountinfo_parse(line.bytes, line.len, &mount) < 0)
			continue;
		table->mounts = memory_grow(
		        table->mounts, &table->capacity, table->n + 1, sizeof(*table->mounts));
		table->mounts[table->n++] = mount;
		u64_set_push(&table->spots, spot(mount.parent, mount.point.bytes, mount.point.len));
	}
	u64_set_sort(&table->spots);
	if (table->n > 0)
		qsort(table->mounts, table->n, sizeof(*table->mounts), by_id);
	table->ways = memory_new((table->n + 1) * sizeof(*table->ways));
	table->climb = memory_new((table->n + 1) * sizeof(*table->climb));
	for (size_t i = 0; i < table->n; i++)
		table->ways[i] = WAY_UNKNOWN;
}

void mount_table_release(struct mount_table *table)
{
	free(table->mounts);
	free(table->ways);
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

/* Whether whoever walks through `parent` to the root of `mount` on it is led astray by a mount on
 * the way. */
static bool is_covered_on(const struct mount_table *table, const struct proc_mount *parent,
        const struct proc_mount *mount)
{
	const struct proc_slice to = mount->point, from = parent->point;
	size_t hashed = from.len;
	uint64_t hash;

	if (to.len < from.len || mounts_at(table, parent->id, to.bytes, to.len) != 1)
		return true;
	if (to.len == from.len) /* it is on the root of its parent: no way to go */
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

/* The way from the root of the mount namespace through `parent`, whose own is `way`. */
static int way_on(const struct mount_table *table, const struct proc_mount *parent, int way,
        const struct proc_mount *mount)
{
	if (way == -ESTALE || is_covered_on(table, parent, mount))
		return -ESTALE;
	return is_slow(parent) ? -EREMOTE : way;
}

/* The way to a mount: up to where it is known, and down again. Whoever makes many mounts on mounts
 * makes us climb once. */
static int find_way(struct mount_table *table, size_t i)
{
	size_t n = 0;

	while (table->ways[i] == WAY_UNKNOWN) {
		const struct proc_mount *const parent = find(table, table->mounts[i].parent);

		table->ways[i] = -ESTALE; /* should it lead in a circle */
		table->climb[n++] = i;
		if (!parent || parent == &table->mounts[i]) {
			table->ways[i] = 0;
			n--;
			break;
		}
		i = (size_t)(parent - table->mounts);
	}
	while (n-- > 0) {
		const size_t above = i;

		i = table->climb[n];
		table->ways[i] =
		        way_on(table, &table->mounts[above], table->ways[above], &table->mounts[i]);
	}
	return table->ways[i];
}

static int find_refusal(struct mount_table *table, size_t i)
{
	const struct proc_mount *const mount = &table->mounts[i];

	if (mounts_at(table, mount->id, mount->point.bytes, mount->point.len) > 0)
		return -ESTALE;
	return find_way(table, i);
}

bool mount_table_get(struct mount_table *table, size_t i, struct mount_find *ret)
{
	const struct proc_mount *const mount = &table->mounts[i];
	struct proc_link link;
	enum nstype type;

	if (!proc_slice_equals(mount->type, "nsfs") ||
	        proc_link_parse(mount->root.bytes, mount->root.len, &link) < 0 ||
	        !nstype_from_name(link.type, link.type_len, &type))
		return false;
	*ret = (struct mount_find){.type = type,
	        .inode = link.inode,
	        .id = mount->id,
	        .point = mount->point,
	        .refusal = find_refusal(table, i)};
	return true;
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
