/* SPDX-License-Identifier: Apache-2.0 */
#include "tests/bench/bars.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* `sign`: "<=" or ">="; a bar of 0 has no ratio. */
static void print_row(const char *what, const char *sign, const char *unit, double bar,
        double figure, const char *result)
{
	char limit[32], ratio[16] = "-";

	snprintf(limit, sizeof(limit), "%s %.6g %s", sign, bar, unit);
	if (bar > 0)
		snprintf(ratio, sizeof(ratio), "%.2f", figure / bar);
	printf("%-66s %12s %10.4g %6s  %s\n", what, limit, figure, ratio, result);
	fflush(stdout);
}

void bars_most(struct bars *bars, const char *what, const char *unit, double bar, double figure)
{
	const int is_missed = !(figure <= bar);

	print_row(what, "<=", unit, bar, figure, is_missed ? "MISSED" : "held");
	bars->n_missed += is_missed;
}

void bars_least(struct bars *bars, const char *what, const char *unit, double bar, double figure)
{
	const int is_missed = !(figure >= bar);

	print_row(what, ">=", unit, bar, figure, is_missed ? "MISSED" : "held");
	bars->n_missed += is_missed;
}

void bars_tell(const char *what, const char *unit, double figure)
{
	printf("%-66s %12s %10.4g\n", what, unit, figure);
	fflush(stdout);
}

void bars_skip(const char *what, const char *why)
{
	printf("%-66s left out: %s\n", what, why);
	fflush(stdout);
}

int bars_status(const struct bars *bars)
{
	return bars->n_missed > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int by_size(const void *a, const void *b)
{
	return COMPARE(*(const double *)a, *(const double *)b);
}

double bars_percentile(double *figures, size_t n, unsigned percent)
{
	qsort(figures, n, sizeof(*figures), by_size);
	return figures[MIN(n - 1, n * percent / 100)];
}

double bars_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

long bars_setting(const char *variable, long otherwise)
{
	const char *const text = getenv(variable);

	return text && *text ? strtol(text, NULL, 10) : otherwise;
}
