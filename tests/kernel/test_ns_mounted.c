/* SPDX-License-Identifier: Apache-2.0 */
/* Namespaces behind mount points in another mount namespace that is hostile. Exits 77 if no mount
 * namespace may be made. */
#include "base/attributes.h"
#include "base/monotonic.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "privsep/helper.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>

enum { N_SWAPS = 200, N_OFTEN = 50 };

static struct kernel_mounted item(int place, bool is_mount_ns, const char *point, uint64_t ino)
{
	return (struct kernel_mounted){.place = place,
	        .is_mount_ns = is_mount_ns,
	        .point = point,
	        .type = CLONE_NEWUTS,
	        .ino = ino,
	        .ns = -EBADMSG};
}

/* The mounts of make_container, opened at `place`. */
static void check_container(
        const struct privileged_test *test, int place, bool is_mount_ns, uint64_t uts)
{
	static char long_path[20000];
	memset(long_path, '/', sizeof(long_path) - 1);
	const struct {
		const char *point;
		uint64_t ino;
		int error;
	} table[] = {
	        {PLACE "/uts", uts, 0},
	        {HOSTILE "/\xff", uts, 0},
	        {PLACE "/fifoed", uts, -ESTALE},
	        {PLACE "/other", uts, -ESTALE},
	        {PLACE "/deep/ns", uts, -ENOENT},
	        {PLACE "/uts", uts + 1, -ESTALE},
	        {PLACE "/link", uts, -ESTALE},
	        {PLACE "/dirlink/\xff", uts, -ENOTDIR},
	        {PLACE "/uts/more", uts, -ENOTDIR},
	        {PLACE "/../" PLACE "/uts", uts, -EINVAL},
	        {PLACE "/none", uts, -ESTALE},
	        {PLACE "/fifo", uts, -ESTALE},
	        {PLACE, uts, -ESTALE},
	        {"/", uts, -ESTALE},
	        {"", uts, -ESTALE},
	        {long_path, uts, -ENAMETOOLONG},
	        {"/" PLACE "//uts/", uts, 0},
	};
	enum { N = sizeof(table) / sizeof(*table) };
	struct kernel_mounted items[N];

	for (size_t i = 0; i < N; i++)
		items[i] = item(place, is_mount_ns, table[i].point, table[i].ino);
	CHECK(test->ops->ns_open_mounted(test->kernel, items, N) == 0);
	for (size_t i = 0; i < N; i++) {
		struct nsrel_key key;

		if (table[i].error) {
			if (items[i].ns != table[i].error)
				fprintf(stderr, "%zu: %d\n", i, items[i].ns);
			CHECK(items[i].ns == table[i].error);
			continue;
		}
		CHECK(test->ops->ns_key(test->kernel, items[i].ns, &key) == 0);
		CHECK(key.ino == uts);
		CHECK(fcntl(items[i].ns, F_GETFD) == FD_CLOEXEC);
		test->ops->close(test->kernel, items[i].ns);
	}
}

/* A process in there reads the same. */
static void check_mountinfo(const struct privileged_test *test, int process, int mount_ns)
{
	static char expected[64 * 1024];
	char *text = NULL;
	size_t len = 0;

	const ssize_t n = test->ops->process_read(
	        test->kernel, process, "mountinfo", expected, sizeof(expected));
	CHECK(n > 0);
	CHECK(test->ops->mount_ns_mountinfo(test->kernel, mount_ns, &text, &len) == 0);
	CHECK(len == (size_t)n && memcmp(text, expected, len) == 0);
	free(text);
	CHECK(test->ops->mount_ns_mountinfo(test->kernel, process, &text, &len) == -EBADF);
}

