/* SPDX-License-Identifier: Apache-2.0 */
/* The list of all namespaces (listns(2), Linux 6.19). Exits 77 if that is not permitted. */
#include "base/attributes.h"
#include "base/monotonic.h"
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
	        cmocka_unit_test(never_a_part),
	        cmocka_unit_test(only_with_its_interface),
	};

	if (privileged_can("a list of all namespaces", try_it))
		return cmocka_run_group_tests(tests, NULL, NULL);
	/* No right helps on an older kernel. */
	return world_run(try_it) == EOPNOTSUPP ? EXIT_SKIP : privileged_skip();
}
