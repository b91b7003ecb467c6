/* SPDX-License-Identifier: Apache-2.0 */
/* What counts towards the limits of user namespaces, compared with the real kernel: namespaces are
 * made until it refuses, and then as many must be seen as the limit says. */
#include "base/attributes.h"
#include "kernel/kernel_linux.h"
#include "kernel/privileged/privileged.h"
#include "model/limits.h"
#include "scan/ns_facts.h"
#include "scan/scan.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* --- making namespaces ------------------------------------------------------------------------ */

/* What the makers found, in memory that all share. */
struct made {
	int n[NS_TYPES];     /* made until the kernel refused */
	int by_uid[3];       /* network namespaces of these users */
	int error;           /* what refused the last one */
	bool is_unsupported; /* the kernel lacks what the scene is about */
};

static void write_file(const char *path, const char *text)
{
	_cleanup_close_ int file = open(path, O_WRONLY | O_CLOEXEC);
	const ssize_t len = (ssize_t)strlen(text);

	CHECK(file >= 0 && write(file, text, (size_t)len) == len);
}

static void set_limit(enum nstype type, unsigned max)
{
	char path[64], text[16];

	snprintf(path, sizeof(path), "/proc/sys/user/max_%s_namespaces", nstype_name(type));
	snprintf(text, sizeof(text), "%u", max);
	write_file(path, text);
}

/* In a child: a new namespace, until the scene ends. A time or PID namespace is that of children;
 * a PID namespace can be read when it has one. */
static void make_in_child(enum nstype type, int ready)
{
	const int error = unshare(nstype_clone(type)) < 0 ? errno : 0;
	const pid_t init = error == 0 && type == NS_PID ? world_fork() : getpid();

	CHECK(init >= 0);
	if (init > 0)
		CHECK(write(ready, &error, sizeof(error)) == sizeof(error));
	for (;;)
		pause();
}

/* Returns 0 or a positive errno. */
static int make(enum nstype type)
{
	int ready[2], error = EIO;

	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0)
		make_in_child(type, ready[1]);
	close(ready[1]);
	CHECK(read(ready[0], &error, sizeof(error)) == sizeof(error));
	close(ready[0]);
	return error;
}

/* Makes at most `most`; returns how many. */
static int make_some(struct made *made, enum nstype type, int most)
{
	int n = 0;

	while (n < most && (made->error = make(type)) == 0)
		n++;
	return n;
}

enum { MANY = 100 };

/* --- user namespaces -------------------------------------------------------------------------- */

/* A process in a new user namespace with that map of UIDs, in which it does `work` and waits then.
 */
static pid_t begin_in_user(const char *map, void (*work)(struct made *made), struct made *made)
{
	int mapped[2], ready[2];
	char path[64], c = 0;

	CHECK(pipe2(mapped, O_CLOEXEC) == 0 && pipe2(ready, O_CLOEXEC) == 0);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWUSER) == 0);
		CHECK(write(ready[1], "u", 1) == 1);
		CHECK(read(mapped[0], &c, 1) == 1);
		work(made);
		CHECK(write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	CHECK(read(ready[0], &c, 1) == 1);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", (int)pid);
	write_file(path, map);
	snprintf(path, sizeof(path), "/proc/%d/gid_map", (int)pid);
	write_file(path, "0 0 1");
	CHECK(write(mapped[1], "m", 1) == 1);
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	close(mapped[0]);
	close(mapped[1]);
	return pid;
}

static uint64_t inode_of(pid_t pid, const char *link)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, link);
	CHECK(stat(path, &st) == 0);
	return st.st_ino;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
	struct helper *helper;
	struct kernel *kernel;
	const struct model *model;
	const struct ns_facts *facts;
	const struct ns_limit *limits; /* of the user namespace; in the facts */
	struct limits_counts counts;
};

static void start_kernel(struct reading *reading)
{
	CHECK(helper_start(privileged_jobs, PRIVILEGED_JOBS, NULL, &reading->helper) == 0);
	CHECK(kernel_linux_new("/proc", &reading->kernel) == 0);
	kernel_linux_set_helper(reading->kernel, helper_channel(reading->helper));
	/* So that processes and relations lead to namespaces, as on older kernels. */
	kernel_linux_set_interfaces(reading->kernel, KERNEL_USE_MOUNT_NS);
}

