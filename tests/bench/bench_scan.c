/* SPDX-License-Identifier: Apache-2.0 */

/* What a complete scan costs beside the floor and lsns(8), among the processes of `crowd`:
 *
 *	crowd PROCESSES SETS bench_scan PROCESSES SETS FLOOR [LSNS]
 *
 * FLOOR: the bar, in times of the floor; LSNS: how much less CPU time than lsns. `bench_scan
 *--plain [OPTION]` prints the CPU time of the scan, in ms, and the most memory that one of its
 *processes has at a time, in KiB, and nothing else. */

#include "base/attributes.h"
#include "base/memory.h"
#include "tests/bench/bars.h"
#include "tests/bench/runs.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* The memory: with 10,000 processes and 1,000 namespaces. lsns takes ten times as long. */
enum { TIMES = 11, LSNS_TIMES = 3, RSS_BAR_KIB = 32 * 1024 };

enum { FLOOR, SCAN, FLOOR_WITH, FLOOR_WITHOUT, LSNS, PROGRAMS };

static char *built(const char *file)
{
	const char *const top = getenv("top_builddir");

	return memory_printf("%s/%s", top ? top : ".", file);
}

/* "WHAT, 1,000 processes in 200 sets" */
static const char *title(char text[static 80], const char *what, char **argv)
{
	snprintf(text, 80, "%s, %s processes in %s sets", what, argv[1], argv[2]);
	return text;
}

static void print(struct bars *bars, int argc, char **argv, const struct run *runs)
{
	const double floor = runs[FLOOR].cpu_ms, scan = runs[SCAN].cpu_ms;
	char text[80];

	bars_most(bars, title(text, "scan", argv), "x floor", strtod(argv[3], NULL), scan / floor);
	if (argc > 4 && runs[LSNS].cpu_ms > 0)
		bars_least(bars, title(text, "lsns against scan", argv), "x", strtod(argv[4], NULL),
		        runs[LSNS].cpu_ms / scan);
	bars_most(bars, title(text, "peak memory of a scan", argv), "KiB", RSS_BAR_KIB,
	        runs[SCAN].rss_kib);
	bars_tell("  CPU of the floor", "ms", floor);
	bars_tell("  CPU of the floor, with relations and files of namespaces", "ms",
	        runs[FLOOR_WITH].cpu_ms);
	bars_tell("  CPU of the floor, without status", "ms", runs[FLOOR_WITHOUT].cpu_ms);
	bars_tell("  CPU of the scan", "ms", scan);
	bars_tell("  scan against the floor with relations", "x", scan / runs[FLOOR_WITH].cpu_ms);
	bars_tell("  wall time of the floor", "ms", runs[FLOOR].wall_ms);
	bars_tell("  wall time of the scan", "ms", runs[SCAN].wall_ms);
	if (runs[LSNS].cpu_ms > 0)
		bars_tell("  CPU of lsns", "ms", runs[LSNS].cpu_ms);
}

int main(int argc, char **argv)
{
	static struct run runs[PROGRAMS];
	_cleanup_free_ char *floor = built("tests/bench/floor");
	_cleanup_free_ char *program = built("nsbrowse");
	const char *const lsns = getenv("LSNS");
	const struct run *failed;
	const bool is_plain = argc >= 2 && strcmp(argv[1], "--plain") == 0;
	struct bars bars = {0};

	if (argc < 4 && !is_plain) {
		fputs("usage: bench_scan PROCESSES SETS FLOOR [LSNS]\n", stderr);
		return 2;
	}
	runs[FLOOR] = (struct run){.argv = {floor}};
	runs[FLOOR_WITH] = (struct run){.argv = {floor, "namespaces"}};
	runs[FLOOR_WITHOUT] = (struct run){.argv = {floor, "no-status"}};
	runs[SCAN] = (struct run){.argv = {program, "--json", is_plain ? argv[2] : NULL}};
	runs[LSNS] = (struct run){.argv = {lsns ? lsns : "lsns"}, .times = LSNS_TIMES};
	const unsigned times = (unsigned)bars_setting("BENCH_TIMES", TIMES);
	struct run *const wanted = is_plain ? &runs[SCAN] : runs;
	const size_t n = is_plain ? 1 : argc > 4 ? PROGRAMS : LSNS;
	if (runs_measure(wanted, n, MIN(times, RUNS_TIMES_MAX), &failed) < 0) {
		fprintf(stderr, "bench_scan: %s failed\n", failed->argv[0]);
		return EXIT_FAILURE;
	}
	if (is_plain)
		printf("%.1f %.0f\n", runs[SCAN].cpu_ms, runs[SCAN].rss_kib);
	else
		print(&bars, argc, argv, runs);
	return bars_status(&bars);
}
