/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan_threads.h"

#include "base/arena.h"
#include "base/memory.h"

#include <pthread.h>
#include <signal.h>

enum { CHUNK = 16 }; /* processes taken at once, so that readers do not write side by side */

/* What the threads have in common. */
struct run {
	struct scan *scan;
	size_t n, chunk;
	scan_threads_each_fn *each;
	void *data;
	atomic_size_t next;
	atomic_uint n_started;
};

void scan_threads_init(struct scan *scan)
{
	scan->n_readers = scan->options->n_threads;
	if (scan->n_readers < 1)
		scan->n_readers = 1;
	if (scan->n_readers > SCAN_THREADS_MAX)
		scan->n_readers = SCAN_THREADS_MAX;
	scan->arenas = memory_new(scan->n_readers * sizeof(struct arena *));
	scan->holders = memory_new(scan->n_readers * sizeof(*scan->holders));
	for (unsigned i = 0; i < scan->n_readers; i++)
		scan->arenas[i] = arena_new();
}

void scan_threads_release(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_readers; i++)
		arena_free(scan->arenas[i]);
	free(scan->arenas);
	scan->arenas = NULL;
}

static void *run_reader(void *data)
{
	struct run *const run = data;
	const unsigned number = atomic_fetch_add(&run->n_started, 1);
	size_t from;

	while ((from = atomic_fetch_add(&run->next, run->chunk)) < run->n) {
		for (size_t i = from; i < from + run->chunk && i < run->n; i++) {
			if (scan_is_cancelled(run->scan))
				return NULL;
			run->each(run->data, number, i);
		}
	}
	return NULL;
}

/* Signals are for the thread that has the terminal. A thread that cannot be had is done without. */
static unsigned start_threads(struct run *run, pthread_t *threads, unsigned n)
{
	sigset_t all, saved;
	unsigned started = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	while (started < n && pthread_create(&threads[started], NULL, run_reader, run) == 0)
		started++;
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return started;
}

static int run_all(struct run *run)
{
	pthread_t threads[SCAN_THREADS_MAX];
	const size_t n_chunks = (run->n + run->chunk - 1) / run->chunk;
	unsigned n = run->scan->n_readers - 1;

	if (n_chunks <= n)
		n = n_chunks > 0 ? (unsigned)n_chunks - 1 : 0;
	n = start_threads(run, threads, n);
	run_reader(run);
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return scan_is_cancelled(run->scan) ? -ECANCELED : 0;
}

int scan_threads_run_each(struct scan *scan, size_t n, scan_threads_each_fn *each, void *data)
{
	struct run run = {.scan = scan, .n = n, .chunk = 1, .each = each, .data = data};

	return run_all(&run);
}

/* Readings, each by the reader of its thread. */
struct process_run {
	struct scan *scan;
	scan_thread_fn *read;
	bool is_whole;
	struct scan_thread *threads[SCAN_THREADS_MAX];
};

static void read_one(void *data, unsigned number, size_t i)
{
	struct process_run *const run = data;
	struct scan *const scan = run->scan;
	struct scan_thread *thread = run->threads[number];

	if (!thread) {
		thread = run->threads[number] = memory_new(sizeof(*thread));
		thread->scan = scan;
		thread->arena = scan->arenas[number];
		thread->holders = &scan->holders[number];
		thread->is_whole = run->is_whole;
	}
	run->read(thread, &scan->processes[i]);
	progress_step(scan);
}

int scan_threads_run(struct scan *scan, scan_thread_fn *read, bool is_whole)
{
	struct process_run of_readings = {.scan = scan, .read = read, .is_whole = is_whole};
	struct run run = {.scan = scan,
	        .n = scan->n_processes,
	        .chunk = CHUNK,
	        .each = read_one,
	        .data = &of_readings};
	const int r = run_all(&run);

	for (unsigned i = 0; i < SCAN_THREADS_MAX; i++)
		free(of_readings.threads[i]);
	return r;
}
