/* SPDX-License-Identifier: Apache-2.0 */
#include "scan/worker.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>

/* A kernel whose calls wait until the test opens the gate. */
struct scene {
	const struct model *sample;
	struct fake_kernel *fake;
	struct worker *worker;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	pid_t gate; /* calls about this PID's command line wait; 0: none */
	bool is_waiting;
};

static void wait_at_gate(void *data, const struct fake_call *call)
{
	struct scene *scene = data;

	pthread_mutex_lock(&scene->mutex);
	while (scene->gate != 0 && call->pid == scene->gate) {
		scene->is_waiting = true;
		pthread_cond_broadcast(&scene->changed);
		pthread_cond_wait(&scene->changed, &scene->mutex);
	}
	pthread_mutex_unlock(&scene->mutex);
}

static void set_gate(struct scene *scene, pid_t gate)
{
	pthread_mutex_lock(&scene->mutex);
	scene->gate = gate;
	scene->is_waiting = false;
	pthread_cond_broadcast(&scene->changed);
	pthread_mutex_unlock(&scene->mutex);
}

static void wait_until_waiting(struct scene *scene)
{
	pthread_mutex_lock(&scene->mutex);
	while (!scene->is_waiting)
		pthread_cond_wait(&scene->changed, &scene->mutex);
	pthread_mutex_unlock(&scene->mutex);
}

static int set_up(void **state)
{
	static const struct scan_options options = {
	        .sources = 1u << SOURCE_PROCESS, .n_threads = 2, .program = "test 1"};
	static struct scene scene;

	scene = (struct scene){.sample = sample_new(true)};
	pthread_mutex_init(&scene.mutex, NULL);
	pthread_cond_init(&scene.changed, NULL);
	scene.fake = fake_kernel_new(scene.sample);
	fake_kernel_set_hook(scene.fake, wait_at_gate, &scene);
	*state = &scene;
	return worker_new(fake_kernel(scene.fake), &options, &scene.worker);
}

static int tear_down(void **state)
{
	struct scene *scene = *state;

	set_gate(scene, 0);
	worker_free(scene->worker);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->sample);
	pthread_cond_destroy(&scene->changed);
	pthread_mutex_destroy(&scene->mutex);
	return 0;
}

static bool is_ready(const struct scene *scene, int timeout)
{
	struct pollfd poller = {.fd = worker_fd(scene->worker), .events = POLLIN};

	return poll(&poller, 1, timeout) == 1;
}

/* Takes the next thing, waiting for it. */
static int take(struct scene *scene, bool *ret_is_whole)
{
	const struct model *model = NULL;
	enum worker_result result;
	int r = 0;

	while (r == 0) {
		assert_true(is_ready(scene, 10000));
		r = worker_take(scene->worker, &model, &result);
	}
	if (r > 0) {
		assert_int_equal(model->n_processes, scene->sample->n_processes);
		assert_int_not_equal(result, WORKER_CHANGED);
		*ret_is_whole = result == WORKER_WHOLE;
	}
	model_unref(model);
	return r;
}

static void nothing_comes_without_a_request(void **state)
{
	struct scene *scene = *state;
	const struct model *model;
	enum worker_result result;

	assert_false(is_ready(scene, 0));
	assert_int_equal(worker_take(scene->worker, &model, &result), 0);
	assert_int_equal(fake_kernel_count(scene->fake, FAKE_ANY, 0, NULL), 0);
}

static void quick_comes_before_whole(void **state)
{
	struct scene *scene = *state;
	const struct model *model;
	enum worker_result result;
	bool is_whole;

	worker_request(scene->worker);
	assert_int_equal(take(scene, &is_whole), 1);
	/* Whether the whole one has overtaken it is up to the scheduler. */
	if (!is_whole)
		assert_int_equal(take(scene, &is_whole), 1);
	assert_true(is_whole);
	assert_false(is_ready(scene, 0));
	assert_int_equal(worker_take(scene->worker, &model, &result), 0);
}

static void hold_second_phase(void *data, const struct fake_call *call)
{
	/* The name of one that leads nothing is read after the first picture only. */
	if (call->op == FAKE_CMDLINE && call->pid == 62)
		wait_at_gate(data, call);
}

static void quick_is_there_while_the_rest_is_read(void **state)
{
	struct scene *scene = *state;
	bool is_whole;

	fake_kernel_set_hook(scene->fake, hold_second_phase, scene);
	set_gate(scene, 62);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	assert_int_equal(take(scene, &is_whole), 1);
	assert_false(is_whole);
	assert_false(is_ready(scene, 0));
	set_gate(scene, 0);
	assert_int_equal(take(scene, &is_whole), 1);
	assert_true(is_whole);
}

