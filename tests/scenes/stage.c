/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/scenes/stage.h"

#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

const int stage_types[8] = {CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWUTS,
        CLONE_NEWIPC, CLONE_NEWCGROUP, CLONE_NEWTIME};
const int stage_thread_types[5] = {
        CLONE_NEWNS, CLONE_NEWNET, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWCGROUP};

int stage_fail(const char *what, int error)
{
	error = error < 0 ? -error : error;
	fprintf(stderr, "scene: %s: %s\n", what, strerror(error));
	return -error;
}

void *stage_shared(size_t size)
{
	void *const memory =
	        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED) {
		stage_fail("shared memory", errno);
		_exit(99);
	}
	return memory;
}

pid_t stage_clone(int flags)
{
	const unsigned long all = (unsigned)flags | SIGCHLD;

#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, 0, all, 0, 0, 0);
#else
	return (pid_t)syscall(SYS_clone, all, 0, 0, 0, 0);
#endif
}

void stage_wait(void)
{
	for (;;)
		pause();
}

int stage_enter_time(void)
{
	if (unshare(CLONE_NEWTIME) < 0)
		return stage_fail("new time namespace", errno);
	_cleanup_close_ int ns = open("/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWTIME) < 0)
		return stage_fail("time_for_children", errno);
	return 0;
}

static int set_up(struct stage *stage, const struct actor *actor, unsigned uid, unsigned gid)
{
	int r = 0;

	if (actor->flags & CLONE_NEWUSER)
		r = world_map_root(uid, gid);
	if (r < 0)
		return stage_fail("uid_map", r);
	if (actor->flags & CLONE_NEWTIME)
		r = stage_enter_time();
	if (r == 0 && actor->setup)
		r = actor->setup(stage, actor->arg);
	return r;
}

static _noreturn_ void act(
        struct stage *stage, const struct actor *actor, unsigned uid, unsigned gid, int ready)
{
	int r = stage->is_host ? prctl(PR_SET_PDEATHSIG, SIGKILL) : 0;

	if (r == 0)
		r = set_up(stage, actor, uid, gid);
	if (write(ready, &r, sizeof(r)) != sizeof(r) || r < 0)
		_exit(1);
	close(ready);
	if (actor->then)
		actor->then(stage, actor->arg);
	else
		stage_wait();
	_exit(0);
}

pid_t stage_start(struct stage *stage, const struct actor *actor)
{
	const unsigned uid = geteuid(), gid = getegid();
	int ready[2], r = -ECHILD;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return stage_fail("pipe", errno);
	/* The time namespace's bit lies among those of the signal. */
	const pid_t pid = stage_clone(actor->flags & ~CLONE_NEWTIME);
	const int error = errno;
	if (pid == 0) {
		close(ready[0]);
		act(stage, actor, uid, gid, ready[1]);
	}
	close(ready[1]);
	if (pid < 0)
		stage_fail("new process or namespaces", error);
	if (pid < 0 || read(ready[0], &r, sizeof(r)) != sizeof(r))
		r = pid < 0 ? -error : stage_fail("a process of the scene", ECHILD);
	close(ready[0]);
	if (r < 0 && pid > 0)
		stage_end(pid);
	return r < 0 ? r : pid;
}

void stage_end(pid_t pid)
{
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

int stage_open(pid_t pid, const char *link)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? stage_fail(path, errno) : fd;
}

/* What is mounted there is copied into each new mount namespace, and would be held by that too. */
static int forget_mounts(struct stage *stage, void *arg)
{
	(void)arg;
	return umount2(stage->dir, MNT_DETACH) < 0 ? stage_fail(stage->dir, errno) : 0;
}

int stage_new(struct stage *stage, int type, int flags)
{
	const struct actor actor = {
	        .flags = type | flags,
	        .setup = (type | flags) == CLONE_NEWNS ? forget_mounts : NULL,
	};
	const pid_t pid = stage_start(stage, &actor);

	if (pid < 0)
		return pid;
	const int ns = stage_open(pid, nsrel_type_name(type));
	stage_end(pid);
	return ns;
}

int stage_file(const struct stage *stage, const char *name, char *ret_path, size_t size)
{
	snprintf(ret_path, size, "%s/%s", stage->dir, name);
	_cleanup_close_ int fd = open(ret_path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? stage_fail(name, errno) : 0;
}

static int bind_ns(int ns, const char *path)
{
	char link[64];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", ns);
	return mount(link, path, NULL, MS_BIND, NULL) < 0 ? -errno : 0;
}

int stage_bind(struct stage *stage, int ns, const char *path, const char *shown)
{
	const int r = bind_ns(ns, path);

	return r < 0 ? stage_fail("mount of a namespace", r) : truth_mount(stage->truth, ns, shown);
}

/* A mount namespace can only be mounted in an older one, and from Linux 6.18 "older" goes by the
 * kernel's ids, which each processor takes from a batch of its own: a new one may count as older
 * than ours, unless it is made on the processor where ours was. So each gets a try. */
int stage_new_mounted(struct stage *stage, int type, const char *path)
{
	cpu_set_t all, one;
	int ns = -EINVAL;

	if (sched_getaffinity(0, sizeof(all), &all) < 0)
		return stage_fail("processors", errno);
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
		if (!CPU_ISSET(cpu, &all))
			continue;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(0, sizeof(one), &one);
		ns = stage_new(stage, type, 0);
		if (ns < 0 || bind_ns(ns, path) == 0)
			break;
		close_fd(&ns);
	}
	sched_setaffinity(0, sizeof(all), &all);
	return ns >= 0 ? ns : stage_fail("mount of a new namespace", EINVAL);
}

int stage_mount(struct stage *stage, int type, const char *name)
{
	char path[PATH_MAX];

	const int r = stage_file(stage, name, path, sizeof(path));
	if (r < 0)
		return r;
	_cleanup_close_ int ns = stage_new_mounted(stage, type, path);
	return ns < 0 ? ns : truth_mount(stage->truth, ns, path);
}

int stage_socketpair(int ret_pair[static 2])
{
	const int r = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_pair);

	return r < 0 ? stage_fail("socketpair", errno) : 0;
}

