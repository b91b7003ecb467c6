/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/watcher.h"

#include "base/memory.h"
#include "base/monotonic.h"
#include "scan/refresh.h"
#include "scan/watch.h"

#include <time.h>

struct event_list {
	struct kernel_event *all;
	size_t n, capacity;
};

struct watcher {
	struct kernel *kernel;
	struct refresh *refresh;
	scan_quick_fn *quick;
	void *data;
	struct watching watching; /* without age and is_lossy */
	struct watch watch;       /* if watching.mode is not WATCHING_NONE */
	int64_t oldest;           /* when the oldest part was read; 0: there is no model yet */
	bool is_open;             /* the events are, or were */
	struct kernel_events events;
	struct event_list due;   /* whose processes are read now, */
	struct event_list again; /* and once more, since they have executed a program */
};

struct watcher *watcher_new(
        struct kernel *kernel, const struct scan_options *options, scan_quick_fn *quick, void *data)
{
	struct watcher *const watcher = memory_new(sizeof(*watcher));

	*watcher = (struct watcher){
	        .kernel = kernel,
	        .refresh = refresh_new(kernel, options),
	        .quick = quick,
	        .data = data,
	};
	return watcher;
}

static void close_events(struct watcher *watcher)
{
	if (watcher->is_open)
		watcher->kernel->ops->events_close(watcher->kernel);
	watcher->is_open = false;
}

void watcher_free(struct watcher *watcher)
{
	if (!watcher)
		return;
	close_events(watcher);
	refresh_free(watcher->refresh);
	free(watcher->events.events);
	free(watcher->due.all);
	free(watcher->again.all);
	free(watcher);
}

/* --- the two ways -------------------------------------------------------------------------- */

/* They are opened once, and stay open while nothing is watched: the right to open them is dropped
 * then. */
static void open_events(struct watcher *watcher)
{
	if (watcher->is_open || watcher->watching.error)
		return;
	watcher->watching.error = -watcher->kernel->ops->events_open(watcher->kernel);
	watcher->is_open = watcher->watching.error == 0;
}

static void start(struct watcher *watcher)
{
	const bool has_events = watcher->watching.mode == WATCHING_EVENTS;

	watcher->again.n = 0;
	watch_start(&watcher->watch, has_events, (int64_t)watcher->watching.delay, monotonic_ms());
}

void watcher_set_mode(struct watcher *watcher, enum watching_mode mode, uint64_t delay)
{
	struct watching *const watching = &watcher->watching;
	const bool was_on = watching->mode != WATCHING_NONE;

	watching->delay = MAX(delay, (uint64_t)1);
	if (mode == WATCHING_EVENTS)
		open_events(watcher);
	else if (mode == WATCHING_LIST)
		watching->error = ECANCELED;
	watching->mode = mode == WATCHING_EVENTS && !watcher->is_open ? WATCHING_LIST : mode;
	if (watching->mode == WATCHING_NONE)
		return;
	/* Records of the time without a watch: all is read. */
	if (!was_on && watcher->is_open)
		(void)watcher->kernel->ops->events_read(watcher->kernel, &watcher->events);
	if (was_on)
		watch_set_delay(&watcher->watch, (int64_t)watching->delay);
	else
		start(watcher);
}

/* Some records do not come: lists from now on. */
static void give_up_events(struct watcher *watcher, int error)
{
	close_events(watcher);
	watcher->watching.mode = WATCHING_LIST;
	watcher->watching.error = -error;
	start(watcher);
}

void watcher_set_sources(struct watcher *watcher, uint32_t sources)
{
	refresh_set_sources(watcher->refresh, sources);
}

int watcher_wait(const struct watcher *watcher, struct pollfd *ret_fd)
{
	const int64_t now = monotonic_ms();

	*ret_fd = (struct pollfd){.fd = -1, .events = POLLIN};
	if (watcher->watching.mode == WATCHING_NONE)
		return -1;
	const struct watch_next next = watch_next(&watcher->watch, now);
	if (next.with_events)
		ret_fd->fd = watcher->kernel->ops->events_fd(watcher->kernel);
	return (int)MIN(next.at - now, (int64_t)INT32_MAX);
}

void watcher_see_records(struct watcher *watcher)
{
	watch_see_records(&watcher->watch, monotonic_ms());
}

/* --- actions ------------------------------------------------------------------------------- */

/* A process that has executed a program is read again later: its command line may be empty yet. */
static void add_events(struct watcher *watcher)
{
	struct event_list *const due = &watcher->due;
	struct event_list *const again = &watcher->again;

	due->n = 0;
	for (size_t i = 0; i < again->n; i++)
		MEMORY_APPEND(due->all, due->n, due->capacity) = again->all[i];
	again->n = 0;
	for (size_t i = 0; i < watcher->events.n; i++) {
		const struct kernel_event *event = &watcher->events.events[i];

		MEMORY_APPEND(due->all, due->n, due->capacity) = *event;
		if (event->kinds & KERNEL_EVENT_EXEC)
			MEMORY_APPEND(again->all, again->n, again->capacity) = *event;
	}
}

