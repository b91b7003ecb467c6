/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* /proc/PID/status (proc_pid_status(5)). */

#include "base/attributes.h"

#include <stddef.h>
#include <sys/types.h>

/* PID namespaces nest 32 deep below the initial one (pid_namespaces(7)). */
#define PROC_NSPID_MAX 33

/* The PIDs of the line `NSpid:` (Linux 4.1), from the PID namespace of the procfs inwards.
 * Returns 0; -ENODATA when there is no such line; -EINVAL when it is malformed or has more than
 * `max` numbers. */
_must_check_ int proc_status_nspid(
        const char *text, size_t len, pid_t *pids, size_t max, size_t *ret_n);
