/* SPDX-License-Identifier: Apache-2.0 */
/* A model that is kept up to date, with a fake kernel that shows one host after another: after each
 * refresh it is what a scan of that host gives. */
#include "base/memory.h"
#include "base/monotonic.h"
#include "scan/refresh.h"
#include "tests/scan/changed_host.h"
#include "tests/scan/checked_scan.h"
#include "tests/scan/picture.h"
#include "tests/scan/plenty.h"

static const struct scan_options OPTIONS = {.sources = SCAN_SOURCES_ALL, .n_threads = 2};

/* Files are namespaces if they are at a known mount point, whatever their inode number is. */
static const struct scan_options BY_PATH = {
        .sources = SCAN_SOURCES_ALL & ~(1u << SOURCE_DETACHED), .n_threads = 2};

/* --- a host and its picture ------------------------------------------------------------------- */

struct scene {
	const struct model *first, *host; /* the first host and the present one */
	struct fake_kernel *fake;
	struct refresh *refresh;
	const struct model *model;
	const struct scan_options *options;
};

static void drop_quick(void *data, const struct model *model)
{
	model_unref(model);
	(void)data;
}

/* With ids also with a quick model: then each process is read in two parts. */
static struct scene begin_with(const struct model *host, const struct scan_options *options)
{
	struct scene scene = {.first = host, .host = model_ref(host), .options = options};

	scene.fake = fake_kernel_new(host);
	fake_kernel_set_fd_text(scene.fake, PLENTY_HOLDS, PLENTY_PATH_FD, PLENTY_PATH);
	fake_kernel_set_fd_text(scene.fake, PLENTY_HOLDS, PLENTY_DETACHED_FD, "/");
	scene.refresh = refresh_new(fake_kernel(scene.fake), options);
	assert_int_equal(refresh_all(scene.refresh, host->namespaces[0]->id ? drop_quick : NULL,
	                         NULL, &scene.model),
	        0);
	return scene;
}

static struct scene begin(const struct model *host)
{
	return begin_with(host, &OPTIONS);
}

static void end(struct scene *scene)
{
	refresh_free(scene->refresh);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->model);
	model_unref(scene->host);
	model_unref(scene->first);
}

static void change(struct scene *scene, struct host_change what)
{
	const struct model *const host = changed_host_new(scene->host, &what);

	fake_kernel_show(scene->fake, host);
	model_unref(scene->host);
	scene->host = host;
}

/* Takes the result of a refresh. */
static void take(struct scene *scene, int r, const struct model *model)
{
	assert_int_not_equal(r, -EINVAL);
	assert_true(r >= 0);
	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	if (r == 0)
		return;
	assert_int_equal(check_model(model), 0);
	model_unref(scene->model);
	scene->model = model;
}

static int read_pids(struct scene *scene, const pid_t *pids, size_t n, unsigned kinds)
{
	_cleanup_free_ struct kernel_event *events = memory_new((n + 1) * sizeof(*events));
	const struct model *model = NULL;
	int r;

	for (size_t i = 0; i < n; i++)
		events[i] = (struct kernel_event){pids[i], kinds};
	r = refresh_events(scene->refresh, events, n, &model);
	take(scene, r, model);
	return r;
}

static int read_pid(struct scene *scene, pid_t pid)
{
	return read_pids(scene, &pid, 1, KERNEL_EVENT_EXEC);
}

/* Returns how many models came. */
static int read_round(struct scene *scene)
{
	bool is_end = false;
	int n = 0;

	while (!is_end) {
		const struct model *model = NULL;
		const int r = refresh_step(scene->refresh, 2, &model, &is_end);

		take(scene, r, model);
		n += r;
	}
	return n;
}

static void compare(struct scene *scene)
{
	const struct model *const scan =
	        checked_scan(scene->fake, scene->options, NULL, NULL, NULL);
	char *const expected = picture_of(scan, scan), *const got = picture_of(scene->model, scan);
	char *const difference = picture_difference(expected, got);

	if (difference)
		fail_msg("%s", difference);
	free(expected);
	free(got);
	model_unref(scan);
}

