/* SPDX-License-Identifier: Apache-2.0 */
#include "kernel/privileged/event_records.h"

#include "base/memory.h"

#include <linux/perf_event.h>
#include <string.h>

/* The longest record that is requested, with its seven namespaces. */
enum { RECORD_MAX = 136 };

/* Kinds that are known only until event_records_finish: of a process that began, whether it is a
 * job of the helper. Its PID may have been that of another one since the last time. */
enum { BY_HELPER = 1 << 29, BY_OTHER = 1 << 30 };

enum {
	OF_THREADS = KERNEL_EVENT_THREAD_NAMESPACES | KERNEL_EVENT_THREAD_FORK |
	             KERNEL_EVENT_THREAD_EXIT,
};

/* The beginnings of all records that are parsed. A ring is aligned to 8 bytes, and so are they. */
union record {
	struct perf_event_header head;
	struct {
		struct perf_event_header head;
		uint32_t pid, tid;
	} about; /* PERF_RECORD_COMM, PERF_RECORD_NAMESPACES */
	struct {
		struct perf_event_header head;
		uint32_t pid, ppid, tid, ptid;
	} task; /* PERF_RECORD_FORK, PERF_RECORD_EXIT */
	struct {
		struct perf_event_header head;
		uint64_t id, n;
	} lost; /* PERF_RECORD_LOST */
};

static void copy(const struct event_ring *ring, uint64_t at, void *to, size_t len)
{
	const size_t from = (size_t)at & (ring->size - 1);
	const size_t first = len < ring->size - from ? len : ring->size - from;

	memcpy(to, ring->bytes + from, first);
	memcpy((char *)to + first, ring->bytes, len - first);
}

static int compare_pids(const void *a, const void *b)
{
	const struct kernel_event *const left = a, *const right = b;

	return COMPARE(left->pid, right->pid);
}

static void sort(struct kernel_events *events)
{
	size_t n = 0;

	if (events->n > 1)
		qsort(events->events, events->n, sizeof(*events->events), compare_pids);
	for (size_t i = 0; i < events->n; i++) {
		struct kernel_event *const event = &events->events[i];

		if (n > 0 && events->events[n - 1].pid == event->pid)
			events->events[n - 1].kinds |= event->kinds;
		else
			events->events[n++] = *event;
	}
	events->n = n;
}

/* The memory grows with the number of processes, not with that of records. */
static void make_room(struct kernel_events *events)
{
	if (events->n < events->capacity)
		return;
	sort(events);
	if (events->n >= events->capacity / 2)
		events->events = memory_grow(events->events, &events->capacity, 2 * events->n + 16,
		        sizeof(*events->events));
}

/* The kernel gives 0 for a process that is not in the PID namespace of the events, and -1 for one
 * that has none any more. */
static void add(struct kernel_events *events, uint32_t pid, unsigned kinds)
{
	const pid_t number = (pid_t)pid;

	if (number <= 0) {
		events->n_foreign++;
		return;
	}
	if (kinds == 0)
		return;
	if (events->n > 0 && events->events[events->n - 1].pid == number) {
		events->events[events->n - 1].kinds |= kinds;
		return;
	}
	make_room(events);
	events->events[events->n++] = (struct kernel_event){.pid = number, .kinds = kinds};
}

/* The name of a thread other than the first is not shown anywhere. */
static void add_name(struct kernel_events *events, const union record *record)
{
	const bool is_first = record->about.pid == record->about.tid;

	if (record->head.misc & PERF_RECORD_MISC_COMM_EXEC)
		add(events, record->about.pid, KERNEL_EVENT_EXEC);
	else
		add(events, record->about.pid, is_first ? KERNEL_EVENT_COMM : 0);
}

static void add_fork(
        struct kernel_events *events, const union record *record, const struct event_own *own)
{
	const bool is_first = record->task.pid == record->task.tid;
	const bool is_job = own->helper > 0 && record->task.ppid == (uint32_t)own->helper;

	add(events, record->task.pid,
	        is_first ? KERNEL_EVENT_FORK | (is_job ? BY_HELPER : BY_OTHER)
	                 : KERNEL_EVENT_THREAD_FORK);
}

