/* SPDX-License-Identifier: Apache-2.0 */
/* The sources beyond processes: calls that fail or are refused, processes that end, and a scan that
 * is cancelled. */
#include "tests/scan/plenty_world.h"

#include <string.h>

static int cut_mountinfo(struct kernel *k, int mount_ns, char **ret, size_t *ret_len)
{
	const int r = fake_mount_ns_mountinfo(k, mount_ns, ret, ret_len);

	return r < 0 ? r : 1;
}

/* That of a mount namespace without a process: no process counts as unreadable then. */
static void a_mountinfo_that_is_cut_off_is_noted(void **state)
{
	struct world world = make(true);
	struct kernel_ops ops = *fake_kernel(world.fake)->ops;
	const struct model *model;

	ops.mount_ns_mountinfo = cut_mountinfo;
	fake_kernel(world.fake)->ops = &ops;
	model = scan_from(world.fake, OPTIONS.sources & ~(1u << SOURCE_MNTNS), NULL);
	assert_int_equal(model->host.unreadable, 0);
	assert_string_equal(model->notes[0].what, "mountinfo");
	assert_int_equal(model->notes[0].error, EFBIG);
	assert_int_equal(model->host.partial, 1 << PARTIAL_FAILED);
	model_unref(model);
	unmake(world);
	(void)state;
}

/* What one descriptor is called says nothing of the others. */
static void a_path_without_end_hides_nothing(void **state)
{
	struct world world = make(true);
	char number[16];

	for (size_t i = 0; i < world.truth->n_namespaces; i++) {
		const struct ns *ns = world.truth->namespaces[i];

		for (size_t j = 0; j < ns->n_holders; j++) {
			const struct holder *holder = &ns->holders[j];

			if (holder->kind != HOLDER_FD)
				continue;
			snprintf(number, sizeof(number), "%d", holder->fd);
			fake_kernel_reset(world.fake);
			fake_kernel_fail(
			        world.fake, FAKE_FD_LINK, holder->pid, number, ENAMETOOLONG);
			const struct model *model = scan_from(world.fake, OPTIONS.sources, NULL);
			assert_same(world.truth, model);
			model_unref(model);
		}
	}
	unmake(world);
	(void)state;
}

/* The mounts of a mount namespace without a process are refused by either error. The mount
 * namespace is entered then; if that is refused, too, it is said. */
static void refused_mounts_are_read_inside(void **state)
{
	static const int errors[] = {ENOENT, EPERM};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		struct world world = make(true);
		const struct model *model;

		/* Of two, then of all. */
		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, "4026532304", errors[i]);
		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, "4026532310", errors[i]);
		model = scan_from(world.fake, ALL, NULL);
		assert_same(world.truth, model);
		assert_int_equal(model->n_notes, 0);
		model_unref(model);

		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_TEXTS, 0, NULL, errors[i]);
		model = scan_from(world.fake, ALL, NULL);
		assert_same(world.truth, model);
		assert_int_equal(model->n_notes, 0);
		model_unref(model);

		fake_kernel_fail(world.fake, FAKE_MOUNT_NS_MOUNTINFO, 0, NULL, EPERM);
		model = scan_from(world.fake, ALL, NULL);
		assert_non_null(model_find(model, NS_MNT, PLENTY_MNT_LISTED));
		/* What is mounted in PLENTY_MNT_FD is not found then. */
		assert_null(model_find(model, NS_USER, PLENTY_USER_NESTED));
		assert_int_equal(model->n_notes, 3);
		assert_string_equal(model->notes[0].what, "mountinfo of mnt:[4026532304]");
		assert_string_equal(model->notes[2].what, "mountinfo of mnt:[4026532310]");
		assert_int_equal(model->notes[0].error, EPERM);
		assert_int_equal(model->host.partial, 1 << PARTIAL_FAILED);
		model_unref(model);
		unmake(world);
	}
}

