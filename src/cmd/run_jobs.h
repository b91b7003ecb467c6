/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "cmd/options.h"
#include "privsep/helper.h"

/* Which jobs the helper of a run has: only those that a run with these options can need, so that
 * its helper can do nothing else. */

enum { RUN_JOBS_MAX = 40 };

/* A run has one helper; if root views a snapshot it has two, which divide the jobs (start.h). */
enum run_helper {
	RUN_HELPER, /* the only one */
	RUN_WRITER, /* writes the file of -o, or new files */
	RUN_NOBODY, /* all others, as the user nobody */
};

/* Fills in the table of jobs of that helper. Returns their number. */
size_t run_jobs(const struct options *options, enum run_helper helper,
        const struct helper_job *ret[static RUN_JOBS_MAX]);

/* The jobs that any run has; returns their number. */
size_t run_jobs_all(const struct helper_job *ret[static RUN_JOBS_MAX]);
