/* SPDX-License-Identifier: Apache-2.0 */
/* Relations of namespaces that the test creates. Exits 77 if it cannot. */
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>

static struct nsrel_key key_of(int fd)
{
	struct nsrel_key key = {0};

	assert_true(fd >= 0);
	assert_int_equal(nsrel_key(fd, &key), 0);
	return key;
}

static void assert_same(int fd, int other)
{
	const struct nsrel_key a = key_of(fd), b = key_of(other);

	assert_true(a.dev == b.dev && a.ino == b.ino && a.id == b.id);
}

static void assert_cloexec(int fd)
{
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

/* Three user namespaces, one in the other; no process stays in the first two. */
static int nest(void)
{
	int r = 0;

	for (int depth = 0; r == 0 && depth < 3; depth++)
		r = world_enter(0);
	return r;
}

static void hidden_parents(void **state)
{
	(void)state;
	const pid_t pid = world_begin(nest);
	assert_true(pid > 0);
	int fd = world_open(pid, "user");
	const int own = nsrel_open(AT_FDCWD, "/proc/self/ns/user");

	for (int depth = 0; depth < 3; depth++) {
		uid_t uid;
		assert_int_equal(nsrel_type(fd), CLONE_NEWUSER);
		assert_int_equal(nsrel_owner_uid(fd, &uid), 0);
		assert_int_equal(uid, geteuid());
		const struct nsrel_key key = key_of(fd);
		assert_false(nsrel_is_initial(&key, CLONE_NEWUSER));

		const int parent = nsrel_parent(fd), owner = nsrel_owner(fd);
		assert_cloexec(parent);
		assert_cloexec(owner);
		assert_same(parent, owner);
		close(owner);
		close(fd);
		fd = parent;
	}
	assert_same(fd, own);
	close(own);
	close(fd);
	world_end(pid);
}

/* One more of each type that this kernel has, in a user namespace. A PID or time namespace is
 * entered by a child only, and before Linux 7.1 its link is there only when that is born. */
static int one_of_each(void)
{
	const int r = world_enter(CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWNET |
	                          CLONE_NEWPID | CLONE_NEWUTS);
	if (r < 0)
		return r;
	if (unshare(CLONE_NEWTIME) < 0 && errno != EINVAL)
		return -errno;
	int alive[2];
	if (pipe2(alive, O_CLOEXEC) < 0)
		return -errno;
	const pid_t pid = fork();
	if (pid < 0)
		return -errno;
	if (pid == 0) { /* lives as long as its parent */
		char c;
		close(alive[1]);
		_exit(read(alive[0], &c, 1) != 0);
	}
	return 0;
}

static const struct {
	const char *link;
	int flag;
} flat[] = {
        {"cgroup", CLONE_NEWCGROUP},
        {"ipc", CLONE_NEWIPC},
        {"mnt", CLONE_NEWNS},
        {"net", CLONE_NEWNET},
        {"time_for_children", CLONE_NEWTIME},
        {"uts", CLONE_NEWUTS},
};

static void owned_namespaces(void **state)
{
	(void)state;
	const pid_t pid = world_begin(one_of_each);
	assert_true(pid > 0);
	const int user = world_open(pid, "user");

	for (size_t i = 0; i < sizeof(flat) / sizeof(flat[0]); i++) {
		uid_t uid;
		const int fd = world_open(pid, flat[i].link);
		if (fd == -ENOENT && flat[i].flag == CLONE_NEWTIME)
			continue;
		assert_int_equal(nsrel_type(fd), flat[i].flag);
		const int owner = nsrel_owner(fd);
		assert_cloexec(owner);
		assert_same(owner, user);
		assert_int_equal(nsrel_parent(fd), -EINVAL);
		assert_int_equal(nsrel_owner_uid(fd, &uid), -EINVAL);
		const struct nsrel_key key = key_of(fd);
		assert_false(nsrel_is_initial(&key, flat[i].flag));
		close(owner);
		close(fd);
	}
	close(user);
	world_end(pid);
}

static void pid_namespace(void **state)
{
	(void)state;
	const pid_t pid = world_begin(one_of_each);
	assert_true(pid > 0);
	const int fd = world_open(pid, "pid_for_children"), user = world_open(pid, "user");
	const int own = nsrel_open(AT_FDCWD, "/proc/self/ns/pid");
	uid_t uid;

	assert_int_equal(nsrel_type(fd), CLONE_NEWPID);
	const int parent = nsrel_parent(fd), owner = nsrel_owner(fd);
	assert_cloexec(parent);
	assert_same(parent, own);
	assert_same(owner, user);
	assert_int_equal(nsrel_owner_uid(fd, &uid), -EINVAL);
	close(owner);
	close(parent);
	close(own);
	close(user);
	close(fd);
	world_end(pid);
}

/* Ancestors outside the namespace are not visible. */
static void look_up_from_inside(void)
{
	const int outer = nsrel_open(AT_FDCWD, "/proc/self/ns/user");
	const int uts = nsrel_open(AT_FDCWD, "/proc/self/ns/uts");
	const int pidns = nsrel_open(AT_FDCWD, "/proc/self/ns/pid");
	uid_t uid = 12345;

	CHECK(world_enter(0) == 0);
	const int own = nsrel_open(AT_FDCWD, "/proc/self/ns/user");
	CHECK(nsrel_type(own) == CLONE_NEWUSER);
	CHECK(nsrel_parent(own) == -EPERM);
	CHECK(nsrel_owner(own) == -EPERM);
	CHECK(nsrel_owner(outer) == -EPERM);
	CHECK(nsrel_owner(uts) == -EPERM);
	CHECK(nsrel_owner(pidns) == -EPERM);
	CHECK(nsrel_parent(pidns) == -EPERM);
	CHECK(nsrel_owner_uid(own, &uid) == 0 && uid == 0);
}

static void outside_the_view(void **state)
{
	(void)state;
	assert_int_equal(world_run(look_up_from_inside), 0);
}

static void ask_without_a_map(void)
{
	unsigned overflow = 0;
	uid_t uid = 12345;
	FILE *const file = fopen("/proc/sys/kernel/overflowuid", "re");

	CHECK(file && fscanf(file, "%u", &overflow) == 1);
	fclose(file);
	CHECK(unshare(CLONE_NEWUSER) == 0);
	const int own = nsrel_open(AT_FDCWD, "/proc/self/ns/user");
	CHECK(nsrel_owner_uid(own, &uid) == 0);
	CHECK(uid == overflow);
}

static void overflow_uid(void **state)
{
	(void)state;
	assert_int_equal(world_run(ask_without_a_map), 0);
}

/* An inode number comes back soon, an id never (ids do not grow with time: each processor hands
 * out its own lot of them). */
static int one_uts(void)
{
	return world_enter(CLONE_NEWUTS);
}

static void ids_are_never_used_again(void **state)
{
	struct nsrel_key seen[6];

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		const pid_t pid = world_begin(one_uts);
		assert_true(pid > 0);
		const int fd = world_open(pid, "uts");
		seen[i] = key_of(fd);
		for (size_t j = 0; seen[i].id != 0 && j < i; j++)
			assert_true(seen[i].id != seen[j].id);
		close(fd);
		world_end(pid);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(hidden_parents),
	        cmocka_unit_test(owned_namespaces),
	        cmocka_unit_test(pid_namespace),
	        cmocka_unit_test(outside_the_view),
	        cmocka_unit_test(overflow_uid),
	        cmocka_unit_test(ids_are_never_used_again),
	};
	int r;

	if (!world_can("nested user namespaces", 0, nest, &r) ||
	        !world_can("one namespace of each type", 0, one_of_each, &r))
		return r;
	alarm(60);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
