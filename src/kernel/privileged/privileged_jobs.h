/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"

/* The jobs of the helper behind those operations of kernel.h that need rights which the scanner has
 * given up, or that may hang. An operation
 * whose job is not in the table that the helper was started with gives -EOPNOTSUPP.
 *
 * Each job gives up all capabilities but those that it needs, before anything else. */

/* When a job is called hung; what it was about is done without. The second is for those that touch
 * nothing of anybody's. */
#define PRIVILEGED_DEADLINE_MS      300
#define PRIVILEGED_LONG_DEADLINE_MS 2000

/* In the order of enum privileged_job. */
enum { PRIVILEGED_JOBS = 9 };
extern const struct helper_job *const privileged_jobs[PRIVILEGED_JOBS];

int privileged_job_mounted(const struct helper_request *request, int answer);
int privileged_job_mountinfo(const struct helper_request *request, int answer);
int privileged_job_mount_ns_list(const struct helper_request *request, int answer);
int privileged_job_mount_ns_open(const struct helper_request *request, int answer);
int privileged_job_mount_ns_mounts(const struct helper_request *request, int answer);
int privileged_job_keys(const struct helper_request *request, int answer);
int privileged_job_sockets(const struct helper_request *request, int answer);
int privileged_job_features(const struct helper_request *request, int answer);
int privileged_job_cmdlines(const struct helper_request *request, int answer);
