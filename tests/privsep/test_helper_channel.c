/* SPDX-License-Identifier: Apache-2.0 */
/* The second channel, and replies with descriptors. */
#include "base/memory.h"
#include "base/monotonic.h"
#include "privsep/helper_protocol.h"
#include "tests/privsep/helper_jobs.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

enum { N_IN_A_ROW = 200, N_REQUESTS = 40, TABLE_SIZE = 1024 };

static void each_has_its_own_exit_notices(void **state)
{
	struct helper *const second = helper_channel(*state);
	int replies[2];
	struct helper_exit notice;

	const uint32_t first = start_job(*state, JOB_EXIT_3, NULL, 0, &replies[0]);
	assert_int_equal(next_exit(*state).request_id, first);
	assert_int_equal(helper_poll(second, &notice), 0);
	start_job(second, JOB_HANG, NULL, 0, &replies[1]);
	assert_int_equal(next_exit(second).end, HELPER_KILLED);
	assert_int_equal(helper_poll(*state, &notice), 0);
	assert_int_equal(helper_pid(second), helper_pid(*state));
	close(replies[0]);
	close(replies[1]);
}

static void *call_often(void *data)
{
	uintptr_t n = 0;

	for (int i = 0; i < N_IN_A_ROW; i++)
		n += call(data, JOB_ECHO) == 5;
	return (void *)n;
}

static void two_threads_do_not_meet(void **state)
{
	pthread_t thread;
	void *theirs;

	assert_int_equal(pthread_create(&thread, NULL, call_often, helper_channel(*state)), 0);
	void *const ours = call_often(*state);
	assert_int_equal(pthread_join(thread, &theirs), 0);
	assert_int_equal((uintptr_t)ours, N_IN_A_ROW);
	assert_int_equal((uintptr_t)theirs, N_IN_A_ROW);
}

static void a_lost_helper_is_lost_to_both(void **state)
{
	kill(helper_pid(*state), SIGKILL);
	assert_int_equal(next_exit(*state).end, HELPER_LOST);
	assert_int_equal(next_exit(helper_channel(*state)).end, HELPER_LOST);
	assert_int_equal(call(helper_channel(*state), JOB_ECHO), -EPIPE);
}

/* What came of helper_call_all. */
struct taken {
	size_t n[N_REQUESTS];
	int lengths; /* of what the descriptors gave to read */
	size_t n_fds;
	bool is_strange, is_keeping;
	int kept; /* the last one, when keeping */
};

static void take(void *data, size_t i, const struct helper_reply *reply)
{
	struct taken *taken = data;

	taken->n[i]++;
	taken->is_strange |= reply->len != 1 || reply->n_fds > 1;
	for (size_t k = 0; k < reply->n_fds; k++) {
		int fd = reply->fds[k];
		char bytes[8];

		taken->is_strange |= fcntl(fd, F_GETFD) != FD_CLOEXEC;
		taken->lengths += (int)read(fd, bytes, 1);
		taken->n_fds++;
		taken->kept = fd;
		if (!taken->is_keeping)
			close(fd);
	}
}

/* A pipe that has `n` bytes to read. */
static int make_pipe(size_t n)
{
	static const char bytes[N_REQUESTS * HELPER_FDS_MAX];
	int fds[2];

	assert_int_equal(pipe2(fds, O_CLOEXEC), 0);
	assert_int_equal(write(fds[1], bytes, n), n);
	close(fds[1]);
	return fds[0];
}

