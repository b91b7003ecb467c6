/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/worker.h"

#include "base/memory.h"
#include "scan/facts.h"

#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

struct worker {
	struct kernel *kernel;
	struct scan_options options;
	pthread_t thread;
	atomic_bool is_cancelled;
	atomic_bool is_busy; /* a scan runs or is requested */
	struct scan_progress progress;
	int event;

	pthread_mutex_t mutex; /* protects all that follows but `previous` */
	pthread_cond_t wanted, ended;
	bool is_requested, is_ending, is_facts_requested, has_ended;
	struct process_facts facts_request; /* only pid and started are set */
	/* Results; a newer one replaces an older one. */
	bool has_result, is_whole;
	int error;
	const struct model *model;
	bool has_facts;
	struct process_facts facts;

	const struct model *previous; /* used by the thread only */
};

/* Makes worker_fd readable. The write fails only if it is already (EAGAIN). */
static void notify(struct worker *worker)
{
	const uint64_t one = 1;

	if (write(worker->event, &one, sizeof(one)) < 0)
		return;
}

/* Takes the reference. */
static void put_result(struct worker *worker, const struct model *model, bool is_whole, int error)
{
	const struct model *replaced;

	pthread_mutex_lock(&worker->mutex);
	replaced = worker->model;
	worker->model = model;
	worker->is_whole = is_whole;
	worker->error = error;
	worker->has_result = true;
	notify(worker);
	pthread_mutex_unlock(&worker->mutex);
	model_unref(replaced);
}

static void put_quick(void *data, const struct model *model)
{
	put_result(data, model, false, 0);
}

static void scan_once(struct worker *worker)
{
	const struct model *model;
	/* Only the first scan gives a quick model: a later one would lack what is displayed. */
	const int r = scan_run(worker->kernel, &worker->options, worker->previous,
	        worker->previous ? NULL : put_quick, worker, &model);

	if (r == -ECANCELED)
		return;
	if (r < 0) {
		put_result(worker, NULL, true, r);
		return;
	}
	model_unref(worker->previous);
	worker->previous = model_ref(model);
	put_result(worker, model, true, 0);
}

static void read_facts(struct worker *worker)
{
	struct process_facts facts;

	pthread_mutex_lock(&worker->mutex);
	const struct process_facts request = worker->facts_request;
	worker->is_facts_requested = false;
	pthread_mutex_unlock(&worker->mutex);
	facts_read_process(worker->kernel, request.pid, request.started, &facts);
	pthread_mutex_lock(&worker->mutex);
	worker->facts = facts;
	worker->has_facts = true;
	notify(worker);
	pthread_mutex_unlock(&worker->mutex);
}

enum work {
	WORK_END,
	WORK_FACTS, /* before a scan: it is short, and the detail page is open */
	WORK_SCAN,
};

static enum work wait_for_work(struct worker *worker)
{
	enum work work = WORK_SCAN;

	pthread_mutex_lock(&worker->mutex);
	if (!worker->is_requested)
		atomic_store(&worker->is_busy, false);
	while (!worker->is_requested && !worker->is_facts_requested && !worker->is_ending)
		pthread_cond_wait(&worker->wanted, &worker->mutex);
	if (worker->is_ending) {
		work = WORK_END;
	} else if (worker->is_facts_requested) {
		work = WORK_FACTS;
	} else {
		atomic_store(&worker->progress.total, 0);
		worker->is_requested = false;
	}
	pthread_mutex_unlock(&worker->mutex);
	return work;
}

static void *run_worker(void *data)
{
	struct worker *const worker = data;
	enum work work;

	while ((work = wait_for_work(worker)) != WORK_END) {
		if (work == WORK_FACTS)
			read_facts(worker);
		else
			scan_once(worker);
	}
	pthread_mutex_lock(&worker->mutex);
	worker->has_ended = true;
	pthread_cond_signal(&worker->ended);
	pthread_mutex_unlock(&worker->mutex);
	return NULL;
}

/* Signals are handled by the thread that has the terminal. */
static int start_thread(struct worker *worker)
{
	sigset_t all, saved;
	int r;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &saved);
	r = pthread_create(&worker->thread, NULL, run_worker, worker);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return -r;
}