/* A source that could not be read is not in the list of those that were. */
static void sockets_that_are_refused_are_not_a_source(void **state)
{
	struct world world = make(true);
	struct kernel_ops ops = *fake_kernel(world.fake)->ops;
	const struct model *model;

	fake_kernel_fail(world.fake, FAKE_SOCKET_NS, 0, NULL, EPERM);
	model = scan_from(world.fake, ALL, NULL);
	assert_int_equal(model->host.sources, DEFAULT);
	model_unref(model);

	ops.socket_ns = NULL;
	fake_kernel(world.fake)->ops = &ops;
	model = scan_from(world.fake, ALL, NULL);
	assert_int_equal(model->host.sources, DEFAULT);
	model_unref(model);
	unmake(world);
	(void)state;
}

static void an_inaccessible_mount_is_reported(void **state)
{
	static const struct {
		int error;
		bool is_all; /* the helper refuses as a whole */
	} rows[] = {{EACCES, false}, {ESTALE, false}, {ETIMEDOUT, false}, {EPERM, true},
	        {EOPNOTSUPP, true}};
	struct world world = make(false);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct model *model;
		const struct ns *ns;

		fake_kernel_reset(world.fake);
		fake_kernel_fail(world.fake, FAKE_NS_OPEN_MOUNTED, 0,
		        rows[i].is_all ? NULL : "/in 2", rows[i].error);
		model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		ns = model_find(model, NS_USER, PLENTY_USER_NESTED);
		assert_non_null(ns);
		assert_int_equal(ns->n_holders, 1);
		assert_int_equal(ns->parent.state, REL_FAILED);
		assert_int_equal(model->n_namespaces, world.truth->n_namespaces);
		assert_int_equal(model->n_notes, 1);
		assert_string_equal(model->notes[0].what, "opening of user:[4026532306]");
		assert_int_equal(model->notes[0].error, rows[i].error);
		model_unref(model);
	}
	unmake(world);
	(void)state;
}

static void a_mount_that_is_gone_leaves_nothing(void **state)
{
	struct world world = make(true);
	const struct model *model;

	fake_kernel_fail(world.fake, FAKE_NS_OPEN_MOUNTED, 0, "/in 2", ENOENT);
	model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
	assert_null(model_find(model, NS_USER, PLENTY_USER_NESTED));
	assert_int_equal(model->n_namespaces, world.truth->n_namespaces - 1);
	assert_int_equal(model->n_notes, 0);
	model_unref(model);
	unmake(world);
	(void)state;
}

/* What one failure may take away: a process and what it holds, or a mount namespace. */
static void assert_plausible(const struct model *truth, const struct model *model)
{
	assert_true(model->n_processes + 1 >= PLENTY_PROCESSES);
	assert_true(model->n_namespaces >= 8);
	assert_true(model->host.unreadable <= 2);
	assert_only_of(truth, model);
}

static void no_failure_ends_a_scan(void **state)
{
	static const int errors[] = {ENOENT, ESRCH, EACCES, EPERM, EIO};

	for (size_t i = 0; i < ARRAY_SIZE(errors) * 2; i++) {
		struct world world = make(i % 2);
		const struct model *before = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		const size_t n = fake_kernel_count(world.fake, FAKE_ANY, 0, NULL);

		assert_true(n > 150);
		for (size_t call = 1; call < n + 50; call++) {
			const struct model *model;

			fake_kernel_reset(world.fake);
			fake_kernel_fail_call(world.fake, call, errors[i / 2]);
			model = checked_scan(
			        world.fake, &OPTIONS, call % 2 ? before : NULL, NULL, NULL);
			assert_plausible(world.truth, model);
			model_unref(model);
		}
		model_unref(before);
		unmake(world);
	}
	(void)state;
}

