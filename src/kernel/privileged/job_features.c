/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_features.h"
#include "kernel/privileged/job_parts.h"
#include "kernel/privileged/privileged_jobs.h"

#include <linux/capability.h>

int privileged_job_features(_unused_ const struct helper_request *request, int answer)
{
	struct kernel_features features;

	if (job_strip(JOB_CAPABILITY(CAP_SYS_ADMIN)) < 0)
		return EXIT_FAILURE;
	kernel_features_probe(&features);
	const struct helper_reply message = {.bytes = &features, .len = sizeof(features)};
	return helper_send_reply(answer, &message) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
