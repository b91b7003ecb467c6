/* SPDX-License-Identifier: Apache-2.0 */
/* Mount namespaces without a process, and the mounts in them, without entering them. Exits 77 if
 * that is not permitted. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { N_NAMESPACES = 300, N_MOUNTS = 1500 };

static const struct kernel_mount_ns *find(
        const struct kernel_mount_ns *list, size_t n, uint64_t inode)
{
	const struct kernel_mount_ns *found = NULL;

	for (size_t i = 0; i < n; i++) {
		CHECK(list[i].id != 0 && list[i].key.ino != 0 && list[i].key.dev != 0);
		for (size_t k = 0; k < i; k++)
			CHECK(list[k].id != list[i].id && list[k].key.ino != list[i].key.ino);
		if (list[i].key.ino == inode)
			found = &list[i];
	}
	return found;
}

/* How many of the mounts are on that point and of the UTS namespace. */
static int count(
        const struct kernel_ns_mount *mounts, size_t n, const char *point, uint64_t inode, int type)
{
	int found = 0;

	for (size_t i = 0; i < n; i++)
		found += strcmp(mounts[i].point, point) == 0 && mounts[i].ino == inode &&
		         mounts[i].type == type;
	return found;
}

static void check_mounts(const struct privileged_test *test, uint64_t id, uint64_t uts)
{
	struct kernel_ns_mount *mounts = NULL;
	size_t n = 0;

	CHECK(test->ops->mount_ns_mounts(test->kernel, id, &mounts, &n) == 0);
	CHECK(n >= 6); /* those of the machine are copied */
	CHECK(count(mounts, n, PLACE "/uts", uts, CLONE_NEWUTS) == 1);
	CHECK(count(mounts, n, HOSTILE "/\xff", uts, CLONE_NEWUTS) == 1);
	/* covered ones too */
	CHECK(count(mounts, n, PLACE "/fifoed", uts, CLONE_NEWUTS) == 1);
	CHECK(count(mounts, n, PLACE "/deep/ns", uts, CLONE_NEWUTS) == 1);
	CHECK(count(mounts, n, PLACE "/other", uts, CLONE_NEWUTS) == 1);
	CHECK(count(mounts, n, PLACE "/other", inode_of(getpid(), "ipc"), CLONE_NEWIPC) == 1);
	free(mounts);
}

/* And of a file that looks like one. */
static int make_spoofed_container(void)
{
	const int r = make_container();

	if (r < 0)
		return r;
	if (mknod(PLACE "/net:[4026531999]", S_IFREG | 0600, 0) < 0)
		return -errno;
	return bind_on(PLACE "/net:[4026531999]", PLACE "/spoof");
}

static void ask_for_all(void)
{
	struct privileged_test test;
	struct kernel_mount_ns *list = NULL;
	struct kernel_ns_mount *mounts = NULL;
	size_t n = 0;

	privileged_begin(&test);
	const pid_t pid = world_begin(make_spoofed_container);
	CHECK(pid > 0);
	const uint64_t inode = inode_of(pid, "mnt"), uts = inode_of(pid, "uts");
	int held = world_open(pid, "mnt");
	CHECK(held >= 0);
	world_end(pid);

	CHECK(test.ops->mount_ns_list(test.kernel, &list, &n) == 0);
	const struct kernel_mount_ns *const found = find(list, n, inode);
	CHECK(found && found->n_mounts > 6);
	CHECK(find(list, n, inode_of(getpid(), "mnt")));
	const uint64_t id = found->id;
	const int ns = test.ops->mount_ns_open(test.kernel, id);
	struct nsrel_key key, expected;
	CHECK(nsrel_key(ns, &key) == 0 && nsrel_key(held, &expected) == 0);
	CHECK(memcmp(&key, &expected, sizeof(key)) == 0);
	CHECK(memcmp(&key, &found->key, sizeof(key)) == 0);
	CHECK(fcntl(ns, F_GETFD) == FD_CLOEXEC);
	close(ns);
	check_mounts(&test, id, uts);
	/* each that is listed and still there can be opened */
	for (size_t i = 0; i < n && i < 20; i++) {
		const int each = test.ops->mount_ns_open(test.kernel, list[i].id);

		if (each == -ENOENT) /* of another process of this machine, gone meanwhile */
			continue;
		CHECK(nsrel_key(each, &key) == 0 && key.ino == list[i].key.ino);
		close(each);
	}
	CHECK(test.ops->mount_ns_open(test.kernel, 1) == -ENOENT);
	CHECK(test.ops->mount_ns_open(test.kernel, UINT64_MAX) == -ENOENT);
	free(list);

	close_fd(&held);
	/* now it is gone, if not at once */
	const int64_t end = monotonic_ms() + 10000;
	while (test.ops->mount_ns_open(test.kernel, id) != -ENOENT)
		CHECK(monotonic_ms() < end);
	CHECK(test.ops->mount_ns_list(test.kernel, &list, &n) == 0);
	/* its number may have been reused */
	const struct kernel_mount_ns *const other = find(list, n, inode);
	CHECK(!other || other->id != id);
	CHECK(test.ops->mount_ns_mounts(test.kernel, id, &mounts, &n) == -ENOENT);
	free(list);
	privileged_end(&test);
}

