/* SPDX-License-Identifier: Apache-2.0 */

/* What graphs cost: SVG and DOT of 2,500, 5,000 and 10,000 namespaces, half of them user and half
 * PID namespaces; with details, of hosts with as many namespaces of all types. Medians of
 * interleaved runs, CPU time. */

#include "base/attributes.h"
#include "export/export.h"
#include "tests/bench/bars.h"
#include "tests/unit.h"
#include "tests/view/fixture.h"
#include "view/pair_layout.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { SIZES = 3, RUNS = 9 };

static const unsigned sizes[SIZES] = {2500, 5000, 10000};

/* As the program does it: a file in memory. */
static FILE *begin(void)
{
	FILE *file = fdopen(memfd_create("bench", MFD_CLOEXEC), "w");

	assert_non_null(file);
	return file;
}

static void run_svg(const struct model *model, const struct view_options *view)
{
	FILE *file = begin();

	assert_int_equal(
	        export_svg(file, &(struct export_request){.model = model, .view = *view}), 0);
	assert_int_equal(fclose(file), 0);
}

static void run_dot(const struct model *model, const struct view_options *view)
{
	FILE *file = begin();

	assert_int_equal(
	        export_dot(file, &(struct export_request){.model = model, .view = *view}), 0);
	assert_int_equal(fclose(file), 0);
}

static void run_plan(const struct model *model, const struct view_options *view)
{
	struct pair_plan plan;
	int right, bottom;

	pair_plan_build(&plan, &(struct pair_options){.model = model, .view = *view});
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		pair_layout_place(&plan.trees[part], &(struct pair_spacing){0}, &right, &bottom);
	pair_plan_release(&plan);
}

/* A tenth each are user and PID namespaces, the rest is owned by the former. */
static const struct model *with_owned(unsigned n)
{
	static const enum nstype types[] = {
	        NS_MNT, NS_UTS, NS_IPC, NS_NET, NS_CGROUP, NS_TIME, NS_NET, NS_NET};
	struct builder *b = builder_new();
	struct ns *top = fixture_user(b, FIXTURE_INITIAL_USER, NULL, 0, "root");
	struct ns *pids = fixture_pid(b, FIXTURE_INITIAL_PID, NULL, top);
	uint64_t inode = FIXTURE_INITIAL_USER;

	for (unsigned i = 0; i < n / 10; i++) {
		const struct ns *user = fixture_user(b, ++inode, top, 1000 + i % 7, "harald");

		fixture_process(b, 2 * (pid_t)i + 1, "bash", user);
		fixture_process(b, 2 * (pid_t)i + 2, i % 3 ? "nginx" : "postgres",
		        fixture_pid(b, ++inode, pids, user));
		for (size_t k = 0; k < ARRAY_SIZE(types); k++)
			fixture_owned(b, types[k], ++inode, user);
	}
	return fixture_freeze(b, NULL);
}

enum { HALF_PIDS, WITH_OWNED, HOSTS };

static const struct model *(*const hosts[HOSTS])(unsigned n) = {fixture_many, with_owned};

/* At most so many ms for the largest, and so many times as much for twice the namespaces. */
static const struct {
	const char *name;
	void (*run)(const struct model *model, const struct view_options *view);
	double bar_ms;
	double bar_ratio;
	int host;
	struct view_options view;
} works[] = {
        {"hierarchies, collapse, layout", run_plan, 40, 2.6, HALF_PIDS, {.is_collapsed = true}},
        {"layout and SVG", run_svg, 100, 2.6, HALF_PIDS, {.with_details = false}},
        {"SVG --collapse", run_svg, 100, 2.6, HALF_PIDS, {.is_collapsed = true}},
        {"SVG -d", run_svg, 100, 2.6, WITH_OWNED, {.with_details = true}},
        {"SVG -d --collapse", run_svg, 100, 2.6, WITH_OWNED,
                {.with_details = true, .is_collapsed = true}},
        {"DOT", run_dot, 200, 2.6, HALF_PIDS, {.with_details = false}},
        {"DOT --collapse", run_dot, 200, 2.6, HALF_PIDS, {.is_collapsed = true}},
        {"DOT -d", run_dot, 200, 2.6, WITH_OWNED, {.with_details = true}},
};

int main(void)
{
	static double times[ARRAY_SIZE(works)][SIZES][RUNS];
	const struct model *models[HOSTS][SIZES];
	struct bars bars = {0};

	for (size_t host = 0; host < HOSTS; host++)
		for (size_t s = 0; s < SIZES; s++)
			models[host][s] = hosts[host](sizes[s]);
	for (size_t run = 0; run < RUNS; run++) {
		for (size_t w = 0; w < ARRAY_SIZE(works); w++) {
			for (size_t s = 0; s < SIZES; s++) {
				const double start = fixture_cpu_ms();

				works[w].run(models[works[w].host][s], &works[w].view);
				times[w][s][run] = fixture_cpu_ms() - start;
			}
		}
	}
	for (size_t w = 0; w < ARRAY_SIZE(works); w++) {
		double median[SIZES];
		char text[80];

		for (size_t size = 0; size < SIZES; size++)
			median[size] = bars_percentile(times[w][size], RUNS, 50);
		snprintf(text, sizeof(text), "%s, CPU, %u namespaces", works[w].name, sizes[2]);
		bars_most(&bars, text, "ms", works[w].bar_ms, median[2]);
		snprintf(
		        text, sizeof(text), "%s, %u against %u", works[w].name, sizes[2], sizes[1]);
		bars_most(&bars, text, "x", works[w].bar_ratio, median[2] / median[1]);
	}
	for (size_t host = 0; host < HOSTS; host++)
		for (size_t s = 0; s < SIZES; s++)
			model_unref(models[host][s]);
	return bars_status(&bars);
}
