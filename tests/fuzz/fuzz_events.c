/* SPDX-License-Identifier: Apache-2.0 */
/* Records in a ring: whatever is in it, nothing outside is read, and what is given keeps its
 * contract. The first byte chooses the size of the ring, the next two where the records begin and
 * how long they are. The rest is the content of the ring, from there. */
#include "kernel/privileged/event_records.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct kernel_events *events)
{
	CHECK(events->n_foreign <= events->n_records);
	CHECK(events->n <= events->n_records - events->n_foreign);
	for (size_t i = 0; i < events->n; i++) {
		CHECK(events->events[i].pid > 0);
		CHECK(events->events[i].kinds != 0);
		CHECK(i == 0 || events->events[i - 1].pid < events->events[i].pid);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { HEAD = 3 };
	struct kernel_events events = {0};
	struct event_own own = {.self = 2, .helper = 1};

	if (size < HEAD)
		return 0;
	const size_t ring_size = (size_t)8 << data[0] % 10;
	const uint64_t tail = UINT64_MAX - 1023 + 8ull * data[1];
	/* A multiple of 8, but for the highest values. */
	const uint64_t len = data[2] < 250 ? 8ull * data[2] : data[2];
	unsigned char *const bytes = calloc(1, ring_size);

	CHECK(bytes);
	for (size_t i = 0; i < size - HEAD && i < ring_size; i++)
		bytes[(tail + i) & (ring_size - 1)] = data[HEAD + i];
	const struct event_ring ring = {bytes, ring_size, tail, tail + len};
	event_records_parse(&ring, &own, &events);
	event_records_parse(&ring, &own, &events);
	event_records_finish(&own, &events);
	for (size_t i = 1; i < own.n_jobs; i++)
		CHECK(own.jobs[i - 1] < own.jobs[i]);
	check(&events);
	free(events.events);
	free(bytes);
	return 0;
}
