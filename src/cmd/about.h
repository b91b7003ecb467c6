/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel.h"
#include "privsep/helper.h"

#include <stdio.h>

/* Prints what `--version --verbose` shows: libraries, features of this kernel, remaining rights.
 * One `name: value` a line. Call it after the rights have been given up as for a scan. `kernel` is
 * NULL if /proc is not mounted. */
void about_print(FILE *out, struct kernel *kernel, const struct helper *helper);
