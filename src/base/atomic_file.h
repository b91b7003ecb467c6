/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>

/* Writes a file so that other processes see the old file or the whole new one, never a part. Does
 * not follow a symbolic link at `path`, and replaces only a regular file. */

/* Errors beside those of errno(3). */
enum {
	ATOMIC_FILE_EXISTS = -10001,      /* `path` exists, and `replace` is false */
	ATOMIC_FILE_NOT_REGULAR = -10002, /* `path` is a link, FIFO, directory or device */
};

/* Copies `source` (a regular file or memfd, from its start) to `path`: writes a temporary file in
 * the same directory (`.nsbrowse-` and a random number; O_EXCL, O_NOFOLLOW, mode 0600), calls
 * fsync(2) and renames it; without `replace` by a rename that fails if a file has appeared
 * meanwhile. With `replace` an existing regular file is replaced (its other hard links keep the old
 * one), else it is refused. What is at `path` is never opened. Returns 0; or a negative errno or
 * one of the two above: then nothing has changed and no temporary file is left. A kill in between
 * may leave the temporary file. */
_must_check_ int atomic_file_write(const char *path, int source, bool replace);

/* The text of an error of atomic_file_write: "not a regular file", "File exists", strerror(3). */
const char *atomic_file_strerror(int error);
