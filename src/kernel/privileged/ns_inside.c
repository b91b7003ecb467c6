/* SPDX-License-Identifier: Apache-2.0 */
/* Enters one namespace and reads what the kernel tells only to those inside. */
#include "base/descriptors.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc_ns.h"
#include "privsep/request_check.h"

#include <dirent.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

/* A list of 32,768 segments, semaphore sets or queues (the most that the kernel allows) is smaller,
 * and so is a cgroup path in each hierarchy. */
enum { TEXT_MAX = 16 * 1024 * 1024 };

struct wanted_inside {
	int32_t type; /* CLONE_NEW* */
	int32_t pid;  /* cgroup: of the process */
};

/* The job replies with a memory file: to read that waits for nothing. */
int ns_inside_read(struct kernel *k, int ns, int type, pid_t pid, char **ret, size_t *ret_len)
{
	const struct wanted_inside wanted = {.type = type, .pid = pid};
	_cleanup_close_ int file = privileged_call_fd(linux_of(k)->privileged, &ns_inside_job,
	        &(const struct helper_request){
	                .bytes = &wanted, .len = sizeof(wanted), .fds = &ns, .n_fds = 1});

	if (file < 0)
		return file;
	return descriptors_read_all(file, TEXT_MAX, NULL, ret, ret_len);
}

/* Requests of one call, and what becomes of their replies. */
struct inside_call {
	kernel_inside_fn *take;
	void *data;
	bool *is_taken; /* a reply came */
};

static void receive_text(void *data, size_t request, const struct helper_reply *reply)
{
	struct inside_call *const call = data;
	_cleanup_free_ char *text = NULL;
	size_t index, len = 0;
	int r;

	if (call->is_taken[request] || privileged_item_index(reply, 1, &index) < 0) {
		privileged_close_fds(reply);
		return;
	}
	call->is_taken[request] = true;
	_cleanup_close_ int file = privileged_item_fd(reply);
	r = file < 0 ? file : descriptors_read_all(file, TEXT_MAX, NULL, &text, &len);
	call->take(call->data, request, r, text, len);
}

int ns_inside_read_each(
        struct kernel *k, const int *ns, size_t n, int type, kernel_inside_fn *take, void *data)
{
	struct privileged *const privileged = linux_of(k)->privileged;
	const struct wanted_inside wanted = {.type = type};
	struct helper_request requests[KERNEL_INSIDE_MAX];
	int results[KERNEL_INSIDE_MAX];
	bool is_taken[KERNEL_INSIDE_MAX] = {false};
	struct inside_call call = {.take = take, .data = data, .is_taken = is_taken};

	if (!privileged_has(privileged, &ns_inside_job))
		return -EOPNOTSUPP;
	if (n > KERNEL_INSIDE_MAX)
		return -E2BIG;
	for (size_t i = 0; i < n; i++)
		requests[i] = (struct helper_request){
		        .bytes = &wanted, .len = sizeof(wanted), .fds = &ns[i], .n_fds = 1};
	pthread_mutex_lock(&privileged->mutex);
	privileged_call_all(privileged, &ns_inside_job, requests, n, receive_text, &call, results);
	pthread_mutex_unlock(&privileged->mutex);
	for (size_t i = 0; i < n; i++) {
		if (!is_taken[i])
			take(data, i, results[i] < 0 ? results[i] : -EIO, NULL, 0);
	}
	return 0;
}

/* --- the job: one file ----------------------------------------------------------------------- */

/* Copies the rest of a file. */
static int copy_file(int from, int to)
{
	_cleanup_free_ char *text = NULL;
	size_t len;
	const int r = descriptors_read_all(from, TEXT_MAX, NULL, &text, &len);

	if (r < 0)
		return r;
	return write(to, text, len) == (ssize_t)len ? 0 : -EIO;
}

static int copy_path(int dir, const char *path, int to)
{
	_cleanup_close_ int from = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

	return from < 0 ? -errno : copy_file(from, to);
}

/* --- the job: IPC ----------------------------------------------------------------------------- */

