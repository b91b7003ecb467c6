/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The mounts of mount namespaces: one tree for each of them (mount_namespaces(7),
 * proc_pid_mountinfo(5)). They are read on request, since they are many: 1,000 containers have
 * 60,000. Equal strings are stored once. Read-only once finished; it points into no model. Text is
 * raw (base/escape.h). */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MOUNTS_NO_PARENT SIZE_MAX

/* A mount. What is not known is NULL: statmount(2) does not give the source before Linux 6.13. */
struct mount_entry {
	unsigned id; /* as in mountinfo: used again once the mount is gone */
	unsigned parent_id;
	unsigned major, minor;  /* of the file system, as in st_dev (stat(2)) */
	const char *root;       /* the directory or file of the file system that is mounted */
	const char *point;      /* where, from the root of the mount namespace */
	const char *type;       /* of the file system: "ext4", "fuse.sshfs" */
	const char *source;     /* "/dev/sda1", "overlay", "" */
	const char *options;    /* of the mount: "rw,nosuid" */
	const char *fs_options; /* of the file system: "rw,size=64k" */
	/* Propagation (mount_namespaces(7)): peer groups; 0: none. */
	unsigned shared;         /* its own group */
	unsigned master;         /* it is a slave of that group */
	unsigned propagate_from; /* the nearest group above `master` that can be seen */
	bool is_unbindable;
	bool is_covered; /* another mount hides it: its path leads elsewhere */

	/* Set by mounts_builder_end. */
	unsigned depth; /* 0 for a top */
	size_t parent;  /* index in the table, or MOUNTS_NO_PARENT: it is not seen */
	size_t end;     /* index behind its last descendant */
};

/* The mounts of one mount namespace. */
struct mount_table {
	uint64_t mnt;     /* inode of the mount namespace; */
	uint64_t tag;     /* its tag (struct ns), if they were read in this run; else 0 */
	int error;        /* positive errno: they could not be read; 0: they were */
	bool is_at_least; /* there may be more: read by a process in a chroot, or cut off */
	const struct mount_entry *entries; /* in preorder, siblings by mount point, then as given */
	size_t n;
};

struct mounts {
	const struct mount_table *const *tables; /* by mnt */
	size_t n;
	size_t n_entries; /* of all tables */
};

/* References, thread-safe; NULL is allowed in both. */
const struct mounts *mounts_ref(const struct mounts *mounts);
void mounts_unref(const struct mounts *mounts);

/* NULL: that mount namespace was not read, or `mounts` is NULL. O(log n). */
const struct mount_table *mounts_find(const struct mounts *mounts, uint64_t mnt);

/* The mount with that id; NULL: there is none. Linear. */
const struct mount_entry *mounts_find_entry(const struct mount_table *table, unsigned id);

/* True if `path` is `directory` or below it. Both are absolute, without ".", ".." and repeated
 * slashes. */
bool mounts_is_within(const char *path, const char *directory);

/* The mount that a path leads to, an absolute one without ".", ".." and repeated slashes: the
 * longest mount point on it that is not covered. Symbolic links are not followed. NULL: none is
 * known. Linear. */
const struct mount_entry *mounts_at(const struct mount_table *table, const char *path);

/* Bytes of memory that it has. */
size_t mounts_size(const struct mounts *mounts);

/* --- making them ------------------------------------------------------------------------------ */

struct mounts_builder;

struct mounts_builder *mounts_builder_new(void) __attribute__((returns_nonnull));

/* Frees a builder that was not finished. NULL is allowed. */
void mounts_builder_free(struct mounts_builder *builder);

/* Bytes of memory that it has. */
size_t mounts_builder_size(const struct mounts_builder *builder);

/* A copy of these bytes, NUL-terminated: the same pointer for the same bytes. */
const char *mounts_builder_intern(struct mounts_builder *builder, const char *bytes, size_t len)
        __attribute__((returns_nonnull));

/* Adds a mount to the table that mounts_builder_end closes. Its strings are from
 * mounts_builder_intern; `depth`, `parent` and `end` are ignored. */
void mounts_builder_add(struct mounts_builder *builder, const struct mount_entry *entry);

/* Sets the tag of the table that mounts_builder_end closes next; else it is 0. */
void mounts_builder_set_tag(struct mounts_builder *builder, uint64_t tag);

/* Closes a table: the mounts that were added since the one before. Parents may form cycles (a
 * snapshot may have any values): one of the cycle is a top then. If a mount namespace has two
 * tables, the first one counts. */
void mounts_builder_end(struct mounts_builder *builder, uint64_t mnt, int error, bool is_at_least);

/* Frees the builder and returns what it made, with one reference. */
const struct mounts *mounts_builder_finish(struct mounts_builder *builder)
        __attribute__((returns_nonnull));
