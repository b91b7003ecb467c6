/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"

#include <stdio.h>

/* Gives up the rights that the main process does not need. The helper keeps its own. */

enum rights {
	RIGHTS_TO_SCAN, /* keeps CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, if they are permitted */
	RIGHTS_NONE,
};

/* Call before the first thread exists. Drops every other capability, under sudo(8) becomes the
 * caller, then sets no_new_privs, dumpable 0 and umask 077, and raises the limit of open files.
 * Returns 0 or a negative errno. */
_must_check_ int rights_drop(const struct caller *caller, enum rights rights);

/* Prints the rights of this process as the kernel shows them: one `name: value` a line. */
void rights_print(FILE *out);
