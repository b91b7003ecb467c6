/* SPDX-License-Identifier: Apache-2.0 */
/* A tmpfs of 64 KiB in a new mount namespace; skipped without the permission for it. */
#include "base/atomic_file.h"
#include "base/memory.h"
#include "tests/base/folder.h"
#include "tests/unit.h"

#include <limits.h>
#include <sched.h>
#include <sys/mount.h>

static void full_disk(void **state)
{
	_cleanup_close_ int small = source_new('s', 5), big = source_new('b', 1024 * 1024);
	off_t len;

	(void)state;
	assert_int_equal(atomic_file_write("kept", small, 0), 0);
	assert_int_equal(atomic_file_write("kept", big, ATOMIC_FILE_REPLACE), -ENOSPC);
	assert_int_equal(atomic_file_write("fresh", big, 0), -ENOSPC);
	assert_int_equal(file_byte("kept", &len), 's');
	assert_int_equal(len, 5);
	assert_int_equal(folder_count("", 0), 1);
	/* A file that fits can be written again. */
	assert_int_equal(atomic_file_write("fresh", small, 0), 0);
}

static void write_text(const char *path, char *text)
{
	_cleanup_free_ char *owned = text;
	_cleanup_close_ int fd = open(path, O_WRONLY | O_CLOEXEC);

	/* If this fails, the mount below fails, too. */
	if (fd < 0 || write(fd, owned, strlen(owned)) < 0)
		print_message("%s: %s\n", path, strerror(errno));
}

/* Over the working directory; it is unmounted with the namespace. */
static int enter_small_disk(void)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	char here[PATH_MAX];

	if (!getcwd(here, sizeof(here)) || unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0)
		return -errno;
	write_text("/proc/self/setgroups", memory_strdup("deny"));
	write_text("/proc/self/uid_map", memory_printf("0 %u 1", uid));
	write_text("/proc/self/gid_map", memory_printf("0 %u 1", gid));
	if (mount("none", here, "tmpfs", 0, "size=64k") < 0 || chdir(here) < 0)
		return -errno;
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(full_disk)};
	const int r = enter_small_disk();

	if (r < 0) {
		print_message("no small disk: %s\n", strerror(-r));
		return getenv("NSBROWSE_REQUIRE_ALL") ? 1 : 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
