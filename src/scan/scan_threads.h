/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/scan_state.h"

/* The threads that read processes side by side: the calling one and options->n_threads - 1 more,
 * each with an arena and buffers of its own. */

enum {
	SCAN_THREADS_MAX = 16,
	SCAN_THREAD_NUMBERS = 1024, /* descriptors listed at a time */
};

struct scan_thread {
	struct scan *scan;
	struct arena *arena;
	struct holder_list *holders;
	bool is_whole;
	int numbers[SCAN_THREAD_NUMBERS];
	char text[8192]; /* of one file; stat and status are far shorter */
};

typedef void scan_thread_fn(struct scan_thread *thread, struct process_record *record);

/* Makes scan->arenas and scan->holders, one for each reader. */
void scan_threads_init(struct scan *scan);

void scan_threads_release(struct scan *scan);

/* Calls `read` once for each reading, in any thread. Returns 0 or -ECANCELED: then some were left
 * out. */
_must_check_ int scan_threads_run(struct scan *scan, scan_thread_fn *read, bool is_whole);

/* Calls `run` with each number below `n`, in any thread, which gives its own number (below
 * scan->n_readers). Returns as above. */
typedef void scan_threads_each_fn(void *data, unsigned thread, size_t i);
_must_check_ int scan_threads_run_each(
        struct scan *scan, size_t n, scan_threads_each_fn *run, void *data);
