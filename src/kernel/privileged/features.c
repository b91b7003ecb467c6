/* SPDX-License-Identifier: Apache-2.0 */
/* Probes each interface of kernel/interfaces.def on namespaces, files and sockets of this process;
 * what they open is closed at once. The job probes those that only jobs use, with the capabilities
 * that they have for them. */
#include "base/descriptors.h"
#include "kernel/interfaces.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/mount_uapi.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"
#include "nsrel/statx.h"
#include "privsep/capabilities.h"
#include "privsep/landlock.h"
#include "privsep/pidfd_uapi.h"
#include "privsep/request_check.h"
#include "privsep/sandbox.h"

#include <linux/capability.h>
#include <linux/kcmp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* What the probes use. Descriptors; a negative errno: it could not be opened. */
struct own {
	int proc;           /* procfs */
	int ns_dir;         /* /proc/self/ns */
	int mnt, pid, user; /* our namespaces */
	const char *link;   /* of ns_dir, that is looked for */
};

/* Returns 0, or the negative errno that interfaces_result takes. */
typedef int probe_fn(const struct own *own);

/* For calls that return a descriptor, or -1 and errno. */
static int close_or_errno(long fd)
{
	if (fd < 0)
		return -errno;
	close((int)fd);
	return 0;
}

static int zero_or_errno(long r)
{
	return r < 0 ? -errno : 0;
}

/* --- namespaces ------------------------------------------------------------------------------ */

/* Without a type of namespaces the directory has no link of it. */
static int probe_link(const struct own *own)
{
	char text[64];

	if (own->ns_dir < 0)
		return own->ns_dir;
	if (readlinkat(own->ns_dir, own->link, text, sizeof(text)) >= 0)
		return 0;
	return errno == ENOENT ? -EOPNOTSUPP : -errno;
}

/* EPERM: the owner is outside of what this process may see (ioctl_nsfs(2)), or the kernel has no
 * user namespaces. */
static int probe_owner(const struct own *own)
{
	struct nsrel_key key;

	if (own->mnt < 0)
		return own->mnt;
	const int r = close_or_errno(ioctl(own->mnt, NS_GET_USERNS));
	if (r != -EPERM)
		return r;
	if (own->user < 0)
		return own->user;
	const int error = nsrel_key(own->user, &key);
	if (error < 0)
		return error;
	/* Nothing is outside of the initial one: a filter of system calls refuses it. */
	return nsrel_is_initial(&key, CLONE_NEWUSER) ? r : 0;
}

/* EINVAL: mount namespaces have no parents. Of the others the parent may be outside. */
static int probe_parent(const struct own *own)
{
	if (own->mnt < 0)
		return own->mnt;
	const int r = close_or_errno(ioctl(own->mnt, NS_GET_PARENT));
	return r == -EINVAL ? 0 : r;
}

static int probe_type(const struct own *own)
{
	return own->mnt < 0 ? own->mnt : zero_or_errno(ioctl(own->mnt, NS_GET_NSTYPE));
}

static int probe_owner_uid(const struct own *own)
{
	uid_t uid = (uid_t)-1;

	return own->user < 0 ? own->user : zero_or_errno(ioctl(own->user, NS_GET_OWNER_UID, &uid));
}

static int probe_mount_id(const struct own *own)
{
	uint64_t id = 0;

	return own->mnt < 0 ? own->mnt : zero_or_errno(ioctl(own->mnt, NS_GET_MNTNS_ID, &id));
}

static int probe_id(const struct own *own)
{
	uint64_t id = 0;

	return own->mnt < 0 ? own->mnt : zero_or_errno(ioctl(own->mnt, NS_GET_ID, &id));
}

static int probe_pid(const struct own *own)
{
	return own->pid < 0 ? own->pid
	                    : zero_or_errno(ioctl(own->pid, NS_GET_TGID_IN_PIDNS, getpid()));
}