/* The tests are done with a host of many namespaces, and one of many holders, with ids and
 * without. (What the kernel lists without an id is new in each scan.) */
static const struct model *host(int number)
{
	return number < 2 ? sample_new(number % 2) : plenty_new(number % 2, number % 2, true);
}

enum { HOSTS = 4 };

/* The change of each process in turn, which an event of these kinds names. */
static void change_each(
        void (*set)(struct host_change *change, const struct process *process), unsigned kinds)
{
	for (int number = 0; number < HOSTS; number++) {
		const struct model *const first = host(number);

		for (size_t i = 0; i < first->n_processes; i++) {
			struct scene scene = begin(model_ref(first));
			struct host_change what = {0};
			pid_t pid;

			set(&what, first->processes[i]);
			change(&scene, what);
			pid = what.born ? CHANGED_HOST_CHILD : first->processes[i]->pid;
			read_pids(&scene, &pid, 1, kinds);
			compare(&scene);
			read_round(&scene);
			compare(&scene);
			end(&scene);
		}
		model_unref(first);
	}
}

/* --- */

static void nothing_new_makes_no_model(void **state)
{
	for (int number = 0; number < HOSTS; number++) {
		struct scene scene = begin(host(number));
		pid_t pids[SAMPLE_PROCESSES];

		for (size_t i = 0; i < scene.host->n_processes; i++)
			pids[i] = scene.host->processes[i]->pid;
		assert_int_equal(
		        read_pids(&scene, pids, scene.host->n_processes, KERNEL_EVENT_EXEC), 0);
		assert_int_equal(read_pids(&scene, pids, 0, 0), 0);
		assert_int_equal(read_round(&scene), 0);
		compare(&scene);
		end(&scene);
	}
	(void)state;
}

static void set_ended(struct host_change *change, const struct process *process)
{
	change->ended = process->pid == 1 ? 0 : process->pid;
}

static void a_process_that_ends_takes_what_it_had(void **state)
{
	change_each(set_ended, KERNEL_EVENT_EXIT);
	(void)state;
}

static void set_restarted(struct host_change *change, const struct process *process)
{
	change->restarted = process->pid;
}

static void a_pid_may_be_another_process(void **state)
{
	change_each(set_restarted, KERNEL_EVENT_FORK | KERNEL_EVENT_EXIT);
	(void)state;
}

static void set_died(struct host_change *change, const struct process *process)
{
	change->died =
	        process->is_kernel || process->live_thread || process->pid == 1 ? 0 : process->pid;
}

static void a_zombie_has_no_more_than_it_has(void **state)
{
	change_each(set_died, KERNEL_EVENT_EXIT);
	(void)state;
}

static void set_born(struct host_change *change, const struct process *process)
{
	change->born = process->pid;
}

static void a_child_is_where_its_parent_is(void **state)
{
	change_each(set_born, KERNEL_EVENT_FORK);
	(void)state;
}

static void set_moved(struct host_change *change, const struct process *process)
{
	change->moved = process->ns[NS_MNT] ? process->pid : 0;
	change->to = process->pid > 41 ? 1 : 41;
	if (process->pid >= PLENTY_HOLDS)
		change->to = 1;
}

static void a_process_may_enter_namespaces(void **state)
{
	struct scene scene = begin(sample_new(true));

	change(&scene, (struct host_change){.moved = 50, .to = 40});
	assert_int_equal(read_pid(&scene, 50), 1);
	compare(&scene);
	end(&scene);
	change_each(set_moved, KERNEL_EVENT_NAMESPACES);
	(void)state;
}

static void set_renamed(struct host_change *change, const struct process *process)
{
	change->renamed = process->is_kernel ? 0 : process->pid;
}

static void a_new_name_is_read(void **state)
{
	change_each(set_renamed, KERNEL_EVENT_COMM);
	(void)state;
}

static void set_unshared(struct host_change *change, const struct process *process)
{
	change->unshared = process->pid == SAMPLE_UNSHARED || process->pid == SAMPLE_REFUSED ||
	                                   process->live_thread || process->state == 'Z'
	                           ? 0
	                           : process->pid;
}