static int read_sysvipc(int proc, const char *path, const char *column, struct kernel_objects *ret)
{
	_cleanup_close_ int file = openat(proc, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	_cleanup_free_ char *text = NULL;
	size_t len;
	int r;

	if (file < 0) /* ENOENT: a kernel without System V IPC */
		return errno == ENOENT ? -EOPNOTSUPP : -errno;
	r = descriptors_read_all(file, TEXT_MAX, NULL, &text, &len);
	return r < 0 ? r : proc_ns_ipc_parse(text, len, column, &ret->n, &ret->size);
}

/* fsopen(2) and the like: in headers since Linux 5.2, and their constants. */
#ifdef SYS_fsopen
enum { CLOEXEC = 1, COMMAND_CREATE = 6 };

/* The file system of the queues of this IPC namespace, mounted nowhere: it exists already, and is
 * the same for all. Returns a descriptor of its root directory. */
static int open_mqueues(void)
{
	_cleanup_close_ int context = (int)syscall(SYS_fsopen, "mqueue", CLOEXEC);
	long r = context;

	if (r >= 0)
		r = syscall(SYS_fsconfig, context, COMMAND_CREATE, NULL, NULL, 0);
	if (r >= 0)
		r = syscall(SYS_fsmount, context, CLOEXEC, 0);
	/* ENODEV: a kernel without POSIX message queues. */
	if (r < 0)
		return errno == ENODEV || errno == ENOSYS ? -EOPNOTSUPP : -errno;
	return (int)r;
}
#else
static int open_mqueues(void)
{
	return -EOPNOTSUPP;
}
#endif

/* To read the file of a queue receives no message. */
static int read_mqueue(int dir, const char *name, uint64_t *ret_bytes)
{
	_cleanup_close_ int file = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	char text[256];
	ssize_t n;

	if (file < 0)
		return -errno;
	n = read(file, text, sizeof(text));
	return n < 0 ? -errno : proc_ns_mqueue_parse(text, (size_t)n, ret_bytes);
}

static int read_mqueues(int root, struct kernel_objects *ret)
{
	/* A mount from fsmount(2) cannot be listed by its O_PATH descriptor. */
	const int dir = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *const list = dir < 0 ? NULL : fdopendir(dir);
	const struct dirent *entry;
	uint64_t bytes;
	int r = 0;

	if (!list) {
		r = -errno;
		if (dir >= 0)
			close(dir);
		return r;
	}
	while (r == 0 && (entry = readdir(list))) {
		if (entry->d_name[0] == '.' && entry->d_type == DT_DIR)
			continue;
		r = read_mqueue(dir, entry->d_name, &bytes);
		if (r == -ENOENT) { /* removed meanwhile */
			r = 0;
			continue;
		}
		ret->n++;
		ret->size += r == 0 ? bytes : 0;
	}
	closedir(list);
	return r;
}

/* The queues may belong to any user; to read their files takes CAP_DAC_READ_SEARCH alone. */
static int read_ipc(int proc, _unused_ pid_t pid, int to)
{
	static const struct {
		const char *path, *column;
	} files[] = {
	        [KERNEL_SHM] = {"sysvipc/shm", "size"},
	        [KERNEL_SEM] = {"sysvipc/sem", "nsems"},
	        [KERNEL_MSG] = {"sysvipc/msg", "cbytes"},
	};
	struct kernel_objects objects[KERNEL_IPC_KINDS] = {{0}};
	_cleanup_close_ int mqueues = open_mqueues();
	int r = privileged_keep_capabilities((const int[]){CAP_DAC_READ_SEARCH}, 1);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		objects[i].error = read_sysvipc(proc, files[i].path, files[i].column, &objects[i]);
	r = mqueues < 0 ? mqueues : read_mqueues(mqueues, &objects[KERNEL_MQUEUE]);
	objects[KERNEL_MQUEUE].error = r;
	return write(to, objects, sizeof(objects)) == (ssize_t)sizeof(objects) ? 0 : -EIO;
}

/* --- the job: user ---------------------------------------------------------------------------- */

/* /proc/sys/user has the limits of the user namespace of the process that opens them
 * (namespaces(7)), and each process may read them. In the namespace the job has all capabilities,
 * and needs none. */
static int read_limits(int proc, _unused_ pid_t pid, int to)
{
	struct kernel_ns_limit limits[KERNEL_NS_LIMITS];
	const int r = privileged_keep_capabilities(NULL, 0);

	if (r < 0)
		return r;
	kernel_host_read_limits(proc, limits);
	return write(to, limits, sizeof(limits)) == (ssize_t)sizeof(limits) ? 0 : -EIO;
}

/* --- the job: the other types ----------------------------------------------------------------- */

static int read_uts(_unused_ int proc, _unused_ pid_t pid, int to)
{
	struct kernel_uts names = {.host = ""};
	struct utsname uts;

	if (uname(&uts) < 0)
		return -errno;
	snprintf(names.host, sizeof(names.host), "%s", uts.nodename);
	snprintf(names.domain, sizeof(names.domain), "%s", uts.domainname);
	return write(to, &names, sizeof(names)) == (ssize_t)sizeof(names) ? 0 : -EIO;
}

static int read_offsets(int proc, _unused_ pid_t pid, int to)
{
	const int r = copy_path(proc, "self/timens_offsets", to);

	return r == -ENOENT ? -EOPNOTSUPP : r;
}

/* With hidepid (proc(5)) CAP_SYS_PTRACE shows the processes of others. */
static int read_cgroup(int proc, pid_t pid, int to)
{
	char path[32];
	int r = privileged_keep_capabilities((const int[]){CAP_SYS_PTRACE}, 1);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%d/cgroup", pid);
	r = copy_path(proc, path, to);
	return r == -ENOENT ? -ESRCH : r;
}

/* --- the job ---------------------------------------------------------------------------------- */

struct inside_type {
	int type;
	const char *link; /* of our own namespace */
	int (*read)(int proc, pid_t pid, int to);
};

static const struct inside_type TYPES[] = {
        {CLONE_NEWCGROUP, "thread-self/ns/cgroup", read_cgroup},
        {CLONE_NEWIPC, "thread-self/ns/ipc", read_ipc},
        {CLONE_NEWTIME, "thread-self/ns/time", read_offsets},
        {CLONE_NEWUSER, "thread-self/ns/user", read_limits},
        {CLONE_NEWUTS, "thread-self/ns/uts", read_uts},
};

static bool is_own(int ns, int proc, const char *link)
{
	_cleanup_close_ int own = nsrel_open(proc, link);
	struct nsrel_key ours, key;

	return own >= 0 && nsrel_key(own, &ours) == 0 && nsrel_key(ns, &key) == 0 &&
	       ours.ino == key.ino && ours.dev == key.dev;
}

/* Without CAP_SYS_ADMIN our own namespace is the only one that can be read. */
static int enter_and_read(const struct wanted_inside *wanted, int ns, int to)
{
	_cleanup_close_ int proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const struct inside_type *type = TYPES;

	if (proc < 0)
		return -errno;
	while (type < TYPES + ARRAY_SIZE(TYPES) && type->type != wanted->type)
		type++;
	if (type == TYPES + ARRAY_SIZE(TYPES) || privileged_check_ns(ns, wanted->type) < 0)
		return -EINVAL;
	if (!is_own(ns, proc, type->link) && setns(ns, wanted->type) < 0)
		return -errno;
	return type->read(proc, wanted->pid, to);
}

static int run(const struct helper_request *request, int replies)
{
	static const int keep[] = {CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE};
	_cleanup_close_ int file = memfd_create("inside", MFD_CLOEXEC);
	struct wanted_inside wanted;
	int r;

	if (!request_check_size(request, sizeof(wanted), 1))
		return EXIT_FAILURE;
	memcpy(&wanted, request->bytes, sizeof(wanted));
	if (wanted.pid < 0)
		return EXIT_FAILURE;
	r = file < 0 ? -errno : privileged_keep_capabilities(keep, ARRAY_SIZE(keep));
	if (r == 0)
		r = enter_and_read(&wanted, request->fds[0], file);
	if (r == 0 && lseek(file, 0, SEEK_SET) < 0)
		r = -errno;
	return privileged_reply(replies, 0, r < 0 ? r : take_fd(&file)) < 0 ? EXIT_FAILURE
	                                                                    : EXIT_SUCCESS;
}

const struct helper_job ns_inside_job = {
        .name = "ns-inside",
        .deadline_ms = JOB_INSIDE_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SYS_ADMIN) | CAPABILITIES_BIT(CAP_DAC_READ_SEARCH) |
                        CAPABILITIES_BIT(CAP_SYS_PTRACE),
        .calls = SANDBOX_READ | SANDBOX_NAMESPACES | SANDBOX_ENTER | SANDBOX_QUEUES,
};
