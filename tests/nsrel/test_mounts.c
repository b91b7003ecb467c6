/* SPDX-License-Identifier: Apache-2.0 */
/* Bind mounts of namespaces, and other files at such a path: in a new mount namespace. Exits 77 if
 * it cannot be created. */
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* A directory in a private mount, with bind mounts of the namespaces as `ns-TYPE`. */
#define PLACE "/tmp"

static int make_place(void)
{
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("tmpfs", PLACE, "tmpfs", 0, "size=1m") < 0)
		return -errno;
	return 0;
}

static int bind_namespace(const char *link, const char *target)
{
	const int fd = open(target, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return mount(link, target, "none", MS_BIND, NULL) < 0 ? -errno : 0;
}

static int bind_one(void)
{
	const int r = make_place();
	return r < 0 ? r : bind_namespace("/proc/self/ns/uts", PLACE "/uts");
}

static void open_bound(void)
{
	struct nsrel_key key, expected;

	CHECK(world_enter(CLONE_NEWNS | CLONE_NEWUTS) == 0 && bind_one() == 0);
	CHECK(symlink("uts", PLACE "/to-uts") == 0);
	const int before = world_count_fds();
	const int own = nsrel_open(AT_FDCWD, "/proc/self/ns/uts");
	const int bound = nsrel_open(AT_FDCWD, PLACE "/uts");
	const int linked = nsrel_open(AT_FDCWD, PLACE "/to-uts");
	CHECK(nsrel_type(bound) == CLONE_NEWUTS && nsrel_type(linked) == CLONE_NEWUTS);
	CHECK(nsrel_key(own, &expected) == 0 && nsrel_key(bound, &key) == 0);
	CHECK(key.dev == expected.dev && key.ino == expected.ino && key.id == expected.id);
	CHECK(close(own) == 0 && close(bound) == 0 && close(linked) == 0);
	CHECK(world_count_fds() == before);
}

static void bind_mount(void **state)
{
	(void)state;
	assert_int_equal(world_run(open_bound), 0);
}

static void open_covered(void)
{
	CHECK(world_enter(CLONE_NEWNS) == 0 && bind_one() == 0);
	CHECK(mkfifo(PLACE "/fifo", 0600) == 0);
	CHECK(mount(PLACE "/fifo", PLACE "/uts", "none", MS_BIND, NULL) == 0);
	CHECK(nsrel_open(AT_FDCWD, PLACE "/uts") == -ENOTTY);
	CHECK(umount2(PLACE "/uts", MNT_DETACH) == 0);
	CHECK(nsrel_type(nsrel_open(AT_FDCWD, PLACE "/uts")) == CLONE_NEWUTS);
}

static void covered_by_a_fifo(void **state)
{
	(void)state;
	assert_int_equal(world_run(open_covered), 0);
}

static void open_without_proc(void)
{
	CHECK(world_enter(CLONE_NEWNS) == 0 && bind_one() == 0);
	const int uts = nsrel_open(AT_FDCWD, PLACE "/uts");
	const int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	CHECK(mount("tmpfs", "/proc", "tmpfs", 0, NULL) == 0);
	CHECK(nsrel_open(AT_FDCWD, PLACE "/uts") == -ENOSYS);
	CHECK(nsrel_open(AT_FDCWD, PLACE "/missing") == -ENOENT);
	CHECK(nsrel_type(uts) == CLONE_NEWUTS); /* which need no /proc */
	CHECK(nsrel_type(null) == -ENOTTY);
}

static void without_proc(void **state)
{
	(void)state;
	assert_int_equal(world_run(open_without_proc), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
	        cmocka_unit_test(bind_mount),
	        cmocka_unit_test(covered_by_a_fifo),
	        cmocka_unit_test(without_proc),
	};
	int r;

	if (!world_can("bind mounts", CLONE_NEWNS | CLONE_NEWUTS, bind_one, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
