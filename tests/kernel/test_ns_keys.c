/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces opened by their keys alone, and the interfaces of the kernel. Exits 77 if that is not
 * permitted. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static const char *const LINKS[] = {
        "cgroup", "ipc", "mnt", "net", "pid_for_children", "user", "uts"};
enum { N = ARRAY_SIZE(LINKS) };

static int make_all(void)
{
	const int r = world_enter(CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET |
	                          CLONE_NEWCGROUP | CLONE_NEWPID);
	/* The first child is what makes the PID namespace one. */
	const pid_t pid = r < 0 ? -1 : world_fork();

	if (pid == 0)
		for (;;)
			pause();
	return r < 0 ? r : pid < 0 ? -errno : 0;
}

static void ask_for_all(void)
{
	struct privileged_test test;
	struct nsrel_key keys[N];
	int types[N], held[N], handles[N];

	const pid_t pid = world_begin(make_all);
	CHECK(pid > 0);
	privileged_begin(&test);
	for (size_t i = 0; i < N; i++) {
		held[i] = world_open(pid, LINKS[i]);
		types[i] = nsrel_type(held[i]);
		CHECK(types[i] > 0 && nsrel_key(held[i], &keys[i]) == 0);
	}
	world_end(pid);
	const int before = world_count_fds();
	CHECK(test.ops->ns_open_keys(test.kernel, keys, types, N, handles) == 0);
	for (size_t i = 0; i < N; i++) {
		struct nsrel_key key;

		CHECK(nsrel_key(handles[i], &key) == 0);
		CHECK(memcmp(&key, &keys[i], sizeof(key)) == 0);
		CHECK(nsrel_type(handles[i]) == types[i]);
		CHECK(fcntl(handles[i], F_GETFD) == FD_CLOEXEC);
		close(handles[i]);
	}
	CHECK(world_count_fds() == before);

	/* Another number, another type, another id: none of them. */
	struct nsrel_key wrong[] = {keys[0], keys[1], keys[2]};
	const int wrong_types[] = {types[0], types[2], types[2]};
	wrong[0].ino++;
	wrong[2].id += 1000000000;
	CHECK(test.ops->ns_open_keys(test.kernel, wrong, wrong_types, 3, handles) == 0);
	for (size_t i = 0; i < 3; i++)
		CHECK(handles[i] == -ESTALE);

	/* Gone. */
	for (size_t i = 0; i < N; i++)
		close(held[i]);
	const int64_t end = monotonic_ms() + 10000;
	for (;;) {
		CHECK(test.ops->ns_open_keys(
		              test.kernel, &keys[N - 1], &types[N - 1], 1, handles) == 0);
		if (handles[0] == -ESTALE)
			break;
		if (handles[0] < 0)
			fprintf(stderr, "%s\n", strerror(-handles[0]));
		CHECK(handles[0] >= 0);
		CHECK(monotonic_ms() < end);
		close(handles[0]);
	}
	privileged_end(&test);
}

static void each_type(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_all), 0);
}

static void own_key(struct nsrel_key *ret)
{
	_cleanup_close_ int ns = nsrel_open(AT_FDCWD, "/proc/self/ns/user");

	CHECK(nsrel_key(ns, ret) == 0);
}

static void ask_for_many(void)
{
	struct privileged_test test;
	struct nsrel_key keys[KERNEL_KEYS_MAX + 1];
	int types[KERNEL_KEYS_MAX + 1], handles[KERNEL_KEYS_MAX + 1];

	privileged_begin(&test);
	for (size_t i = 0; i <= KERNEL_KEYS_MAX; i++) {
		own_key(&keys[i]);
		types[i] = CLONE_NEWUSER;
	}
	CHECK(test.ops->ns_open_keys(test.kernel, keys, types, KERNEL_KEYS_MAX + 1, handles) ==
	        -E2BIG);
	CHECK(test.ops->ns_open_keys(test.kernel, keys, types, 0, handles) == 0);
	CHECK(test.ops->ns_open_keys(test.kernel, keys, types, KERNEL_KEYS_MAX, handles) == 0);
	for (size_t i = 0; i < KERNEL_KEYS_MAX; i++) {
		CHECK(handles[i] >= 0);
		close(handles[i]);
	}
	privileged_end(&test);
}

static void many_at_once(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_many), 0);
}

static int make_uts(void)
{
	return unshare(CLONE_NEWUTS) < 0 ? -errno : 0;
}

/* Other namespaces may not be opened then: that is not reported as gone. */
static void ask_without_rights(void)
{
	struct privileged_test test;
	struct nsrel_key key;
	const int type = CLONE_NEWUTS;
	int handle;

	const pid_t pid = world_begin(make_uts);
	CHECK(pid > 0);
	const int held = world_open(pid, "uts");
	CHECK(nsrel_key(held, &key) == 0);
	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	CHECK(test.ops->ns_open_keys(test.kernel, &key, &type, 1, &handle) == 0);
	CHECK(handle == -EPERM);
	privileged_end(&test);
	world_end(pid);
}

