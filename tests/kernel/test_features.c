/* SPDX-License-Identifier: Apache-2.0 */
/* The probes of kernel/interfaces.def. Filters of system calls make this kernel answer like one
 * that does not have an interface, or does not permit it. */
#include "base/attributes.h"
#include "kernel/privileged/mount_uapi.h"
#include "kernel/privileged/privileged.h"
#include "nsrel/nsfs_uapi.h"
#include "privsep/pidfd_uapi.h"
#include "tests/kernel/privileged.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#ifdef HAVE_SECCOMP
#include <seccomp.h>
#endif

/* --- the table ------------------------------------------------------------------------------- */

/* "6.18" as 6018. */
static unsigned version_of(const char *text)
{
	unsigned major, minor;

	assert_int_equal(sscanf(text, "%u.%u", &major, &minor), 2);
	return major * 1000 + minor;
}

static void rows_are_in_order(void **state)
{
	unsigned before = 0;

	(void)state;
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		const struct interface_row *const row = interfaces_row(id);

		assert_true(version_of(row->since) >= before);
		assert_true(strlen(row->name) < 24); /* the width of the column */
		assert_true(*row->text != '\0');
		for (enum interface_id other = 0; other < id; other++)
			assert_string_not_equal(row->name, interfaces_row(other)->name);
		before = version_of(row->since);
	}
}

static void results(void **state)
{
	static const struct {
		int r;
		enum interface_state state;
		int error;
	} rows[] = {
	        {0, INTERFACE_YES, 0},
	        {-ENOSYS, INTERFACE_NO, 0},
	        {-ENOTTY, INTERFACE_NO, 0},
	        {-EOPNOTSUPP, INTERFACE_NO, 0},
	        {-EINVAL, INTERFACE_NO, 0},
	        {-E2BIG, INTERFACE_NO, 0},
	        {-EPERM, INTERFACE_DENIED, -EPERM},
	        {-EACCES, INTERFACE_DENIED, -EACCES},
	        {-EMFILE, INTERFACE_UNKNOWN, -EMFILE},
	        {-ENOENT, INTERFACE_UNKNOWN, -ENOENT},
	        {-ETIMEDOUT, INTERFACE_UNKNOWN, -ETIMEDOUT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct interface_result result = interfaces_result(rows[i].r);

		assert_int_equal(result.state, rows[i].state);
		assert_int_equal(result.error, rows[i].error);
	}
}

/* --- this kernel ----------------------------------------------------------------------------- */

static void read_features(struct kernel_features *ret)
{
	struct privileged_test test;

	privileged_begin(&test);
	test.ops->features(test.kernel, ret);
	privileged_end(&test);
}

/* Nothing here keeps a probe from its result, and nothing stays open. */
static void check_all(void)
{
	struct kernel_features features;
	const int before = world_count_fds();

	read_features(&features);
	CHECK(world_count_fds() == before);
	for (enum interface_id id = 0; id < INTERFACE_IDS; id++) {
		const struct interface_result *const result = &features.results[id];

		if (result->state == INTERFACE_UNKNOWN)
			fprintf(stderr, "%s: %s\n", interfaces_row(id)->name,
			        strerror(-result->error));
		CHECK(result->state != INTERFACE_UNKNOWN);
	}
	/* What no kernel refuses that the program supports. */
	CHECK(interfaces_has(&features, INTERFACE_GET_USERNS));
	CHECK(interfaces_has(&features, INTERFACE_GET_PARENT));
}

static void everything_is_known(void **state)
{
	(void)state;
	assert_int_equal(world_run(check_all), 0);
}

/* Below a /proc of another PID namespace, whose only process has ended. */
static void check_foreign(void)
{
	struct kernel_features features;
	struct kernel *kernel;
	int status;

	if (world_enter(CLONE_NEWPID | CLONE_NEWNS) < 0)
		_exit(EXIT_SKIP);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0)
		_exit(mount("proc", "/proc", "proc", 0, NULL) < 0 ? EXIT_SKIP : 0);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	if (WEXITSTATUS(status) != 0)
		_exit(WEXITSTATUS(status));
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	kernel->ops->features(kernel, &features);
	kernel_free(kernel);
	CHECK(features.results[INTERFACE_USER_NS].state == INTERFACE_UNKNOWN);
	CHECK(features.results[INTERFACE_USER_NS].error == -EXDEV);
	CHECK(features.results[INTERFACE_GET_ID].state == INTERFACE_UNKNOWN);
	CHECK(features.results[INTERFACE_GET_ID].error == -EXDEV);
	CHECK(interfaces_has(&features, INTERFACE_STATX));
	_exit(0);
}

