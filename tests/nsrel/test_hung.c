/* SPDX-License-Identifier: Apache-2.0 */
/* Files of a FUSE server that never answers: system calls on them block. Exits 77 if FUSE cannot be
 * mounted. */
#include "nsrel/nsfs_uapi.h"
#include "nsrel/nsrel.h"
#include "tests/nsrel/world.h"
#include "tests/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>

#define PLACE "/tmp"

/* `mode` of the root of the file system, in octal: a directory or a file. The server is the
 * descriptor that stays open, never read. */
static int mount_dead(const char *target, const char *mode)
{
	char options[128];
	const int fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);

	if (fuse < 0)
		return -errno;
	snprintf(options, sizeof(options), "fd=%d,rootmode=%s,user_id=0,group_id=0", fuse, mode);
	return mount("dead", target, "fuse", MS_NOSUID | MS_NODEV, options) < 0 ? -errno : 0;
}

static int make_place(void)
{
	if (mount("none", "/", "none", MS_REC | MS_PRIVATE, NULL) < 0 ||
	        mount("tmpfs", PLACE, "tmpfs", 0, "size=1m") < 0 ||
	        mkdir(PLACE "/net:[1]", 0700) < 0 || mknod(PLACE "/file", S_IFREG | 0600, 0) < 0)
		return -errno;
	const int r = mount_dead(PLACE "/net:[1]", "40000");
	return r < 0 ? r : mount_dead(PLACE "/file", "100000");
}

static void open_dead(void)
{
	CHECK(world_enter(CLONE_NEWNS) == 0 && make_place() == 0);
	CHECK(nsrel_open(AT_FDCWD, PLACE "/net:[1]") == -ENOTTY);
	CHECK(nsrel_open(AT_FDCWD, PLACE "/file") == -ENOTTY);
}

/* The server is dead: a call blocks. */
static void ask_dead(void)
{
	struct statfs fs;

	CHECK(world_enter(CLONE_NEWNS) == 0 && make_place() == 0);
	const int fd = open(PLACE "/file", O_PATH | O_CLOEXEC);
	CHECK(fd >= 0);
	fstatfs(fd, &fs);
}

static void dead_file_server(void **state)
{
	(void)state;
	assert_int_equal(world_run_for(500, ask_dead), 128 + SIGKILL);
	assert_int_equal(world_run(open_dead), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(dead_file_server)};
	int r;

	if (!world_can("a FUSE mount", CLONE_NEWNS, make_place, &r))
		return r;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
