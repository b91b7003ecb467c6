/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Decimal numbers in /proc text. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the digits at *p (before `end`), moves *p behind them. False, and nothing moved, when
 * there is none, or the number is above `max`. No sign, no blanks. */
bool proc_number_parse(const char **p, const char *end, uint64_t max, uint64_t *ret);

/* The same after skipping blanks and tabs. */
bool proc_number_next(const char **p, const char *end, uint64_t max, uint64_t *ret);