static void proc_of_others(void **state)
{
	(void)state;
	const int r = world_run(check_foreign);
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

/* What NSBROWSE_TEST_INTERFACES switches off is missing, as on a kernel without it. */
static void check_switched_off(void)
{
	static const struct {
		unsigned interfaces;
		enum interface_id missing;
	} rows[] = {
	        {KERNEL_USE_IDS | KERNEL_USE_LIST, INTERFACE_LISTMOUNT},
	        {KERNEL_USE_IDS | KERNEL_USE_LIST, INTERFACE_LISTMOUNT_NS},
	        {KERNEL_USE_IDS | KERNEL_USE_LIST, INTERFACE_MNT_GET_NEXT},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_LIST, INTERFACE_GET_ID},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_LIST, INTERFACE_HANDLE},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_LIST, INTERFACE_OPEN_HANDLE},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_LIST, INTERFACE_OPEN_ID},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_LIST, INTERFACE_LISTNS},
	        {KERNEL_USE_MOUNT_NS | KERNEL_USE_IDS, INTERFACE_LISTNS},
	};
	struct privileged_test test;

	privileged_begin(&test);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct kernel_features features;

		kernel_linux_set_interfaces(test.kernel, rows[i].interfaces);
		test.ops->features(test.kernel, &features);
		CHECK(features.results[rows[i].missing].state == INTERFACE_NO);
		CHECK(interfaces_has(&features, INTERFACE_GET_USERNS));
	}
	privileged_end(&test);
}

static void switched_off(void **state)
{
	(void)state;
	assert_int_equal(world_run(check_switched_off), 0);
}

/* --- below a mount --------------------------------------------------------------------------- */

/* Something over our own links: what they say is not that of this kernel. */
static void check_covered(void)
{
	struct kernel_features features;
	struct kernel_host host;
	struct kernel *kernel;

	if (world_enter(CLONE_NEWNS) < 0 || mount("none", "/proc/self/ns", "tmpfs", 0, NULL) < 0)
		_exit(EXIT_SKIP);
	CHECK(symlink("pid:[4026531836]", "/proc/self/ns/pid") == 0);
	CHECK(kernel_linux_new("/proc", &kernel) == 0);
	kernel->ops->host(kernel, &host);
	kernel->ops->features(kernel, &features);
	CHECK(!host.lacks_user_ns && host.pid_ns == 0);
	CHECK(strcmp(host.unread, "ns") == 0 && host.unread_error == EXDEV);
	CHECK(features.results[INTERFACE_USER_NS].state == INTERFACE_UNKNOWN);
	CHECK(features.results[INTERFACE_USER_NS].error == -ESTALE);
	CHECK(features.results[INTERFACE_GET_ID].error == -ESTALE);
	kernel_free(kernel);
	_exit(0);
}

