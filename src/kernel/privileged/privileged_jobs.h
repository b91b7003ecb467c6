/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "privsep/helper.h"

/* The jobs of the helper behind those operations of kernel.h that need rights which the scanner has
 * given up, or that may hang. Whoever starts the helper has the rows in the table of its jobs, and
 * tells kernel_linux_set_helper where they begin:
 *
 *	static const struct helper_job jobs[] = {
 *		[JOB_WRITE_FILE] = {...},
 *		PRIVILEGED_JOB_ROWS(JOB_NAMES + 1),
 *	};
 *
 * Each job gives up all capabilities but those that it needs, before anything else. */

/* When a job is called hung; what it was about is done without. The second is for those that touch
 * nothing of anybody's. */
#define PRIVILEGED_DEADLINE_MS      300
#define PRIVILEGED_LONG_DEADLINE_MS 2000

/* In the order of enum privileged_job. */
/* clang-format off */
#define PRIVILEGED_JOB_ROWS(first) \
	[(first)] = {"ns-mounted", PRIVILEGED_DEADLINE_MS, privileged_job_mounted}, \
	{"ns-mountinfo", PRIVILEGED_DEADLINE_MS, privileged_job_mountinfo}, \
	{"ns-list", PRIVILEGED_LONG_DEADLINE_MS, privileged_job_mount_ns_list}, \
	{"ns-open", PRIVILEGED_LONG_DEADLINE_MS, privileged_job_mount_ns_open}, \
	{"ns-mounts", PRIVILEGED_LONG_DEADLINE_MS, privileged_job_mount_ns_mounts}, \
	{"ns-keys", PRIVILEGED_LONG_DEADLINE_MS, privileged_job_keys}, \
	{"ns-sockets", PRIVILEGED_DEADLINE_MS, privileged_job_sockets}, \
	{"ns-features", PRIVILEGED_LONG_DEADLINE_MS, privileged_job_features}, \
	{"cmdlines", PRIVILEGED_DEADLINE_MS, privileged_job_cmdlines}
/* clang-format on */

int privileged_job_mounted(const struct helper_request *request, int answer);
int privileged_job_mountinfo(const struct helper_request *request, int answer);
int privileged_job_mount_ns_list(const struct helper_request *request, int answer);
int privileged_job_mount_ns_open(const struct helper_request *request, int answer);
int privileged_job_mount_ns_mounts(const struct helper_request *request, int answer);
int privileged_job_keys(const struct helper_request *request, int answer);
int privileged_job_sockets(const struct helper_request *request, int answer);
int privileged_job_features(const struct helper_request *request, int answer);
int privileged_job_cmdlines(const struct helper_request *request, int answer);
