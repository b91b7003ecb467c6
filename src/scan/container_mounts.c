/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/container_mounts.h"

#include "base/arena.h"
#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/containers/store_files.h"

#include <string.h>

/* --- mounts ----------------------------------------------------------------------------------- */

static bool starts_with(struct proc_slice slice, const char *prefix)
{
	const size_t len = strlen(prefix);

	return slice.len >= len && memcmp(slice.bytes, prefix, len) == 0;
}

/* True for a mount on which a store can be. */
static bool can_have_store(const struct proc_mount *mount)
{
	return mount->point.len == 1 || starts_with(mount->point, "/var") ||
	       starts_with(mount->point, "/run");
}

static const char *copy(struct arena *arena, struct proc_slice slice)
{
	char *const text = arena_alloc(arena, slice.len + 1);

	proc_mountinfo_unescape(slice, text);
	return text;
}

/* Words that a mount of such a file has. */
static const char ETC[] = " /etc/host", DEV[] = " /dev/termination";

static bool has_file(const char *text, size_t len)
{
	return memmem(text, len, ETC, sizeof(ETC) - 1) || memmem(text, len, DEV, sizeof(DEV) - 1);
}

/* True if the mount tells something: one that can have a store, of our own; of others the file of
 * one. Most lines are not parsed. */
static bool parse_line(const char *line, size_t len, bool is_own, struct proc_mount *ret)
{
	if (!is_own && !has_file(line, len))
		return false;
	if (proc_mountinfo_parse(line, len, ret) < 0)
		return false;
	return is_own ? can_have_store(ret)
	              : store_files_is_point(ret->point.bytes, ret->point.len);
}

/* A container has one of each; more are not kept. */
enum { FILES_MAX = 16 };

void container_mounts_note(struct scan_thread *thread, uint64_t mnt, const char *text, size_t len)
{
	struct mount_list *const list = &thread->mounts;
	const bool is_own = mnt == thread->scan->own_mnt;
	const char *const end = text + len;
	const size_t max = is_own ? SIZE_MAX : list->n + FILES_MAX;

	if (thread->scan->without_containers || mnt == 0 || !(is_own || has_file(text, len)))
		return;
	while (text < end && list->n < max) {
		const char *const newline = memchr(text, '\n', (size_t)(end - text));
		const char *const stop = newline ? newline : end;
		struct proc_mount mount;

		if (parse_line(text, (size_t)(stop - text), is_own, &mount))
			MEMORY_APPEND(list->mounts, list->n, list->capacity) =
			        (struct mount_record){.mnt = mnt,
			                .major = mount.major,
			                .minor = mount.minor,
			                .root = copy(thread->arena, mount.root),
			                .point = copy(thread->arena, mount.point)};
		text = stop + (stop < end);
	}
}

/* --- files of stores -------------------------------------------------------------------------- */

/* What the mounts in a mount namespace say. */
struct mount_words {
	uint64_t mnt;
	struct store_file file;
};

struct container_mounts {
	struct scan *scan;
	const struct mount_record **host; /* the mounts of our own namespace, by device */
	size_t n_host, host_capacity;
	struct u64_map by_mnt; /* an index of `words` */
	struct mount_words *words;
	size_t capacity;
};

static uint64_t device_of(const struct mount_record *mount)
{
	return (uint64_t)mount->major << 32 | mount->minor;
}

static int by_device(const void *a, const void *b)
{
	const struct mount_record *const *left = a;
	const struct mount_record *const *right = b;

	return COMPARE(device_of(*left), device_of(*right));
}

/* A host with thousands of containers has as many mounts. */
static void collect_host(struct container_mounts *all, uint64_t own)
{
	for (unsigned t = 0; t < all->scan->n_threads; t++) {
		const struct mount_list *const list = &all->scan->threads[t]->mounts;

		for (size_t i = 0; i < list->n; i++) {
			if (list->mounts[i].mnt == own)
				MEMORY_APPEND(all->host, all->n_host, all->host_capacity) =
				        &list->mounts[i];
		}
	}
	if (all->n_host)
		qsort(all->host, all->n_host, sizeof(struct mount_record *), by_device);
}

/* The path on the host of the root of a mount, if it is below `host`, a mount of the same device
 * that this program sees; NULL: it is not. */
static char *path_on(const struct mount_record *mount, const struct mount_record *host)
{
	static const char deleted[] = "//deleted"; /* the file was replaced */
	const size_t skipped = strcmp(host->root, "/") == 0 ? 0 : strlen(host->root);
	size_t len = strlen(mount->root);

	if (strncmp(mount->root, host->root, skipped) != 0 || mount->root[skipped] != '/')
		return NULL;
	if (len >= sizeof(deleted) - 1 &&
	        strcmp(mount->root + len - (sizeof(deleted) - 1), deleted) == 0)
		len -= sizeof(deleted) - 1;
	return memory_printf("%s%.*s", strcmp(host->point, "/") == 0 ? "" : host->point,
	        (int)(len - MIN(skipped, len)), mount->root + skipped);
}

static void add_words(struct container_mounts *all, uint64_t mnt, const struct store_file *file)
{
	bool is_new;
	const size_t i = u64_map_add(&all->by_mnt, mnt, &is_new);

	all->words = memory_grow(all->words, &all->capacity, i + 1, sizeof(*all->words));
	/* What the kubelet says tells more than the store that it uses. */
	if (is_new || file->pod_id)
		all->words[i] = (struct mount_words){mnt, *file};
}

static void match_mount(struct container_mounts *all, const struct mount_record *mount)
{
	const uint64_t device = device_of(mount);
	struct store_file file;
	size_t i = LOWER_BOUND(all->n_host, at, device_of(all->host[at]) < device);

	for (; i < all->n_host && device_of(all->host[i]) == device; i++) {
		_cleanup_free_ char *path = path_on(mount, all->host[i]);

		if (path && store_files_match(all->scan->arena, path, mount->point, &file))
			add_words(all, mount->mnt, &file);
	}
}

static void set_container(
        struct builder *builder, struct process *process, const struct store_file *file)
{
	const bool is_of_user = file->has_user && file->user != 0;

	process->container = builder_container(builder,
	        &(const struct container){.kind = file->kind,
	                .id = file->id,
	                .trust = is_of_user ? TRUST_USER : TRUST_ROOT,
	                .trust_uid = file->user,
	                .name = file->name,
	                .pod_id = file->pod_id,
	                .unit = process->label ? process->label->unit : NULL,
	                .source = "mountinfo"},
	        NULL);
	process->label = NULL;
}

void container_mounts_merge(struct scan *scan, struct builder *builder)
{
	const uint64_t own = scan->own_mnt;
	struct container_mounts all = {.scan = scan};
	size_t n, i;
	struct process *const *const processes = builder_processes(builder, &n);

	if (own)
		collect_host(&all, own);
	for (unsigned t = 0; t < scan->n_threads && all.n_host; t++) {
		const struct mount_list *const list = &scan->threads[t]->mounts;

		for (size_t m = 0; m < list->n; m++) {
			if (list->mounts[m].mnt != own)
				match_mount(&all, &list->mounts[m]);
		}
	}
	for (size_t p = 0; p < n && all.by_mnt.n; p++) {
		struct process *const process = processes[p];

		if (!process->container && !process->claim && process->ns[NS_MNT] &&
		        u64_map_find(&all.by_mnt, process->ns[NS_MNT]->inode, &i))
			set_container(builder, process, &all.words[i].file);
	}
	u64_map_release(&all.by_mnt);
	free(all.host);
	free(all.words);
}
