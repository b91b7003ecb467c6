/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/process_facts.h"
#include "scan/scan.h"

/* The thread that scans, so that the one with the terminal never reads /proc. */

struct worker;

/* Starts the thread. `kernel` stays the caller's and valid until worker_free; `options` are copied
 * (what they point to stays valid), but for is_cancelled: worker_free cancels. */
_must_check_ int worker_new(
        struct kernel *kernel, const struct scan_options *options, struct worker **ret);

/* Cancels what is running, and waits at most so long for the thread to end. False if it has not:
 * a job of the helper may take longer (a command line whose read waits: 0.3 s each). Then neither
 * the worker nor what it was given may be released; all that is left is to exit. Ask for nothing
 * after it. NULL is fine. */
_must_check_ bool worker_stop(struct worker *worker, unsigned patience_ms);

/* Cancels what is running, joins the thread, frees what was not taken. NULL is fine. */
void worker_free(struct worker *worker);

/* Asks for a scan; one that is running goes on, and another follows it. Never waits. A scan gives a
 * quick model only while there is no whole one yet: later ones would lack what is on the screen. */
void worker_request(struct worker *worker);

/* How far the scan that runs is, 0 to 100; also 100 when none runs or was asked for. Never waits:
 * for a mark that is looked at now and then. */
unsigned worker_progress(const struct worker *worker);

/* Asks for the facts of one process, between two scans; of several wishes the last one counts.
 * Never waits. */
void worker_ask(struct worker *worker, pid_t pid, uint64_t started);

/* The answer to it, if it has come since: true. Without waiting. */
bool worker_take_facts(struct worker *worker, struct process_facts *ret);

/* To be polled for reading: something can be taken. */
int worker_fd(const struct worker *worker);

/* What has come, oldest first, without waiting: 1 and a model (one reference, the caller's) with
 * *ret_is_whole (false: the quick one of a scan), 0 when there is nothing, or the negative errno
 * of a scan that failed. A model that a newer one has overtaken is dropped. What makes worker_fd
 * readable ends with it: worker_take_facts is to be asked too. */
_must_check_ int worker_take(
        struct worker *worker, const struct model **ret_model, bool *ret_is_whole);
