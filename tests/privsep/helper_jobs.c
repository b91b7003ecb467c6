/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/privsep/helper_jobs.h"

#include "base/memory.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>

enum {
	SHORT_MS = 50,
	TRACE_MS = 1000,
	LONG_MS = 60 * 1000,
};

static void hang(void)
{
	for (;;)
		pause();
}

static int run_echo(const struct helper_request *request, int replies)
{
	return send(replies, request->bytes, request->len, MSG_NOSIGNAL) < 0;
}

/* Into the first of the descriptors it was sent, what it reads from the second. */
static int run_write(const struct helper_request *request, int replies)
{
	char bytes[64];
	const ssize_t n = request->n_fds == 2 ? read(request->fds[1], bytes, sizeof(bytes)) : -1;

	(void)replies;
	return n < 0 || write(request->fds[0], bytes, (size_t)n) != n;
}

static int run_exit_3(const struct helper_request *request, int replies)
{
	(void)request;
	(void)replies;
	return 3;
}

static int run_crash(const struct helper_request *request, int replies)
{
	(void)request;
	(void)replies;
	raise(SIGABRT);
	return 0;
}

/* Replies its process ID before. */
static int run_hang(const struct helper_request *request, int replies)
{
	const pid_t pid = getpid();

	(void)request;
	send(replies, &pid, sizeof(pid), MSG_NOSIGNAL);
	hang();
	return 0;
}

static int run_hang_silently(const struct helper_request *request, int replies)
{
	(void)request;
	(void)replies;
	hang();
	return 0;
}

/* Says that it is there, and goes on when the descriptor it was sent comes to its end. */
static int run_wait(const struct helper_request *request, int replies)
{
	char byte;

	send(replies, "up", 2, MSG_NOSIGNAL);
	return read(request->fds[0], &byte, 1) != 0;
}

static bool is_null(int fd)
{
	struct stat null, stat_fd;

	return stat("/dev/null", &null) == 0 && fstat(fd, &stat_fd) == 0 &&
	       stat_fd.st_rdev == null.st_rdev;
}

static bool is_any_signal_changed(void)
{
	sigset_t mask;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	for (int signal_number = 1; signal_number < NSIG; signal_number++) {
		struct sigaction action = {.sa_handler = SIG_DFL};

		sigaction(signal_number, NULL, &action);
		if (action.sa_handler != SIG_DFL || sigismember(&mask, signal_number) == 1)
			return true;
	}
	return false;
}

static int run_process(const struct helper_request *request, int replies)
{
	struct job_process process = {
	        .pid = getpid(),
	        .parent = getppid(),
	        .group = getpgid(0),
	        .session = getsid(0),
	        .is_input_null = is_null(STDIN_FILENO),
	        .is_output_null = is_null(STDOUT_FILENO),
	        .is_signal_left = is_any_signal_changed(),
	};

	prctl(PR_GET_PDEATHSIG, &process.death_signal);
	prctl(PR_GET_NAME, process.name);
	for (int fd = 0; fd < 1024; fd++) {
		const bool is_mine = fd <= 2 || fd == replies || fd == request->fds[0];

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		process.n_fds++;
		process.is_fd_strange |= !is_mine;
	}
	return send(replies, &process, sizeof(process), MSG_NOSIGNAL) < 0;
}

/* The child keeps the descriptor that was sent open. */
static int run_leave_child(const struct helper_request *request, int replies)
{
	const pid_t pid = fork();

	(void)request;
	if (pid == 0)
		hang();
	close(replies);
	return pid < 0;
}

/* Sends each descriptor back in a reply of its own, with the first byte of the request; then
 * crashes, hangs or exits as that says. */
static int run_return(const struct helper_request *request, int replies)
{
	const char what = *(const char *)request->bytes;

	for (size_t i = 0; i < request->n_fds; i++) {
		const struct helper_reply back = {&what, 1, &request->fds[i], 1};

		if (helper_send_reply(replies, &back) < 0)
			return 1;
	}
	if (what == 'c')
		raise(SIGABRT);
	while (what == 'h')
		pause();
	return what == 'x';
}

/* Never waits for anything. */
static int run_compute(const struct helper_request *request, int replies)
{
	struct timespec used;

	(void)request;
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	while (used.tv_sec == 0 && used.tv_nsec < 4 * SHORT_MS * 1000000L);
	return send(replies, "done", 4, MSG_NOSIGNAL) < 0;
}

static int run_compute_on(const struct helper_request *request, int replies)
{
	(void)request;
	(void)replies;
	for (volatile int never = 0; !never;) {
	}
	return 0;
}