static void an_overtaken_quick_is_dropped(void **state)
{
	struct scene *scene = *state;
	bool is_whole;

	fake_kernel_set_hook(scene->fake, hold_second_phase, scene);
	set_gate(scene, 62);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	assert_true(is_ready(scene, 0)); /* the quick one; not taken */
	/* A second request: when that scan is held, the first is done. */
	worker_request(scene->worker);
	set_gate(scene, 0);
	while (fake_kernel_count(scene->fake, FAKE_LIST_PIDS, 0, NULL) < 2)
		sched_yield();
	assert_int_equal(take(scene, &is_whole), 1);
	assert_true(is_whole);
}

static void a_refresh_comes_whole(void **state)
{
	struct scene *scene = *state;
	bool is_whole = false;

	worker_request(scene->worker);
	while (!is_whole)
		assert_int_equal(take(scene, &is_whole), 1);
	for (int i = 0; i < 3; i++) {
		worker_request(scene->worker);
		assert_int_equal(take(scene, &is_whole), 1);
		assert_true(is_whole);
	}
}

static void a_request_while_it_runs_is_one_more_scan(void **state)
{
	struct scene *scene = *state;
	bool is_whole = false;

	set_gate(scene, 62);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	for (int i = 0; i < 5; i++)
		worker_request(scene->worker);
	set_gate(scene, 0);
	while (fake_kernel_count(scene->fake, FAKE_LIST_PIDS, 0, NULL) < 2)
		assert_true(take(scene, &is_whole) == 1);
	worker_free(scene->worker);
	scene->worker = NULL;
	assert_int_equal(fake_kernel_count(scene->fake, FAKE_LIST_PIDS, 0, NULL), 2);
}

static void a_failed_scan_says_so_and_the_next_may_work(void **state)
{
	struct scene *scene = *state;
	bool is_whole = false;

	fake_kernel_fail(scene->fake, FAKE_LIST_PIDS, 0, NULL, EIO);
	worker_request(scene->worker);
	assert_int_equal(take(scene, &is_whole), -EIO);
	fake_kernel_reset(scene->fake);
	worker_request(scene->worker);
	assert_int_equal(take(scene, &is_whole), 1);
}

static void tells_how_far_it_is(void **state)
{
	struct scene *scene = *state;
	bool is_whole = false;
	size_t bytes = 1;

	assert_int_equal(worker_progress(scene->worker, &bytes), 100);
	fake_kernel_set_hook(scene->fake, hold_second_phase, scene);
	set_gate(scene, 62);
	worker_request(scene->worker);
	assert_true(worker_progress(scene->worker, &bytes) < 100);
	wait_until_waiting(scene);
	assert_true(worker_progress(scene->worker, &bytes) > 0);
	assert_true(worker_progress(scene->worker, &bytes) < 100);
	assert_int_equal(bytes, 0);
	set_gate(scene, 0);
	while (!is_whole)
		assert_int_equal(take(scene, &is_whole), 1);
	while (worker_progress(scene->worker, &bytes) < 100)
		sched_yield(); /* the model is handed over a moment before */
}

/* Wherever the scan is by then, the end leaves nothing open. */
static void ends_in_the_middle_of_a_scan(void **state)
{
	struct scene *scene = *state;

	set_gate(scene, 1);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	set_gate(scene, 0);
	worker_free(scene->worker);
	scene->worker = NULL;
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
}

/* The mounts of all mount namespaces of the sample that can be reached. */
static void mounts_are_read_on_request(void **state)
{
	struct scene *scene = *state;
	const struct mounts *mounts = NULL;
	const struct mount_table *table = NULL;
	size_t n = 0;

	assert_null(worker_take_mounts(scene->worker));
	worker_request_mounts(scene->worker, scene->sample);
	worker_request_mounts(scene->worker, scene->sample);
	while (!mounts) {
		assert_true(is_ready(scene, 10000));
		mounts = worker_take_mounts(scene->worker);
	}
	for (size_t i = 0; i < scene->sample->n_namespaces; i++) {
		const struct ns *const ns = scene->sample->namespaces[i];

		if (ns->type != NS_MNT)
			continue;
		table = mounts_find(mounts, ns->inode);
		assert_non_null(table);
		assert_true(ns->n_processes == 0 || (table->error == 0 && table->n > 0));
		n++;
	}
	assert_int_equal(mounts->n, n);
	mounts_unref(mounts);
}

