/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* The threads of a scan: the calling one and scan->n_threads - 1 more, each with memory of its
 * own, so that they share nothing that is written to. */

enum {
	SCAN_THREADS_MAX = 16,
	SCAN_THREAD_FDS = 1024, /* descriptors listed at a time */
};

struct scan_thread {
	struct scan *scan;
	unsigned number; /* below scan->n_threads; 0: the calling thread */
	struct arena *arena;
	struct holder_list holders;
	int fds[SCAN_THREAD_FDS];
	char text[8192]; /* of one file; stat and status are far shorter */
};

/* Makes scan->threads, at least 1 and at most SCAN_THREADS_MAX, and scan->arena. */
void scan_threads_init(struct scan *scan, unsigned n);
void scan_threads_release(struct scan *scan);

typedef void scan_threads_fn(struct scan_thread *thread, void *data, size_t i);

/* Calls `run` once with each number below `n`, in any thread; `chunk` numbers that follow each
 * other go to the same thread. Returns 0, or -ECANCELED if some were left out. */
_must_check_ int scan_threads_run(
        struct scan *scan, size_t n, size_t chunk, scan_threads_fn *run, void *data);

/* Moves what the threads have found into scan->holders. */
void scan_threads_gather(struct scan *scan);