const struct helper_job test_jobs[JOB_LAST + 1] = {
        [JOB_ECHO] = {.name = "echo", .deadline_ms = LONG_MS, .run = run_echo},
        [JOB_WRITE] = {.name = "write", .deadline_ms = LONG_MS, .run = run_write},
        [JOB_EXIT_3] = {.name = "exit", .deadline_ms = LONG_MS, .run = run_exit_3},
        [JOB_CRASH] = {.name = "crash", .deadline_ms = LONG_MS, .run = run_crash},
        [JOB_HANG] = {.name = "hang", .deadline_ms = SHORT_MS, .run = run_hang_silently},
        [JOB_HANG_LONG] = {.name = "hang-long", .deadline_ms = LONG_MS, .run = run_hang},
        [JOB_WAIT] = {.name = "wait", .deadline_ms = LONG_MS, .run = run_wait},
        [JOB_PROCESS] = {.name = "properties", .deadline_ms = LONG_MS, .run = run_process},
        [JOB_LEAVE_CHILD] = {.name = "leave-child", .deadline_ms = LONG_MS, .run = run_leave_child},
        [JOB_REPLY_THEN_HANG] = {.name = "reply-hang", .deadline_ms = SHORT_MS, .run = run_hang},
        [JOB_RETURN] = {.name = "return", .deadline_ms = SHORT_MS, .run = run_return},
        [JOB_COMPUTE] = {.name = "compute", .deadline_ms = SHORT_MS, .run = run_compute},
        [JOB_COMPUTE_ON] = {.name = "compute-on", .deadline_ms = SHORT_MS, .run = run_compute_on},
        [JOB_HANG_TRACED] = {.name = "hang-traced",
                .deadline_ms = TRACE_MS,
                .run = run_hang,
                .may_get_stuck = true},
        [JOB_RETURN_OR_STICK] = {.name = "return-or-stick",
                .deadline_ms = SHORT_MS,
                .run = run_return,
                .may_get_stuck = true},
        [JOB_LAST] = {.name = "not-in-table", .deadline_ms = LONG_MS, .run = run_exit_3},
};

int helper_test_start(void **state)
{
	const struct helper_job *jobs[JOB_LAST];
	struct helper *helper;
	int r;

	for (size_t i = 0; i < JOB_LAST; i++)
		jobs[i] = &test_jobs[i];
	r = helper_start(jobs, JOB_LAST, NULL, &helper);
	*state = helper;
	return r;
}

int helper_test_stop(void **state)
{
	helper_stop(*state);
	return 0;
}

bool is_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, HELPER_TEST_PATIENCE_MS) == 1;
}

struct helper_exit next_exit(struct helper *helper)
{
	struct helper_exit notice;

	while (helper_poll(helper, &notice) == 0)
		assert_true(is_readable(helper_fd(helper)));
	return notice;
}

ssize_t reply_of(int socket, void *reply, size_t size)
{
	assert_true(is_readable(socket));
	return recv(socket, reply, size, 0);
}

void assert_end(int fd)
{
	char byte;

	assert_true(is_readable(fd));
	assert_int_equal(read(fd, &byte, 1), 0);
}

void assert_up(int socket)
{
	char reply[8];

	assert_int_equal(reply_of(socket, reply, sizeof(reply)), 2);
}

uint32_t start_job(struct helper *helper, enum job job, const int *fds, size_t n_fds, int *ret)
{
	const struct helper_request request = {.fds = fds, .n_fds = n_fds};
	struct helper_pending pending;

	assert_int_equal(helper_start_job(helper, &test_jobs[job], &request, &pending), 0);
	*ret = pending.replies;
	return pending.request_id;
}

ssize_t call(struct helper *helper, enum job job)
{
	const struct helper_request request = {.bytes = "hello", .len = 5};
	char reply[8];

	return helper_call(helper, &test_jobs[job], &request, reply, sizeof(reply), NULL);
}

int count_fds(pid_t pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%d/fd", pid);
	DIR *dir = opendir(path);
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static pid_t parent_of(const char *pid)
{
	_cleanup_free_ char *path = memory_printf("/proc/%s/stat", pid);
	_cleanup_close_ int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[512] = "";
	pid_t parent = 0;

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0 || !strrchr(text, ')'))
		return 0; /* gone meanwhile */
	return sscanf(strrchr(text, ')'), ") %*c %d", &parent) == 1 ? parent : 0;
}

int count_children(pid_t parent)
{
	DIR *dir = opendir("/proc");
	int n = 0;

	assert_non_null(dir);
	for (const struct dirent *entry; (entry = readdir(dir));) {
		if (isdigit((unsigned char)entry->d_name[0]))
			n += parent_of(entry->d_name) == parent;
	}
	closedir(dir);
	return n;
}