static void begin_reading_of(struct reading *reading, uint64_t inode)
{
	const struct scan_options options = {.sources = SCAN_SOURCES_ALL, .n_threads = 1};

	start_kernel(reading);
	CHECK(scan_run(reading->kernel, &options, NULL, NULL, NULL, &reading->model) == 0);

	const struct ns *const ns = model_find(reading->model, NS_USER, inode);
	CHECK(ns);
	CHECK(ns_facts_read(reading->kernel, reading->model, ns, 0, &reading->facts) == 0);
	CHECK(reading->facts->error == 0 && reading->facts->user.limits);
	reading->limits = reading->facts->user.limits;
	struct limits *const limits = limits_new(reading->model);
	limits_count(limits, ns, &reading->counts);
	limits_free(limits);
}

static void begin_reading(struct reading *reading, pid_t pid)
{
	begin_reading_of(reading, inode_of(pid, "user"));
}

static void end_reading(struct reading *reading)
{
	limits_release(&reading->counts);
	ns_facts_unref(reading->facts);
	model_unref(reading->model);
	kernel_free(reading->kernel);
	helper_stop(reading->helper);
}

static enum limits_state state_of(const struct reading *reading, enum nstype type)
{
	return limits_state(&reading->counts, type, reading->limits[type].max);
}

/* --- scenes ----------------------------------------------------------------------------------- */

enum { LIMIT = 3 };

static void fill_all_types(struct made *made)
{
	for (enum nstype type = 0; type < NS_TYPES; type++)
		set_limit(type, LIMIT);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		made->n[type] = make_some(made, type, MANY);
		CHECK(made->error == ENOSPC);
	}
}

static void of_each_type(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", fill_all_types, made);
	struct reading reading;

	begin_reading(&reading, pid);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		CHECK(made->n[type] == LIMIT);
		CHECK(reading.limits[type].is_known && reading.limits[type].max == LIMIT);
		if (type == NS_USER)
			continue;
		CHECK(reading.counts.unknown[type] == LIMIT);
		CHECK(state_of(&reading, type) == LIMITS_MAYBE_REACHED);
	}
	CHECK(reading.counts.n_users == 1 && reading.counts.users[0].uid == 0);
	CHECK(reading.counts.users[0].counted[NS_USER] == LIMIT);
	CHECK(reading.counts.unknown[NS_USER] == 0);
	CHECK(state_of(&reading, NS_USER) == LIMITS_REACHED);
	end_reading(&reading);
	world_end(pid);
}

enum { BELOW = 2, DEEPER = 1, NESTED_LIMIT = 4 };

static void fill_deeper(struct made *made)
{
	made->n[NS_TIME] = make_some(made, NS_NET, DEEPER);
}

static void fill_below(struct made *made)
{
	made->n[NS_PID] = make_some(made, NS_NET, BELOW);
	begin_in_user("0 0 1", fill_deeper, made);
}

/* What a child and a grandchild own is counted above, too, and refused there. */
static void fill_nested(struct made *made)
{
	set_limit(NS_NET, NESTED_LIMIT);
	begin_in_user("0 0 1", fill_below, made);
	made->n[NS_NET] = make_some(made, NS_NET, MANY);
	CHECK(made->error == ENOSPC);
}

static void below_others(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", fill_nested, made);
	struct reading reading;

	CHECK(made->n[NS_PID] == BELOW && made->n[NS_TIME] == DEEPER);
	CHECK(made->n[NS_NET] == NESTED_LIMIT - BELOW - DEEPER);
	begin_reading(&reading, pid);
	CHECK(reading.limits[NS_NET].max == NESTED_LIMIT);
	CHECK(reading.limits[NS_IPC].max == LIMITS_DEFAULT);
	CHECK(reading.counts.n_users == 1 && reading.counts.users[0].uid == 0);
	CHECK(reading.counts.users[0].counted[NS_NET] == BELOW + DEEPER);
	CHECK(reading.counts.users[0].counted[NS_USER] == 2);
	CHECK(reading.counts.unknown[NS_NET] == (uint64_t)made->n[NS_NET]);
	CHECK(state_of(&reading, NS_NET) == LIMITS_MAYBE_REACHED);
	CHECK(state_of(&reading, NS_IPC) == LIMITS_FREE);
	end_reading(&reading);
	world_end(pid);
}

