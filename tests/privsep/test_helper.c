/* SPDX-License-Identifier: Apache-2.0 */
/* Requests to the helper, replies and exit notices. */
#include "base/memory.h"
#include "tests/privsep/helper_jobs.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>

enum {
	N_AT_ONCE = 50,
	N_BEYOND_LIMIT = 300,
	N_IN_A_ROW = 1000,
};

/* Starts the helper from a process that ignores and blocks signals. */
static int start_oddly(void **state)
{
	sigset_t blocked, before;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR1);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	signal(SIGHUP, SIG_IGN);
	signal(SIGCHLD, SIG_IGN);
	const int r = helper_test_start(state);
	signal(SIGCHLD, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return r;
}

static void echo(void **state)
{
	static char sent[HELPER_REQUEST_MAX], got[HELPER_REQUEST_MAX];
	struct helper_request request = {.bytes = sent, .len = sizeof(sent)};

	for (size_t i = 0; i < sizeof(sent); i++)
		sent[i] = (char)(i * 7);
	assert_int_equal(
	        helper_call(*state, &test_jobs[JOB_ECHO], &request, got, sizeof(got), NULL),
	        sizeof(got));
	assert_memory_equal(got, sent, sizeof(got));
	/* a reply larger than expected is cut */
	assert_int_equal(helper_call(*state, &test_jobs[JOB_ECHO], &request, got, 10, NULL), 10);
	assert_memory_equal(got, sent, 10);
	request.len = 0;
	assert_int_equal(
	        helper_call(*state, &test_jobs[JOB_ECHO], &request, got, sizeof(got), NULL), 0);
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
	assert_int_equal(helper_call(*state, &test_jobs[JOB_WRITE], &request, NULL, 0, NULL), 0);
	assert_int_equal(read(out[0], got, sizeof(got)), 5);
	assert_string_equal(got, "piped");
	/* ours are still open, and the job has closed its copies */
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
	struct helper_pending pending;

	assert_int_equal(
	        helper_start_job(*state, &test_jobs[JOB_ECHO], &large, &pending), -EMSGSIZE);
	assert_int_equal(helper_start_job(*state, &test_jobs[JOB_ECHO], &many, &pending), -EINVAL);
	assert_int_equal(
	        helper_start_job(*state, &test_jobs[JOB_LAST], &empty, &pending), -EOPNOTSUPP);
	assert_int_equal(helper_start_job(*state, &test_jobs[JOB_ECHO], &closed, &pending), -EBADF);
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

/* A main process that was taken over sends what it likes. */
static void lies_do_not_hurt(void **state)
{
	static const char garbage[HELPER_REQUEST_MAX * 2];
	static const size_t lengths[] = {1, 7, 8, 9, HELPER_REQUEST_MAX + 16, sizeof(garbage)};

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		assert_true(send(helper_fd(*state), garbage, lengths[i], MSG_NOSIGNAL) >= 0);
		const struct helper_exit notice = next_exit(*state);
		assert_int_equal(notice.end, HELPER_EXITED);
		assert_int_equal(notice.status, 255);
	}
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

/* Sends a request that helper_start_job would not, and sees it refused. */
static void assert_refused(struct helper *helper, uint32_t job, size_t n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(64 * sizeof(int))];
	} control = {0}; /* the descriptors are all standard input */
	uint32_t head[] = {77, job, 0, 0};
	struct iovec part = {head, sizeof(head)};
	struct msghdr message = {
	        .msg_iov = &part,
	        .msg_iovlen = 1,
	        .msg_control = &control,
	        .msg_controllen = (socklen_t)CMSG_SPACE(n_fds * sizeof(int)),
	};

	*CMSG_FIRSTHDR(&message) = (struct cmsghdr){
	        .cmsg_level = SOL_SOCKET,
	        .cmsg_type = SCM_RIGHTS,
	        .cmsg_len = (socklen_t)CMSG_LEN(n_fds * sizeof(int)),
	};
	assert_true(sendmsg(helper_fd(helper), &message, MSG_NOSIGNAL) > 0);
	const struct helper_exit notice = next_exit(helper);
	assert_int_equal(notice.request_id, 77);
	assert_int_equal(notice.end, HELPER_EXITED);
	assert_int_equal(notice.status, 255);
}

