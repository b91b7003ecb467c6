/* SPDX-License-Identifier: Apache-2.0 */
/* A tmpfs of 64 KiB in a new mount namespace; skipped without the permission for it. */
#include "base/atomic_file.h"
#include "tests/base/child.h"
#include "tests/base/deny.h"
#include "tests/base/folder.h"
#include "tests/unit.h"

#include <sys/syscall.h>

/* 0 if a new and a replaced file fail as they should. */
static int write_too_much(int big)
{
	if (folder_write("kept", big, ATOMIC_FILE_REPLACE) != -ENOSPC)
		return 1;
	return folder_write("fresh", big, 0) == -ENOSPC ? 0 : 2;
}

/* As on a file system without O_TMPFILE. */
static int write_too_much_with_names(void *data)
{
	if (deny_syscall_with(SYS_openat, 2, O_TMPFILE, EOPNOTSUPP) < 0)
		return 3;
	return write_too_much(*(const int *)data);
}

static void full_disk(void **state)
{
	_cleanup_close_ int small = source_new('s', 5), big = source_new('b', 1024 * 1024);
	off_t len;

	(void)state;
	assert_int_equal(folder_write("kept", small, 0), 0);
	assert_int_equal(write_too_much(big), 0);
	assert_int_equal(in_child(write_too_much_with_names, &big), 0);
	assert_int_equal(file_byte("kept", &len), 's');
	assert_int_equal(len, 5);
	assert_int_equal(folder_count("", 0), 1);
	/* A file that fits can be written again. */
	assert_int_equal(folder_write("fresh", small, 0), 0);
	printf("# R17: a full disk: ENOSPC for a new and a replaced file, 0 temporary files "
	       "left\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(full_disk)};
	const int r = folder_mount_tmpfs("size=64k");

	if (r < 0) {
		print_message("no small disk: %s\n", strerror(-r));
		return getenv("NSBROWSE_REQUIRE_ALL") ? 1 : 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