/* Before Linux 6.18 namespaces have no file handles: EOPNOTSUPP. */
static int read_handle(const struct own *own, struct nsfs_uapi_handle *ret)
{
	union kernel_ns_handle handle = {.room = {0}};
	int mount;

	if (own->ns_dir < 0)
		return own->ns_dir;
	handle.head.handle_bytes = sizeof(*ret);
	if (name_to_handle_at(own->ns_dir, "mnt", &handle.head, &mount, AT_SYMLINK_FOLLOW) < 0)
		return errno == EOVERFLOW ? -EOPNOTSUPP : -errno;
	if (handle.head.handle_type != FILEID_NSFS || handle.head.handle_bytes != sizeof(*ret))
		return -EOPNOTSUPP;
	memcpy(ret, handle.room + offsetof(struct file_handle, f_handle), sizeof(*ret));
	return 0;
}

static int probe_handle(const struct own *own)
{
	struct nsfs_uapi_handle handle;

	return read_handle(own, &handle);
}

/* Any process may open its own namespaces: those of others need more. */
static int probe_open_handle(const struct own *own)
{
	struct nsfs_uapi_handle handle;
	const int sees_all = privileged_check_sees_all();
	const int r = read_handle(own, &handle);
	_cleanup_close_ int ns = r < 0 ? r : ns_keys_open_handle(&handle, sees_all == 0);

	return ns < 0 ? ns : sees_all;
}

/* Linux 6.18 refuses a handle that has nothing but the id, as if the namespace were gone. */
static int probe_open_id(const struct own *own)
{
	struct nsfs_uapi_handle handle;
	const int r = read_handle(own, &handle);

	if (r < 0)
		return r;
	handle.type = handle.inum = 0;
	_cleanup_close_ int ns = ns_keys_open_handle(&handle, true);
	if (ns < 0)
		return ns == -ESTALE ? -EOPNOTSUPP : ns;
	return privileged_check_sees_all();
}

/* Without the right to see all, the kernel lists those of the caller. */
static int probe_listns(_unused_ const struct own *own)
{
	struct nsfs_uapi_list wanted = {.size = sizeof(wanted), .ns_type = CLONE_NEWUSER};
	uint64_t id;
	const int r = zero_or_errno(syscall(NSFS_UAPI_LISTNS, &wanted, &id, (size_t)1, 0));

	return r == 0 ? privileged_check_sees_all() : r;
}

/* --- mounts ---------------------------------------------------------------------------------- */

/* ENOENT: there is no next mount namespace. */
static int probe_next(const struct own *own)
{
	struct nsfs_uapi_mnt_ns info = {.size = sizeof(info)};

	if (own->mnt < 0)
		return own->mnt;
	const int r = close_or_errno(ioctl(own->mnt, NS_MNT_GET_NEXT, &info));
	return r == -ENOENT ? 0 : r;
}

/* Of our own mount namespace, with the first version of the request. */
static int probe_listmount(_unused_ const struct own *own)
{
	struct mount_uapi_request request = {
	        .size = offsetof(struct mount_uapi_request, mnt_ns_id), .mnt_id = MOUNT_UAPI_ROOT};
	struct mount_uapi_statmount mount;
	uint64_t id;
	const long n = syscall(MOUNT_UAPI_LISTMOUNT, &request, &id, (size_t)1, 0);

	if (n <= 0)
		return zero_or_errno(n);
	request.mnt_id = id;
	request.param = MOUNT_UAPI_MNT_BASIC;
	return zero_or_errno(syscall(MOUNT_UAPI_STATMOUNT, &request, &mount, sizeof(mount), 0));
}

