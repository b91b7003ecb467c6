/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/options.h"
#include "cmd/rights.h"
#include "cmd/start.h"
#include "kernel/kernel.h"
#include "model/model.h"

/* The browser on a terminal: the loop that handles keys, signals, models of the worker, exit
 * notices of the helper, and timers. */

struct session_options {
	const struct options *options;
	const struct rights_plan *plan; /* what is given up when the terminal is open */
	struct kernel *kernel;          /* NULL: a snapshot is shown */
	const struct start *start;      /* helpers, snapshot, error in the config file */
	const struct model *model;      /* the snapshot; NULL: it is read from that descriptor */
	bool is_color;
	bool is_ascii; /* the terminal shows only ASCII */
};

/* Runs until the user quits. Returns 0, or a negative errno after a message (without one if the
 * terminal hung up). If a signal ends it, it restores the terminal, and the process ends by that
 * signal. */
_must_check_ int session_run(const struct session_options *options);
