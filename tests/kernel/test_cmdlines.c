/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/proc/proc.h"
#include "privsep/helper.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>

/* Command lines, read by jobs of the helper. (One that waits for ever: tests/cmd/waiting.bats.) */

/* What has been read of each item. */
struct texts {
	size_t n;
	char text[64];
	size_t len, last;
};

static void take(void *data, size_t i, const char *bytes, size_t len)
{
	struct texts *const texts = data;

	texts->n++;
	texts->len = len;
	texts->last = i;
	memcpy(texts->text, bytes, len < sizeof(texts->text) ? len : sizeof(texts->text));
}

/* A process as a scan knows it. */
static struct kernel_cmdline item_of(const struct privileged_test *test, pid_t pid)
{
	const int process = test->ops->process_open(test->kernel, pid);
	struct kernel_process directory;
	struct proc_stat stat;
	char text[4096];
	ssize_t n;

	CHECK(process >= 0);
	CHECK(test->ops->process_stat(test->kernel, process, &directory) == 0);
	n = test->ops->process_read(test->kernel, process, "stat", text, sizeof(text));
	CHECK(n > 0 && proc_stat_parse(text, (size_t)n, &stat) == 0);
	test->ops->close(test->kernel, process);
	static char comms[2][16]; /* of this process, and of another one */
	char *const comm = comms[pid == getpid()];
	snprintf(comm, sizeof(comms[0]), "%.*s", (int)stat.comm_len, stat.comm);
	return (struct kernel_cmdline){.pid = pid,
	        .ino = directory.ino,
	        .started = stat.started,
	        .ppid = stat.ppid,
	        .comm = comm};
}

static ssize_t read_file(const char *path, char *text, size_t size)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC);
	const ssize_t n = read(fd, text, size);

	close(fd);
	return n;
}

static void reads_ours(void **state)
{
	struct privileged_test test;
	struct texts texts = {0};
	char expected[64];
	const ssize_t n = read_file("/proc/self/cmdline", expected, sizeof(expected));

	privileged_begin(&test);
	struct kernel_cmdline item = item_of(&test, getpid());
	assert_int_equal(test.ops->cmdlines(test.kernel, &item, 1, take, &texts), 0);
	assert_int_equal(item.error, 0);
	assert_int_equal(texts.n, 1);
	assert_true(n > 0);
	assert_memory_equal(texts.text, expected, (size_t)n);
	/* The kernel has given the directory another number meanwhile. */
	item.ino++;
	item.error = 1;
	assert_int_equal(test.ops->cmdlines(test.kernel, &item, 1, take, &texts), 0);
	assert_int_equal(item.error, 0);
	assert_int_equal(texts.n, 2);
	assert_int_equal(test.ops->cmdlines(test.kernel, NULL, 0, take, &texts), 0);
	privileged_end(&test);
	(void)state;
}

static void not_another_process_s(void **state)
{
	struct privileged_test test;
	struct texts texts = {0};

	privileged_begin(&test);
	const struct kernel_cmdline own = item_of(&test, getpid());
	struct kernel_cmdline items[] = {own, own, own, own};
	items[0].ino++;
	items[0].started++;
	items[1].pid = 2147483647;
	/* The PID may be used again in the same clock tick. */
	items[2].ino++;
	items[2].comm = "another";
	items[3].ino++;
	items[3].ppid++;
	assert_int_equal(
	        test.ops->cmdlines(test.kernel, items, ARRAY_SIZE(items), take, &texts), 0);
	for (size_t i = 0; i < ARRAY_SIZE(items); i++)
		assert_int_equal(items[i].error, -ESRCH);
	assert_int_equal(texts.n, 0);
	privileged_end(&test);
	(void)state;
}

/* More than one job takes, the last of which has one item. */
static void any_number(void **state)
{
	enum { N = 2 * 1024 + 1 };
	static struct kernel_cmdline items[N];
	struct privileged_test test;
	struct texts texts = {0};

	privileged_begin(&test);
	for (size_t i = 0; i < N; i++)
		items[i] = item_of(&test, getpid());
	assert_int_equal(test.ops->cmdlines(test.kernel, items, N, take, &texts), 0);
	assert_int_equal(texts.n, N);
	assert_int_equal(texts.last, N - 1);
	for (size_t i = 0; i < N; i++)
		assert_int_equal(items[i].error, 0);
	privileged_end(&test);
	(void)state;
}

/* A child with a command line of any length: stack and arguments are its own to write. */
static pid_t start_child(const char *argument)
{
	const pid_t pid = world_fork();

	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "read x", argument, NULL);
		_exit(1);
	}
	return pid;
}

static void what_is_too_long_is_cut(void **state)
{
	struct privileged_test test;
	struct texts texts = {0};
	static char argument[10001];
	char path[64], text[64];
	pid_t pid;

	memset(argument, 'x', sizeof(argument) - 1);
	/* Its standard input is a pipe that nothing comes from. */
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(dup2(ends[0], 0), 0);
	pid = start_child(argument);
	assert_true(pid > 0);
	snprintf(path, sizeof(path), "/proc/%d/cmdline", (int)pid);
	while (read_file(path, text, sizeof(text)) < 3 || memcmp(text, "sh", 3) != 0)
		sched_yield();
	privileged_begin(&test);
	struct kernel_cmdline item = item_of(&test, pid);
	assert_int_equal(test.ops->cmdlines(test.kernel, &item, 1, take, &texts), 0);
	assert_int_equal(item.error, 0);
	assert_int_equal(texts.len, KERNEL_CMDLINE_MAX);
	assert_memory_equal(texts.text, "sh\0-c\0read x\0xxx", 16);
	privileged_end(&test);
	world_end(pid);
	close(ends[0]);
	close(ends[1]);
	(void)state;
}

static void without_a_helper(void **state)
{
	struct kernel *kernel;
	struct kernel_cmdline item = {.pid = getpid()};
	struct texts texts = {0};

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	assert_int_equal(kernel->ops->cmdlines(kernel, &item, 1, take, &texts), -EOPNOTSUPP);
	kernel_free(kernel);
	(void)state;
}

static void a_helper_that_is_gone(void **state)
{
	struct privileged_test test;
	struct texts texts = {0};

	privileged_begin(&test);
	struct kernel_cmdline items[] = {item_of(&test, getpid()), item_of(&test, getppid())};
	kill(helper_pid(test.helper), SIGKILL);
	assert_int_equal(test.ops->cmdlines(test.kernel, items, 2, take, &texts), -EPIPE);
	assert_int_equal(texts.n, 0);
	privileged_end(&test);
	(void)state;
}

static void leaves_nothing_open(void **state)
{
	struct privileged_test test;
	struct texts texts = {0};
	int before;

	privileged_begin(&test);
	struct kernel_cmdline item = item_of(&test, getpid());
	before = world_count_fds();
	for (int i = 0; i < 3; i++)
		assert_int_equal(test.ops->cmdlines(test.kernel, &item, 1, take, &texts), 0);
	assert_int_equal(world_count_fds(), before);
	privileged_end(&test);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(reads_ours),
	        cmocka_unit_test(not_another_process_s),
	        cmocka_unit_test(any_number),
	        cmocka_unit_test(what_is_too_long_is_cut),
	        cmocka_unit_test(without_a_helper),
	        cmocka_unit_test(a_helper_that_is_gone),
	        cmocka_unit_test(leaves_nothing_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
