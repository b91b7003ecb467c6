/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel_internal.h"

/* Fills in what can be learnt of the host from procfs and from the system, and whether something is
 * mounted over processes in there (l->has_covered). */
void kernel_host_read(struct kernel_linux *l, struct kernel_host *ret);

/* Closes what kernel_host_read keeps open. */
void kernel_host_release(struct kernel_linux *l);
