/* SPDX-License-Identifier: Apache-2.0 */

/* What graphs cost: SVG and DOT of 2,500, 5,000 and 10,000 namespaces. Medians of interleaved
 * runs, CPU time. Exit status 1 when a bar of ours is not held. */

#include "base/attributes.h"
#include "export/export.h"
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

static void run_svg(const struct model *model)
{
	FILE *file = begin();

	assert_int_equal(export_svg(file, &(struct export_request){.model = model}), 0);
	assert_int_equal(fclose(file), 0);
}

static void run_dot(const struct model *model)
{
	FILE *file = begin();

	assert_int_equal(export_dot(file, &(struct export_request){.model = model}), 0);
	assert_int_equal(fclose(file), 0);
}

static void run_plan(const struct model *model)
{
	struct pair_plan plan;
	int right, bottom;

	pair_plan_build(&plan, &(struct pair_options){.model = model, .view.is_collapsed = true});
	for (enum pair_part part = 0; part < PAIR_PARTS; part++)
		pair_layout_place(&plan.trees[part], &(struct pair_spacing){0}, &right, &bottom);
	pair_plan_release(&plan);
}

/* At most so many ms for the largest, and so many times as much for twice the namespaces. */
static const struct {
	const char *name;
	void (*run)(const struct model *model);
	double bar_ms;
	double bar_ratio;
} works[] = {
        {"hierarchies, collapse, layout", run_plan, 40, 2.6},
        {"layout and SVG", run_svg, 100, 2.6},
        {"DOT", run_dot, 200, 2.6},
};

static int compare(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

int main(void)
{
	static double times[ARRAY_SIZE(works)][SIZES][RUNS];
	const struct model *models[SIZES];
	int missed = 0;

	for (size_t s = 0; s < SIZES; s++)
		models[s] = fixture_many(sizes[s]);
	for (size_t run = 0; run < RUNS; run++) {
		for (size_t w = 0; w < ARRAY_SIZE(works); w++) {
			for (size_t s = 0; s < SIZES; s++) {
				const double start = fixture_cpu_ms();

				works[w].run(models[s]);
				times[w][s][run] = fixture_cpu_ms() - start;
			}
		}
	}
	printf("%-30s %8u %8u %8u   ratio\n", "namespaces (ms of CPU)", sizes[0], sizes[1],
	        sizes[2]);
	for (size_t w = 0; w < ARRAY_SIZE(works); w++) {
		double median[SIZES];

		for (size_t s = 0; s < SIZES; s++) {
			qsort(times[w][s], RUNS, sizeof(double), compare);
			median[s] = times[w][s][RUNS / 2];
		}
		const double ratio = median[2] / median[1];
		const bool is_held = median[2] <= works[w].bar_ms && ratio <= works[w].bar_ratio;

		printf("%-30s %8.1f %8.1f %8.1f   %.2f  bar %.0f ms, %.1f: %s\n", works[w].name,
		        median[0], median[1], median[2], ratio, works[w].bar_ms, works[w].bar_ratio,
		        is_held ? "held" : "MISSED");
		missed += !is_held;
	}
	for (size_t s = 0; s < SIZES; s++)
		model_unref(models[s]);
	return missed ? 1 : 0;
}