/* A request that is not answered is released. */
static void ends_before_the_mounts_are_read(void **state)
{
	struct scene *scene = *state;

	set_gate(scene, 1);
	worker_request_mounts(scene->worker, scene->sample);
	wait_until_waiting(scene);
	worker_request_mounts(scene->worker, scene->sample);
	assert_false(worker_stop(scene->worker, 0));
	set_gate(scene, 0);
	assert_true(worker_stop(scene->worker, 10000));
	assert_null(worker_take_mounts(scene->worker));
}

/* A caller that waits for the end of the thread need not wait for ever. */
static void is_held_in_a_read(void **state)
{
	struct scene *scene = *state;

	assert_true(worker_stop(NULL, 0));
	set_gate(scene, 1);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	assert_false(worker_stop(scene->worker, 10));
	set_gate(scene, 0);
	assert_true(worker_stop(scene->worker, 10000));
	assert_true(worker_stop(scene->worker, 0));
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
}

/* --- a snapshot instead of scans ------------------------------------------------------------- */

/* What is loaded when something can be read from the pipe; NULL: an error. */
struct loaded {
	int pipe[2];
	const struct model *model;
};

static int load(void *data, struct progress *progress, const struct model **ret_model)
{
	const struct loaded *loaded = data;

	progress_set(progress, 7, 0);
	const int r = progress_wait(progress, loaded->pipe[0]);
	if (r < 0)
		return r;
	if (!loaded->model)
		return -EBADMSG;
	*ret_model = model_ref(loaded->model);
	return 0;
}

/* In the place of the worker of the scene, and it waits. */
static void start_load(struct scene *scene, struct loaded *loaded)
{
	size_t bytes = 0;

	worker_free(scene->worker);
	assert_int_equal(pipe(loaded->pipe), 0);
	assert_int_equal(worker_new_load(load, loaded, &scene->worker), 0);
	worker_request(scene->worker);
	while (bytes != 7)
		assert_true(worker_progress(scene->worker, &bytes) < 100);
	assert_false(is_ready(scene, 0));
}

static void close_load(struct loaded *loaded)
{
	close(loaded->pipe[0]);
	close(loaded->pipe[1]);
}

static void a_load_gives_a_whole_model_or_an_error(void **state)
{
	struct scene *scene = *state;
	const struct model *const models[] = {scene->sample, NULL};

	for (size_t i = 0; i < ARRAY_SIZE(models); i++) {
		struct loaded loaded = {.model = models[i]};
		bool is_whole = false;

		start_load(scene, &loaded);
		assert_int_equal(write(loaded.pipe[1], "x", 1), 1);
		assert_int_equal(take(scene, &is_whole), models[i] ? 1 : -EBADMSG);
		assert_true(is_whole || !models[i]);
		worker_free(scene->worker);
		scene->worker = NULL;
		close_load(&loaded);
	}
}

static void a_load_that_waits_is_cancelled(void **state)
{
	struct scene *scene = *state;
	struct loaded loaded = {.model = scene->sample};

	start_load(scene, &loaded);
	assert_true(worker_stop(scene->worker, 10000));
	assert_false(is_ready(scene, 0));
	worker_free(scene->worker);
	scene->worker = NULL;
	close_load(&loaded);
}

/* A scan that is running goes on with the sources of before. */
static void sources_are_those_of_the_next_scan(void **state)
{
	struct scene *scene = *state;
	const uint32_t more = 1u << SOURCE_PROCESS | 1u << SOURCE_FD;
	const struct model *model = NULL;
	enum worker_result result;

	set_gate(scene, 1);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	worker_set_sources(scene->worker, more);
	worker_request(scene->worker);
	set_gate(scene, 0);
	for (bool has_more = false; !has_more; model_unref(model)) {
		assert_true(is_ready(scene, 10000));
		model = NULL;
		if (worker_take(scene->worker, &model, &result) > 0)
			has_more = result == WORKER_WHOLE && model->host.sources == more;
	}
}

/* The whole model, by one scan. */
static const struct model *scan_once(struct scene *scene)
{
	const struct model *model = NULL;
	enum worker_result result = WORKER_QUICK;

	worker_request(scene->worker);
	while (result == WORKER_QUICK) {
		assert_true(is_ready(scene, 10000));
		model_unref(model);
		model = NULL;
		if (worker_take(scene->worker, &model, &result) == 0)
			result = WORKER_QUICK;
	}
	return model;
}

