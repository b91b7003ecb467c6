/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* What the jobs of privileged_jobs.h have in common. */

#include "base/attributes.h"
#include "privsep/helper.h"

#include <stddef.h>
#include <stdint.h>

/* One bit for each capability (linux/capability.h). */
#define JOB_CAPABILITY(number) (UINT64_C(1) << (number))

/* Gives up all other capabilities, and that programs could get any. What is kept and permitted is
 * effective then. Returns 0 or a negative errno. */
_must_check_ int job_strip(uint64_t keep);

/* Answers for one item: with `fd_or_error`, which is closed, or the negative errno that it is.
 * Returns 0 or a negative errno: nobody wants to know any more. */
_must_check_ int job_answer(int answer, size_t index, int fd_or_error);

/* Opens our own directory of descriptors, while /proc is still ours. -EOPNOTSUPP: there is none. */
_must_check_ int job_own_fds(void);

/* Many records in one answer. */
struct job_outbox {
	int answer;
	size_t len;
	char bytes[HELPER_REQUEST_MAX];
};

/* Adds a record and the text behind it; sends what was there when there is no more room. One that
 * is too long for an answer is left out. Returns 0 or a negative errno. */
_must_check_ int job_put(
        struct job_outbox *outbox, const void *record, size_t size, const char *text, size_t len);

/* Sends the rest, and that it was all, or the error. Returns the job's exit status. */
_must_check_ int job_finish(struct job_outbox *outbox, int error);
