/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"

#include <stddef.h>

/* The job that completes a file name: it lists a directory as the caller. */

enum { COMPLETED_NAMES = 8192 };

/* Its reply. */
struct completed {
	char error[160];   /* printable text if the directory could not be listed; else "" */
	char prefix[4096]; /* of the request */
	char text[4096];   /* the longest prefix that all matches share, as typed: `~/` stays */
	size_t n_all;      /* number of matches */
	size_t n;          /* number of names: */
	char names[COMPLETED_NAMES]; /* the first of them, sorted, each ends with NUL; those of
	                                directories with `/` before it */
};

extern const struct helper_job complete_job;

/* Starts to look for file names that begin with `prefix`. Returns as helper_start_job;
 * -ENAMETOOLONG. */
_must_check_ int complete_start(
        struct helper *helper, const char *prefix, struct helper_pending *ret);

/* Reads the reply after the exit notice, and closes pending->replies. Always fills *ret. */
void complete_finish(
        const struct helper_exit *notice, struct helper_pending *pending, struct completed *ret);
