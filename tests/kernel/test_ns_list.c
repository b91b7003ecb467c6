/* SPDX-License-Identifier: Apache-2.0 */
/* The list of all namespaces (listns(2), Linux 6.19). Exits 77 if that is not permitted. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static bool has_id(const struct privileged_test *test, uint64_t id, int type)
{
	_cleanup_free_ struct kernel_ns_id *list = NULL;
	bool is_there = false;
	size_t n;

	CHECK(test->ops->ns_list(test->kernel, &list, &n) == 0);
	for (size_t i = 0; i < n; i++) {
		CHECK(list[i].id != 0);
		CHECK(i == 0 || list[i].type != list[i - 1].type || list[i].id > list[i - 1].id);
		CHECK(list[i].id != id || list[i].type == type);
		is_there |= list[i].id == id;
	}
	return is_there;
}

static int make_uts(void)
{
	return unshare(CLONE_NEWUTS) < 0 ? -errno : 0;
}

static void list_and_open(void)
{
	struct privileged_test test;
	struct nsrel_key key, again;
	const int type = CLONE_NEWUTS;
	int handle;

	const pid_t pid = world_begin(make_uts);
	CHECK(pid > 0);
	int held = world_open(pid, "uts");
	CHECK(nsrel_key(held, &key) == 0);
	world_end(pid);
	privileged_begin(&test);
	CHECK(has_id(&test, key.id, CLONE_NEWUTS));

	/* By the id alone. */
	const struct nsrel_key id = {.id = key.id};
	CHECK(test.ops->ns_open_keys(test.kernel, &id, &type, 1, &handle) == 0);
	CHECK(nsrel_key(handle, &again) == 0 && memcmp(&key, &again, sizeof(key)) == 0);
	close(handle);
	close(held);

	const int64_t end = monotonic_ms() + 10000;
	while (has_id(&test, key.id, CLONE_NEWUTS))
		CHECK(monotonic_ms() < end);
	CHECK(test.ops->ns_open_keys(test.kernel, &id, &type, 1, &handle) == 0);
	CHECK(handle == -ESTALE);
	privileged_end(&test);
}

static void lists_what_is_there(void **state)
{
	(void)state;
	assert_int_equal(world_run(list_and_open), 0);
}

/* The kernel lists mount namespaces, too, and the helper gives both by one job. */
static void list_both(void)
{
	struct privileged_test test;
	struct kernel_ns_lists lists = {.n_namespaces = 0};
	_cleanup_free_ struct kernel_mount_ns *alone = NULL;
	size_t n, n_mount_ns = 0;

	privileged_begin(&test);
	CHECK(test.ops->ns_lists(test.kernel, &lists) == 0);
	CHECK(lists.mount_ns_error == 0 && lists.n_mount_ns > 0);
	CHECK(test.ops->mount_ns_list(test.kernel, &alone, &n) == 0);
	for (size_t i = 0; i < lists.n_namespaces; i++)
		n_mount_ns += lists.namespaces[i].type == CLONE_NEWNS;
	/* Others may begin and end meanwhile: our own is there. */
	CHECK(n_mount_ns > 0 && n > 0 && lists.mount_ns[0].key.ino == alone[0].key.ino);
	free(lists.namespaces);
	free(lists.mount_ns);

	kernel_linux_set_interfaces(test.kernel, KERNEL_USE_LIST | KERNEL_USE_IDS);
	CHECK(test.ops->ns_lists(test.kernel, &lists) == 0);
	CHECK(lists.n_namespaces > 0 && lists.mount_ns_error == -EOPNOTSUPP);
	free(lists.namespaces);
	free(lists.mount_ns);
	privileged_end(&test);
}

static void lists_both(void **state)
{
	(void)state;
	assert_int_equal(world_run(list_both), 0);
}

