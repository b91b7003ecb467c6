/* SPDX-License-Identifier: Apache-2.0 */

/* Many processes in sets of namespaces, for measuring:
 *
 *	crowd PROCESSES SETS [COMMAND ARG...]
 *
 * makes a PID and a mount namespace with /proc of its own, in which the processes of other programs
 * do not count. There it starts the processes, an equal number in each set; a set has namespaces of
 * the types that CROWD_TYPES names (default: user,pid,mnt,net,uts,ipc,cgroup). Each process has
 * CROWD_FDS descriptors (default 6). Then it runs the command there and returns its exit status;
 * without one it waits for the end of standard input. All processes end with the first of the PID
 * namespace, which ends with this program. Exit status 77: no right to do so.
 *
 * With CROWD_HOST set there is no such PID and mount namespace, and each process ends with its
 * parent: for what is permitted in the initial one only (listns(2)), on a host with few processes
 * of other programs. */

#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXIT_SKIPPED = 77, FDS = 6, FDS_MAX = 1000 };

static const struct {
	const char *name;
	int flag;
} types[] = {{"user", CLONE_NEWUSER}, {"pid", CLONE_NEWPID}, {"mnt", CLONE_NEWNS},
        {"net", CLONE_NEWNET}, {"uts", CLONE_NEWUTS}, {"ipc", CLONE_NEWIPC},
        {"cgroup", CLONE_NEWCGROUP}};

struct crowd {
	size_t n_processes, n_sets;
	int flags; /* CLONE_NEW* of each set */
	int n_fds;
	bool is_of_host; /* in the namespaces of the caller */
	int ready;       /* a byte is written here for each set that is complete */
	char **command;
};

static int complain(const char *what)
{
	fprintf(stderr, "crowd: %s: %s\n", what, strerror(errno));
	return EXIT_SKIPPED;
}

static int parse_types(const char *list, int *ret_flags)
{
	_cleanup_free_ char *copy = memory_strdup(list);

	for (char *rest = copy, *name; (name = strsep(&rest, ","));) {
		size_t i = 0;

		while (i < ARRAY_SIZE(types) && strcmp(types[i].name, name) != 0)
			i++;
		if (i == ARRAY_SIZE(types))
			return -EINVAL;
		*ret_flags |= types[i].flag;
	}
	return 0;
}

static pid_t clone_into(int flags)
{
	const unsigned long all = (unsigned)flags | SIGCHLD;

#if defined(__s390__) || defined(__CRIS__)
	return (pid_t)syscall(SYS_clone, 0, all, 0, 0, 0);
#else
	return (pid_t)syscall(SYS_clone, all, 0, 0, 0, 0);
#endif
}

_noreturn_ static void wait_for_end(void)
{
	for (;;)
		pause();
}

/* The first of a set: starts the others, which inherit its descriptors. */
_noreturn_ static void fill_set(const struct crowd *crowd, size_t n)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 1; i < n; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			_exit(EXIT_FAILURE);
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			close(crowd->ready);
			wait_for_end();
		}
	}
	if (write(crowd->ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	close(crowd->ready);
	wait_for_end();
}

/* All that a process of a set has open, beside `ready`, which it closes: standard input, output and
 * error, /dev/null once more, and others. */
static int open_fds(const struct crowd *crowd)
{
	descriptors_close_except(&crowd->ready, 1);
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0)
		return -errno;
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	for (int n = 4; n < crowd->n_fds; n++) {
		if (eventfd(0, EFD_CLOEXEC) < 0)
			return -errno;
	}
	return 0;
}

/* Starts one set. Returns 0 or a negative errno. */
static int start_set(const struct crowd *crowd, size_t n)
{
	const pid_t pid = clone_into(crowd->flags);

	if (pid < 0)
		return -errno;
	if (pid == 0) {
		if (open_fds(crowd) < 0)
			_exit(EXIT_FAILURE);
		fill_set(crowd, n);
	}
	return 0;
}

/* Starts all sets, and waits until they are complete. */
static int start_sets(struct crowd *crowd)
{
	char bytes[256];
	size_t n_ready = 0;
	int ends[2], r = 0;
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	crowd->ready = ends[1];
	for (size_t i = 0; i < crowd->n_sets && r == 0; i++) {
		const size_t from = crowd->n_processes * i / crowd->n_sets;
		const size_t to = crowd->n_processes * (i + 1) / crowd->n_sets;

		r = start_set(crowd, to - from);
	}
	close(ends[1]);
	while (r == 0 && n_ready < crowd->n_sets && (n = read(ends[0], bytes, sizeof(bytes))) > 0)
		n_ready += (size_t)n;
	close(ends[0]);
	return r < 0 ? r : n_ready == crowd->n_sets ? 0 : -ECHILD;
}

/* Runs the command as a child. Returns its exit status. */
static int run_command(char **command)
{
	const pid_t pid = fork();
	int status;

	if (pid < 0)
		return complain("fork");
	if (pid == 0) {
		execvp(*command, command);
		complain(*command);
		_exit(127);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

static void wait_for_input(void)
{
	char bytes[64];

	while (read(STDIN_FILENO, bytes, sizeof(bytes)) > 0)
		;
}

static bool mount_proc(void)
{
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0;
}

/* The first process of the PID namespace: all others end with it. */
static int live(struct crowd *crowd)
{
	int r;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!crowd->is_of_host && !mount_proc())
		return complain("mount of /proc");
	r = start_sets(crowd);
	if (r < 0) {
		errno = -r;
		return complain("processes and namespaces");
	}
	if (crowd->command)
		return run_command(crowd->command);
	printf("%zu processes in %zu sets\n", crowd->n_processes, crowd->n_sets);
	fflush(stdout);
	wait_for_input();
	return EXIT_SUCCESS;
}

static int read_options(int argc, char **argv, struct crowd *crowd)
{
	const char *const list = getenv("CROWD_TYPES"), *const fds = getenv("CROWD_FDS");

	if (argc < 3)
		return -EINVAL;
	*crowd = (struct crowd){.n_processes = strtoul(argv[1], NULL, 10),
	        .n_sets = strtoul(argv[2], NULL, 10),
	        .n_fds = fds ? atoi(fds) : FDS,
	        .is_of_host = getenv("CROWD_HOST"),
	        .command = argc > 3 ? argv + 3 : NULL};
	if (crowd->n_sets == 0 || crowd->n_sets > crowd->n_processes || crowd->n_fds < 4 ||
	        crowd->n_fds > FDS_MAX)
		return -EINVAL;
	return parse_types(list ? list : "user,pid,mnt,net,uts,ipc,cgroup", &crowd->flags);
}

int main(int argc, char **argv)
{
	struct crowd crowd;
	int status;

	if (read_options(argc, argv, &crowd) < 0) {
		fputs("usage: [CROWD_TYPES=user,pid,...] [CROWD_FDS=N] [CROWD_HOST=1] "
		      "crowd PROCESSES SETS [COMMAND ARG...]\n",
		        stderr);
		return 2;
	}
	if (!crowd.is_of_host && unshare(CLONE_NEWPID | CLONE_NEWNS) < 0)
		return complain("unshare");
	const pid_t pid = fork();
	if (pid < 0)
		return complain("fork");
	if (pid == 0)
		_exit(live(&crowd));
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}
