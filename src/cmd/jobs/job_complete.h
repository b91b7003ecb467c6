/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "privsep/helper.h"

#include <stddef.h>
#include <stdint.h>

/* The helper's job that completes a file name: it looks into a directory as the caller. */

enum { COMPLETED_NAMES = 8192 };

/* What there is. */
struct completed {
	char error[160];   /* our own words when it could not look; else "" */
	char prefix[4096]; /* as it was asked for */
	char text[4096];   /* what all that begin with it begin with, as typed: `~/` stays */
	size_t n_all;      /* how many do */
	size_t n;          /* how many names there are */
	char names[COMPLETED_NAMES]; /* the first of them, sorted, each ends with NUL; a directory's
	                                ends with `/` before that */
};

/* The row of the table of jobs. */
int job_complete_run(const struct helper_request *request, int answer);
#define JOB_COMPLETE_ROW                                                                           \
	{                                                                                          \
		"complete a name", 3000, job_complete_run                                          \
	}

/* Reads the answer, after the word that the job ended. Always fills *ret. */
void job_completed(int answer, struct completed *ret);