static void an_ended_process_takes_its_holders_along(void **state)
{
	static const pid_t pids[] = {PLENTY_HOLDS, PLENTY_THREADS, PLENTY_LEADERLESS};

	for (size_t i = 0; i < ARRAY_SIZE(pids) * 2; i++) {
		struct world world = make(i % 2);

		for (size_t calls = 0; calls < 120; calls++) {
			const struct model *model;

			fake_kernel_reset(world.fake);
			fake_kernel_vanish(world.fake, pids[i / 2], calls);
			model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
			assert_plausible(world.truth, model);
			assert_int_equal(model->host.unreadable, 0);
			for (size_t n = 0; n < model->n_namespaces; n++)
				assert_true(model->namespaces[n]->owner.state != REL_FAILED);
			model_unref(model);
		}
		unmake(world);
	}
	(void)state;
}

/* An ordinary user may not list the descriptors of its own process then. The others of a process
 * of which only the first thread ends are still there. */
static void a_process_that_ends_is_not_refused(void **state)
{
	static const struct {
		pid_t pid;
		size_t unreadable;
	} rows[] = {{PLENTY_HOLDS, 0}, {PLENTY_THREADS, 1}};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct world world = make(true);

		fake_kernel_end(world.fake, rows[i].pid, FAKE_FDS_OPEN, NULL, EACCES);
		const struct model *model = checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL);
		assert_true(fake_kernel_count(world.fake, FAKE_FDS_OPEN, rows[i].pid, NULL) > 0);
		assert_int_equal(model->host.unreadable, rows[i].unreadable);
		assert_true(rows[i].unreadable || model->n_notes == 0);
		model_unref(model);
		unmake(world);
	}
	(void)state;
}

/* Its links go before it is a zombie, and look then like those of one that has made a new PID
 * namespace for its children. */
static void a_process_that_ends_has_made_nothing(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct world world = make(true);
		const struct model *quick = NULL;

		fake_kernel_end(world.fake, PLENTY_HOLDS, FAKE_NS_LINK, "pid_for_children", ENOENT);
		const struct model *model = checked_scan(
		        world.fake, &OPTIONS, NULL, i ? keep_model : NULL, i ? &quick : NULL);
		assert_false(model_find_process(model, PLENTY_HOLDS)->is_unborn);
		model_unref(quick);
		model_unref(model);
		unmake(world);
	}
	(void)state;
}

static void can_be_cancelled_at_any_call(void **state)
{
	struct world world = make(true);
	size_t n;

	model_unref(checked_scan(world.fake, &OPTIONS, NULL, NULL, NULL));
	n = fake_kernel_count(world.fake, FAKE_ANY, 0, NULL);
	for (size_t at = 0; at + 20 < n; at += 3) {
		struct canceling canceling = {.at = at};
		struct scan_options options = OPTIONS;
		const struct model *model = NULL;

		options.is_cancelled = &canceling.flag;
		fake_kernel_set_hook(world.fake, cancel_at, &canceling);
		assert_int_equal(
		        scan_run(fake_kernel(world.fake), &options, NULL, NULL, NULL, &model),
		        -ECANCELED);
		assert_int_equal(fake_kernel_open_handles(world.fake), 0);
		/* Each of two threads finishes the process that it reads. */
		assert_true(canceling.n - at < 2 * 30);
	}
	unmake(world);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(refused_mounts_are_read_inside),
	        cmocka_unit_test(sockets_that_are_refused_are_not_a_source),
	        cmocka_unit_test(an_inaccessible_mount_is_reported),
	        cmocka_unit_test(a_mount_that_is_gone_leaves_nothing),
	        cmocka_unit_test(no_failure_ends_a_scan),
	        cmocka_unit_test(a_mountinfo_that_is_cut_off_is_noted),
	        cmocka_unit_test(a_path_without_end_hides_nothing),
	        cmocka_unit_test(an_ended_process_takes_its_holders_along),
	        cmocka_unit_test(a_process_that_ends_is_not_refused),
	        cmocka_unit_test(a_process_that_ends_has_made_nothing),
	        cmocka_unit_test(can_be_cancelled_at_any_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
