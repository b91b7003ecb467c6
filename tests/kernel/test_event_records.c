/* SPDX-License-Identifier: Apache-2.0 */
/* Records as the kernel writes them to a ring, and others. */
#include "base/attributes.h"
#include "kernel/privileged/event_records.h"
#include "tests/unit.h"

#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

enum { SIZE = 4096, PARENT = 5 };

/* A ring that is written to; aligned as the kernel's. */
struct writer {
	_Alignas(8) unsigned char bytes[SIZE];
	uint64_t tail, head;
};

static void put(struct writer *w, uint32_t type, uint16_t misc, const void *content, size_t size)
{
	const struct perf_event_header head = {
	        .type = type, .misc = misc, .size = (uint16_t)(sizeof(head) + size)};
	unsigned char record[sizeof(head) + 4096] = {0};

	memcpy(record, &head, sizeof(head));
	if (content)
		memcpy(record + sizeof(head), content, size);
	for (size_t i = 0; i < sizeof(head) + size; i++)
		w->bytes[w->head++ % SIZE] = record[i];
}

static void put_about(struct writer *w, uint32_t type, uint16_t misc, uint32_t pid, uint32_t tid)
{
	put(w, type, misc, (const uint32_t[]){pid, tid, 0, 0}, 16);
}

static void put_task(struct writer *w, uint32_t type, uint32_t pid, uint32_t tid)
{
	put(w, type, 0, (const uint32_t[]){pid, PARENT, tid, PARENT, 0, 0}, 24);
}

/* Reads all, as events_read does. */
static void take_of(struct writer *w, struct event_own *own, struct kernel_events *ret)
{
	const struct event_ring ring = {w->bytes, SIZE, w->tail, w->head};

	*ret = (struct kernel_events){.events = ret->events, .capacity = ret->capacity};
	event_records_parse(&ring, own, ret);
	event_records_finish(own, ret);
	w->tail = w->head;
}

static void take(struct writer *w, struct kernel_events *ret)
{
	struct event_own none = {.self = 0};

	take_of(w, &none, ret);
}

static void each_kind(void **state)
{
	static const struct {
		uint32_t type;
		uint16_t misc;
		uint32_t tid;
		unsigned kinds; /* of process 7 */
	} rows[] = {
	        {PERF_RECORD_NAMESPACES, 0, 7, KERNEL_EVENT_NAMESPACES},
	        {PERF_RECORD_NAMESPACES, 0, 8, KERNEL_EVENT_THREAD_NAMESPACES},
	        {PERF_RECORD_COMM, 0, 7, KERNEL_EVENT_COMM},
	        {PERF_RECORD_COMM, 0, 8, 0},
	        {PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, 7, KERNEL_EVENT_EXEC},
	        {PERF_RECORD_FORK, 0, 7, KERNEL_EVENT_FORK},
	        {PERF_RECORD_FORK, 0, 8, KERNEL_EVENT_THREAD_FORK},
	        {PERF_RECORD_EXIT, 0, 7, KERNEL_EVENT_EXIT},
	        {PERF_RECORD_EXIT, 0, 8, KERNEL_EVENT_THREAD_EXIT},
	        {PERF_RECORD_MMAP, 0, 7, 0},
	        {12345, 0, 7, 0},
	};
	struct kernel_events events = {0};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writer w = {.head = 0};

		if (rows[i].type == PERF_RECORD_FORK || rows[i].type == PERF_RECORD_EXIT)
			put_task(&w, rows[i].type, 7, rows[i].tid);
		else
			put_about(&w, rows[i].type, rows[i].misc, 7, rows[i].tid);
		take(&w, &events);
		assert_int_equal(events.n_records, 1);
		assert_int_equal(events.n_lost, 0);
		assert_int_equal(events.n_foreign, 0);
		assert_int_equal(events.n, rows[i].kinds ? 1 : 0);
		if (events.n) {
			assert_int_equal(events.events[0].pid, 7);
			assert_int_equal(events.events[0].kinds, rows[i].kinds);
		}
	}
	free(events.events);
	(void)state;
}

static void processes_once_and_sorted(void **state)
{
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	for (uint32_t i = 0; i < 30; i++)
		put_task(&w, i < 15 ? PERF_RECORD_FORK : PERF_RECORD_EXIT, 100 - i % 15,
		        100 - i % 15);
	take(&w, &events);
	assert_int_equal(events.n, 15);
	assert_int_equal(events.n_records, 30);
	for (size_t i = 0; i < events.n; i++) {
		assert_int_equal(events.events[i].pid, 86 + i);
		assert_int_equal(events.events[i].kinds, KERNEL_EVENT_FORK | KERNEL_EVENT_EXIT);
	}
	free(events.events);
	(void)state;
}

