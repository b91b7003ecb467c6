/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/cgroup (cgroups(7)). */

#include "base/attributes.h"

#include <stddef.h>

/* The path that says most of where a process belongs: that of the unified hierarchy (`0::`);
 * where that is missing or `/`, that of systemd's own hierarchy (`name=systemd`); else the first
 * one. It stands inside the text, not NUL-terminated, raw. Returns 0, -ENODATA for an empty
 * text, -EINVAL for a malformed one. */
_must_check_ int proc_cgroup_parse(
        const char *text, size_t len, const char **ret_path, size_t *ret_len);
