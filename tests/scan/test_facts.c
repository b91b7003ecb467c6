/* SPDX-License-Identifier: Apache-2.0 */

/* The facts of one process: what the kernel says of ourselves, and of one that is not there. */

#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "scan/worker.h"
#include "tests/unit.h"

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int set_up(void **state)
{
	struct kernel *kernel;
	const int r = kernel_linux_new("/proc", &kernel);

	*state = kernel;
	return r;
}

static int tear_down(void **state)
{
	kernel_free(*state);
	return 0;
}

/* When we started, as a scan has it. */
static uint64_t own_start(struct kernel *kernel)
{
	const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS, .n_threads = 1, .program = "test 1"};
	const struct model *model;

	assert_int_equal(scan_run(kernel, &options, NULL, NULL, NULL, &model), 0);
	const struct process *own = model_find_process(model, getpid());
	assert_non_null(own);
	const uint64_t started = own->started;
	model_unref(model);
	return started;
}

static void ask(struct kernel *kernel, pid_t pid, uint64_t started, struct process_facts *ret)
{
	const struct scan_options options = {.n_threads = 1, .program = "test 1"};
	struct worker *worker;
	const struct model *model;
	enum worker_result result;

	assert_int_equal(worker_new(kernel, &options, &worker), 0);
	/* Of two wishes the last one counts. */
	worker_request_facts(worker, 1, 0);
	worker_request_facts(worker, pid, started);
	do {
		struct pollfd fd = {.fd = worker_fd(worker), .events = POLLIN};

		assert_int_equal(poll(&fd, 1, 20000), 1);
		assert_int_equal(worker_take(worker, &model, &result), 0);
	} while (!worker_take_facts(worker, ret) || ret->pid != pid);
	assert_false(worker_take_facts(worker, ret));
	worker_free(worker);
}

static void test_ourselves(void **state)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct caps[2];
	struct process_facts facts;
	gid_t groups[PROCESS_GROUPS_MAX];

	ask(*state, getpid(), own_start(*state), &facts);
	assert_int_equal(facts.error, 0);
	assert_int_equal(facts.uids[PROCESS_ID_REAL], getuid());
	assert_int_equal(facts.uids[PROCESS_ID_EFFECTIVE], geteuid());
	assert_int_equal(facts.gids[PROCESS_ID_EFFECTIVE], getegid());
	assert_uint_in_range(facts.threads, 1, 3);
	const int n = getgroups(PROCESS_GROUPS_MAX, groups);
	if (n >= 0) {
		assert_int_equal(facts.n_groups, n);
		for (int i = 0; i < n; i++)
			assert_int_equal(facts.groups[i], groups[i]);
	}
	assert_int_equal(syscall(SYS_capget, &header, caps), 0);
	assert_true(facts.caps[PROCESS_CAPS_EFFECTIVE] ==
	            ((uint64_t)caps[1].effective << 32 | caps[0].effective));
	assert_true(facts.caps[PROCESS_CAPS_INHERITABLE] ==
	            ((uint64_t)caps[1].inheritable << 32 | caps[0].inheritable));
}

/* Another one with the same PID is not the one that was meant. */
static void test_somebody_else(void **state)
{
	struct process_facts facts;

	ask(*state, getpid(), own_start(*state) + 1, &facts);
	assert_int_equal(facts.error, ESRCH);
	ask(*state, 0x7ffffff0, 1, &facts);
	assert_int_equal(facts.error, ESRCH);
	assert_int_equal(facts.pid, 0x7ffffff0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(test_ourselves, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(test_somebody_else, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
