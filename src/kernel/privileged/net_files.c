/* SPDX-License-Identifier: Apache-2.0 */
/* Opens the files of /proc/PID/net for a network namespace that no process is in: a job enters it,
 * and opens its own. An open file keeps showing that namespace. */
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <string.h>

/* Descriptors of one reply to ret_files. */
static void receive_file(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	int *const files = data;
	size_t i;

	if (privileged_item_index(reply, KERNEL_NET_FILES, &i) == 0 && files[i] == -ETIMEDOUT)
		files[i] = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

int net_files_open(struct kernel *k, int ns, unsigned files, int *ret_files)
{
	const uint32_t wanted = files;
	const struct helper_request request = {
	        .bytes = &wanted, .len = sizeof(wanted), .fds = &ns, .n_fds = 1};

	if (!privileged_has(linux_of(k)->privileged, &net_files_job))
		return -EOPNOTSUPP;
	for (size_t i = 0; i < KERNEL_NET_FILES; i++)
		ret_files[i] = files & 1u << i ? -ETIMEDOUT : -ENOENT;
	const int r = privileged_call(
	        linux_of(k)->privileged, &net_files_job, &request, receive_file, ret_files);
	for (size_t i = 0; i < KERNEL_NET_FILES; i++) {
		if (ret_files[i] == -ETIMEDOUT && r != -ETIMEDOUT)
			ret_files[i] = r < 0 ? r : -EIO;
	}
	return 0;
}

/* --- the job --------------------------------------------------------------------------------- */

/* `self` is the directory of this process in /proc, or a negative errno. */
static int open_file(int self, enum kernel_net_file file)
{
	if (self < 0)
		return self;
	const int fd = openat(self, kernel_net_path(file), O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int run(const struct helper_request *request, int replies)
{
	_cleanup_close_ int self = open("/proc/thread-self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint32_t wanted;
	int r;

	if (!request_check_size(request, sizeof(wanted), 1))
		return EXIT_FAILURE;
	memcpy(&wanted, request->bytes, sizeof(wanted));
	if (wanted >> KERNEL_NET_FILES)
		return EXIT_FAILURE;
	if (self < 0)
		self = -EOPNOTSUPP;
	r = privileged_enter_net(request->fds[0]);
	for (enum kernel_net_file i = 0; i < KERNEL_NET_FILES; i++) {
		if (!(wanted & 1u << i))
			continue;
		if (privileged_reply(replies, i, r < 0 ? r : open_file(self, i)) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

const struct helper_job net_files_job = {
        .name = "ns-net-files",
        .deadline_ms = JOB_NET_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER,
};