/* All of them in a child. */
static void fill_child(struct made *made)
{
	made->n[NS_NET] = make_some(made, NS_NET, MANY);
	CHECK(made->error == ENOSPC);
}

static void fill_by_child(struct made *made)
{
	set_limit(NS_NET, NESTED_LIMIT);
	begin_in_user("0 0 1", fill_child, made);
}

static void all_below(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", fill_by_child, made);
	struct reading reading;

	CHECK(made->n[NS_NET] == NESTED_LIMIT);
	begin_reading(&reading, pid);
	CHECK(reading.counts.users[0].counted[NS_NET] == NESTED_LIMIT);
	CHECK(reading.counts.unknown[NS_NET] == 0);
	CHECK(state_of(&reading, NS_NET) == LIMITS_REACHED);
	end_reading(&reading);
	world_end(pid);
}

/* Each user has the whole limit. */
static void fill_as(struct made *made, uid_t uid)
{
	int ready[2];
	char c;

	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	const pid_t pid = world_fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(setresuid(uid, uid, uid) == 0 && unshare(CLONE_NEWUSER) == 0);
		made->by_uid[uid] = make_some(made, NS_NET, MANY);
		CHECK(made->error == ENOSPC);
		CHECK(write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
}

static void fill_by_users(struct made *made)
{
	set_limit(NS_NET, LIMIT);
	fill_as(made, 1);
	fill_as(made, 2);
}

static void of_two_users(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 3", fill_by_users, made);
	struct reading reading;

	CHECK(made->by_uid[1] == LIMIT && made->by_uid[2] == LIMIT);
	begin_reading(&reading, pid);
	CHECK(reading.counts.n_users == 2);
	for (uid_t uid = 1; uid <= 2; uid++) {
		const struct limits_user *const user = &reading.counts.users[uid - 1];

		CHECK(user->uid == uid && user->counted[NS_NET] == LIMIT);
		CHECK(user->counted[NS_USER] == 1);
	}
	CHECK(reading.counts.unknown[NS_NET] == 0);
	end_reading(&reading);
	world_end(pid);
}

/* A child user namespace with a process that does not end with this one. */
static void leave_a_child(struct made *made)
{
	int ready[2];
	char c;

	set_limit(NS_NET, LIMIT);
	CHECK(pipe2(ready, O_CLOEXEC) == 0);
	const pid_t pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(unshare(CLONE_NEWUSER) == 0);
		made->n[NS_NET] = make_some(made, NS_NET, MANY);
		CHECK(write(ready[1], "r", 1) == 1);
		for (;;)
			pause();
	}
	CHECK(read(ready[0], &c, 1) == 1);
	close(ready[0]);
	close(ready[1]);
}

static void without_a_process(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", leave_a_child, made);
	const uint64_t inode = inode_of(pid, "user");
	struct reading reading;

	world_end(pid);
	begin_reading_of(&reading, inode);
	CHECK(model_find(reading.model, NS_USER, inode)->n_processes == 0);
	CHECK(reading.limits[NS_NET].is_known && reading.limits[NS_NET].max == LIMIT);
	CHECK(reading.counts.users[0].counted[NS_NET] == LIMIT);
	CHECK(reading.counts.users[0].counted[NS_USER] == 1);
	end_reading(&reading);
}

/* As a user who may not enter it; the model is that of root. */
static void read_as_nobody(const struct reading *all, const struct ns *ns)
{
	struct reading reading = {.model = all->model};
	const struct ns_facts *facts;

	CHECK(setgroups(0, NULL) == 0 && setresgid(65534, 65534, 65534) == 0 &&
	        setresuid(65534, 65534, 65534) == 0);
	start_kernel(&reading);
	CHECK(ns_facts_read(reading.kernel, reading.model, ns, 0, &facts) == 0);
	for (enum nstype type = 0; type < NS_TYPES; type++) {
		const struct ns_limit *const limit = &facts->user.limits[type];

		CHECK(!limit->is_known && (limit->error == EPERM || limit->error == EACCES));
	}
	ns_facts_unref(facts);
	kernel_free(reading.kernel);
	helper_stop(reading.helper);
}

