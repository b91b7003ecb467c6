/* SPDX-License-Identifier: Apache-2.0 */
/* Mount namespaces without a process, and the mounts in them, without entering them. Exits 77 if
 * that is not permitted. */
#include "base/descriptors.h"
#include "base/memory.h"
#include "base/monotonic.h"
#include "kernel/proc/proc.h"
#include "nsrel/nsfs_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { N_NAMESPACES = 300, N_MOUNTS = 1500, N_UNUSED = 2000 };

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

/* What mount_ns_texts gave of one mount namespace. */
struct taken {
	size_t n; /* calls */
	char *text;
	size_t len;
	int error;
	bool lacks_source;
};

static void take(void *data, size_t i, const struct kernel_mounts *mounts)
{
	struct taken *const taken = &((struct taken *)data)[i];

	taken->n++;
	taken->error = mounts->error;
	taken->len = mounts->len;
	taken->lacks_source = mounts->lacks_source;
	taken->text = memory_new(mounts->len + 1);
	if (mounts->len > 0)
		memcpy(taken->text, mounts->text, mounts->len);
	CHECK(!mounts->is_cut && (mounts->error == 0) == (mounts->len > 0));
}

static struct taken read_texts(const struct privileged_test *test, uint64_t id)
{
	struct taken taken = {0};

	CHECK(test->ops->mount_ns_texts(test->kernel, &id, 1, take, &taken) == 0);
	CHECK(taken.n == 1);
	return taken;
}

/* How many of the mounts are on that point and of that namespace ("uts:[1]"). */
static int count(const struct taken *taken, const char *point, const char *root)
{
	const char *text = taken->text;
	struct proc_mount mount;
	int found = 0;

	while (proc_mountinfo_next(&text, taken->text + taken->len, &mount)) {
		char place[4096];

		CHECK(mount.point.len < sizeof(place));
		proc_mountinfo_unescape(mount.point, place);
		found += proc_mountinfo_equals(mount.type, "nsfs") && strcmp(place, point) == 0 &&
		         proc_mountinfo_equals(mount.root, root);
	}
	return found;
}

static void check_mounts(const struct privileged_test *test, uint64_t id, uint64_t uts)
{
	struct taken taken = read_texts(test, id);
	char uts_root[32], ipc_root[32];

	snprintf(uts_root, sizeof(uts_root), "uts:[%llu]", (unsigned long long)uts);
	snprintf(ipc_root, sizeof(ipc_root), "ipc:[%llu]",
	        (unsigned long long)inode_of(getpid(), "ipc"));
	CHECK(taken.error == 0);
	CHECK(count(&taken, PLACE "/uts", uts_root) == 1);
	CHECK(count(&taken, HOSTILE "/\xff", uts_root) == 1);
	/* covered ones too */
	CHECK(count(&taken, PLACE "/fifoed", uts_root) == 1);
	CHECK(count(&taken, PLACE "/deep/ns", uts_root) == 1);
	CHECK(count(&taken, PLACE "/other", uts_root) == 1);
	CHECK(count(&taken, PLACE "/other", ipc_root) == 1);
	free(taken.text);
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
	struct taken taken = read_texts(&test, id);
	CHECK(taken.error == -ENOENT && taken.len == 0);
	free(taken.text);
	free(list);
	privileged_end(&test);
}

static void all_mount_namespaces(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_for_all), 0);
}

/* --- the same as mountinfo -------------------------------------------------------------------- */

