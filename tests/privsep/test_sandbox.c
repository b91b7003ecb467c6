/* SPDX-License-Identifier: Apache-2.0 */
/* Filters of system calls: what is not in a group fails with EPERM, what is in it works. */
#include "base/attributes.h"
#include "privsep/helper.h"
#include "privsep/pidfd_uapi.h"
#include "privsep/sandbox.h"
#include "tests/privsep/sandbox_calls.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

static bool has_filters(void)
{
	struct sandbox_filter filter;
	const int r = sandbox_make(0, &filter);

	sandbox_release(&filter);
	return r == 0;
}

/* The exit status of `run` in a process of its own; -1 if a signal ended it. */
static int in_child(int (*run)(void))
{
	int status = 0;
	const pid_t pid = fork();

	if (pid == 0)
		_exit(run());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void each_group_permits_its_calls_only(void **state)
{
	int n = 0, n_all = 0;

	(void)state;
	for (uint32_t group = SANDBOX_WORK; group <= SANDBOX_EVENTS; group <<= 1) {
		assert_int_equal(sandbox_calls_try(group, &n), 0);
		n_all += n;
	}
	printf("# R24: %d system calls below the filter of each group: those of others fail "
	       "with EPERM\n",
	        n_all);
}

static int may_only_read_and_write(void)
{
	static const long refused[] = {SYS_getpid, SYS_close, SYS_openat, SYS_mmap};
	struct sandbox_filter filter; /* not released: free(3) may need other calls */
	int failed = 0, pipe_ends[2];
	char byte = 'x';

	if (pipe(pipe_ends) < 0 || sandbox_make(0, &filter) < 0 || sandbox_install(&filter) < 0)
		return 99;
	for (size_t i = 0; i < ARRAY_SIZE(refused); i++)
		failed += syscall(refused[i], -1, 0, 0, 0, -1, 0) != -1 || errno != EPERM;
	failed += write(pipe_ends[1], &byte, 1) != 1;
	failed += read(pipe_ends[0], &byte, 1) != 1;
	return failed;
}

static void no_group(void **state)
{
	(void)state;
	if (HAS_ADDRESS_SANITIZER) /* it maps memory in read(2) */
		skip();
	assert_int_equal(in_child(may_only_read_and_write), 0);
}

static int clone3_is_unknown(void)
{
	if (sandbox_enter(SANDBOX_WORK | SANDBOX_THREADS) < 0)
		return 99;
	return syscall(435, NULL, (size_t)0) != -1 || errno != ENOSYS;
}

static void *set_flag(void *flag)
{
	*(bool *)flag = true;
	return NULL;
}

static int starts_a_thread(void)
{
	pthread_t thread;
	bool flag = false;

	if (sandbox_enter(SANDBOX_WORK | SANDBOX_THREADS) < 0)
		return 99;
	if (pthread_create(&thread, NULL, set_flag, &flag) != 0)
		return 1;
	return pthread_join(thread, NULL) != 0 || !flag;
}

static void threads_without_clone3(void **state)
{
	(void)state;
	assert_int_equal(in_child(clone3_is_unknown), 0);
	assert_int_equal(in_child(starts_a_thread), 0);
}

/* The thread sees the filter that was installed after its start. */
struct waiting_thread {
	int go[2];
	int error; /* of its call */
};

static void *try_to_write(void *data)
{
	struct waiting_thread *const thread = data;
	char byte;

	if (read(thread->go[0], &byte, 1) == 1 &&
	        open("/nonexistent/nsbrowse", O_WRONLY | O_CLOEXEC) < 0)
		thread->error = errno;
	return NULL;
}

static int filters_all_threads(void)
{
	struct waiting_thread waiting = {.error = 0};
	pthread_t thread;

	if (pipe(waiting.go) < 0 || pthread_create(&thread, NULL, try_to_write, &waiting) != 0 ||
	        sandbox_enter(SANDBOX_WORK | SANDBOX_READ) < 0 || write(waiting.go[1], "", 1) != 1)
		return 99;
	return pthread_join(thread, NULL) != 0 || waiting.error != EPERM;
}

static void threads_that_run_already(void **state)
{
	(void)state;
	assert_int_equal(in_child(filters_all_threads), 0);
}

/* raise(3), and its effect on the process. */
static int is_stopped_by_itself(void)
{
	if (sandbox_enter(SANDBOX_WORK | SANDBOX_RAISE) < 0)
		return 99;
	raise(SIGKILL);
	return 1;
}

static void signals_to_itself(void **state)
{
	(void)state;
	assert_int_equal(in_child(is_stopped_by_itself), -1);
}

static int terminal_error(void)
{
	return ioctl(-1, TCSETS, NULL) < 0 ? errno : 0;
}

static int is_narrowed(void)
{
	int failed = sandbox_is_on() ? 100 : 0;

	if (sandbox_enter(SANDBOX_WORK | SANDBOX_NARROW | SANDBOX_TERMINAL) < 0)
		return 99;
	failed += !sandbox_is_on();
	failed += terminal_error() != EBADF;
	failed += sandbox_enter(SANDBOX_WORK) != 0;
	failed += terminal_error() != EPERM;
	/* Without SANDBOX_NARROW there is no further filter. */
	failed += sandbox_enter(SANDBOX_WORK | SANDBOX_TERMINAL) != -EOPNOTSUPP;
	failed += prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
	return failed;
}

static void a_second_filter_narrows_the_first(void **state)
{
	(void)state;
	const int failed = in_child(is_narrowed);
	if (failed < 100) /* else this test runs below a filter */
		assert_int_equal(failed, 0);
}

/* --- jobs ------------------------------------------------------------------------------------- */

/* The exit status says what is permitted: 1, pidfd_open(2); 2, to set the modes of a terminal. */
static int try_both(_unused_ const struct helper_request *request, _unused_ int replies)
{
	const bool opens = syscall(SYS_pidfd_open, -1, 0) >= 0 || errno != EPERM;

	return opens + 2 * (terminal_error() != EPERM);
}

static int status_of(struct helper *helper, const struct helper_job *job)
{
	const struct helper_request none = {0};
	struct helper_pending pending;
	struct helper_exit notice = {0};

	assert_int_equal(helper_start_job(helper, job, &none, &pending), 0);
	do {
		struct pollfd exits = {.fd = helper_fd(helper), .events = POLLIN};

		assert_int_equal(poll(&exits, 1, 10000), 1);
	} while (helper_poll(helper, &notice) == 0);
	close(pending.replies);
	assert_int_equal(notice.end, HELPER_EXITED);
	return notice.status;
}

#define A_JOB(permitted)                                                                           \
	{                                                                                          \
		.name = "try", .deadline_ms = 10000, .run = try_both, .calls = (permitted)         \
	}

/* A filter is made once for all jobs with the same calls. */
static void each_job_has_the_filter_of_its_calls(void **state)
{
	static const struct helper_job jobs[] = {A_JOB(0), A_JOB(SANDBOX_NAMESPACES),
	        A_JOB(SANDBOX_TERMINAL), A_JOB(SANDBOX_NAMESPACES),
	        A_JOB(SANDBOX_NAMESPACES | SANDBOX_TERMINAL), A_JOB(0)};
	static const int statuses[] = {0, 1, 2, 1, 3, 0};
	static const struct helper_setup setup = {.has_sandbox = true};
	const struct helper_job *table[ARRAY_SIZE(jobs)];
	struct helper *helper;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(jobs); i++)
		table[i] = &jobs[i];
	assert_int_equal(helper_start(table, ARRAY_SIZE(jobs), &setup, &helper), 0);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(jobs); i++) {
		const size_t at = i % ARRAY_SIZE(jobs);

		assert_int_equal(status_of(helper, &jobs[at]), statuses[at]);
	}
	helper_stop(helper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_group_permits_its_calls_only),
	        cmocka_unit_test(no_group),
	        cmocka_unit_test(threads_without_clone3),
	        cmocka_unit_test(threads_that_run_already),
	        cmocka_unit_test(signals_to_itself),
	        cmocka_unit_test(a_second_filter_narrows_the_first),
	        cmocka_unit_test(each_job_has_the_filter_of_its_calls),
	};

	if (!has_filters()) {
		print_message("built without filters of system calls\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
