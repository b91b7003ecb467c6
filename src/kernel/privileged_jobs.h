/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/helper.h"

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

/* Beyond that a job of the scanner hangs; what it was about is done without. */
#define PRIVILEGED_DEADLINE_MS 300

/* clang-format off */
#define PRIVILEGED_JOB_ROWS(first) \
	[(first)] = {"ns-mounted", PRIVILEGED_DEADLINE_MS, privileged_mounted}
/* clang-format on */

int privileged_mounted(const struct helper_request *request, int answer);
