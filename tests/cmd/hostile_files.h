/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Files that no request to the helper may change, or read and answer with, in a directory below
 * /tmp. */

#include <stdint.h>
#include <sys/types.h>

/* What secret files have. */
#define HOSTILE_FILES_MARKER "marker of a hostile request"

/* Makes `own`, the directory of the caller, `process`, which looks like that of a process,
 * `closed`, of root, and `others`, of another user. `process` and `others` have the marker. If this
 * is not root, all belong to the user, who may not write to the last two. */
void hostile_files_begin(uid_t caller);
void hostile_files_end(void);

/* The path of the directory. */
const char *hostile_files_folder(void);

/* The path of a file there; the caller frees it. */
char *hostile_files_path(const char *name);

/* A checksum of all files but those that the caller may write to: regular files in `own`. Adds to
 * *n_foreign how many of these have no suffix of a saved file. */
uint64_t hostile_files_sum(unsigned *n_foreign);
