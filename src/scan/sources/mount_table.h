/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The text of one mountinfo (proc_pid_mountinfo(5)): the mounts of namespaces in it, and whether
 * the path to each is free. */

#include "base/u64.h"
#include "kernel/proc/proc_mountinfo.h"
#include "scan/scan_threads.h"

struct mount_table {
	struct proc_mount *mounts; /* by id; slices of the text */
	size_t n, capacity;
	int *access;          /* enum mount_access of each; negative: not determined yet */
	size_t *climb;        /* scratch space: a number for each mount */
	struct u64_set spots; /* a hash of (parent, mount point) for each mount */
};

/* True if the text may have mounts of namespaces, without parsing it. */
bool mount_table_is_worth(const char *text, size_t len);

/* Parses the text, which must stay valid. Malformed lines are left out. */
void mount_table_parse(struct mount_table *table, const char *text, size_t len);

void mount_table_release(struct mount_table *table);

/* If mount `i` is a mount of a namespace, returns true and sets type, inode, kind and access of
 * *ret. Amortised O(length of the path). */
bool mount_table_get(struct mount_table *table, size_t i, struct holder_record *ret);

/* Adds the id of each mount in the text; the set must be sorted after that. */
void mount_table_ids(const char *text, size_t len, struct u64_set *ids);

/* The id of the first mount in the text, 0 if there is none. */
unsigned mount_table_first_id(const char *text, size_t len);

/* Adds a holder to the list of the thread for each mount of a namespace in the text. `seen_by`
 * has what they have in common: process, tid, mnt. `root` is the path that the mount points
 * are relative to, "" for "/". */
void mount_table_add_holders(struct scan_thread *thread, const char *text, size_t len,
        const char *root, const struct holder_record *seen_by);
