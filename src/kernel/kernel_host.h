/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel_internal.h"

/* Reads the facts of the host from procfs and by system calls. Also sets l->has_covered and
 * l->is_hiding. */
void kernel_host_read(struct kernel_linux *l, struct kernel_host *ret);

/* Closes the mountinfo that kernel_host_read keeps open. */
void kernel_host_release(struct kernel_linux *l);