/* Of our own namespace no right is needed. ENOENT: no right (measured up to 7.3). */
static int probe_listmount_ns(const struct own *own)
{
	struct mount_uapi_request request = {.size = sizeof(request), .mnt_id = MOUNT_UAPI_ROOT};
	uint64_t id;

	if (own->mnt < 0)
		return own->mnt;
	if (ioctl(own->mnt, NS_GET_MNTNS_ID, &request.mnt_ns_id) < 0)
		return -errno;
	const int r = zero_or_errno(syscall(MOUNT_UAPI_LISTMOUNT, &request, &id, (size_t)1, 0));
	return r == -ENOENT || (r == 0 && !capabilities_has(CAP_SYS_ADMIN)) ? -EPERM : r;
}

/* In headers since Linux 5.2. ENODEV: a kernel without POSIX message queues. */
static int probe_fsopen(_unused_ const struct own *own)
{
#ifdef SYS_fsopen
	const int r = close_or_errno(syscall(SYS_fsopen, "mqueue", 1 /* FSOPEN_CLOEXEC */));

	return r == -ENODEV ? -EOPNOTSUPP : r;
#else
	return -EOPNOTSUPP;
#endif
}

/* --- processes, descriptors and sockets ------------------------------------------------------ */

static int probe_kcmp(_unused_ const struct own *own)
{
	return zero_or_errno(syscall(SYS_kcmp, getpid(), getpid(), KCMP_FILES, 0, 0));
}

static int probe_statx(const struct own *own)
{
	struct statx st;

	return zero_or_errno(
	        syscall(SYS_statx, own->proc, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0U, &st));
}

