/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* A line of /proc/PID/mountinfo (proc_pid_mountinfo(5)). */

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

/* Bytes of the line: not NUL-terminated, and escapes such as \040 as the kernel wrote them. */
struct proc_slice {
	const char *bytes;
	size_t len;
};

struct proc_mount {
	unsigned id, parent; /* reused after the mount is gone */
	unsigned major, minor;
	struct proc_slice root;
	struct proc_slice point;
	struct proc_slice type;
	struct proc_slice options; /* of the file system, not of the mount */
};

/* `len` without the newline. Returns 0 or -EINVAL. */
_must_check_ int proc_mountinfo_parse(const char *line, size_t len, struct proc_mount *ret);

/* True if `list` (comma separated) has the option `name`; then its value, which is empty for an
 * option without one. */
bool proc_mountinfo_option(struct proc_slice list, const char *name, struct proc_slice *ret_value);

/* Writes a root or mount point to `buffer`, which has room for slice.len + 1 bytes, with escapes
 * such as \040 replaced, and ends it with NUL. Returns its length. */
size_t proc_mountinfo_unescape(struct proc_slice slice, char *buffer);

/* True if the bytes are those of the string `s`. */
bool proc_mountinfo_equals(struct proc_slice slice, const char *s);
