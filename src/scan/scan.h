/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "kernel/kernel.h"
#include "model/model.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

/* Reading one moment of a host through the kernel seam. */

struct scan_options {
	uint32_t sources;    /* 1 << SOURCE_*: those that are built are read, the rest left out */
	bool with_cmdlines;  /* keep whole command lines (--cmdline), at most 4 KiB each */
	pid_t helper;        /* our helper: never counted as unreadable; 0: none */
	unsigned readers;    /* threads that read processes, at least 1 */
	const char *program; /* for host.program */
	const atomic_bool *is_cancelled; /* may be NULL; looked at often; then -ECANCELED */
};

/* Called with the quick model (phase 1), one reference, the callee's. */
typedef void scan_quick_fn(void *data, const struct model *model);

/* Scans once. `previous` (may be NULL) is the model before, for identity and for what need not be
 * asked again. `quick` (may be NULL) gets the first picture early. Returns 0 and the whole model
 * (one reference), -ECANCELED, or the error of listing /proc: nothing else ends a scan. */
_must_check_ int scan_run(struct kernel *kernel, const struct scan_options *options,
        const struct model *previous, scan_quick_fn *quick, void *data,
        const struct model **ret_model);
