/* SPDX-License-Identifier: Apache-2.0 */
#include "base/helper.h"
#include "base/memory.h"
#include "tests/unit.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum {
	N_AT_ONCE = 50,
	N_BEYOND_LIMIT = 300,
	N_IN_A_ROW = 1000,
	SHORT_MS = 50,
	TRACE_MS = 1000, /* enough to begin tracing */
	LONG_MS = 60 * 1000,
	PATIENCE_MS = 20 * 1000, /* for what must happen; only a failure takes that long */
};

/* --- the jobs ----------------------------------------------------------------- */

enum job {
	JOB_ECHO,
	JOB_WRITE,
	JOB_EXIT_3,
	JOB_CRASH,
	JOB_HANG,
	JOB_HANG_LONG,
	JOB_WAIT,
	JOB_WHO,
	JOB_LEAVE_CHILD,
	JOB_ANSWER_THEN_HANG,
	JOB_HANG_TRACED,
	JOB_LAST,
};

static void hang(void)
{
	for (;;)
		pause();
}

static int run_echo(const struct helper_request *request, int answer)
{
	return send(answer, request->bytes, request->len, MSG_NOSIGNAL) < 0;
}

/* Into the first of the descriptors it was sent, what it reads from the second. */
static int run_write(const struct helper_request *request, int answer)
{
	char bytes[64];
	const ssize_t n = request->n_fds == 2 ? read(request->fds[1], bytes, sizeof(bytes)) : -1;

	(void)answer;
	return n < 0 || write(request->fds[0], bytes, (size_t)n) != n;
}

static int run_exit_3(const struct helper_request *request, int answer)
{
	(void)request;
	(void)answer;
	return 3;
}

static int run_crash(const struct helper_request *request, int answer)
{
	(void)request;
	(void)answer;
	raise(SIGABRT);
	return 0;
}

/* After it has said who it is. */
static int run_hang(const struct helper_request *request, int answer)
{
	const pid_t pid = getpid();

	(void)request;
	send(answer, &pid, sizeof(pid), MSG_NOSIGNAL);
	hang();
	return 0;
}

static int run_hang_silently(const struct helper_request *request, int answer)
{
	(void)request;
	(void)answer;
	hang();
	return 0;
}

/* Says that it is there, and goes on when the descriptor it was sent comes to its end. */
static int run_wait(const struct helper_request *request, int answer)
{
	char byte;

	send(answer, "up", 2, MSG_NOSIGNAL);
	return read(request->fds[0], &byte, 1) != 0;
}

/* What kind of process a job is. */
struct who {
	pid_t pid, parent, group, session;
	int n_fds, death_signal;
	bool is_fd_strange, is_input_null, is_output_null, is_signal_left;
	char name[16];
};

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

static int run_who(const struct helper_request *request, int answer)
{
	struct who who = {
	        .pid = getpid(),
	        .parent = getppid(),
	        .group = getpgid(0),
	        .session = getsid(0),
	        .is_input_null = is_null(STDIN_FILENO),
	        .is_output_null = is_null(STDOUT_FILENO),
	        .is_signal_left = is_any_signal_changed(),
	};

	prctl(PR_GET_PDEATHSIG, &who.death_signal);
	prctl(PR_GET_NAME, who.name);
	for (int fd = 0; fd < 1024; fd++) {
		const bool is_mine = fd <= 2 || fd == answer || fd == request->fds[0];

		if (fcntl(fd, F_GETFD) < 0)
			continue;
		who.n_fds++;
		who.is_fd_strange |= !is_mine;
	}
	return send(answer, &who, sizeof(who), MSG_NOSIGNAL) < 0;
}

/* The child keeps the descriptor that was sent open. */
static int run_leave_child(const struct helper_request *request, int answer)
{
	const pid_t pid = fork();

	(void)request;
	if (pid == 0)
		hang();
	close(answer);
	return pid < 0;
}

static const struct helper_job jobs[] = {
        [JOB_ECHO] = {"echo", LONG_MS, run_echo},
        [JOB_WRITE] = {"write", LONG_MS, run_write},
        [JOB_EXIT_3] = {"exit", LONG_MS, run_exit_3},
        [JOB_CRASH] = {"crash", LONG_MS, run_crash},
        [JOB_HANG] = {"hang", SHORT_MS, run_hang_silently},
        [JOB_HANG_LONG] = {"hang-long", LONG_MS, run_hang},
        [JOB_WAIT] = {"wait", LONG_MS, run_wait},
        [JOB_WHO] = {"who-am-i", LONG_MS, run_who},
        [JOB_LEAVE_CHILD] = {"leave-child", LONG_MS, run_leave_child},
        [JOB_ANSWER_THEN_HANG] = {"answer-hang", SHORT_MS, run_hang},
        [JOB_HANG_TRACED] = {"hang-traced", TRACE_MS, run_hang},
};

