/* SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "kernel/kernel_internal.h"
#include "kernel/proc/proc.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

/* Keeps the first error (negative). ENOENT: /proc may be mounted without the files at its top
 * (subset=pid, proc(5)). */
static void note_unread(struct kernel_host *ret, const char *file, long error)
{
	if (ret->unread || error == -ENOENT)
		return;
	ret->unread = file;
	ret->unread_error = (int)-error;
}

/* --- files at the top of /proc --------------------------------------------------------------- */

/* In a container it may be on another file system, such as a file server or a tmpfs: then it is
 * left out. */
static void read_boot_id(struct kernel_linux *l, struct kernel_host *ret)
{
	static const char FILE_NAME[] = "sys/kernel/random/boot_id";
	_cleanup_close_ int fd = -EBADF;
	ssize_t n;

	if (!*l->boot_id) {
		fd = kernel_file_open_same_device(l->proc, FILE_NAME);
		n = fd < 0 ? fd : kernel_file_read_start(fd, l->boot_id, sizeof(l->boot_id) - 1);
		if (n < 0)
			note_unread(ret, FILE_NAME, n);
		l->boot_id[n > 0 ? n : 0] = '\0';
		l->boot_id[strcspn(l->boot_id, "\n")] = '\0';
	}
	snprintf(ret->boot_id, sizeof(ret->boot_id), "%s", l->boot_id);
}

enum { SECOND_NS = 1000 * 1000 * 1000 };

/* Computed from two clocks, not read from btime of /proc/stat, which may belong to a file server
 * (lxcfs(1)). The difference is computed once: it changes with each correction of the clock, and
 * start times would change with it. */
static int64_t boot_time(struct kernel_linux *l, uint32_t *ret_nsec)
{
	struct timespec now, up;
	int64_t booted;

	if (clock_gettime(CLOCK_REALTIME, &now) < 0 || clock_gettime(CLOCK_BOOTTIME, &up) < 0)
		return 0;
	booted = (int64_t)(now.tv_sec - up.tv_sec) * SECOND_NS + (now.tv_nsec - up.tv_nsec);
	if (l->booted_ns == 0 || llabs(booted - l->booted_ns) > SECOND_NS)
		l->booted_ns = booted;
	*ret_nsec = (uint32_t)(l->booted_ns % SECOND_NS);
	return l->booted_ns / SECOND_NS;
}

/* --- mounts in /proc ------------------------------------------------------------------------- */

static bool has_hidepid(const struct proc_mount *mount)
{
	static const char *const HIDING[] = {"2", "invisible", "4", "ptraceable"};
	struct proc_slice value;

	if (!proc_mountinfo_option(mount->options, "hidepid", &value))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(HIDING); i++) {
		if (proc_mountinfo_equals(value, HIDING[i]))
			return true;
	}
	return false;
}

static bool covers_process(const struct kernel_linux *l, const struct proc_mount *mount)
{
	const size_t len = strlen(l->path);
	const struct proc_slice point = mount->point;

	return point.len > len + 1 && memcmp(point.bytes, l->path, len) == 0 &&
	       point.bytes[len] == '/' && point.bytes[len + 1] >= '0' &&
	       point.bytes[len + 1] <= '9';
}

static int read_mounts(struct kernel_linux *l)
{
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t n;

	l->has_covered = l->is_hiding = false;
	kernel_cgroup_forget(l);
	while ((n = getline(&line, &size, l->mountinfo)) > 0) {
		struct proc_mount mount;

		if (line[n - 1] == '\n')
			n--;
		if (proc_mountinfo_parse(line, (size_t)n, &mount) < 0)
			continue;
		l->has_covered |= covers_process(l, &mount);
		l->is_hiding |=
		        makedev(mount.major, mount.minor) == l->mount.dev && has_hidepid(&mount);
		kernel_cgroup_add_mount(l, &mount);
	}
	kernel_cgroup_check_mounts(l);
	return ferror(l->mountinfo) ? -EIO : 0;
}

/* Reads our own mountinfo again only if it has changed, since it may be long (poll(2) reports
 * changes: proc_pid_mountinfo(5)). `own` is our directory. Returns 0 or a negative errno. */
