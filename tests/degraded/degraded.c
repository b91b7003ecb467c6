/* SPDX-License-Identifier: Apache-2.0 */
/* degraded PROFILE COMMAND [ARGUMENT]...: runs a command as if on another system, which lacks what
 * lacks.def says; `degraded --list` prints the profiles. What exists and fails otherwise is as
 * here. Its exit status is that of the command; 77: this needs filters of system calls with a
 * listener (libseccomp 2.5, Linux 5.9). */

#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/monotonic.h"
#include "privsep/pidfd_uapi.h"
#include "tests/degraded/profile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SKIPPED = 77, NOT_FOUND = 127, SIGNALED = 128 };

/* Linux 6.6: the caller runs at once, on the CPU of the listener. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
enum { SYNC_WAKE_UP = 1 };

/* The command waits for the listener, and has deadlines: on a busy host it is to run first. */
enum { NICE = -10 };

/* After the command has ended, its children may go on for so long. */
enum { CHILDREN_MS = 10000 };

/* --- paths ----------------------------------------------------------------------------------- */

/* A string in the memory of a process, which ends at a page that may be the last one. */
static bool read_string(pid_t pid, uint64_t address, char *ret, size_t size)
{
	enum { PAGE = 4096 };
	size_t n = 0;

	while (n < size - 1) {
		const size_t wanted = MIN(size - 1 - n, PAGE - (size_t)((address + n) % PAGE));
		const struct iovec to = {ret + n, wanted};
		/* An address there, which is no pointer here. */
		union {
			uintptr_t number;
			void *pointer;
		} from = {.number = (uintptr_t)(address + n)};
		const struct iovec at = {from.pointer, wanted};
		const ssize_t r = process_vm_readv(pid, &to, 1, &at, 1, 0);

		if (r <= 0)
			return false;
		if (memchr(ret + n, '\0', (size_t)r))
			return true;
		n += (size_t)r;
	}
	ret[n] = '\0';
	return true;
}

/* The directory to which a path belongs. */
static bool read_directory(pid_t pid, int fd, char *ret, size_t size)
{
	char link[64];
	ssize_t n;

	if (fd == AT_FDCWD)
		snprintf(link, sizeof(link), "/proc/%d/cwd", pid);
	else
		snprintf(link, sizeof(link), "/proc/%d/fd/%d", pid, fd);
	n = readlink(link, ret, size - 1);
	ret[n < 0 ? 0 : n] = '\0';
	return n >= 0;
}

static bool is_lacking(const struct profile *profile, const struct seccomp_notif *call)
{
	const pid_t pid = (pid_t)call->pid;
	char path[2 * PATH_MAX + 2];
	char name[PATH_MAX];
	size_t len;
	int directory, argument;

	if (!profile_path_arguments(call->data.nr, &directory, &argument) ||
	        !read_string(pid, call->data.args[argument], name, sizeof(name)) ||
	        !profile_may_lack(profile, name))
		return false;
	if (*name == '/')
		return profile_lacks_file(profile, name);
	if (!read_directory(pid, directory < 0 ? AT_FDCWD : (int)call->data.args[directory], path,
	            PATH_MAX))
		return false;
	len = strlen(path);
	snprintf(path + len, sizeof(path) - len, "/%s", name);
	return profile_lacks_file(profile, path);
}

