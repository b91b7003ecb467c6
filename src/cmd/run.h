/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/jobs/jobs.h"
#include "cmd/options.h"

/* Runs one of the four programs: options, snapshot, helper, rights, then the screen or a file.
 * Returns the exit status: 0 success, 1 failure, 2 wrong usage. */
int run(enum program program, int argc, char **argv);

/* The jobs that a run with these options can need (cmd/jobs/jobs.h). Returns their number. */
size_t run_jobs(const struct options *options, const struct helper_job *ret[static JOBS_MAX]);
