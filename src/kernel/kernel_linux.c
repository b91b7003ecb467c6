/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_linux.h"

#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/privileged/privileged.h"
#include "kernel/proc/proc.h"
#include "nsrel/nsfs_uapi.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>

/* The smallest size of a directory entry whose name is a number (getdents64(2)). */
enum { ENTRY_MIN = 24 };
_Static_assert(offsetof(struct dirent, d_name) == 19, "struct dirent is what the kernel writes");

/* Opens a file or directory of a process. Mounts that cover it are checked for only if our own
 * mountinfo shows a mount on or below a /proc/PID. */
static int open_below(struct kernel *k, int dir, const char *path, int flags)
{
	int fd;

	if (linux_of(k)->has_covered)
		return kernel_file_open_uncovered(dir, path, flags);
	fd = openat(dir, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Reads the next entries of a directory into `entries` (aligned for struct dirent) and gives the
 * names among them that are numbers, at most `max`, of which there must be no more in `size` bytes.
 * Returns how many, 0 at the end of the directory, or a negative errno. */
static ssize_t next_numbers(int fd, char *entries, size_t size, int *ret, size_t max)
{
	size_t n = 0;

	while (n == 0) {
#ifdef __GLIBC__
		const ssize_t len = getdents64(fd, entries, size);
#else
		const ssize_t len = getdents(fd, (struct dirent *)(void *)entries, size);
#endif
		if (len <= 0)
			return len < 0 ? -errno : 0;
		for (ssize_t at = 0; at < len && n < max;) {
			const struct dirent *entry = (const void *)(entries + at);

			if (strcmp(entry->d_name, "0") == 0)
				ret[n++] = 0;
			else
				n += proc_pid_parse(entry->d_name, &ret[n]);
			at += entry->d_reclen;
		}
	}
	return (ssize_t)n;
}

static int compare_pids(const void *a, const void *b)
{
	const pid_t left = *(const pid_t *)a;
	const pid_t right = *(const pid_t *)b;

	return COMPARE(left, right);
}

/* All numbers in an open directory, ascending. */
static int list_numbers(int fd, pid_t **ret, size_t *ret_n)
{
	enum { SIZE = 64 * 1024, MAX = SIZE / ENTRY_MIN };
	_cleanup_free_ char *entries = memory_new(SIZE);
	_cleanup_free_ pid_t *pids = NULL;
	size_t n = 0, capacity = 0;
	ssize_t n_new;

	do {
		pids = memory_grow(pids, &capacity, n + MAX, sizeof(*pids));
		n_new = next_numbers(fd, entries, SIZE, pids + n, MAX);
		if (n_new < 0)
			return (int)n_new;
		n += (size_t)n_new;
	} while (n_new > 0);
	qsort(pids, n, sizeof(*pids), compare_pids);
	*ret = pids;
	*ret_n = n;
	pids = NULL;
	return 0;
}

static int linux_list_pids(struct kernel *k, pid_t **ret_pids, size_t *ret_n)
{
	_cleanup_close_ int fd = openat(linux_of(k)->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : list_numbers(fd, ret_pids, ret_n);
}

static int linux_list_tids(struct kernel *k, int process, pid_t **ret_tids, size_t *ret_n)
{
	_cleanup_close_ int fd = open_below(k, process, "task", O_RDONLY | O_DIRECTORY);

	return fd < 0 ? fd : list_numbers(fd, ret_tids, ret_n);
}

static int linux_process_open(struct kernel *k, pid_t pid)
{
	char name[16];
	int fd;

	snprintf(name, sizeof(name), "%d", pid);
	fd = openat(linux_of(k)->proc, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int linux_process_stat(struct kernel *k, int process, struct kernel_process *ret)
{
	struct kernel_file file;
	const int r = kernel_file_stat(process, "", &file);

	if (r < 0)
		return r;
	if (!kernel_file_is_same_mount(&file, &linux_of(k)->mount))
		return -EXDEV;
	*ret = (struct kernel_process){.uid = file.uid, .ino = file.ino};
	return 0;
}

static ssize_t linux_process_read(
        struct kernel *k, int process, const char *file, char *buffer, size_t size)
{
	_cleanup_close_ int fd = open_below(k, process, file, O_RDONLY);

	return fd < 0 ? fd : kernel_file_read_start(fd, buffer, size);
}

static int linux_file_open(struct kernel *k, int process, const char *file)
{
	return open_below(k, process, file, O_RDONLY);
}

static ssize_t linux_file_read(_unused_ struct kernel *k, int file, char *buffer, size_t size)
{
	ssize_t n;

	do
		n = read(file, buffer, size);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static ssize_t linux_root_link(_unused_ struct kernel *k, int process, char *buffer, size_t size)
{
	const ssize_t n = readlinkat(process, "root", buffer, size);

	return n < 0 ? -errno : n;
}

static int linux_thread_open(struct kernel *k, int process, pid_t tid)
{
	char name[32];

	snprintf(name, sizeof(name), "task/%d", tid);
	return open_below(k, process, name, O_PATH | O_DIRECTORY);
}

static int linux_compare_fd_tables(_unused_ struct kernel *k, pid_t tid, pid_t other)
{
	const long r = syscall(SYS_kcmp, tid, other, KCMP_FILES, 0, 0);

	if (r < 0)
		return errno == ENOSYS ? -EOPNOTSUPP : -errno;
	return r > 2 ? -EOPNOTSUPP : (int)r; /* 3: not the same, without an order */
}

static int linux_fds_open(struct kernel *k, int process)
{
	return open_below(k, process, "fd", O_RDONLY | O_DIRECTORY);
}

static ssize_t linux_fds_next(_unused_ struct kernel *k, int fds, int *ret_fds, size_t max)
{
	enum { MAX = 1024 };
	char entries[MAX * ENTRY_MIN] __attribute__((aligned(8)));

	if (max > MAX)
		max = MAX;
	return next_numbers(fds, entries, max * ENTRY_MIN, ret_fds, max);
}

static ssize_t linux_fd_link(_unused_ struct kernel *k, int fds, int fd, char *buffer, size_t size)
{
	char name[16];
	ssize_t n;

	snprintf(name, sizeof(name), "%d", fd);
	n = readlinkat(fds, name, buffer, size);
	return n < 0 ? -errno : n;
}

static int linux_fd_open_ns(_unused_ struct kernel *k, int fds, int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "%d", fd);
	return nsrel_open(fds, name);
}

static int linux_ns_dir_open(struct kernel *k, int process)
{
	return open_below(k, process, "ns", O_PATH | O_DIRECTORY);
}

static ssize_t linux_ns_link(
        _unused_ struct kernel *k, int ns_dir, const char *link, char *buffer, size_t size)
{
	const ssize_t n = readlinkat(ns_dir, link, buffer, size);

	return n < 0 ? -errno : n;
}

/* Of the link, or with AT_EMPTY_PATH of `dir` itself: a system call where nsrel_key makes three. */
static int handle_key(
        const struct kernel_linux *l, int dir, const char *link, int flags, struct nsrel_key *ret)
{
	union kernel_ns_handle handle = {.room = {0}};
	struct nsfs_uapi_handle nsfs;
	int mount;

	handle.head.handle_bytes = sizeof(nsfs);
	if (name_to_handle_at(dir, link, &handle.head, &mount, flags) < 0)
		return errno == EOVERFLOW ? -EOPNOTSUPP : -errno;
	if (handle.head.handle_type != FILEID_NSFS || handle.head.handle_bytes != sizeof(nsfs))
		return -EOPNOTSUPP;
	memcpy(&nsfs, handle.room + offsetof(struct file_handle, f_handle), sizeof(nsfs));
	*ret = (struct nsrel_key){.dev = l->ns_dev, .ino = nsfs.inum, .id = nsfs.id};
	return 0;
}

static int linux_ns_link_key(struct kernel *k, int ns_dir, const char *link, struct nsrel_key *ret)
{
	const struct kernel_linux *const l = linux_of(k);

	if (!l->has_link_keys || !(l->interfaces & KERNEL_USE_IDS))
		return -EOPNOTSUPP;
	return handle_key(l, ns_dir, link, AT_SYMLINK_FOLLOW, ret);
}

/* No check that it is a namespace: /proc/PID/ns has only links to namespaces. That saves three of
 * the four system calls of nsrel_open. */
static int linux_ns_open(struct kernel *k, int ns_dir, const char *link)
{
	const int fd = openat(ns_dir, link, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	return errno == ENOENT && strcmp(link, "pid_for_children") == 0
	               ? kernel_children_open(linux_of(k), ns_dir)
	               : -errno;
}

static int linux_ns_key(struct kernel *k, int ns, struct nsrel_key *ret)
{
	const struct kernel_linux *const l = linux_of(k);
	struct nsrel_key key;
	int r;

	if (l->has_link_keys && (l->interfaces & KERNEL_USE_IDS) &&
	        handle_key(l, ns, "", AT_EMPTY_PATH, ret) == 0)
		return 0;
	r = nsrel_key(ns, &key);
	if (r == 0)
		*ret = kernel_internal_key(k, &key);
	return r;
}

static int linux_ns_type(_unused_ struct kernel *k, int ns)
{
	return nsrel_type(ns);
}

/* No check that `ns` is a namespace, as nsrel.h makes: its key was read. */
static int linux_ns_owner(_unused_ struct kernel *k, int ns)
{
	const int fd = ioctl(ns, NS_GET_USERNS);

	return fd < 0 ? -errno : fd;
}

static int linux_ns_parent(_unused_ struct kernel *k, int ns)
{
	const int fd = ioctl(ns, NS_GET_PARENT);

	return fd < 0 ? -errno : fd;
}

static int linux_ns_owner_uid(_unused_ struct kernel *k, int ns, uid_t *ret_uid)
{
	uid_t uid = (uid_t)-1; /* for memory checkers that do not support this ioctl */

	if (ioctl(ns, NS_GET_OWNER_UID, &uid) < 0)
		return -errno;
	*ret_uid = uid;
	return 0;
}

/* Times of inodes have a granularity of 1 to 10 ms (CONFIG_HZ). */
static int linux_ns_made(_unused_ struct kernel *k, int ns, uint64_t *ret_made, bool *ret_is_before)
{
	enum { TICK = 10 * 1000 * 1000, SECOND = 1000 * 1000 * 1000 };
	struct timespec now;
	struct stat st;

	if (fstat(ns, &st) < 0 || clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -errno;
	*ret_made = (uint64_t)st.st_ctim.tv_sec * SECOND + (uint64_t)st.st_ctim.tv_nsec;
	*ret_is_before =
	        (uint64_t)now.tv_sec * SECOND + (uint64_t)now.tv_nsec > *ret_made + 2 * TICK;
	return 0;
}

static int linux_pid_in_ns(struct kernel *k, int ns, pid_t pid)
{
	int r;

	if (linux_of(k)->is_foreign)
		return -EXDEV;
	r = ioctl(ns, NS_GET_TGID_IN_PIDNS, pid);
	if (r < 0)
		return errno == ENOTTY ? -EOPNOTSUPP : -errno;
	return r;
}

static void linux_host(struct kernel *k, struct kernel_host *ret)
{
	kernel_host_read(linux_of(k), ret);
}

static void linux_close(_unused_ struct kernel *k, int handle)
{
	close_fd(&handle);
}

static void linux_free(struct kernel *k)
{
	events_close(k);
	kernel_host_release(linux_of(k));
	close_fd(&linux_of(k)->proc);
	free(linux_of(k)->path);
	free(linux_of(k)->first_list);
	privileged_free(linux_of(k)->privileged);
	free(k);
}

static const struct kernel_ops LINUX_OPS = {
        .host = linux_host,
        .list_pids = linux_list_pids,
        .process_open = linux_process_open,
        .process_stat = linux_process_stat,
        .process_read = linux_process_read,
        .file_open = linux_file_open,
        .file_read = linux_file_read,
        .root_link = linux_root_link,
        .cgroup_owner = kernel_cgroup_owner,
        .list_tids = linux_list_tids,
        .thread_open = linux_thread_open,
        .compare_fd_tables = linux_compare_fd_tables,
        .fds_open = linux_fds_open,
        .fds_next = linux_fds_next,
        .fd_link = linux_fd_link,
        .fd_open_ns = linux_fd_open_ns,
        .ns_dir_open = linux_ns_dir_open,
        .ns_link = linux_ns_link,
        .ns_link_key = linux_ns_link_key,
        .ns_open = linux_ns_open,
        .ns_key = linux_ns_key,
        .ns_type = linux_ns_type,
        .ns_owner = linux_ns_owner,
        .ns_parent = linux_ns_parent,
        .ns_owner_uid = linux_ns_owner_uid,
        .ns_made = linux_ns_made,
        .pid_in_ns = linux_pid_in_ns,
        .begin_waits = privileged_begin_waits,
        .set_stuck = privileged_set_stuck,
        .is_helper_lost = privileged_is_lost,
        .ns_open_mounted = ns_mounted_open,
        .proc_mounts = proc_mounts_look,
        .ns_open_keys = ns_keys_open,
        .ns_list = ns_list_read,
        .ns_list_first = ns_list_first,
        .ns_lists = ns_list_read_both,
        .mount_ns_list = mount_ns_list,
        .mount_ns_open = mount_ns_open,
        .mount_ns_texts = mount_texts_read,
        .mount_ns_mountinfo = ns_mounted_mountinfo,
        .socket_ns = socket_ns_read,
        .cmdlines = cmdlines_read,
        .containers = container_files_read,
        .ns_inside = ns_inside_read,
        .ns_inside_each = ns_inside_read_each,
        .subids = subids_read,
        .features = features_read,
        .events_open = events_open,
        .events_fd = events_fd,
        .events_read = events_read,
        .events_update = events_update,
        .events_close = events_close,
        .net_files_open = net_files_open,
        .net_links = net_links_read,
        .net_nsids = net_links_nsids,
        .close = linux_close,
        .free = linux_free,
};

/* Finds out the device of namespaces, and whether they have file handles, by a namespace of one
 * process. Returns false if it may not be opened. */
static bool probe_link(struct kernel_linux *l, int dir, const char *link)
{
	_cleanup_close_ int ns = nsrel_open(dir, link);
	struct nsrel_key key, by_handle = {0};

	if (ns < 0 || nsrel_key(ns, &key) < 0)
		return false;
	l->ns_dev = key.dev;
	l->has_link_keys = handle_key(l, dir, link, AT_SYMLINK_FOLLOW, &by_handle) == 0 &&
	                   by_handle.ino == key.ino && by_handle.id == key.id;
	return true;
}

/* A kernel may lack user namespaces; a zombie has no mount namespace. */
static bool probe_process(struct kernel_linux *l, const char *process)
{
	_cleanup_close_ int dir = openat(l->proc, process, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return dir >= 0 && (probe_link(l, dir, "ns/user") || probe_link(l, dir, "ns/mnt"));
}

/* Uses our own namespaces; if that procfs does not show this process, those of the first process
 * that may be accessed. */
static void probe(struct kernel_linux *l)
{
	_cleanup_free_ pid_t *pids = NULL;
	size_t n = 0;

	if (probe_process(l, "self") || linux_list_pids(&l->base, &pids, &n) < 0)
		return;
	for (size_t i = 0; i < n; i++) {
		char name[16];

		snprintf(name, sizeof(name), "%d", pids[i]);
		if (probe_process(l, name))
			return;
	}
}

void kernel_linux_set_helper(struct kernel *k, struct helper *channel)
{
	privileged_free(linux_of(k)->privileged);
	linux_of(k)->privileged = privileged_new(channel);
	atomic_store(&linux_of(k)->list_error, 0);
}

void kernel_linux_set_interfaces(struct kernel *k, unsigned interfaces)
{
	linux_of(k)->interfaces = interfaces;
}

unsigned kernel_linux_parse_interfaces(const char *letters)
{
	return (strchr(letters, 'm') ? KERNEL_USE_MOUNT_NS : 0) |
	       (strchr(letters, 'i') ? KERNEL_USE_IDS : 0) |
	       (strchr(letters, 'l') ? KERNEL_USE_LIST : 0) |
	       (strchr(letters, 'p') ? KERNEL_USE_PIDFDS : 0);
}

/* A test may select them by the environment. */
static unsigned select_interfaces(void)
{
	const char *const letters = secure_getenv("NSBROWSE_TEST_INTERFACES");

	return kernel_linux_parse_interfaces(letters ? letters : "milp");
}

int kernel_linux_new(const char *proc, struct kernel **ret)
{
	_cleanup_close_ int fd = open(proc, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct kernel_file mount;
	struct statfs fs;
	struct kernel_linux *l;
	int r;

	if (fd < 0)
		return -errno;
	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if (fs.f_type != PROC_SUPER_MAGIC)
		return -ENODEV;
	r = kernel_file_stat(fd, "", &mount);
	if (r < 0)
		return r;
	l = memory_new(sizeof(*l));
	*l = (struct kernel_linux){.base.ops = &LINUX_OPS,
	        .path = memory_strdup(proc),
	        .proc = take_fd(&fd),
	        .mount = mount,
	        .interfaces = select_interfaces()};
	l->is_foreign = kernel_host_is_foreign(l);
	probe(l);
	*ret = &l->base;
	return 0;
}
