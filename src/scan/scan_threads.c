/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/scan_threads.h"

#include "base/arena.h"
#include "base/memory.h"

#include <pthread.h>
#include <signal.h>

/* One call of scan_threads_run, shared by the threads. */
struct thread_run {
	struct scan *scan;
	size_t n, chunk;
	scan_threads_fn *run;
	void *data;
	atomic_size_t next;
	atomic_uint n_started;
};

void scan_threads_init(struct scan *scan, unsigned n)
{
	scan->n_threads = MIN(MAX(n, 1u), (unsigned)SCAN_THREADS_MAX);
	scan->threads = memory_new(scan->n_threads * sizeof(struct scan_thread *));
	for (unsigned i = 0; i < scan->n_threads; i++) {
		scan->threads[i] = memory_new(sizeof(struct scan_thread));
		scan->threads[i]->scan = scan;
		scan->threads[i]->number = i;
		scan->threads[i]->arena = arena_new();
	}
	scan->arena = scan->threads[0]->arena;
}

void scan_threads_release(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_threads; i++) {
		holders_release(&scan->threads[i]->holders, scan->kernel);
		arena_free(scan->threads[i]->arena);
		free(scan->threads[i]);
	}
	free(scan->threads);
}

static void *run_thread(void *data)
{
	struct thread_run *const run = data;
	struct scan *const scan = run->scan;
	struct scan_thread *const thread = scan->threads[atomic_fetch_add(&run->n_started, 1)];
	size_t from;

	while ((from = atomic_fetch_add(&run->next, run->chunk)) < run->n) {
		for (size_t i = from; i < MIN(from + run->chunk, run->n); i++) {
			if (scan_state_is_cancelled(scan))
				return NULL;
			run->run(thread, run->data, i);
		}
	}
	return NULL;
}

/* Signals are handled by the thread that has the terminal. Without a new thread (EAGAIN) those that
 * there are do the work. */
static unsigned start_threads(struct thread_run *run, pthread_t *threads, unsigned n)
{
	sigset_t all, saved;
	unsigned started = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	while (started < n && pthread_create(&threads[started], NULL, run_thread, run) == 0)
		started++;
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return started;
}

int scan_threads_run(struct scan *scan, size_t n, size_t chunk, scan_threads_fn *fn, void *data)
{
	struct thread_run run = {.scan = scan, .n = n, .chunk = chunk, .run = fn, .data = data};
	pthread_t threads[SCAN_THREADS_MAX];
	const size_t n_chunks = (n + chunk - 1) / chunk;
	unsigned n_more = scan->n_threads - 1;

	if (n_chunks <= n_more)
		n_more = n_chunks > 0 ? (unsigned)n_chunks - 1 : 0;
	n_more = start_threads(&run, threads, n_more);
	run_thread(&run);
	for (unsigned i = 0; i < n_more; i++)
		pthread_join(threads[i], NULL);
	return scan_state_is_cancelled(scan) ? -ECANCELED : 0;
}

void scan_threads_gather(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_threads; i++)
		holders_move(&scan->holders, &scan->threads[i]->holders);
}
