/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/jobs/job_draw.h"

#include "base/descriptors.h"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum {
	NOBODY = 65534,
	COULD_NOT_RUN = 127,
	CPU_SECONDS = DRAW_DEADLINE_MS / 1000,
	TAIL = 64, /* bytes at the end in which the end of the picture must be */
};

#define MEMORY_MAX ((rlim_t)2 << 30)
#define OUTPUT_MAX ((rlim_t)256 << 20)

static int complain(struct drawn *drawn, const char *why)
{
	snprintf(drawn->error, sizeof(drawn->error), "%s", why);
	return -EIO;
}

/* --- which program ------------------------------------------------------------------------- */

static bool is_roots_alone(const char *path, mode_t type)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IFMT) == type && st.st_uid == 0 &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static bool is_trusted(const char *path)
{
	char folder[256];
	const char *slash = strrchr(path, '/');

	if (!slash || (size_t)(slash - path) >= sizeof(folder))
		return false;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	return is_roots_alone(path, S_IFREG) && is_roots_alone(*folder ? folder : "/", S_IFDIR);
}

static const char *choose(const char *const *programs, struct drawn *drawn)
{
	const char *untrusted = NULL;

	for (; *programs; programs++) {
		if (access(*programs, X_OK) != 0)
			continue;
		if (is_trusted(*programs))
			return *programs;
		untrusted = *programs;
	}
	if (untrusted)
		snprintf(drawn->error, sizeof(drawn->error),
		        "%.80s is writable by other users than root, and is not run", untrusted);
	else
		complain(drawn, "Graphviz is not installed (dot)");
	return NULL;
}

/* --- running it ------------------------------------------------------------------------------ */

static int limit(int resource, rlim_t value)
{
	return setrlimit(resource, &(struct rlimit){value, value});
}

/* Only root can become another user, and must. */
static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	        setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -1;
	return 0;
}

/* In its own process. The death of its parent is forgotten with the change of user (prctl(2)). */
_noreturn_ static void run(const char *program, int input, int output, pid_t parent)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
	char name[] = "dot", form[] = "-Tsvg";
	char *const environment[] = {path, locale, NULL};
	char *const arguments[] = {name, form, NULL};
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (null < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	        dup2(null, STDERR_FILENO) < 0 || chdir("/") < 0)
		_exit(COULD_NOT_RUN);
	descriptors_close_except(NULL, 0);
	if (limit(RLIMIT_CORE, 0) < 0 || limit(RLIMIT_CPU, CPU_SECONDS) < 0 ||
	        limit(RLIMIT_FSIZE, OUTPUT_MAX) < 0 || become_nobody() < 0 ||
	        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	        prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) < 0 || getppid() != parent ||
	        limit(RLIMIT_AS, MEMORY_MAX) < 0)
		_exit(COULD_NOT_RUN);
	execve(program, arguments, environment);
	_exit(COULD_NOT_RUN);
}

/* Waits until it ends, or nobody waits for it any more: then it is killed. Returns its status. */
static int watch(pid_t pid, int signals, int answer)
{
	struct pollfd polls[] = {
	        {.fd = signals, .events = POLLIN},
	        {.fd = answer, .events = POLLRDHUP},
	};
	struct signalfd_siginfo info;
	int status;

	for (;;) {
		if (waitpid(pid, &status, WNOHANG) == pid)
			return status;
		poll(polls, ARRAY_SIZE(polls), -1);
		if (polls[1].revents) {
			kill(pid, SIGKILL);
			polls[1].fd = -1;
		}
		while (read(signals, &info, sizeof(info)) == sizeof(info))
			continue;
	}
}

/* Returns 0 and its status, or a negative errno. */
static int run_and_watch(const char *program, int input, int output, int answer, int *ret_status)
{
	const pid_t self = getpid();
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	_cleanup_close_ int signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		return -errno;
	const pid_t pid = fork();
	if (pid == 0)
		run(program, input, output, self);
	if (pid < 0)
		return -errno;
	*ret_status = watch(pid, signals, answer);
	return 0;
}

