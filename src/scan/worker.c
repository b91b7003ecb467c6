/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/worker.h"

#include "base/memory.h"
#include "scan/facts.h"
#include "scan/thread.h"

#include <pthread.h>
#include <sys/eventfd.h>
#include <time.h>

struct worker {
	struct kernel *kernel;
	struct scan_options options;
	worker_load_fn *load; /* instead of a scan, if not NULL */
	void *data;
	pthread_t thread;
	atomic_bool is_busy; /* a model is read or requested */
	struct progress progress;
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

static void read_model(struct worker *worker)
{
	const struct model *model;
	int r;

	pthread_mutex_lock(&worker->mutex);
	const struct scan_options options = worker->options;
	pthread_mutex_unlock(&worker->mutex);
	/* Only the first scan gives a quick model: a later one would lack what is displayed. */
	if (worker->load)
		r = worker->load(worker->data, &worker->progress, &model);
	else
		r = scan_run(worker->kernel, &options, worker->previous,
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
	WORK_FACTS, /* before a model: it is short, and the detail page is open */
	WORK_MODEL,
};

static enum work wait_for_work(struct worker *worker)
{
	enum work work = WORK_MODEL;

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
		progress_set(&worker->progress, 0, 0);
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
			read_model(worker);
	}
	pthread_mutex_lock(&worker->mutex);
	worker->has_ended = true;
	pthread_cond_signal(&worker->ended);
	pthread_mutex_unlock(&worker->mutex);
	return NULL;
}

static void release(struct worker *worker)
{
	model_unref(worker->model);
	model_unref(worker->previous);
	close_fd(&worker->event);
	progress_release(&worker->progress);
	pthread_cond_destroy(&worker->wanted);
	pthread_cond_destroy(&worker->ended);
	pthread_mutex_destroy(&worker->mutex);
	free(worker);
}

/* `input`: what it reads. */
static int start(const struct worker *input, struct worker **ret)
{
	struct worker *const worker = memory_new(sizeof(*worker));
	pthread_condattr_t attributes;
	int r;

	*worker = *input;
	worker->options.is_cancelled = &worker->progress.is_cancelled;
	worker->options.progress = &worker->progress;
	pthread_mutex_init(&worker->mutex, NULL);
	pthread_cond_init(&worker->wanted, NULL);
	/* Timed waits use the clock that cannot be set (clock_gettime(2)). */
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->ended, &attributes);
	pthread_condattr_destroy(&attributes);
	r = progress_init(&worker->progress, worker->load != NULL);
	worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r == 0)
		r = worker->event < 0 ? -errno : thread_start(&worker->thread, run_worker, worker);
	if (r < 0) {
		release(worker);
		return r;
	}
	*ret = worker;
	return 0;
}

int worker_new(struct kernel *kernel, const struct scan_options *options, struct worker **ret)
{
	return start(&(struct worker){.kernel = kernel, .options = *options}, ret);
}

int worker_new_load(worker_load_fn *load, void *data, struct worker **ret)
{
	return start(&(struct worker){.load = load, .data = data}, ret);
}

static void request_end(struct worker *worker)
{
	progress_cancel(&worker->progress);
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

void worker_set_sources(struct worker *worker, uint32_t sources)
{
	pthread_mutex_lock(&worker->mutex);
	worker->options.sources = sources;
	pthread_mutex_unlock(&worker->mutex);
}

unsigned worker_progress(const struct worker *worker, size_t *ret_bytes)
{
	*ret_bytes = atomic_load(&worker->progress.total) ? 0 : atomic_load(&worker->progress.done);
	return atomic_load(&worker->is_busy) ? progress_percent(&worker->progress) : 100;
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
