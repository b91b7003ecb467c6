/* SPDX-License-Identifier: Apache-2.0 */

/* A worker that watches a fake host (scan/watcher.h). */

#include "base/attributes.h"
#include "scan/worker.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <poll.h>
#include <sched.h>

enum { HOUR = 3600 * 1000, GONE = 62 };

struct scene {
	const struct model *sample;
	struct fake_kernel *fake;
	struct worker *worker;
};

static int set_up(void **state)
{
	static const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS | 1u << SOURCE_MOUNT,
	        .n_threads = 2,
	        .program = "test 1"};
	static struct scene scene;

	scene = (struct scene){.sample = sample_new(true)};
	scene.fake = fake_kernel_new(scene.sample);
	*state = &scene;
	return worker_new(fake_kernel(scene.fake), &options, &scene.worker);
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	worker_free(scene->worker);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->sample);
	return 0;
}

/* The next result, waiting for it: how many processes it has. */
static size_t take(struct scene *scene, enum worker_result *ret_result)
{
	struct pollfd poller = {.fd = worker_fd(scene->worker), .events = POLLIN};
	const struct model *model;
	int r = 0;

	while (r == 0) {
		assert_int_equal(poll(&poller, 1, 10000), 1);
		r = worker_take(scene->worker, &model, ret_result);
	}
	assert_int_equal(r, 1);
	const size_t n = model->n_processes;
	model_unref(model);
	return n;
}

/* Takes results until one of this kind has so many processes less than the sample. A model that
 * shows the same as the one before may come, too. */
static void take_until(struct scene *scene, enum worker_result wanted, size_t n_less)
{
	enum worker_result result = WORKER_QUICK;
	size_t n = 0;

	while (result != wanted || n != scene->sample->n_processes - n_less)
		n = take(scene, &result);
}

/* Begins to watch, and takes the first whole model: all processes. */
static void start(struct scene *scene, enum watching_mode mode, uint64_t delay)
{
	worker_watch(scene->worker, mode, delay);
	worker_request(scene->worker);
	take_until(scene, WORKER_WHOLE, 0);
}

static size_t count(struct scene *scene, enum fake_op op)
{
	return fake_kernel_count(scene->fake, op, 0, NULL);
}

static struct watching watching(struct scene *scene)
{
	struct watching watching;

	worker_watching(scene->worker, &watching);
	return watching;
}

/* A process ends, and an event tells of it. */
static void end_process(struct scene *scene)
{
	fake_kernel_vanish(scene->fake, GONE, 0);
	fake_kernel_add_event(scene->fake, GONE, KERNEL_EVENT_EXIT);
}

static void an_event_gives_a_model(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, HOUR);
	end_process(scene);
	take_until(scene, WORKER_CHANGED, 1);
	while (watching(scene).n_records == 0)
		sched_yield(); /* the model comes a moment before */
	assert_int_equal(watching(scene).mode, WATCHING_EVENTS);
	assert_int_equal(watching(scene).error, 0);
	assert_int_equal(watching(scene).n_records, 1);
	assert_int_equal(watching(scene).n_lost, 0);
	assert_true(watching(scene).age >= 0 && watching(scene).age < HOUR);
	assert_false(watching(scene).is_lossy);
}

/* A namespace that is mounted has no process that an event would name. */
static void mounts_are_read_when_they_change(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, HOUR);
	const size_t n = fake_kernel_count(scene->fake, FAKE_FILE_OPEN, 0, "mountinfo");
	fake_kernel_change_mounts(scene->fake);
	take_until(scene, WORKER_CHANGED, 0);
	assert_true(fake_kernel_count(scene->fake, FAKE_FILE_OPEN, 0, "mountinfo") > n);
}

/* Before the first scan: nothing that happens meanwhile is missed. */
static void events_are_open_before_the_scan(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	assert_int_equal(watching(scene).age, -1);
	start(scene, WATCHING_EVENTS, HOUR);
	assert_int_equal(count(scene, FAKE_EVENTS_OPEN), 1);
	assert_int_equal(count(scene, FAKE_LIST_PIDS), 1);
}

/* Records of others are counted, however many there are, and no process is read for them but one
 * that is about to end. */
static void events_of_others_are_counted(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, HOUR);
	const size_t n = fake_kernel_count(scene->fake, FAKE_PROCESS_OPEN, 1, NULL);
	fake_kernel_add_foreign(scene->fake, 70000);
	while (watching(scene).n_foreign == 0)
		sched_yield();
	assert_int_equal(watching(scene).n_foreign, 70000);
	assert_int_equal(watching(scene).n_records, 70000);
	assert_false(watching(scene).is_lossy);
	assert_int_equal(fake_kernel_count(scene->fake, FAKE_PROCESS_OPEN, 1, NULL), n);
}

