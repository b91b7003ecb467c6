/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/uid_map, gid_map and setgroups (user_namespaces(7)). */

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lines that a map may have (Linux 4.15; 5 before). */
#define PROC_MAPS_MAX 340

struct proc_range {
	uint32_t inside;
	uint32_t outside;
	uint32_t count;
};

/* Returns 0 and the lines, none for a map that was not written yet; -EINVAL when the text is
 * malformed, a number is too large, or there are more than `max` lines. */
_must_check_ int proc_maps_parse(
        const char *text, size_t len, struct proc_range *ranges, size_t max, size_t *ret_n);

/* Returns 0 and whether it reads `allow`; -EINVAL when it reads neither that nor `deny`. */
_must_check_ int proc_maps_setgroups(const char *text, size_t len, bool *ret_is_allowed);