static void add_record(
        struct kernel_events *events, const union record *record, const struct event_own *own)
{
	switch (record->head.type) {
	case PERF_RECORD_COMM:
		add_name(events, record);
		break;
	case PERF_RECORD_NAMESPACES:
		add(events, record->about.pid,
		        record->about.pid == record->about.tid ? KERNEL_EVENT_NAMESPACES
		                                               : KERNEL_EVENT_THREAD_NAMESPACES);
		break;
	case PERF_RECORD_FORK:
		add_fork(events, record, own);
		break;
	case PERF_RECORD_EXIT:
		add(events, record->task.pid,
		        record->task.pid == record->task.tid ? KERNEL_EVENT_EXIT
		                                             : KERNEL_EVENT_THREAD_EXIT);
		break;
	case PERF_RECORD_LOST:
		events->n_lost += record->lost.n;
		break;
	}
}

/* The least length of a record of that type. */
static size_t min_size(uint32_t type)
{
	static const union record *const none = NULL;

	switch (type) {
	case PERF_RECORD_COMM:
	case PERF_RECORD_NAMESPACES:
		return sizeof(none->about);
	case PERF_RECORD_FORK:
	case PERF_RECORD_EXIT:
		return sizeof(none->task);
	case PERF_RECORD_LOST:
		return sizeof(none->lost);
	default:
		return sizeof(none->head);
	}
}

/* Reads the record at `at`, of which there must be no more than `len` bytes. Returns its length; 0:
 * it is malformed. */
static size_t read_record(
        const struct event_ring *ring, uint64_t at, uint64_t len, union record *ret)
{
	size_t size;

	*ret = (union record){.lost = {.n = 0}};
	copy(ring, at, &ret->head, sizeof(ret->head));
	size = ret->head.size;
	if (size % 8 || size > len || size < min_size(ret->head.type))
		return 0;
	copy(ring, at, ret, size < sizeof(*ret) ? size : sizeof(*ret));
	return size;
}

void event_records_parse(
        const struct event_ring *ring, const struct event_own *own, struct kernel_events *ret)
{
	const uint64_t len = ring->head - ring->tail;
	uint64_t at = 0;

	if (len > ring->size || len % 8 || ring->tail % 8) {
		ret->n_lost++;
		return;
	}
	while (at < len) {
		union record record;
		const size_t size = read_record(ring, ring->tail + at, len - at, &record);

		if (size == 0) {
			ret->n_lost++;
			return;
		}
		ret->n_records++;
		add_record(ret, &record, own);
		at += size;
	}
	if (ring->size - len <= RECORD_MAX)
		ret->n_lost++;
}

/* The jobs after these events. With too many the rest are as other processes. */
struct jobs {
	pid_t pids[EVENT_RECORDS_JOBS];
	size_t n;
};

static void keep_job(struct jobs *jobs, pid_t pid)
{
	if (jobs->n < EVENT_RECORDS_JOBS)
		jobs->pids[jobs->n++] = pid;
}

/* The kinds to report of a process. */
static unsigned reported(const struct kernel_event *event, const struct event_own *own, bool is_job)
{
	unsigned kinds = event->kinds & ~(unsigned)(BY_HELPER | BY_OTHER);

	if (is_job)
		return 0;
	if (event->pid == own->self)
		kinds &= ~(unsigned)OF_THREADS;
	return kinds;
}

void event_records_finish(struct event_own *own, struct kernel_events *events)
{
	struct jobs jobs = {.n = 0};
	size_t n = 0, at = 0;

	sort(events);
	for (size_t i = 0; i < events->n; i++) {
		struct kernel_event event = events->events[i];
		bool is_job = event.kinds & BY_HELPER;

		while (at < own->n_jobs && own->jobs[at] < event.pid)
			keep_job(&jobs, own->jobs[at++]);
		if (at < own->n_jobs && own->jobs[at] == event.pid) {
			is_job = true;
			at++;
		}
		is_job = is_job && !(event.kinds & BY_OTHER);
		if (is_job && !(event.kinds & KERNEL_EVENT_EXIT))
			keep_job(&jobs, event.pid);
		event.kinds = reported(&event, own, is_job);
		if (event.kinds)
			events->events[n++] = event;
	}
	while (at < own->n_jobs)
		keep_job(&jobs, own->jobs[at++]);
	memcpy(own->jobs, jobs.pids, jobs.n * sizeof(*jobs.pids));
	own->n_jobs = jobs.n;
	events->n = n;
}