static void ask_inside(void)
{
	struct privileged_test test;
	struct nsrel_key key;
	const int type = CLONE_NEWUSER;
	int handle;

	own_key(&key);
	CHECK(world_enter(0) == 0);
	privileged_begin(&test);
	CHECK(test.ops->ns_open_keys(test.kernel, &key, &type, 1, &handle) == 0);
	CHECK(handle == -EPERM);
	privileged_end(&test);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_without_rights), 0);
	assert_int_equal(world_run(ask_inside), 0);
}

/* --- interfaces ------------------------------------------------------------------------------ */

static void check_interfaces(const struct privileged_test *test, bool has_mount_ns, bool has_ids)
{
	struct kernel_features features;
	struct nsrel_key key, own;
	const int type = CLONE_NEWUSER;
	int handle;

	own_key(&own);
	const int process = test->ops->process_open(test->kernel, getpid());
	const int dir = test->ops->ns_dir_open(test->kernel, process);
	const int ns = test->ops->ns_open(test->kernel, dir, "user");
	CHECK(ns >= 0);
	CHECK(test->ops->ns_key(test->kernel, ns, &key) == 0);
	CHECK(key.ino == own.ino && key.dev == own.dev && key.id == (has_ids ? own.id : 0));
	CHECK(test->ops->ns_link_key(test->kernel, dir, "user", &key) ==
	        (has_ids ? 0 : -EOPNOTSUPP));
	CHECK(test->ops->ns_open_keys(test->kernel, &own, &type, 1, &handle) ==
	        (has_ids ? 0 : -EOPNOTSUPP));
	if (has_ids)
		close(handle);
	test->ops->features(test->kernel, &features);
	CHECK(interfaces_has(&features, INTERFACE_GET_ID) == has_ids &&
	        interfaces_has(&features, INTERFACE_OPEN_HANDLE) == has_ids);
	CHECK(interfaces_has(&features, INTERFACE_MNT_GET_NEXT) == has_mount_ns &&
	        interfaces_has(&features, INTERFACE_LISTMOUNT_NS) == has_mount_ns);
	CHECK(interfaces_has(&features, INTERFACE_TGID_IN_PIDNS));
	close(ns);
	close(dir);
	close(process);
}

static void try_interfaces(void)
{
	static const char *const variables[] = {"x", "m", "i", "mi", ""};
	struct privileged_test test;

	privileged_begin(&test);
	check_interfaces(&test, true, true);
	for (unsigned interfaces = 0; interfaces < 4; interfaces++) {
		kernel_linux_set_interfaces(test.kernel, interfaces);
		check_interfaces(
		        &test, interfaces & KERNEL_USE_MOUNT_NS, interfaces & KERNEL_USE_IDS);
	}
	privileged_end(&test);
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++) {
		CHECK(setenv("NSBROWSE_TEST_INTERFACES", variables[i], 1) == 0);
		privileged_begin(&test);
		check_interfaces(&test, strchr(variables[i], 'm'), strchr(variables[i], 'i'));
		privileged_end(&test);
	}
}

static void interfaces(void **state)
{
	(void)state;
	assert_int_equal(world_run(try_interfaces), 0);
}

static void without_a_helper(void **state)
{
	struct kernel *kernel;
	struct kernel_features features;
	struct nsrel_key key = {0};
	const int type = CLONE_NEWUSER;
	int handle;

	(void)state;
	assert_int_equal(kernel_linux_new("/proc", &kernel), 0);
	assert_int_equal(kernel->ops->ns_open_keys(kernel, &key, &type, 1, &handle), -EOPNOTSUPP);
	kernel->ops->features(kernel, &features);
	assert_true(interfaces_has(&features, INTERFACE_GET_ID) &&
	            interfaces_has(&features, INTERFACE_TGID_IN_PIDNS));
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		if (!interfaces_row(id)->is_of_jobs)
			continue;
		assert_int_equal(features.results[id].state, INTERFACE_UNKNOWN);
		assert_int_equal(features.results[id].error, -EPIPE);
	}
	kernel_free(kernel);
}

static void try_it(void)
{
	struct privileged_test test;
	struct kernel_features features;

	privileged_begin(&test);
	test.ops->features(test.kernel, &features);
	privileged_end(&test);
	_exit(interfaces_has(&features, INTERFACE_OPEN_HANDLE) &&
	                        interfaces_has(&features, INTERFACE_MNT_GET_NEXT) &&
	                        interfaces_has(&features, INTERFACE_LISTMOUNT_NS)
	                ? 0
	                : EPERM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(each_type),
	        cmocka_unit_test(many_at_once),
	        cmocka_unit_test(without_rights),
	        cmocka_unit_test(interfaces),
	        cmocka_unit_test(without_a_helper),
	};

	return privileged_can("namespaces by file handles", try_it)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : privileged_skip();
}