static void forged_requests_are_refused(void **state)
{
	assert_refused(*state, JOB_LAST, 1);
	assert_refused(*state, UINT32_MAX, 1);
	/* more descriptors than may be: one that would fit into the padding, and many */
	assert_refused(*state, JOB_ECHO, HELPER_FDS_MAX + 2);
	assert_refused(*state, JOB_ECHO, 64);
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

static void exit_notices(void **state)
{
	static const struct {
		enum job job;
		enum helper_end end;
		int status;
		ssize_t called;
	} table[] = {
	        {JOB_EXIT_3, HELPER_EXITED, 3, -EIO},
	        {JOB_CRASH, HELPER_KILLED, SIGABRT, -EIO},
	        {JOB_HANG, HELPER_KILLED, SIGKILL, -ETIMEDOUT},
	        {JOB_COMPUTE_ON, HELPER_KILLED, SIGKILL, -ETIMEDOUT},
	};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		int replies;
		const uint32_t id = start_job(*state, table[i].job, NULL, 0, &replies);
		const struct helper_exit notice = next_exit(*state);

		assert_int_equal(notice.request_id, id);
		assert_int_equal(notice.end, table[i].end);
		assert_int_equal(notice.status, table[i].status);
		assert_end(replies);
		close(replies);
		assert_int_equal(call(*state, table[i].job), table[i].called);
	}
	/* a reply counts, whatever becomes of the job */
	assert_int_equal(call(*state, JOB_REPLY_THEN_HANG), sizeof(pid_t));
}

/* What helper_call gives, helper_finish_job gives after the exit notice. */
static void a_started_job_is_finished(void **state)
{
	static const struct {
		enum job job;
		ssize_t result;
	} table[] = {{JOB_ECHO, 5}, {JOB_EXIT_3, -EIO}, {JOB_HANG, -ETIMEDOUT},
	        {JOB_REPLY_THEN_HANG, sizeof(pid_t)}};
	const struct helper_request request = {.bytes = "hello", .len = 5};

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		struct helper_pending pending;
		char reply[8];
		int fd = 0;

		assert_int_equal(
		        helper_start_job(*state, &test_jobs[table[i].job], &request, &pending), 0);
		const struct helper_exit notice = next_exit(*state);
		assert_true(helper_is_exit_of(&notice, &pending));
		assert_int_equal(helper_finish_job(&notice, &pending, reply, sizeof(reply), &fd),
		        table[i].result);
		assert_int_equal(pending.replies, -EBADF);
		assert_int_equal(fd, -EBADF);
		assert_int_equal(call(*state, table[i].job), table[i].result);
	}
}

/* As the helper says it if fork(2) fails. */
static void a_job_that_was_not_started(void **state)
{
	const struct helper_request request = {0};
	struct helper_pending pending;

	assert_int_equal(helper_start_job(*state, &test_jobs[JOB_EXIT_3], &request, &pending), 0);
	assert_int_equal(next_exit(*state).status, 3);
	const struct helper_exit notice = {
	        .request_id = pending.request_id, .end = HELPER_EXITED, .status = 255};
	assert_int_equal(helper_finish_job(&notice, &pending, NULL, 0, NULL), -EAGAIN);
}

/* Nothing waits. */
static void a_helper_without_a_process(void **state)
{
	const struct helper_job *const jobs[] = {&test_jobs[JOB_ECHO]};
	struct helper *helper = helper_none(jobs, ARRAY_SIZE(jobs));
	const struct helper_request request = {0};
	struct helper *const channels[] = {helper, helper_channel(helper)};
	struct helper_pending pending;
	struct helper_exit notice;

	(void)state;
	assert_int_equal(helper_pid(helper), 0);
	assert_true(helper_has_job(helper, &test_jobs[JOB_ECHO]));
	for (size_t i = 0; i < ARRAY_SIZE(channels); i++) {
		assert_int_equal(
		        helper_start_job(channels[i], jobs[0], &request, &pending), -EPIPE);
		assert_int_equal(call(channels[i], JOB_ECHO), -EPIPE);
		assert_int_equal(helper_poll(channels[i], &notice), 1);
		assert_int_equal(notice.end, HELPER_LOST);
	}
	helper_stop(helper);
}

static void a_call_gives_the_first_descriptor(void **state)
{
	const int before = count_fds(getpid());
	const struct helper_request request = {.bytes = "o",
	        .len = 1,
	        .fds = (const int[]){STDIN_FILENO, STDERR_FILENO},
	        .n_fds = 2};
	char reply[8];
	int fd;

	assert_int_equal(
	        helper_call(*state, &test_jobs[JOB_RETURN], &request, reply, sizeof(reply), &fd),
	        1);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(
	        helper_call(*state, &test_jobs[JOB_RETURN], &request, reply, sizeof(reply), NULL),
	        1);
	assert_int_equal(count_fds(getpid()), before);
}

/* On a busy machine a deadline passes before a job has had its turn. */
static void lack_of_a_cpu_is_no_hanging(void **state)
{
	assert_int_equal(call(*state, JOB_COMPUTE), 4);
}