/* Mounts with all that a line of mountinfo can have. */
static int make_varied_container(void)
{
	static const struct {
		const char *name, *source, *options;
		unsigned long flags, propagation;
	} mounts[] = {
	        {PLACE "/ro", "a b#c\\d", "size=64k,mode=700", MS_RDONLY | MS_NOSUID, MS_SHARED},
	        {PLACE "/at", "", NULL, MS_NOATIME | MS_NODIRATIME | MS_NODEV, MS_UNBINDABLE},
	        {PLACE "/st #", "none", NULL, MS_STRICTATIME | MS_NOEXEC, MS_PRIVATE},
	        {PLACE "/sl", "sl", NULL, MS_SYNCHRONOUS | MS_DIRSYNC | MS_LAZYTIME, MS_SHARED},
	};
	const int r = make_container();

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(mounts); i++) {
		if (mkdir(mounts[i].name, 0700) < 0 ||
		        mount(mounts[i].source, mounts[i].name, "tmpfs", mounts[i].flags,
		                mounts[i].options) < 0 ||
		        mount("none", mounts[i].name, "none", mounts[i].propagation, NULL) < 0)
			return -errno;
	}
	/* A copy of a shared one: its slave, and both; and part of a file system. */
	if (r < 0 || mkdir(PLACE "/copy", 0700) < 0 || mkdir(PLACE "/ro/x", 0700) == 0 ||
	        mkdir(PLACE "/sl/x y", 0700) < 0 ||
	        mount(PLACE "/sl/x y", PLACE "/copy", "none", MS_BIND, NULL) < 0 ||
	        mount("none", PLACE "/copy", "none", MS_SLAVE, NULL) < 0 ||
	        mount("none", PLACE "/copy", "none", MS_SHARED, NULL) < 0)
		return r < 0 ? r : -errno;
	return 0;
}

static size_t line_length(const char *at, const char *end)
{
	const char *const newline = memchr(at, '\n', (size_t)(end - at));

	return (size_t)((newline ? newline + 1 : end) - at);
}

/* From Linux 7.0 on there can be mounts below that on the root directory, which no process sees.
 * Returns where the lines of mountinfo begin. */
static const char *skip_covered(const struct taken *taken, const char *mountinfo, size_t len)
{
	const char *const end = taken->text + taken->len;
	const unsigned first = proc_mountinfo_first_id(mountinfo, len);
	const char *at = taken->text, *next = at;
	struct proc_mount mount;

	while (proc_mountinfo_next(&next, end, &mount) && mount.id != first) {
		CHECK(proc_mountinfo_equals(mount.point, "/"));
		at = next;
	}
	return at;
}

static char *read_mountinfo(pid_t pid, size_t *ret_len)
{
	char path[64];
	char *text;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)pid);
	_cleanup_close_ int file = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(file >= 0);
	CHECK(descriptors_read_all(file, KERNEL_MOUNTINFO_MAX, NULL, &text, ret_len) == 0);
	return text;
}

static uint64_t id_of(const struct privileged_test *test, uint64_t inode)
{
	struct kernel_mount_ns *list = NULL;
	size_t n;

	CHECK(test->ops->mount_ns_list(test->kernel, &list, &n) == 0);
	const uint64_t id = find(list, n, inode)->id;
	free(list);
	return id;
}

static void compare(void)
{
	struct privileged_test test;
	size_t len;

	const pid_t pid = world_begin(make_varied_container);
	CHECK(pid > 0);
	privileged_begin(&test);
	_cleanup_free_ char *expected = read_mountinfo(pid, &len);
	struct taken taken = read_texts(&test, id_of(&test, inode_of(pid, "mnt")));
	CHECK(taken.error == 0);
	const char *a = expected, *b = skip_covered(&taken, expected, len);
	while (a < expected + len && b < taken.text + taken.len && !taken.lacks_source) {
		const size_t n = line_length(a, expected + len);

		if (n != line_length(b, taken.text + taken.len) || memcmp(a, b, n) != 0) {
			fprintf(stderr, "mountinfo: %.*sstatmount: %.*s", (int)n, a,
			        (int)line_length(b, taken.text + taken.len), b);
			CHECK(memmem(a, n, "propagate_from:", strlen("propagate_from:")));
		}
		a += n;
		b += line_length(b, taken.text + taken.len);
	}
	CHECK(taken.lacks_source || (a == expected + len && b == taken.text + taken.len));
	printf("%zu bytes of mountinfo%s\n", len, taken.lacks_source ? ", not compared" : "");
	fflush(stdout);
	free(taken.text);
	privileged_end(&test);
	world_end(pid);
}

static void texts_are_those_of_mountinfo(void **state)
{
	(void)state;
	assert_int_equal(world_run(compare), 0);
}

/* --- many ------------------------------------------------------------------------------------- */