static int probe_fdinfo(const struct own *own)
{
	char path[64], text[512];
	uint64_t inode;

	if (own->mnt < 0)
		return own->mnt;
	snprintf(path, sizeof(path), "self/fdinfo/%d", own->mnt);
	_cleanup_close_ int file = openat(own->proc, path, O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return -errno;
	const ssize_t n = read(file, text, sizeof(text));
	if (n < 0)
		return -errno;
	return proc_fdinfo_inode(text, (size_t)n, &inode) < 0 ? -EOPNOTSUPP : 0;
}

static int probe_pidfd(_unused_ const struct own *own)
{
	return close_or_errno(syscall(SYS_pidfd_open, getpid(), 0));
}

/* EINVAL: before Linux 6.9 only processes have pidfds. */
static int probe_pidfd_thread(_unused_ const struct own *own)
{
	return close_or_errno(syscall(SYS_pidfd_open, getpid(), PIDFD_THREAD));
}

static int probe_children(_unused_ const struct own *own)
{
	_cleanup_close_ int process = (int)syscall(SYS_pidfd_open, getpid(), PIDFD_THREAD);

	return process < 0
	               ? -errno
	               : close_or_errno(ioctl(process, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, 0));
}

static int probe_getfd(_unused_ const struct own *own)
{
	_cleanup_close_ int process = (int)syscall(SYS_pidfd_open, getpid(), 0);

	return process < 0 ? -errno : close_or_errno(syscall(SYS_pidfd_getfd, process, process, 0));
}

static int probe_socket(_unused_ const struct own *own)
{
	int sockets[2], r = descriptors_pair(sockets);

	if (r < 0)
		return r;
	r = close_or_errno(ioctl(sockets[0], SIOCGSKNS));
	close(sockets[0]);
	close(sockets[1]);
	return r;
}

/* ENODEV: no CPU has them (gVisor). */
static int probe_events(_unused_ const struct own *own)
{
	const int r = events_probe();

	return r == -ENODEV ? -EOPNOTSUPP : r;
}

/* EFAULT: the kernel has filters, and reads that one (PR_SET_SECCOMP(2const)). */
static int probe_seccomp(_unused_ const struct own *own)
{
	if (sandbox_is_on() || prctl(PR_SET_SECCOMP, 2 /* SECCOMP_MODE_FILTER */, NULL, 0, 0) == 0)
		return 0;
	return errno == EFAULT ? 0 : -errno;
}

static int probe_landlock(_unused_ const struct own *own)
{
	errno = 0;
	if (landlock_version() > 0)
		return 0;
	return errno ? -errno : -EOPNOTSUPP;
}

/* --- the table ------------------------------------------------------------------------------- */

static const struct {
	probe_fn *probe;
	const char *link;    /* of /proc/self/ns */
	unsigned interfaces; /* KERNEL_USE_*: without one of these it is not used; 0: always */
} PROBES[] = {
        [INTERFACE_IPC_NS] = {probe_link, "ipc", 0},
        [INTERFACE_NET_NS] = {probe_link, "net", 0},
        [INTERFACE_UTS_NS] = {probe_link, "uts", 0},
        [INTERFACE_KCMP] = {probe_kcmp, NULL, 0},
        [INTERFACE_PID_NS] = {probe_link, "pid", 0},
        [INTERFACE_USER_NS] = {probe_link, "user", 0},
        [INTERFACE_SECCOMP] = {probe_seccomp, NULL, 0},
        [INTERFACE_CGROUP_NS] = {probe_link, "cgroup", 0},
        [INTERFACE_GET_USERNS] = {probe_owner, NULL, 0},
        [INTERFACE_GET_PARENT] = {probe_parent, NULL, 0},
        [INTERFACE_SOCKET_NS] = {probe_socket, NULL, 0},
        [INTERFACE_GET_NSTYPE] = {probe_type, NULL, 0},
        [INTERFACE_GET_OWNER_UID] = {probe_owner_uid, NULL, 0},
        [INTERFACE_STATX] = {probe_statx, NULL, 0},
        [INTERFACE_PID_FOR_CHILDREN] = {probe_link, "pid_for_children", 0},
        [INTERFACE_EVENTS] = {probe_events, NULL, 0},
        [INTERFACE_FSOPEN] = {probe_fsopen, NULL, 0},
        [INTERFACE_PIDFD_OPEN] = {probe_pidfd, NULL, 0},
        [INTERFACE_TIME_NS] = {probe_link, "time", 0},
        [INTERFACE_PIDFD_GETFD] = {probe_getfd, NULL, 0},
        [INTERFACE_LANDLOCK] = {probe_landlock, NULL, 0},
        [INTERFACE_FDINFO_INO] = {probe_fdinfo, NULL, 0},
        [INTERFACE_LISTMOUNT] = {probe_listmount, NULL, KERNEL_USE_MOUNT_NS},
        [INTERFACE_PIDFD_THREAD] = {probe_pidfd_thread, NULL, 0},
        [INTERFACE_GET_MNTNS_ID] = {probe_mount_id, NULL, 0},
        [INTERFACE_LISTMOUNT_NS] = {probe_listmount_ns, NULL, KERNEL_USE_MOUNT_NS},
        [INTERFACE_PIDFD_CHILDREN] = {probe_children, NULL, KERNEL_USE_PIDFDS},
        [INTERFACE_TGID_IN_PIDNS] = {probe_pid, NULL, 0},
        [INTERFACE_MNT_GET_NEXT] = {probe_next, NULL, KERNEL_USE_MOUNT_NS},
        [INTERFACE_GET_ID] = {probe_id, NULL, KERNEL_USE_IDS},
        [INTERFACE_HANDLE] = {probe_handle, NULL, KERNEL_USE_IDS},
        [INTERFACE_OPEN_HANDLE] = {probe_open_handle, NULL, KERNEL_USE_IDS},
        [INTERFACE_OPEN_ID] = {probe_open_id, NULL, KERNEL_USE_IDS},
        [INTERFACE_LISTNS] = {probe_listns, NULL, KERNEL_USE_IDS | KERNEL_USE_LIST},
};
_Static_assert(ARRAY_SIZE(PROBES) == INTERFACE_IDS, "a probe for each");

/* A kernel without that type of namespaces has no link of it, and so no ioctl either. */
static int open_own_ns(int ns_dir, const char *link)
{
	const int ns = ns_dir < 0 ? ns_dir : nsrel_open(ns_dir, link);

	return ns == -ENOENT ? -EOPNOTSUPP : ns;
}

/* EXDEV: a mount covers it, as ESTALE says in kernel_features. ENOENT: that procfs does not show
 * this process. */
static int open_own_dir(int proc)
{
	const int dir = kernel_file_open_uncovered(proc, "self/ns", O_PATH | O_DIRECTORY);

	return dir == -EXDEV ? -ESTALE : dir == -ENOENT ? -EXDEV : dir;
}

static void open_own(int proc, struct own *ret)
{
	ret->proc = proc;
	ret->ns_dir = open_own_dir(proc);
	ret->mnt = open_own_ns(ret->ns_dir, "mnt");
	ret->pid = open_own_ns(ret->ns_dir, "pid");
	ret->user = open_own_ns(ret->ns_dir, "user");
}

static void close_own(struct own *own)
{
	close_fd(&own->ns_dir);
	close_fd(&own->mnt);
	close_fd(&own->pid);
	close_fd(&own->user);
}

/* Probes those of jobs, or all others. */
static void probe_all(int proc, bool is_job, struct kernel_features *ret)
{
	struct own own;

	open_own(proc, &own);
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		if (interfaces_row(id)->is_of_jobs != is_job)
			continue;
		own.link = PROBES[id].link;
		ret->results[id] = interfaces_result(PROBES[id].probe(&own));
	}
	close_own(&own);
}

