/* SPDX-License-Identifier: Apache-2.0 */
#include "view/mount_query.h"

#include "base/attributes.h"
#include "base/escape.h"
#include "base/memory.h"
#include "base/u64.h"
#include "view/needle.h"

#include <stdlib.h>
#include <string.h>

/* What a string has in common with the text. Equal strings of mounts are stored once, so that each
 * is compared once. */
enum {
	IS_COMPARED = 1 << 0,
	IS_EQUAL = 1 << 1,
	IS_BELOW = 1 << 2,   /* the text is a directory above it */
	IS_SUBTYPE = 1 << 3, /* "fuse.sshfs" of "fuse" */
	HAS_PART = 1 << 4,
};

struct search {
	char *text; /* a path without repeated slashes */
	size_t len;
	bool is_path, is_device;
	uint64_t device; /* of MAJ:MIN */
	struct needle needle;
	struct u64_map strings; /* by address: an index of `bits` */
	unsigned char *bits;
	size_t bits_capacity;
	/* What a path is in our own mount namespace. */
	const struct mount_entry *own; /* the mount that it is on; NULL: not known */
	char *directory;               /* in the file system of `own` */
	struct u64_set devices;        /* of which all mounts are found */
};

/* --- what it means ---------------------------------------------------------------------------- */

static uint64_t device_of(unsigned major, unsigned minor)
{
	return (uint64_t)major << 32 | minor;
}

/* All digits before `end`, which is behind them; no leading zeros: `02:42` is a part of an
 * Ethernet address. */
static bool parse_number(const char **at, char end, unsigned *ret)
{
	const size_t len = strspn(*at, "0123456789");

	if (!len || len > 9 || (*at)[len] != end || (len > 1 && **at == '0'))
		return false;
	*ret = (unsigned)strtoul(*at, NULL, 10);
	*at += len;
	return true;
}

static bool parse_device(const char *text, uint64_t *ret)
{
	unsigned major, minor;

	if (!parse_number(&text, ':', &major))
		return false;
	text++;
	if (!parse_number(&text, '\0', &minor))
		return false;
	*ret = device_of(major, minor);
	return true;
}

bool mount_query_is_likely(const char *text)
{
	uint64_t device;

	return *text == '/' || parse_device(text, &device);
}

/* A path as mountinfo has it; the caller frees. */
static char *normalize(const char *path)
{
	char *const ret = memory_new(strlen(path) + 2);
	size_t n = 0;

	while (*path) {
		const size_t skipped = strspn(path, "/");
		const size_t len = strcspn(path + skipped, "/");

		path += skipped;
		if (len && !(len == 1 && *path == '.')) {
			ret[n++] = '/';
			memcpy(ret + n, path, len);
			n += len;
		}
		path += len;
	}
	if (!n)
		ret[n++] = '/';
	ret[n] = '\0';
	return ret;
}

static void find_own(struct search *search, const struct mount_table *own)
{
	const char *rest;

	search->own = own ? mounts_at(own, search->text) : NULL;
	if (!search->own || !search->own->root)
		return;
	/* What of the path is behind the mount point, with its slash. */
	rest = strcmp(search->own->point, "/") == 0 ? search->text
	                                            : search->text + strlen(search->own->point);
	_cleanup_free_ char *directory = memory_printf("%s/%s", search->own->root, rest);
	search->directory = normalize(directory);
}

/* --- strings ---------------------------------------------------------------------------------- */

static bool has_part(const struct search *search, const char *s)
{
	size_t start, len;
	_cleanup_free_ char *shown = escape_name(s);

	return needle_find(&search->needle, shown, strlen(shown), 0, &start, &len);
}

static unsigned compare(const struct search *search, const char *s)
{
	unsigned bits = IS_COMPARED;

	if (strcmp(s, search->text) == 0)
		bits |= IS_EQUAL;
	else if (search->is_path && mounts_is_within(s, search->text))
		bits |= IS_BELOW;
	else if (strncmp(s, search->text, search->len) == 0 && s[search->len] == '.')
		bits |= IS_SUBTYPE;
	if (search->needle.text && has_part(search, s))
		bits |= HAS_PART;
	return bits;
}

/* NULL has nothing in common with any text. */
static unsigned bits_of(struct search *search, const char *s)
{
	bool is_new;

	if (!s)
		return 0;
	const size_t i = u64_map_add(&search->strings, (uintptr_t)s, &is_new);

	if (is_new) {
		search->bits = memory_grow(search->bits, &search->bits_capacity, i + 1, 1);
		search->bits[i] = (unsigned char)compare(search, s);
	}
	return search->bits[i];
}

/* --- mounts ----------------------------------------------------------------------------------- */

/* A part of a file system that is mounted leads to that part only; the device would find all mounts
 * of the file system that has it. */
static bool is_whole(const struct mount_entry *entry)
{
	return entry->root && strcmp(entry->root, "/") == 0;
}

/* The devices of which all mounts are found: those of a source, and of what is mounted at the path.
 * If that is in our own mount namespace, what is there in others is something else. */
static void add_devices(struct search *search, const struct mount_table *table, bool is_mounted)
{
	for (size_t i = 0; i < table->n; i++) {
		const struct mount_entry *const entry = &table->entries[i];
		const bool is_source = (bits_of(search, entry->source) & IS_EQUAL) != 0;
		const bool is_there = !is_mounted && is_whole(entry) &&
		                      (bits_of(search, entry->point) & IS_EQUAL) != 0;

		if (is_source || is_there)
			u64_set_push(&search->devices, device_of(entry->major, entry->minor));
	}
}