/* --- what the tests share ----------------------------------------------------- */

static int start(void **state)
{
	struct helper *helper;
	const int r = helper_start(jobs, JOB_LAST, &helper);

	*state = helper;
	return r;
}

/* From a process that ignores and blocks what it was not asked to. */
static int start_oddly(void **state)
{
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	const int r = start(state);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

static int stop(void **state)
{
	helper_stop(*state);
	return 0;
}

static bool is_readable(int fd)
{
	struct pollfd poll_fd = {.fd = fd, .events = POLLIN};

	return poll(&poll_fd, 1, PATIENCE_MS) == 1;
}

static struct helper_word next_word(struct helper *helper)
{
	struct helper_word word;

	while (helper_next_word(helper, &word) == 0)
		assert_true(is_readable(helper_fd(helper)));
	return word;
}

static ssize_t answer_of(int socket, void *answer, size_t size)
{
	assert_true(is_readable(socket));
	return recv(socket, answer, size, 0);
}

static void assert_end(int fd)
{
	char byte;

	assert_true(is_readable(fd));
	assert_int_equal(read(fd, &byte, 1), 0);
}

static void assert_up(int socket)
{
	char answer[8];

	assert_int_equal(answer_of(socket, answer, sizeof(answer)), 2);
}

static uint32_t ask(struct helper *helper, enum job job, const int *fds, size_t n_fds, int *ret)
{
	const struct helper_request request = {.fds = fds, .n_fds = n_fds};
	uint32_t ticket;

	assert_int_equal(helper_ask(helper, job, &request, &ticket, ret), 0);
	return ticket;
}

static ssize_t call(struct helper *helper, enum job job)
{
	const struct helper_request request = {.bytes = "hello", .len = 5};
	char answer[8];

	return helper_call(helper, job, &request, answer, sizeof(answer));
}

static int count_fds(pid_t pid)
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

/* Living or dead. */
static int count_children(pid_t parent)
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

/* --- tests -------------------------------------------------------------------- */

static void echo(void **state)
{
	static char sent[HELPER_REQUEST_MAX], got[HELPER_REQUEST_MAX];
	struct helper_request request = {.bytes = sent, .len = sizeof(sent)};

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7);
	assert_int_equal(helper_call(*state, JOB_ECHO, &request, got, sizeof(got)), sizeof(got));
	assert_memory_equal(got, sent, sizeof(got));
	/* an answer larger than expected is cut */
	assert_int_equal(helper_call(*state, JOB_ECHO, &request, got, 10), 10);
	assert_memory_equal(got, sent, 10);
	request.len = 0;
	assert_int_equal(helper_call(*state, JOB_ECHO, &request, got, sizeof(got)), 0);
}

static void descriptors_go_along(void **state)
{
	int out[2], in[2];
	char got[8] = "";

	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(write(in[1], "piped", 5), 5);
	const int fds[] = {out[1], in[0]};
	const struct helper_request request = {.fds = fds, .n_fds = 2};
	assert_int_equal(helper_call(*state, JOB_WRITE, &request, NULL, 0), 0);
	assert_int_equal(read(out[0], got, sizeof(got)), 5);
	assert_string_equal(got, "piped");
	/* they were lent: ours are open, and nobody else has them any more */
	close(out[1]);
	assert_end(out[0]);
	close(out[0]);
	close(in[0]);
	close(in[1]);
}