static void below_a_mount(void **state)
{
	(void)state;
	const int r = world_run(check_covered);
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

/* --- without descriptors --------------------------------------------------------------------- */

/* The right to see all is not missing: it is not known. */
static void check_without_descriptors(void)
{
	struct rlimit limit;
	struct kernel_ns_id *list;
	size_t n;

	if (world_enter(0) < 0)
		_exit(EXIT_SKIP);
	CHECK(privileged_check_sees_all() == -EPERM);
	CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
	limit.rlim_cur = 0;
	CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	CHECK(privileged_check_sees_all() == -EMFILE);
	CHECK(ns_list_now(&list, &n) == -EMFILE);
}

static void without_descriptors(void **state)
{
	(void)state;
	const int r = world_run(check_without_descriptors);
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

/* --- other kernels --------------------------------------------------------------------------- */

#ifdef HAVE_SECCOMP

/* If that call, or that ioctl, fails with `error`, the state of the interface is `state`. */
static const struct refused {
	const char *call; /* NULL: ioctl */
	unsigned long number;
	int error;
	enum interface_id id;
	enum interface_state state;
} REFUSED[] = {
        {NULL, NS_GET_USERNS, ENOTTY, INTERFACE_GET_USERNS, INTERFACE_NO},
        {NULL, NS_GET_PARENT, ENOTTY, INTERFACE_GET_PARENT, INTERFACE_NO},
        {NULL, NS_GET_NSTYPE, ENOTTY, INTERFACE_GET_NSTYPE, INTERFACE_NO},
        {NULL, NS_GET_OWNER_UID, ENOTTY, INTERFACE_GET_OWNER_UID, INTERFACE_NO},
        {NULL, NS_GET_OWNER_UID, EPERM, INTERFACE_GET_OWNER_UID, INTERFACE_DENIED},
        {NULL, NS_GET_MNTNS_ID, ENOTTY, INTERFACE_GET_MNTNS_ID, INTERFACE_NO},
        {NULL, NS_GET_MNTNS_ID, ENOTTY, INTERFACE_LISTMOUNT_NS, INTERFACE_NO},
        {NULL, NS_GET_TGID_IN_PIDNS, ENOTTY, INTERFACE_TGID_IN_PIDNS, INTERFACE_NO},
        {NULL, NS_MNT_GET_NEXT, ENOTTY, INTERFACE_MNT_GET_NEXT, INTERFACE_NO},
        {NULL, NS_MNT_GET_NEXT, EPERM, INTERFACE_MNT_GET_NEXT, INTERFACE_DENIED},
        {NULL, NS_MNT_GET_NEXT, EIO, INTERFACE_MNT_GET_NEXT, INTERFACE_UNKNOWN},
        {NULL, NS_GET_ID, ENOTTY, INTERFACE_GET_ID, INTERFACE_NO},
        {NULL, SIOCGSKNS, ENOTTY, INTERFACE_SOCKET_NS, INTERFACE_NO},
        {NULL, SIOCGSKNS, EPERM, INTERFACE_SOCKET_NS, INTERFACE_DENIED},
        {"kcmp", 0, ENOSYS, INTERFACE_KCMP, INTERFACE_NO},
        {"kcmp", 0, EPERM, INTERFACE_KCMP, INTERFACE_DENIED},
        {"perf_event_open", 0, EINVAL, INTERFACE_EVENTS, INTERFACE_NO},
        {"perf_event_open", 0, ENODEV, INTERFACE_EVENTS, INTERFACE_NO},
        {"perf_event_open", 0, EACCES, INTERFACE_EVENTS, INTERFACE_DENIED},
        {"fsopen", 0, ENOSYS, INTERFACE_FSOPEN, INTERFACE_NO},
        {"fsopen", 0, ENODEV, INTERFACE_FSOPEN, INTERFACE_NO},
        {"pidfd_open", 0, ENOSYS, INTERFACE_PIDFD_OPEN, INTERFACE_NO},
        {"pidfd_open", 0, EINVAL, INTERFACE_PIDFD_THREAD, INTERFACE_NO},
        {NULL, PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE, ENOTTY, INTERFACE_PIDFD_CHILDREN,
                INTERFACE_NO},
        {"pidfd_getfd", 0, ENOSYS, INTERFACE_PIDFD_GETFD, INTERFACE_NO},
        {"pidfd_getfd", 0, EPERM, INTERFACE_PIDFD_GETFD, INTERFACE_DENIED},
        {"landlock_create_ruleset", 0, ENOSYS, INTERFACE_LANDLOCK, INTERFACE_NO},
        {"listmount", MOUNT_UAPI_LISTMOUNT, ENOSYS, INTERFACE_LISTMOUNT, INTERFACE_NO},
        {"listmount", MOUNT_UAPI_LISTMOUNT, E2BIG, INTERFACE_LISTMOUNT_NS, INTERFACE_NO},
        {"listmount", MOUNT_UAPI_LISTMOUNT, ENOENT, INTERFACE_LISTMOUNT_NS, INTERFACE_DENIED},
        {"listmount", MOUNT_UAPI_LISTMOUNT, EPERM, INTERFACE_LISTMOUNT_NS, INTERFACE_DENIED},
        {"statmount", MOUNT_UAPI_STATMOUNT, ENOSYS, INTERFACE_LISTMOUNT, INTERFACE_NO},
        {"name_to_handle_at", 0, EOPNOTSUPP, INTERFACE_HANDLE, INTERFACE_NO},
        {"name_to_handle_at", 0, EOPNOTSUPP, INTERFACE_OPEN_HANDLE, INTERFACE_NO},
        {"name_to_handle_at", 0, EOPNOTSUPP, INTERFACE_OPEN_ID, INTERFACE_NO},
        {"open_by_handle_at", 0, EBADF, INTERFACE_OPEN_HANDLE, INTERFACE_NO},
        {"open_by_handle_at", 0, EPERM, INTERFACE_OPEN_HANDLE, INTERFACE_DENIED},
        {"open_by_handle_at", 0, ESTALE, INTERFACE_OPEN_ID, INTERFACE_NO},
        {"listns", NSFS_UAPI_LISTNS, ENOSYS, INTERFACE_LISTNS, INTERFACE_NO},
        {"listns", NSFS_UAPI_LISTNS, EPERM, INTERFACE_LISTNS, INTERFACE_DENIED},
        {"readlinkat", 0, ENOENT, INTERFACE_USER_NS, INTERFACE_NO},
        {"readlinkat", 0, EACCES, INTERFACE_TIME_NS, INTERFACE_DENIED},
};

/* Newer calls have a number here, since libseccomp may not know their names. Fails if there is no
 * such call on this architecture. */
static int refuse(const struct refused *row)
{
	const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	const uint32_t action = SCMP_ACT_ERRNO((unsigned)row->error);
	const int call = !row->call        ? seccomp_syscall_resolve_name("ioctl")
	                 : row->number > 0 ? (int)row->number
	                                   : seccomp_syscall_resolve_name(row->call);
	const struct scmp_arg_cmp is_ioctl = {
	        .arg = 1, .op = SCMP_CMP_MASKED_EQ, .datum_a = UINT32_MAX, .datum_b = row->number};
	int r = call < 0 ? -ENOSYS
	                 : seccomp_rule_add_array(
	                           filter, action, call, row->call ? 0 : 1, &is_ioctl);

	if (r == 0)
		r = seccomp_load(filter);
	seccomp_release(filter);
	return r;
}

static const struct refused *refused;

static void check_refused(void)
{
	struct kernel_features before, features;

	read_features(&before);
	if (refuse(refused) < 0)
		_exit(EXIT_SKIP);
	read_features(&features);
	const struct interface_result *const result = &features.results[refused->id];
	/* Without what it needs the kernel says so before it comes to that call. */
	if (before.results[refused->id].state == INTERFACE_NO && result->state == INTERFACE_NO)
		_exit(0);
	CHECK(result->state == refused->state);
	if (refused->state == INTERFACE_DENIED && refused->error != ENOENT)
		CHECK(result->error == -refused->error);
	_exit(0);
}

static void what_is_refused(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(REFUSED); i++) {
		refused = &REFUSED[i];
		const int r = world_run(check_refused);
		n += r == 0;
		if (r != 0 && r != EXIT_SKIP)
			fail_msg("%s with %s: %s", refused->call ? refused->call : "ioctl",
			        strerror(refused->error), interfaces_row(refused->id)->name);
	}
	if (n == 0)
		skip();
}

/* EPERM is that of a filter if nothing is outside, else that of an owner outside. */
static void check_owner_refused(void)
{
	static const struct refused row = {NULL, NS_GET_USERNS, EPERM, INTERFACE_GET_USERNS, 0};
	_cleanup_close_ int user = nsrel_open(AT_FDCWD, "/proc/self/ns/user");
	struct kernel_features features;
	struct nsrel_key key;

	if (user < 0 || nsrel_key(user, &key) < 0 || refuse(&row) < 0)
		_exit(EXIT_SKIP);
	read_features(&features);
	CHECK(features.results[INTERFACE_GET_USERNS].state ==
	        (nsrel_is_initial(&key, CLONE_NEWUSER) ? INTERFACE_DENIED : INTERFACE_YES));
	_exit(0);
}

static void check_owner_outside(void)
{
	if (world_enter(0) < 0)
		_exit(EXIT_SKIP);
	check_owner_refused();
}

static void owners_that_are_refused(void **state)
{
	(void)state;
	const int r = world_run(check_owner_refused), inside = world_run(check_owner_outside);
	assert_true(r == 0 || r == EXIT_SKIP);
	assert_true(inside == 0 || inside == EXIT_SKIP);
	if (r == EXIT_SKIP && inside == EXIT_SKIP)
		skip();
}

#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(rows_are_in_order),
	        cmocka_unit_test(results),
	        cmocka_unit_test(everything_is_known),
	        cmocka_unit_test(proc_of_others),
	        cmocka_unit_test(switched_off),
	        cmocka_unit_test(below_a_mount),
	        cmocka_unit_test(without_descriptors),
#ifdef HAVE_SECCOMP
	        cmocka_unit_test(what_is_refused),
	        cmocka_unit_test(owners_that_are_refused),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
