/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/mounts_read.h"

#include "base/memory.h"
#include "kernel/proc/proc.h"
#include "scan/ns_open.h"
#include "scan/scan_state.h"

#include <limits.h>
#include <string.h>

enum {
	PART = 64 * 1024,
	TRIES = 8, /* processes of a mount namespace that are read for one with its root directory
	            */
};

/* A mount namespace that no process has shown as a whole. */
struct missing {
	const struct ns *ns;
	int error; /* negative errno of the last that was tried; -ESRCH: nothing was there to try */
	bool is_done;    /* its table was added */
	bool has_member; /* a process shows a part */
};

/* One call. */
struct reading {
	struct kernel *kernel;
	const struct model *model;
	const atomic_bool *is_cancelled;
	struct mounts_builder *builder;
	struct missing *missing;
	size_t n_missing, missing_capacity;
	struct kernel_mount_ns *list; /* what the kernel lists, by inode */
	size_t n_list;
	char *text; /* of the mountinfo that is read */
	size_t text_capacity;
	char *word; /* without escapes, or a path with its prefix */
	size_t word_capacity;
	char root[PATH_MAX]; /* of the process that shows it; "": that of the mount namespace */
	bool lacks_source;   /* the text has no sources: they are not known */
};

static bool is_cancelled(const struct reading *reading)
{
	return reading->is_cancelled && atomic_load(reading->is_cancelled);
}

/* --- from text to a table --------------------------------------------------------------------- */

/* `prefix` and the slice without its escapes. A path below the root directory "/a" begins with a
 * slash, and the root directory itself is "/": no slash is left at the end. */
static const char *intern(struct reading *reading, const char *prefix, struct proc_slice slice)
{
	const size_t prefix_len = strlen(prefix);
	size_t len;

	reading->word = memory_grow(
	        reading->word, &reading->word_capacity, prefix_len + slice.len + 1, sizeof(char));
	memcpy(reading->word, prefix, prefix_len);
	len = prefix_len + proc_mountinfo_unescape(slice, reading->word + prefix_len);
	if (prefix_len > 0 && len == prefix_len + 1)
		len--;
	return mounts_builder_intern(reading->builder, reading->word, len);
}

/* Options stay as the kernel escapes them: a comma that is part of a value is \054. */
static const char *intern_options(struct reading *reading, struct proc_slice slice)
{
	return mounts_builder_intern(reading->builder, slice.bytes, slice.len);
}

static void add_mount(struct reading *reading, const struct proc_mount *mount, bool is_covered)
{
	const struct proc_propagation propagation = proc_mountinfo_propagation(mount);
	const struct mount_entry entry = {
	        .id = mount->id,
	        .parent_id = mount->parent,
	        .major = mount->major,
	        .minor = mount->minor,
	        .root = intern(reading, "", mount->root),
	        .point = intern(reading, reading->root, mount->point),
	        .type = intern(reading, "", mount->type),
	        .source = reading->lacks_source ? NULL : intern(reading, "", mount->source),
	        .options = intern_options(reading, mount->mount_options),
	        .fs_options = intern_options(reading, mount->options),
	        .shared = propagation.shared,
	        .master = propagation.master,
	        .propagate_from = propagation.propagate_from,
	        .is_unbindable = propagation.is_unbindable,
	        .is_covered = is_covered,
	};

	mounts_builder_add(reading->builder, &entry);
}

static void end_table(struct reading *reading, const struct ns *ns, int error, bool is_at_least)
{
	mounts_builder_set_tag(reading->builder, ns->tag);
	mounts_builder_end(reading->builder, ns->inode, error, is_at_least);
}

/* The table of a mount namespace of a text of mountinfo. */
static void add_table(struct reading *reading, const struct ns *ns, const char *text, size_t len,
        bool is_at_least)
{
	struct proc_mount_table table;

	proc_mountinfo_table_init(&table, text, len);
	for (size_t i = 0; i < table.n; i++) {
		const bool is_covered = proc_mountinfo_table_access(&table, i) == MOUNT_COVERED;

		add_mount(reading, &table.mounts[i], is_covered);
	}
	proc_mountinfo_table_release(&table);
	end_table(reading, ns, 0, is_at_least);
}

/* --- whether a text has all mounts ------------------------------------------------------------ */

static int by_inode(const void *a, const void *b)
{
	const struct kernel_mount_ns *const left = a, *const right = b;

	return COMPARE(left->key.ino, right->key.ino);
}

