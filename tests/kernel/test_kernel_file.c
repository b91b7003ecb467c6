/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/kernel_file.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* What covers parts of /proc, in a mount namespace of our own: found out without a wait, with
 * openat2(2) and statx(2), and without them. */

static int open_proc(void)
{
	const int fd = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	CHECK(fd >= 0);
	return fd;
}

/* That system call gives ENOSYS from now on, as on older kernels. */
static void take_away(unsigned call)
{
	struct sock_filter rules[] = {
	        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
	        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = {.len = ARRAY_SIZE(rules), .filter = rules};

	CHECK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	CHECK(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	CHECK(syscall((long)call, 0, "", NULL, 0, NULL) < 0 && errno == ENOSYS);
}

/* Before Linux 5.6. */
static void take_openat2_away(void)
{
	take_away(SYS_openat2);
}

/* Before Linux 4.11. */
static void take_statx_away(void)
{
	CHECK(kernel_file_has_statx());
	take_openat2_away();
	take_away(SYS_statx);
	CHECK(!kernel_file_has_statx());
}

static void check_covered(int proc)
{
	char text[64];
	const int own = kernel_file_open_uncovered(proc, "self", O_PATH | O_DIRECTORY);
	const int file = kernel_file_open_uncovered(own, "stat", O_RDONLY);

	CHECK(own >= 0 && file >= 0);
	CHECK(fcntl(own, F_GETFD) == FD_CLOEXEC && fcntl(file, F_GETFD) == FD_CLOEXEC);
	CHECK(kernel_file_read_start(file, text, sizeof(text)) == sizeof(text));
	CHECK(kernel_file_open_uncovered(own, "none", O_RDONLY) == -ENOENT);
	CHECK(kernel_file_open_uncovered(own, "uid_map", O_RDONLY) == -EXDEV);
	CHECK(kernel_file_open_uncovered(own, "task", O_RDONLY | O_DIRECTORY) == -EXDEV);
	CHECK(kernel_file_open_uncovered(own, "gid_map", O_RDONLY) == -EXDEV);
	CHECK(kernel_file_open_same_device(proc, "uptime") == -EXDEV);
	CHECK(kernel_file_open_same_device(proc, "version") == -EXDEV);
	/* For files that do not belong to a process another mount of the same device is allowed. */
	CHECK(kernel_file_open_uncovered(proc, "loadavg", O_RDONLY) == -EXDEV);
	const int other = kernel_file_open_same_device(proc, "loadavg");
	CHECK(other >= 0);
	close(other);
	close(file);
	close(own);
}

/* Without rights in a user namespace of its own. */
static int enter(void)
{
	const int r = geteuid() == 0 ? 0 : world_enter(0);

	return r < 0 ? r : make_place();
}

/* A file of another file system, one of /proc itself, a directory, and a FIFO, which open(2) would
 * wait for. */
static void cover(void)
{
	char path[64];

	CHECK(enter() == 0);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)getpid());
	CHECK(mount("/etc/passwd", path, NULL, MS_BIND, NULL) == 0);
	snprintf(path, sizeof(path), "/proc/%d/task", (int)getpid());
	CHECK(mount("/proc/1", path, NULL, MS_BIND, NULL) == 0);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)getpid());
	CHECK(cover_by_fifo(path) == 0);
	CHECK(cover_by_fifo("/proc/uptime") == 0);
	CHECK(mount("/etc/passwd", "/proc/version", NULL, MS_BIND, NULL) == 0);
	CHECK(mount("/proc/loadavg", "/proc/loadavg", NULL, MS_BIND, NULL) == 0);
}

static void scene_openat2(void)
{
	cover();
	check_covered(open_proc());
}

static void scene_without_openat2(void)
{
	cover();
	take_openat2_away();
	check_covered(open_proc());
}

static void scene_without_statx(void)
{
	struct kernel_file with, without;

	cover();
	const int proc = open_proc();
	const int own = openat(proc, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(kernel_file_stat(own, "", &with) == 0);
	take_statx_away();
	check_covered(proc);
	CHECK(kernel_file_stat(own, "", &without) == 0);
	CHECK(with.dev == without.dev && with.ino == without.ino && with.uid == without.uid);
	CHECK(with.mount == 0 || with.mount == without.mount);
	CHECK(kernel_file_stat(own, "task", &without) == 0 && without.mount != with.mount);
	CHECK(kernel_file_stat(own, "none", &without) == -ENOENT);
	close(own);
	close(proc);
}

/* A directory of a file server that never answers. */
static void scene_dead_fuse(void)
{
	struct kernel_file here, there;
	char path[64];

	CHECK(enter() == 0);
	const int proc = open_proc();
	CHECK(mount_dead_fuse(PLACE "/dead") == 0);
	snprintf(path, sizeof(path), "/proc/%d", (int)getpid());
	CHECK(mount(PLACE "/dead", path, NULL, MS_BIND, NULL) == 0);
	CHECK(kernel_file_stat(proc, "", &here) == 0);
	CHECK(kernel_file_stat(proc, path + strlen("/proc/"), &there) == 0);
	CHECK(!kernel_file_is_same_mount(&here, &there));
	CHECK(kernel_file_open_uncovered(proc, "self/stat", O_RDONLY) == -EXDEV);
	take_openat2_away();
	CHECK(kernel_file_open_uncovered(proc, path + strlen("/proc/"), O_PATH) == -EXDEV);
}

/* Nothing is known of it then, not even the device. */
static void scene_dead_fuse_without_statx(void)
{
	struct kernel_file there;

	CHECK(enter() == 0);
	CHECK(mount_dead_fuse(PLACE "/dead") == 0);
	const int dead = open(PLACE "/dead", O_PATH | O_DIRECTORY | O_CLOEXEC);
	CHECK(dead >= 0);
	take_statx_away();
	CHECK(kernel_file_stat(dead, "", &there) == -EXDEV);
	CHECK(kernel_file_stat(AT_FDCWD, PLACE "/dead", &there) == -EXDEV);
	close(dead);
}

static void covered_files_are_not_opened(void **state)
{
	(void)state;
	assert_int_equal(world_run(scene_openat2), 0);
	assert_int_equal(world_run(scene_without_openat2), 0);
	assert_int_equal(world_run(scene_without_statx), 0);
}

static void a_file_server_is_not_waited_for(void **state)
{
	(void)state;
	if (access("/dev/fuse", R_OK | W_OK) < 0)
		skip();
	assert_int_equal(world_run(scene_dead_fuse), 0);
	assert_int_equal(world_run(scene_dead_fuse_without_statx), 0);
}

static void can_mount(void)
{
	const int r = enter();

	if (r < 0)
		_exit(-r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(covered_files_are_not_opened),
	        cmocka_unit_test(a_file_server_is_not_waited_for),
	};

	if (!privileged_can("mounting over /proc", can_mount))
		return privileged_skip();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
