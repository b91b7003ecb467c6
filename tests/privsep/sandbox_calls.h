/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include <stdint.h>

/* Tries system calls below the filter of some groups, each in a process of its own: those of these
 * groups and SANDBOX_WORK must do something, all others fail with EPERM. Prints each that does not,
 * and returns their number; -1 if there are no filters here. `*ret_n` is how many were tried. */
int sandbox_calls_try(uint32_t calls, int *ret_n);