/* Lists the mount namespaces (Linux 6.12). */
static void list_all(struct reading *reading)
{
	struct kernel *const k = reading->kernel;

	if (!k->ops->mount_ns_list ||
	        k->ops->mount_ns_list(k, &reading->list, &reading->n_list) < 0) {
		reading->n_list = 0;
	} else if (reading->n_list > 0) {
		qsort(reading->list, reading->n_list, sizeof(*reading->list), by_inode);
	}
}

/* NULL: the kernel lists none. */
static const struct kernel_mount_ns *find_listed(const struct reading *reading, const struct ns *ns)
{
	const struct kernel_mount_ns *const list = reading->list;
	const size_t at = LOWER_BOUND(reading->n_list, i, list[i].key.ino < ns->inode);

	if (at == reading->n_list || list[at].key.ino != ns->inode ||
	        (list[at].key.id && ns->id && list[at].key.id != ns->id))
		return NULL;
	return &list[at];
}

/* The link of the root directory is "/", too, if that is one of another mount namespace, of a
 * detached mount (open_tree(2)), or of a mount that covers the root of its own: then mountinfo is
 * empty, or lacks what is covered. The kernel counts one mount more than it shows if the host began
 * with an initial RAM disk, which is below all others. */
static bool has_all(
        const struct reading *reading, const struct ns *ns, const char *text, size_t len)
{
	const struct kernel_mount_ns *const listed = find_listed(reading, ns);
	const char *const end = text + len;
	bool has_root = false;
	struct proc_mount mount;
	size_t n = 0;

	for (const char *p = text; proc_mountinfo_next(&p, end, &mount); n++)
		has_root = has_root || proc_mountinfo_equals(mount.point, "/");
	return has_root && (!listed || n + 1 >= listed->n_mounts);
}

/* --- by processes ----------------------------------------------------------------------------- */

int mounts_read_text(struct kernel *kernel, int process, char **text, size_t *capacity,
        size_t *ret_len, bool *ret_is_cut)
{
	const int file = kernel->ops->file_open(kernel, process, "mountinfo");
	ssize_t n = file;
	size_t len = 0;

	if (file < 0)
		return file;
	do {
		*text = memory_grow(*text, capacity, len + PART, sizeof(char));
		n = kernel->ops->file_read(kernel, file, *text + len, PART);
		if (n > 0)
			len += (size_t)n;
	} while (n > 0 && len < KERNEL_MOUNTINFO_MAX);
	kernel->ops->close(kernel, file);
	*ret_len = len;
	*ret_is_cut = n > 0;
	return n < 0 ? (int)n : 0;
}

/* Sets reading->root. Returns 1 if it is the root directory of the mount namespace, else 0, or a
 * negative errno. */
static int read_root(struct reading *reading, int process)
{
	struct kernel *const k = reading->kernel;
	const ssize_t n = k->ops->root_link(k, process, reading->root, sizeof(reading->root) - 1);

	reading->root[n > 0 ? n : 0] = '\0';
	if (n < 0)
		return (int)n;
	if (strcmp(reading->root, "/") == 0)
		reading->root[0] = '\0';
	return reading->root[0] == '\0';
}

/* Returns 1 if the table was added, 0 if the process sees a part of it and that is not allowed, or
 * a negative errno. */
static int read_member(struct reading *reading, int process, const struct process *member,
        const struct ns *ns, bool with_other_root)
{
	struct kernel *const k = reading->kernel;
	bool is_cut = false;
	size_t len = 0;
	int r = read_root(reading, process);
	bool is_whole = r > 0;

	if (r < 0 || (r == 0 && !with_other_root))
		return r;
	r = mounts_read_text(k, process, &reading->text, &reading->text_capacity, &len, &is_cut);
	if (r == 0)
		r = ns_open_check(k, process, member, ns);
	if (r < 0)
		return r;
	is_whole = is_whole && (is_cut || has_all(reading, ns, reading->text, len));
	if (!is_whole && !with_other_root)
		return 0;
	add_table(reading, ns, reading->text, len, is_cut || !is_whole);
	return 1;
}

/* Returns true if the table was added; else why not, in *ret. */
static bool read_by_members(
        struct reading *reading, const struct ns *ns, bool with_other_root, struct missing *ret)
{
	struct kernel *const k = reading->kernel;
	size_t at = 0;

	*ret = (struct missing){.ns = ns, .error = -ESRCH};
	for (unsigned i = 0; i < TRIES && at < ns->n_processes; i++) {
		const int process = ns_open_member(k, ns, &at);
		int r = process;

		if (process >= 0)
			r = read_member(
			        reading, process, ns->processes[at - 1], ns, with_other_root);
		kernel_close(k, process);
		if (r == 1)
			return true;
		if (r == 0)
			ret->has_member = true;
		else if (!scan_state_is_gone_error(r))
			ret->error = r;
		if (process < 0)
			break;
	}
	return false;
}