static void ask_container(void)
{
	struct privileged_test test;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	const int before = world_count_fds();
	const pid_t pid = world_begin(make_container);
	CHECK(pid > 0);
	const uint64_t uts = inode_of(pid, "uts");
	const int process = test.ops->process_open(test.kernel, pid);
	const int mount_ns = world_open(pid, "mnt");
	CHECK(process >= 0 && mount_ns >= 0);
	check_container(&test, process, false, uts);
	check_container(&test, mount_ns, true, uts);
	check_mountinfo(&test, process, mount_ns);

	/* All there may be at once, in two places. */
	struct kernel_mounted items[KERNEL_MOUNTED_MAX + 1];
	for (int i = 0; i <= KERNEL_MOUNTED_MAX; i++)
		items[i] = item(i % 8 < 4 ? process : mount_ns, i % 8 >= 4, HOSTILE "/\xff", uts);
	CHECK(test.ops->ns_open_mounted(test.kernel, items, KERNEL_MOUNTED_MAX + 1) == -E2BIG);
	CHECK(test.ops->ns_open_mounted(test.kernel, items, 0) == 0);
	CHECK(test.ops->ns_open_mounted(test.kernel, items, KERNEL_MOUNTED_MAX) == 0);
	for (int i = 0; i < KERNEL_MOUNTED_MAX; i++) {
		CHECK(items[i].ns >= 0);
		test.ops->close(test.kernel, items[i].ns);
	}

	/* No process is in it any more; a descriptor of this process keeps the mount namespace. */
	world_end(pid);
	items[0] = item(process, false, PLACE "/uts", uts);
	items[1] = item(mount_ns, true, PLACE "/uts", uts);
	CHECK(test.ops->ns_open_mounted(test.kernel, items, 2) == 0);
	CHECK(items[0].ns == -ENOENT || items[0].ns == -ESRCH);
	CHECK(items[1].ns >= 0);
	close(items[1].ns);
	items[0] = item(mount_ns, false, PLACE "/uts", uts);
	items[1] = item(process, true, PLACE "/uts", uts);
	CHECK(test.ops->ns_open_mounted(test.kernel, items, 2) == 0);
	CHECK(items[0].ns < 0 && items[1].ns < 0);
	close(process);
	close(mount_ns);
	CHECK(world_count_fds() == before);
	privileged_end(&test);
}

static void everything_in_a_container(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_container), 0);
}

/* Replaces the mount as fast as it can; writes to the pipe when it is ready. */
static void swap(int ready)
{
	CHECK(make_place() == 0 && unshare(CLONE_NEWUTS) == 0);
	CHECK(bind_on("/proc/self/ns/uts", PLACE "/uts") == 0);
	CHECK(write(ready, "", 1) == 1);
	for (;;) {
		cover_by_fifo(PLACE "/uts");
		umount2(PLACE "/uts", MNT_DETACH);
		umount2(PLACE "/uts", MNT_DETACH);
		bind_on("/proc/self/ns/uts", PLACE "/uts");
	}
}

static pid_t begin_swapper(void)
{
	int ready[2];
	char byte;

	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	const pid_t pid = world_fork();
	if (pid == 0)
		swap(ready[1]);
	close(ready[1]);
	CHECK(pid > 0 && read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	return pid;
}

static void ask_swapper(void)
{
	struct privileged_test test;
	int n_found = 0, n_refused = 0;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	const pid_t pid = begin_swapper();
	CHECK(pid > 0);
	const uint64_t uts = inode_of(pid, "uts");
	const int process = test.ops->process_open(test.kernel, pid);
	for (int i = 0; i < N_SWAPS; i++) {
		struct kernel_mounted asked = item(process, false, PLACE "/uts", uts);
		struct nsrel_key key;

		CHECK(test.ops->ns_open_mounted(test.kernel, &asked, 1) == 0);
		CHECK(asked.ns >= 0 || asked.ns == -ESTALE);
		n_refused += asked.ns < 0;
		if (asked.ns < 0)
			continue;
		n_found++;
		CHECK(nsrel_key(asked.ns, &key) == 0 && key.ino == uts);
		close(asked.ns);
	}
	printf("swapped meanwhile: %d opened, %d refused, 0 wrong\n", n_found, n_refused);
	fflush(stdout);
	world_end(pid);
	privileged_end(&test);
}

static void swapped_meanwhile(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_swapper), 0);
}

static int make_hanging(void)
{
	const int r = make_place();

	return r < 0 ? r : mount_dead_fuse(PLACE "/dead");
}

/* Two places that hang, and one between them that does not. */
struct hanging {
	int good;
	int bad;
	int worse;
	uint64_t uts;
};