/* Records of the same few processes take no memory. */
static void memory_is_for_processes(void **state)
{
	struct writer w = {.head = 0};
	struct kernel_events events = {0};
	const struct event_ring ring = {w.bytes, SIZE, 0, 2400};
	struct event_own none = {.self = 0};

	for (uint32_t i = 0; i < 100; i++)
		put_about(&w, PERF_RECORD_NAMESPACES, 0, 1 + i % 3, 1 + i % 3);
	assert_int_equal(w.head, 2400);
	for (int i = 0; i < 1000; i++)
		event_records_parse(&ring, &none, &events);
	assert_true(events.capacity < 100);
	event_records_finish(&none, &events);
	assert_int_equal(events.n, 3);
	assert_int_equal(events.n_records, 100000);
	free(events.events);
	(void)state;
}

/* At each place where a record can wrap around the end, and with numbers near their end too. */
static void around_the_end(void **state)
{
	static const uint64_t starts[] = {0, 1ull << 32, UINT64_MAX - SIZE + 1};
	struct kernel_events events = {0};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		for (uint64_t at = 0; at < SIZE; at += 8) {
			struct writer w = {.tail = starts[i] + at, .head = starts[i] + at};

			put_task(&w, PERF_RECORD_FORK, 11, 11);
			put_about(&w, PERF_RECORD_NAMESPACES, 0, 12, 12);
			put(&w, PERF_RECORD_LOST, 0, (const uint64_t[]){1, 5}, 16);
			take(&w, &events);
			assert_int_equal(events.n, 2);
			assert_int_equal(events.events[0].pid, 11);
			assert_int_equal(events.events[1].kinds, KERNEL_EVENT_NAMESPACES);
			assert_int_equal(events.n_lost, 5);
		}
	}
	free(events.events);
	(void)state;
}

static void others_are_only_counted(void **state)
{
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	put_task(&w, PERF_RECORD_FORK, 0, 0);
	put_about(&w, PERF_RECORD_NAMESPACES, 0, UINT32_MAX, UINT32_MAX);
	put_about(&w, PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC, 0, 0);
	take(&w, &events);
	assert_int_equal(events.n, 0);
	assert_int_equal(events.n_foreign, 3);
	assert_int_equal(events.n_records, 3);
	free(events.events);
	(void)state;
}

/* --- what this program does ------------------------------------------------------------------- */

static void jobs_are_not_reported(void **state)
{
	struct event_own own = {.self = 3, .helper = PARENT};
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	put_task(&w, PERF_RECORD_FORK, 9, 9);
	put_about(&w, PERF_RECORD_NAMESPACES, 0, 9, 9);
	put_task(&w, PERF_RECORD_FORK, 8, 8);
	put_task(&w, PERF_RECORD_EXIT, 8, 8);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 0);
	assert_int_equal(events.n_records, 4);
	assert_int_equal(own.n_jobs, 1);
	/* Until it has ended. */
	put_about(&w, PERF_RECORD_COMM, 0, 9, 9);
	put_about(&w, PERF_RECORD_COMM, 0, 10, 10);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 1);
	assert_int_equal(events.events[0].pid, 10);
	put_task(&w, PERF_RECORD_EXIT, 9, 9);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 0);
	assert_int_equal(own.n_jobs, 0);
	put_about(&w, PERF_RECORD_COMM, 0, 9, 9);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 1);
	free(events.events);
	(void)state;
}

/* Its end may be read before its beginning, and then the PID is that of another process. */
static void the_pid_of_a_job_is_used_again(void **state)
{
	struct event_own own = {.helper = PARENT};
	struct event_own other = {.helper = PARENT + 1};
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	put_task(&w, PERF_RECORD_FORK, 9, 9);
	take_of(&w, &own, &events);
	assert_int_equal(own.n_jobs, 1);
	other.n_jobs = 1;
	other.jobs[0] = 9;
	put_task(&w, PERF_RECORD_FORK, 9, 9);
	take_of(&w, &other, &events);
	assert_int_equal(events.n, 1);
	assert_int_equal(events.events[0].kinds, KERNEL_EVENT_FORK);
	assert_int_equal(other.n_jobs, 0);
	free(events.events);
	(void)state;
}

