/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Whole programs, run in turn and measured by their resource usage (getrusage(2)). */

#include "base/attributes.h"

#include <stddef.h>

enum { RUNS_ARGUMENTS = 8, RUNS_TIMES_MAX = 101 };

/* A program that is measured, and what it took: medians of its runs. Nothing that it prints is
 * kept. */
struct run {
	const char *argv[RUNS_ARGUMENTS]; /* ends with NULL */
	int status;                       /* the highest exit status that is no failure */
	unsigned times;                   /* it runs no more often; 0: as often as the others */
	double cpu_ms;                    /* user and system time, with that of its children */
	double wall_ms;
	double rss_kib; /* the most that it, or one of its children, had at a time */
	double cpu[RUNS_TIMES_MAX], wall[RUNS_TIMES_MAX], rss[RUNS_TIMES_MAX];
};

/* Runs each of the programs once, then each again, `times` times (at most RUNS_TIMES_MAX), after
 * one run of each that does not count. Processes that they leave are waited for and count too: the
 * caller may have no other children. Returns 0, or a negative errno with *ret_failed, the program
 * that failed. */
_must_check_ int runs_measure(
        struct run *runs, size_t n, unsigned times, const struct run **ret_failed);
