/* SPDX-License-Identifier: Apache-2.0 */

/* What the source listns costs, among the processes of `crowd`: the CPU time and the wall time of
 * scans with it, of the program and its helper, and of scans without it, in turn.
 *
 *	CROWD_HOST=1 crowd PROCESSES SETS bench_listns PROCESSES SETS
 *
 * It is a default source only if that is a small part of a scan (model/sources.def). Exit status
 * 77: this kernel has no listns(2), or does not permit it here. */

#include "base/attributes.h"
#include "base/descriptors.h"
#include "base/memory.h"
#include "tests/bench/bars.h"
#include "tests/bench/runs.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TIMES = 41, SKIPPED = 77, BAR_PERCENT = 3, SNAPSHOT_MAX = 1 << 24 };

enum { WITHOUT, WITH, PROGRAMS };

static char *built(const char *file)
{
	const char *const top = getenv("top_builddir");

	return memory_printf("%s/%s", top ? top : ".", file);
}

/* What the program prints as a snapshot; empty if it fails. The caller frees. */
static char *take_snapshot(const char *program)
{
	char *text = memory_new(SNAPSHOT_MAX + 1);
	int ends[2];

	if (pipe(ends) < 0)
		return text;
	const pid_t pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(program, program, "--json", (char *)NULL);
		_exit(EXIT_FAILURE);
	}
	close(ends[1]);
	descriptors_read(ends[0], text, SNAPSHOT_MAX, 1);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return text;
}

/* True if a scan could read the source. */
static bool has_listns(const char *program)
{
	_cleanup_free_ char *text = take_snapshot(program);
	const char *const sources = strstr(text, "\"sources\"");
	const char *const name = sources ? strstr(sources, "\"listns\"") : NULL;

	return name && !memchr(sources, ']', (size_t)(name - sources));
}

static void print(struct bars *bars, const char *what, char **argv, double without, double with)
{
	char text[80];

	snprintf(text, sizeof(text), "the source listns, %s, %s processes in %s sets", what,
	        argv[1], argv[2]);
	bars_most(bars, text, "% more", BAR_PERCENT, (with - without) * 100 / without);
	snprintf(text, sizeof(text), "  without it, %s", what);
	bars_tell(text, "ms", without);
}

int main(int argc, char **argv)
{
	static struct run runs[PROGRAMS];
	_cleanup_free_ char *program = built("nsbrowse");
	const struct run *failed;
	struct bars bars = {0};

	if (argc != 3) {
		fputs("usage: bench_listns PROCESSES SETS\n", stderr);
		return 2;
	}
	if (!has_listns(program)) {
		bars_skip("the source listns", "no listns here");
		return SKIPPED;
	}
	runs[WITHOUT] = (struct run){.argv = {program, "--json", "--scan=-listns"}};
	runs[WITH] = (struct run){.argv = {program, "--json", "--scan=+listns"}};
	const unsigned times = (unsigned)bars_setting("BENCH_TIMES", TIMES);
	if (runs_measure(runs, PROGRAMS, MIN(times, (unsigned)RUNS_TIMES_MAX), &failed) < 0) {
		fprintf(stderr, "bench_listns: %s failed\n", failed->argv[2]);
		return EXIT_FAILURE;
	}
	print(&bars, "CPU", argv, runs[WITHOUT].cpu_ms, runs[WITH].cpu_ms);
	print(&bars, "wall", argv, runs[WITHOUT].wall_ms, runs[WITH].wall_ms);
	return bars_status(&bars);
}