/* The next facts of namespaces; they come in the order of the requests. */
static uint64_t take_tag(struct scene *scene)
{
	const struct ns_facts *facts;
	const struct model *model;
	enum worker_result result;
	uint64_t tag;

	while (!(facts = worker_take_ns_facts(scene->worker))) {
		assert_true(is_ready(scene, 10000));
		assert_int_equal(worker_take(scene->worker, &model, &result), 0);
	}
	tag = facts->tag;
	ns_facts_unref(facts);
	return tag;
}

/* The first `max` user namespaces, for whose facts no process is read. */
static size_t find_users(const struct model *model, const struct ns **ret, size_t max)
{
	size_t n = 0;

	for (size_t i = 0; i < model->n_namespaces && n < max; i++) {
		if (model->namespaces[i]->type == NS_USER)
			ret[n++] = model->namespaces[i];
	}
	return n;
}

/* While a scan waits in a read, facts are read, in the order of their requests. */
static void facts_come_while_a_scan_runs(void **state)
{
	struct scene *scene = *state;
	const struct model *const model = scan_once(scene);
	const pid_t held = model->processes[0]->pid;
	const struct ns *namespaces[3];
	const size_t n = find_users(model, namespaces, 3);

	assert_int_equal(n, 3);
	set_gate(scene, held);
	worker_request(scene->worker);
	wait_until_waiting(scene);
	for (size_t i = 0; i < n; i++)
		worker_request_ns_facts(scene->worker, model, namespaces[i], 0);
	for (size_t i = 0; i < n; i++)
		assert_true(take_tag(scene) == namespaces[i]->tag);
	model_unref(model);
	set_gate(scene, 0);
}

/* The request for a process holds the thread, so that all others wait together. */
static void shown_facts_come_first(void **state)
{
	struct scene *scene = *state;
	const struct model *const model = scan_once(scene);
	const struct process *const held = model->processes[0];
	const struct ns *namespaces[3];

	assert_int_equal(find_users(model, namespaces, 3), 3);
	set_gate(scene, held->pid);
	worker_request_facts(scene->worker, held->pid, held->started);
	wait_until_waiting(scene);
	worker_request_ns_facts(scene->worker, model, namespaces[0], 0);
	worker_request_ns_facts(scene->worker, model, namespaces[1], 0);
	worker_drop_ns_facts(scene->worker);
	worker_request_ns_facts(scene->worker, model, namespaces[1], 0);
	worker_request_ns_facts(scene->worker, model, namespaces[2], NS_FACTS_FIRST);
	const uint64_t shown = namespaces[2]->tag, other = namespaces[1]->tag;
	model_unref(model); /* the requests keep it */
	set_gate(scene, 0);
	assert_true(take_tag(scene) == shown);
	assert_true(take_tag(scene) == other);
	assert_null(worker_take_ns_facts(scene->worker));
}

/* They wait for the facts of a process, not for a model. */
static void interfaces_are_read_at_request(void **state)
{
	struct scene *scene = *state;
	const struct model *const model = scan_once(scene);
	const struct process *const held = model->processes[0];
	struct kernel_features features = {0};
	struct process_facts facts;

	assert_false(worker_take_features(scene->worker, &features));
	set_gate(scene, held->pid);
	worker_request_facts(scene->worker, held->pid, held->started);
	wait_until_waiting(scene);
	worker_request_features(scene->worker);
	assert_false(worker_take_features(scene->worker, &features));
	set_gate(scene, 0);
	while (!worker_take_features(scene->worker, &features))
		assert_true(is_ready(scene, 10000));
	assert_true(interfaces_has(&features, INTERFACE_LISTNS));
	assert_true(worker_take_facts(scene->worker, &facts));
	assert_false(worker_take_features(scene->worker, &features));
	model_unref(model);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(nothing_comes_without_a_request, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(interfaces_are_read_at_request, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(quick_comes_before_whole, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                quick_is_there_while_the_rest_is_read, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(an_overtaken_quick_is_dropped, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_refresh_comes_whole, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                sources_are_those_of_the_next_scan, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_request_while_it_runs_is_one_more_scan, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_failed_scan_says_so_and_the_next_may_work, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(mounts_are_read_on_request, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(ends_before_the_mounts_are_read, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(is_held_in_a_read, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(tells_how_far_it_is, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(ends_in_the_middle_of_a_scan, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(facts_come_while_a_scan_runs, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(shown_facts_come_first, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_load_gives_a_whole_model_or_an_error, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_load_that_waits_is_cancelled, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