static void descriptors_come_back(void **state)
{
	const int before = count_fds(getpid());
	const int pipe_fd = make_pipe((size_t)N_REQUESTS * HELPER_FDS_MAX);
	const int fds[] = {pipe_fd, pipe_fd, pipe_fd, pipe_fd};
	struct helper_request requests[N_REQUESTS];
	struct taken taken = {0};
	int results[N_REQUESTS];

	for (size_t i = 0; i < N_REQUESTS; i++)
		requests[i] = (struct helper_request){
		        .bytes = "o", .len = 1, .fds = fds, .n_fds = i % (HELPER_FDS_MAX + 1)};
	helper_call_all(
	        *state, &test_jobs[JOB_RETURN], requests, N_REQUESTS, take, &taken, results);
	assert_false(taken.is_strange);
	assert_int_equal(taken.lengths, N_REQUESTS / (HELPER_FDS_MAX + 1) * 10);
	for (size_t i = 0; i < N_REQUESTS; i++) {
		assert_int_equal(results[i], 0);
		assert_int_equal(taken.n[i], i % (HELPER_FDS_MAX + 1));
	}
	close(pipe_fd);
	assert_int_equal(count_fds(getpid()), before);
}

/* Twenty that hang take no longer than one, and what they had said counts. */
static void each_ends_its_own_way(void **state)
{
	static const char ways[] = "ohcxohcxohcxohcxohcxohcxohcxohcxohcxohcx";
	const int pipe_fd = make_pipe(N_REQUESTS);
	struct helper_request requests[N_REQUESTS + 1];
	struct taken taken = {0};
	int results[N_REQUESTS + 1];

	for (size_t i = 0; i < N_REQUESTS; i++)
		requests[i] = (struct helper_request){
		        .bytes = &ways[i], .len = 1, .fds = &pipe_fd, .n_fds = 1};
	requests[N_REQUESTS] = (struct helper_request){.n_fds = HELPER_FDS_MAX + 1};
	const int64_t start = monotonic_ms();
	helper_call_all(
	        *state, &test_jobs[JOB_RETURN], requests, N_REQUESTS + 1, take, &taken, results);
	print_message("%d jobs, 10 of them hang for 50 ms: %lld ms\n", N_REQUESTS,
	        (long long)(monotonic_ms() - start));
	assert_int_equal(taken.lengths, N_REQUESTS);
	for (size_t i = 0; i < N_REQUESTS; i++) {
		assert_int_equal(taken.n[i], 1);
		assert_int_equal(results[i], ways[i] == 'o'   ? 0
		                             : ways[i] == 'h' ? -ETIMEDOUT
		                                              : -EIO);
	}
	assert_int_equal(results[N_REQUESTS], -EINVAL);
	close(pipe_fd);
}

/* Runs jobs that may get stuck, `n_stuck` of others are. Returns how many were done. */
static size_t count_done(struct helper *helper, const char *ways, size_t n_stuck, int *results)
{
	struct helper_request requests[N_REQUESTS];
	struct taken taken = {0};
	size_t n = 0;

	for (size_t i = 0; i < N_REQUESTS; i++)
		requests[i] = (struct helper_request){.bytes = &ways[i], .len = 1};
	helper_set_stuck(helper, n_stuck);
	helper_call_all(helper, &test_jobs[JOB_RETURN_OR_STICK], requests, N_REQUESTS, take, &taken,
	        results);
	for (size_t i = 0; i < N_REQUESTS; i++) {
		n += results[i] == 0;
		assert_true(results[i] == 0 || results[i] == -EBUSY || results[i] == -ETIMEDOUT);
	}
	return n;
}

static void few_that_may_get_stuck_at_once(void **state)
{
	static const char done[] = "oooooooooooooooooooooooooooooooooooooooo";
	static const char hang[] = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh";
	int results[N_REQUESTS];
	size_t n_hung = 0;

	for (size_t n_stuck = 0; n_stuck < HELPER_STUCK_MAX; n_stuck++)
		assert_int_equal(count_done(*state, done, n_stuck, results), N_REQUESTS);
	assert_int_equal(count_done(*state, done, HELPER_STUCK_MAX, results), 0);
	assert_int_equal(count_done(*state, done, SIZE_MAX, results), 0);
	for (size_t i = 0; i < N_REQUESTS; i++)
		assert_int_equal(results[i], -EBUSY);
	/* None is started after some have hung. */
	assert_int_equal(count_done(*state, hang, 3, results), 0);
	for (size_t i = 0; i < N_REQUESTS; i++)
		n_hung += results[i] == -ETIMEDOUT;
	assert_int_equal(n_hung, HELPER_STUCK_MAX - 3);
}