static int send_descriptor(int socket, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_len = CMSG_LEN(sizeof(int)),
	                     .cmsg_level = SOL_SOCKET,
	                     .cmsg_type = SCM_RIGHTS}};
	struct iovec byte = {.iov_base = control.bytes, .iov_len = 1};
	const struct msghdr message = {.msg_iov = &byte,
	        .msg_iovlen = 1,
	        .msg_control = control.bytes,
	        .msg_controllen = sizeof(control.bytes)};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) < 0 ? stage_fail("sendmsg", errno) : 0;
}

int stage_send(struct stage *stage, const int pair[static 2], int ns)
{
	char detail[32];

	snprintf(detail, sizeof(detail), "%d/%d", (int)stage_self(), pair[1]);
	const int r = truth_add(stage->truth, ns, "flight", detail);
	return r < 0 ? r : send_descriptor(pair[0], ns);
}

/* The last number of a link like `12/task/34`. */
static pid_t read_number(const char *link)
{
	char text[64];
	const ssize_t n = readlink(link, text, sizeof(text) - 1);

	if (n < 0)
		return stage_fail(link, errno);
	text[n] = '\0';
	const char *const slash = strrchr(text, '/');
	return (pid_t)strtol(slash ? slash + 1 : text, NULL, 10);
}

pid_t stage_self(void)
{
	return read_number("/proc/self");
}

pid_t stage_thread_self(void)
{
	return read_number("/proc/thread-self");
}

int stage_tell(struct stage *stage, pid_t pid, int types)
{
	int r = pid < 0 ? pid : 0;

	for (size_t i = 0; i < ARRAY_SIZE(stage_types) && r == 0; i++)
		if (types & stage_types[i])
			r = truth_process(stage->truth, pid, stage_types[i]);
	return r;
}
