/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parser of the records that perf_event_open(2) writes to a ring. Pure. */

#include "kernel/kernel.h"

#include <stddef.h>
#include <stdint.h>

enum { EVENT_RECORDS_JOBS = 256 };

/* What came since it was read last: the bytes from `tail` to `head`, which count all that was ever
 * written, as the kernel does. */
struct event_ring {
	const unsigned char *bytes;
	size_t size; /* a power of two, at least 8 */
	uint64_t tail, head;
};

/* What this program itself does is not reported: it would read processes again since it has read
 * processes. A job is a child of the helper. The records of one are in the rings of several CPUs,
 * and those are not read in the order in which they were written. */
struct event_own {
	pid_t self, helper;             /* 0: none */
	pid_t jobs[EVENT_RECORDS_JOBS]; /* that have not ended, ascending */
	size_t n_jobs;
};

/* Adds the records of a ring to *ret. A malformed one, and what is behind it, counts as one lost
 * record; so does a ring that was so full that the kernel may have had no room. (It reports
 * lost records in front of the next one that it writes: that can be hours later.) */
void event_records_parse(
        const struct event_ring *ring, const struct event_own *own, struct kernel_events *ret);

/* After the last ring: sorts by PID, joins the kinds of each, and drops the jobs of the helper and
 * our own threads. */
void event_records_finish(struct event_own *own, struct kernel_events *events);
