/* SPDX-License-Identifier: Apache-2.0 */
#include "base/attributes.h"
#include "kernel/kernel.h"
#include "kernel/proc_stat.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

/* The real kernel, asked about ourselves: that is never refused. */

static const char *const LINKS[] = {"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"};

static struct kernel *new_kernel(void)
{
	struct kernel *kernel = NULL;

	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	return kernel;
}

static void only_procfs_will_do(void **state)
{
	struct kernel *kernel = NULL;

	assert_int_equal(kernel_linux_new("/", &kernel), -ENODEV);
	assert_int_equal(kernel_linux_new("/proc/none", &kernel), -ENOENT);
	assert_int_equal(kernel_linux_new("/proc/version", &kernel), -ENOTDIR);
	assert_null(kernel);
	kernel_free(NULL);
	(void)state;
}

static void knows_the_host(void **state)
{
	struct kernel *kernel = new_kernel();
	struct kernel_host host;
	char name[256];
	struct stat st;

	kernel->ops->host(kernel, &host);
	assert_int_equal(gethostname(name, sizeof(name)), 0);
	assert_string_equal(host.name, name);
	assert_true(strlen(host.release) > 0);
	assert_true(strlen(host.boot_id) == 36 || strlen(host.boot_id) == 0);
	assert_int_equal(host.hertz, sysconf(_SC_CLK_TCK));
	assert_true(host.taken > 1600000000 && host.taken <= time(NULL));
	assert_true(host.booted > 0 && host.booted <= host.taken);
	assert_int_equal(host.euid, geteuid());
	assert_false(host.is_foreign_proc);
	assert_int_equal(stat("/proc/self/ns/pid", &st), 0);
	assert_true(host.pid_ns == st.st_ino);
	assert_true(host.ns_dev == st.st_dev);
	kernel_free(kernel);
	(void)state;
}

static void lists_us_in_order(void **state)
{
	struct kernel *kernel = new_kernel();
	pid_t *pids = NULL;
	size_t n = 0;
	bool has_us = false;

	assert_int_equal(kernel->ops->list_pids(kernel, &pids, &n), 0);
	for (size_t i = 0; i < n; i++) {
		assert_true(i == 0 || pids[i - 1] < pids[i]);
		has_us |= pids[i] == getpid();
	}
	assert_true(has_us);
	free(pids);
	kernel_free(kernel);
	(void)state;
}

static void reads_us(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const int process = ops->process_open(kernel, getpid());
	struct proc_stat stat;
	char text[4096];
	uid_t uid = 12345;
	ssize_t n;

	assert_true(process >= 0);
	assert_int_equal(fcntl(process, F_GETFD), FD_CLOEXEC);
	assert_int_equal(ops->process_uid(kernel, process, &uid), 0);
	assert_int_equal(uid, geteuid());
	n = ops->process_read(kernel, process, "stat", text, sizeof(text));
	assert_true(n > 0);
	assert_int_equal(proc_stat_parse(text, (size_t)n, &stat), 0);
	assert_int_equal(stat.ppid, getppid());
	assert_true(stat.started > 0);
	assert_int_equal(ops->process_read(kernel, process, "stat", text, 4), 4);
	assert_int_equal(ops->process_read(kernel, process, "none", text, 4), -ENOENT);
	ops->close(kernel, process);
	assert_int_equal(ops->process_open(kernel, 2147483647), -ENOENT);
	kernel_free(kernel);
	(void)state;
}

static void two_ways_to_a_key_agree(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const int process = ops->process_open(kernel, getpid());
	const int dir = ops->ns_dir_open(kernel, process);

	assert_true(dir >= 0);
	for (size_t i = 0; i < ARRAY_SIZE(LINKS); i++) {
		const int ns = ops->ns_open(kernel, dir, LINKS[i]);
		struct nsrel_key key, by_link;
		char text[64], expected[64];
		ssize_t n;
		int r;

		assert_true(ns >= 0);
		assert_int_equal(ops->ns_key(kernel, ns, &key), 0);
		assert_int_equal(ops->ns_type(kernel, ns), nsrel_type_from_name(LINKS[i]));
		n = ops->ns_link(kernel, dir, LINKS[i], text, sizeof(text));
		assert_true(n > 0);
		snprintf(expected, sizeof(expected), "%s:[%llu]", LINKS[i],
		        (unsigned long long)key.ino);
		assert_int_equal(n, strlen(expected));
		assert_memory_equal(text, expected, (size_t)n);
		r = ops->ns_link_key(kernel, dir, LINKS[i], &by_link);
		assert_true(r == 0 || r == -EOPNOTSUPP);
		assert_true((r == 0) == (key.id != 0));
		if (r == 0) {
			assert_true(by_link.dev == key.dev);
			assert_true(by_link.ino == key.ino);
			assert_true(by_link.id == key.id);
		}
		ops->close(kernel, ns);
	}
	assert_int_equal(ops->ns_open(kernel, dir, "none"), -ENOENT);
	ops->close(kernel, dir);
	ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

/* What was opened stays with the process that is gone, whoever has its PID then. */
static void a_dead_process_is_gone(void **state)
{
	struct kernel *kernel = new_kernel();
	const struct kernel_ops *ops = kernel->ops;
	const pid_t pid = fork();
	char text[64];
	int process;

	if (pid == 0) {
		for (;;)
			pause();
	}
	process = ops->process_open(kernel, pid);
	assert_true(process >= 0);
	assert_true(ops->process_read(kernel, process, "stat", text, sizeof(text)) > 0);
	world_end(pid);
	assert_true(ops->process_read(kernel, process, "stat", text, sizeof(text)) < 0);
	assert_true(ops->ns_dir_open(kernel, process) < 0);
	ops->close(kernel, process);
	kernel_free(kernel);
	(void)state;
}

static void leaves_nothing_open(void **state)
{
	const int before = world_count_fds();
	struct kernel *kernel = new_kernel();
	struct kernel_host host;
	pid_t *pids;
	size_t n;

	kernel->ops->host(kernel, &host);
	assert_int_equal(kernel->ops->list_pids(kernel, &pids, &n), 0);
	assert_int_equal(world_count_fds(), before + 1);
	free(pids);
	kernel_free(kernel);
	assert_int_equal(world_count_fds(), before);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(only_procfs_will_do),
	        cmocka_unit_test(knows_the_host),
	        cmocka_unit_test(lists_us_in_order),
	        cmocka_unit_test(reads_us),
	        cmocka_unit_test(two_ways_to_a_key_agree),
	        cmocka_unit_test(a_dead_process_is_gone),
	        cmocka_unit_test(leaves_nothing_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
