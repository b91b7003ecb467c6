/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "kernel/proc/proc.h"

#include <limits.h>
#include <string.h>

/* --- a line ---------------------------------------------------------------------------------- */

/* Reads the next word, and moves *p behind the blank that ends it. */
static bool next_word(const char **p, const char *end, struct proc_slice *ret)
{
	const char *const from = *p;
	const char *to;

	if (from >= end)
		return false;
	to = memchr(from, ' ', (size_t)(end - from));
	if (!to)
		to = end;
	if (to == from)
		return false;
	*ret = (struct proc_slice){from, (size_t)(to - from)};
	*p = to + (to < end);
	return true;
}

static bool parse_id(struct proc_slice word, unsigned *ret)
{
	const char *p = word.bytes;
	uint64_t id;

	if (!proc_number_parse(&p, p + word.len, UINT_MAX, &id) || p != word.bytes + word.len)
		return false;
	*ret = (unsigned)id;
	return true;
}

static bool parse_device(struct proc_slice word, unsigned *ret_major, unsigned *ret_minor)
{
	const char *p = word.bytes;
	const char *const end = p + word.len;
	uint64_t major, minor;

	if (!proc_number_parse(&p, end, UINT_MAX, &major) || p == end || *p != ':')
		return false;
	p++;
	if (!proc_number_parse(&p, end, UINT_MAX, &minor) || p != end)
		return false;
	*ret_major = (unsigned)major;
	*ret_minor = (unsigned)minor;
	return true;
}

int proc_mountinfo_parse(const char *line, size_t len, struct proc_mount *ret)
{
	const char *const end = line + len;
	const char *p = line;
	struct proc_mount mount;
	struct proc_slice word, id, parent, device;

	if (!next_word(&p, end, &id) || !next_word(&p, end, &parent) ||
	        !next_word(&p, end, &device) || !next_word(&p, end, &mount.root) ||
	        !next_word(&p, end, &mount.point) || !next_word(&p, end, &mount.mount_options))
		return -EINVAL;
	if (!parse_id(id, &mount.id) || !parse_id(parent, &mount.parent) ||
	        !parse_device(device, &mount.major, &mount.minor))
		return -EINVAL;
	mount.tags.bytes = p;
	do {
		if (!next_word(&p, end, &word))
			return -EINVAL;
	} while (!proc_mountinfo_equals(word, "-"));
	mount.tags.len = (size_t)(word.bytes - mount.tags.bytes);
	if (!next_word(&p, end, &mount.type))
		return -EINVAL;
	/* The source may be empty: two blanks in a row. */
	mount.source = (struct proc_slice){.bytes = p};
	if (p < end && *p == ' ')
		p++;
	else if (!next_word(&p, end, &mount.source))
		return -EINVAL;
	if (!next_word(&p, end, &mount.options))
		return -EINVAL;
	*ret = mount;
	return 0;
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

bool proc_mountinfo_next(const char **text, const char *end, struct proc_mount *ret)
{
	struct proc_slice line;

	while (next_line(text, end, &line)) {
		if (proc_mountinfo_parse(line.bytes, line.len, ret) == 0)
			return true;
	}
	return false;
}

bool proc_mountinfo_option(struct proc_slice list, const char *name, struct proc_slice *ret_value)
{
	const size_t name_len = strlen(name);
	const char *const end = list.bytes + list.len;

	for (const char *p = list.bytes; p < end;) {
		const char *const comma = memchr(p, ',', (size_t)(end - p));
		const char *const stop = comma ? comma : end;
		const size_t len = (size_t)(stop - p);

		if (len >= name_len && memcmp(p, name, name_len) == 0 &&
		        (len == name_len || p[name_len] == '=')) {
			const char *const value = p + name_len + (len > name_len);

			*ret_value = (struct proc_slice){value, (size_t)(stop - value)};
			return true;
		}
		p = stop + 1;
	}
	return false;
}

/* The number of `tag` (such as "shared:1") if its name is `name`, else 0. */
static unsigned group_of(struct proc_slice tag, const char *name)
{
	const size_t len = strlen(name);
	unsigned group;

	if (tag.len <= len || memcmp(tag.bytes, name, len) != 0)
		return 0;
	return parse_id((struct proc_slice){tag.bytes + len, tag.len - len}, &group) ? group : 0;
}

struct proc_propagation proc_mountinfo_propagation(const struct proc_mount *mount)
{
	const char *const end = mount->tags.bytes + mount->tags.len;
	struct proc_propagation ret = {.shared = 0};
	struct proc_slice tag;

	for (const char *p = mount->tags.bytes; next_word(&p, end, &tag);) {
		ret.shared = MAX(ret.shared, group_of(tag, "shared:"));
		ret.master = MAX(ret.master, group_of(tag, "master:"));
		ret.propagate_from = MAX(ret.propagate_from, group_of(tag, "propagate_from:"));
		ret.is_unbindable = ret.is_unbindable || proc_mountinfo_equals(tag, "unbindable");
	}
	return ret;
}

static bool is_octal(char c, char most)
{
	return c >= '0' && c <= most;
}

size_t proc_mountinfo_unescape(struct proc_slice slice, char *buffer)
{
	const char *const end = slice.bytes + slice.len;
	size_t n = 0;

	for (const char *p = slice.bytes; p < end; p++) {
		if (*p == '\\' && end - p > 3 && is_octal(p[1], '3') && is_octal(p[2], '7') &&
		        is_octal(p[3], '7')) {
			buffer[n++] = (char)((p[1] - '0') * 64 + (p[2] - '0') * 8 + (p[3] - '0'));
			p += 3;
		} else {
			buffer[n++] = *p;
		}
	}
	buffer[n] = '\0';
	return n;
}

bool proc_mountinfo_equals(struct proc_slice slice, const char *s)
{
	return slice.len == strlen(s) && memcmp(slice.bytes, s, slice.len) == 0;
}

/* --- ids ------------------------------------------------------------------------------------- */

unsigned proc_mountinfo_first_id(const char *text, size_t len)
{
	const char *p = text;
	uint64_t id = 0;

	return proc_number_parse(&p, text + len, UINT32_MAX, &id) ? (unsigned)id : 0;
}

void proc_mountinfo_ids(const char *text, size_t len, struct u64_set *ids)
{
	const char *const end = text + len;
	struct proc_slice line;

	while (next_line(&text, end, &line))
		u64_set_push(ids, proc_mountinfo_first_id(line.bytes, line.len));
}

/* --- a table of mounts ----------------------------------------------------------------------- */

enum { UNKNOWN = -1 };

/* File systems that depend on a server, by prefixes of their types: resolving a path through one
 * may wait for ever. */
static const char *const SLOW[] = {"fuse", "nfs", "autofs", "9p", "cifs", "smb", "afs", "ceph",
        "coda", "glusterfs", "gfs", "lustre", "ocfs", "orangefs", "virtiofs", "beegfs", "gpfs"};

static uint64_t spot(unsigned parent, const char *point, size_t len)
{
	return u64_set_hash(u64_set_hash(0, (const char *)&parent, sizeof(parent)), point, len);
}

static int by_id(const void *a, const void *b)
{
	const struct proc_mount *const left = a, *const right = b;

	return COMPARE(left->id, right->id);
}

void proc_mountinfo_table_init(struct proc_mount_table *ret, const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_mount mount;

	*ret = (struct proc_mount_table){.n = 0};
	while (proc_mountinfo_next(&text, end, &mount)) {
		MEMORY_APPEND(ret->mounts, ret->n, ret->capacity) = mount;
		u64_set_push(&ret->spots, spot(mount.parent, mount.point.bytes, mount.point.len));
	}
	u64_set_sort(&ret->spots);
	if (ret->n > 0)
		qsort(ret->mounts, ret->n, sizeof(*ret->mounts), by_id);
	ret->access = memory_new((ret->n + 1) * sizeof(*ret->access));
	ret->climb = memory_new((ret->n + 1) * sizeof(*ret->climb));
	for (size_t i = 0; i < ret->n; i++)
		ret->access[i] = UNKNOWN;
}

void proc_mountinfo_table_release(struct proc_mount_table *table)
{
	free(table->mounts);
	free(table->access);
	free(table->climb);
	u64_set_release(&table->spots);
}

static const struct proc_mount *find(const struct proc_mount_table *table, unsigned id)
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
        const struct proc_mount_table *table, unsigned parent, const char *point, size_t len)
{
	return u64_set_count(&table->spots, spot(parent, point, len));
}

