/* SPDX-License-Identifier: Apache-2.0 */
/* Events of real processes. Exits 77 if they may not be opened. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/privileged/privileged.h"
#include "privsep/capabilities.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/perf_event.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

/* Records were lost, since the machine is busy: the scene is to be repeated. */
enum { DEADLINE_MS = 10000, EXIT_LOST = 78, TRIES = 5 };

/* Reads until all of `kinds` of that process have come. */
static void expect(const struct privileged_test *test, pid_t pid, unsigned kinds)
{
	struct kernel_events events = {0};
	struct pollfd readable = {.fd = test->ops->events_fd(test->kernel), .events = POLLIN};
	const int64_t end = monotonic_ms() + DEADLINE_MS;
	unsigned seen = 0;

	while ((seen & kinds) != kinds) {
		CHECK(monotonic_ms() < end);
		CHECK(poll(&readable, 1, DEADLINE_MS) == 1);
		CHECK(test->ops->events_read(test->kernel, &events) == 0);
		if (events.n_lost > 0)
			_exit(EXIT_LOST);
		for (size_t i = 0; i < events.n; i++) {
			CHECK(events.events[i].pid > 0);
			CHECK(i == 0 || events.events[i - 1].pid < events.events[i].pid);
			if (events.events[i].pid == pid)
				seen |= events.events[i].kinds;
		}
	}
	CHECK(seen == kinds);
	free(events.events);
}

static void begin(struct privileged_test *test)
{
	privileged_begin(test);
	CHECK(test->ops->events_open(test->kernel) == 0);
}

static void wait_for(pid_t pid)
{
	CHECK(waitpid(pid, NULL, 0) == pid);
}

/* --- scenes ---------------------------------------------------------------------------------- */

static void *enter_uts(_unused_ void *data)
{
	CHECK(unshare(CLONE_NEWUTS) == 0);
	return NULL;
}

static void make_thread(void)
{
	pthread_t thread;

	CHECK(pthread_create(&thread, NULL, enter_uts, NULL) == 0);
	CHECK(pthread_join(thread, NULL) == 0);
}

static void watch_ourselves(void)
{
	struct privileged_test test;

	begin(&test);
	const int old = world_open(getpid(), "uts");
	CHECK(unshare(CLONE_NEWUTS) == 0);
	expect(&test, getpid(), KERNEL_EVENT_NAMESPACES);
	CHECK(setns(old, CLONE_NEWUTS) == 0);
	expect(&test, getpid(), KERNEL_EVENT_NAMESPACES);
	/* Nothing of our own threads. */
	make_thread();
	CHECK(prctl(PR_SET_NAME, "renamed") == 0);
	expect(&test, getpid(), KERNEL_EVENT_COMM);
	privileged_end(&test);
}

/* Also before the descriptor was polled. */
static void watch_mounts(void)
{
	struct privileged_test test;
	struct kernel_events events = {0};

	CHECK(make_place() == 0);
	begin(&test);
	for (int i = 0; i < 3; i++) {
		struct pollfd readable = {.fd = test.ops->events_fd(test.kernel), .events = POLLIN};

		CHECK(test.ops->events_read(test.kernel, &events) == 0);
		CHECK(!events.has_new_mounts);
		CHECK(mount("/proc", PLACE, NULL, MS_BIND, NULL) == 0);
		CHECK(i == 0 || poll(&readable, 1, DEADLINE_MS) == 1);
		CHECK(test.ops->events_read(test.kernel, &events) == 0);
		CHECK(events.has_new_mounts);
	}
	free(events.events);
	privileged_end(&test);
}

static void watch_children(void)
{
	struct privileged_test test;

	begin(&test);
	const pid_t ending = fork();
	if (ending == 0)
		_exit(0);
	wait_for(ending);
	expect(&test, ending, KERNEL_EVENT_FORK | KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_EXIT);
	const pid_t threaded = fork();
	if (threaded == 0) {
		make_thread();
		_exit(0);
	}
	wait_for(threaded);
	expect(&test, threaded,
	        KERNEL_EVENT_FORK | KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_EXIT |
	                KERNEL_EVENT_THREAD_FORK | KERNEL_EVENT_THREAD_NAMESPACES |
	                KERNEL_EVENT_THREAD_EXIT);
	const pid_t other = fork();
	if (other == 0) {
		execl("/proc/self/exe", "test_events", "end", (char *)NULL);
		_exit(1);
	}
	wait_for(other);
	expect(&test, other,
	        KERNEL_EVENT_FORK | KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_EXEC |
	                KERNEL_EVENT_EXIT);
	privileged_end(&test);
}

enum { HUNDRED = 100 };

