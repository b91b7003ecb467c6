/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/kernel.h"
#include "privsep/helper.h"

#include <stdio.h>

/* `--version --verbose`: what is built in, what this kernel offers, which rights are left. One
 * `name: value` a line; to be asked when rights have been given up as for a scan. `kernel` may be
 * NULL: there is no /proc. */
void about_print(FILE *out, struct kernel *kernel, const struct helper *helper);