/* --- what it made ----------------------------------------------------------------------------- */

static int check_status(int status, struct drawn *drawn)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return complain(drawn, "dot wrote more than 256 MiB, and was stopped");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return complain(drawn, "dot took too long, and was stopped");
	if (WIFSIGNALED(status)) {
		snprintf(drawn->error, sizeof(drawn->error), "dot was killed by signal %d",
		        WTERMSIG(status));
		return -EIO;
	}
	if (WEXITSTATUS(status) == COULD_NOT_RUN)
		return complain(drawn, "dot could not be run");
	if (WEXITSTATUS(status) != 0) {
		snprintf(drawn->error, sizeof(drawn->error), "dot failed with status %d",
		        WEXITSTATUS(status));
		return -EIO;
	}
	return 0;
}

/* It may end well without having written all of it. */
static int check_picture(int output, struct drawn *drawn)
{
	static const char end[] = "</svg>";
	char tail[TAIL];
	struct stat st;

	if (fstat(output, &st) < 0 || st.st_size == 0)
		return complain(drawn, "dot wrote nothing");
	const off_t from = st.st_size > TAIL ? st.st_size - TAIL : 0;
	const ssize_t n = pread(output, tail, sizeof(tail), from);
	if (n <= 0 || !memmem(tail, (size_t)n, end, sizeof(end) - 1))
		return complain(drawn, "dot wrote an incomplete picture");
	return 0;
}

/* Returns the picture, or a negative errno and why. */
static int draw(const char *const *programs, int input, int answer, struct drawn *drawn)
{
	const char *program = choose(programs, drawn);
	_cleanup_close_ int output = memfd_create("nsbrowse-svg", MFD_CLOEXEC);
	int status = 0, r;

	if (!program)
		return -EIO;
	if (output < 0 || lseek(input, 0, SEEK_SET) < 0)
		return complain(drawn, strerror(errno));
	r = run_and_watch(program, input, output, answer, &status);
	if (r < 0)
		return complain(drawn, strerror(-r));
	r = check_status(status, drawn);
	if (r == 0)
		r = check_picture(output, drawn);
	return r < 0 ? r : take_fd(&output);
}

int job_draw_by(const char *const *programs, const struct helper_request *request, int answer)
{
	struct drawn drawn = {0};

	if (request->n_fds != 1)
		return EXIT_FAILURE;
	_cleanup_close_ int picture = draw(programs, request->fds[0], answer, &drawn);
	const struct helper_reply text = {
	        .bytes = &drawn, .len = sizeof(drawn), .fds = &picture, .n_fds = picture >= 0};
	return helper_send_reply(answer, &text) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int job_draw_run(const struct helper_request *request, int answer)
{
	static const char *const programs[] = {"/usr/bin/dot", "/usr/local/bin/dot", NULL};

	return job_draw_by(programs, request, answer);
}

/* --- the answer ------------------------------------------------------------------------------- */

int job_drawn(int answer, enum helper_end end, struct drawn *ret)
{
	static const char *const words[] = {
	        [HELPER_EXITED] = "no reply from dot",
	        [HELPER_KILLED] = "dot took too long, and was stopped",
	        [HELPER_STUCK] = "dot took too long, and was abandoned",
	        [HELPER_LOST] = "the helper process is gone",
	};
	_cleanup_close_ int picture = -EBADF;

	if (helper_receive_reply(answer, ret, sizeof(*ret), &picture) != (ssize_t)sizeof(*ret))
		return complain(ret, words[end]);
	ret->error[sizeof(ret->error) - 1] = '\0';
	if (*ret->error)
		return -EIO;
	return picture >= 0 ? take_fd(&picture) : complain(ret, words[HELPER_EXITED]);
}
