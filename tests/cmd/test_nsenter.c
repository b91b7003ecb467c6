/* SPDX-License-Identifier: Apache-2.0 */

/* The nsenter(1) lines that are offered, run by a shell: each must land in the namespace that it
 * was offered for. All of it happens in children in a PID and a mount namespace of their own:
 * nothing is left, and the scans see no other processes. Exits 77 where namespaces may not be made,
 * or there is no nsenter. */

#include "base/attributes.h"
#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"
#include "view/nsenter.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIP = 77, NOBODY = 65534 };

/* Waits, and ends with its parent. */
struct holder_child {
	pid_t pid;
	int ready; /* a byte comes when it is where it shall be */
};

static uint64_t number_of(const char *path)
{
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_ino;
}

static uint64_t own_number(const char *type)
{
	_cleanup_free_ char *path = memory_printf("/proc/self/ns/%s", type);

	return number_of(path);
}

static uint64_t child_number(pid_t pid, const char *type)
{
	_cleanup_free_ char *path = memory_printf("/proc/%jd/ns/%s", (intmax_t)pid, type);

	return number_of(path);
}

static void write_file(const char *path, const char *text)
{
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		_exit(1);
}

static void map_user(unsigned inside, uid_t uid, gid_t gid)
{
	_cleanup_free_ char *users = memory_printf("%u %u 1", inside, (unsigned)uid);
	_cleanup_free_ char *groups = memory_printf("%u %u 1", inside, (unsigned)gid);

	write_file("/proc/self/uid_map", users);
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", groups);
}

/* Says that all is ready, then waits for the end. */
_noreturn_ static void hold(int ready)
{
	if (write(ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* A child that has run `enter` and waits. */
static struct holder_child start(void (*enter)(void))
{
	struct holder_child child;
	int ends[2];
	char byte;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	child.pid = world_fork();
	assert_true(child.pid >= 0);
	if (child.pid == 0) {
		enter();
		hold(ends[1]);
	}
	close(ends[1]);
	child.ready = ends[0];
	assert_int_equal(read(child.ready, &byte, 1), 1);
	return child;
}

static void end(struct holder_child *child)
{
	close(child->ready);
	kill(child->pid, SIGKILL);
	waitpid(child->pid, NULL, 0);
}

/* --- the lines ------------------------------------------------------------------------------ */

static const struct model *look(void)
{
	const struct scan_options options = {
	        .sources = SCAN_SOURCES_DEFAULT, .n_threads = 1, .program = "test 1"};
	struct kernel *kernel;
	const struct model *model;

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	assert_int_equal(scan_run(kernel, &options, NULL, NULL, NULL, &model), 0);
	kernel_free(kernel);
	return model;
}

static char *line_for(enum nstype type, uint64_t number)
{
	const struct model *model = look();
	const struct ns *ns = model_find(model, type, number);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	assert_non_null(ns);
	assert_int_equal(nsenter_write(out, model, ns, getpid()), 0);
	assert_int_equal(fclose(out), 0);
	model_unref(model);
	return text;
}

/* What a shell prints for the line with `readlink` behind it. */
static char *run(const char *line, const char *type)
{
	_cleanup_free_ char *command =
	        memory_printf("exec %s -- readlink /proc/self/ns/%s", line, type);
	char seen[128] = "";
	int ends[2], status;

	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	const pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execlp("bash", "bash", "-c", command, (char *)NULL);
		_exit(127);
	}
	close(ends[1]);
	const ssize_t n = read(ends[0], seen, sizeof(seen) - 1);
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (n > 0)
		seen[strcspn(seen, "\n")] = '\0';
	return memory_strdup(seen);
}

static void assert_lands(enum nstype type, uint64_t number, const char *begins)
{
	_cleanup_free_ char *line = line_for(type, number);
	_cleanup_free_ char *seen = run(line, nstype_name(type));
	_cleanup_free_ char *wanted =
	        memory_printf("%s:[%ju]", nstype_name(type), (uintmax_t)number);

	print_message("%s\n", line);
	assert_string_equal(seen, wanted);
	assert_int_equal(strncmp(line, begins, strlen(begins)), 0);
	assert_true(own_number(nstype_name(type)) != number);
}

/* --- scenes: each runs in a process of its own ------------------------------------------------ */

static void enter_flat(void)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWCGROUP) < 0)
		_exit(1);
}

static void test_by_process(void **state)
{
	static const enum nstype types[] = {NS_MNT, NS_NET, NS_UTS, NS_IPC, NS_CGROUP};
	struct holder_child child = start(enter_flat);
	_cleanup_free_ char *begins = memory_printf("nsenter -t %jd --", (intmax_t)child.pid);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		assert_lands(types[i], child_number(child.pid, nstype_name(types[i])), begins);
	end(&child);
}

/* For these two types the children are in it, not the process that made it. */
static void enter_with_child(void)
{
	if (unshare(CLONE_NEWPID | CLONE_NEWTIME) < 0)
		_exit(1);
	if (world_fork() == 0)
		for (;;)
			pause();
}