static void find_devices(struct search *search, const struct mounts *mounts)
{
	const bool is_mounted = search->own && strcmp(search->own->point, search->text) == 0;

	for (size_t i = 0; i < mounts->n; i++)
		add_devices(search, mounts->tables[i], is_mounted);
	if (is_mounted && is_whole(search->own))
		u64_set_push(&search->devices, device_of(search->own->major, search->own->minor));
	u64_set_sort_unique(&search->devices);
}

static bool is_in_directory(const struct search *search, const struct mount_entry *entry)
{
	return search->directory && entry->root && entry->major == search->own->major &&
	       entry->minor == search->own->minor &&
	       mounts_is_within(entry->root, search->directory);
}

static enum mount_by match(struct search *search, const struct mount_entry *entry)
{
	const unsigned point = bits_of(search, entry->point);
	const unsigned type = bits_of(search, entry->type);
	const unsigned source = bits_of(search, entry->source);
	const uint64_t device = device_of(entry->major, entry->minor);

	if (search->is_path && (point & IS_EQUAL))
		return MOUNT_BY_POINT;
	if (point & IS_BELOW)
		return MOUNT_BY_BELOW;
	if (search->is_device && device == search->device)
		return MOUNT_BY_DEVICE;
	if (type & (IS_EQUAL | IS_SUBTYPE))
		return MOUNT_BY_TYPE;
	if (source & IS_EQUAL)
		return MOUNT_BY_SOURCE;
	if (u64_set_has(&search->devices, device))
		return MOUNT_BY_FILE_SYSTEM;
	if (is_in_directory(search, entry))
		return MOUNT_BY_DIRECTORY;
	return ((point | type | source) & HAS_PART) ? MOUNT_BY_TEXT : MOUNT_BYS;
}

static void match_all(struct search *search, struct mount_query *query)
{
	size_t capacity = 0;

	for (size_t i = 0; i < query->mounts->n; i++) {
		const struct mount_table *const table = query->mounts->tables[i];

		query->n_unread += table->error || table->is_at_least;
		for (size_t j = 0; j < table->n; j++) {
			const struct mount_entry *const entry = &table->entries[j];
			const enum mount_by by = match(search, entry);

			if (by != MOUNT_BYS)
				MEMORY_APPEND(query->hits, query->n, capacity) =
				        (struct mount_hit){table, entry, by};
		}
	}
}

void mount_query_run(struct mount_query *ret, const char *text, const struct mounts *mounts,
        uint64_t own_mnt, bool is_exact)
{
	struct search search = {.is_path = *text == '/'};

	*ret = (struct mount_query){.text = memory_strdup(text), .mounts = mounts_ref(mounts)};
	if (!mounts || !*text)
		return;
	search.text = search.is_path ? normalize(text) : memory_strdup(text);
	search.len = strlen(search.text);
	search.is_device = parse_device(text, &search.device);
	if (!is_exact)
		needle_set(&search.needle, NEEDLE_TEXT, text);
	if (search.is_path) {
		find_own(&search, mounts_find(mounts, own_mnt));
		find_devices(&search, mounts);
	}
	match_all(&search, ret);
	needle_release(&search.needle);
	u64_map_release(&search.strings);
	u64_set_release(&search.devices);
	free(search.bits);
	free(search.directory);
	free(search.text);
}

void mount_query_release(struct mount_query *query)
{
	mounts_unref(query->mounts);
	free(query->hits);
	free(query->text);
	*query = (struct mount_query){0};
}

/* --- hits ------------------------------------------------------------------------------------- */

const struct mount_hit *mount_query_in(const struct mount_query *query, uint64_t mnt, size_t *ret_n)
{
	const size_t first = LOWER_BOUND(query->n, i, query->hits[i].table->mnt < mnt);
	const size_t end = LOWER_BOUND(query->n, i, query->hits[i].table->mnt <= mnt);

	*ret_n = end - first;
	return end > first ? &query->hits[first] : NULL;
}

const char *mount_query_by(enum mount_by by)
{
	static const char *const names[MOUNT_BYS] = {
	        [MOUNT_BY_POINT] = "mounted there",
	        [MOUNT_BY_BELOW] = "mounted below it",
	        [MOUNT_BY_DEVICE] = "device",
	        [MOUNT_BY_TYPE] = "type",
	        [MOUNT_BY_SOURCE] = "source",
	        [MOUNT_BY_FILE_SYSTEM] = "same file system",
	        [MOUNT_BY_DIRECTORY] = "same directory",
	        [MOUNT_BY_TEXT] = "text",
	};

	return names[by];
}

/* Jobs of the program may be in other mount namespaces: it is the one that is not the child of
 * another. */
const struct process *mount_query_self(const struct model *model)
{
	for (size_t i = 0; i < model->n_processes; i++) {
		const struct process *const process = model->processes[i];
		const struct process *const parent = model_find_process(model, process->ppid);

		if (process->is_self && process->ns[NS_MNT] && !(parent && parent->is_self))
			return process;
	}
	return model_find_process(model, 1);
}

const struct ns *mount_query_own(const struct model *model)
{
	const struct process *const self = mount_query_self(model);

	return self ? self->ns[NS_MNT] : NULL;
}