static void job_is_on_its_own(void **state)
{
	const int fds[] = {STDERR_FILENO};
	const struct helper_request request = {.fds = fds, .n_fds = 1};
	const pid_t helper = helper_pid(*state);
	struct job_process process;

	assert_int_equal(helper_call(*state, &test_jobs[JOB_PROCESS], &request, &process,
	                         sizeof(process), NULL),
	        sizeof(process));
	assert_int_equal(process.parent, helper);
	assert_int_equal(process.session, helper);
	assert_int_equal(process.group, process.pid);
	assert_int_equal(process.n_fds, 5);
	assert_false(process.is_fd_strange);
	assert_true(process.is_input_null && process.is_output_null);
	assert_false(process.is_signal_left);
	assert_int_equal(process.death_signal, SIGKILL);
	assert_string_equal(process.name, "properties");

	_cleanup_free_ char *path = memory_printf("/proc/%d/comm", helper);
	_cleanup_close_ int comm = open(path, O_RDONLY | O_CLOEXEC);
	char name[32] = "";
	assert_true(read(comm, name, sizeof(name) - 1) > 0);
	assert_string_equal(name, "nsbrowse-helper\n");
}

static void children_of_a_job_end_with_it(void **state)
{
	int life[2], replies;

	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	start_job(*state, JOB_LEAVE_CHILD, &life[1], 1, &replies);
	close(life[1]);
	assert_int_equal(next_exit(*state).end, HELPER_EXITED);
	assert_end(life[0]);
	close(life[0]);
	close(replies);
}

/* Starts `n` jobs that wait for the end of a pipe, and sees the first `n_up` of them up. */
static void many_at_once(struct helper *helper, int n, int n_up)
{
	int gate[2], replies[N_BEYOND_LIMIT];
	uint32_t first = 0;

	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	for (int i = 0; i < n; i++) {
		const uint32_t id = start_job(helper, JOB_WAIT, &gate[0], 1, &replies[i]);
		first = i == 0 ? id : first;
	}
	for (int i = 0; i < n_up; i++)
		assert_up(replies[i]);
	close(gate[0]);
	close(gate[1]);
	bool *has_ended = memory_new((size_t)n * sizeof(bool));
	for (int i = 0; i < n; i++) {
		const struct helper_exit notice = next_exit(helper);

		assert_int_equal(notice.end, HELPER_EXITED);
		assert_int_equal(notice.status, 0);
		assert_true(notice.request_id - first < (uint32_t)n &&
		            !has_ended[notice.request_id - first]);
		has_ended[notice.request_id - first] = true;
	}
	free(has_ended);
	for (int i = n_up; i < n; i++)
		assert_up(replies[i]);
	for (int i = 0; i < n; i++)
		close(replies[i]);
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

	/* The helper has started once a job has. (helper_call would take the exit notice too.) */
	int first;
	start_job(*state, JOB_EXIT_3, NULL, 0, &first);
	assert_int_equal(next_exit(*state).end, HELPER_EXITED);
	close(first);
	const int ours = count_fds(getpid()), its = count_fds(helper);

	for (int i = 0; i < N_IN_A_ROW; i++) {
		int replies;
		const uint32_t id =
		        start_job(*state, i % 2 ? JOB_ECHO : JOB_EXIT_3, NULL, 0, &replies);

		assert_int_equal(next_exit(*state).request_id, id);
		close(replies);
	}
	assert_int_equal(count_fds(getpid()), ours);
	assert_int_equal(count_fds(helper), its);
	assert_int_equal(count_children(helper), 0);
	print_message("%d jobs: descriptors as before, no zombie\n", N_IN_A_ROW);
}

/* No exit notice is received meanwhile: there are more than the socket holds. */
static void exit_notices_are_kept(void **state)
{
	for (int i = 0; i < N_IN_A_ROW; i++) {
		int replies;

		start_job(*state, JOB_EXIT_3, NULL, 0, &replies);
		close(replies);
	}
	for (int i = 0; i < N_IN_A_ROW; i++)
		assert_int_equal(next_exit(*state).status, 3);
}

#define with_helper(test) cmocka_unit_test_setup_teardown(test, helper_test_start, helper_test_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        with_helper(echo),
	        with_helper(descriptors_go_along),
	        with_helper(bad_requests),
	        with_helper(lies_do_not_hurt),
	        with_helper(forged_requests_are_refused),
	        with_helper(exit_notices),
	        with_helper(a_started_job_is_finished),
	        with_helper(a_job_that_was_not_started),
	        cmocka_unit_test(a_helper_without_a_process),
	        with_helper(a_call_gives_the_first_descriptor),
	        with_helper(lack_of_a_cpu_is_no_hanging),
	        cmocka_unit_test_setup_teardown(job_is_on_its_own, start_oddly, helper_test_stop),
	        with_helper(children_of_a_job_end_with_it),
	        with_helper(fifty_at_once),
	        with_helper(more_than_run_at_once),
	        with_helper(thousand_in_a_row),
	        with_helper(exit_notices_are_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