/* A stopped helper says nothing; the wait is bounded all the same. */
static void a_stopped_helper_is_not_waited_for(void **state)
{
	const struct helper_request request = {.bytes = "o", .len = 1, .fds = NULL, .n_fds = 0};
	struct taken taken = {0};
	int end = 0;

	kill(helper_pid(*state), SIGSTOP);
	const int64_t start = monotonic_ms();
	helper_call_all(*state, &test_jobs[JOB_RETURN], &request, 1, take, &taken, &end);
	const int64_t took = monotonic_ms() - start;
	kill(helper_pid(*state), SIGCONT);
	assert_int_equal(end, -EPIPE);
	print_message("the helper is stopped: known after %lld ms\n", (long long)took);
	assert_true(took < HELPER_TEST_PATIENCE_MS / 4);
	/* its late exit notice is ignored */
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

/* --- a helper that gets no CPU ---------------------------------------------------------------- */

/* In a process of its own: stops the helper as a debugger does, until `gate` is closed or for
 * `limit_ms`. For a parent that is no tracer it runs then, but it gets no CPU. */
_noreturn_ static void hold(pid_t helper, int ready, int gate, int limit_ms)
{
	struct pollfd end = {.fd = gate, .events = POLLIN};
	int status;

	if (ptrace(PTRACE_SEIZE, helper, NULL, NULL) < 0 ||
	        ptrace(PTRACE_INTERRUPT, helper, NULL, NULL) < 0 ||
	        waitpid(helper, &status, __WALL) != helper || write(ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	poll(&end, 1, limit_ms);
	_exit(EXIT_SUCCESS);
}

/* Returns the process that holds the helper, and the gate; skips if that is not permitted. */
static pid_t start_hold(pid_t helper, int limit_ms, int *ret_gate)
{
	int ready[2], gate[2];
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	assert_int_equal(pipe2(gate, O_CLOEXEC), 0);
	const pid_t pid = fork();
	if (pid == 0) {
		close(gate[1]);
		hold(helper, ready[1], gate[0], limit_ms);
	}
	close(ready[1]);
	close(gate[0]);
	const ssize_t n = read(ready[0], &byte, 1);
	close(ready[0]);
	*ret_gate = gate[1];
	if (n == 1)
		return pid;
	close(gate[1]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	print_message("cannot trace\n");
	skip();
	return 0;
}

static void a_busy_helper_is_runnable(void **state)
{
	const pid_t helper = helper_pid(*state);
	int gate;

	const pid_t pid = start_hold(helper, HELPER_TEST_PATIENCE_MS, &gate);
	assert_true(helper_is_runnable(*state));
	assert_false(helper_is_stopped(*state));
	close(gate);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	/* Then it waits in poll(2) again; a process that is no child never counts. */
	assert_int_equal(call(*state, JOB_ECHO), 5);
	const int64_t end = monotonic_ms() + HELPER_TEST_PATIENCE_MS;
	while (helper_is_runnable(*state))
		assert_true(monotonic_ms() < end);
	_cleanup_close_ int stat = helper_protocol_open_stat(getpid());
	assert_true(stat >= 0);
	assert_false(helper_protocol_is_runnable(stat));
}

/* It takes longer than the helper and its job may, and is not lost. */
static void a_busy_helper_is_waited_for(void **state)
{
	enum { HOLD_MS = 6000 };
	const struct helper_request request = {.bytes = "o", .len = 1, .fds = NULL, .n_fds = 0};
	struct taken taken = {0};
	int end = 1, gate;

	if (!getenv("NSBROWSE_LONG"))
		skip();
	const pid_t pid = start_hold(helper_pid(*state), HOLD_MS, &gate);
	const int64_t start = monotonic_ms();
	helper_call_all(*state, &test_jobs[JOB_RETURN], &request, 1, take, &taken, &end);
	print_message(
	        "the helper got no CPU: done after %lld ms\n", (long long)(monotonic_ms() - start));
	close(gate);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(end, 0);
	assert_int_equal(call(*state, JOB_ECHO), 5);
}

static void all_of_a_lost_helper(void **state)
{
	struct helper_request requests[3] = {
	        {.bytes = "o", .len = 1}, {.bytes = "o", .len = 1}, {.bytes = "o", .len = 1}};
	struct taken taken = {0};
	int results[3] = {0};

	kill(helper_pid(*state), SIGKILL);
	helper_call_all(*state, &test_jobs[JOB_RETURN], requests, 3, take, &taken, results);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(results[i], -EPIPE);
	helper_call_all(*state, &test_jobs[JOB_RETURN], requests, 0, take, &taken, results);
}

/* Leaves room for two descriptors. The limit stays far above that: the kernel also compares it with
 * how many descriptors all processes of this user have in messages, and refuses to send more. */
static size_t fill_table(int fd, int filler[static TABLE_SIZE])
{
	size_t n = 0;

	for (int copy; (copy = dup(fd)) >= 0; n++) {
		assert_true(n < TABLE_SIZE);
		filler[n] = copy;
	}
	assert_int_equal(errno, EMFILE);
	assert_true(n >= 2);
	close(filler[--n]);
	close(filler[--n]);
	return n;
}

/* The bytes of a reply arrive also where there is no room for its descriptor. */
static void no_room_for_descriptors(void **state)
{
	const int pipe_fd = make_pipe(1);
	const int fds[] = {pipe_fd, pipe_fd};
	const struct helper_request request = {.bytes = "o", .len = 1, .fds = fds, .n_fds = 2};
	struct taken taken = {.is_keeping = true};
	int filler[TABLE_SIZE], end;
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	const struct rlimit low = {TABLE_SIZE, limit.rlim_max};
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	size_t n = fill_table(pipe_fd, filler);
	/* Room for the two ends of a socket. One is closed when the job has it: there goes the
	 * first descriptor that comes back. */
	helper_call_all(*state, &test_jobs[JOB_RETURN], &request, 1, take, &taken, &end);
	while (n > 0)
		close(filler[--n]);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(end, 0);
	assert_int_equal(taken.n[0], 2);
	assert_int_equal(taken.n_fds, 1);
	close(taken.kept);
	close(pipe_fd);
}

/* The result 0 means that the other end is closed: then the caller expects no descriptors. */
static void a_message_without_bytes_leaves_no_descriptor(void **state)
{
	int sockets[2];
	struct passed_fds passed;
	char bytes[8];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets), 0);
	const int before = count_fds(getpid());
	const int fds[] = {STDIN_FILENO, STDERR_FILENO};
	assert_int_equal(helper_protocol_send(sockets[0], "", 0, fds, ARRAY_SIZE(fds)), 0);
	assert_int_equal(helper_protocol_receive(sockets[1], bytes, sizeof(bytes), &passed), 0);
	assert_int_equal(passed.n, 0);
	assert_int_equal(count_fds(getpid()), before);
	close(sockets[0]);
	close(sockets[1]);
	(void)state;
}

#define with_helper(test) cmocka_unit_test_setup_teardown(test, helper_test_start, helper_test_stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
	        with_helper(each_has_its_own_exit_notices),
	        with_helper(two_threads_do_not_meet),
	        with_helper(a_lost_helper_is_lost_to_both),
	        with_helper(descriptors_come_back),
	        with_helper(each_ends_its_own_way),
	        with_helper(few_that_may_get_stuck_at_once),
	        with_helper(a_stopped_helper_is_not_waited_for),
	        with_helper(a_busy_helper_is_runnable),
	        with_helper(a_busy_helper_is_waited_for),
	        with_helper(all_of_a_lost_helper),
	        with_helper(no_room_for_descriptors),
	        cmocka_unit_test(a_message_without_bytes_leaves_no_descriptor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
