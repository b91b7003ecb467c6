/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Opens files below a root directory, component by component, so that each is checked and none can
 * be replaced after that. For files of root each component belongs to root, and root alone may
 * write to it. For files of a user it belongs to that user or to root, and lies on a local file
 * system as mountinfo shows it (proc_pid_mountinfo(5)): access to others may wait for ever. */

#include "base/attributes.h"
#include "base/u64.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct container_opener {
	int root;                    /* O_PATH descriptor of the root directory */
	uid_t uid;                   /* 0: files of root */
	struct u64_set local_mounts; /* IDs of those on local file systems: for files of a user */
};

/* For the files of a user: reads mountinfo. Returns 0 or a negative errno. */
_must_check_ int container_open_init(struct container_opener *ret, const char *root, uid_t uid);
void container_open_release(struct container_opener *opener);

/* Opens a regular file of at most `max` bytes for reading. Before the first `//` of `path` symbolic
 * links of root are followed, and mounts are crossed; behind it neither. Opening never waits for a
 * FIFO or a lease (O_NONBLOCK of open(2)). Returns a descriptor or a negative errno: -ELOOP: a
 * symbolic link; -EPERM: another user could have changed it; -EXDEV, -EREMOTE: another mount, a
 * file system that is not local; -EOPNOTSUPP: the kernel does not say which mount (before
 * Linux 5.8); -EINVAL: no regular file; -EFBIG. */
_must_check_ int container_open_file(
        const struct container_opener *opener, const char *path, size_t max);

/* The same for a directory, whose entries are to be read. */
_must_check_ int container_open_directory(const struct container_opener *opener, const char *path);