/* Returns 1 if processes are to be read (watcher->due), 0 if not, or a negative errno. */
static int take_records(struct watcher *watcher)
{
	const int r = watcher->kernel->ops->events_read(watcher->kernel, &watcher->events);
	const struct kernel_events *const events = &watcher->events;

	if (r < 0)
		return r;
	watcher->watching.n_records += events->n_records;
	watcher->watching.n_foreign += events->n_foreign;
	watcher->watching.n_lost += events->n_lost;
	add_events(watcher);
	if (events->has_new_mounts)
		refresh_want_mounts(watcher->refresh);
	/* Those of others cause no work. */
	return watch_count_records(&watcher->watch, events->n_records - events->n_foreign,
	        events->n_lost, monotonic_ms());
}

static int read_records(struct watcher *watcher, const struct model **ret_model)
{
	const int r = take_records(watcher);

	if (r < 0)
		give_up_events(watcher, r);
	if (r <= 0 || (!watcher->due.n && !refresh_has_ending(watcher->refresh)))
		return 0;
	return refresh_events(watcher->refresh, watcher->due.all, watcher->due.n, ret_model);
}

/* With each round the CPUs that are online since the last one. What happened on them is not known.
 */
static void update_events(struct watcher *watcher)
{
	const int r = watcher->is_open ? watcher->kernel->ops->events_update(watcher->kernel) : 0;

	if (r < 0)
		give_up_events(watcher, r);
	else if (r > 0)
		watch_want_all(&watcher->watch);
}

/* us of CPU time of all threads: those that read, and those that end meanwhile. */
static int64_t cpu_us(void)
{
	struct timespec used;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (int64_t)used.tv_sec * 1000000 + used.tv_nsec / 1000;
}

static int read_all(struct watcher *watcher, const struct model **ret_model)
{
	const bool is_first = refresh_n_processes(watcher->refresh) == 0;
	const int r = refresh_all(
	        watcher->refresh, is_first ? watcher->quick : NULL, watcher->data, ret_model);

	watcher->oldest = refresh_oldest(watcher->refresh);
	return r == 0 ? 1 : r;
}

static int step(struct watcher *watcher, size_t n, const struct model **ret_model, bool *ret_is_end)
{
	const int r = refresh_step(watcher->refresh, n, ret_model, ret_is_end);

	watcher->oldest = refresh_oldest(watcher->refresh);
	return r;
}

/* Records make few parts newer, and are read often: they leave `oldest` as it is. */
static int act(struct watcher *watcher, const struct watch_next *next,
        const struct model **ret_model, bool *ret_is_end)
{
	switch (next->action) {
	case WATCH_RECORDS:
		return read_records(watcher, ret_model);
	case WATCH_ALL:
		return read_all(watcher, ret_model);
	case WATCH_PIDS:
		return refresh_list(watcher->refresh, ret_model);
	case WATCH_STEP:
		return step(watcher, next->n, ret_model, ret_is_end);
	case WATCH_WAIT:
		break;
	}
	return 0;
}

/* An action has ended with `r`, and had begun when cpu_us() was `before`. */
static void finish(
        struct watcher *watcher, enum watch_action action, int r, int64_t before, bool is_end)
{
	watch_finish(&watcher->watch, action, cpu_us() - before, is_end, monotonic_ms());
	if (r < 0)
		watch_want_all(&watcher->watch);
	if (watcher->again.n || refresh_has_ending(watcher->refresh))
		watch_read_again(&watcher->watch, monotonic_ms());
}

int watcher_act(struct watcher *watcher, const struct model **ret_model)
{
	const int64_t before = cpu_us();
	bool is_end = false;

	if (watcher->watching.mode == WATCHING_NONE)
		return 0;
	const struct watch_next next = watch_next(&watcher->watch, monotonic_ms());
	if (next.action == WATCH_WAIT)
		return 0;
	if (next.action == WATCH_STEP && next.is_begin)
		update_events(watcher);
	const int r = act(watcher, &next, ret_model, &is_end);
	finish(watcher, next.action, r, before, is_end);
	return r;
}

int watcher_read_all(struct watcher *watcher, const struct model **ret_model)
{
	const int64_t before = cpu_us();
	const int r = read_all(watcher, ret_model);

	if (watcher->watching.mode != WATCHING_NONE)
		finish(watcher, WATCH_ALL, r, before, false);
	return r;
}

void watcher_get(const struct watcher *watcher, struct watching *ret, int64_t *ret_oldest)
{
	*ret = watcher->watching;
	ret->is_lossy = ret->mode == WATCHING_EVENTS && watch_is_lossy(&watcher->watch);
	ret->age = -1;
	*ret_oldest = watcher->oldest;
}