/* Whether the path from the root of `parent` to `mount`, which is mounted on it, leads to another
 * mount: one on the same mount point, on the root of `parent`, or on a directory between. */
static bool is_covered_on(const struct proc_mount_table *table, const struct proc_mount *parent,
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
static enum mount_access find_access(struct proc_mount_table *table, size_t i)
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

/* The mount point of a line: its fifth word. */
static struct proc_slice point_of(struct proc_slice line)
{
	const char *const end = line.bytes + line.len;
	const char *p = line.bytes;
	struct proc_slice word = {0};

	for (unsigned i = 0; i < 5; i++) {
		if (!next_word(&p, end, &word))
			return (struct proc_slice){0};
	}
	return word;
}

bool proc_mountinfo_has_root(const char *text, size_t len)
{
	const char *const end = text + len;
	struct proc_slice line;

	while (next_line(&text, end, &line)) {
		if (point_of(line).len == 1)
			return true;
	}
	return false;
}

bool proc_mountinfo_is_plain(const char *text, size_t len, const struct proc_mount *mount)
{
	const struct proc_slice point = mount->point;
	const char *const end = text + len;
	struct proc_slice line, top = {0};
	struct proc_mount parent;
	size_t n_tops = 0, n_same = 0;

	if (point.len < 2 || memchr(point.bytes + 1, '/', point.len - 1))
		return false;
	while (next_line(&text, end, &line)) {
		const struct proc_slice other = point_of(line);

		n_same +=
		        other.len == point.len && memcmp(other.bytes, point.bytes, point.len) == 0;
		if (other.len == 1 && n_tops++ == 0)
			top = line;
	}
	return n_tops == 1 && n_same == 1 &&
	       proc_mountinfo_parse(top.bytes, top.len, &parent) == 0 &&
	       parent.id == mount->parent && !is_slow(&parent);
}

enum mount_access proc_mountinfo_table_access(struct proc_mount_table *table, size_t i)
{
	const struct proc_mount *const mount = &table->mounts[i];

	return mounts_at(table, mount->id, mount->point.bytes, mount->point.len) > 0
	               ? MOUNT_COVERED
	               : find_access(table, i);
}
