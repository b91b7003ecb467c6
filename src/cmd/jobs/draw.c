/* SPDX-License-Identifier: Apache-2.0 */
#include "base/descriptors.h"
#include "cmd/jobs/jobs.h"
#include "privsep/request_check.h"

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
#include <sys/stat.h>
#include <sys/wait.h>

enum {
	NOBODY = 65534,
	COULD_NOT_RUN = 127,
	CPU_SECONDS = DRAW_DEADLINE_MS / 1000,
	HEAD = 1024, /* the first bytes of an SVG, which contain its document type */
	TAIL = 64,   /* the last bytes, which contain its end tag */
};

#define MEMORY_MAX ((rlim_t)2 << 30)
#define OUTPUT_MAX ((rlim_t)256 << 20)
#define INPUT_MAX  ((uint64_t)256 << 20)

static int fail(struct drawn *drawn, const char *why)
{
	snprintf(drawn->error, sizeof(drawn->error), "%s", why);
	return -EIO;
}

int draw_start(struct helper *helper, int graph, struct helper_pending *ret)
{
	return helper_start_job(
	        helper, &draw_job, &(struct helper_request){.fds = &graph, .n_fds = 1}, ret);
}

/* Returns `svg`, or -EIO and why not. `r` is the result of helper_call or helper_finish_job. */
static int check_reply(ssize_t r, int svg, struct drawn *drawn)
{
	_cleanup_close_ int fd = svg;

	if (r != (ssize_t)sizeof(*drawn))
		return fail(drawn, r == -ETIMEDOUT       ? "dot took too long, and was stopped"
		                   : r == -EPIPE         ? "there is no helper process"
		                   : r == -EIO || r >= 0 ? "no reply from dot"
		                                         : strerror((int)-r));
	drawn->error[sizeof(drawn->error) - 1] = '\0';
	if (*drawn->error)
		return -EIO;
	return fd >= 0 ? take_fd(&fd) : fail(drawn, "no reply from dot");
}

int draw_finish(const struct helper_exit *notice, struct helper_pending *pending, struct drawn *ret)
{
	int svg = -EBADF;
	const ssize_t r = helper_finish_job(notice, pending, ret, sizeof(*ret), &svg);

	return check_reply(r, svg, ret);
}

int draw_now(struct helper *helper, int graph, struct drawn *ret)
{
	const struct helper_request request = {.fds = &graph, .n_fds = 1};
	int svg = -EBADF;
	const ssize_t r = helper_call(helper, &draw_job, &request, ret, sizeof(*ret), &svg);

	return check_reply(r, svg, ret);
}

/* --- the job: which program ------------------------------------------------------------------ */

static bool is_writable_by_root_only(const char *path, mode_t type)
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
	return is_writable_by_root_only(path, S_IFREG) &&
	       is_writable_by_root_only(*folder ? folder : "/", S_IFDIR);
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
		fail(drawn, "Graphviz is not installed (dot)");
	return NULL;
}

/* --- the job: run it ------------------------------------------------------------------------- */

/* A limit that is lower already stays: only root may raise it. */
static int limit(int resource, rlim_t value)
{
	struct rlimit before;

	if (getrlimit(resource, &before) < 0)
		return -1;
	value = before.rlim_max < value ? before.rlim_max : value;
	return setrlimit(resource, &(struct rlimit){value, value});
}

/* As root: changes to the user nobody. Other users keep theirs, and so does root in a user
 * namespace that has no such user: setresuid(2) then fails with EINVAL, also without the right to
 * use it. */
static int become_nobody(void)
{
	if (geteuid() != 0 || (setresuid((uid_t)-1, (uid_t)-1, NOBODY) < 0 && errno == EINVAL))
		return 0;
	if (setgroups(0, NULL) < 0 || setresgid(NOBODY, NOBODY, NOBODY) < 0 ||
	        setresuid(NOBODY, NOBODY, NOBODY) < 0)
		return -1;
	return 0;
}

/* The filter of the job, if it has one, permits more. Libraries that dot loads start threads. */
enum { DOT_CALLS = SANDBOX_WORK | SANDBOX_READ | SANDBOX_THREADS | SANDBOX_EXECUTE };

/* In the process of dot. The change of user clears PR_SET_PDEATHSIG (prctl(2)), so it is set
 * after it. */
_noreturn_ static void exec_dot(const char *program, int input, int output, pid_t parent)
{
	char path[] = "PATH=/usr/bin:/bin", locale[] = "LC_ALL=C.UTF-8";
	char name[] = "dot", form[] = "-Tsvg";
	char *const environment[] = {path, locale, NULL};
	char *const arguments[] = {name, form, NULL};
	const int null = dup(STDOUT_FILENO); /* of a job: /dev/null */
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
	        (sandbox_is_on() && sandbox_enter(DOT_CALLS) < 0) ||
	        limit(RLIMIT_AS, MEMORY_MAX) < 0)
		_exit(COULD_NOT_RUN);
	execve(program, arguments, environment);
	_exit(COULD_NOT_RUN);
}

