/* SPDX-License-Identifier: Apache-2.0 */
/* How the helper results, and the main process, and jobs that will not. */
#include "tests/privsep/helper_jobs.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Starts a job that will not be reaped in time: what a traced process leaves is its tracer's
 * first, and until that has looked, the helper sees as little of it as if it hung in the kernel.
 * Returns its process ID when it has been called stuck. */
static pid_t make_stuck(struct helper *helper)
{
	int replies;
	pid_t pid;
	const uint32_t id = start_job(helper, JOB_HANG_TRACED, NULL, 0, &replies);

	assert_int_equal(reply_of(replies, &pid, sizeof(pid)), sizeof(pid));
	close(replies);
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0) {
		print_message("cannot trace: %s\n", strerror(errno));
		skip();
	}
	const struct helper_exit notice = next_exit(helper);
	assert_int_equal(notice.request_id, id);
	assert_int_equal(notice.end, HELPER_STUCK);
	return pid;
}

static void stuck_job_is_abandoned(void **state)
{
	const pid_t pid = make_stuck(*state);

	assert_int_equal(call(*state, JOB_EXIT_3), -EIO); /* others go on */
	assert_int_equal(count_children(helper_pid(*state)), 1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* now it results, and no second exit notice is sent */
	assert_int_equal(call(*state, JOB_EXIT_3), -EIO);
	assert_int_equal(count_children(helper_pid(*state)), 0);
}

static int call_that_may_get_stuck(struct helper *helper)
{
	const struct helper_request request = {.bytes = "o", .len = 1};

	return (int)helper_call(helper, &test_jobs[JOB_RETURN_OR_STICK], &request, NULL, 0, NULL);
}

static void stuck_job_takes_a_place(void **state)
{
	const pid_t pid = make_stuck(*state);

	helper_set_stuck(*state, HELPER_STUCK_MAX - 1);
	assert_int_equal(call_that_may_get_stuck(*state), -EBUSY);
	helper_set_stuck(*state, HELPER_STUCK_MAX - 2);
	assert_int_equal(call_that_may_get_stuck(*state), 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	helper_set_stuck(*state, HELPER_STUCK_MAX - 1);
	/* The helper is notified of the end by a signal. */
	while (count_children(helper_pid(*state)) > 0)
		sched_yield();
	assert_int_equal(call_that_may_get_stuck(*state), 0);
}

static void stuck_job_does_not_keep_the_helper(void **state)
{
	const pid_t helper = helper_pid(*state), pid = make_stuck(*state);

	helper_stop(*state);
	*state = NULL;
	assert_int_equal(kill(helper, 0), -1);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void assert_lost(struct helper *helper)
{
	const struct helper_request request = {0};
	struct helper_pending pending;

	for (int i = 0; i < 2; i++) {
		assert_int_equal(next_exit(helper).end, HELPER_LOST);
		assert_int_equal(
		        helper_start_job(helper, &test_jobs[JOB_ECHO], &request, &pending), -EPIPE);
		assert_int_equal(call(helper, JOB_ECHO), -EPIPE);
	}
}

/* With SIGPIPE as it is: it would end the test. */
static void lost_helper(void **state)
{
	int life[2], replies;
	char byte;

	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	start_job(*state, JOB_WAIT, life, 1, &replies);
	assert_up(replies);
	kill(helper_pid(*state), SIGKILL);
	assert_lost(*state);
	/* its job went with it */
	assert_true(is_readable(replies));
	assert_true(recv(replies, &byte, 1, 0) <= 0);
	close(replies);
	close(life[0]);
	close(life[1]);
}

/* helper_call is the first to find out. */
static void lost_helper_is_noticed_asking(void **state)
{
	kill(helper_pid(*state), SIGKILL);
	assert_true(is_readable(helper_fd(*state)));
	assert_int_equal(call(*state, JOB_ECHO), -EPIPE);
	assert_lost(*state);
}

static void helper_takes_its_jobs_along(void **state)
{
	int life[2], replies;
	char byte;

	assert_int_equal(pipe2(life, O_CLOEXEC | O_NONBLOCK), 0);
	start_job(*state, JOB_HANG_LONG, &life[1], 1, &replies);
	close(life[1]);
	assert_true(is_readable(replies));
	helper_stop(*state);
	*state = NULL;                                /* which helper_stop takes too */
	assert_int_equal(read(life[0], &byte, 1), 0); /* gone already: else EAGAIN */
	close(life[0]);
	close(replies);
}

static void helper_ends_by_sigterm(void **state)
{
	int replies;
	pid_t pid;

	start_job(*state, JOB_HANG_LONG, NULL, 0, &replies);
	assert_int_equal(reply_of(replies, &pid, sizeof(pid)), sizeof(pid));
	kill(helper_pid(*state), SIGTERM);
	assert_lost(*state);
	assert_end(replies);
	close(replies);
}

/* Keeps the main process's end of the socket, until we close the pipe. */
static void keep_socket(const int gate[static 2])
{
	char byte;

	close(STDERR_FILENO);
	close(gate[1]);
	_exit(read(gate[0], &byte, 1) < 0);
}

/* A main process with closed standard input and output, which then is killed. */
static void be_main_process(int life, const int *gate, bool is_stopping)
{
	const struct helper_request request = {0};
	void *helper = NULL;
	struct helper_pending pending;

	/* Standard error is what the helper and its jobs have of us. */
	dup2(life, STDERR_FILENO);
	close(life);
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (helper_test_start(&helper) < 0 ||
	        helper_start_job(helper, &test_jobs[JOB_HANG_LONG], &request, &pending) < 0 ||
	        !is_readable(pending.replies))
		_exit(EXIT_FAILURE);
	if (gate && fork() == 0)
		keep_socket(gate);
	if (is_stopping)
		kill(helper_pid(helper), SIGSTOP);
	raise(SIGKILL);
}

/* Sees it die, and the helper and the job with it. */
static void assert_all_die(const int *gate, bool is_stopping)
{
	int life[2], status = 0;

	assert_int_equal(pipe2(life, O_CLOEXEC), 0);
	const pid_t pid = fork();
	if (pid == 0)
		be_main_process(life[1], gate, is_stopping);
	close(life[1]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	assert_end(life[0]);
	close(life[0]);
}

static void main_process_dies(void **state)
{
	(void)state;
	assert_all_die(NULL, false);
}

static void main_process_dies_with_a_stopped_helper(void **state)
{
	(void)state;
	assert_all_die(NULL, true);
}

static void main_process_dies_but_its_socket_stays(void **state)
{
	int gate[2];

	(void)state;
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	assert_all_die(gate, false);
	close(gate[0]);
	close(gate[1]);
}

#define with_helper(test) cmocka_unit_test_setup_teardown(test, helper_test_start, helper_test_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        with_helper(stuck_job_is_abandoned),
	        with_helper(stuck_job_takes_a_place),
	        with_helper(stuck_job_does_not_keep_the_helper),
	        with_helper(lost_helper),
	        with_helper(lost_helper_is_noticed_asking),
	        with_helper(helper_takes_its_jobs_along),
	        with_helper(helper_ends_by_sigterm),
	        cmocka_unit_test(main_process_dies),
	        cmocka_unit_test(main_process_dies_with_a_stopped_helper),
	        cmocka_unit_test(main_process_dies_but_its_socket_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