static void a_pid_namespace_may_wait_for_its_first_process(void **state)
{
	change_each(set_unshared, KERNEL_EVENT_NAMESPACES);
	(void)state;
}

/* Mounts also with a refresh that is told that some have changed. */
static void descriptors_and_mounts_come_with_the_round(void **state)
{
	for (int number = 0; number < 2 * HOSTS; number++) {
		struct scene scene = begin_with(host(number / 2), &BY_PATH);

		change(&scene, (struct host_change){.is_unmounted = true});
		if (number % 2)
			refresh_want_mounts(scene.refresh);
		assert_int_equal(read_pids(&scene, NULL, 0, 0), number % 2);
		if (number % 2 == 0)
			read_round(&scene);
		compare(&scene);
		change(&scene, (struct host_change){.closed = PLENTY_HOLDS});
		read_round(&scene);
		compare(&scene);
		end(&scene);
	}
	(void)state;
}

/* Without an id, a namespace that a thread alone keeps has no time any more. */
static void a_time_goes_with_the_last_descriptor(void **state)
{
	struct scene scene = begin(plenty_new(false, false, false));

	change(&scene, (struct host_change){.opened = PLENTY_HOLDS});
	assert_int_equal(read_pid(&scene, PLENTY_HOLDS), 1);
	assert_int_not_equal(model_find(scene.model, NS_NET, PLENTY_NET_THREAD)->made, 0);
	change(&scene, (struct host_change){.closed = PLENTY_HOLDS});
	assert_int_equal(read_pid(&scene, PLENTY_HOLDS), 1);
	assert_int_equal(model_find(scene.model, NS_NET, PLENTY_NET_THREAD)->made, 0);
	end(&scene);
	(void)state;
}

/* No event tells that a zombie is gone. */
static void a_zombie_is_read_until_it_is_gone(void **state)
{
	struct scene scene = begin(sample_new(true));

	change(&scene, (struct host_change){.died = 62});
	assert_int_equal(read_pid(&scene, 62), 1);
	assert_true(refresh_has_ending(scene.refresh));
	change(&scene, (struct host_change){.ended = 62});
	assert_int_equal(read_pids(&scene, NULL, 0, 0), 1);
	compare(&scene);
	end(&scene);
	(void)state;
}

static void pids_that_come_and_go_are_listed(void **state)
{
	const struct model *model = NULL;
	struct scene scene = begin(sample_new(true));

	change(&scene, (struct host_change){.ended = 61, .born = 40});
	const int r = refresh_list(scene.refresh, &model);
	take(&scene, r, model);
	compare(&scene);
	end(&scene);
	(void)state;
}

/* The parent is not named by the event of its first child. */
static void the_first_child_ends_the_wait(void **state)
{
	struct scene scene = begin(sample_new(true));

	change(&scene, (struct host_change){.unshared = 50});
	assert_int_equal(read_pid(&scene, 50), 1);
	assert_true(model_find_process(scene.model, 50)->is_unborn);
	change(&scene, (struct host_change){.born = 50, .inhabited = 50});
	assert_int_equal(read_pid(&scene, CHANGED_HOST_CHILD), 1);
	assert_false(model_find_process(scene.model, 50)->is_unborn);
	compare(&scene);
	end(&scene);
	(void)state;
}

static void what_was_refused_may_be_permitted(void **state)
{
	struct scene scene = begin(plenty_new(true, true, true));

	fake_kernel_fail(scene.fake, FAKE_NS_DIR_OPEN, PLENTY_HOLDS, NULL, EACCES);
	assert_int_equal(read_pid(&scene, PLENTY_HOLDS), 1);
	compare(&scene);
	fake_kernel_reset(scene.fake);
	assert_int_equal(read_pid(&scene, PLENTY_HOLDS), 1);
	compare(&scene);
	fake_kernel_fail(scene.fake, FAKE_FILE_OPEN, 0, "mountinfo", EACCES);
	read_round(&scene);
	compare(&scene);
	fake_kernel_reset(scene.fake);
	read_pid(&scene, PLENTY_HOLDS);
	read_round(&scene);
	compare(&scene);
	end(&scene);
	(void)state;
}

