/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_host.h"

#include "kernel/proc_link.h"
#include "kernel/proc_mountinfo.h"
#include "kernel/proc_number.h"
#include "kernel/proc_pid.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <time.h>

/* Files of /proc made of records come in pages: a read that gave less than half of one has seen
 * the end. It spares one system call for nearly every file. */
#define READ_HALF_PAGE 2048

ssize_t kernel_host_read_file(int dir, const char *path, char *buffer, size_t size)
{
	_cleanup_close_ int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;

	if (fd < 0)
		return -errno;
	while (len < size) {
		const ssize_t n = read(fd, buffer + len, size - len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		len += (size_t)n;
		if (n < READ_HALF_PAGE)
			break;
	}
	return (ssize_t)len;
}

static void read_boot_id(int proc, char *ret, size_t size)
{
	const ssize_t n = kernel_host_read_file(proc, "sys/kernel/random/boot_id", ret, size - 1);

	ret[n > 0 ? n : 0] = '\0';
	ret[strcspn(ret, "\n")] = '\0';
}

/* The line `btime N` of /proc/stat, which may be long: one line for each processor before it. */
static int64_t read_boot_time(int proc)
{
	_cleanup_close_ int fd = openat(proc, "stat", O_RDONLY | O_CLOEXEC);
	_cleanup_fclose_ FILE *file = fd >= 0 ? fdopen(fd, "re") : NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!file)
		return 0;
	fd = -EBADF;
	while ((n = getline(&line, &size, file)) > 0) {
		const char *p = line + 6;
		uint64_t seconds;

		if (strncmp(line, "btime ", 6) == 0 &&
		        proc_number_parse(&p, line + n, INT64_MAX, &seconds))
			return (int64_t)seconds;
	}
	return 0;
}

/* The inode of one of our own namespaces, 0 if it cannot be read. */
static uint64_t read_own_ns(int proc, const char *path)
{
	char text[64];
	const ssize_t n = readlinkat(proc, path, text, sizeof(text));
	struct proc_link link;

	return n > 0 && proc_link_parse(text, (size_t)n, &link) == 0 ? link.inode : 0;
}

static bool hides(const struct proc_mount *mount)
{
	static const char *const HIDING[] = {"2", "invisible", "4", "ptraceable"};
	struct proc_slice value;

	if (!proc_mountinfo_option(mount->options, "hidepid", &value))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(HIDING); i++) {
		if (proc_slice_equals(value, HIDING[i]))
			return true;
	}
	return false;
}

/* hidepid (proc(5)) matters where it hides PID 1 from us: every PID namespace has one, and it is
 * hidden neither from root nor from the group of the option gid. */
static bool is_hiding(int proc)
{
	_cleanup_close_ int fd = -EBADF;
	_cleanup_fclose_ FILE *file = NULL;
	_cleanup_free_ char *line = NULL;
	size_t size = 0;
	ssize_t n;
	struct stat init, self;

	if (fstatat(proc, "1", &init, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT ||
	        fstat(proc, &self) < 0)
		return false;
	fd = openat(proc, "self/mountinfo", O_RDONLY | O_CLOEXEC);
	file = fd >= 0 ? fdopen(fd, "re") : NULL;
	if (!file)
		return false;
	fd = -EBADF;
	while ((n = getline(&line, &size, file)) > 0) {
		struct proc_mount mount;

		if (line[n - 1] == '\n')
			n--;
		if (proc_mountinfo_parse(line, (size_t)n, &mount) == 0 &&
		        makedev(mount.major, mount.minor) == self.st_dev && hides(&mount))
			return true;
	}
	return false;
}

/* /proc/self is our PID in the PID namespace of that procfs, if we are in there at all. */
static bool is_foreign(int proc)
{
	char text[32];
	const ssize_t n = readlinkat(proc, "self", text, sizeof(text) - 1);
	pid_t pid;

	if (n < 0)
		return true;
	text[n] = '\0';
	return !proc_pid_parse(text, &pid) || pid != getpid();
}

void kernel_host_read(int proc, struct kernel_host *ret)
{
	struct utsname names;
	const long hertz = sysconf(_SC_CLK_TCK);
	uint64_t user_ns;

	*ret = (struct kernel_host){0};
	if (uname(&names) == 0) {
		snprintf(ret->name, sizeof(ret->name), "%s", names.nodename);
		snprintf(ret->release, sizeof(ret->release), "%s", names.release);
	}
	read_boot_id(proc, ret->boot_id, sizeof(ret->boot_id));
	ret->taken = (int64_t)time(NULL);
	ret->booted = read_boot_time(proc);
	ret->hertz = hertz > 0 ? (unsigned)hertz : 100;
	ret->euid = geteuid();
	ret->is_hidepid = is_hiding(proc);
	user_ns = read_own_ns(proc, "self/ns/user");
	ret->is_inside = user_ns != 0 && !nsrel_is_initial(&(struct nsrel_key){.ino = user_ns},
	                                         nsrel_type_from_name("user"));
	ret->is_foreign_proc = is_foreign(proc);
	ret->pid_ns = ret->is_foreign_proc ? 0 : read_own_ns(proc, "self/ns/pid");
	ret->self = ret->is_foreign_proc ? 0 : getpid();
}
