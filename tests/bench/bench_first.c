/* SPDX-License-Identifier: Apache-2.0 */

/* How soon the first picture is there, beside one reader of links and stat and beside lsns(8),
 * among the processes of `crowd`. `bench_first picture` is what is measured: it reads as the screen
 * does at its start, until it has the first model, and ends. */

#include "base/memory.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "privsep/helper.h"
#include "scan/scan.h"
#include "tests/bench/bars.h"
#include "tests/bench/runs.h"

#include <string.h>

enum { TIMES = 21, LSNS_TIMES = 3, READERS_MAX = 8 };

enum { READER, PICTURE, LSNS, PROGRAMS };

_noreturn_ static void end_with_first(void *data, const struct model *model)
{
	(void)data;
	_exit(model->n_processes > 0 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static int read_picture(void)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct scan_options options = {.sources = SCAN_SOURCES_DEFAULT,
	        .with_cmdlines = true,
	        .with_cgroups = true,
	        .with_container_files = true,
	        .program = "bench",
	        .n_threads = (unsigned)MIN(MAX(cpus, 1), READERS_MAX)};
	const struct model *model;
	struct helper *helper;
	struct kernel *kernel;

	if (helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &helper) < 0 ||
	        kernel_linux_new("/proc", &kernel) < 0)
		return EXIT_FAILURE;
	kernel_linux_set_helper(kernel, helper_channel(helper));
	/* It returns only if it fails. */
	const int r = scan_run(kernel, &options, NULL, end_with_first, NULL, &model);
	fprintf(stderr, "bench_first: no first model: %s\n", strerror(-r));
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	static struct run runs[PROGRAMS];
	const char *const top = getenv("top_builddir"), *const lsns = getenv("LSNS");
	_cleanup_free_ char *floor = memory_printf("%s/tests/bench/floor", top ? top : ".");
	const unsigned times = (unsigned)bars_setting("BENCH_TIMES", TIMES);
	const struct run *failed;
	struct bars bars = {0};

	if (argc > 1 && strcmp(argv[1], "picture") == 0)
		return read_picture();
	runs[READER] = (struct run){.argv = {floor, "first"}};
	runs[PICTURE] = (struct run){.argv = {"/proc/self/exe", "picture"}};
	runs[LSNS] = (struct run){.argv = {lsns ? lsns : "lsns"}, .times = LSNS_TIMES};
	const size_t n = argc > 1 && strcmp(argv[1], "lsns") == 0 ? PROGRAMS : LSNS;
	if (runs_measure(runs, n, MIN(times, RUNS_TIMES_MAX), &failed) < 0) {
		fprintf(stderr, "bench_first: %s failed\n", failed->argv[0]);
		return EXIT_FAILURE;
	}
	const double picture = runs[PICTURE].wall_ms;
	bars_most(&bars, "first picture, wall time, against one reader of links and stat", "x", 0.7,
	        picture / runs[READER].wall_ms);
	if (n == PROGRAMS)
		bars_least(&bars, "lsns against the first picture, wall time", "x", 15,
		        runs[LSNS].wall_ms / picture);
	bars_tell("  wall time of the first picture", "ms", picture);
	bars_tell("  wall time of the reader", "ms", runs[READER].wall_ms);
	bars_tell("  CPU of the first picture", "ms", runs[PICTURE].cpu_ms);
	bars_tell("  CPU of the reader", "ms", runs[READER].cpu_ms);
	return bars_status(&bars);
}
