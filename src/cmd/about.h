/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"
#include "kernel/kernel.h"
#include "privsep/helper.h"

#include <stdio.h>

/* Prints what --version --verbose shows: libraries, the kernel and its interfaces, remaining
 * rights. A line is `name: value`, but for the table of interfaces: name, first version, state.
 * `kernel` is NULL if /proc is not mounted. */
void about_print(FILE *out, struct kernel *kernel, const struct helper *helper,
        const struct options *options);