/* Milliseconds until that is known. */
static int64_t time_hanging(const struct privileged_test *test, const struct hanging *places)
{
	struct kernel_mounted items[] = {
	        item(places->bad, false, PLACE "/dead/x", 1),
	        item(places->bad, false, PLACE "/harmless", 1),
	        item(places->good, false, PLACE "/uts", places->uts),
	        item(places->worse, true, PLACE "/dead/x", 1),
	};
	const int64_t start = monotonic_ms();
	char *text;
	size_t len;

	CHECK(test->ops->ns_open_mounted(test->kernel, items, 4) == 0);
	const int64_t took = monotonic_ms() - start;
	CHECK(items[0].ns == -ETIMEDOUT && items[1].ns == -ETIMEDOUT);
	CHECK(items[3].ns == -ETIMEDOUT);
	CHECK(items[2].ns >= 0);
	close(items[2].ns);
	CHECK(test->ops->mount_ns_mountinfo(test->kernel, places->worse, &text, &len) ==
	        -ETIMEDOUT);
	return took;
}

/* Asked twice: what hung is known then. False where it took too long. */
static bool ask_hanging_soon(pid_t good, pid_t bad, pid_t worse)
{
	struct privileged_test test;

	privileged_begin(&test);
	const struct hanging places = {
	        .good = test.ops->process_open(test.kernel, good),
	        .bad = test.ops->process_open(test.kernel, bad),
	        .worse = world_open(worse, "mnt"),
	        .uts = inode_of(good, "uts"),
	};
	const int64_t first = time_hanging(&test, &places);
	test.ops->begin_waits(test.kernel);
	const int64_t second = time_hanging(&test, &places);
	printf("two hang: %lld ms, again: %lld ms\n", (long long)first, (long long)second);
	fflush(stdout);
	close(places.good);
	close(places.bad);
	close(places.worse);
	privileged_end(&test);
	return first < 600 && second < 250;
}

/* A machine that is busy may be late, but not each time. */
static void ask_hanging(void)
{
	bool is_soon = false;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	const pid_t good = world_begin(make_container), bad = world_begin(make_hanging),
	            worse = world_begin(make_hanging);
	CHECK(good > 0 && bad > 0 && worse > 0);
	for (int i = 0; i < 5 && !is_soon; i++)
		is_soon = ask_hanging_soon(good, bad, worse);
	CHECK(is_soon);
	world_end(good);
	world_end(bad);
	world_end(worse);
}

static void what_hangs_is_given_up(void **state)
{
	int r;

	(void)state;
	if (!world_can("a FUSE mount", CLONE_NEWNS, make_hanging, &r)) {
		assert_int_equal(r, EXIT_SKIP);
		skip();
	}
	assert_int_equal(world_run(ask_hanging), 0);
}

/* --- what a job is ---------------------------------------------------------------------------- */

/* Whether it is a job that has given up all that it does not need. */
static bool is_stripped(pid_t pid)
{
	static const char *const lines[] = {
	        "\nCapInh:\t0000000000000000\nCapPrm:\t0000000000080004\n",
	        "\nCapEff:\t0000000000080004\n",
	        "\nNoNewPrivs:\t1\n",
	        "Name:\tns-mounted\n",
	};

	return status_has(pid, lines, ARRAY_SIZE(lines));
}

/* Whether a job was seen to hang as it should until its end; on a busy machine it may have had no
 * time to. */
static bool look_at_job_once(const struct privileged_test *test, int place, bool is_mount_ns)
{
	static const char point[] = PLACE "/dead/x";
	char bytes[sizeof(struct job_mounted) + sizeof(point)];
	const struct job_mounted wanted = {.type = CLONE_NEWUTS,
	        .length = sizeof(point) - 1,
	        .is_mount_ns = is_mount_ns,
	        .ino = 1};
	const int64_t end = monotonic_ms() + 20000;
	struct helper_exit notice;
	struct helper_pending pending;
	bool is_seen = false;

	memcpy(bytes, &wanted, sizeof(wanted));
	memcpy(bytes + sizeof(wanted), point, sizeof(point));
	CHECK(helper_start_job(test->helper, &ns_mounted_job,
	              &(const struct helper_request){
	                      .bytes = bytes, .len = sizeof(bytes) - 1, .fds = &place, .n_fds = 1},
	              &pending) == 0);
	while (helper_poll(test->helper, &notice) == 0) {
		const pid_t pid = child_of(helper_pid(test->helper));

		is_seen |= pid != 0 && is_stripped(pid);
		CHECK(monotonic_ms() < end);
	}
	close(pending.replies);
	return is_seen;
}

static void look_at_job(const struct privileged_test *test, int place, bool is_mount_ns)
{
	bool is_seen = false;

	for (int i = 0; i < 20 && !is_seen; i++)
		is_seen = look_at_job_once(test, place, is_mount_ns);
	CHECK(is_seen);
}