static int watch_mounts(struct kernel_linux *l, int own)
{
	struct pollfd poll_fd = {.events = POLLPRI};

	if (!l->mountinfo) {
		_cleanup_close_ int fd = kernel_file_open_uncovered(own, "mountinfo", O_RDONLY);

		if (fd < 0)
			return fd;
		l->mountinfo = fdopen(fd, "re");
		if (!l->mountinfo)
			return -errno;
		fd = -EBADF;
		return read_mounts(l);
	}
	poll_fd.fd = fileno(l->mountinfo);
	if (poll(&poll_fd, 1, 0) <= 0)
		return 0;
	rewind(l->mountinfo);
	return read_mounts(l);
}

/* The mount option hidepid (proc(5)) has an effect on this process if it hides PID 1, which every
 * PID namespace has. It hides nothing from root and from the group of the option gid. */
static bool is_hidepid(const struct kernel_linux *l)
{
	struct kernel_file init;

	return l->is_hiding && kernel_file_stat(l->proc, "1", &init) == -ENOENT;
}

/* --- this process ---------------------------------------------------------------------------- */

/* Opens our own directory; -EXDEV if a mount covers it, -ENOENT if that procfs does not show it. */
static int open_own(const struct kernel_linux *l, struct kernel_host *ret)
{
	_cleanup_close_ int fd = openat(l->proc, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct kernel_file file;
	int r = fd < 0 ? -errno : kernel_file_stat(fd, "", &file);

	if (r == 0 && !kernel_file_is_same_mount(&file, &l->mount))
		r = -EXDEV;
	if (r == 0)
		return take_fd(&fd);
	note_unread(ret, "self", r);
	return r;
}

/* False if something is mounted over the directory of our own namespaces: its links may be any. */
static bool has_own_links(int own, struct kernel_host *ret)
{
	_cleanup_close_ int ns = kernel_file_open_uncovered(own, "ns", O_PATH | O_DIRECTORY);

	if (ns < 0)
		note_unread(ret, "ns", ns);
	return ns >= 0;
}

/* The inode number of one of our own namespaces; 0: it cannot be read. */
static uint64_t read_own_ns(int own, const char *path, struct kernel_host *ret)
{
	char text[64];
	const ssize_t n = readlinkat(own, path, text, sizeof(text));
	struct proc_link link;
	const int r = n < 0 ? -errno : proc_link_parse(text, (size_t)n, &link);

	if (r < 0)
		note_unread(ret, path, r);
	return r < 0 ? 0 : link.inode;
}

/* The link /proc/self has the PID of this process in the PID namespace of the procfs, if it has one
 * there. */
bool kernel_host_is_foreign(const struct kernel_linux *l)
{
	char text[32];
	const ssize_t n = readlinkat(l->proc, "self", text, sizeof(text) - 1);
	pid_t pid;

	if (n < 0)
		return true;
	text[n] = '\0';
	return !proc_pid_parse(text, &pid) || pid != getpid();
}

/* `own` is our directory. Other links in ns show that this one is missing, not refused. */
static bool lacks_user_ns(int own)
{
	char text[64];

	return readlinkat(own, "ns/user", text, sizeof(text)) < 0 && errno == ENOENT &&
	       readlinkat(own, "ns/pid", text, sizeof(text)) > 0;
}

static bool is_inside(uint64_t inode, int type)
{
	return inode != 0 && !nsrel_is_initial(&(struct nsrel_key){.ino = inode}, type);
}

/* --- IDs that are not mapped ------------------------------------------------------------------ */

enum { OVERFLOW_DEFAULT = 65534 };

static uint32_t read_overflow_id(
        const struct kernel_linux *l, const char *path, struct kernel_host *ret)
{
	_cleanup_close_ int fd = kernel_file_open_same_device(l->proc, path);
	char text[32];
	const char *at = text;
	const ssize_t n = fd < 0 ? fd : kernel_file_read_start(fd, text, sizeof(text));
	uint64_t id;

	if (n < 0)
		note_unread(ret, path, n);
	if (n <= 0)
		return OVERFLOW_DEFAULT;
	return proc_number_parse(&at, text + n, UINT32_MAX, &id) ? (uint32_t)id : OVERFLOW_DEFAULT;
}

/* In the initial user namespace all IDs are mapped. A map that cannot be read may have any. */
static struct kernel_overflow read_overflow(const struct kernel_linux *l, int own, const char *path,
        const char *map, struct kernel_host *host)
{
	enum { SIZE = 16384 }; /* PROC_MAPS_MAX lines of 33 bytes */
	struct kernel_overflow ret = {.id = read_overflow_id(l, path, host), .is_possible = true};
	_cleanup_close_ int fd = kernel_file_open_uncovered(own, map, O_RDONLY);
	_cleanup_free_ char *text = memory_new(SIZE);
	struct proc_range ranges[PROC_MAPS_MAX];
	const ssize_t len = fd < 0 ? fd : kernel_file_read_start(fd, text, SIZE);
	uint64_t n_mapped = 0;
	size_t n;
	const ssize_t r =
	        len < 0 ? len : proc_maps_parse(text, (size_t)len, ranges, PROC_MAPS_MAX, &n);

	if (r < 0) {
		note_unread(host, map, r);
		ret.is_mapped = true;
		return ret;
	}
	for (size_t i = 0; i < n; i++) {
		n_mapped += ranges[i].count;
		ret.is_mapped |= ret.id - ranges[i].inside < ranges[i].count;
	}
	ret.is_possible = n_mapped < UINT32_MAX;
	return ret;
}

/* --- limits ----------------------------------------------------------------------------------- */

static int read_ns_limit(int proc, const char *type, uint64_t *ret)
{
	char path[64], text[32];
	const char *at = text;

	snprintf(path, sizeof(path), "sys/user/max_%s_namespaces", type);
	_cleanup_close_ int fd = kernel_file_open_same_device(proc, path);
	const ssize_t n = fd < 0 ? fd : kernel_file_read_start(fd, text, sizeof(text));
	if (n < 0)
		return (int)n;
	return proc_number_parse(&at, text + n, INT32_MAX, ret) ? 0 : -EINVAL;
}

void kernel_host_read_limits(int proc, struct kernel_ns_limit *ret)
{
	static const int types[KERNEL_NS_LIMITS] = {CLONE_NEWCGROUP, CLONE_NEWIPC, CLONE_NEWNS,
	        CLONE_NEWNET, CLONE_NEWPID, CLONE_NEWTIME, CLONE_NEWUSER, CLONE_NEWUTS};

	for (size_t i = 0; i < KERNEL_NS_LIMITS; i++) {
		ret[i] = (struct kernel_ns_limit){.type = types[i]};
		ret[i].error = read_ns_limit(proc, nsrel_type_name(types[i]), &ret[i].max);
	}
}

static void read_own(struct kernel_linux *l, struct kernel_host *ret)
{
	_cleanup_close_ int own = open_own(l, ret);

	ret->is_foreign_proc = kernel_host_is_foreign(l);
	if (own < 0)
		return;
	const int r = watch_mounts(l, own);

	if (r < 0)
		note_unread(ret, "self/mountinfo", r);
	if (!has_own_links(own, ret))
		return;
	ret->lacks_user_ns = lacks_user_ns(own);
	ret->is_inside_user = is_inside(read_own_ns(own, "ns/user", ret), CLONE_NEWUSER);
	if (ret->is_inside_user) {
		ret->overflow_uid = read_overflow(l, own, "sys/kernel/overflowuid", "uid_map", ret);
		ret->overflow_gid = read_overflow(l, own, "sys/kernel/overflowgid", "gid_map", ret);
	}
	if (!ret->is_foreign_proc)
		ret->pid_ns = read_own_ns(own, "ns/pid", ret);
	ret->is_inside_pid = is_inside(ret->pid_ns, CLONE_NEWPID);
}

void kernel_host_read(struct kernel_linux *l, struct kernel_host *ret)
{
	struct utsname names;
	const long hertz = sysconf(_SC_CLK_TCK);

	*ret = (struct kernel_host){0};
	if (uname(&names) == 0) {
		snprintf(ret->name, sizeof(ret->name), "%s", names.nodename);
		snprintf(ret->release, sizeof(ret->release), "%s", names.release);
	}
	read_boot_id(l, ret);
	ret->taken = (int64_t)time(NULL);
	ret->booted = boot_time(l, &ret->booted_nsec);
	ret->hertz = hertz > 0 ? (unsigned)hertz : 100;
	ret->euid = geteuid();
	read_own(l, ret);
	/* No reason for a partial view: all namespaces are found without them. */
	kernel_host_read_limits(l->proc, ret->ns_limits);
	ret->is_hidepid = is_hidepid(l);
	ret->self = ret->is_foreign_proc ? 0 : getpid();
	ret->ns_dev = l->ns_dev;
	ret->proc_major = major(l->mount.dev);
	ret->proc_minor = minor(l->mount.dev);
}

void kernel_host_release(struct kernel_linux *l)
{
	if (l->mountinfo)
		fclose(l->mountinfo);
	l->mountinfo = NULL;
	kernel_cgroup_forget(l);
}