static void a_command_line_is_read_after_a_new_name_only(void **state)
{
	const struct model *model = NULL;
	struct scene scene = begin(sample_new(true));
	struct kernel_event event = {40, KERNEL_EVENT_NAMESPACES};

	fake_kernel_reset(scene.fake);
	assert_int_equal(refresh_events(scene.refresh, &event, 1, &model), 0);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_CMDLINE, 0, NULL), 0);
	event.kinds = KERNEL_EVENT_EXEC;
	assert_int_equal(refresh_events(scene.refresh, &event, 1, &model), 0);
	assert_int_equal(fake_kernel_count(scene.fake, FAKE_CMDLINE, 40, NULL), 1);
	end(&scene);
	(void)state;
}

/* Processes that were to be read when a refresh was cancelled are read by the next one. */
static void nothing_is_lost_by_a_cancellation(void **state)
{
	const struct model *model = NULL;
	struct canceling canceling = {.at = 3};
	struct scan_options options = OPTIONS;
	struct scene scene = begin(sample_new(true));

	options.is_cancelled = &canceling.flag;
	refresh_free(scene.refresh);
	model_unref(scene.model);
	scene.refresh = refresh_new(fake_kernel(scene.fake), &options);
	assert_int_equal(refresh_events(scene.refresh, NULL, 0, &model), -ESTALE);
	assert_int_equal(refresh_all(scene.refresh, NULL, NULL, &scene.model), 0);
	change(&scene, (struct host_change){.ended = 41});
	fake_kernel_set_hook(scene.fake, cancel_at, &canceling);
	const struct kernel_event event = {41, KERNEL_EVENT_EXIT};
	assert_int_equal(refresh_events(scene.refresh, &event, 1, &model), -ECANCELED);
	fake_kernel_set_hook(scene.fake, NULL, NULL);
	canceling.flag = false;
	assert_int_equal(read_pids(&scene, NULL, 0, 0), 1);
	compare(&scene);
	end(&scene);
	(void)state;
}

static void the_oldest_part_is_as_old_as_the_round(void **state)
{
	struct scene scene = begin(sample_new(true));
	const int64_t first = refresh_oldest(scene.refresh);

	while (monotonic_ms() < first + 2) {
	}
	read_pid(&scene, 40);
	assert_true(refresh_oldest(scene.refresh) <= first + 1);
	const int64_t begun = monotonic_ms();
	read_round(&scene);
	assert_true(refresh_oldest(scene.refresh) >= begun);
	end(&scene);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(nothing_new_makes_no_model),
	        cmocka_unit_test(a_process_that_ends_takes_what_it_had),
	        cmocka_unit_test(a_pid_may_be_another_process),
	        cmocka_unit_test(a_zombie_has_no_more_than_it_has),
	        cmocka_unit_test(a_child_is_where_its_parent_is),
	        cmocka_unit_test(a_process_may_enter_namespaces),
	        cmocka_unit_test(a_new_name_is_read),
	        cmocka_unit_test(a_pid_namespace_may_wait_for_its_first_process),
	        cmocka_unit_test(descriptors_and_mounts_come_with_the_round),
	        cmocka_unit_test(a_time_goes_with_the_last_descriptor),
	        cmocka_unit_test(a_zombie_is_read_until_it_is_gone),
	        cmocka_unit_test(pids_that_come_and_go_are_listed),
	        cmocka_unit_test(the_first_child_ends_the_wait),
	        cmocka_unit_test(what_was_refused_may_be_permitted),
	        cmocka_unit_test(a_command_line_is_read_after_a_new_name_only),
	        cmocka_unit_test(nothing_is_lost_by_a_cancellation),
	        cmocka_unit_test(the_oldest_part_is_as_old_as_the_round),
	};

	return cmocka_run_group_tests_name("scan/refresh", tests, NULL, NULL);
}
