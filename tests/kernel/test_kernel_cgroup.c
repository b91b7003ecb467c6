/* SPDX-License-Identifier: Apache-2.0 */
/* Owners of control groups, by what our own mountinfo shows. In a mount namespace of its own, from
 * which all hierarchies are unmounted, this test mounts that of version 2 in several places. */
#include "kernel/kernel_linux.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>

enum { NOTHING = 4711 };

/* Returns the owner or a negative errno. */
static long owner(struct kernel *kernel, const char *hierarchy, const char *path)
{
	struct kernel_host host;
	uid_t uid = NOTHING;

	kernel->ops->host(kernel, &host); /* reads mountinfo if that has changed */
	const int r = kernel->ops->cgroup_owner(kernel, hierarchy, path, &uid);
	return r < 0 ? r : (long)uid;
}

static void mount_on(const char *type, const char *point)
{
	if (mkdir(point, 0755) < 0)
		assert_int_equal(errno, EEXIST);
	assert_int_equal(mount(type, point, type, 0, NULL), 0);
}

static void the_mounted_hierarchy_is_asked(void **state)
{
	struct kernel *const kernel = *state;

	assert_int_equal(owner(kernel, "", "/"), -ENODEV);
	mount_on("cgroup2", "/tmp/unified");
	assert_int_equal(owner(kernel, "", "/"), 0);
	assert_int_equal(owner(kernel, "", "/nsbrowse-no-such-group"), -ENOENT);
	assert_int_equal(owner(kernel, "memory", "/"), -ENODEV);
	assert_int_equal(owner(kernel, "name=systemd", "/"), -ENODEV);
	assert_int_equal(owner(kernel, "", "/.."), -EINVAL);
	assert_int_equal(owner(kernel, "", "/x/../y"), -EINVAL);
	assert_int_equal(owner(kernel, "", "x"), -EINVAL);
	assert_int_equal(owner(kernel, "", "/nsbrowse..x"), -ENOENT);
	/* Covered, on a mount point with blanks, and no more. */
	mount_on("tmpfs", "/tmp/unified");
	assert_int_equal(owner(kernel, "", "/"), -ENODEV);
	mount_on("cgroup2", "/tmp/a b\n\\040");
	assert_int_equal(owner(kernel, "", "/"), 0);
	assert_int_equal(umount("/tmp/a b\n\\040"), 0);
	assert_int_equal(owner(kernel, "", "/"), -ENODEV);
	assert_int_equal(umount("/tmp/unified"), 0);
	assert_int_equal(owner(kernel, "", "/"), 0);
	assert_int_equal(umount("/tmp/unified"), 0);
}

/* The path to the mount point, or into it, may lead through a file server. */
static void a_path_that_could_hang_is_not_looked_up(void **state)
{
	struct kernel *const kernel = *state;

	mount_on("ramfs", "/tmp/other");
	mount_on("cgroup2", "/tmp/other/unified");
	assert_int_equal(owner(kernel, "", "/"), -ENODEV);
	assert_int_equal(umount("/tmp/other/unified"), 0);
	assert_int_equal(umount("/tmp/other"), 0);
	mount_on("tmpfs", "/tmp/other");
	mount_on("cgroup2", "/tmp/other/unified");
	assert_int_equal(owner(kernel, "", "/"), 0);
	assert_int_equal(umount("/tmp/other/unified"), 0);
	assert_int_equal(umount("/tmp/other"), 0);
}

static int begin(void **state)
{
	struct kernel *kernel;

	if (kernel_linux_new("/proc", &kernel) < 0)
		return -1;
	*state = kernel;
	return 0;
}

static int end(void **state)
{
	kernel_free(*state);
	return 0;
}

static int run(void *data)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(the_mounted_hierarchy_is_asked, begin, end),
	        cmocka_unit_test_setup_teardown(
	                a_path_that_could_hang_is_not_looked_up, begin, end),
	};

	(void)data;
	umount2("/sys/fs/cgroup", MNT_DETACH);
	if (mount("tmpfs", "/tmp", "tmpfs", 0, "size=1m") < 0 || mkdir("/tmp/try", 0755) < 0 ||
	        mount("cgroup2", "/tmp/try", "cgroup2", 0, NULL) < 0) {
		perror("skipped: cgroup2");
		return EXIT_SKIP;
	}
	umount("/tmp/try");
	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	return world_alone(false, run, NULL);
}
