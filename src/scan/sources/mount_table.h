/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The text of one mountinfo (proc_pid_mountinfo(5)): the mounts of namespaces in it, and whether
 * the way to each is free. */

#include "base/u64_set.h"
#include "kernel/proc/proc_mountinfo.h"
#include "model/nstype.h"

struct mount_table {
	struct proc_mount *mounts; /* by id; slices of the text */
	size_t n, capacity;
	int *ways;            /* to each: a refusal as in records.h, or 1: not looked for yet */
	size_t *climb;        /* for looking for one: room for the numbers of all mounts */
	struct u64_set spots; /* a hash of (parent, mount point) for each mount */
};

/* A mount of a namespace. */
struct mount_find {
	enum nstype type;
	uint64_t inode;
	unsigned id;             /* of the mount */
	struct proc_slice point; /* as in the text */
	int refusal;             /* as in records.h */
};

/* True if the text can have such mounts at all, without parsing it. */
bool mount_table_is_worth(const char *text, size_t len);

/* Parses the text, which must stay. What is malformed is left out. */
void mount_table_parse(struct mount_table *table, const char *text, size_t len);

void mount_table_release(struct mount_table *table);

/* The namespace mounted by number `i` of the table; false: another kind of mount. What is learned
 * of the way there is kept in the table. */
bool mount_table_get(struct mount_table *table, size_t i, struct mount_find *ret);

/* Adds the number of each mount in the text. */
void mount_table_ids(const char *text, size_t len, struct u64_set *ids);

/* The number of the first mount in the text, 0 if there is none. */
unsigned mount_table_first_id(const char *text, size_t len);
