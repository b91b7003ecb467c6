/* SPDX-License-Identifier: Apache-2.0 */

/* What the command lines cost: CPU time and peak memory of scans that keep them, of the program and
 * its helper, and of scans that only read them for the names of the processes, in turn. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/bench/bars.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 9, PROCESSES = 1500, ARGUMENTS_MAX = 5000, BAR_KIB = 16 * 1024 };

static const struct {
	const char *what;
	size_t n, len; /* arguments of each process, and bytes of each */
} rows[] = {
        {"200 bytes in 10 arguments", 10, 19},
        {"8 KiB in 64 arguments", 64, 127},
        {"8 KiB in 4096 arguments", 4096, 1},
};

/* The program itself, with the arguments: it waits to be killed. */
static int hold(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (write(STDOUT_FILENO, "", 1) != 1)
		return EXIT_FAILURE;
	close(STDOUT_FILENO);
	for (;;)
		pause();
}

_noreturn_ static void become_holder(size_t row, int ready)
{
	char *argv[ARGUMENTS_MAX + 3] = {(char[]){"bench_cmdlines"}, (char[]){"hold"}};
	char *const argument = memory_new(rows[row].len + 1);

	memset(argument, 'x', rows[row].len);
	for (size_t i = 0; i < rows[row].n; i++)
		argv[i + 2] = argument;
	dup2(ready, STDOUT_FILENO);
	execv("/proc/self/exe", argv);
	_exit(EXIT_FAILURE);
}

/* Starts the processes, and waits until all have their command line. */
static bool start_holders(pid_t *pids, size_t row)
{
	int ready[2];
	char byte;
	size_t n_ready = 0;

	if (pipe(ready) < 0)
		return false;
	for (size_t i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			close(ready[0]);
			become_holder(row, ready[1]);
		}
	}
	close(ready[1]);
	while (n_ready < PROCESSES && read(ready[0], &byte, 1) == 1)
		n_ready++;
	close(ready[0]);
	return n_ready == PROCESSES;
}

static void stop_holders(const pid_t *pids)
{
	for (size_t i = 0; i < PROCESSES; i++) {
		if (pids[i] > 0 && kill(pids[i], SIGKILL) == 0)
			waitpid(pids[i], NULL, 0);
	}
}

/* Of one scan. */
struct cost {
	int64_t us;  /* CPU time; negative: the scan failed */
	int64_t kib; /* the most memory at a time */
};

static struct cost scan(const char *option)
{
	struct rusage usage;
	int status;

	fflush(stdout);
	const pid_t pid = fork();

	if (pid == 0) {
		const char *const dir = getenv("top_builddir");

		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr) ||
		        chdir(dir ? dir : ".") < 0)
			_exit(EXIT_FAILURE);
		execl("./nsbrowse", "nsbrowse", "--json", "--scan=quick", option, (char *)NULL);
		_exit(EXIT_FAILURE);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) < 0 || status != 0)
		return (struct cost){.us = -1};
	return (struct cost){
	        .us = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
	              usage.ru_utime.tv_usec + usage.ru_stime.tv_usec,
	        .kib = usage.ru_maxrss,
	};
}

static int by_size(const void *a, const void *b)
{
	return COMPARE(((const struct cost *)a)->us, ((const struct cost *)b)->us);
}

static struct cost median(struct cost *costs)
{
	qsort(costs, TIMES, sizeof(*costs), by_size);
	return costs[TIMES / 2];
}

static bool measure(size_t row, struct bars *bars)
{
	struct cost with[TIMES], without[TIMES];
	_cleanup_free_ pid_t *pids = memory_new(PROCESSES * sizeof(*pids));
	bool is_good = start_holders(pids, row);
	char text[80];

	for (size_t i = 0; is_good && i < TIMES; i++) {
		without[i] = scan("--no-cmdline");
		with[i] = scan("--cmdline");
		is_good = without[i].us >= 0 && with[i].us >= 0;
	}
	stop_holders(pids);
	if (!is_good) {
		fputs("no scan: too few processes\n", stderr);
		return false;
	}
	const struct cost least = median(without), most = median(with);
	const int64_t more = most.kib - least.kib;

	snprintf(
	        text, sizeof(text), "%d command lines, %s: more memory", PROCESSES, rows[row].what);
	bars_most(bars, text, "KiB", BAR_KIB, (double)more);
	bars_tell("  CPU of the scan without them", "ms", (double)least.us / 1e3);
	bars_tell("  CPU of the scan with them", "ms", (double)most.us / 1e3);
	return true;
}

int main(int argc, char **argv)
{
	struct bars bars = {0};

	if (argc > 1 && strcmp(argv[1], "hold") == 0)
		return hold();
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!measure(i, &bars))
			return EXIT_FAILURE;
	}
	return bars_status(&bars);
}
