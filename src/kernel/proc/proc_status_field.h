/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The lines of /proc/PID/status that are lists of numbers (proc_pid_status(5)). */

#include "base/attributes.h"

#include <stddef.h>
#include <stdint.h>

/* The decimal numbers of the line `NAME:` ("Uid", "Groups", "Threads"), the first `max` of them;
 * *ret_n is how many there are. Returns 0; -ENODATA when there is no such line; -EINVAL when it is
 * malformed, cut off, or has a number of more than 32 bits. */
_must_check_ int proc_status_numbers(
        const char *text, size_t len, const char *name, uint32_t *ret, size_t max, size_t *ret_n);

/* The one hexadecimal number of the line `NAME:` ("CapEff"). Returns as above. */
_must_check_ int proc_status_bits(const char *text, size_t len, const char *name, uint64_t *ret);
