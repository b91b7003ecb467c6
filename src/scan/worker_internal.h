/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "base/progress.h"
#include "model/mounts.h"
#include "model/ns_facts.h"
#include "scan/watcher.h"

#include <pthread.h>

/* What worker.c, the thread of the models, and worker_facts.c, that of the facts, share. */

/* A namespace whose facts were requested, or the facts. */
struct ns_item {
	struct ns_item *next;
	const struct model *model; /* a reference */
	uint64_t tag;
	unsigned what;
	const struct ns_facts *facts; /* a reference; NULL: not read yet */
};

/* First in, first out. */
struct ns_queue {
	struct ns_item *first, *last;
};

enum work {
	WORK_WATCH,     /* what is planned */
	WORK_REQUESTED, /* a model */
	WORK_END,
};

/* What the thread of the models does next, and how from now on. */
struct order {
	enum work work;
	bool has_mode, has_sources;
	enum watching_mode mode;
	uint64_t delay;
	uint32_t sources;
};

/* Facts are read by a thread of their own: a scan may take long. */
struct worker {
	struct kernel *kernel;
	struct scan_options options;
	/* A worker_load_fn (worker.h) instead of a scan; NULL: scans. */
	int (*load)(void *data, struct progress *progress, const struct model **ret_model);
	void *data;
	struct watcher *watcher; /* used by the thread only; NULL with `load` */
	pthread_t thread, facts_thread;
	atomic_bool is_busy; /* a requested model is read or waits */
	struct progress progress;
	int event;
	int wake; /* readable if the thread has something to do */

	pthread_mutex_t mutex; /* protects all that follows */
	pthread_cond_t facts_wanted, ended;
	bool is_ending, is_facts_requested, are_features_requested;
	struct order order;       /* that the thread has not taken yet */
	struct watching watching; /* without age: */
	int64_t oldest;           /* when the oldest part was read, in monotonic ms; 0: not yet */
	unsigned n_running;       /* threads */
	struct process_facts facts_request; /* only pid and started are set */
	struct ns_queue shown, waiting;     /* requests with NS_FACTS_FIRST, and the others */
	const struct model *mounts_request; /* a reference; NULL: none */
	/* Results; a newer one replaces an older one. */
	bool has_result;
	unsigned result; /* enum worker_result (worker.h) */
	int error;
	const struct model *model;
	bool has_facts;
	struct process_facts facts;
	struct ns_queue answers;     /* all are kept */
	const struct mounts *mounts; /* a reference; NULL: none */
	bool has_features;
	struct kernel_features features;
};

/* Makes worker_fd readable. With the mutex. */
void worker_notify(struct worker *worker);

/* Says that a thread ends, at its end. */
void worker_end_thread(struct worker *worker);

/* The thread of the facts: runs until worker->is_ending. */
void *worker_facts_run(void *worker);

/* Frees the requests and results of facts. */
void worker_facts_release(struct worker *worker);
