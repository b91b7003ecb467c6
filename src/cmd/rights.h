/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/jobs/jobs.h"
#include "privsep/helper.h"
#include "privsep/sandbox.h"
#include "ui/pages/page.h"

#include <stdbool.h>
#include <stdio.h>

/* Gives up the rights that the main process does not need. The helper keeps its own. */

enum rights {
	RIGHTS_TO_SCAN, /* keeps CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, if they are permitted */
	RIGHTS_NONE,
};

/* Becomes the caller (caller_become) before the helper is forked, with an empty bounding set. */
_must_check_ int rights_become(const struct caller *caller);

/* Call before the first thread exists. Drops every other capability, under sudo(8) becomes the
 * caller, then sets no_new_privs, dumpable 0 and umask 077, and raises the limit of open files.
 * Returns 0 or a negative errno. */
_must_check_ int rights_drop(const struct caller *caller, enum rights rights);

/* What a run cannot do from some time on. */
struct rights_plan {
	struct sandbox_filter filter; /* of all threads */
	int ruleset;                  /* of Landlock: a descriptor, or negative */
};

/* Opens what rights_confine needs: a filter of system calls, and without RIGHTS_TO_SCAN a ruleset,
 * by which only locales and the like can be read. If there is no helper, or it can start no job,
 * this process may write files. What this build or kernel does not have is left out. Returns 0 or
 * a negative errno; the caller releases *ret in both cases. */
_must_check_ int rights_prepare(enum rights rights, bool has_helper, struct rights_plan *ret);
void rights_release(struct rights_plan *plan);

/* Puts it into effect for this process: the filter for all threads, the ruleset for this one. What
 * is open stays usable. Call when the terminal is open. Returns 0 or a negative errno. */
_must_check_ int rights_confine(const struct rights_plan *plan);

/* The ruleset for a thread that was started before. */
_must_check_ int rights_confine_thread(const struct rights_plan *plan);

/* --- what is on ------------------------------------------------------------------------------ */

enum { RIGHTS_MAX = 8, RIGHTS_TEXT_MAX = 1024 };

struct rights_list {
	struct help_row rights[RIGHTS_MAX];
	size_t n;
	char texts[RIGHTS_MAX][RIGHTS_TEXT_MAX];
};

/* What this process and the helper may do, as the kernel shows it. *ret must not be moved. */
void rights_describe(const struct helper *helper, bool has_sandbox, struct rights_list *ret);

/* Prints the capabilities that a job has at most: `job NAME: LIST`. */
void rights_print_job(FILE *out, const struct helper_job *job);
