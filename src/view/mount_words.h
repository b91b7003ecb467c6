/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/mounts.h"

#include <stdbool.h>
#include <stdio.h>

/* The words for one mount (proc_pid_mountinfo(5)) in every output. The functions write escaped text
 * (base/escape.h) to a stream; errors stay in the stream. What is not known is `unknown`. */

/* `/srv/data`: where it is mounted, from the root of its mount namespace. */
void mount_words_path(FILE *out, const struct mount_entry *entry);

/* `/www`: the directory or file of the file system that is mounted; `/` if it is the whole one. */
void mount_words_root(FILE *out, const struct mount_entry *entry);

/* True if the mount shows a part of the file system. */
bool mount_words_is_part(const struct mount_entry *entry);

/* `ext4`, `fuse.sshfs`. */
void mount_words_type(FILE *out, const struct mount_entry *entry);

/* `/dev/sdb1`, `overlay`; `-` if it is empty. */
void mount_words_source(FILE *out, const struct mount_entry *entry);

/* `8:17`: the device number of the file system. */
void mount_words_device(FILE *out, const struct mount_entry *entry);

/* `rw,nosuid`: what the mount allows. It begins with `ro` if the file system is read-only, too. */
void mount_words_options(FILE *out, const struct mount_entry *entry);

/* `rw,size=64k`: of the file system. */
void mount_words_fs_options(FILE *out, const struct mount_entry *entry);

/* `shared 5`, `slave of 3`, `shared 5, slave of 3, receives from 2`, `private`, `unbindable`: the
 * propagation type (mount_namespaces(7)), with the numbers of peer groups. */
void mount_words_propagation(FILE *out, const struct mount_entry *entry);

/* `/srv (ext4)`: the name of a mount in a message or title. */
void mount_words_name(FILE *out, const struct mount_entry *entry);

/* A line of the tree of mounts: `/srv type "ext4" source "/dev/sdb1" device 8:17 directory "/www"
 * shared 5 covered options rw,nosuid`. The directory is left out for a whole file system. */
void mount_words_line(FILE *out, const struct mount_entry *entry);

/* What a mount is found by, as above, each in a line: mount point, source, type, device, directory,
 * propagation, options of the mount and of the file system. */
void mount_words_fields(FILE *out, const struct mount_entry *entry);

/* What --long appends to that: ` id 41 parent 23 file system options rw,size=64k`. */
void mount_words_long(FILE *out, const struct mount_entry *entry);
