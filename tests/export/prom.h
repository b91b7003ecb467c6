/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Checks the text format of Prometheus as strictly as promtool(1) does. */

/* Fails the test with the line that is wrong: each metric has one HELP and one TYPE, then its
 * samples, which follow each other; names are valid; label values are UTF-8, at most 128 bytes, and
 * only \\, \" and \n are escaped; no two samples are equal; values are numbers. */
void prom_check(const char *text);

/* The value of the sample "name" or "name{labels}", as it is written; fails without one. */
double prom_value(const char *text, const char *sample);