static void test_by_child(void **state)
{
	struct holder_child child = start(enter_with_child);

	(void)state;
	assert_lands(NS_PID, child_number(child.pid, "pid_for_children"), "nsenter -t ");
	assert_lands(NS_TIME, child_number(child.pid, "time_for_children"), "nsenter -t ");
	end(&child);
}

static void enter_user_with_root(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		_exit(1);
	map_user(0, 0, 0);
}

/* nsenter cannot become root there. */
static void enter_user_without_root(void)
{
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		_exit(1);
	map_user(1000, 0, 0);
}

static void test_user(void **state)
{
	struct holder_child with = start(enter_user_with_root);
	struct holder_child without = start(enter_user_without_root);

	(void)state;
	assert_lands(NS_USER, child_number(with.pid, "user"), "nsenter -t ");
	assert_lands(NS_USER, child_number(without.pid, "user"), "nsenter -t ");
	/* And what it owns, without going through it. */
	assert_lands(NS_NET, child_number(without.pid, "net"), "nsenter -t ");
	end(&with);
	end(&without);
}

/* The first process of it has a child there. */
static void enter_user_with_child(void)
{
	enter_user_with_root();
	if (fork() == 0) /* ends with the PID namespace */
		for (;;)
			pause();
}

/* A zombie has no other namespaces left to enter: another process is taken. */
static void test_not_by_a_zombie(void **state)
{
	struct holder_child child = start(enter_user_with_child);
	_cleanup_free_ char *by_zombie = memory_printf("nsenter -t %jd ", (intmax_t)child.pid);
	const uint64_t number = child_number(child.pid, "user");
	siginfo_t info;

	(void)state;
	assert_lands(NS_USER, number, by_zombie);
	kill(child.pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)child.pid, &info, WEXITED | WNOWAIT), 0);
	assert_lands(NS_USER, number, "nsenter -t ");
	_cleanup_free_ char *line = line_for(NS_USER, number);
	assert_int_not_equal(strncmp(line, by_zombie, strlen(by_zombie)), 0);
	end(&child);
}

#define HOSTILE_POINT "/tmp/it's a \\\xc3\xbc\"$(false)`false`;net"

static void enter_net_to_mount(void)
{
	if (unshare(CLONE_NEWNET) < 0)
		_exit(1);
}

/* A mount here, under a name that a shell must not take apart. */
static uint64_t mount_net(void)
{
	struct holder_child child = start(enter_net_to_mount);
	_cleanup_free_ char *path = memory_printf("/proc/%jd/ns/net", (intmax_t)child.pid);
	_cleanup_close_ int fd = open(HOSTILE_POINT, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	const uint64_t number = child_number(child.pid, "net");

	assert_true(fd >= 0);
	assert_int_equal(mount(path, HOSTILE_POINT, NULL, MS_BIND, NULL), 0);
	end(&child);
	return number;
}

static void test_by_mount(void **state)
{
	(void)state;
	assert_lands(NS_NET, mount_net(), "nsenter --net=/tmp/it\"'\"'s a '\"\\\\\"'");
}

static void enter_and_mount(void)
{
	if (unshare(CLONE_NEWNS) < 0 || mount("tmp", "/tmp", "tmpfs", 0, NULL) < 0)
		_exit(1);
	const pid_t pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUTS) < 0)
			_exit(1);
		const int fd = open("/tmp/uts", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		_cleanup_free_ char *path = memory_printf("/proc/%jd/ns/uts", (intmax_t)getpid());
		_exit(fd < 0 || mount(path, "/tmp/uts", NULL, MS_BIND, NULL) < 0);
	}
	int status;
	if (waitpid(pid, &status, 0) != pid || status != 0)
		_exit(1);
}

/* A mount in another mount namespace. */
static void test_by_foreign_mount(void **state)
{
	struct holder_child child = start(enter_and_mount);
	_cleanup_free_ char *path = memory_printf("/proc/%jd/root/tmp/uts", (intmax_t)child.pid);
	_cleanup_free_ char *begins = memory_printf("nsenter --uts=%s", path);

	(void)state;
	assert_lands(NS_UTS, number_of(path), begins);
	end(&child);
}

static void enter_and_open(void)
{
	const int before = open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC);

	if (before < 0 || unshare(CLONE_NEWIPC) < 0 ||
	        open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC) < 0 || setns(before, 0) < 0)
		_exit(1);
	close(before);
}

static void test_by_descriptor(void **state)
{
	struct holder_child child = start(enter_and_open);
	_cleanup_free_ char *begins =
	        memory_printf("nsenter --ipc=/proc/%jd/fd/", (intmax_t)child.pid);
	uint64_t number = 0;

	(void)state;
	for (int fd = 3; fd < 32 && !number; fd++) {
		_cleanup_free_ char *path =
		        memory_printf("/proc/%jd/fd/%d", (intmax_t)child.pid, fd);
		char link[64] = "";

		if (readlink(path, link, sizeof(link) - 1) > 0 && strncmp(link, "ipc:", 4) == 0)
			number = number_of(path);
	}
	assert_lands(NS_IPC, number, begins);
	end(&child);
}