static void more_jobs_than_there_may_be(void **state)
{
	struct event_own own = {.helper = PARENT};
	struct kernel_events events = {0};

	for (uint32_t i = 0; i < 300; i++) {
		struct writer w = {.head = 0};

		put_task(&w, PERF_RECORD_FORK, 1000 - i, 1000 - i);
		take_of(&w, &own, &events);
		assert_int_equal(events.n, 0);
	}
	assert_int_equal(own.n_jobs, EVENT_RECORDS_JOBS);
	free(events.events);
	(void)state;
}

static void own_threads_are_not_reported(void **state)
{
	struct event_own own = {.self = 7, .helper = PARENT};
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	put_task(&w, PERF_RECORD_FORK, 7, 8);
	put_about(&w, PERF_RECORD_NAMESPACES, 0, 7, 8);
	put_task(&w, PERF_RECORD_EXIT, 7, 8);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 0);
	put_about(&w, PERF_RECORD_NAMESPACES, 0, 7, 7);
	take_of(&w, &own, &events);
	assert_int_equal(events.n, 1);
	free(events.events);
	(void)state;
}

/* --- lost ------------------------------------------------------------------------------------ */

static void lost_records(void **state)
{
	struct writer w = {.head = 0};
	struct kernel_events events = {0};

	put(&w, PERF_RECORD_LOST, 0, (const uint64_t[]){1, 3}, 16);
	put(&w, PERF_RECORD_LOST, 0, (const uint64_t[]){1, 4}, 16);
	put_task(&w, PERF_RECORD_FORK, 7, 7);
	take(&w, &events);
	assert_int_equal(events.n_lost, 7);
	assert_int_equal(events.n, 1);
	take(&w, &events);
	assert_int_equal(events.n_lost, 0);
	free(events.events);
	(void)state;
}

/* The kernel may have had no room for the next one, and has not said so yet. */
static void a_full_ring(void **state)
{
	struct kernel_events events = {0};

	for (size_t left = 128; left <= 144; left += 8) {
		struct writer w = {.head = 0};

		put(&w, 12345, 0, NULL, SIZE - left - sizeof(struct perf_event_header));
		take(&w, &events);
		assert_int_equal(events.n_records, 1);
		assert_int_equal(events.n_lost, left <= 136);
	}
	free(events.events);
	(void)state;
}

/* What is before it counts, what is behind it is unknown. */
static void malformed(void **state)
{
	static const struct {
		uint32_t type;
		uint16_t size;
	} rows[] = {
	        {PERF_RECORD_COMM, 0},
	        {PERF_RECORD_COMM, 4},
	        {PERF_RECORD_COMM, 8},
	        {PERF_RECORD_COMM, 20},
	        {PERF_RECORD_FORK, 16},
	        {PERF_RECORD_LOST, 16},
	        {PERF_RECORD_NAMESPACES, 65528},
	        {12345, 64},
	};
	struct kernel_events events = {0};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct perf_event_header head = {.type = rows[i].type, .size = rows[i].size};
		struct writer w = {.head = 0};

		put_task(&w, PERF_RECORD_FORK, 7, 7);
		const size_t at = (size_t)w.head;
		put_task(&w, PERF_RECORD_FORK, 8, 8);
		memcpy(w.bytes + at, &head, sizeof(head));
		take(&w, &events);
		assert_int_equal(events.n_lost, 1);
		assert_int_equal(events.n_records, 1);
		assert_int_equal(events.n, 1);
		assert_int_equal(events.events[0].pid, 7);
	}
	free(events.events);
	(void)state;
}

static void impossible_positions(void **state)
{
	static const struct {
		uint64_t tail, head;
	} rows[] = {{0, SIZE + 8}, {8, 0}, {0, 4}, {4, 12}, {0, UINT64_MAX}};
	struct kernel_events events = {0};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writer w = {.tail = rows[i].tail, .head = rows[i].head};

		take(&w, &events);
		assert_int_equal(events.n_lost, 1);
		assert_int_equal(events.n_records, 0);
		assert_int_equal(events.n, 0);
	}
	free(events.events);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_kind),
	        cmocka_unit_test(processes_once_and_sorted),
	        cmocka_unit_test(memory_is_for_processes),
	        cmocka_unit_test(around_the_end),
	        cmocka_unit_test(others_are_only_counted),
	        cmocka_unit_test(jobs_are_not_reported),
	        cmocka_unit_test(the_pid_of_a_job_is_used_again),
	        cmocka_unit_test(more_jobs_than_there_may_be),
	        cmocka_unit_test(own_threads_are_not_reported),
	        cmocka_unit_test(lost_records),
	        cmocka_unit_test(a_full_ring),
	        cmocka_unit_test(malformed),
	        cmocka_unit_test(impossible_positions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
