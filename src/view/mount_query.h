/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A text that is searched for among the mounts of all mount namespaces: what it can mean there, and
 * which mounts it finds. */

#include "model/model.h"

/* Why a mount was found. If several apply, the first. */
enum mount_by {
	MOUNT_BY_POINT,  /* a path: it is mounted there */
	MOUNT_BY_BELOW,  /* a path: it is mounted below it */
	MOUNT_BY_DEVICE, /* MAJ:MIN: it has that device */
	MOUNT_BY_TYPE,   /* its file system has that type: "ext4"; of "fuse" also "fuse.sshfs" */
	MOUNT_BY_SOURCE, /* it has that source */
	/* It is another mount of a file system that is found: of the one that is mounted at that
	 * path in our own mount namespace, or if there is none elsewhere; of a source that is a
	 * path. */
	MOUNT_BY_FILE_SYSTEM,
	/* It is the directory or file at that path in our own mount namespace, or one below it. */
	MOUNT_BY_DIRECTORY,
	MOUNT_BY_TEXT, /* its path, source or type has that text in it; only if not exact */
	MOUNT_BYS,
};

/* `mounted there`, `mounted below it`, `same directory`, ... */
const char *mount_query_by(enum mount_by by);

struct mount_hit {
	const struct mount_table *table;
	const struct mount_entry *entry;
	enum mount_by by;
};

struct mount_query {
	char *text;                  /* as it was given */
	const struct mounts *mounts; /* a reference */
	struct mount_hit *hits;      /* in the order of tables and entries */
	size_t n;
	size_t n_unread; /* mount namespaces that may have more: read in part, or not at all */
};

/* Finds `text` in `mounts` (NULL: there are none). A path is absolute; repeated slashes, slashes at
 * its end and "." do not matter; symbolic links are not followed, and nothing but `mounts` is read.
 * `own_mnt` is the inode of our own mount namespace (mount_query_own). With `is_exact` the text is
 * one that is raw and whole (--holds), else one that is typed: escaped, and a part of a path,
 * source or type is enough. An empty text finds nothing. The caller releases the result. */
void mount_query_run(struct mount_query *ret, const char *text, const struct mounts *mounts,
        uint64_t own_mnt, bool is_exact);

/* A zeroed one is allowed; it is zeroed then. */
void mount_query_release(struct mount_query *query);

/* The hits in one mount namespace, *ret_n of them; NULL if there is none. O(log n). */
const struct mount_hit *mount_query_in(
        const struct mount_query *query, uint64_t mnt, size_t *ret_n);

/* True if a text that is typed where other things are searched, too, is one for mounts: an absolute
 * path or MAJ:MIN. */
bool mount_query_is_likely(const char *text);

/* The process that scanned, of a snapshot without it PID 1; NULL: it is not known. */
const struct process *mount_query_self(const struct model *model);

/* Its mount namespace; NULL: it is not known. */
const struct ns *mount_query_own(const struct model *model);