static void release(struct worker *worker)
{
	model_unref(worker->model);
	model_unref(worker->previous);
	close_fd(&worker->event);
	pthread_cond_destroy(&worker->wanted);
	pthread_cond_destroy(&worker->ended);
	pthread_mutex_destroy(&worker->mutex);
	free(worker);
}

int worker_new(struct kernel *kernel, const struct scan_options *options, struct worker **ret)
{
	const int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_condattr_t attributes;
	struct worker *worker;
	int r;

	if (event < 0)
		return -errno;
	worker = memory_new(sizeof(*worker));
	worker->kernel = kernel;
	worker->options = *options;
	worker->options.is_cancelled = &worker->is_cancelled;
	worker->options.progress = &worker->progress;
	worker->event = event;
	atomic_init(&worker->is_cancelled, false);
	pthread_mutex_init(&worker->mutex, NULL);
	pthread_cond_init(&worker->wanted, NULL);
	/* Timed waits use the clock that cannot be set (clock_gettime(2)). */
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->ended, &attributes);
	pthread_condattr_destroy(&attributes);
	r = start_thread(worker);
	if (r < 0) {
		release(worker);
		return r;
	}
	*ret = worker;
	return 0;
}

static void request_end(struct worker *worker)
{
	atomic_store(&worker->is_cancelled, true);
	pthread_mutex_lock(&worker->mutex);
	worker->is_ending = true;
	pthread_cond_signal(&worker->wanted);
	pthread_mutex_unlock(&worker->mutex);
}

bool worker_stop(struct worker *worker, unsigned patience_ms)
{
	struct timespec end;
	bool has_ended;
	int r = 0;

	if (!worker)
		return true;
	request_end(worker);
	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += patience_ms / 1000;
	end.tv_nsec += (long)(patience_ms % 1000) * 1000000;
	end.tv_sec += end.tv_nsec / 1000000000;
	end.tv_nsec %= 1000000000;
	pthread_mutex_lock(&worker->mutex);
	while (!worker->has_ended && r == 0)
		r = pthread_cond_timedwait(&worker->ended, &worker->mutex, &end);
	has_ended = worker->has_ended;
	pthread_mutex_unlock(&worker->mutex);
	return has_ended;
}

void worker_free(struct worker *worker)
{
	if (!worker)
		return;
	request_end(worker);
	pthread_join(worker->thread, NULL);
	release(worker);
}

void worker_request(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
	worker->is_requested = true;
	atomic_store(&worker->is_busy, true);
	pthread_cond_signal(&worker->wanted);
	pthread_mutex_unlock(&worker->mutex);
}

unsigned worker_progress(const struct worker *worker)
{
	return atomic_load(&worker->is_busy) ? scan_progress_percent(&worker->progress) : 100;
}

int worker_fd(const struct worker *worker)
{
	return worker->event;
}

int worker_take(struct worker *worker, const struct model **ret_model, bool *ret_is_whole)
{
	uint64_t count;
	int r = 0;

	pthread_mutex_lock(&worker->mutex);
	if (read(worker->event, &count, sizeof(count)) > 0 && worker->has_result) {
		r = worker->error < 0 ? worker->error : 1;
		if (r == 1) {
			*ret_model = worker->model;
			*ret_is_whole = worker->is_whole;
		}
		worker->model = NULL;
		worker->has_result = false;
	}
	pthread_mutex_unlock(&worker->mutex);
	return r;
}

void worker_request_facts(struct worker *worker, pid_t pid, uint64_t started)
{
	pthread_mutex_lock(&worker->mutex);
	worker->facts_request = (struct process_facts){.pid = pid, .started = started};
	worker->is_facts_requested = true;
	pthread_cond_signal(&worker->wanted);
	pthread_mutex_unlock(&worker->mutex);
}

bool worker_take_facts(struct worker *worker, struct process_facts *ret)
{
	pthread_mutex_lock(&worker->mutex);
	const bool has_facts = worker->has_facts;
	if (has_facts)
		*ret = worker->facts;
	worker->has_facts = false;
	pthread_mutex_unlock(&worker->mutex);
	return has_facts;
}