/* Waits for the end of dot; kills it if the client closes the socket for replies. Returns the
 * status of dot. */
static int watch(pid_t pid, int signals, int replies)
{
	struct pollfd polls[] = {
	        {.fd = signals, .events = POLLIN},
	        {.fd = replies, .events = POLLRDHUP},
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

/* Returns 0 and the status of dot, or a negative errno. */
static int run_and_watch(const char *program, int input, int output, int replies, int *ret_status)
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
		exec_dot(program, input, output, self);
	if (pid < 0)
		return -errno;
	*ret_status = watch(pid, signals, replies);
	return 0;
}

/* --- the job: check the SVG ------------------------------------------------------------------ */

static int check_status(int status, struct drawn *drawn)
{
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return fail(drawn, "dot wrote more than 256 MiB, and was stopped");
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return fail(drawn, "dot took too long, and was stopped");
	if (WIFSIGNALED(status)) {
		snprintf(drawn->error, sizeof(drawn->error), "dot was killed by signal %d",
		        WTERMSIG(status));
		return -EIO;
	}
	if (WEXITSTATUS(status) == COULD_NOT_RUN)
		return fail(drawn, "dot could not be run");
	if (WEXITSTATUS(status) != 0) {
		snprintf(drawn->error, sizeof(drawn->error), "dot failed with status %d",
		        WEXITSTATUS(status));
		return -EIO;
	}
	return 0;
}

/* dot may exit with status 0 after a write that failed. */
static int check_svg(int output, struct drawn *drawn)
{
	static const char end[] = "</svg>";
	char tail[TAIL];
	struct stat st;

	if (fstat(output, &st) < 0 || st.st_size == 0)
		return fail(drawn, "dot wrote nothing");
	const off_t from = st.st_size > TAIL ? st.st_size - TAIL : 0;
	const ssize_t n = pread(output, tail, sizeof(tail), from);
	if (n <= 0 || !memmem(tail, (size_t)n, end, sizeof(end) - 1))
		return fail(drawn, "dot wrote an incomplete picture");
	return 0;
}

/* Overwrites the document type with blanks: it has the address of a file on the network, which an
 * XML parser may read. */
static int remove_document_type(int output, struct drawn *drawn)
{
	char head[HEAD], blanks[HEAD];
	const ssize_t n = pread(output, head, sizeof(head), 0);
	const char *const from = n > 0 ? memmem(head, (size_t)n, "<!DOCTYPE", 9) : NULL;
	const char *const to = from ? memchr(from, '>', (size_t)(head + n - from)) : NULL;

	if (!from)
		return 0;
	if (!to || memchr(from, '[', (size_t)(to - from)))
		return fail(drawn, "dot wrote a document type that is not expected");
	const size_t len = (size_t)(to + 1 - from);
	memset(blanks, ' ', len);
	return pwrite(output, blanks, len, from - head) == (ssize_t)len
	               ? 0
	               : fail(drawn, strerror(errno));
}

/* Returns the SVG, or a negative errno and why not. */
static int draw(const char *const *programs, int input, int replies, struct drawn *drawn)
{
	const char *program = choose(programs, drawn);
	_cleanup_close_ int output = memfd_create("nsbrowse-svg", MFD_CLOEXEC);
	int status = 0, r;

	if (!program)
		return -EIO;
	if (output < 0 || lseek(input, 0, SEEK_SET) < 0)
		return fail(drawn, strerror(errno));
	r = run_and_watch(program, input, output, replies, &status);
	if (r < 0)
		return fail(drawn, strerror(-r));
	r = check_status(status, drawn);
	if (r == 0)
		r = check_svg(output, drawn);
	if (r == 0)
		r = remove_document_type(output, drawn);
	return r < 0 ? r : take_fd(&output);
}

int draw_by(const char *const *programs, const struct helper_request *request, int replies)
{
	struct drawn drawn = {0};

	if (!request_check_size(request, 0, 1) || !request_check_memory(request->fds[0], INPUT_MAX))
		return EXIT_FAILURE;
	_cleanup_close_ int svg = draw(programs, request->fds[0], replies, &drawn);
	const struct helper_reply reply = {
	        .bytes = &drawn, .len = sizeof(drawn), .fds = &svg, .n_fds = svg >= 0};
	return helper_send_reply(replies, &reply) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int run(const struct helper_request *request, int replies)
{
	static const char *const programs[] = {"/usr/bin/dot", "/usr/local/bin/dot", NULL};

	return draw_by(programs, request, replies);
}

const struct helper_job draw_job = {
        .name = "draw by dot",
        .deadline_ms = DRAW_DEADLINE_MS,
        .run = run,
        .capabilities = CAPABILITIES_BIT(CAP_SETUID) | CAPABILITIES_BIT(CAP_SETGID),
        .calls = SANDBOX_READ | SANDBOX_USER | SANDBOX_CHILDREN | SANDBOX_THREADS | SANDBOX_EXECUTE,
};
