/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdbool.h>

/* Writing a file so that whoever looks sees the old one or the new one, never a part. Never
 * follows a symbolic link at `path`, never touches anything but a regular file. */

/* What stands in the way when it is no errno of the system's. */
enum {
	ATOMIC_FILE_EXISTS = -10001,      /* something is there, and may not be replaced */
	ATOMIC_FILE_NOT_REGULAR = -10002, /* a link, FIFO, directory or device is there */
};

/* Copies all that can be read from `source` (a regular file or memfd, from its start) to `path`:
 * into a temporary file beside it (`.nsbrowse-` and a random number; O_EXCL, O_NOFOLLOW, mode
 * 0600), fsync, then rename (without `replace` one that never replaces, so that a file that
 * appears meanwhile is not lost). With `replace` an existing regular file is replaced (its other
 * hard links keep the old one), else it is refused. What is at `path` is never opened.
 * Returns 0, an errno as a negative number, or one of the two above; then nothing has changed
 * and no temporary file is left. A kill in between may leave the temporary file. */
_must_check_ int atomic_file_write(const char *path, int source, bool replace);

/* The words for an error of atomic_file_write: "not a regular file", "File exists", strerror. */
const char *atomic_file_strerror(int error);
