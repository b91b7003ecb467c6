/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>
#include <sys/types.h>

/* Writes a file so that other processes see the old file or the whole new one, never a part. Does
 * not follow a symbolic link at its path, follows those of directories only as directory_path.h
 * says, and replaces only a regular file.
 *
 * The file gets its name when it is complete: it is made without one (O_TMPFILE) and linked through
 * /proc/self/fd (open(2)). A file system without O_TMPFILE, or without /proc, needs a temporary
 * name in the same directory, `.nsbrowse-` and 16 hexadecimal digits; replacing a file needs it,
 * too, for rename(2). The temporary file is locked (flock(2)) as long as the writer lives. */

/* Where a file is to be written. */
struct atomic_file_place {
	int directory;    /* O_RDONLY, or O_PATH if it may not be read */
	uid_t link_owner; /* only after ATOMIC_FILE_LINK: of the link */
	char name[256];   /* raw, in the directory; after ATOMIC_FILE_LINK that of the link */
};

/* What may be at the path, and who may read the new file: bits of `flags`. */
enum {
	ATOMIC_FILE_REPLACE = 1 << 0,     /* a regular file is replaced */
	ATOMIC_FILE_REPLACE_OWN = 1 << 1, /* ... if it belongs to the effective user */
	ATOMIC_FILE_READABLE = 1 << 2,    /* mode 0644, whatever the umask; else 0600 */
};

/* Errors beside those of errno(3). */
enum {
	ATOMIC_FILE_EXISTS = -10001,      /* the path exists, and is not to be replaced */
	ATOMIC_FILE_NOT_REGULAR = -10002, /* ... is a link, FIFO, directory or device */
	ATOMIC_FILE_NOT_OWN = -10003,     /* ... exists, and belongs to another user */
	ATOMIC_FILE_LINK = -10004,        /* ... has a link of another user to a directory */
};

/* Opens the directory of `path`, with the rights that the process has now. `caller` is the user
 * whose links are followed beside those of root. Always fills *ret, for atomic_file_explain.
 * Returns 0, then atomic_file_close_place closes the directory; or a negative errno or an error
 * above. */
_must_check_ int atomic_file_open_place(
        const char *path, uid_t caller, struct atomic_file_place *ret);

/* Closes the directory, if it is open. */
void atomic_file_close_place(struct atomic_file_place *place);

/* Copies `source` (a regular file or memfd, from its start) there, and calls fsync(2). An existing
 * regular file is replaced (its other hard links keep the old one) or refused, as `flags` say. What
 * has the name is never opened. Returns 0; or a negative errno or an error above: then nothing has
 * changed and no temporary file is left. Only a SIGKILL may leave one; it is removed here the next
 * time if it is a regular file of the effective user with no other link, and is not locked. */
_must_check_ int atomic_file_write_in(
        const struct atomic_file_place *place, int source, unsigned flags);

/* The text of an error, printable: "not a regular file", strerror(3); with the name and owner of a
 * link that is not followed. `place` is that of atomic_file_open_place. */
void atomic_file_explain(
        int error, const struct atomic_file_place *place, char *ret_text, size_t size);
