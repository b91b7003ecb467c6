/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stddef.h>

/* Rights on files that a process gives up for itself and its children (landlock(7), Linux 5.13).
 * Not for a process that reads /proc of others: in such a domain ptrace(2) access, which links of
 * /proc/PID need, is limited to processes of the same domain.
 *
 * What an older kernel cannot restrict stays allowed. -EOPNOTSUPP: this kernel has no Landlock, and
 * nothing is restricted. */

/* The version of Landlock in this kernel; 0: it has none. */
int landlock_version(void);

/* From now on files are written, made, renamed and removed only beneath these open directories, and
 * no file is executed. Negative descriptors are left out. What is open stays usable. Sets
 * no_new_privs. Returns 0 or a negative errno. */
_must_check_ int landlock_write_beneath(const int *directories, size_t n);

/* Makes a ruleset, for landlock_restrict: files and directories are opened only for reading, and
 * only these and what is beneath them; nothing is executed, and no TCP socket bound or connected.
 * Paths that do not exist are left out. What is open stays usable. Returns a descriptor
 * (close-on-exec, the caller's) or a negative errno. */
_must_check_ int landlock_make_reading(const char *const *paths, size_t n);

/* Restricts this thread, and those that it starts, by a ruleset. Sets no_new_privs. Returns 0 or a
 * negative errno. */
_must_check_ int landlock_restrict(int ruleset);
