/* SPDX-License-Identifier: Apache-2.0 */
/* Tests which interfaces this kernel has, and which of them the helper may use. The tests are made
 * on the namespaces of this process; what they open is closed at once. */
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_uapi.h"
#include "kernel/privileged/privileged.h"
#include "privsep/request_check.h"

#include <linux/capability.h>
#include <string.h>
#include <sys/ioctl.h>

static bool has_handles(void)
{
	union kernel_ns_handle handle = {.room = {0}};
	int mount;

	handle.head.handle_bytes = sizeof(struct nsfs_uapi_handle);
	if (name_to_handle_at(
	            AT_FDCWD, "/proc/self/ns/user", &handle.head, &mount, AT_SYMLINK_FOLLOW) < 0)
		return false;
	_cleanup_close_ int ns =
	        open_by_handle_at(FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	return ns >= 0;
}

static void probe(struct kernel_features *ret)
{
	_cleanup_close_ int mount_ns = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	_cleanup_close_ int pid_ns = nsrel_open(AT_FDCWD, "/proc/self/ns/pid");
	struct mount_uapi_request mounts = {.size = sizeof(mounts), .mnt_id = MOUNT_UAPI_ROOT};
	struct nsfs_uapi_mnt_ns info = {.size = sizeof(info)};
	struct nsrel_key key;
	uint64_t id;

	*ret = (struct kernel_features){0};
	if (mount_ns < 0 || pid_ns < 0)
		return;
	ret->ns_id = nsrel_key(mount_ns, &key) == 0 && key.id != 0;
	ret->nsfs_handles = has_handles() && privileged_may_see_all();
	/* ENOENT: the kernel has the ioctl, and there is no next mount namespace. */
	_cleanup_close_ int next = ioctl(mount_ns, NS_MNT_GET_NEXT, &info);
	ret->mntns_next = next >= 0 || errno == ENOENT;
	ret->listmount = ioctl(mount_ns, NS_GET_MNTNS_ID, &mounts.mnt_ns_id) == 0 &&
	                 syscall(MOUNT_UAPI_LISTMOUNT, &mounts, &id, (size_t)1, 0) >= 0;
	ret->pid_from_pidns = ioctl(pid_ns, NS_GET_PID_FROM_PIDNS, getpid()) == getpid();
}

static void receive_features(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	privileged_close_fds(reply);
	if (reply->len == sizeof(struct kernel_features))
		memcpy(data, reply->bytes, sizeof(struct kernel_features));
}

void features_read(struct kernel *k, struct kernel_features *ret)
{
	const struct kernel_linux *const l = linux_of(k);

	/* Without the helper the features that need no right are known all the same. */
	probe(ret);
	const int r = privileged_call(l->privileged, &features_job,
	        &(const struct helper_request){0}, receive_features, ret);
	if (r < 0)
		ret->nsfs_handles = ret->mntns_next = ret->listmount = false;
	ret->error = r == -EOPNOTSUPP ? 0 : r;
	ret->mntns_next &= (l->interfaces & KERNEL_USE_MOUNT_NS) != 0;
	ret->listmount &= (l->interfaces & KERNEL_USE_MOUNT_NS) != 0;
	ret->ns_id &= (l->interfaces & KERNEL_USE_IDS) != 0;
	ret->nsfs_handles &= (l->interfaces & KERNEL_USE_IDS) != 0;
}

/* --- the job --------------------------------------------------------------------------------- */

static int run(const struct helper_request *request, int replies)
{
	struct kernel_features features;
	const struct helper_reply reply = {.bytes = &features, .len = sizeof(features)};

	if (!request_check_size(request, 0, 0) ||
	        privileged_keep_capabilities((const int[]){CAP_SYS_ADMIN}, 1) < 0)
		return EXIT_FAILURE;
	probe(&features);
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job features_job = {
        .name = "ns-features",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_HANDLES | SANDBOX_MOUNTS,
};
