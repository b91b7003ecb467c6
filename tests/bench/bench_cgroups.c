/* SPDX-License-Identifier: Apache-2.0 */

/* What containers cost: the CPU time of a first scan with and without control groups, in turn, of
 * the same processes. The jobs of the helper, which read command lines, do the same in both. Some
 * processes are in groups of containers, if this program may make those. */

#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"
#include "scan/scan.h"
#include "tests/bench/bars.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

enum { GROUPS = 60, PROCESSES = 600, TIMES = 41, BAR_PERCENT = 15 };

static const char *const tops[] = {
        "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/pids"};

/* `docker/ID` below `top`, as for Docker without systemd; the caller frees it. */
static char *group_path(const char *top, int number)
{
	return memory_printf("%s/docker/%032dbe7c%028d", top, number, number);
}

/* Returns a hierarchy in which it has made the groups; NULL: none. */
static const char *make_groups(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(tops); i++) {
		_cleanup_free_ char *parent = memory_printf("%s/docker", tops[i]);
		_cleanup_free_ char *procs = memory_printf("%s/cgroup.procs", tops[i]);

		if (access(procs, W_OK) < 0 || (mkdir(parent, 0755) < 0 && errno != EEXIST))
			continue;
		for (int g = 0; g < GROUPS; g++) {
			_cleanup_free_ char *path = group_path(tops[i], g);

			if (mkdir(path, 0755) < 0 && errno != EEXIST)
				return NULL;
		}
		return tops[i];
	}
	return NULL;
}

static void remove_groups(const char *top)
{
	_cleanup_free_ char *parent = memory_printf("%s/docker", top);

	for (int g = 0; g < GROUPS; g++) {
		_cleanup_free_ char *path = group_path(top, g);

		rmdir(path);
	}
	rmdir(parent);
}

/* A process that waits in one of the groups. */
static pid_t start(const char *top, int number)
{
	const pid_t pid = fork();

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (top) {
		_cleanup_free_ char *group = group_path(top, number % GROUPS);
		_cleanup_free_ char *procs = memory_printf("%s/cgroup.procs", group);
		_cleanup_close_ int fd = open(procs, O_WRONLY | O_CLOEXEC);

		if (fd >= 0 && write(fd, "0", 1) < 0)
			_exit(1);
	}
	pause();
	_exit(0);
}

static void drop(void *data, const struct model *model)
{
	(void)data;
	model_unref(model);
}

/* Microseconds of one thread; *ret_n is the number of processes in a container. */
static int64_t measure(struct kernel *kernel, bool without_containers, size_t *ret_n)
{
	const struct scan_options options = {.sources = SCAN_SOURCES_DEFAULT,
	        .n_threads = 1,
	        .program = "bench",
	        .without_containers = without_containers};
	const struct model *model;
	struct timespec from, to;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
	if (scan_run(kernel, &options, NULL, drop, NULL, &model) < 0)
		exit(EXIT_FAILURE);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
	*ret_n = 0;
	for (size_t i = 0; i < model->n_processes; i++)
		*ret_n += model->processes[i]->container != NULL;
	model_unref(model);
	return (to.tv_sec - from.tv_sec) * 1000000 + (to.tv_nsec - from.tv_nsec) / 1000;
}

static int by_size(const void *a, const void *b)
{
	const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

/* The CPU time of processes that have ended, in microseconds. */
static int64_t children_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

int main(void)
{
	const char *const top = make_groups();
	int64_t times[2][TIMES];
	pid_t pids[PROCESSES];
	struct helper *helper;
	struct kernel *kernel;
	char text[80];
	size_t n = 0;
	struct bars bars = {0};

	if (helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &helper) < 0 ||
	        kernel_linux_new("/proc", &kernel) < 0)
		return EXIT_FAILURE;
	kernel_linux_set_helper(kernel, helper_channel(helper));
	for (int i = 0; i < PROCESSES; i++)
		pids[i] = start(top, i);
	for (int i = 0; i < TIMES; i++) {
		for (int with = 0; with < 2; with++)
			times[with][i] = measure(kernel, !with, &n);
	}
	kernel_free(kernel);
	helper_stop(helper);
	const int64_t jobs = children_us() / (2 * TIMES);
	for (int i = 0; i < PROCESSES; i++) {
		kill(pids[i], SIGKILL);
		waitpid(pids[i], NULL, 0);
	}
	if (top)
		remove_groups(top);
	for (int with = 0; with < 2; with++)
		qsort(times[with], TIMES, sizeof(**times), by_size);
	const int64_t without = times[0][TIMES / 2] + jobs, with = times[1][TIMES / 2] + jobs;
	const double percent = 100.0 * (double)(with - without) / (double)without;
	snprintf(text, sizeof(text), "control groups of a first scan, CPU, %zu in containers", n);
	bars_most(&bars, text, "% more", BAR_PERCENT, percent);
	return bars_status(&bars);
}
