/* SPDX-License-Identifier: Apache-2.0 */
/* Opens namespaces by their keys or ids alone, that is by file handles (Linux 6.18, 6.19). */
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>

#define NO_REPLY (-EIO)

struct keys_call {
	size_t n;
	int *fds;
};

static void receive_key(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	const struct keys_call *const call = data;
	size_t i;

	if (privileged_item_index(reply, call->n, &i) == 0 && call->fds[i] == NO_REPLY)
		call->fds[i] = privileged_item_fd(reply);
	else
		privileged_close_fds(reply);
}

int ns_keys_open(
        struct kernel *k, const struct nsrel_key *keys, const int *types, size_t n, int *ret_ns)
{
	struct nsfs_uapi_handle handles[KERNEL_KEYS_MAX];
	struct keys_call call = {n, ret_ns};

	if (!linux_of(k)->has_link_keys || !(linux_of(k)->interfaces & KERNEL_USE_IDS))
		return -EOPNOTSUPP;
	if (n > KERNEL_KEYS_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++) {
		ret_ns[i] = NO_REPLY;
		handles[i] = (struct nsfs_uapi_handle){
		        .id = keys[i].id,
		        /* Both or none. */
		        .type = keys[i].ino ? (uint32_t)types[i] : 0,
		        .inum = (uint32_t)keys[i].ino,
		};
	}
	const struct helper_request request = {.bytes = handles, .len = n * sizeof(*handles)};
	const int r = n ? privileged_call(linux_of(k)->privileged, &ns_keys_job, &request,
	                          receive_key, &call)
	                : 0;
	for (size_t i = 0; i < n; i++) {
		if (ret_ns[i] == NO_REPLY && r < 0)
			ret_ns[i] = r;
	}
	return r == -EOPNOTSUPP ? r : 0;
}

/* --- the job --------------------------------------------------------------------------------- */

int ns_keys_open_handle(const struct nsfs_uapi_handle *nsfs, bool may_see_all)
{
	union kernel_ns_handle handle = {.room = {0}};

	handle.head.handle_bytes = sizeof(*nsfs);
	handle.head.handle_type = FILEID_NSFS;
	memcpy(handle.room + offsetof(struct file_handle, f_handle), nsfs, sizeof(*nsfs));
	const int fd = open_by_handle_at(FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		return fd;
	/* Before 6.18 FD_NSFS_ROOT is no valid descriptor. */
	if (errno == EBADF)
		return -EOPNOTSUPP;
	return errno == ESTALE && !may_see_all ? -EPERM : -errno;
}

static int run(const struct helper_request *request, int replies)
{
	const size_t n = request->len / sizeof(struct nsfs_uapi_handle);
	const int r = privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1);
	const bool may_see_all = privileged_check_sees_all() == 0;

	if (!request_check_size(request, n * sizeof(struct nsfs_uapi_handle), 0))
		return EXIT_FAILURE;
	for (size_t i = 0; i < n; i++) {
		struct nsfs_uapi_handle handle;

		memcpy(&handle, (const char *)request->bytes + i * sizeof(handle), sizeof(handle));
		if (privileged_reply(
		            replies, i, r < 0 ? r : ns_keys_open_handle(&handle, may_see_all)) < 0)
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}

const struct helper_job ns_keys_job = {
        .name = "ns-keys",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_HANDLES,
};
