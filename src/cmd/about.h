/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"
#include "kernel/kernel.h"
#include "privsep/helper.h"
#include "ui/pages/page.h"

#include <stdio.h>

/* Prints what --version --verbose shows: libraries, the kernel and its interfaces, remaining
 * rights. A line is `name: value`, but for the table of interfaces: name, first version, state.
 * `kernel` is NULL if /proc is not mounted. */
void about_print(FILE *out, struct kernel *kernel, const struct helper *helper,
        const struct options *options);

/* --- the help -------------------------------------------------------------------------------- */

enum { ABOUT_TEXT_MAX = 256 };

struct about_interfaces {
	struct help_row rows[INTERFACE_IDS];
	char texts[INTERFACE_IDS][ABOUT_TEXT_MAX];
};

/* What the help says of them: `yes (Linux 6.18): ids that are never used again`. *ret must not be
 * moved. */
void about_interfaces(const struct kernel_features *features, struct about_interfaces *ret);