static void collect(const struct kernel_events *events, const pid_t *children, unsigned *seen)
{
	for (size_t i = 0; i < events->n; i++)
		for (size_t child = 0; child < HUNDRED; child++)
			if (events->events[i].pid == children[child])
				seen[child] |= events->events[i].kinds;
}

/* Reads until all of `kinds` of each child have come. */
static void expect_of_hundred(
        const struct privileged_test *test, const pid_t *children, unsigned kinds)
{
	struct kernel_events events = {0};
	unsigned seen[HUNDRED] = {0};
	const int64_t end = monotonic_ms() + DEADLINE_MS;

	for (size_t n = 0; n < HUNDRED;) {
		struct pollfd readable = {
		        .fd = test->ops->events_fd(test->kernel), .events = POLLIN};

		CHECK(monotonic_ms() < end);
		CHECK(poll(&readable, 1, DEADLINE_MS) == 1);
		CHECK(test->ops->events_read(test->kernel, &events) == 0);
		if (events.n_lost > 0)
			_exit(EXIT_LOST);
		collect(&events, children, seen);
		while (n < HUNDRED && (seen[n] & kinds) == kinds)
			n++;
	}
	free(events.events);
}

static _noreturn_ void unshare_then(int go)
{
	char byte;

	if (read(go, &byte, 1) < 0)
		_exit(1);
	_exit(unshare(CLONE_NEWUTS) == 0 ? 0 : 1);
}

/* Namespaces that live for a moment only. fork(2) has such an event, too. */
static void watch_hundred(void)
{
	struct privileged_test test;
	pid_t children[HUNDRED];
	int go[2], status;

	begin(&test);
	CHECK(pipe(go) == 0);
	for (int i = 0; i < HUNDRED; i++) {
		children[i] = fork();
		if (children[i] == 0) {
			close(go[1]);
			unshare_then(go[0]);
		}
	}
	expect_of_hundred(&test, children, KERNEL_EVENT_FORK | KERNEL_EVENT_NAMESPACES);
	close(go[1]);
	for (int i = 0; i < HUNDRED; i++)
		CHECK(waitpid(children[i], &status, 0) == children[i] && status == 0);
	expect_of_hundred(&test, children, KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_EXIT);
	privileged_end(&test);
}

/* PIDs are those that we see. */
static void watch_nested(void)
{
	struct privileged_test test;

	begin(&test);
	CHECK(unshare(CLONE_NEWPID) == 0);
	const pid_t init = fork();
	if (init == 0)
		_exit(getpid() == 1 ? 0 : 1);
	wait_for(init);
	expect(&test, init, KERNEL_EVENT_FORK | KERNEL_EVENT_NAMESPACES | KERNEL_EVENT_EXIT);
	privileged_end(&test);
}

/* Inside a PID namespace without its /proc: PIDs of /proc are not those of events. */
static void open_with_foreign_proc(void)
{
	struct privileged_test test;

	CHECK(unshare(CLONE_NEWPID) == 0);
	const pid_t init = fork();
	if (init == 0) {
		privileged_begin(&test);
		CHECK(test.ops->events_open(test.kernel) == -EXDEV);
		CHECK(test.ops->events_fd(test.kernel) < 0);
		privileged_end(&test);
		_exit(0);
	}
	int status;
	CHECK(waitpid(init, &status, 0) == init && status == 0);
}

/* One end each. The outsider makes records when it is told to. */
static void be_outside(int end)
{
	char byte;

	CHECK(read(end, &byte, 1) == 1);
	const pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	wait_for(pid);
	CHECK(write(end, &byte, 1) == 1);
}

static int watch_from_inside(void *data)
{
	struct privileged_test test;
	struct kernel_events events = {0};
	const int end = *(const int *)data;
	char byte = 0;

	begin(&test);
	CHECK(write(end, &byte, 1) == 1 && read(end, &byte, 1) == 1);
	CHECK(test.ops->events_read(test.kernel, &events) == 0);
	CHECK(events.n_foreign > 0 && events.n_records >= events.n_foreign);
	for (size_t i = 0; i < events.n; i++)
		CHECK(events.events[i].pid > 0 && events.events[i].pid < 1000);
	free(events.events);
	privileged_end(&test);
	return 0;
}

