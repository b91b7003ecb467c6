/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

/* Writes a file so that other processes see the old file or the whole new one, never a part. Does
 * not follow a symbolic link at `path`, and replaces only a regular file. */

/* What may be at `path`, and who may read the new file: bits of `flags`. */
enum {
	ATOMIC_FILE_REPLACE = 1 << 0,     /* a regular file is replaced */
	ATOMIC_FILE_REPLACE_OWN = 1 << 1, /* ... if it belongs to the effective user */
	ATOMIC_FILE_READABLE = 1 << 2,    /* mode 0644, whatever the umask; else 0600 */
};

/* Errors beside those of errno(3). */
enum {
	ATOMIC_FILE_EXISTS = -10001,      /* `path` exists, and is not to be replaced */
	ATOMIC_FILE_NOT_REGULAR = -10002, /* `path` is a link, FIFO, directory or device */
	ATOMIC_FILE_NOT_OWN = -10003,     /* `path` exists, and belongs to another user */
};

/* Copies `source` (a regular file or memfd, from its start) to `path`: writes a temporary file in
 * the same directory (`.nsbrowse-` and a random number; O_EXCL, O_NOFOLLOW, mode 0600), calls
 * fsync(2) and renames it; if no file may be replaced, by a rename that fails if one has appeared
 * meanwhile. An existing regular file is replaced (its other hard links keep the old one) or
 * refused, as `flags` say. What is at `path` is never opened. Returns 0; or a negative errno or one
 * of the errors above: then nothing has changed and no temporary file is left. A kill in between
 * may leave the temporary file. */
_must_check_ int atomic_file_write(const char *path, int source, unsigned flags);

/* The text of an error of atomic_file_write: "not a regular file", "File exists", strerror(3). */
const char *atomic_file_strerror(int error);
