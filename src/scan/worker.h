/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "scan/scan.h"

/* The thread that scans, so that the thread with the terminal never waits for a read of /proc. */

struct worker;

/* Starts the thread. `kernel` stays the caller's and must stay valid until worker_free. `options`
 * is copied, what it points to must stay valid; is_cancelled and progress are the worker's own.
 * Returns 0 or a negative errno of eventfd(2) or pthread_create(3). */
_must_check_ int worker_new(
        struct kernel *kernel, const struct scan_options *options, struct worker **ret);

/* Cancels what runs and waits at most patience_ms for the thread to end. Returns false if it has
 * not: a job of the helper may take longer (a command line whose read does not return: 0.3 s
 * each). Then neither the worker nor what was given to it may be released, and the program can only
 * exit. Nothing may be requested after it. NULL is allowed. */
_must_check_ bool worker_stop(struct worker *worker, unsigned patience_ms);

/* Cancels what runs, joins the thread, and frees all that was not taken. NULL is allowed. */
void worker_free(struct worker *worker);

/* Requests a scan; one that is running goes on, and another follows it. Never waits. A scan gives a
 * quick model only while there is no whole one yet: later it would lack what is displayed. */
void worker_request(struct worker *worker);

/* The progress of the running scan, 0 to 100; 100 also if none runs or is requested. Never waits.
 */
unsigned worker_progress(const struct worker *worker);

/* Requests the facts of one process, read between two scans; a newer request replaces an older one.
 * Never waits. */
void worker_request_facts(struct worker *worker, pid_t pid, uint64_t started);

/* Takes the facts that were requested. Returns false if there are none yet. Never waits. */
bool worker_take_facts(struct worker *worker, struct process_facts *ret);

/* Readable if something can be taken. */
int worker_fd(const struct worker *worker);

/* Takes the newest result. Never waits. Returns 1 and a model (one reference, the caller's) with
 * *ret_is_whole (false: the quick one of a scan), 0 if there is none, or the negative errno of a
 * scan that failed. A model that was not taken before the next one came is dropped. worker_fd is
 * not readable any more after it: worker_take_facts must be called too. */
_must_check_ int worker_take(
        struct worker *worker, const struct model **ret_model, bool *ret_is_whole);