static void watch_others(void)
{
	int ends[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
	const pid_t outsider = world_fork();
	if (outsider == 0) {
		be_outside(ends[0]);
		_exit(0);
	}
	CHECK(world_alone(false, watch_from_inside, &ends[1]) == 0);
	world_end(outsider);
}

/* In a PID namespace of its own, where nothing else happens. */
static int start_jobs(_unused_ void *data)
{
	struct privileged_test test;
	struct kernel_events events = {0};
	struct kernel_features features;

	begin(&test);
	for (int i = 0; i < 20; i++) {
		test.ops->features(test.kernel, &features);
		CHECK(test.ops->events_read(test.kernel, &events) == 0);
		if (events.n_lost > 0)
			return EXIT_LOST;
		CHECK(events.n_records - events.n_foreign >= 3);
		CHECK(events.n == 0);
	}
	free(events.events);
	privileged_end(&test);
	return 0;
}

static void watch_jobs(void)
{
	_exit(world_alone(false, start_jobs, NULL));
}

/* --- descriptors and rights ------------------------------------------------------------------ */

/* How many events this process has open, each close-on-exec, and the last of them. */
static long find_events(int *ret_fd)
{
	long n = 0;

	for (int fd = 3; fd < 1000; fd++) {
		char path[64], text[64];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		const ssize_t len = readlink(path, text, sizeof(text) - 1);
		if (len < 0)
			continue;
		text[len] = '\0';
		if (!strstr(text, "perf_event"))
			continue;
		CHECK(fcntl(fd, F_GETFD) == FD_CLOEXEC);
		*ret_fd = fd;
		n++;
	}
	return n;
}

static long count_events(void)
{
	int last;

	return find_events(&last);
}

static void open_on_all(void)
{
	const long n_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct privileged_test test;
	struct kernel_events events = {0};

	privileged_begin(&test);
	const int before = world_count_fds();
	CHECK(test.ops->events_update(test.kernel) == -EBADF);
	CHECK(test.ops->events_read(test.kernel, &events) == -EBADF);
	events_set_end(test.kernel, 1);
	CHECK(test.ops->events_open(test.kernel) == 0);
	CHECK(count_events() == 1);
	CHECK(fcntl(test.ops->events_fd(test.kernel), F_GETFD) == FD_CLOEXEC);
	events_set_end(test.kernel, (unsigned)n_cpus + 1000);
	CHECK(test.ops->events_update(test.kernel) == n_cpus - 1);
	CHECK(count_events() == n_cpus);
	CHECK(test.ops->events_update(test.kernel) == 0);
	test.ops->events_close(test.kernel);
	CHECK(world_count_fds() == before);
	CHECK(test.ops->events_open(test.kernel) == 0);
	CHECK(count_events() == n_cpus);
	privileged_end(&test);
}

/* What the kernel does when a CPU goes offline. */
static void disable_one(void)
{
	struct privileged_test test;
	struct kernel_events events = {0};
	int fd;

	begin(&test);
	const long n = find_events(&fd);
	CHECK(ioctl(fd, PERF_EVENT_IOC_DISABLE, 0) == 0);
	CHECK(test.ops->events_update(test.kernel) == 1);
	/* Until its last records are read. */
	CHECK(count_events() == n + 1);
	CHECK(test.ops->events_read(test.kernel, &events) == 0);
	CHECK(count_events() == n);
	CHECK(test.ops->events_update(test.kernel) == 0);
	free(events.events);
	privileged_end(&test);
}

static void open_without_rights(void)
{
	struct privileged_test test;
	struct kernel *alone;

	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	const int before = world_count_fds();
	const int r = test.ops->events_open(test.kernel);
	CHECK(r == -EACCES || r == -EPERM);
	CHECK(test.ops->events_fd(test.kernel) < 0);
	CHECK(world_count_fds() == before);
	privileged_end(&test);
	CHECK(kernel_linux_new("/proc", &alone) == 0);
	CHECK(alone->ops->events_open(alone) == -EOPNOTSUPP);
	kernel_free(alone);
}

/* Another user than that of any other test has locked no memory. The rings of the first kernel take
 * all that it may; those of the second are smaller. */
static void open_twice(void)
{
	const rlim_t some = (rlim_t)(40 * sysconf(_SC_NPROCESSORS_ONLN) * sysconf(_SC_PAGESIZE));
	struct privileged_test first, second;

	privileged_begin(&first);
	privileged_begin(&second);
	CHECK(setrlimit(RLIMIT_MEMLOCK, &(const struct rlimit){some, some}) == 0);
	CHECK(setresuid(64997, 64997, 64997) == 0);
	CHECK(first.ops->events_open(first.kernel) == 0);
	CHECK(second.ops->events_open(second.kernel) == 0);
	CHECK(prctl(PR_SET_NAME, "renamed") == 0);
	expect(&first, getpid(), KERNEL_EVENT_COMM);
	expect(&second, getpid(), KERNEL_EVENT_COMM);
	privileged_end(&second);
	privileged_end(&first);
}

/* CAP_PERFMON (Linux 5.8), unless this is a kernel of Debian with 3 in this file. */
static int needed_capability(void)
{
	_cleanup_fclose_ FILE *file = fopen("/proc/sys/kernel/perf_event_paranoid", "re");
	int paranoid = 0;

	return file && fscanf(file, "%d", &paranoid) == 1 && paranoid > 2 ? CAP_SYS_ADMIN
	                                                                  : CAP_PERFMON;
}

/* The job itself, with the one capability that it needs. */
static void run_job(void)
{
	static const char *const none[] = {
	        "CapPrm:\t0000000000000000", "CapEff:\t0000000000000000", "NoNewPrivs:\t1"};
	static const uint32_t cpus[] = {0};
	const struct helper_request request = {.bytes = cpus, .len = sizeof(cpus)};
	const int capability = needed_capability();
	int ends[2];

	CHECK(privileged_keep_capabilities(&capability, 1) == 0);
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
	CHECK(events_job.run(&request, ends[0]) == EXIT_SUCCESS);
	CHECK(status_has(getpid(), none, ARRAY_SIZE(none)));
	struct job_item item;
	CHECK(recv(ends[1], &item, sizeof(item), MSG_DONTWAIT) == sizeof(item));
	CHECK(item.index == 0 && item.error == 0);
}

/* Both are permitted, and only the one that is needed is used. */
static void use_the_least_right(void)
{
	static const int both[] = {CAP_PERFMON, CAP_SYS_ADMIN};
	const int needed = needed_capability();

	CHECK(privileged_keep_capabilities(both, ARRAY_SIZE(both)) == 0);
	CHECK(capabilities_has(CAP_PERFMON) && capabilities_has(CAP_SYS_ADMIN));
	const int fd = events_open_cpu(0);
	CHECK(fd >= 0);
	close(fd);
	CHECK(capabilities_has(needed));
	CHECK(capabilities_has(CAP_PERFMON) != capabilities_has(CAP_SYS_ADMIN));
	/* The probe of ns-features leaves all to the next one. */
	CHECK(events_probe() == 0);
	CHECK(capabilities_has(CAP_PERFMON) && capabilities_has(CAP_SYS_ADMIN));
}

/* With none it is refused, unless the kernel lets everyone. */
static void use_no_right(void)
{
	CHECK(privileged_keep_capabilities(NULL, 0) == 0);
	const int fd = events_open_cpu(0);
	CHECK(fd >= 0 || fd == -EACCES || fd == -EPERM);
	CHECK(!capabilities_has(CAP_PERFMON) && !capabilities_has(CAP_SYS_ADMIN));
}

/* More CPUs than a request may have. */
static void run_job_with_many(void)
{
	static const uint32_t cpus[257];
	const struct helper_request request = {.bytes = cpus, .len = sizeof(cpus)};

	CHECK(events_job.run(&request, 1) == EXIT_FAILURE);
}

/* --- tests ----------------------------------------------------------------------------------- */

static void run(void (*scene)(void))
{
	int r = EXIT_LOST;

	for (int i = 0; i < TRIES && r == EXIT_LOST; i++)
		r = world_run(scene);
	assert_int_equal(r, 0);
}

static void namespaces_names_and_mounts(void **state)
{
	run(watch_ourselves);
	run(watch_mounts);
	(void)state;
}

static void begin_and_end(void **state)
{
	run(watch_children);
	run(watch_hundred);
	run(watch_nested);
	(void)state;
}

static void other_pid_namespaces(void **state)
{
	run(open_with_foreign_proc);
	run(watch_others);
	run(watch_jobs);
	(void)state;
}

static void each_cpu(void **state)
{
	run(open_on_all);
	run(disable_one);
	(void)state;
}

static void rights(void **state)
{
	run(open_without_rights);
	run(run_job);
	run(use_the_least_right);
	run(use_no_right);
	run(run_job_with_many);
	(void)state;
}

static void limits(void **state)
{
	run(open_twice);
	(void)state;
}

static void try_it(void)
{
	struct privileged_test test;

	privileged_begin(&test);
	const int r = test.ops->events_open(test.kernel);
	privileged_end(&test);
	_exit(-r);
}

int main(int argc, char **argv)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(namespaces_names_and_mounts),
	        cmocka_unit_test(begin_and_end),
	        cmocka_unit_test(other_pid_namespaces),
	        cmocka_unit_test(each_cpu),
	        cmocka_unit_test(rights),
	        cmocka_unit_test(limits),
	};

	if (argc > 1 && strcmp(argv[1], "end") == 0)
		return 0;
	return privileged_can("events of processes", try_it)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : privileged_skip();
}
