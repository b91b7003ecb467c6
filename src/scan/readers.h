/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "scan/reading.h"

/* The threads that read processes side by side: the calling one and options->readers - 1 more,
 * each with an arena and buffers of its own. */

enum {
	READERS_MAX = 16,
	READER_NUMBERS = 1024, /* descriptors listed at a time */
};

struct reader {
	struct scan *scan;
	struct arena *arena;
	struct haul *haul;
	bool is_whole;
	int numbers[READER_NUMBERS];
	char text[8192]; /* of one file; stat and status are far shorter */
};

typedef void reader_fn(struct reader *reader, struct reading *reading);

/* Makes scan->arenas and scan->hauls, one for each reader. */
void readers_init(struct scan *scan);

void readers_release(struct scan *scan);

/* Calls `read` once for each reading, in any thread. Returns 0 or -ECANCELED: then some were left
 * out. */
_must_check_ int readers_run(struct scan *scan, reader_fn *read, bool is_whole);

/* Calls `run` with each number below `n`, in any thread, which gives its own number (below
 * scan->n_readers). Returns as above. */
typedef void readers_each_fn(void *data, unsigned reader, size_t i);
_must_check_ int readers_run_each(struct scan *scan, size_t n, readers_each_fn *run, void *data);
