/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/nsrel/world.h"

#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static int write_text(const char *path, const char *text)
{
	const int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	const ssize_t n = write(fd, text, strlen(text));
	const int r = n < 0 ? -errno : 0;
	close(fd);
	return r;
}

int world_map_root(unsigned uid, unsigned gid)
{
	char map[64];

	write_text("/proc/self/setgroups", "deny"); /* refused where it is already */
	snprintf(map, sizeof(map), "0 %u 1", uid);
	const int r = write_text("/proc/self/uid_map", map);
	if (r < 0)
		return r;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return write_text("/proc/self/gid_map", map);
}

int world_enter(int flags)
{
	const unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWUSER) < 0)
		return -errno;
	const int r = world_map_root(uid, gid);
	if (r < 0)
		return r;
	if (flags && unshare(flags) < 0)
		return -errno;
	return 0;
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Its end is seen by that of its descriptor. A child that hangs in a file system ends by SIGKILL
 * alone: under valgrind no other signal is deadly. */
int world_run_for(int ms, void (*scene)(void))
{
	int alive[2];

	if (pipe2(alive, O_CLOEXEC) < 0)
		return 1;
	fflush(NULL);
	const pid_t pid = fork();
	if (pid == 0) {
		scene();
		_exit(0);
	}
	close(alive[1]);
	struct pollfd end = {.fd = alive[0], .events = POLLIN};
	if (pid > 0 && poll(&end, 1, ms) <= 0)
		kill(pid, SIGKILL);
	close(alive[0]);
	return pid > 0 ? wait_for(pid) : 1;
}

int world_run(void (*scene)(void))
{
	return world_run_for(20000, scene);
}

/* What the test program is to return if it cannot have `what`. */
static int skip(const char *what, int error)
{
	const char *const all = getenv("NSBROWSE_REQUIRE_ALL");

	fprintf(stderr, "skipped: %s: %s\n", what, strerror(error));
	return all && strcmp(all, "1") == 0 ? 1 : EXIT_SKIP;
}

bool world_can(const char *what, int flags, int (*scene)(void), int *ret_exit)
{
	fflush(NULL);
	const pid_t pid = fork();
	if (pid == 0) {
		int r = world_enter(flags);
		if (r == 0 && scene)
			r = scene();
		_exit(-r);
	}
	const int error = pid < 0 ? errno : wait_for(pid);
	if (error == 0)
		return true;
	*ret_exit = skip(what, error);
	return false;
}

/* Waits for that child, and takes the ends of orphans. */
static int reap_until(pid_t pid)
{
	int status;

	for (;;) {
		const pid_t ended = waitpid(-1, &status, 0);

		if (ended == pid)
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (ended < 0 && errno != EINTR)
			return 1;
	}
}

/* PID 1: when it ends the kernel ends all others. */
static int be_init(int (*run)(void *data), void *data)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return skip("private mounts", errno);
	if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return skip("a /proc of its own", errno);
	const pid_t pid = fork();
	if (pid < 0)
		return 1;
	if (pid == 0)
		exit(run(data));
	return reap_until(pid);
}

static int leave_machine(bool may_enter_user, int (*run)(void *data), void *data)
{
	const int flags = CLONE_NEWPID | CLONE_NEWNS;
	int r = unshare(flags) < 0 ? -errno : 0;

	if (r < 0 && may_enter_user)
		r = world_enter(flags);
	if (r < 0)
		return skip("a PID and a mount namespace", -r);
	const pid_t pid = world_fork();
	if (pid == 0)
		_exit(be_init(run, data));
	return pid < 0 ? 1 : wait_for(pid);
}

/* In a child: once its PID 1 has ended the one that has left the machine can fork no more. */
int world_alone(bool may_enter_user, int (*run)(void *data), void *data)
{
	const pid_t pid = world_fork();

	if (pid == 0)
		_exit(leave_machine(may_enter_user, run, data));
	return pid < 0 ? 1 : wait_for(pid);
}

pid_t world_fork(void)
{
	int ready[2];
	char byte = 0;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -1;
	fflush(NULL);
	const pid_t pid = fork();
	if (pid == 0) {
		close(ready[0]);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* It fails if the parent has ended already. (SIGPIPE does not end an init.) */
		if (write(ready[1], &byte, 1) != 1)
			_exit(1);
		close(ready[1]);
		return 0;
	}
	close(ready[1]);
	while (pid > 0 && read(ready[0], &byte, 1) < 0 && errno == EINTR)
		;
	close(ready[0]);
	return pid;
}

pid_t world_begin(int (*setup)(void))
{
	int ready[2], r = -ECHILD;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -errno;
	const pid_t pid = world_fork();
	if (pid == 0) {
		r = setup();
		if (write(ready[1], &r, sizeof(r)) != sizeof(r) || r < 0)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (pid < 0 || read(ready[0], &r, sizeof(r)) != sizeof(r))
		r = -ECHILD;
	close(ready[0]);
	if (r == 0)
		return pid;
	if (pid > 0)
		world_end(pid);
	return r;
}

void world_end(pid_t pid)
{
	kill(pid, SIGKILL);
	wait_for(pid);
}

int world_open(pid_t pid, const char *link)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	return nsrel_open(AT_FDCWD, path);
}

int world_count_fds(void)
{
	DIR *const dir = opendir("/proc/self/fd");
	int n = 0;

	if (!dir)
		return -1;
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}