static void look_at_jobs(void)
{
	struct privileged_test test;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	const pid_t pid = world_begin(make_hanging);
	CHECK(pid > 0);
	look_at_job(&test, test.ops->process_open(test.kernel, pid), false);
	look_at_job(&test, world_open(pid, "mnt"), true);
	world_end(pid);
	privileged_end(&test);
}

static void jobs_keep_what_they_need(void **state)
{
	int r;

	(void)state;
	if (!world_can("a FUSE mount", CLONE_NEWNS, make_hanging, &r)) {
		assert_int_equal(r, EXIT_SKIP);
		skip();
	}
	assert_int_equal(world_run(look_at_jobs), 0);
}

/* --- several threads -------------------------------------------------------------------------- */

struct asking {
	const struct privileged_test *test;
	int place;
	uint64_t uts;
	bool is_mount_ns;
};

static void *ask_often(void *data)
{
	const struct asking *const asking = data;

	for (int i = 0; i < N_OFTEN; i++) {
		struct kernel_mounted asked =
		        item(asking->place, asking->is_mount_ns, PLACE "/uts", asking->uts);
		struct nsrel_key key;

		CHECK(asking->test->ops->ns_open_mounted(asking->test->kernel, &asked, 1) == 0);
		CHECK(nsrel_key(asked.ns, &key) == 0 && key.ino == asking->uts);
		close(asked.ns);
	}
	return NULL;
}

static void ask_in_threads(void)
{
	struct privileged_test test;
	pthread_t thread;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	privileged_begin(&test);
	const pid_t pids[] = {world_begin(make_container), world_begin(make_container)};
	CHECK(pids[0] > 0 && pids[1] > 0);
	struct asking ours = {&test, test.ops->process_open(test.kernel, pids[0]),
	        inode_of(pids[0], "uts"), false};
	struct asking theirs = {&test, world_open(pids[1], "mnt"), inode_of(pids[1], "uts"), true};
	CHECK(pthread_create(&thread, NULL, ask_often, &theirs) == 0);
	ask_often(&ours);
	CHECK(pthread_join(thread, NULL) == 0);
	world_end(pids[0]);
	world_end(pids[1]);
	privileged_end(&test);
}

static void several_threads(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_in_threads), 0);
}

static void ask_without_rights(void)
{
	struct privileged_test test;
	char *text;
	size_t len;

	CHECK(world_enter(CLONE_NEWNS) == 0);
	const pid_t pid = world_begin(make_container);
	CHECK(pid > 0);
	const uint64_t uts = inode_of(pid, "uts");
	const int mount_ns = world_open(pid, "mnt");
	CHECK(drop_rights() == 0);
	privileged_begin(&test);
	struct kernel_mounted items[] = {
	        item(test.ops->process_open(test.kernel, pid), false, PLACE "/uts", uts),
	        item(mount_ns, true, PLACE "/uts", uts),
	};
	CHECK(test.ops->ns_open_mounted(test.kernel, items, 2) == 0);
	CHECK(items[0].ns == -EACCES);
	CHECK(items[1].ns == -EPERM);
	CHECK(test.ops->mount_ns_mountinfo(test.kernel, mount_ns, &text, &len) == -EPERM);
	privileged_end(&test);
}

static void without_rights(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_without_rights), 0);
}

static void ask_nobody(void)
{
	struct privileged_test test;
	struct kernel_mounted asked = item(AT_FDCWD, false, "/uts", 1);
	struct kernel *kernel;

	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	CHECK(kernel->ops->ns_open_mounted(kernel, &asked, 1) == -EOPNOTSUPP);
	kernel_free(kernel);
	privileged_begin(&test);
	kill(helper_pid(test.helper), SIGKILL);
	asked = item(open("/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC), false, "/uts", 1);
	CHECK(test.ops->ns_open_mounted(test.kernel, &asked, 1) == 0);
	CHECK(asked.ns == -EPIPE);
	privileged_end(&test);
}

static void without_a_helper(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_nobody), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(everything_in_a_container),
	        cmocka_unit_test(swapped_meanwhile),
	        cmocka_unit_test(what_hangs_is_given_up),
	        cmocka_unit_test(jobs_keep_what_they_need),
	        cmocka_unit_test(several_threads),
	        cmocka_unit_test(without_rights),
	        cmocka_unit_test(without_a_helper),
	};
	int r;

	if (!world_can("bind mounts", CLONE_NEWNS, make_container, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