/* More than one job reads, among ids of no mount namespace. */
static void check_many(
        const struct privileged_test *test, const struct kernel_mount_ns *list, size_t n)
{
	const size_t n_ids = n + N_UNUSED;
	uint64_t *const ids = memory_new(n_ids * sizeof(*ids));
	struct taken *const taken = memory_new(n_ids * sizeof(*taken));
	size_t bytes = 0, n_read = 0;

	for (size_t i = 0; i < n_ids; i++)
		ids[i] = i < N_UNUSED ? 1 : list[i - N_UNUSED].id;
	const int64_t start = monotonic_ms();
	CHECK(test->ops->mount_ns_texts(test->kernel, ids, n_ids, take, taken) == 0);
	for (size_t i = 0; i < n_ids; i++) {
		CHECK(taken[i].n == 1);
		CHECK(i >= N_UNUSED || taken[i].error == -ENOENT);
		n_read += taken[i].error == 0;
		bytes += taken[i].len;
		free(taken[i].text);
	}
	printf("%zu mount namespaces: %zu bytes, %lld ms\n", n_read, bytes,
	        (long long)(monotonic_ms() - start));
	CHECK(n_read >= N_NAMESPACES);
	CHECK(test->ops->mount_ns_texts(test->kernel, ids, 0, take, NULL) == 0);
	free(taken);
	free(ids);
}

/* More than one answer holds, and more mounts than one page. */
static void ask_for_many(void)
{
	struct privileged_test test;
	struct kernel_mount_ns *list = NULL;
	size_t n = 0;
	char root[32];
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
	struct taken taken = read_texts(&test, id);
	printf("%d nsfs mounts: %zu bytes, %lld ms\n", N_MOUNTS + 1, taken.len,
	        (long long)(monotonic_ms() - start));
	snprintf(root, sizeof(root), "uts:[%llu]", (unsigned long long)uts);
	CHECK(count(&taken, PLACE "/uts", root) == N_MOUNTS + 1);
	free(taken.text);
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
	check_many(&test, list, n);
	fflush(stdout);
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

static uint64_t own_id(void)
{
	_cleanup_close_ int own = nsrel_open(AT_FDCWD, "/proc/self/ns/mnt");
	uint64_t id = 0;

	CHECK(own >= 0 && ioctl(own, NS_GET_MNTNS_ID, &id) == 0);
	return id;
}

/* The mounts of another mount namespace: Linux 6.12 to 7.3 say to listmount(2) that there is none,
 * and EPERM to statmount(2). */
static void assert_no_texts(const struct privileged_test *test, uint64_t id)
{
	struct taken taken = read_texts(test, id);

	CHECK((taken.error == -ENOENT || taken.error == -EPERM) && taken.len == 0);
	free(taken.text);
}

static void ask_without_rights(void)
{
	struct privileged_test test;
	const uint64_t id = own_id();

	CHECK(unshare(CLONE_NEWNS) == 0 && drop_rights() == 0);
	privileged_begin(&test);
	assert_refused(&test, -EPERM);
	assert_no_texts(&test, id);
	privileged_end(&test);
}

static void ask_inside(void)
{
	struct privileged_test test;
	struct kernel_features features;

	const uint64_t id = own_id();

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	assert_refused(&test, -EPERM);
	assert_no_texts(&test, id);
	test.ops->features(test.kernel, &features);
	CHECK(features.results[INTERFACE_MNT_GET_NEXT].state == INTERFACE_DENIED);
	/* There are none before Linux 6.18. */
	CHECK(!interfaces_has(&features, INTERFACE_OPEN_HANDLE));
	privileged_end(&test);
}

static void ask_switched_off(void)
{
	struct privileged_test test;
	const uint64_t id = 1;

	privileged_begin(&test);
	kernel_linux_set_interfaces(test.kernel, KERNEL_USE_IDS);
	assert_refused(&test, -EOPNOTSUPP);
	CHECK(test.ops->mount_ns_texts(test.kernel, &id, 1, take, NULL) == -EOPNOTSUPP);
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
	_exit(interfaces_has(&features, INTERFACE_MNT_GET_NEXT) &&
	                        interfaces_has(&features, INTERFACE_LISTMOUNT_NS)
	                ? 0
	                : EPERM);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(all_mount_namespaces),
	        cmocka_unit_test(texts_are_those_of_mountinfo),
	        cmocka_unit_test(many_of_them),
	        cmocka_unit_test(where_it_may_not_be_asked),
	};

	return privileged_can("a list of mount namespaces", try_it)
	               ? cmocka_run_group_tests(tests, NULL, NULL)
	               : privileged_skip();
}