/* Answers one call. The caller may have been killed meanwhile. */
static void answer(const struct profile *profile, int listener)
{
	struct seccomp_notif call = {0};
	struct seccomp_notif_resp response = {0};

	if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return;
	response.id = call.id;
	if (is_lacking(profile, &call))
		response.error = -ENOENT;
	else
		response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* --- the command ----------------------------------------------------------------------------- */

static int status_of(int status)
{
	return WIFSIGNALED(status) ? SIGNALED + WTERMSIG(status) : WEXITSTATUS(status);
}

/* Answers until all processes with the filter have ended. Returns the exit status of the command.
 */
static int supervise(const struct profile *profile, int listener, int pidfd, pid_t pid)
{
	struct pollfd fds[] = {{.fd = listener, .events = POLLIN}, {.fd = pidfd, .events = POLLIN}};
	int64_t deadline = INT64_MAX;
	int status = 0;

	ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SYNC_WAKE_UP);
	setpriority(PRIO_PROCESS, 0, NICE);
	while (monotonic_ms() < deadline) {
		const int r = poll(fds, 2, deadline == INT64_MAX ? -1 : CHILDREN_MS);

		if (r == 0 || (r < 0 && errno != EINTR))
			break;
		if (fds[0].revents & POLLIN)
			answer(profile, listener);
		if (fds[1].revents && waitpid(pid, &status, 0) == pid) {
			fds[1].fd = -1;
			deadline = monotonic_ms() + CHILDREN_MS;
		}
		if (fds[0].revents & POLLHUP)
			break;
	}
	if (fds[1].fd >= 0)
		waitpid(pid, &status, 0);
	return status_of(status);
}

/* Does not return. Sends the number of its listener, and begins when that was taken. */
static void run(const struct profile *profile, int socket, char **argv)
{
	char taken;
	int error;
	const int listener = profile_install(profile, &error);
	const int sent = error < 0 ? error : listener;

	if (write(socket, &sent, sizeof(sent)) != sizeof(sent) || read(socket, &taken, 1) != 1 ||
	        error < 0)
		_exit(SKIPPED);
	close(listener);
	close(socket);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(NOT_FOUND);
}

/* The listener of the child; a negative errno: it has none. */
static int take_listener(int pidfd, int socket)
{
	const char taken = 1;
	int sent;
	int fd;

	if (read(socket, &sent, sizeof(sent)) != sizeof(sent))
		return -EPIPE;
	if (sent < 0)
		return sent;
	fd = (int)syscall(SYS_pidfd_getfd, pidfd, sent, 0U);
	if (fd < 0)
		return -errno;
	return write(socket, &taken, 1) == 1 ? fd : -EPIPE;
}

static int run_supervised(const struct profile *profile, char **argv)
{
	int sockets[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) < 0)
		return SKIPPED;
	const pid_t pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		close(sockets[0]);
		run(profile, sockets[1], argv);
	}
	close(sockets[1]);
	/* Signals of the terminal go to the command, too. */
	signal(SIGINT, SIG_IGN);
	signal(SIGQUIT, SIG_IGN);
	_cleanup_close_ int socket = sockets[0];
	_cleanup_close_ int pidfd = pid < 0 ? -1 : (int)syscall(SYS_pidfd_open, pid, 0U);
	_cleanup_close_ int listener = pidfd < 0 ? -errno : take_listener(pidfd, socket);
	if (listener < 0) {
		fprintf(stderr, "degraded: %s\n", strerror(-listener));
		if (pid > 0)
			kill(pid, SIGKILL);
		return SKIPPED;
	}
	return supervise(profile, listener, pidfd, pid);
}

static int run_filtered(const struct profile *profile, char **argv)
{
	int error;

	profile_install(profile, &error);
	if (error < 0) {
		fprintf(stderr, "degraded: %s\n", strerror(-error));
		return SKIPPED;
	}
	execvp(argv[0], argv);
	perror(argv[0]);
	return NOT_FOUND;
}

int main(int argc, char **argv)
{
	const struct profile *const profile = argc > 2 ? profile_find(argv[1]) : NULL;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		profile_list(stdout);
		return EXIT_SUCCESS;
	}
	if (argc < 3) {
		fputs("usage: degraded PROFILE COMMAND [ARGUMENT]...\n"
		      "       degraded --list\n",
		        stderr);
		return EXIT_FAILURE;
	}
	if (!profile) {
		fprintf(stderr, "degraded: no profile %s (see degraded --list)\n", argv[1]);
		return EXIT_FAILURE;
	}
	return profile_has_files(profile) ? run_supervised(profile, argv + 2)
	                                  : run_filtered(profile, argv + 2);
}