/* A model comes although no event names what has changed. */
static void all_is_read_after_a_lost_event(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, 1);
	fake_kernel_vanish(scene->fake, GONE, 0);
	fake_kernel_add_lost(scene->fake, 3);
	take_until(scene, WORKER_CHANGED, 1);
	while (watching(scene).n_lost == 0)
		sched_yield();
	assert_int_equal(watching(scene).n_lost, 3);
	/* Until no event is lost for a while. */
	while (watching(scene).is_lossy)
		sched_yield();
}

/* The command line may be empty at first. */
static void a_new_program_is_read_twice(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, HOUR);
	const size_t n = count(scene, FAKE_EVENTS_READ);
	fake_kernel_add_event(scene->fake, GONE, KERNEL_EVENT_EXEC);
	while (count(scene, FAKE_EVENTS_READ) < n + 2)
		sched_yield();
}

static void without_events_pids_are_listed(void **state)
{
	struct scene *scene = *state;

	start(scene, WATCHING_EVENTS, 1);
	fake_kernel_vanish(scene->fake, GONE, 0);
	take_until(scene, WORKER_CHANGED, 1);
	assert_int_equal(watching(scene).mode, WATCHING_LIST);
	assert_int_equal(watching(scene).error, EOPNOTSUPP);
}

static void events_are_not_opened_if_not_wanted(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_LIST, 1);
	fake_kernel_vanish(scene->fake, GONE, 0);
	take_until(scene, WORKER_CHANGED, 1);
	assert_int_equal(watching(scene).error, ECANCELED);
	assert_int_equal(count(scene, FAKE_EVENTS_OPEN), 0);
}

/* If records do not come any more, lists do. */
static void lists_replace_events_that_fail(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, 1);
	fake_kernel_fail(scene->fake, FAKE_EVENTS_READ, 0, NULL, EIO);
	end_process(scene);
	take_until(scene, WORKER_CHANGED, 1);
	while (watching(scene).mode == WATCHING_EVENTS)
		sched_yield();
	assert_int_equal(watching(scene).mode, WATCHING_LIST);
	assert_int_equal(watching(scene).error, EIO);
}

/* While it is paused nothing is read but what is requested; then all is read again. */
static void nothing_is_read_while_it_is_paused(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	start(scene, WATCHING_EVENTS, HOUR);
	worker_watch(scene->worker, WATCHING_NONE, 0);
	worker_request(scene->worker); /* for that the thread has gone on */
	take_until(scene, WORKER_WHOLE, 0);
	const size_t n = count(scene, FAKE_EVENTS_READ);
	end_process(scene);
	worker_request(scene->worker);
	take_until(scene, WORKER_WHOLE, 1);
	worker_request(scene->worker);
	take_until(scene, WORKER_WHOLE, 1);
	assert_int_equal(count(scene, FAKE_EVENTS_READ), n);
	assert_int_equal(watching(scene).mode, WATCHING_NONE);
	worker_watch(scene->worker, WATCHING_EVENTS, HOUR);
	take_until(scene, WORKER_CHANGED, 1);
	assert_int_equal(count(scene, FAKE_EVENTS_OPEN), 1);
}

/* A newer model answers the request, too, if the requested one was not taken. */
static void a_requested_model_stays_one(void **state)
{
	struct scene *scene = *state;

	fake_kernel_allow_events(scene->fake);
	worker_watch(scene->worker, WATCHING_EVENTS, HOUR);
	worker_request(scene->worker);
	while (watching(scene).age < 0)
		sched_yield();
	end_process(scene);
	while (watching(scene).n_records == 0)
		sched_yield();
	take_until(scene, WORKER_WHOLE, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	        TEST(an_event_gives_a_model),
	        TEST(mounts_are_read_when_they_change),
	        TEST(events_are_open_before_the_scan),
	        TEST(events_of_others_are_counted),
	        TEST(all_is_read_after_a_lost_event),
	        TEST(a_new_program_is_read_twice),
	        TEST(without_events_pids_are_listed),
	        TEST(events_are_not_opened_if_not_wanted),
	        TEST(lists_replace_events_that_fail),
	        TEST(nothing_is_read_while_it_is_paused),
	        TEST(a_requested_model_stays_one),
	};
#undef TEST

	return cmocka_run_group_tests_name("scan/watcher", tests, NULL, NULL);
}
