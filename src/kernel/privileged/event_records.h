/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Parser of the records that perf_event_open(2) writes to a ring. Pure. */

#include "kernel/kernel.h"

#include <stddef.h>
#include <stdint.h>

/* What came since it was read last: the bytes from `tail` to `head`, which count all that was ever
 * written, as the kernel does. */
struct event_ring {
	const unsigned char *bytes;
	size_t size; /* a power of two, at least 8 */
	uint64_t tail, head;
};

/* Adds the records of a ring to *ret. A malformed one, and what is behind it, counts as one lost
 * record; so does a ring that was so full that the kernel may have had no room. (It tells of lost
 * records in front of the next one that it writes: that can be hours later.) */
void event_records_parse(const struct event_ring *ring, struct kernel_events *ret);

/* After the last ring: sorts by PID, and joins the kinds of each. */
void event_records_sort(struct kernel_events *events);
