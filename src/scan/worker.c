/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/worker.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "scan/thread.h"
#include "scan/worker_internal.h"

#include <sys/eventfd.h>
#include <time.h>

/* Makes an eventfd readable. The write fails only if it is already (EAGAIN). */
static void signal_fd(int fd)
{
	const uint64_t one = 1;

	if (write(fd, &one, sizeof(one)) < 0)
		return;
}

void worker_notify(struct worker *worker)
{
	signal_fd(worker->event);
}

/* Takes the reference. A requested result that was not taken stays one if a newer model replaces
 * it. */
static void put_result(
        struct worker *worker, const struct model *model, enum worker_result result, int error)
{
	const struct model *replaced;

	pthread_mutex_lock(&worker->mutex);
	replaced = worker->model;
	worker->model = model;
	worker->result = worker->has_result ? MAX(worker->result, result) : result;
	worker->error = error;
	worker->has_result = true;
	worker_notify(worker);
	pthread_mutex_unlock(&worker->mutex);
	model_unref(replaced);
}

static void put_quick(void *data, const struct model *model)
{
	put_result(data, model, WORKER_QUICK, 0);
}

/* Reads what was requested. */
static void read_model(struct worker *worker)
{
	const struct model *model = NULL;
	int r;

	if (worker->load)
		r = worker->load(worker->data, &worker->progress, &model);
	else
		r = watcher_read_all(worker->watcher, &model);
	if (r != -ECANCELED)
		put_result(worker, r < 0 ? NULL : model, WORKER_WHOLE, MIN(r, 0));
}

/* Reads what may have changed. */
static void watch(struct worker *worker)
{
	const struct model *model;

	if (watcher_act(worker->watcher, &model) > 0)
		put_result(worker, model, WORKER_CHANGED, 0);
}

/* --- the thread of the models --------------------------------------------------------------- */

/* Takes what has been requested since. */
static void take_order(struct worker *worker, struct order *ret)
{
	uint64_t count;

	pthread_mutex_lock(&worker->mutex);
	if (read(worker->wake, &count, sizeof(count)) < 0)
		count = 0;
	*ret = worker->order;
	worker->order.has_mode = worker->order.has_sources = false;
	worker->order.work = WORK_WATCH;
	if (worker->is_ending)
		ret->work = WORK_END;
	if (ret->work == WORK_REQUESTED)
		progress_set(&worker->progress, 0, 0);
	else
		atomic_store(&worker->is_busy, false);
	pthread_mutex_unlock(&worker->mutex);
}

/* For worker_watching, after each action. */
static void tell_watching(struct worker *worker)
{
	struct watching watching;
	int64_t oldest;

	if (!worker->watcher)
		return;
	watcher_get(worker->watcher, &watching, &oldest);
	pthread_mutex_lock(&worker->mutex);
	worker->watching = watching;
	worker->oldest = oldest;
	pthread_mutex_unlock(&worker->mutex);
}

/* Not with the mutex: opening events takes a while. */
static enum work take_work(struct worker *worker)
{
	struct order order;

	take_order(worker, &order);
	if (order.has_sources)
		watcher_set_sources(worker->watcher, order.sources);
	if (!order.has_mode)
		return order.work;
	watcher_set_mode(worker->watcher, order.mode, order.delay);
	tell_watching(worker);
	return order.work;
}

/* Waits for a request, for records, or for the time of what is planned. */
static enum work wait_for_work(struct worker *worker)
{
	for (;;) {
		const enum work work = take_work(worker);
		struct pollfd fds[2] = {{.fd = worker->wake, .events = POLLIN}, {.fd = -1}};
		const int timeout = worker->watcher ? watcher_wait(worker->watcher, &fds[1]) : -1;

		if (work != WORK_WATCH || timeout == 0)
			return work;
		if (poll(fds, ARRAY_SIZE(fds), timeout) > 0 && fds[1].revents)
			watcher_see_records(worker->watcher);
	}
}

void worker_end_thread(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
	worker->n_running--;
	pthread_cond_signal(&worker->ended);
	pthread_mutex_unlock(&worker->mutex);
}

static void *run_models(void *data)
{
	struct worker *const worker = data;
	enum work work;

	while ((work = wait_for_work(worker)) != WORK_END) {
		if (work == WORK_REQUESTED)
			read_model(worker);
		else
			watch(worker);
		tell_watching(worker);
	}
	worker_end_thread(worker);
	return NULL;
}

/* --- the threads ------------------------------------------------------------------------------ */