static void *run_thread(void *data)
{
	int *ready = data;

	if (unshare(CLONE_NEWUTS) < 0 || write(*ready, "", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void enter_thread(void)
{
	static int ends[2];
	pthread_t thread;
	char byte;

	if (pipe2(ends, O_CLOEXEC) < 0 ||
	        pthread_create(&thread, NULL, run_thread, &ends[1]) != 0 ||
	        read(ends[0], &byte, 1) != 1)
		_exit(1);
}

static void test_by_thread(void **state)
{
	struct holder_child child = start(enter_thread);
	_cleanup_free_ char *begins =
	        memory_printf("nsenter --uts=/proc/%jd/task/", (intmax_t)child.pid);
	const struct model *model = look();
	uint64_t number = 0;

	(void)state;
	for (size_t i = 0; i < model->n_namespaces; i++) {
		const struct ns *ns = model->namespaces[i];

		for (size_t k = 0; k < ns->n_holders; k++) {
			if (ns->holders[k].kind == HOLDER_THREAD && ns->holders[k].pid == child.pid)
				number = ns->inode;
		}
	}
	model_unref(model);
	assert_lands(NS_UTS, number, begins);
	end(&child);
}

static void end_thread(int signal _unused_)
{
	syscall(SYS_exit, 0);
}

/* Its first thread ends with SIGUSR1, which the other one does not take. */
static void enter_to_end_first_thread(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0)
		_exit(1);
	enter_thread();
	if (signal(SIGUSR1, end_thread) == SIG_ERR || pthread_sigmask(SIG_UNBLOCK, &set, NULL) != 0)
		_exit(1);
}

/* /proc/PID has no links then but those of the other thread. */
static void test_by_other_thread(void **state)
{
	struct holder_child child = start(enter_to_end_first_thread);
	_cleanup_free_ char *link = memory_printf("/proc/%jd/ns/uts", (intmax_t)child.pid);
	_cleanup_free_ char *begins =
	        memory_printf("nsenter --uts=/proc/%jd/task/", (intmax_t)child.pid);

	(void)state;
	kill(child.pid, SIGUSR1);
	while (access(link, F_OK) == 0)
		sched_yield();
	const struct model *model = look();
	const struct process *process = model_find_process(model, child.pid);
	assert_non_null(process);
	assert_non_null(process->ns[NS_UTS]);
	assert_int_not_equal(process->live_thread, 0);
	assert_int_equal(process->ns[NS_UTS]->n_holders, 0);
	const uint64_t number = process->ns[NS_UTS]->inode;
	model_unref(model);
	assert_lands(NS_UTS, number, begins);
	end(&child);
}

static void enter_own_user(void)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		_exit(1);
	map_user(0, uid, gid);
}

/* Without any rights, but in one's own. */
static void test_as_a_user(void **state)
{
	(void)state;
	assert_int_equal(setgroups(0, NULL), 0);
	assert_int_equal(setgid(NOBODY), 0);
	assert_int_equal(setuid(NOBODY), 0);
	prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
	struct holder_child child = start(enter_own_user);
	assert_lands(NS_USER, child_number(child.pid, "user"), "nsenter -t ");
	assert_lands(NS_NET, child_number(child.pid, "net"), "nsenter -t ");
	end(&child);
}

/* --- each in its own world -------------------------------------------------------------------- */

static int run_alone(void *data)
{
	const struct CMUnitTest *const test = data;

	if (mount("tmp", "/tmp", "tmpfs", 0, NULL) < 0 || chmod("/tmp", 01777) < 0)
		return 1;
	return _cmocka_run_group_tests(test->name, test, 1, NULL, NULL) ? 1 : 0;
}

int main(void)
{
	struct CMUnitTest tests[] = {
	        cmocka_unit_test(test_by_process),
	        cmocka_unit_test(test_by_child),
	        cmocka_unit_test(test_user),
	        cmocka_unit_test(test_not_by_a_zombie),
	        cmocka_unit_test(test_by_mount),
	        cmocka_unit_test(test_by_foreign_mount),
	        cmocka_unit_test(test_by_descriptor),
	        cmocka_unit_test(test_by_thread),
	        cmocka_unit_test(test_by_other_thread),
	        cmocka_unit_test(test_as_a_user),
	};
	int failed = 0;

	if (access("/usr/bin/nsenter", X_OK) != 0)
		return SKIP;
	for (size_t i = 0; i < ARRAY_SIZE(tests); i++) {
		const int r = world_alone(false, run_alone, &tests[i]);

		if (r == SKIP)
			return SKIP;
		failed += r != 0;
	}
	return failed != 0;
}