static void list_early(void)
{
	struct privileged_test test;
	struct kernel_ns_id *list, *again;
	size_t n, n_again;
	struct nsrel_key key;
	bool has_own = false;
	_cleanup_close_ int own = nsrel_open(AT_FDCWD, "/proc/self/ns/uts");

	CHECK(nsrel_key(own, &key) == 0);
	CHECK(ns_list_now(&list, &n) == 0);
	for (size_t i = 0; i < n; i++)
		has_own |= list[i].id == key.id && list[i].type == CLONE_NEWUTS;
	CHECK(has_own);
	privileged_begin(&test);
	CHECK(test.ops->ns_list_first(test.kernel, &again, &n_again) == -ENOENT);
	ns_list_set_first(test.kernel, 0, list, n);
	CHECK(test.ops->ns_list_first(test.kernel, &again, &n_again) == 0);
	CHECK(again == list && n_again == n);
	free(again);
	CHECK(test.ops->ns_list_first(test.kernel, &again, &n_again) == -ENOENT);

	/* What this process may not, the helper may not, either: it is not called. */
	ns_list_set_first(test.kernel, -EPERM, NULL, 0);
	CHECK(test.ops->ns_list(test.kernel, &again, &n_again) == -EPERM);
	privileged_end(&test);
}

static void list_early_without_rights(void)
{
	struct kernel_ns_id *list;
	size_t n;

	CHECK(drop_rights() == 0);
	CHECK(ns_list_now(&list, &n) == -EPERM);
}

static void list_of_the_start(void **state)
{
	(void)state;
	assert_int_equal(world_run(list_early), 0);
	assert_int_equal(world_run(list_early_without_rights), 0);
}

static void list_without_rights(void)
{
	struct privileged_test test;
	struct kernel_ns_id *list;
	size_t n;

	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	for (int i = 0; i < 2; i++)
		CHECK(test.ops->ns_list(test.kernel, &list, &n) == -EPERM);
	privileged_end(&test);
}

/* The kernel lists those of this user namespace there. */
static void list_inside(void)
{
	struct privileged_test test;
	struct kernel_ns_id *list;
	size_t n;

	CHECK(world_enter(0) == 0);
	privileged_begin(&test);
	CHECK(test.ops->ns_list(test.kernel, &list, &n) == -EPERM);
	privileged_end(&test);
}

static void never_a_part(void **state)
{
	(void)state;
	assert_int_equal(world_run(list_without_rights), 0);
	assert_int_equal(world_run(list_inside), 0);
}

static void list_with_interfaces(void)
{
	struct privileged_test test;
	struct kernel_ns_id *list;
	size_t n;

	privileged_begin(&test);
	kernel_linux_set_interfaces(test.kernel, KERNEL_USE_LIST);
	CHECK(test.ops->ns_list(test.kernel, &list, &n) == -EOPNOTSUPP);
	kernel_linux_set_interfaces(test.kernel, KERNEL_USE_IDS);
	CHECK(test.ops->ns_list(test.kernel, &list, &n) == -EOPNOTSUPP);
	privileged_end(&test);
}

static void only_with_its_interface(void **state)
{
	(void)state;
	assert_int_equal(world_run(list_with_interfaces), 0);
}

static void try_it(void)
{
	struct privileged_test test;
	struct kernel_ns_id *list;
	size_t n;
	int r;

	privileged_begin(&test);
	r = test.ops->ns_list(test.kernel, &list, &n);
	if (r == 0)
		free(list);
	privileged_end(&test);
	_exit(-r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(lists_what_is_there),
	        cmocka_unit_test(lists_both),
	        cmocka_unit_test(list_of_the_start),
	        cmocka_unit_test(never_a_part),
	        cmocka_unit_test(only_with_its_interface),
	};

	if (privileged_can("a list of all namespaces", try_it))
		return cmocka_run_group_tests(tests, NULL, NULL);
	/* No right helps on an older kernel. */
	return world_run(try_it) == EOPNOTSUPP ? EXIT_SKIP : privileged_skip();
}