/* --- by jobs of the helper -------------------------------------------------------------------- */

/* The mount namespaces for which mount_ns_texts is called: those that are missing and have an id.
 */
struct by_ids {
	struct reading *reading;
	struct missing **missing;
	uint64_t *ids;
	size_t n;
};

static void take_text(void *data, size_t i, const struct kernel_mounts *mounts)
{
	const struct by_ids *const by_ids = data;
	struct reading *const reading = by_ids->reading;
	struct missing *const missing = by_ids->missing[i];

	if (mounts->error < 0 || is_cancelled(reading))
		return;
	reading->root[0] = '\0';
	reading->lacks_source = mounts->lacks_source;
	add_table(reading, missing->ns, mounts->text, mounts->len, mounts->is_cut);
	reading->lacks_source = false;
	missing->is_done = true;
}

/* Without entering them (Linux 6.12). What cannot be read so is tried by other ways. */
static void read_by_ids(struct reading *reading)
{
	struct kernel *const k = reading->kernel;
	struct by_ids by_ids = {.reading = reading};

	if (reading->n_missing == 0 || reading->n_list == 0 || !k->ops->mount_ns_texts)
		return;
	by_ids.missing = memory_new(reading->n_missing * sizeof(struct missing *));
	by_ids.ids = memory_new(reading->n_missing * sizeof(*by_ids.ids));
	for (size_t i = 0; i < reading->n_missing; i++) {
		struct missing *const missing = &reading->missing[i];
		const struct kernel_mount_ns *const listed = find_listed(reading, missing->ns);

		if (!listed)
			continue;
		by_ids.missing[by_ids.n] = missing;
		by_ids.ids[by_ids.n++] = listed->id;
	}
	if (by_ids.n > 0)
		k->ops->mount_ns_texts(k, by_ids.ids, by_ids.n, take_text, &by_ids);
	free(by_ids.missing);
	free(by_ids.ids);
}

/* Enters the mount namespace. Returns 1 if the table was added, or a negative errno. */
static int read_inside(struct reading *reading, const struct ns *ns)
{
	struct kernel *const k = reading->kernel;
	const int handle =
	        k->ops->mount_ns_mountinfo ? ns_open(k, reading->model, ns) : -EOPNOTSUPP;
	_cleanup_free_ char *text = NULL;
	size_t len = 0;
	int r = handle;

	if (handle >= 0)
		r = k->ops->mount_ns_mountinfo(k, handle, &text, &len);
	kernel_close(k, handle);
	if (r < 0)
		return r;
	reading->root[0] = '\0';
	add_table(reading, ns, text, len, r > 0 || !has_all(reading, ns, text, len));
	return 1;
}

/* --- all of a model --------------------------------------------------------------------------- */

static void read_missing(struct reading *reading, const struct missing *missing)
{
	struct missing last;
	int r;

	if (missing->is_done)
		return;
	r = read_inside(reading, missing->ns);
	if (r == 1 || (missing->has_member && read_by_members(reading, missing->ns, true, &last)))
		return;
	if (missing->error != -ESRCH)
		r = missing->error;
	end_table(reading, missing->ns, -r, false);
}

static void read_all(struct reading *reading)
{
	const struct model *const model = reading->model;
	struct missing missing;

	list_all(reading);
	for (size_t i = 0; i < model->n_namespaces && !is_cancelled(reading); i++) {
		const struct ns *const ns = model->namespaces[i];

		if (ns->type == NS_MNT && !read_by_members(reading, ns, false, &missing))
			MEMORY_APPEND(reading->missing, reading->n_missing,
			        reading->missing_capacity) = missing;
	}
	read_by_ids(reading);
	for (size_t i = 0; i < reading->n_missing && !is_cancelled(reading); i++)
		read_missing(reading, &reading->missing[i]);
}

int mounts_read(struct kernel *kernel, const struct model *model, const atomic_bool *cancelled,
        const struct mounts **ret)
{
	struct reading *const reading = memory_new(sizeof(*reading));
	int r = 0;

	reading->kernel = kernel;
	reading->model = model;
	reading->is_cancelled = cancelled;
	reading->builder = mounts_builder_new();
	read_all(reading);
	if (is_cancelled(reading)) {
		mounts_builder_free(reading->builder);
		r = -ECANCELED;
	} else {
		*ret = mounts_builder_finish(reading->builder);
	}
	free(reading->missing);
	free(reading->list);
	free(reading->text);
	free(reading->word);
	free(reading);
	return r;
}
