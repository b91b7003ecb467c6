/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* How far the work of a thread is, for another thread, which may also cancel it. All functions but
 * progress_init and progress_release are thread-safe. */

struct progress {
	atomic_size_t done, total; /* steps or bytes; total 0: not known */
	atomic_bool is_cancelled;
	int event; /* readable if it is cancelled; negative: none is needed */
};

/* The work has not begun. With `has_waits` progress_wait can be used: needs a descriptor. Returns 0
 * or a negative errno of eventfd(2). */
_must_check_ int progress_init(struct progress *progress, bool has_waits);
void progress_release(struct progress *progress);

/* Sets how much is done, of how much. */
void progress_set(struct progress *progress, size_t done, size_t total);

/* 0 to 100; 0 also if the total is not known. */
unsigned progress_percent(const struct progress *progress);

/* Ends progress_wait, now and later. */
void progress_cancel(struct progress *progress);

/* Waits until `fd` is readable, without a limit. Returns 0 (also if it cannot be read: read(2) says
 * why), or -ECANCELED. */
_must_check_ int progress_wait(const struct progress *progress, int fd);
