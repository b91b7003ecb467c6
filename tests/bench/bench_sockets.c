/* SPDX-License-Identifier: Apache-2.0 */

/* What the source socket costs on a host with 10,000 sockets: the CPU time of scans with it, of the
 * program and its helper, and of scans without it, in turn. It is a default source only if that is
 * below a tenth of the scan (model/sources.def). */

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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 15, SOCKETS = 10000 };

/* Of the kinds that a host has most. */
static const struct {
	int family, type;
} kinds[] = {{AF_INET, SOCK_STREAM}, {AF_UNIX, SOCK_STREAM}, {AF_INET6, SOCK_STREAM},
        {AF_UNIX, SOCK_DGRAM}, {AF_INET, SOCK_DGRAM}};

_noreturn_ static void hold_sockets(size_t n, int ready)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (size_t i = 0; i < n; i++) {
		const size_t kind = i % ARRAY_SIZE(kinds);

		if (socket(kinds[kind].family, kinds[kind].type | SOCK_CLOEXEC, 0) < 0)
			_exit(EXIT_FAILURE);
	}
	if (write(ready, "", 1) != 1)
		_exit(EXIT_FAILURE);
	close(ready);
	for (;;)
		pause();
}

/* Starts `n` processes, and waits until all have their sockets. */
static bool start_holders(pid_t *pids, size_t n)
{
	int ready[2];
	char byte;
	size_t n_ready = 0;

	if (pipe(ready) < 0)
		return false;
	for (size_t i = 0; i < n; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			close(ready[0]);
			hold_sockets(SOCKETS / n, ready[1]);
		}
	}
	close(ready[1]);
	while (read(ready[0], &byte, 1) == 1)
		n_ready++;
	close(ready[0]);
	return n_ready == n;
}

static void stop_holders(const pid_t *pids, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pids[i] > 0 && kill(pids[i], SIGKILL) == 0)
			waitpid(pids[i], NULL, 0);
	}
}

static int64_t cpu_of_children_us(void)
{
	struct rusage usage;

	getrusage(RUSAGE_CHILDREN, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000) +
	       usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

/* The CPU time of one scan, in microseconds; negative: it failed. */
static int64_t scan(const char *sources)
{
	const int64_t before = cpu_of_children_us();
	int status;

	fflush(stdout);
	const pid_t pid = fork();

	if (pid == 0) {
		const char *const dir = getenv("top_builddir");

		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr) ||
		        chdir(dir ? dir : ".") < 0)
			_exit(EXIT_FAILURE);
		execl("./nsbrowse", "nsbrowse", "--json", sources, (char *)NULL);
		_exit(EXIT_FAILURE);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status != 0)
		return -1;
	return cpu_of_children_us() - before;
}

static int by_size(const void *a, const void *b)
{
	return COMPARE(*(const int64_t *)a, *(const int64_t *)b);
}

static int64_t median(int64_t *times)
{
	qsort(times, TIMES, sizeof(*times), by_size);
	return times[TIMES / 2];
}

static bool measure(size_t n_processes)
{
	int64_t with[TIMES], without[TIMES];
	_cleanup_free_ pid_t *pids = memory_new(n_processes * sizeof(*pids));
	bool is_good = start_holders(pids, n_processes);
	char text[80];

	for (size_t i = 0; is_good && i < TIMES; i++) {
		without[i] = scan("--scan=-socket");
		with[i] = scan("--scan=+socket");
		is_good = without[i] >= 0 && with[i] >= 0;
	}
	stop_holders(pids, n_processes);
	if (!is_good) {
		fputs("no scan: too few descriptors or processes\n", stderr);
		return false;
	}
	const int64_t least = median(without), most = median(with);
	const int64_t percent = (most - least) * 100 / least;

	snprintf(text, sizeof(text), "the source socket, %d sockets in %zu processes", SOCKETS,
	        n_processes);
	bars_tell(text, "% more CPU", (double)percent);
	return true;
}

int main(void)
{
	static const size_t rows[] = {20, 200, 1000};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (!measure(rows[i]))
			return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
