/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"
#include "privsep/helper.h"

/* Runs one of the four programs: options, snapshot, helper, rights, then the screen or a file.
 * Returns the exit status: 0 success, 1 failure, 2 wrong usage. */
int run(enum program program, int argc, char **argv);

enum { RUN_JOBS_MAX = 40 };

/* The table of jobs of the helper: only those that a run with these options can need, so that its
 * helper can do nothing else. Returns their number. */
size_t run_jobs(const struct options *options, const struct helper_job *ret[static RUN_JOBS_MAX]);
