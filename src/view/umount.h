/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A command line of umount(8) of util-linux that unmounts one mount of any mount namespace. */

#include "base/attributes.h"
#include "model/model.h"

#include <stdbool.h>
#include <stdio.h>

enum umount_state {
	UMOUNT_READY,
	UMOUNT_ROOT,    /* the root of a mount namespace cannot be unmounted */
	UMOUNT_COVERED, /* its path leads to another mount */
	UMOUNT_NO_WAY,  /* nothing that is known leads into its mount namespace */
	UMOUNT_NO_PATH, /* a path of it is one that shell_word_write refuses */
};

/* What the lines of all mounts need. */
struct umount {
	const struct model *model;
	const struct mounts *mounts;
	const struct process *self; /* mount_query_self */
	const struct ns *own;       /* mount_query_own */
	struct umount_kept *kept;   /* the way into the mount namespace of the last line */
};

/* umount_release frees it. Lines of one mount namespace after the other take least time. */
_must_check_ struct umount umount_of(const struct model *model, const struct mounts *mounts);
void umount_release(struct umount *umount);

#define _cleanup_umount_ _cleanup_(umount_release)

/* Writes the line, for a shell, as nsenter_write does: `umount -i -c -N 1374 -- /srv/data`. Returns
 * why there is none; then nothing is written.
 *
 * The umount of the host enters the mount namespace. It runs no program and loads no library that
 * is found in there: -i is for no umount.TYPE, and a program of a container is never run. With -c
 * no symbolic link is followed, but umount needs /proc/self/mountinfo in there: in a container with
 * its own PID namespace nsenter(1) enters that first. Without a process, without /proc, or if that
 * keeps a PID namespace that has ended, -c is left out, which is enough for directories. A user
 * other than root needs sudo(8).
 *
 * `table` is one of the mounts, `entry` one of its entries. */
enum umount_state umount_write(FILE *out, const struct umount *umount,
        const struct mount_table *table, const struct mount_entry *entry);

/* Writes why there is no line: `covered by /srv (tmpfs), which is to be unmounted first`. Nothing
 * for UMOUNT_READY. */
void umount_write_reason(FILE *out, enum umount_state state, const struct mount_table *table,
        const struct mount_entry *entry);

/* How many mounts are below it, which must be unmounted first (umount(2): EBUSY). */
size_t umount_count_below(const struct mount_table *table, const struct mount_entry *entry);

/* True if it is a mount of the file system that keeps a namespace without a number. */
bool umount_is_of_pin(const struct mount_entry *entry, const struct ns_pin *pin);
