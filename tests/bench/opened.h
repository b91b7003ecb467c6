/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* nsbrowse on a terminal, with its processes. Errors end the bench with a message. */

#include "tests/cmd/browse.h"

/* Starts it with these arguments (ends with NULL, at most six), and waits until the first scan is
 * shown. */
struct pty *opened_start(int rows, int columns, const char *const *arguments);

/* Requests a scan, and waits until it is shown. */
void opened_refresh(struct pty *pty);

/* The bytes that it has written. */
size_t opened_bytes(const struct pty *pty);

/* The CPU time of the program, its helper, and the jobs of that which have ended; in ms. */
double opened_cpu_ms(const struct pty *pty);

/* The descriptors that it and its helper have open: the fewest of some looks, since it may read
 * just then. */
size_t opened_fds(struct pty *pty);

/* The memory of both (VmRSS). */
size_t opened_rss_kib(const struct pty *pty);
