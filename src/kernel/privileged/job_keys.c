/* SPDX-License-Identifier: Apache-2.0 */
/* Opens namespaces by their file handles (Linux 6.18). */
#include "kernel/kernel_features.h"
#include "kernel/privileged/job_parts.h"
#include "kernel/privileged/privileged_jobs.h"
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <string.h>

static const uint64_t NEEDED = JOB_CAPABILITY(CAP_SYS_ADMIN);

/* To one who may not see it a namespace is as good as gone. */
static int open_handle(const struct nsfs_uapi_handle *nsfs, bool may_see_all)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + sizeof(*nsfs)];
	} handle = {.room = {0}};

	handle.head.handle_bytes = sizeof(*nsfs);
	handle.head.handle_type = FILEID_NSFS;
	memcpy(handle.room + offsetof(struct file_handle, f_handle), nsfs, sizeof(*nsfs));
	const int fd = open_by_handle_at(FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	/* Before 6.18 that number is no descriptor. */
	if (errno == EBADF)
		return -EOPNOTSUPP;
	return errno == ESTALE && !may_see_all ? -EPERM : -errno;
}

int privileged_job_keys(const struct helper_request *request, int answer)
{
	const size_t n = request->len / sizeof(struct nsfs_uapi_handle);
	const int r = job_strip(NEEDED);
	const bool may_see_all = kernel_features_may_see_all();

	for (size_t i = 0; i < n; i++) {
		struct nsfs_uapi_handle handle;

		memcpy(&handle, (const char *)request->bytes + i * sizeof(handle), sizeof(handle));
		if (job_answer(answer, i, r < 0 ? r : open_handle(&handle, may_see_all)) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
