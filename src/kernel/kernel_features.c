/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_features.h"

#include "base/attributes.h"
#include "kernel/mount_uapi.h"
#include "nsrel/nsfs_uapi.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/ioctl.h>

static bool has_sys_admin(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3];

	return syscall(SYS_capget, &head, sets) == 0 &&
	       (sets[0].effective & (1u << CAP_SYS_ADMIN)) != 0;
}

static bool is_in_initial(const char *path, int type)
{
	_cleanup_close_ int ns = nsrel_open(AT_FDCWD, path);
	struct nsrel_key key;

	return ns >= 0 && nsrel_key(ns, &key) == 0 && nsrel_is_initial(&key, type);
}

bool kernel_features_may_see_all(void)
{
	return has_sys_admin() && is_in_initial("/proc/self/ns/user", CLONE_NEWUSER) &&
	       is_in_initial("/proc/self/ns/pid", CLONE_NEWPID);
}

static bool has_handles(void)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + sizeof(struct nsfs_uapi_handle)];
	} handle = {.room = {0}};
	int mount;

	handle.head.handle_bytes = sizeof(struct nsfs_uapi_handle);
	if (name_to_handle_at(
	            AT_FDCWD, "/proc/self/ns/user", &handle.head, &mount, AT_SYMLINK_FOLLOW) < 0)
		return false;
	_cleanup_close_ int ns =
	        open_by_handle_at(FD_NSFS_ROOT, &handle.head, O_RDONLY | O_CLOEXEC);
	return ns >= 0;
}

/* Reaching the end is an answer too. */
static bool can_walk(int mount_ns)
{
	struct nsfs_uapi_mnt_ns info = {.size = sizeof(info)};
	_cleanup_close_ int next = ioctl(mount_ns, NS_MNT_GET_NEXT, &info);

	return next >= 0 || errno == ENOENT;
}

static bool can_list_mounts(int mount_ns)
{
	struct mount_uapi_request request = {.size = sizeof(request), .mnt_id = MOUNT_UAPI_ROOT};
	uint64_t id;

	return ioctl(mount_ns, NS_GET_MNTNS_ID, &request.mnt_ns_id) == 0 &&
	       syscall(MOUNT_UAPI_LISTMOUNT, &request, &id, (size_t)1, 0) >= 0;
}

static bool can_translate(int pid_ns)
{
	return ioctl(pid_ns, NS_GET_PID_FROM_PIDNS, getpid()) == getpid();
}

void kernel_features_probe(struct kernel_features *ret)
{
	_cleanup_close_ int mount_ns = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	_cleanup_close_ int pid_ns = nsrel_open(AT_FDCWD, "/proc/self/ns/pid");
	struct nsrel_key key;

	*ret = (struct kernel_features){0};
	if (mount_ns < 0 || pid_ns < 0)
		return;
	ret->ns_id = nsrel_key(mount_ns, &key) == 0 && key.id != 0;
	ret->nsfs_handles = has_handles() && kernel_features_may_see_all();
	ret->mntns_next = can_walk(mount_ns);
	ret->listmount = can_list_mounts(mount_ns);
	ret->pid_from_pidns = can_translate(pid_ns);
}