static void all_mount_namespaces(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_all), 0);
}

/* More than one answer holds, and more mounts than one page. */
static void ask_for_many(void)
{
	struct privileged_test test;
	struct kernel_mount_ns *list = NULL;
	struct kernel_ns_mount *mounts = NULL;
	size_t n = 0;
	static int held[N_NAMESPACES];

	CHECK(make_place() == 0);
	CHECK(bind_on("/proc/self/ns/uts", PLACE "/uts") == 0);
	for (int i = 0; i < N_MOUNTS; i++)
		CHECK(mount(PLACE "/uts", PLACE "/uts", "none", MS_BIND, NULL) == 0);
	const uint64_t inode = inode_of(getpid(), "mnt"), uts = inode_of(getpid(), "uts");
	privileged_begin(&test);
	CHECK(test.ops->mount_ns_list(test.kernel, &list, &n) == 0);
	const size_t before = n;
	const uint64_t id = find(list, n, inode)->id;
	free(list);
	int64_t start = monotonic_ms();
	CHECK(test.ops->mount_ns_mounts(test.kernel, id, &mounts, &n) == 0);
	printf("%d nsfs mounts: %zu found, %lld ms\n", N_MOUNTS + 1, n,
	        (long long)(monotonic_ms() - start));
	CHECK(count(mounts, n, PLACE "/uts", uts, CLONE_NEWUTS) == N_MOUNTS + 1);
	free(mounts);
	privileged_end(&test);

	umount2(PLACE, MNT_DETACH); /* not to be copied with each */
	for (int i = 0; i < N_NAMESPACES; i++) {
		CHECK(unshare(CLONE_NEWNS) == 0);
		held[i] = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	}
	privileged_begin(&test);
	start = monotonic_ms();
	CHECK(test.ops->mount_ns_list(test.kernel, &list, &n) == 0);
	printf("%d mount namespaces more: %zu found, %lld ms\n", N_NAMESPACES, n,
	        (long long)(monotonic_ms() - start));
	fflush(stdout);
	CHECK(n >= N_NAMESPACES && n + 10 >= before);
	for (int i = 0; i < N_NAMESPACES; i++) {
		struct nsrel_key key;

		CHECK(nsrel_key(held[i], &key) == 0);
		CHECK(find(list, n, key.ino));
		if (i % 30 == 0) {
			const int ns =
			        test.ops->mount_ns_open(test.kernel, find(list, n, key.ino)->id);
			CHECK(ns >= 0);
			close(ns);
		}
	}
	free(list);
	privileged_end(&test);
}

static void many_of_them(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_many), 0);
}

static void assert_refused(const struct privileged_test *test, int error)
{
	struct kernel_mount_ns *list;
	size_t n;

	CHECK(test->ops->mount_ns_list(test->kernel, &list, &n) == error);
	CHECK(test->ops->mount_ns_open(test->kernel, 1) == error);
}

static void ask_without_rights(void)
{
	struct privileged_test test;

	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	assert_refused(&test, -EPERM);
	privileged_end(&test);
}

static void ask_inside(void)
{
	struct privileged_test test;
	struct kernel_features features;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	assert_refused(&test, -EPERM);
	test.ops->features(test.kernel, &features);
	CHECK(!features.mntns_next && !features.nsfs_handles);
	privileged_end(&test);
}

static void ask_switched_off(void)
{
	struct privileged_test test;
	struct kernel_ns_mount *mounts;
	size_t n;

	privileged_begin(&test);
	kernel_linux_set_interfaces(test.kernel, KERNEL_USE_IDS);
	assert_refused(&test, -EOPNOTSUPP);
	CHECK(test.ops->mount_ns_mounts(test.kernel, 1, &mounts, &n) == -EOPNOTSUPP);
	privileged_end(&test);
}

static void where_it_may_not_be_asked(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_without_rights), 0);
	assert_int_equal(world_run(ask_inside), 0);
	assert_int_equal(world_run(ask_switched_off), 0);
}

static void try_it(void)
{
	struct privileged_test test;
	struct kernel_features features;

	privileged_begin(&test);
	test.ops->features(test.kernel, &features);
	privileged_end(&test);
	_exit(features.mntns_next && features.listmount ? 0 : EPERM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_mount_namespaces),
	        cmocka_unit_test(many_of_them),
	        cmocka_unit_test(where_it_may_not_be_asked),
	};

	return privileged_can("a list of mount namespaces", try_it)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : privileged_skip();
}