/* --- the operation --------------------------------------------------------------------------- */

static void copy_of_jobs(const struct kernel_features *from, struct kernel_features *ret)
{
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		if (interfaces_row(id)->is_of_jobs)
			ret->results[id] = from->results[id];
	}
}

static void receive_features(void *data, _unused_ size_t request, const struct helper_reply *reply)
{
	struct kernel_features features;

	privileged_close_fds(reply);
	if (reply->len != sizeof(features))
		return;
	memcpy(&features, reply->bytes, sizeof(features));
	copy_of_jobs(&features, data);
}

/* The result of those that were not probed. */
static void set_of_jobs(struct kernel_features *features, int error)
{
	struct kernel_features all;

	for (enum interface_id id = 0; id < INTERFACE_IDS; id++)
		all.results[id] = (struct interface_result){INTERFACE_UNKNOWN, error};
	copy_of_jobs(&all, features);
}

void features_read(struct kernel *k, struct kernel_features *ret)
{
	const struct kernel_linux *const l = linux_of(k);

	*ret = (struct kernel_features){0};
	probe_all(l->proc, false, ret);
	set_of_jobs(ret, -EIO);
	const int r = privileged_call(l->privileged, &features_job,
	        &(const struct helper_request){0}, receive_features, ret);
	if (r < 0)
		set_of_jobs(ret, r == -EOPNOTSUPP ? -EPIPE : r);
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		if ((PROBES[id].interfaces & l->interfaces) != PROBES[id].interfaces)
			ret->results[id] = (struct interface_result){INTERFACE_NO, 0};
	}
}

/* --- the job --------------------------------------------------------------------------------- */

static int run(const struct helper_request *request, int replies)
{
	static const int keep[] = {CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_PERFMON};
	struct kernel_features features = {0};
	const struct helper_reply reply = {.bytes = &features, .len = sizeof(features)};

	if (!request_check_size(request, 0, 0) ||
	        privileged_keep_capabilities(keep, ARRAY_SIZE(keep)) < 0)
		return EXIT_FAILURE;
	_cleanup_close_ int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	probe_all(proc, true, &features);
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

const struct helper_job features_job = {
        .name = "ns-features",
        .deadline_ms = JOB_LONG_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_NET_ADMIN) | CAPABILITIES_BIT(CAP_SYS_ADMIN) |
                        CAPABILITIES_BIT(CAP_PERFMON),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_HANDLES | SANDBOX_MOUNTS |
                 SANDBOX_QUEUES | SANDBOX_SOCKETS | SANDBOX_EVENTS,
};
