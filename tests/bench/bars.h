/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* The table of `make bench`: what was measured, its bar, the figure, and figure / bar. */

#include "base/attributes.h"

#include <stddef.h>

/* Counts the bars that are missed. */
struct bars {
	int n_missed;
};

/* Prints a row for `what`, measured in `unit`. MISSED stands in it if the figure is above the
 * bar. */
void bars_most(struct bars *bars, const char *what, const char *unit, double bar, double figure);

/* The same if the figure is below the bar. */
void bars_least(struct bars *bars, const char *what, const char *unit, double bar, double figure);

/* Prints a row without a bar. */
void bars_tell(const char *what, const char *unit, double figure);

/* A row that could not be measured, and why. */
void bars_skip(const char *what, const char *why);

/* The exit status of a bench: 1 if a bar was missed. */
_must_check_ int bars_status(const struct bars *bars);

/* Sorts `figures`. Returns the one below which `percent` of them are (50: the median). */
double bars_percentile(double *figures, size_t n, unsigned percent);

/* Milliseconds of CLOCK_MONOTONIC, with fractions. */
double bars_now_ms(void);

/* The integer in an environment variable; `otherwise` if there is none. */
long bars_setting(const char *variable, long otherwise);