static void release(struct worker *worker)
{
	model_unref(worker->model);
	watcher_free(worker->watcher);
	worker_facts_release(worker);
	close_fd(&worker->event);
	close_fd(&worker->wake);
	progress_release(&worker->progress);
	pthread_cond_destroy(&worker->facts_wanted);
	pthread_cond_destroy(&worker->ended);
	pthread_mutex_destroy(&worker->mutex);
	free(worker);
}

static void init_conditions(struct worker *worker)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&worker->mutex, NULL);
	pthread_cond_init(&worker->facts_wanted, NULL);
	/* Timed waits use the clock that cannot be set (clock_gettime(2)). */
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->ended, &attributes);
	pthread_condattr_destroy(&attributes);
}

static void request_end(struct worker *worker)
{
	progress_cancel(&worker->progress);
	pthread_mutex_lock(&worker->mutex);
	worker->is_ending = true;
	signal_fd(worker->wake);
	pthread_cond_signal(&worker->facts_wanted);
	pthread_mutex_unlock(&worker->mutex);
}

/* Nothing but a scan has facts. */
static int start_threads(struct worker *worker)
{
	int r = thread_start(&worker->thread, run_models, worker);

	if (r < 0)
		return r;
	worker->n_running = 1;
	if (worker->load)
		return 0;
	worker->n_running = 2;
	r = thread_start(&worker->facts_thread, worker_facts_run, worker);
	if (r < 0) {
		request_end(worker);
		pthread_join(worker->thread, NULL);
	}
	return r;
}

/* `input`: what it reads. */
static int start(const struct worker *input, struct worker **ret)
{
	struct worker *const worker = memory_new(sizeof(*worker));
	int r;

	*worker = *input;
	worker->options.is_cancelled = &worker->progress.is_cancelled;
	worker->options.progress = &worker->progress;
	init_conditions(worker);
	if (!worker->load)
		worker->watcher = watcher_new(worker->kernel, &worker->options, put_quick, worker);
	r = progress_init(&worker->progress, worker->load != NULL);
	worker->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker->wake = worker->event < 0 ? -EBADF : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r == 0)
		r = worker->wake < 0 ? -errno : start_threads(worker);
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
	while (worker->n_running > 0 && r == 0)
		r = pthread_cond_timedwait(&worker->ended, &worker->mutex, &end);
	has_ended = worker->n_running == 0;
	pthread_mutex_unlock(&worker->mutex);
	return has_ended;
}

void worker_free(struct worker *worker)
{
	if (!worker)
		return;
	request_end(worker);
	pthread_join(worker->thread, NULL);
	if (!worker->load)
		pthread_join(worker->facts_thread, NULL);
	release(worker);
}

void worker_request(struct worker *worker)
{
	pthread_mutex_lock(&worker->mutex);
	worker->order.work = WORK_REQUESTED;
	atomic_store(&worker->is_busy, true);
	signal_fd(worker->wake);
	pthread_mutex_unlock(&worker->mutex);
}

void worker_set_sources(struct worker *worker, uint32_t sources)
{
	pthread_mutex_lock(&worker->mutex);
	worker->order.sources = sources;
	worker->order.has_sources = true;
	signal_fd(worker->wake);
	pthread_mutex_unlock(&worker->mutex);
}

void worker_watch(struct worker *worker, enum watching_mode mode, uint64_t delay)
{
	pthread_mutex_lock(&worker->mutex);
	worker->order.mode = mode;
	worker->order.delay = delay;
	worker->order.has_mode = true;
	signal_fd(worker->wake);
	pthread_mutex_unlock(&worker->mutex);
}

void worker_watching(struct worker *worker, struct watching *ret)
{
	pthread_mutex_lock(&worker->mutex);
	*ret = worker->watching;
	ret->age = worker->oldest ? MAX(monotonic_ms() - worker->oldest, (int64_t)0) : -1;
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

int worker_take(
        struct worker *worker, const struct model **ret_model, enum worker_result *ret_result)
{
	uint64_t count;
	int r = 0;

	pthread_mutex_lock(&worker->mutex);
	if (read(worker->event, &count, sizeof(count)) > 0 && worker->has_result) {
		r = worker->error < 0 ? worker->error : 1;
		if (r == 1) {
			*ret_model = worker->model;
			*ret_result = worker->result;
		}
		worker->model = NULL;
		worker->has_result = false;
	}
	pthread_mutex_unlock(&worker->mutex);
	return r;
}
