/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* Reading a model of a host by the operations of kernel/kernel.h. */

/* How far a scan is; may be read by another thread. */
struct scan_progress {
	atomic_size_t done, total; /* steps; total 0: not begun */
};

/* 0 to 100. */
unsigned scan_progress_percent(const struct scan_progress *progress);

struct scan_options {
	uint32_t sources;    /* 1 << SOURCE_*; bits of unknown sources are ignored */
	bool with_cmdlines;  /* keep whole command lines, at most 4 KiB each */
	pid_t helper;        /* PID of the helper, which never counts as unreadable; 0: none */
	unsigned n_threads;  /* at least 1 */
	const char *program; /* for host.program */
	const atomic_bool *is_cancelled; /* may be NULL; checked every 20 ms: -ECANCELED */
	struct scan_progress *progress;  /* may be NULL */
};

/* Receives the quick model, with one reference that it must release. */
typedef void scan_quick_fn(void *data, const struct model *model);

/* All sources of a scan, and those that are read by default (model/sources.def). */
enum {
	SCAN_SOURCES_ALL = 0
#define SOURCE(id, name) | 1u << SOURCE_##id
#include "model/sources.def"
	,
	SCAN_SOURCES_DEFAULT = 0
#define SOURCE(id, name) | 1u << SOURCE_##id
#define COSTLY_SOURCE(id, name)
#include "model/sources.def"
};

/* Scans once. From `previous`, an earlier model of this host (may be NULL), identities are carried
 * over, and what the kernel never changes. `quick` (may be NULL) receives a model of the processes
 * and their namespaces alone as soon as they are read. Returns 0 and the whole model (one
 * reference), -ECANCELED, or the error of listing /proc; nothing else fails. */
_must_check_ int scan_run(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model);
