/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/readers.h"

#include "base/arena.h"
#include "base/memory.h"

#include <pthread.h>
#include <signal.h>

enum {
	READERS_MAX = 16,
	CHUNK = 16, /* processes taken at once, so that readers do not write side by side */
};

struct run {
	struct scan *scan;
	reader_fn *read;
	bool with_names;
	atomic_size_t next;
	atomic_uint n_started;
};

void readers_init(struct scan *scan)
{
	scan->n_readers = scan->options->readers;
	if (scan->n_readers < 1)
		scan->n_readers = 1;
	if (scan->n_readers > READERS_MAX)
		scan->n_readers = READERS_MAX;
	scan->arenas = memory_new(scan->n_readers * sizeof(struct arena *));
	for (unsigned i = 0; i < scan->n_readers; i++)
		scan->arenas[i] = arena_new();
}

void readers_release(struct scan *scan)
{
	for (unsigned i = 0; i < scan->n_readers; i++)
		arena_free(scan->arenas[i]);
	free(scan->arenas);
	scan->arenas = NULL;
}

static void *run_reader(void *data)
{
	struct run *const run = data;
	struct scan *const scan = run->scan;
	_cleanup_free_ struct reader *reader = memory_new(sizeof(*reader));
	size_t from;

	reader->scan = scan;
	reader->arena = scan->arenas[atomic_fetch_add(&run->n_started, 1)];
	reader->with_names = run->with_names;
	while ((from = atomic_fetch_add(&run->next, CHUNK)) < scan->n_readings) {
		for (size_t i = from; i < from + CHUNK && i < scan->n_readings; i++) {
			if (scan_is_cancelled(scan))
				return NULL;
			run->read(reader, &scan->readings[i]);
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

int readers_run(struct scan *scan, reader_fn *read, bool with_names)
{
	struct run run = {.scan = scan, .read = read, .with_names = with_names};
	pthread_t threads[READERS_MAX];
	const size_t n_chunks = (scan->n_readings + CHUNK - 1) / CHUNK;
	unsigned n = scan->n_readers - 1;

	if (n_chunks <= n)
		n = n_chunks > 0 ? (unsigned)n_chunks - 1 : 0;
	n = start_threads(&run, threads, n);
	run_reader(&run);
	for (unsigned i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	return scan_is_cancelled(scan) ? -ECANCELED : 0;
}