static void bad_requests(void **state)
{
	static const char bytes[HELPER_REQUEST_MAX + 1];
	const int fds[HELPER_FDS_MAX + 1] = {0};
	const struct helper_request large = {.bytes = bytes, .len = sizeof(bytes)};
	const struct helper_request many = {.fds = fds, .n_fds = HELPER_FDS_MAX + 1};
	const struct helper_request closed = {.fds = (const int[]){-EBADF}, .n_fds = 1};
	const struct helper_request empty = {0};
	uint32_t ticket;
	int answer;

	assert_int_equal(helper_ask(*state, JOB_ECHO, &large, &ticket, &answer), -EMSGSIZE);
	assert_int_equal(helper_ask(*state, JOB_ECHO, &many, &ticket, &answer), -EINVAL);
	assert_int_equal(helper_ask(*state, JOB_LAST, &empty, &ticket, &answer), -EINVAL);
	assert_int_equal(helper_ask(*state, JOB_ECHO, &closed, &ticket, &answer), -EBADF);
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

/* A main process that was taken over sends what it likes. */
static void lies_do_not_hurt(void **state)
{
	static const char garbage[HELPER_REQUEST_MAX * 2];
	static const size_t lengths[] = {1, 7, 8, 9, HELPER_REQUEST_MAX + 8, sizeof(garbage)};

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		assert_true(send(helper_fd(*state), garbage, lengths[i], MSG_NOSIGNAL) >= 0);
		const struct helper_word word = next_word(*state);
		assert_int_equal(word.end, HELPER_ENDED);
		assert_int_equal(word.status, 255);
	}
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

/* More descriptors than a request may have: one that would fit into the padding, and many. */
static void too_many_descriptors(void **state)
{
	struct {
		uint32_t ticket, job;
	} head = {77, JOB_ECHO};

	for (size_t n = HELPER_FDS_MAX + 2; n <= 64; n += 58) {
		union {
			struct cmsghdr align;
			char bytes[CMSG_SPACE(64 * sizeof(int))];
		} control = {0};
		struct iovec part = {&head, sizeof(head)};
		struct msghdr message = {.msg_iov = &part,
		        .msg_iovlen = 1,
		        .msg_control = &control,
		        .msg_controllen = CMSG_SPACE(n * sizeof(int))};
		struct cmsghdr *rights = CMSG_FIRSTHDR(&message);

		*rights = (struct cmsghdr){.cmsg_level = SOL_SOCKET,
		        .cmsg_type = SCM_RIGHTS,
		        .cmsg_len = CMSG_LEN(n * sizeof(int))};
		assert_true(sendmsg(helper_fd(*state), &message, MSG_NOSIGNAL) > 0);
		const struct helper_word word = next_word(*state);
		assert_int_equal(word.ticket, 77);
		assert_int_equal(word.status, 255);
	}
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

static void words_of_the_end(void **state)
{
	static const struct {
		enum job job;
		enum helper_end end;
		int status;
		ssize_t called;
	} table[] = {
	        {JOB_EXIT_3, HELPER_ENDED, 3, 0},
	        {JOB_CRASH, HELPER_KILLED, SIGABRT, -ETIMEDOUT},
	        {JOB_HANG, HELPER_KILLED, SIGKILL, -ETIMEDOUT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int answer;
		const uint32_t ticket = ask(*state, table[i].job, NULL, 0, &answer);
		const struct helper_word word = next_word(*state);

		assert_int_equal(word.ticket, ticket);
		assert_int_equal(word.end, table[i].end);
		assert_int_equal(word.status, table[i].status);
		assert_end(answer);
		close(answer);
		assert_int_equal(call(*state, table[i].job), table[i].called);
	}
	/* an answer counts, whatever becomes of the job */
	assert_int_equal(call(*state, JOB_ANSWER_THEN_HANG), sizeof(pid_t));
	assert_int_equal(next_word(*state).end, HELPER_KILLED);
}

static void job_is_on_its_own(void **state)
{
	const int fds[] = {STDERR_FILENO};
	const struct helper_request request = {.fds = fds, .n_fds = 1};
	const pid_t helper = helper_pid(*state);
	struct who who;

	assert_int_equal(helper_call(*state, JOB_WHO, &request, &who, sizeof(who)), sizeof(who));
	assert_int_equal(who.parent, helper);
	assert_int_equal(who.session, helper);
	assert_int_equal(who.group, who.pid);
	assert_int_equal(who.n_fds, 5);
	assert_false(who.is_fd_strange);
	assert_true(who.is_input_null && who.is_output_null);
	assert_false(who.is_signal_left);
	assert_int_equal(who.death_signal, SIGKILL);
	assert_string_equal(who.name, "who-am-i");

	_cleanup_free_ char *path = memory_printf("/proc/%d/comm", helper);
	_cleanup_close_ int comm = open(path, O_RDONLY | O_CLOEXEC);
	char name[32] = "";
	assert_true(read(comm, name, sizeof(name) - 1) > 0);
	assert_string_equal(name, "nsbrowse-helper\n");
}

static void children_of_a_job_end_with_it(void **state)
{
	int life[2], answer;

	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	ask(*state, JOB_LEAVE_CHILD, &life[1], 1, &answer);
	close(life[1]);
	assert_int_equal(next_word(*state).end, HELPER_ENDED);
	assert_end(life[0]);
	close(life[0]);
	close(answer);
}

/* Starts `n` jobs that wait for the end of a pipe, and sees the first `n_up` of them up. */
static void many_at_once(struct helper *helper, int n, int n_up)
{
	int gate[2], answers[N_BEYOND_LIMIT];
	uint32_t first = 0;

	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	for (int i = 0; i < n; i++) {
		const uint32_t ticket = ask(helper, JOB_WAIT, &gate[0], 1, &answers[i]);
		first = i == 0 ? ticket : first;
	}
	for (int i = 0; i < n_up; i++)
		assert_up(answers[i]);
	close(gate[0]);
	close(gate[1]);
	bool *has_ended = memory_new((size_t)n * sizeof(bool));
	for (int i = 0; i < n; i++) {
		const struct helper_word word = next_word(helper);

		assert_int_equal(word.end, HELPER_ENDED);
		assert_int_equal(word.status, 0);
		assert_true(word.ticket - first < (uint32_t)n && !has_ended[word.ticket - first]);
		has_ended[word.ticket - first] = true;
	}
	free(has_ended);
	for (int i = n_up; i < n; i++)
		assert_up(answers[i]);
	for (int i = 0; i < n; i++)
		close(answers[i]);
}

static void fifty_at_once(void **state)
{
	many_at_once(*state, N_AT_ONCE, N_AT_ONCE);
}

static void more_than_run_at_once(void **state)
{
	many_at_once(*state, N_BEYOND_LIMIT, 200);
}

static void thousand_in_a_row(void **state)
{
	const pid_t helper = helper_pid(*state);

	assert_int_equal(call(*state, JOB_ECHO), 5); /* it has begun */
	assert_int_equal(next_word(*state).end, HELPER_ENDED);
	const int ours = count_fds(getpid()), its = count_fds(helper);

	for (int i = 0; i < N_IN_A_ROW; i++) {
		int answer;
		const uint32_t ticket =
		        ask(*state, i % 2 ? JOB_ECHO : JOB_EXIT_3, NULL, 0, &answer);

		assert_int_equal(next_word(*state).ticket, ticket);
		close(answer);
	}
	assert_int_equal(count_fds(getpid()), ours);
	assert_int_equal(count_fds(helper), its);
	assert_int_equal(count_children(helper), 0);
	print_message("%d jobs: descriptors as before, no zombie\n", N_IN_A_ROW);
}

/* Nobody takes the words meanwhile: more than the socket holds. */
static void words_are_kept(void **state)
{
	for (int i = 0; i < N_IN_A_ROW; i++) {
		int answer;

		ask(*state, JOB_EXIT_3, NULL, 0, &answer);
		close(answer);
	}
	for (int i = 0; i < N_IN_A_ROW; i++)
		assert_int_equal(next_word(*state).status, 3);
}

/* Starts a job that will not be reaped in time: what a traced process leaves is its tracer's
 * first, and until that has looked, the helper sees as little of it as if it hung in the kernel.
 * Returns its process ID when it has been called stuck. */
static pid_t make_stuck(struct helper *helper)
{
	int answer;
	pid_t pid;
	const uint32_t ticket = ask(helper, JOB_HANG_TRACED, NULL, 0, &answer);

	assert_int_equal(answer_of(answer, &pid, sizeof(pid)), sizeof(pid));
	close(answer);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0) {
		print_message("cannot trace: %s\n", strerror(errno));
		skip();
	}
	const struct helper_word word = next_word(helper);
	assert_int_equal(word.ticket, ticket);
	assert_int_equal(word.end, HELPER_STUCK);
	return pid;
}

static void stuck_job_is_abandoned(void **state)
{
	const pid_t pid = make_stuck(*state);

	assert_int_equal(call(*state, JOB_EXIT_3), 0); /* others go on */
	assert_int_equal(count_children(helper_pid(*state)), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* now it ends, and no word is said of it again */
	assert_int_equal(call(*state, JOB_EXIT_3), 0);
	assert_int_equal(count_children(helper_pid(*state)), 0);
}

static void stuck_job_does_not_keep_the_helper(void **state)
{
	struct helper *helper;

	(void)state;
	assert_int_equal(helper_start(jobs, JOB_LAST, &helper), 0);
	const pid_t pid = make_stuck(helper);
	const pid_t helper_was = helper_pid(helper);
	helper_stop(helper);
	assert_int_equal(kill(helper_was, 0), -1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void assert_lost(struct helper *helper)
{
	const struct helper_request request = {0};
	uint32_t ticket;
	int answer;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(next_word(helper).end, HELPER_LOST);
		assert_int_equal(helper_ask(helper, JOB_ECHO, &request, &ticket, &answer), -EPIPE);
		assert_int_equal(call(helper, JOB_ECHO), -EPIPE);
	}
}

/* With SIGPIPE as it is: it would end the test. */
static void lost_helper(void **state)
{
	int life[2], answer;
	char byte;

	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	ask(*state, JOB_WAIT, life, 1, &answer);
	assert_up(answer);
	kill(helper_pid(*state), SIGKILL);
	assert_lost(*state);
	/* its job went with it */
	assert_true(is_readable(answer));
	assert_true(recv(answer, &byte, 1, 0) <= 0);
	close(answer);
	close(life[0]);
	close(life[1]);
}

/* The first to notice is who asks. */
static void lost_helper_is_noticed_asking(void **state)
{
	kill(helper_pid(*state), SIGKILL);
	assert_true(is_readable(helper_fd(*state)));
	assert_int_equal(call(*state, JOB_ECHO), -EPIPE);
	assert_lost(*state);
}

static void helper_takes_its_jobs_along(void **state)
{
	struct helper *helper;
	int life[2], answer;

	(void)state;
	assert_int_equal(helper_start(jobs, JOB_LAST, &helper), 0);
	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	ask(helper, JOB_HANG_LONG, &life[1], 1, &answer);
	close(life[1]);
	assert_true(is_readable(answer));
	helper_stop(helper);
	assert_end(life[0]);
	close(life[0]);
	close(answer);
	helper_stop(NULL);
}

static void helper_ends_by_sigterm(void **state)
{
	int answer;
	pid_t pid;

	ask(*state, JOB_HANG_LONG, NULL, 0, &answer);
	assert_int_equal(answer_of(answer, &pid, sizeof(pid)), sizeof(pid));
	kill(helper_pid(*state), SIGTERM);
	assert_lost(*state);
	assert_end(answer);
	close(answer);
}

/* A main process with closed standard input and output, which then is killed. */
static void be_main_process(int life)
{
	const struct helper_request request = {0};
	struct helper *helper;
	uint32_t ticket;
	int answer;

	/* Standard error is what the helper and its jobs have of us. */
	dup2(life, STDERR_FILENO);
	close(life);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (helper_start(jobs, JOB_LAST, &helper) < 0 ||
	        helper_ask(helper, JOB_HANG_LONG, &request, &ticket, &answer) < 0 ||
	        !is_readable(answer))
		_exit(EXIT_FAILURE);
	raise(SIGKILL);
}

static void main_process_dies(void **state)
{
	int life[2], status = 0;

	(void)state;
	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	const pid_t pid = fork();
	if (pid == 0)
		be_main_process(life[1]);
	close(life[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_end(life[0]); /* that is: of the main process, the helper and the job */
	close(life[0]);
}

#define with_helper(test)      cmocka_unit_test_setup_teardown(test, start, stop)
#define with_odd_signals(test) cmocka_unit_test_setup_teardown(test, start_oddly, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        with_helper(echo),
	        with_helper(descriptors_go_along),
	        with_helper(bad_requests),
	        with_helper(lies_do_not_hurt),
	        with_helper(too_many_descriptors),
	        with_helper(words_of_the_end),
	        with_odd_signals(job_is_on_its_own),
	        with_helper(children_of_a_job_end_with_it),
	        with_helper(fifty_at_once),
	        with_helper(more_than_run_at_once),
	        with_helper(thousand_in_a_row),
	        with_helper(words_are_kept),
	        with_helper(stuck_job_is_abandoned),
	        cmocka_unit_test(stuck_job_does_not_keep_the_helper),
	        with_helper(lost_helper),
	        with_helper(lost_helper_is_noticed_asking),
	        cmocka_unit_test(helper_takes_its_jobs_along),
	        with_helper(helper_ends_by_sigterm),
	        cmocka_unit_test(main_process_dies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
