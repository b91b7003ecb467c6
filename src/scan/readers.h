/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "kernel/proc_cmdline.h"
#include "scan/reading.h"

/* The threads that read processes side by side: the calling one and options->readers - 1 more,
 * each with an arena and buffers of its own. */

struct reader {
	struct scan *scan;
	struct arena *arena;
	bool with_names;
	char text[8192]; /* of one file; stat and status are far shorter */
	char cmdline[PROC_CMDLINE_MAX + 1];
};

typedef void reader_fn(struct reader *reader, struct reading *reading);

/* Makes scan->arenas, one for each reader. */
void readers_init(struct scan *scan);

void readers_release(struct scan *scan);

/* Calls `read` once for each reading, in any thread. Returns 0 or -ECANCELED: then some were left
 * out. */
_must_check_ int readers_run(struct scan *scan, reader_fn *read, bool with_names);
