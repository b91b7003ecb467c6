/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/attributes.h"
#include "model/model.h"
#include "model/mounts.h"
#include "model/ns_facts.h"
#include "model/watching.h"
#include "scan/scan.h"

/* The threads that read models, by scans or from a snapshot, and facts, so that the thread with the
 * terminal never waits for a read of /proc or of a file. Facts do not wait for a scan that runs. */

struct worker;

/* Starts the threads. `kernel` stays the caller's and must stay valid until worker_free. `options`
 * is copied, what it points to must stay valid; is_cancelled and progress are the worker's own.
 * Returns 0 or a negative errno of eventfd(2) or pthread_create(3). */
_must_check_ int worker_new(
        struct kernel *kernel, const struct scan_options *options, struct worker **ret);

/* Reads a model in the thread. `progress` counts bytes, its total is 0 while the size is not known.
 * Returns 0 and the model (one reference), or a negative errno; -ECANCELED after progress_cancel.
 */
typedef int worker_load_fn(void *data, struct progress *progress, const struct model **ret_model);

/* The same with `load` in place of a scan. There are no quick models, and no facts. */
_must_check_ int worker_new_load(worker_load_fn *load, void *data, struct worker **ret);

/* Cancels what runs and waits at most patience_ms for the threads to end. Returns false if it has
 * not: a job of the helper may take longer (a command line whose read does not return: 0.3 s
 * each). Then neither the worker nor what was given to it may be released, and the program can only
 * exit. Nothing may be requested after it. NULL is allowed. */
_must_check_ bool worker_stop(struct worker *worker, unsigned patience_ms);

/* Cancels what runs, joins the threads, and frees all that was not taken. NULL is allowed. */
void worker_free(struct worker *worker);

/* Requests a model: a scan; one that is running goes on, and another follows it. Never waits. A
 * scan gives a quick model only while there is no whole one yet: later it would lack what is
 * displayed. */
void worker_request(struct worker *worker);

/* Keeps the model up to date from now on (scan/watcher.h): WATCHING_EVENTS by events of the kernel
 * if they can be opened, WATCHING_LIST by lists of PIDs each `delay` ms, WATCHING_NONE no more.
 * Each new model is a result. Never waits. Before the first request, so that the first scan misses
 * nothing.
 */
void worker_watch(struct worker *worker, enum watching_mode mode, uint64_t delay);

/* How the model is kept up to date. Never waits. */
void worker_watching(struct worker *worker, struct watching *ret);

/* Sets the sources (1 << SOURCE_*) of the scans that begin from now on. Never waits. */
void worker_set_sources(struct worker *worker, uint32_t sources);

/* How much of the requested model has been read: 0 to 100; 100 also if none is requested. While
 * the size of a snapshot is not known (a pipe), *ret_bytes is how much of it has been read, else 0.
 * Never waits. */
unsigned worker_progress(const struct worker *worker, size_t *ret_bytes);

/* Requests the facts of one process, which go before those of namespaces; a newer request replaces
 * an older one. Never waits. */
void worker_request_facts(struct worker *worker, pid_t pid, uint64_t started);

/* Takes the facts that were requested. Returns false if there are none yet. Never waits. */
bool worker_take_facts(struct worker *worker, struct process_facts *ret);

/* Requests the facts of `ns`, a namespace of `model`, of which the worker keeps a reference.
 * `what`: bits of NS_FACTS_*; requests with NS_FACTS_FIRST go before the others. Each request is
 * answered once, unless it is dropped. Never waits. */
void worker_request_ns_facts(
        struct worker *worker, const struct model *model, const struct ns *ns, unsigned what);

/* Drops the requests without NS_FACTS_FIRST that wait. Never waits. */
void worker_drop_ns_facts(struct worker *worker);

/* Takes the facts that came first (one reference, the caller's); NULL: there are none. Never
 * waits. */
const struct ns_facts *worker_take_ns_facts(struct worker *worker);

/* Requests the mounts of all mount namespaces of `model`, of which the worker keeps a reference; a
 * newer request replaces one that waits. Facts with NS_FACTS_FIRST go before them. Never waits. */
void worker_request_mounts(struct worker *worker, const struct model *model);

/* Takes the mounts that were requested (one reference, the caller's); NULL: there are none yet. If
 * they were not taken before the next ones came, they are dropped. Never waits. */
const struct mounts *worker_take_mounts(struct worker *worker);

/* Requests which interfaces the kernel has (kernel_ops->features): after the facts of what is
 * shown, before all others. Not with worker_new_load. Never waits. */
void worker_request_features(struct worker *worker);

/* Takes what was requested. Returns false if it is not there yet. Never waits. */
bool worker_take_features(struct worker *worker, struct kernel_features *ret);

/* Readable if something can be taken. */
int worker_fd(const struct worker *worker);

enum worker_result {
	WORKER_QUICK,   /* the quick model of a scan */
	WORKER_CHANGED, /* a whole one that was not requested: something has changed */
	WORKER_WHOLE,   /* the whole one that was requested, or newer */
};

/* Takes the newest result. Never waits. Returns 1 and a model (one reference, the caller's) with
 * *ret_result, 0 if there is none, or the negative errno of a requested scan that failed. A model
 * that was not taken before the next one came is dropped. worker_fd is not readable any more after
 * it: worker_take_facts, worker_take_mounts, worker_take_features and worker_take_ns_facts must be
 * called too, the last until it returns NULL. */
_must_check_ int worker_take(
        struct worker *worker, const struct model **ret_model, enum worker_result *ret_result);
