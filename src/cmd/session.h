/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "cmd/options.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "privsep/helper.h"

/* The browser on a terminal: the one loop in which keys, signals, the worker's models, the
 * helper's words and timers meet. */

struct session_options {
	const struct options *options;
	struct kernel *kernel; /* NULL: a snapshot is shown */
	struct helper *helper;
	const struct model *model; /* the snapshot, or NULL */
	bool is_color;
	bool is_ascii;        /* the terminal can show nothing else */
	const char *greeting; /* what is wrong with the options, raw; NULL: nothing */
};

/* Runs until the user quits: 0. A negative errno after a message; when a signal ended it, the
 * terminal is given back and the process ends by that signal. */
_must_check_ int session_run(const struct session_options *options);
