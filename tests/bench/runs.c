/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/runs.h"

#include "base/memory.h"
#include "tests/bench/bars.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

static double children_ms(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3 +
	       (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

_noreturn_ static void become(const struct run *run)
{
	const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char *argv[RUNS_ARGUMENTS] = {NULL};

	for (size_t i = 0; run->argv[i]; i++)
		argv[i] = memory_strdup(run->argv[i]);
	for (int fd = 0; fd < 3; fd++)
		dup2(null, fd);
	execvp(argv[0], argv);
	_exit(127);
}

/* One run, kept as number `i`. */
static int measure_once(struct run *run, unsigned i)
{
	const double cpu = children_ms(), start = bars_now_ms();
	struct rusage usage;
	const pid_t pid = fork();
	int status;

	if (pid < 0)
		return -errno;
	if (pid == 0)
		become(run);
	while (wait4(pid, &status, 0, &usage) < 0)
		if (errno != EINTR)
			return -errno;
	run->wall[i] = bars_now_ms() - start;
	run->rss[i] = (double)usage.ru_maxrss;
	while (wait(NULL) > 0 || errno == EINTR)
		;
	run->cpu[i] = children_ms() - cpu;
	return WIFEXITED(status) && WEXITSTATUS(status) <= run->status ? 0 : -ECHILD;
}

static unsigned times_of(const struct run *run, unsigned times)
{
	return run->times ? MIN(run->times, times) : times;
}

int runs_measure(struct run *runs, size_t n, unsigned times, const struct run **ret_failed)
{
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	for (unsigned i = 0; i <= times; i++) {
		for (size_t k = 0; k < n; k++) {
			*ret_failed = &runs[k];
			const int r = i <= times_of(&runs[k], times)
			                      ? measure_once(&runs[k], i > 0 ? i - 1 : 0)
			                      : 0;
			if (r < 0)
				return r;
		}
	}
	for (size_t k = 0; k < n; k++) {
		struct run *const run = &runs[k];

		run->cpu_ms = bars_percentile(run->cpu, times_of(run, times), 50);
		run->wall_ms = bars_percentile(run->wall, times_of(run, times), 50);
		run->rss_kib = bars_percentile(run->rss, times_of(run, times), 50);
	}
	return 0;
}
