/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"

#include <stddef.h>
#include <stdint.h>

/* The table of jobs of the helper. It has only the jobs that a run can need, so that the helper of
 * a run can do nothing else. */

/* What a run does, bits. */
enum {
	JOBS_SCREEN =
	        1 << 0,     /* the browser: saves, completes file names, reads and writes options */
	JOBS_FILE = 1 << 1, /* writes a file (-o) */
	JOBS_DOT = 1 << 2,  /* runs Graphviz (--layout=dot) */
	JOBS_SCAN = 1 << 3, /* reads this host */
	JOBS_RESCAN = 1 << 4, /* and does so again: namespaces of the model before are looked up */
	JOBS_FEATURES = 1 << 5, /* prints what the kernel offers (--version --verbose) */
};

enum { JOBS_MAX = 20 };

/* Fills in the jobs for a run that does `what` (JOBS_*), and scans these sources (1 << SOURCE_*).
 * Returns their number. */
size_t jobs_select(unsigned what, uint32_t sources, const struct helper_job *ret[static JOBS_MAX]);