static void fill_nothing(_unused_ struct made *made)
{
}

static void without_rights(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", fill_nothing, made);
	struct reading reading;
	int status;

	begin_reading(&reading, pid);
	CHECK(reading.limits[NS_NET].max == LIMITS_DEFAULT);
	const pid_t nobody = world_fork();
	CHECK(nobody >= 0);
	if (nobody == 0) {
		read_as_nobody(&reading, model_find(reading.model, NS_USER, inode_of(pid, "user")));
		_exit(0);
	}
	CHECK(waitpid(nobody, &status, 0) == nobody && status == 0);
	end_reading(&reading);
	world_end(pid);
}

#ifdef SYS_open_tree
enum { CLONE_TREE = 1 };

/* A detached mount is in a mount namespace of its own, which nothing shows. */
static void fill_with_tree(struct made *made)
{
	set_limit(NS_MNT, 2);
	CHECK(unshare(CLONE_NEWNS) == 0);
	made->is_unsupported = syscall(SYS_open_tree, AT_FDCWD, "/proc", CLONE_TREE) < 0;
	made->n[NS_MNT] = make_some(made, NS_MNT, 1);
}

static void detached_mounts_count(struct made *made)
{
	const pid_t pid = begin_in_user("0 0 1", fill_with_tree, made);
	struct reading reading;

	if (made->is_unsupported)
		_exit(EXIT_SKIP);
	begin_reading(&reading, pid);
	CHECK(made->n[NS_MNT] == 0 && made->error == ENOSPC);
	CHECK(reading.counts.unknown[NS_MNT] == 1);
	end_reading(&reading);
	world_end(pid);
}
#endif

/* --- the tests -------------------------------------------------------------------------------- */

struct scene {
	void (*play)(struct made *made);
	struct made *made;
};

static int play_alone(void *data)
{
	const struct scene *const scene = data;

	scene->play(scene->made);
	return 0;
}

static void test(void (*play)(struct made *made), bool may_enter_user)
{
	struct scene scene = {.play = play};

	scene.made = mmap(NULL, sizeof(*scene.made), PROT_READ | PROT_WRITE,
	        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(scene.made != MAP_FAILED);
	const int r = world_alone(may_enter_user, play_alone, &scene);

	munmap(scene.made, sizeof(*scene.made));
	if (r == EXIT_SKIP)
		skip();
	assert_int_equal(r, 0);
}

static void as_many_as_the_kernel_permits(void **state)
{
	(void)state;
	test(of_each_type, true);
	printf("# R26: %d namespaces of %d types until the kernel refuses: %d are counted\n",
	        NS_TYPES * LIMIT, NS_TYPES, NS_TYPES * LIMIT);
}

static void what_is_below_counts_above(void **state)
{
	(void)state;
	test(below_others, true);
}

static void a_child_reaches_the_limit_of_its_parent(void **state)
{
	(void)state;
	test(all_below, true);
}

/* The map of an ordinary user has one UID. */
static void each_user_has_the_whole_limit(void **state)
{
	(void)state;
	test(of_two_users, false);
}

static void a_detached_mount_counts_unseen(void **state)
{
	(void)state;
#ifdef SYS_open_tree
	test(detached_mounts_count, true);
#else
	skip();
#endif
}

static void a_child_leads_to_its_parent(void **state)
{
	(void)state;
	test(without_a_process, true);
}

/* Only root can become another user. */
static void not_known_without_rights(void **state)
{
	(void)state;
	test(without_rights, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(as_many_as_the_kernel_permits),
	        cmocka_unit_test(what_is_below_counts_above),
	        cmocka_unit_test(a_child_reaches_the_limit_of_its_parent),
	        cmocka_unit_test(each_user_has_the_whole_limit),
	        cmocka_unit_test(a_child_leads_to_its_parent),
	        cmocka_unit_test(not_known_without_rights),
	        cmocka_unit_test(a_detached_mount_counts_unseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
