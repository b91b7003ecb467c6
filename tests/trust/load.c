/* SPDX-License-Identifier: Apache-2.0 */

/* Makes mounts and processes with long command lines, and runs a command among them:
 *
 *	load MOUNTS PROCESSES COMMAND ARG...
 *
 * The mounts are below a tmpfs over the working directory, in a mount namespace of their own; each
 * of the processes has a command line of more than 128 KiB. Returns the exit status of the command.
 * Exit status 77: no right to do so. */

#include "base/attributes.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { EXIT_SKIPPED = 77, ARGUMENT = 128 * 1024 }; /* the longest of execve(2) */

static int complain(const char *what)
{
	fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
	return EXIT_SKIPPED;
}

static int make_mounts(int n)
{
	char name[32];

	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	if (mkdir("mounts", 0700) < 0 || mount("none", "mounts", "tmpfs", 0, NULL) < 0 ||
	        mkdir("mounts/source", 0700) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "mounts/%d", i);
		if (mkdir(name, 0700) < 0 || mount("mounts/source", name, NULL, MS_BIND, NULL) < 0)
			return -1;
	}
	return 0;
}

_noreturn_ static void become_long(int input)
{
	static char argument[ARGUMENT];

	memset(argument, 'x', sizeof(argument) - 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(input, STDIN_FILENO) == STDIN_FILENO)
		execl("/bin/sh", "sh", "-c", "read x", argument, NULL);
	_exit(EXIT_FAILURE);
}

/* Waits until all have executed their program: then this pipe is closed. */
static int start_processes(int n, int input)
{
	int started[2];
	char byte;

	if (pipe2(started, O_CLOEXEC) < 0)
		return -1;
	for (int i = 0; i < n; i++) {
		const pid_t pid = fork();

		if (pid < 0)
			return -1;
		if (pid == 0)
			become_long(input);
	}
	close(started[1]);
	const ssize_t r = read(started[0], &byte, 1);
	close(started[0]);
	return r == 0 ? 0 : -1;
}

static int run(char **command)
{
	int status = -1;
	const pid_t pid = fork();

	if (pid == 0) {
		execvp(command[0], command);
		_exit(EXIT_FAILURE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return EXIT_FAILURE;
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	int input[2]; /* nothing is written to it */

	if (argc < 4) {
		fputs("usage: load MOUNTS PROCESSES COMMAND ARG...\n", stderr);
		return 2;
	}
	if (make_mounts(atoi(argv[1])) < 0)
		return complain("mounts");
	if (pipe2(input, O_CLOEXEC) < 0 || start_processes(atoi(argv[2]), input[0]) < 0)
		return complain("processes");
	return run(argv + 3);
}
