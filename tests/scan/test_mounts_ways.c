/* SPDX-License-Identifier: Apache-2.0 */
/* The ways to the mounts of a mount namespace, one after the other as they are refused. */
#include "scan/mounts_read.h"
#include "tests/scan/fake_kernel.h"
#include "tests/scan/sample.h"
#include "tests/unit.h"

#include <string.h>

struct scene {
	const struct model *sample;
	struct fake_kernel *fake;
	const struct mounts *mounts; /* the last that were read */
	const struct ns *alone;      /* a mount namespace with one process */
};

static const struct kernel_ops *listed; /* of the fake kernel */

static int set_up(void **state)
{
	static struct scene scene;

	scene = (struct scene){.sample = sample_new(true)};
	scene.fake = fake_kernel_new(scene.sample);
	for (size_t i = 0; i < scene.sample->n_namespaces; i++) {
		const struct ns *const ns = scene.sample->namespaces[i];

		if (ns->type == NS_MNT && ns->n_processes == 1)
			scene.alone = ns;
	}
	assert_non_null(scene.alone);
	*state = &scene;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *const scene = *state;

	assert_int_equal(fake_kernel_open_handles(scene->fake), 0);
	mounts_unref(scene->mounts);
	kernel_free(fake_kernel(scene->fake));
	model_unref(scene->sample);
	return 0;
}

/* The process is in a chroot. */
static void move_root(struct scene *scene)
{
	fake_kernel_set_root(scene->fake, scene->alone->processes[0]->pid, "/jail");
}

static const struct mount_table *read_table(struct scene *scene)
{
	const struct mount_table *table;

	assert_int_equal(
	        mounts_read(fake_kernel(scene->fake), scene->sample, NULL, &scene->mounts), 0);
	table = mounts_find(scene->mounts, scene->alone->inode);
	assert_non_null(table);
	return table;
}

static void check(const struct mount_table *table, const char *top, bool is_at_least)
{
	assert_int_equal(table->error, 0);
	assert_int_equal(table->is_at_least, is_at_least);
	assert_true(table->n > 0);
	assert_string_equal(table->entries[0].point, top);
}

static size_t count(const struct scene *scene, enum fake_op op)
{
	return fake_kernel_count(scene->fake, op, 0, NULL);
}

static void by_processes_no_job_is_needed(void **state)
{
	struct scene *const scene = *state;

	check(read_table(scene), "/", false);
	assert_int_equal(count(scene, FAKE_MOUNT_NS_TEXTS), 0);
	assert_int_equal(count(scene, FAKE_MOUNT_NS_MOUNTINFO), 0);
}

/* The call, and its one mount namespace, are counted. */
static void a_chroot_is_left_to_one_job(void **state)
{
	struct scene *const scene = *state;

	move_root(scene);
	check(read_table(scene), "/", false);
	assert_int_equal(count(scene, FAKE_MOUNT_NS_TEXTS), 2);
	assert_int_equal(count(scene, FAKE_MOUNT_NS_MOUNTINFO), 0);
}

static void what_that_refuses_is_entered(void **state)
{
	struct scene *const scene = *state;

	move_root(scene);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_TEXTS, 0, NULL, EPERM);
	check(read_table(scene), "/", false);
	assert_int_equal(count(scene, FAKE_MOUNT_NS_MOUNTINFO), 1);
}

/* Below the root directory of the process, by paths from that of the mount namespace. */
static void at_last_the_chroot_shows_a_part(void **state)
{
	struct scene *const scene = *state;

	move_root(scene);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_LIST, 0, NULL, EPERM);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_MOUNTINFO, 0, NULL, EPERM);
	check(read_table(scene), "/jail", true);
}

/* As if there were mounts that a mount covers which is the root directory of the process. */
static int list_more(struct kernel *k, struct kernel_mount_ns **ret, size_t *ret_n)
{
	const int r = listed->mount_ns_list(k, ret, ret_n);

	for (size_t i = 0; r == 0 && i < *ret_n; i++)
		(*ret)[i].n_mounts = 1000;
	return r;
}

static void list_more_mounts(struct scene *scene)
{
	static struct kernel_ops ops;
	struct kernel *const kernel = fake_kernel(scene->fake);

	listed = kernel->ops;
	ops = *kernel->ops;
	ops.mount_ns_list = list_more;
	kernel->ops = &ops;
}

static void a_process_that_sees_fewer_is_not_believed(void **state)
{
	struct scene *const scene = *state;

	list_more_mounts(scene);
	check(read_table(scene), "/", false);
	assert_true(count(scene, FAKE_MOUNT_NS_TEXTS) > 0);
}

static void that_there_are_fewer_is_said(void **state)
{
	struct scene *const scene = *state;

	list_more_mounts(scene);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_TEXTS, 0, NULL, EPERM);
	check(read_table(scene), "/", true);
}

static void an_error_is_in_the_table(void **state)
{
	struct scene *const scene = *state;
	const struct mount_table *table;

	fake_kernel_fail(scene->fake, FAKE_FILE_OPEN, 0, "mountinfo", EACCES);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_LIST, 0, NULL, EPERM);
	fake_kernel_fail(scene->fake, FAKE_MOUNT_NS_MOUNTINFO, 0, NULL, EPERM);
	table = read_table(scene);
	assert_true(table->error == EACCES && table->n == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(by_processes_no_job_is_needed, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(a_chroot_is_left_to_one_job, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(what_that_refuses_is_entered, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(at_last_the_chroot_shows_a_part, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(
	                a_process_that_sees_fewer_is_not_believed, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(that_there_are_fewer_is_said, set_up, tear_down),
	        cmocka_unit_test_setup_teardown(an_error_is_in_the_table, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
