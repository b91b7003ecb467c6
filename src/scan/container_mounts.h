/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Containers of processes whose control group tells none, by the files that engines mount into
 * them (containers/store_files.h). mountinfo has the path of such a file in its file system, which
 * is compared with the mounts that this program sees: the file must be in the store of the engine.
 * A file with such a path elsewhere, or on another file system, is none. */

#include "model/builder.h"
#include "scan/scan_state.h"

/* Keeps those mounts of a mountinfo that can tell; `mnt` is the inode of the mount namespace. */
void container_mounts_note(struct scan_thread *thread, uint64_t mnt, const char *text, size_t len);

/* Sets the containers of processes that have none, after container_monitors_merge. */
void container_mounts_merge(struct scan *scan, struct builder *builder);
